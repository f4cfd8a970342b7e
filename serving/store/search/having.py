"""Words and entities -> the condition that reports have them, by tokens alone: nothing here reads a text."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, select

from serving.store import counting
from serving.store.errors import TooShortError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search.tokens import EntityQuery, token_key, tokens_of_query
from serving.store.tables import SEARCH_TOKEN

_FEW: Final = 100  # no rarer word is looked for


def having(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: FromClause,
    *,
    words: str,
    entities: Sequence[EntityQuery],
) -> list[ColumnElement[bool]]:
    """Return the conditions that reports of the actor's organisation have all these words and entities.

    If one of them is rare the reports are looked up here, from it on; else the database looks, at every
    report that it meets, whether it has them. What is withheld is not found by what it says.

    Args:
        connection: of the store.
        keyring: of the store.
        actor: who asks.
        report: the table, or another name of it.
        words: as typed.
        entities: that are looked for.

    Raises:
        TooShortError: a word has too few letters to be found by.
    """
    sought, has_too_short = tokens_of_query(token_key(keyring, actor.organisation_id), words, entities)
    if has_too_short:
        raise TooShortError(
            "expected at least three letters of a word in Thai, Lao, Khmer or Burmese, two of one in Chinese "
            "or Japanese, and three digits of a number"
        )
    if not sought:
        return []
    least, rarest = counting.MOST_COUNTED + 1, sought[0]
    for tokens in sought:
        count = counting.bounded_count(connection, _having(actor, tokens))
        if count < least:
            least, rarest = count, tokens
        if count <= _FEW:
            break
    is_shown = report.c.withheld_ms.is_(None)
    if least > counting.MOST_COUNTED:
        return [
            is_shown,
            *(
                exists().where(_has(actor, tokens), SEARCH_TOKEN.c.report_serial == report.c.serial)
                for tokens in sought
            ),
        ]
    found = set(connection.execute(_having(actor, rarest)).scalars())
    for tokens in sought:
        if found and tokens is not rarest:
            among = SEARCH_TOKEN.c.report_serial.in_(sorted(found))
            found = set(connection.execute(_having(actor, tokens).where(among)).scalars())
    return [is_shown, report.c.serial.in_(sorted(found))]


def _having(actor: Actor, tokens: frozenset[bytes]) -> Select[tuple[int]]:
    return select(SEARCH_TOKEN.c.report_serial).where(_has(actor, tokens))


def _has(actor: Actor, tokens: frozenset[bytes]) -> ColumnElement[bool]:
    of_organisation = SEARCH_TOKEN.c.organisation_id == actor.organisation_id
    return and_(of_organisation, SEARCH_TOKEN.c.token.in_(sorted(tokens)))
