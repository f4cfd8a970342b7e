"""Campaigns, one line each, the one last seen first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select, tuple_

from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search.cursors import opened_cursor, sealed_cursor
from serving.store.tables import CAMPAIGN, REPORT

_QUERY: Final = "campaigns"


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A page of campaigns.

    Attributes:
        campaigns: columns of `campaign`, with `public_id`, of the original, and `priority`, the highest.
        next: cursor of the page after it, or None.
    """

    campaigns: Sequence[Any] = field(repr=False)
    next: str | None


def search_campaigns(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    *,
    least_reports: int,
    limit: int,
    cursor: str | None = None,
) -> CampaignPage:
    """Return a page of the campaigns of the actor's organisation.

    One that gets another report meanwhile moves to the first page.

    Raises:
        InvalidCursorError: the cursor is none of this search.
    """
    query = f"{_QUERY} {least_reports}"
    highest = (
        select(REPORT.c.queue_rank)
        .where(
            REPORT.c.organisation_id == CAMPAIGN.c.organisation_id, REPORT.c.campaign_id == CAMPAIGN.c.serial
        )
        .order_by(REPORT.c.queue_rank)
        .limit(1)
        .scalar_subquery()
    )
    original = REPORT.alias()
    found = (
        select(CAMPAIGN, original.c.public_id, highest.label("priority"))
        .join(original, original.c.serial == CAMPAIGN.c.original_serial)
        .where(CAMPAIGN.c.organisation_id == actor.organisation_id, CAMPAIGN.c.reports >= least_reports)
        .order_by(CAMPAIGN.c.last_ms.desc(), CAMPAIGN.c.serial.desc())
        .limit(limit + 1)
    )
    if cursor:
        last_ms, serial = opened_cursor(keyring, actor.organisation_id, query, cursor)
        found = found.where(tuple_(CAMPAIGN.c.last_ms, CAMPAIGN.c.serial) < tuple_(last_ms, serial))
    rows = connection.execute(found).all()
    page = rows[:limit]
    if len(rows) <= limit:
        return CampaignPage(page, None)
    place = (page[-1].last_ms, page[-1].serial)
    return CampaignPage(page, sealed_cursor(keyring, actor.organisation_id, query, place))
