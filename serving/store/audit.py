"""The chain of all that was done in an organisation: whoever changes or takes out a link breaks it.

Each link's digest is an HMAC-SHA256 of its fields and of the digest before it, with a key of the store's key
file: somebody who has the database alone cannot forge another chain. `verify` names the first broken link.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, insert, select, update

from serving.store.sealing import Keyring
from serving.store.tables import AUDIT, DIGEST_BYTES, ORGANISATION

FIRST_DIGEST: Final = b"\0" * DIGEST_BYTES
_PURPOSE: Final = "audit"
_LINKS_AT_ONCE: Final = 1_000


def append(
    connection: Connection,
    keyring: Keyring,
    *,
    organisation_id: int,
    actor_id: int,
    at_ms: int,
    action: str,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add a link to the chain of an organisation.

    Args:
        connection: in a transaction; links of other processes wait for its end.
        keyring: of the store.
        organisation_id: whose chain.
        actor_id: who did it.
        at_ms: when.
        action: what was done, as `report.stored`.
        subject: public id of what it was done to.
        detail: codes, counts and digests; never words of people.
    """
    chain = select(ORGANISATION.c.audit_serial, ORGANISATION.c.audit_digest)
    last = connection.execute(chain.where(ORGANISATION.c.id == organisation_id).with_for_update()).one()
    link = {
        "organisation_id": organisation_id,
        "number": last.audit_serial + 1,
        "actor_id": actor_id,
        "at_ms": at_ms,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail or {}, sort_keys=True, ensure_ascii=True),
    }
    digest = _digest(keyring.derived(_PURPOSE), last.audit_digest, link)
    connection.execute(insert(AUDIT).values(**link, digest=digest))
    connection.execute(
        update(ORGANISATION)
        .where(ORGANISATION.c.id == organisation_id)
        .values(audit_serial=link["number"], audit_digest=digest)
    )


def broken_links(connection: Connection, keyring: Keyring) -> Iterator[str]:
    """Yield, in words, the first broken link of each organisation's chain."""
    key = keyring.derived(_PURPOSE)
    for organisation in connection.execute(select(ORGANISATION).order_by(ORGANISATION.c.id)):
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
