"""Contacts that reports name -> which reports belong together by them, and which contacts link nothing.

A contact links reports only if it stands in flagged offers, approaches or scripts. It links nothing if it is
everybody's (the number of the hotline itself, a bank's address), and nothing if a report of a person at risk
names it, whoever else does: a captive's own number may stand in the adverts he was made to send.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, select

from models.calibration import AT_RISK
from models.screening import Entity, Screening
from models.taxonomy import CONTACTS
from serving.store.many_rows import insert_rows
from serving.store.sealing import Keyring
from serving.store.search.tokens import token
from serving.store.tables import CONTACT

MOST_LINKING: Final = 10
"""A text with more contacts is a list of them: its contacts have nothing in common."""
LEAST_UNFLAGGED: Final = 3
LARGEST_UNFLAGGED_SHARE: Final = 0.2
MOST_COUNTED: Final = 1_000
_MOST_CONTACTS: Final = 200
_LEAST_DIGITS: Final = 9
_LEAST_CHARS: Final = 5
_IN_FLAGGED: Final = "contact_in_flagged_text"
# fmt: off
_SHARED_HOSTS: Final = frozenset((
    "amazon.com", "blogspot.com", "canva.com", "discord.com", "dropbox.com", "facebook.com", "fb.com",
    "forms.gle", "github.com", "github.io", "gmail.com", "google.com", "grab.com", "icloud.com",
    "instagram.com", "kakao.com", "lazada.com", "lazada.co.th", "line.me", "linkedin.com", "messenger.com",
    "microsoft.com", "naver.com", "notion.site", "outlook.com", "qq.com", "shopee.co.id", "shopee.co.th",
    "shopee.com", "shopee.vn", "signal.group", "sites.google.com", "t.me", "taobao.com", "telegram.me",
    "telegra.ph", "threads.net", "tiktok.com", "twitter.com", "vercel.app", "viber.com", "vk.com", "wa.me",
    "wechat.com", "weebly.com", "weibo.com", "whatsapp.com", "wixsite.com", "wordpress.com", "x.com",
    "yahoo.com", "youtube.com", "zalo.me", "zoom.us",
))
# fmt: on
"""Hosts on which everybody writes: there only a whole address says who."""


class Standing(IntEnum):
    """In what kind of text a contact stands."""

    UNFLAGGED = 0
    FLAGGED = 1
    AT_RISK = 2


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of a report, as tokens."""

    standings: Mapping[bytes, Standing] = field(repr=False)


def contact_key(keyring: Keyring, organisation_id: int) -> bytes:
    """Return the key of the contacts of an organisation."""
    return keyring.derived(f"contacts {organisation_id}")


def contacts_of(key: bytes, record: Screening, *, in_danger: bool) -> Contacts:
    """Return the contacts of a report.

    Args:
        key: `contact_key`.
        record: of the whole report.
        in_danger: whoever sent it believes that somebody may be.
    """
    at_risk = in_danger or record.priority == "urgent" or AT_RISK in record.flags
    is_unflagged = not record.flags and not record.context_labels
    standings: dict[bytes, Standing] = {}
    for one in record.entities:
        identity = _identity(one)
        if identity is None or len(standings) == _MOST_CONTACTS:
            continue
        name = token(key, identity.encode("utf-8", "replace"))
        if at_risk:
            standings[name] = Standing.AT_RISK
        elif one.party == _IN_FLAGGED:
            standings[name] = Standing.FLAGGED
        elif is_unflagged:
            standings[name] = Standing.UNFLAGGED
    return Contacts(standings)


def entity_of_contact(key: bytes, name: bytes, entities: Iterable[Entity]) -> Entity | None:
    """Return the entity of a record that is a contact, known by its token; None if none is."""
    for one in entities:
        identity = _identity(one)
        if identity is not None and token(key, identity.encode("utf-8", "replace")) == name:
            return one
    return None


def shown_contact(one: Entity) -> str:
    """Return what makes a contact the same in two reports, as it is written: of an address its domain."""
    value = one.value or one.text
    return _address(value, one) if one.type == "URL" else value


def write_contacts(connection: Connection, organisation_id: int, contacts: Mapping[int, Contacts]) -> None:
    """Store the contacts of reports that have none yet, by the serial of their report."""
    rows = [
        {
            "organisation_id": organisation_id,
            "token": name,
            "standing": int(standing),
            "report_serial": serial,
        }
        for serial, one in contacts.items()
        for name, standing in sorted(one.standings.items())
    ]
    insert_rows(connection, CONTACT, rows)


def remove_contacts(connection: Connection, report_serial: int) -> None:
    """Link no more reports by the contacts of one."""
    connection.execute(delete(CONTACT).where(CONTACT.c.report_serial == report_serial))


def linked_reports(
    connection: Connection, organisation_id: int, report_serial: int, contacts: Contacts
) -> list[int]:
    """Return the serials of other reports that name a contact of a report, the first of each that links."""
    flagged = [name for name, standing in contacts.standings.items() if standing is Standing.FLAGGED]
    if len(flagged) > MOST_LINKING:
        return []
    found = []
    for name in sorted(flagged):
        first = _first_other(connection, organisation_id, name, report_serial)
        if first is not None and links(connection, organisation_id, name):
            found.append(first)
    return found


def seen_elsewhere(
    connection: Connection,
    keyring: Keyring,
    report: Row[Any],
    record: Screening,
    *,
    in_danger: bool,
) -> list[int]:
    """Return of each entity of a report in how many other flagged texts it stands, `MOST_COUNTED` at most.

    None of a report of a person at risk, and none that such a report names, whoever else does: of a captive
    or a reporter nobody is to learn where else they were seen.

    Args:
        connection: to read by.
        keyring: of the store.
        report: its row.
        record: of the whole report.
        in_danger: somebody believes that a person in it is at risk.
    """
    organisation_id = report.organisation_id
    key = contact_key(keyring, organisation_id)
    counts = {
        name: _count(connection, organisation_id, name, Standing.FLAGGED, MOST_COUNTED, besides=report.serial)
        for name, standing in contacts_of(key, record, in_danger=in_danger).standings.items()
        if standing is Standing.FLAGGED and not _count(connection, organisation_id, name, Standing.AT_RISK, 1)
    }
    identities = (_identity(one) for one in record.entities)
    names = (token(key, one.encode("utf-8", "replace")) if one else b"" for one in identities)
    return [counts.get(name, 0) for name in names]


def sought_by(one: Entity) -> str:
    """Return by what a contact is looked for, as it is counted: an address by a domain of its own."""
    return _address(one.value or one.text, one) if one.type == "URL" else one.value or one.text


def _first_other(connection: Connection, organisation_id: int, name: bytes, report_serial: int) -> int | None:
    first: int | None = connection.execute(
        select(CONTACT.c.report_serial)
        .where(
            CONTACT.c.organisation_id == organisation_id,
            CONTACT.c.token == name,
            CONTACT.c.standing == int(Standing.FLAGGED),
            CONTACT.c.report_serial != report_serial,
        )
        .order_by(CONTACT.c.report_serial)
        .limit(1)
    ).scalar()
    return first


def links(connection: Connection, organisation_id: int, name: bytes) -> bool:
    """Return whether a contact is nobody's at risk and not everybody's."""
    if _count(connection, organisation_id, name, Standing.AT_RISK, 1):
        return False
    unflagged = _count(connection, organisation_id, name, Standing.UNFLAGGED, MOST_COUNTED)
    if unflagged < LEAST_UNFLAGGED:
        return True
    flagged = _count(connection, organisation_id, name, Standing.FLAGGED, MOST_COUNTED)
    return unflagged <= LARGEST_UNFLAGGED_SHARE * (unflagged + flagged)


def _count(
    connection: Connection,
    organisation_id: int,
    name: bytes,
    standing: Standing,
    most: int,
    *,
    besides: int | None = None,
) -> int:
    """Return in how many reports, one left out, a contact has a standing; `most` if there are more."""
    of_standing = (
        select(CONTACT.c.report_serial)
        .where(
            CONTACT.c.organisation_id == organisation_id,
            CONTACT.c.token == name,
            CONTACT.c.standing == int(standing),
            *([] if besides is None else [CONTACT.c.report_serial != besides]),
        )
        .limit(most)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(of_standing)).scalar_one()


def _identity(one: Entity) -> str | None:
    """Return what makes a contact the same in two reports; None if it tells nobody apart."""
    if one.type not in CONTACTS or not one.value:
        return None
    value = one.value.casefold()
    match one.type:
        case "PHONE" if sum(map(str.isdecimal, value)) < _LEAST_DIGITS:
            return None  # 191 and 1441 are everybody's
        case "SOCIAL_HANDLE":
            value = f"{one.attributes.get('platform')} {value}"
        case "URL":
            value = _address(value, one)
    return f"{one.type}\0{value}" if len(value) >= _LEAST_CHARS else None


def _address(value: str, one: Entity) -> str:
    """Return the domain of an address, or the whole of it where many people have the domain."""
    domain = one.attributes.get("domain")
    if not domain or domain in _SHARED_HOSTS or "shortener" in one.attributes.get("flags", ()):
        return value
    return str(domain)
