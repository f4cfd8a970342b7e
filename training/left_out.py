"""Texts that a run must not see, so that what it learns of them later can be measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.errors import RecipeError
from models.taxonomy import LABELS
from training.example import Source
from training.table import BoolArray, Table


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Every text of a language that holds one of some labels, or may hold it, whatever its source."""

    language: str
    labels: frozenset[str]

    def texts(self, table: Table) -> BoolArray:
        """Return (n,) which texts these are."""
        columns = [LABELS.index(code) for code in sorted(self.labels)]
        holds = (table.labels[:, columns] > 0) | (table.any_of[:, columns] > 0)
        return np.asarray(holds.any(1) & (table.language == self.language))

    def to_dict(self) -> dict[str, Any]:
        """Return what the manifest of an artefact says."""
        return {"language": self.language, "labels": sorted(self.labels)}


def parse_left_out(said: str) -> LeftOut:
    """Return what `id:online_gambling,task_scam` says: a language, and labels of its texts.

    Raises:
        RecipeError: it says something else, or a label is unknown.
    """
    language, _, codes = said.partition(":")
    labels = frozenset(codes.split(","))
    if not language or not labels <= set(LABELS):
        raise RecipeError(
            f"{said!r} leaves nothing out: expected LANGUAGE:LABEL,LABEL with labels of the taxonomy"
        )
    return LeftOut(language, labels)


def without(table: Table, left_out: Sequence[LeftOut], added: Sequence[Source] = ()) -> Table:
    """Return the texts that may be seen: all but those left out, and those of added sets all the same."""
    hidden = np.zeros(len(table), dtype=bool)
    for one in left_out:
        hidden |= one.texts(table)
    return table.where(~hidden | np.isin(table.source, [source.name for source in added]))
