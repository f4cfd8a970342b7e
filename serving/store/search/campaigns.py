"""Which reports belong together: one advert seen 500 times is one line, and every one of them can be read.

A report joins the campaign of one whose text is nearly the same, or that shares a contact (`contacts`); if it
is related to two it makes them one. Urgent reports, and those sent as of somebody in danger, stand alone:
nothing joins them, so that none is ever one of many in a line. Of near-copies the one stored first is the
original.

Reports that were screened together join together, in few statements: on PostgreSQL each is waited for.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from serving.store import audit
from serving.store.organisations import Actor
from serving.store.report_codes import URGENT
from serving.store.sealing import Keyring
from serving.store.search.contacts import Contacts, linked_reports, write_contacts
from serving.store.search.signatures import Signature, near_copies, write_signatures
from serving.store.tables import CAMPAIGN, REPORT

_KNOWN: Final[tuple[Any, ...]] = (
    *(REPORT.c.serial, REPORT.c.public_id, REPORT.c.stored_ms, REPORT.c.campaign_id),
    *(REPORT.c.duplicate_of, REPORT.c.priority, REPORT.c.in_danger),
)
_NAMED: Final = (
    update(REPORT).where(REPORT.c.serial == bindparam("copy")).values(duplicate_of=bindparam("original"))
)
_JOINED: Final = (
    update(REPORT).where(REPORT.c.serial == bindparam("joining")).values(campaign_id=bindparam("campaign"))
)


@dataclass(eq=False, slots=True)
class _Group:
    """New reports and the campaigns there are that become one campaign."""

    reports: list[Row[Any]] = field(default_factory=list)
    campaigns: list[int] = field(default_factory=list)


def join_campaigns(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    organisation_id: int,
    *,
    signatures: Mapping[int, Signature | None],
    contacts: Mapping[int, Contacts],
    now_ms: int,
) -> None:
    """Give reports that were screened their campaigns and originals; one that has a campaign keeps it.

    The transaction holds the last link of the organisation's audit chain (`audit.append`), so that of two
    near-copies, screened by two processes at once, the second sees the first.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who screens.
        organisation_id: whose reports they are.
        signatures: by the serial of their report.
        contacts: the same.
        now_ms: the time.
    """
    new = {serial: row for serial, row in _known(connection, signatures).items() if row.campaign_id is None}
    signed = {serial: one for serial in new if (one := signatures[serial])}
    write_signatures(connection, organisation_id, signed)
    write_contacts(connection, organisation_id, {serial: contacts[serial] for serial in new})
    copies = {serial: near_copies(connection, organisation_id, serial, one) for serial, one in signed.items()}
    related = {
        serial: {
            *copies.get(serial, ()),
            *linked_reports(connection, organisation_id, serial, contacts[serial]),
        }
        for serial in new
    }
    known = {**_known(connection, {other for others in related.values() for other in others} - {*new}), **new}
    _name_originals(connection, new, known, copies)
    groups = _groups(new, known, related)
    _begin(connection, organisation_id, [group.reports for group in groups if not group.campaigns])
    for group in groups:
        if group.campaigns:
            _grow(connection, keyring, actor, organisation_id, group, now_ms=now_ms)


def _known(connection: Connection, serials: Collection[int]) -> dict[int, Row[Any]]:
    """Return what campaigns go by of reports, by their serials, in order."""
    if not serials:
        return {}
    found = select(*_KNOWN).where(REPORT.c.serial.in_(sorted(serials))).order_by(REPORT.c.serial)
    return {row.serial: row for row in connection.execute(found)}


def _is_alone(report: Row[Any]) -> bool:
    """Return whether a report is urgent, or whoever sent it believes that somebody may be in danger."""
    return bool(report.priority == URGENT or report.in_danger)


def _name_originals(
    connection: Connection,
    new: Mapping[int, Row[Any]],
    known: Mapping[int, Row[Any]],
    copies: Mapping[int, Sequence[int]],
) -> None:
    """Note which of near-copies is the original: the one stored first, whichever was screened first."""
    original_of = {serial: row.duplicate_of or serial for serial, row in known.items()}
    for serial, near in sorted(copies.items()):
        original = original_of[near[0]] if near else serial
        if original <= serial:
            original_of[serial] = original
            continue
        first = original_of[serial]
        original_of = {one: first if its == original else its for one, its in original_of.items()}
        if original not in new:
            taken_over = or_(REPORT.c.serial == original, REPORT.c.duplicate_of == original)
            connection.execute(update(REPORT).where(taken_over).values(duplicate_of=first))
    named = [
        {"copy": serial, "original": original_of[serial]} for serial in new if original_of[serial] != serial
    ]
    if named:
        connection.execute(_NAMED, named)


def _groups(
    new: Mapping[int, Row[Any]], known: Mapping[int, Row[Any]], related: Mapping[int, Collection[int]]
) -> list[_Group]:
    """Return what becomes one campaign each; every new report is in one."""
    of_report = {serial: _Group(reports=[row]) for serial, row in new.items()}
    of_campaign: dict[int, _Group] = {}
    for serial, others in related.items():
        if _is_alone(new[serial]):
            continue
        for row in (known[other] for other in sorted(others)):
            if _is_alone(row):
                continue
            if row.serial in new:
                its = of_report[row.serial]
            elif row.campaign_id is not None:
                its = of_campaign.setdefault(row.campaign_id, _Group(campaigns=[row.campaign_id]))
            else:
                continue
            group = of_report[serial]
            if its is not group:
                group.reports += its.reports
                group.campaigns += its.campaigns
                of_report |= {one.serial: group for one in its.reports}
                of_campaign |= dict.fromkeys(its.campaigns, group)
    return list(dict.fromkeys(of_report.values()))


def _begin(connection: Connection, organisation_id: int, campaigns: Sequence[Sequence[Row[Any]]]) -> None:
    """Begin campaigns of new reports alone."""
    if not campaigns:
        return
    begun = connection.execute(
        insert(CAMPAIGN).returning(CAMPAIGN.c.serial, sort_by_parameter_order=True),
        [
            {
                "organisation_id": organisation_id,
                "original_serial": min(one.serial for one in reports),
                "reports": len(reports),
                "first_ms": min(one.stored_ms for one in reports),
                "last_ms": max(one.stored_ms for one in reports),
            }
            for reports in campaigns
        ],
    ).scalars()
    joining = [
        {"joining": one.serial, "campaign": campaign}
        for campaign, reports in zip(begun, campaigns, strict=True)
        for one in reports
    ]
    connection.execute(_JOINED, joining)


def _grow(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    organisation_id: int,
    group: _Group,
    *,
    now_ms: int,
) -> None:
    """Add new reports to a campaign; of several, the largest takes in the others."""
    campaigns = connection.execute(
        select(CAMPAIGN)
        .where(CAMPAIGN.c.serial.in_(group.campaigns))
        .order_by(CAMPAIGN.c.reports.desc(), CAMPAIGN.c.serial)
    ).all()
    largest, *others = campaigns
    if others:
        gone = [one.serial for one in others]
        moved = connection.execute(
            update(REPORT)
            .where(REPORT.c.organisation_id == organisation_id, REPORT.c.campaign_id.in_(gone))
            .values(campaign_id=largest.serial)
        )
        connection.execute(delete(CAMPAIGN).where(CAMPAIGN.c.serial.in_(gone)))
        link = audit.Link(
            actor.id,
            now_ms,
            "campaigns.merged",
            group.reports[0].public_id,
            {"campaigns": len(campaigns), "moved": moved.rowcount},
        )
        audit.append(connection, keyring, organisation_id, link)
    stored = [one.stored_ms for one in group.reports]
    connection.execute(
        update(CAMPAIGN)
        .where(CAMPAIGN.c.serial == largest.serial)
        .values(
            original_serial=min(
                *(one.serial for one in group.reports), *(one.original_serial for one in campaigns)
            ),
            reports=sum(one.reports for one in campaigns) + len(group.reports),
            first_ms=min(*stored, *(one.first_ms for one in campaigns)),
            last_ms=max(*stored, *(one.last_ms for one in campaigns)),
        )
    )
    connection.execute(
        _JOINED, [{"joining": one.serial, "campaign": largest.serial} for one in group.reports]
    )
