"""How many things in the texts of a dataset may lead to a person: counted by type, never shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.entities.entity import Context
from models.entities.pipeline import find_entities
from models.redaction import DEFAULT_TYPES
from models.taxonomy import CONTACTS, ENTITY_TYPES
from models.text import normalize
from training.labelled.row import LabelledRow

PERSONAL: Final = frozenset(DEFAULT_TYPES) | CONTACTS
"""Names of persons are among them, but no rule finds these."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """How often an entity type stands in the texts, and in how many of them."""

    type: str
    mentions: int
    texts: int


def personal_data(rows: Sequence[LabelledRow]) -> list[Mentions]:
    """Return what rules find in the texts, of types that may lead to a person, in taxonomy order."""
    mentions: Counter[str] = Counter()
    texts: Counter[str] = Counter()
    for row in rows:
        found = find_entities(normalize(row.text).text, Context(row.language))
        types = Counter(one.type for one in found if one.type in PERSONAL)
        mentions.update(types)
        texts.update(types.keys())
    return [Mentions(code, mentions[code], texts[code]) for code in ENTITY_TYPES if mentions[code]]
