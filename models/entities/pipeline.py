"""All recognisers over one text, and what stays where they meet."""

from collections.abc import Iterable, Sequence
from typing import Final

from models.entities import (
    age,
    bank_account,
    crypto_wallet,
    date,
    emv_qr,
    geo,
    handle,
    id_document,
    location,
    money,
    nationality,
    phone,
    reference,
    site_detail,
    vehicle,
    web,
)
from models.entities.entity import Context, Entity, disjoint

RECOGNISERS: Final = (
    emv_qr,
    crypto_wallet,
    geo,
    handle,
    web,
    bank_account,
    phone,
    id_document,
    money,
    date,
    age,
    vehicle,
    reference,
    site_detail,
    location,
    nationality,
)
_LINKS: Final = ("GEO", "SOCIAL_HANDLE", "EMAIL", "URL")
"""Their characters are theirs whatever else they look like, the more telling reading of a link first."""
_WRITTEN_AS: Final = frozenset({"ID_DOCUMENT", "EMAIL"})
NAMES: Final = frozenset({"PERSON", "ORGANISATION", "JOB_TITLE"})
"""What no rule knows how to read."""


def find_entities(text: str, context: Context, named: Sequence[Entity] = ()) -> list[Entity]:
    """Return the entities of a normalised text, settled.

    Args:
        text: normalised.
        context: language and time.
        named: what the model found in it.
    """
    found = [entity for recogniser in RECOGNISERS for entity in recogniser.find(text, context)]
    return settle([*found, *named])


def settle(entities: Sequence[Entity]) -> list[Entity]:
    """Return entities in order of start, none overlapping another; where two meet the first of these stays.

    1. An account that is written as something else (an identity number, a mail address) and says so itself;
       then what a checksum proves (a payment code, a wallet, an identity number).
    2. A compound of the gazetteer, which is what rescuers look for, unless it is part of a link.
    3. A link, the one that starts first: as a place on a map, then as an account, then as an address; before
       it a telephone number that covers an account of a chat, whose letters are then digits.
    4. What rules read and the names the model read: the surer, then the longer, then a rule before the model.
    5. A place inside something longer (a bank's name, the province on a plate).
    6. What else the model read: it adds to the rules and replaces nothing they found.
    """
    in_link = _within(entities, [entity for entity in entities if _is_link(entity)])
    dialled = _covering(entities)
    in_longer = _within(entities, [entity for entity in entities if entity.source != "gazetteer"])

    def rank(entity: Entity) -> tuple[float, ...]:
        length = entity.end - entity.start
        if not _WRITTEN_AS.isdisjoint(entity.attributes.get("alternatives", ())):
            return 0, -entity.proba
        if entity.reason == "checksum":
            return 1, -entity.proba, -length
        if _is_compound(entity) and id(entity) not in in_link:
            return 2, -length
        if _is_link(entity) or id(entity) in dialled:
            as_link = -1 if id(entity) in dialled else _LINKS.index(entity.type)
            return 3, entity.start, as_link, -length
        if entity.source == "gazetteer" and id(entity) in in_longer:
            return 5, -entity.proba, -length
        by_model = entity.source == "model"
        return 6 if by_model and entity.type not in NAMES else 4, -entity.proba, -length, by_model

    return disjoint(sorted(entities, key=rank))


def _is_compound(entity: Entity) -> bool:
    return entity.attributes.get("kind") == "scam_site"


def _is_link(entity: Entity) -> bool:
    return entity.type in _LINKS and entity.source == "rule"


def _covering(entities: Sequence[Entity]) -> set[int]:
    """Return the `id` of the certain telephone numbers that begin where a handle does and cover it."""
    handles = {entity.start: entity.end for entity in entities if entity.type == "SOCIAL_HANDLE"}
    return {
        id(entity)
        for entity in entities
        if entity.type == "PHONE"
        and entity.value is not None
        and entity.reason.startswith("context")
        and handles.get(entity.start, entity.end + 1) <= entity.end
    }


def _within(entities: Iterable[Entity], holders: Sequence[Entity]) -> set[int]:
    """Return the `id` of the entities that are part of a longer one of `holders`."""
    order = sorted([*entities], key=lambda entity: (entity.start, -entity.end))
    holding = sorted(holders, key=lambda entity: (entity.start, -entity.end))
    inside: set[int] = set()
    reach, first_of_reach, at = -1, -1, 0  # the furthest end of a holder so far, and where it starts
    for entity in order:
        while at < len(holding) and holding[at].start <= entity.start:
            if holding[at].end > reach:
                reach, first_of_reach = holding[at].end, holding[at].start
            at += 1
        if entity.end < reach or (entity.end == reach and first_of_reach < entity.start):
            inside.add(id(entity))
    return inside
