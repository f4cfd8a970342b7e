"""The chain of all that was done in an organisation: whoever changes or takes out a link breaks it.

Each link's digest is an HMAC-SHA256 of its fields and of the digest before it, with a key of the store's key
file: somebody who has the database alone cannot forge another chain. `verify` names the first broken link.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from serving.store.sealing import Keyring
from serving.store.tables import AUDIT, DIGEST_BYTES, ORGANISATION

FIRST_DIGEST: Final = b"\0" * DIGEST_BYTES
_PURPOSE: Final = "audit"
_LINKS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Link:
    """What was done.

    Attributes:
        actor_id: who did it.
        at_ms: when.
        action: what was done, as `report.stored`.
        subject: public id of what it was done to.
        detail: codes, counts and digests; never words of people.
    """

    actor_id: int
    at_ms: int
    action: str
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


def append(connection: Connection, keyring: Keyring, organisation_id: int, *links: Link) -> None:
    """Add links to the chain of an organisation, at least one, in order.

    Args:
        connection: in a transaction; links of other processes wait for its end.
        keyring: of the store.
        organisation_id: whose chain.
        links: what was done.
    """
    last = take_chain(connection, organisation_id)
    key = keyring.derived(_PURPOSE)
    digest = last.audit_digest
    rows: list[dict[str, object]] = []
    for number, link in enumerate(links, start=last.audit_serial + 1):
        row: dict[str, object] = {
            "organisation_id": organisation_id,
            "number": number,
            "actor_id": link.actor_id,
            "at_ms": link.at_ms,
            "action": link.action,
            "subject": link.subject,
            "detail": json.dumps(link.detail, sort_keys=True, ensure_ascii=True),
        }
        digest = _digest(key, digest, row)
        rows.append({**row, "digest": digest})
    connection.execute(insert(AUDIT), rows)
    connection.execute(
        update(ORGANISATION)
        .where(ORGANISATION.c.id == organisation_id)
        .values(audit_serial=last.audit_serial + len(rows), audit_digest=digest)
    )


def take_chain(connection: Connection, organisation_id: int) -> Row[Any, Any]:
    """Return number and digest of a chain's last link; others wait for the end of the transaction.

    Whatever adds a link takes the chain before it changes or locks any row that others may: then who waits
    for a chain holds nothing that its holder may want, and no two wait for each other.
    """
    chain = select(ORGANISATION.c.audit_serial, ORGANISATION.c.audit_digest)
    of_organisation = chain.where(ORGANISATION.c.id == organisation_id)
    # Not against those who only store rows that name the organisation.
    return connection.execute(of_organisation.with_for_update(key_share=True)).one()


def take_chains(connection: Connection, organisation_ids: Iterable[int]) -> None:
    """Take the chains of several organisations, in the order in which all do."""
    for organisation_id in sorted(set(organisation_ids)):
        take_chain(connection, organisation_id)


def told_by(link: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return the detail of a link; nothing of one whose detail somebody made unreadable."""
    try:
        told = json.loads(link.detail)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def broken_links(
    connection: Connection, keyring: Keyring, organisation_id: int | None = None
) -> Iterator[str]:
    """Yield, in words, the first broken link of the chain of an organisation, or of each."""
    key = keyring.derived(_PURPOSE)
    asked = select(ORGANISATION).order_by(ORGANISATION.c.id)
    if organisation_id is not None:
        asked = asked.where(ORGANISATION.c.id == organisation_id)
    for organisation in connection.execute(asked):
        links = select(AUDIT).where(AUDIT.c.organisation_id == organisation.id).order_by(AUDIT.c.number)
        links = links.execution_options(yield_per=_LINKS_AT_ONCE)
        number, digest = 0, FIRST_DIGEST
        for number, link in enumerate(connection.execute(links).mappings(), start=1):
            fields = {name: link[name] for name in link if name != "digest"}
            expected = _digest(key, digest, fields)
            if link["number"] != number or not hmac.compare_digest(expected, link["digest"]):
                yield f"audit of {organisation.name}: link {number} was changed, or one before it taken out"
                break
            digest = link["digest"]
        else:
            if number != organisation.audit_serial or digest != organisation.audit_digest:
                last = organisation.audit_serial
                yield f"audit of {organisation.name}: it ends at link {number}, not at {last}"


def _digest(key: bytes, previous: bytes, link: Mapping[str, object]) -> bytes:
    fields = json.dumps(link, sort_keys=True, ensure_ascii=True).encode()
    return hmac.new(key, previous + fields, hashlib.sha256).digest()
