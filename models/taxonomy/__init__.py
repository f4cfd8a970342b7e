"""The vocabulary of ScamScreen: labels, roles, indicators and entity types. Order is the logit order."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from models.taxonomy.entities import ENTITY_TERMS
from models.taxonomy.indicators import INDICATOR_TERMS
from models.taxonomy.labels import LABEL_TERMS
from models.taxonomy.roles import ROLE_TERMS
from models.taxonomy.term import CROSSWALK_SCHEMES, CrosswalkScheme, Term

__all__ = [
    "CONTACTS",
    "CROSSWALK_SCHEMES",
    "ENTITY_TAGS",
    "ENTITY_TERMS",
    "ENTITY_TYPES",
    "INDICATORS",
    "INDICATOR_TERMS",
    "LABELS",
    "LABEL_TERMS",
    "ROLES",
    "ROLE_TERMS",
    "CrosswalkScheme",
    "Term",
    "taxonomy_document",
    "taxonomy_sha256",
]

TAXONOMY_SCHEMA = 1

LABELS = tuple(term.code for term in LABEL_TERMS)
ROLES = tuple(term.code for term in ROLE_TERMS)
INDICATORS = tuple(term.code for term in INDICATOR_TERMS)
ENTITY_TYPES = tuple(term.code for term in ENTITY_TERMS)
ENTITY_TAGS = ("O", *(f"{place}-{code}" for code in ENTITY_TYPES for place in "BI"))
"""What a token is: outside every entity, the beginning of one or inside one (Ramshaw & Marcus 1995)."""

CONTACTS = frozenset({"PHONE", "EMAIL", "URL", "SOCIAL_HANDLE", "BANK_ACCOUNT", "CRYPTO_WALLET"})
"""Types of entities by which somebody can be reached or paid."""


def taxonomy_sha256(labels: Sequence[str] | None = None) -> str:
    """Return the identity of the codes and their order, which fix the shape of a model; not of wording.

    Args:
        labels: those of another taxonomy, alike in all else; None: ours.
    """
    return hashlib.sha256(
        json.dumps([labels or LABELS, ROLES, INDICATORS, ENTITY_TYPES]).encode()
    ).hexdigest()


def taxonomy_document() -> dict[str, Any]:
    """Return the whole vocabulary as the JSON object of `GET /v1/taxonomy`."""
    return {
        "schema": TAXONOMY_SCHEMA,
        "sha256": taxonomy_sha256(),
        "labels": [term.to_dict() for term in LABEL_TERMS],
        "roles": [term.to_dict() for term in ROLE_TERMS],
        "indicators": [term.to_dict() for term in INDICATOR_TERMS],
        "entity_types": [term.to_dict() for term in ENTITY_TERMS],
        "crosswalks": {
            scheme.code: {"name": scheme.name, "source": scheme.source} for scheme in CROSSWALK_SCHEMES
        },
        "disclaimer": {"en": DISCLAIMER_EN, "th": DISCLAIMER_TH},
    }
