"""What the live model and a candidate say differently of the same texts: counts and keyed ids, no text.

Each process has a file for each pair of models in the folder `SCAMSCREEN_HOME/shadow`; together they are
what was compared. An id is an HMAC of a report's, with a key of the store's key file: who has that finds it.
"""

import hashlib
import hmac
import json
import os
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.errors import InputError
from models.screening import Screening
from serving.store.sealing import Keyring

SHADOW_FOLDER: Final = "shadow"
LIVE, CANDIDATE = "live", "candidate"
MOST_IDS: Final = 100
"""Of each label, language and model that alone found it: those that came last."""
_PURPOSE: Final = "shadow"
_ID_DIGITS: Final = 16
_PRIVATE_FOLDER: Final = 0o700
Cell = tuple[str, str, str]
"""Label, or `priority`; language; who alone found it, or who ranks it higher."""
PRIORITY: Final = "priority"


@dataclass(slots=True)
class Disagreements:
    """What two models say of the texts that both have read.

    Attributes:
        live, candidate: sha256 of each.
        compared: language -> texts.
        cells: label, language, who -> texts.
        ids: of these, keyed ids of reports.
    """

    live: str
    candidate: str
    compared: Counter[str] = field(default_factory=Counter)
    cells: Counter[Cell] = field(default_factory=Counter)
    ids: dict[Cell, deque[str]] = field(default_factory=lambda: defaultdict(_last_ids))

    def add(self, cells: Iterable[Cell], language: str, keyed_id: str) -> None:
        """Add a text: the cells in which its two records differ."""
        self.compared[language] += 1
        for cell in cells:
            self.cells[cell] += 1
            self.ids[cell].append(keyed_id)

    def join(self, other: "Disagreements") -> None:
        """Add what another process counted of the same two."""
        self.compared.update(other.compared)
        self.cells.update(other.cells)
        for cell, ids in other.ids.items():
            self.ids[cell].extend(ids)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "live": self.live,
            "candidate": self.candidate,
            "compared": dict(self.compared),
            "cells": [[*cell, count, list(self.ids[cell])] for cell, count in sorted(self.cells.items())],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Disagreements":
        """Return what `to_dict` made JSON of."""
        one = cls(content["live"], content["candidate"], Counter(content["compared"]))
        for label, language, who, count, ids in content["cells"]:
            one.cells[label, language, who] = count
            one.ids[label, language, who].extend(ids)
        return one


def _last_ids() -> deque[str]:
    return deque(maxlen=MOST_IDS)


def differing(live: Screening, candidate: Screening, language: str, ranks: Mapping[str, int]) -> list[Cell]:
    """Return the cells in which two records of one text differ.

    Args:
        live: of the live model.
        candidate: of the candidate.
        language: as it may be counted.
        ranks: priority -> rank, the most pressing lowest.
    """
    ours = {*live.flags, *live.context_labels}
    theirs = {*candidate.flags, *candidate.context_labels}
    cells = [(label, language, LIVE) for label in sorted(ours - theirs)]
    cells += [(label, language, CANDIDATE) for label in sorted(theirs - ours)]
    if live.priority != candidate.priority:
        who = LIVE if ranks[live.priority] < ranks[candidate.priority] else CANDIDATE
        cells.append((PRIORITY, language, who))
    return cells


def keyed_id(keyring: Keyring, report_id: str) -> str:
    """Return what stands for a report where its id must not."""
    digest = hmac.new(keyring.derived(_PURPOSE), report_id.encode(), hashlib.sha256)
    return digest.hexdigest()[:_ID_DIGITS]


def write_disagreements(path: Path, counted: Disagreements) -> None:
    """Write a file as a whole."""
    path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(counted.to_dict()) + "\n", encoding="ascii")
    partial.replace(path)


def read_disagreements(folder: Path) -> list[Disagreements]:
    """Return what was counted of each pair of models, by all processes.

    Raises:
        InputError: a file is damaged.
    """
    pairs: dict[tuple[str, str], Disagreements] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            one = Disagreements.from_dict(json.loads(path.read_text(encoding="ascii")))
        except (ValueError, KeyError, TypeError):
            raise InputError(f"{path} holds no counts of two models: remove it") from None
        pairs.setdefault((one.live, one.candidate), Disagreements(one.live, one.candidate)).join(one)
    return list(pairs.values())
