"""A report -> what it is a copy of, what is a copy of it, and the campaign it belongs to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from serving.store.tables import CAMPAIGN, REPORT


@dataclass(frozen=True, slots=True)
class Relations:
    """Where a report stands among others of its organisation.

    Attributes:
        original: public id and case number of what it is a copy of, or nearly; None: of nothing.
        copies: how many reports are copies of it.
        reports: how many belong to its campaign, itself among them.
        first_ms, last_ms: when the first and the last of these were stored.
    """

    original: tuple[str, str] | None
    copies: int
    reports: int
    first_ms: int
    last_ms: int


def relations_of(connection: Connection, report: Row[Any]) -> Relations:
    """Return the relations of a report, from its row."""
    original = connection.execute(
        select(REPORT.c.public_id, REPORT.c.case_ref).where(REPORT.c.serial == report.duplicate_of)
    ).one_or_none()
    copies = connection.execute(
        select(func.count()).select_from(REPORT).where(REPORT.c.duplicate_of == report.serial)
    ).scalar_one()
    campaign = connection.execute(
        select(CAMPAIGN).where(CAMPAIGN.c.serial == report.campaign_id)
    ).one_or_none()
    return Relations(
        original=(original.public_id, original.case_ref) if original else None,
        copies=copies,
        reports=campaign.reports if campaign else 1,
        first_ms=campaign.first_ms if campaign else report.stored_ms,
        last_ms=campaign.last_ms if campaign else report.stored_ms,
    )
