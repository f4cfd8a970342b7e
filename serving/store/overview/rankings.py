"""The contacts and the places that flagged texts name most.

Only adverts, messages and scripts count, by whoever deceives: never what somebody at risk, a reporter or a
victim names, never a text whose labels a person rejected, and no advert of commercial sex that shows nothing
else. A contact that a report of a person at risk names as well, or that is everybody's, is left out.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from models.screening import Entity
from serving.store.organisations import Actor
from serving.store.overview.arrivals import UNRANKED
from serving.store.overview.records import newest_records
from serving.store.sealing import Keyring
from serving.store.search.contacts import Standing, contact_key, entity_of_contact, links
from serving.store.tables import CONTACT, LABELLING, REPORT

MOST_RANKED: Final = 20
MOST_READ: Final = 1_500
_CANDIDATES: Final = 100
_OUTER_ROLES: Final = ("offer", "approach", "operator_script")
_AT_RISK: Final = "person_at_risk"
_PLACE: Final = "LOCATION"


@dataclass(frozen=True, slots=True)
class RankedContact:
    """A contact of flagged texts.

    Attributes:
        entity: as the newest of them names it; None if its words were removed.
        reports: that name it.
    """

    entity: Entity | None = field(repr=False)
    reports: int


@dataclass(frozen=True, slots=True)
class RankedPlace:
    """A place that flagged texts name.

    Attributes:
        country: ISO 3166-1, or "".
        reports: of those read that name it.
    """

    name: str = field(repr=False)
    country: str
    reports: int


@dataclass(frozen=True, slots=True)
class Places:
    """The places that are named most.

    Attributes:
        read: how many texts were read.
        is_cut: there are more, older ones that were not.
    """

    ranked: tuple[RankedPlace, ...]
    read: int
    is_cut: bool


def rank_contacts(
    connection: Connection, keyring: Keyring, actor: Actor, condition: ColumnElement[bool]
) -> list[RankedContact]:
    """Return the contacts that most reports of a condition name, at most `MOST_RANKED`.

    A contact belongs to the organisation of its report: which one that is, `condition` says.
    """
    named = and_(
        CONTACT.c.report_serial == REPORT.c.serial, CONTACT.c.standing == int(Standing.FLAGGED), condition
    )
    count, newest = func.count().label("count"), func.max(CONTACT.c.report_serial)
    most = (
        select(CONTACT.c.token, count, newest)
        .where(named, _may_be_ranked())
        .group_by(CONTACT.c.token)
        .order_by(count.desc(), CONTACT.c.token)
        .limit(_CANDIDATES)
    )
    candidates = connection.execute(most).all()
    linking = (
        one
        for one in candidates
        if links(connection, actor.organisation_id, one[0])
        and not _is_named_by_somebody_at_risk(connection, actor, one[0])
    )
    chosen = list(islice(linking, MOST_RANKED))
    records = dict(newest_records(connection, keyring, [serial for _, _, serial in chosen]))
    key = contact_key(keyring, actor.organisation_id)
    return [
        RankedContact(entity_of_contact(key, token, _entities(records.get(serial, {}))), reports)
        for token, reports, serial in chosen
    ]


def rank_places(connection: Connection, keyring: Keyring, condition: ColumnElement[bool]) -> Places:
    """Return the places that the newest flagged texts of a condition name; copies are read once."""
    newest = (
        select(REPORT.c.serial)
        .where(condition, _may_be_ranked(), REPORT.c.duplicate_of.is_(None))
        .order_by(REPORT.c.serial.desc())
        .limit(MOST_READ + 1)
    )
    serials = connection.execute(newest).scalars().all()
    counts: Counter[tuple[str, str]] = Counter()
    read = 0
    for _, record in newest_records(connection, keyring, serials[:MOST_READ]):
        read += 1
        counts.update(
            {
                (one["value"], one["attributes"].get("country") or "")
                for one in record.get("entities", ())
                if one["type"] == _PLACE and one["value"]
            }
        )
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_RANKED]
    return Places(
        tuple(RankedPlace(name, country, reports) for (name, country), reports in ranked),
        read,
        len(serials) > MOST_READ,
    )


def _may_be_ranked() -> ColumnElement[bool]:
    """Return the condition that a report is a flagged text of whoever deceives, and nobody rejected that."""
    later = LABELLING.alias("later")
    is_newest = ~exists().where(
        later.c.report_serial == LABELLING.c.report_serial, later.c.serial > LABELLING.c.serial
    )
    rejected = exists().where(
        LABELLING.c.report_serial == REPORT.c.serial,
        func.trim(LABELLING.c.labels).in_(("", UNRANKED)),
        is_newest,
    )
    return and_(
        REPORT.c.role.in_(_OUTER_ROLES),
        REPORT.c.flags.not_in(("", f" {UNRANKED} ")),
        ~REPORT.c.flags.contains(f" {_AT_RISK} "),
        REPORT.c.queue_rank != 0,
        REPORT.c.in_danger.is_(False),
        REPORT.c.status != "labels_rejected",
        ~rejected,
    )


def _is_named_by_somebody_at_risk(connection: Connection, actor: Actor, token: bytes) -> bool:
    """Whether a report names a contact that is urgent now, whatever its screening said: people correct it."""
    of_contact = (
        CONTACT.c.organisation_id == actor.organisation_id,
        CONTACT.c.token == token,
        REPORT.c.serial == CONTACT.c.report_serial,
    )
    at_risk = or_(REPORT.c.queue_rank == 0, REPORT.c.in_danger.is_(True))
    return (
        connection.execute(select(REPORT.c.serial).where(*of_contact, at_risk).limit(1)).first() is not None
    )


def _entities(record: Mapping[str, Any]) -> list[Entity]:
    return [Entity(**one) for one in record.get("entities", ())]
