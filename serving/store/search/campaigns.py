"""Which reports belong together: one advert seen 500 times is one line, and every one of them can be read.

A report joins the campaign of one whose text is nearly the same, or that shares a contact (`contacts`); if it
is related to two it makes them one. Urgent reports, and those sent as of somebody in danger, stand alone:
nothing joins them, so that none is ever one of many in a line. Of near-copies the one stored first is the
original.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from serving.store import audit
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search.contacts import Contacts, linked_reports, write_contacts
from serving.store.search.signatures import Signature, near_copies, write_signature
from serving.store.tables import CAMPAIGN, REPORT

URGENT: Final = 0
_RELATED: Final = (
    *(REPORT.c.serial, REPORT.c.campaign_id, REPORT.c.duplicate_of),
    *(REPORT.c.priority, REPORT.c.in_danger),
)


def join_campaign(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report_serial: int,
    *,
    signature: Signature | None,
    contacts: Contacts,
    now_ms: int,
) -> None:
    """Give a report that was screened its campaign and its original; one that has a campaign keeps it.

    The transaction holds the last link of the organisation's audit chain (`audit.append`), so that of two
    near-copies, screened by two processes at once, the second sees the first.
    """
    report = connection.execute(select(REPORT).where(REPORT.c.serial == report_serial)).one()
    if report.campaign_id is not None:
        return
    organisation_id = report.organisation_id
    copies = near_copies(connection, organisation_id, signature) if signature else []
    linked = linked_reports(connection, organisation_id, report_serial, contacts)
    if signature:
        write_signature(connection, organisation_id, report_serial, signature)
    write_contacts(connection, organisation_id, report_serial, contacts)
    related = connection.execute(
        select(*_RELATED).where(REPORT.c.serial.in_({*copies, *linked})).order_by(REPORT.c.serial)
    ).all()
    if copies:
        _name_original(connection, report, next(row for row in related if row.serial == copies[0]))
    joined = {row.campaign_id for row in related if not _is_alone(row) and not _is_alone(report)} - {None}
    campaign_serial = _merged(connection, keyring, actor, report, sorted(joined), now_ms=now_ms)
    connection.execute(
        update(REPORT).where(REPORT.c.serial == report_serial).values(campaign_id=campaign_serial)
    )


def _is_alone(report: Any) -> bool:  # noqa: ANN401 (a row)
    """Return whether a report is urgent, or whoever sent it believes that somebody may be in danger."""
    return bool(report.priority == URGENT or report.in_danger)


def _name_original(connection: Connection, report: Any, copy: Any) -> None:  # noqa: ANN401 (rows)
    """Note which of two near-copies is the original: the one stored first, whichever was screened first."""
    original = copy.duplicate_of or copy.serial
    if original < report.serial:
        named = update(REPORT).where(REPORT.c.serial == report.serial).values(duplicate_of=original)
    else:
        copies = or_(REPORT.c.serial == original, REPORT.c.duplicate_of == original)
        named = update(REPORT).where(copies).values(duplicate_of=report.serial)
    connection.execute(named)


def _merged(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: Any,  # noqa: ANN401
    joined: Sequence[int],
    *,
    now_ms: int,
) -> int:
    """Return the campaign of a report and of all it belongs to; the largest takes in the others."""
    if not joined:
        return _begun(connection, report)
    campaigns = connection.execute(
        select(CAMPAIGN)
        .where(CAMPAIGN.c.serial.in_(joined))
        .order_by(CAMPAIGN.c.reports.desc(), CAMPAIGN.c.serial)
    ).all()
    largest, *others = campaigns
    if others:
        gone = [one.serial for one in others]
        moved = connection.execute(
            update(REPORT)
            .where(REPORT.c.organisation_id == report.organisation_id, REPORT.c.campaign_id.in_(gone))
            .values(campaign_id=largest.serial)
        )
        connection.execute(delete(CAMPAIGN).where(CAMPAIGN.c.serial.in_(gone)))
        audit.append(
            connection,
            keyring,
            organisation_id=report.organisation_id,
            actor_id=actor.id,
            at_ms=now_ms,
            action="campaigns.merged",
            subject=report.public_id,
            detail={"campaigns": len(campaigns), "moved": moved.rowcount},
        )
    connection.execute(
        update(CAMPAIGN)
        .where(CAMPAIGN.c.serial == largest.serial)
        .values(
            original_serial=min(report.serial, *(one.original_serial for one in campaigns)),
            reports=sum(one.reports for one in campaigns) + 1,
            first_ms=min(report.stored_ms, *(one.first_ms for one in campaigns)),
            last_ms=max(report.stored_ms, *(one.last_ms for one in campaigns)),
        )
    )
    return int(largest.serial)


def _begun(connection: Connection, report: Any) -> int:  # noqa: ANN401
    begun = insert(CAMPAIGN).values(
        organisation_id=report.organisation_id,
        original_serial=report.serial,
        reports=1,
        first_ms=report.stored_ms,
        last_ms=report.stored_ms,
    )
    return int(connection.execute(begun.returning(CAMPAIGN.c.serial)).scalar_one())
