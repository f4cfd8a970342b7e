"""What is kept of a screened report so that it can be found and its like recognised; all of it is keyed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from models.screening import Entity, Screening, ScreeningError
from serving.store.campaigns import join_campaign
from serving.store.contacts import Contacts, contact_key, contacts_of, remove_contacts
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search_tokens import remove_tokens, token_key, tokens_of, write_tokens
from serving.store.signatures import Signature, remove_signature, signature_key, signature_of


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


def keep(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    *,
    organisation_id: int,
    report_serial: int,
    traces: Traces,
    now_ms: int,
) -> None:
    """Store the traces of a report, and give it its campaign, in the transaction that ends its screening."""
    write_tokens(connection, organisation_id, report_serial, traces.tokens)
    join_campaign(
        connection,
        keyring,
        actor,
        report_serial,
        signature=traces.signature,
        contacts=traces.contacts,
        now_ms=now_ms,
    )


def forget(connection: Connection, report_serial: int) -> None:
    """Remove all traces of a report that is deleted on request; old texts lose their tokens alone."""
    remove_tokens(connection, report_serial)
    remove_signature(connection, report_serial)
    remove_contacts(connection, report_serial)
