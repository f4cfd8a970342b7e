"""What a report can be found by: tokens of its entities and words, which say nothing without the key.

A token is an HMAC-SHA256, cut to 16 bytes, with a key of the organisation: the same word has the same token
in all its reports and in no other organisation's. Who has the database alone learns from equal tokens which
reports share a word, and how many. They go when the text goes.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sqlalchemy import Connection, delete

from models.entities.phone_plans import REGIONS, international, national
from models.screening import Entity
from serving.store.many_rows import insert_rows
from serving.store.sealing import Keyring
from serving.store.search.letters import compact, spaced, terms_of_text, terms_of_words
from serving.store.tables import SEARCH_TOKEN

TOKEN_BYTES: Final = 16
MOST_CHARS: Final = 20_000
"""Of a longer text what follows cannot be found by its words, only by its entities."""
MOST_TOKENS: Final = 4_000
_WORD, _ENTITY = b"word\0", b"entity\0"
_LEAST_DIGITS: Final = 3
_PHONE, _URL = "PHONE", "URL"


@dataclass(frozen=True, slots=True)
class EntityQuery:
    """An entity that a report is to name; its value in any spelling."""

    type: str
    value: str


def token_key(keyring: Keyring, organisation_id: int) -> bytes:
    """Return the key of the tokens of an organisation."""
    return keyring.derived(f"tokens {organisation_id}")


def token(key: bytes, term: bytes) -> bytes:
    """Return the token of a term."""
    return hmac.digest(key, term, hashlib.sha256)[:TOKEN_BYTES]


def tokens_of(key: bytes, text: str, entities: Iterable[Entity]) -> frozenset[bytes]:
    """Return the tokens of a text, at most `MOST_TOKENS`, those of its entities first."""
    of_entities = (
        _entity_term(one.type, spelling)
        for one in entities
        for spelling in _spellings(one.type, one.value or one.text)
    )
    of_words = (_WORD + term.encode("utf-8", "replace") for term in terms_of_text(text[:MOST_CHARS]))
    terms = islice(dict.fromkeys(_both(of_entities, of_words)), MOST_TOKENS)
    return frozenset(token(key, term) for term in terms)


def tokens_of_query(
    key: bytes, words: str, entities: Sequence[EntityQuery]
) -> tuple[list[frozenset[bytes]], bool]:
    """Return sets of tokens, and whether any word was too short to look for.

    A report is meant that has, of each set, at least one.
    """
    terms, has_too_short = terms_of_words(words)
    sought = [frozenset({token(key, _WORD + term.encode("utf-8", "replace"))}) for term in terms]
    for one in entities:
        spellings = _sought_spellings(one.type, one.value)
        has_too_short |= not spellings
        sought.append(frozenset(token(key, _entity_term(one.type, spelling)) for spelling in spellings))
    return sought, has_too_short


def write_tokens(
    connection: Connection, organisation_id: int, tokens: Mapping[int, Collection[bytes]]
) -> None:
    """Store the tokens of reports, by their serials, in place of those they had."""
    connection.execute(delete(SEARCH_TOKEN).where(SEARCH_TOKEN.c.report_serial.in_(tokens)))
    rows = [
        {"organisation_id": organisation_id, "token": one, "report_serial": report_serial}
        for report_serial, of_report in tokens.items()
        for one in sorted(of_report)
    ]
    insert_rows(connection, SEARCH_TOKEN, rows)


def remove_tokens(connection: Connection, report_serial: int) -> None:
    """Let a report be found by nothing that stood in it; part of every purge of its text."""
    connection.execute(delete(SEARCH_TOKEN).where(SEARCH_TOKEN.c.report_serial == report_serial))


def _both(first: Iterator[bytes], second: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from second


def _entity_term(code: str, spelling: str) -> bytes:
    return _ENTITY + code.encode() + b"\0" + spelling.encode("utf-8", "replace")


def _spellings(code: str, value: str) -> set[str]:
    """Return under what an entity is found: its letters and digits; an address also under its host."""
    if code == _URL:
        address = value.partition("://")[2] or value
        host = address.partition("/")[0].removeprefix("www.")
        return {compact(host), compact(address)} - {""}
    return {compact(value)} - {""}


def _sought_spellings(code: str, value: str) -> set[str]:
    """Return under what the value of a query may be found; a telephone number, in every country's plan."""
    if code == _URL:
        address = value.partition("://")[2] or value
        return {compact(address.removeprefix("www."))} - {""}
    spellings = {compact(value)} - {""}
    if code != _PHONE:
        return spellings
    digits = "".join(sign for sign in spaced(value) if sign.isdecimal() and sign.isascii())
    if len(digits) < _LEAST_DIGITS:
        return set()
    abroad = international(digits.removeprefix("00"))
    dialled = [abroad[0]] if abroad else []
    dialled += [
        reading.value for region in REGIONS if (reading := national(digits, region)) and reading.value
    ]
    return spellings | {digits} | {compact(number) for number in dialled}
