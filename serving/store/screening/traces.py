"""What is kept of a screened report so that it can be found and its like recognised; all of it is keyed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, Select, select

from models.screening import Entity, Screening, ScreeningError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search.campaigns import join_campaigns
from serving.store.search.contacts import Contacts, contact_key, contacts_of, remove_contacts
from serving.store.search.signatures import (
    Signature,
    remove_signature,
    signature_key,
    signature_of,
)
from serving.store.search.tokens import remove_tokens, token_key, tokens_of, write_tokens
from serving.store.tables import CONTACT, SEARCH_TOKEN, SIGNATURE


@dataclass(frozen=True, slots=True)
class Traces:
    """What a text leaves behind."""

    tokens: frozenset[bytes] = field(repr=False)
    signature: Signature | None
    contacts: Contacts


NONE: Final = Traces(frozenset(), None, Contacts({}))


def traces_of(
    keyring: Keyring, organisation_id: int, text: str, record: Screening | ScreeningError, *, in_danger: bool
) -> Traces:
    """Return what the text of a report leaves behind; takes a millisecond or more, and no database.

    Args:
        keyring: of the store.
        organisation_id: whose report it is.
        text: what was screened.
        record: of the whole text; an error leaves the words of the text all the same.
        in_danger: whoever sent it believes that somebody may be.
    """
    entities: Sequence[Entity] = ()
    contacts = Contacts({})
    if isinstance(record, Screening):
        entities = record.entities
        contacts = contacts_of(contact_key(keyring, organisation_id), record, in_danger=in_danger)
    return Traces(
        tokens_of(token_key(keyring, organisation_id), text, entities),
        signature_of(signature_key(keyring, organisation_id), text, entities),
        contacts,
    )


def keep_all(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    organisation_id: int,
    traces: Mapping[int, Traces],
    *,
    now_ms: int,
) -> None:
    """Store traces, and give each report its campaign, in the transaction that ends their screening.

    Args:
        connection: in a transaction that has added to the organisation's audit.
        keyring: of the store.
        actor: who screens.
        organisation_id: whose reports they are.
        traces: by the serial of their report.
        now_ms: the time.
    """
    write_tokens(connection, organisation_id, {serial: one.tokens for serial, one in traces.items()})
    join_campaigns(
        connection,
        keyring,
        actor,
        organisation_id,
        signatures={serial: one.signature for serial, one in traces.items()},
        contacts={serial: one.contacts for serial, one in traces.items()},
        now_ms=now_ms,
    )


def forget(connection: Connection, report_serial: int) -> None:
    """Remove all traces of a report that is deleted on request; old texts lose their tokens alone."""
    remove_tokens(connection, report_serial)
    remove_signature(connection, report_serial)
    remove_contacts(connection, report_serial)


def traces_left(report_serial: int) -> list[Select[tuple[int]]]:
    """Return the questions for what `forget` would remove: any row is a trace that is there."""
    tables = (SEARCH_TOKEN, SIGNATURE, CONTACT)
    return [select(table.c.report_serial).where(table.c.report_serial == report_serial) for table in tables]
