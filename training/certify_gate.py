"""When the gate may answer: thresholds, and the certificate of what they lose.

Thresholds begin, language by language and head by head, at a quantile of the positives of `tune`. One
number then moves them all together, up or down; `certify` and `test` set it: the highest that lets at most k
of the n positives pass, k fixed by n alone as in `training.certify`. A language of which a text would then
pass that never must goes down further, until none does. Positives count once a near-duplicate group, lost if
one of it is, and only where the rules of `models.cascade` let the gate answer at all, in the language that is
detected: texts that are encoded anyway would flatter it.

The certificate speaks of texts like those: of sources never seen a gate loses more (training.gate_report).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from models.cascade import has_fit_length, is_sure
from models.gate import Gate
from models.language import FIRST_CLASS, detect
from models.taxonomy import LABELS, ROLES
from models.text import normalize
from training.certify import CONFIDENCE, LEAST_TEXTS, allowed, upper_bound
from training.table import BoolArray, FloatArray, Table

MUST_NOT_PASS: Final = ("person_at_risk", "trafficking_recruitment", "loss_report")
HARMED: Final = "victim_account"
ASKING: Final = "enquiry"
HEADS: Final = ("any_label", "harmed", "asking")
TUNE_QUANTILES: Final = (0.01, 0.02, 0.05)
"""Share of the `tune` positives below the first threshold of each head."""
_BATCH: Final = 4_000
_CAVEAT: Final = """\
Counted are texts of a length and a surely detected language that the gate may answer. How many of all may be
lost is fixed before they are looked at, but these texts set the thresholds: that no person_at_risk,
trafficking_recruitment, loss_report or victim_account is lost is so by construction, and the bounds beside
these are for a gate fixed before. N-grams and heads were chosen with a view of the same texts.
"""


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """Texts as the gate reads them.

    Attributes:
        table: (n,) rows.
        scores: (n, n_heads) float32 log-odds.
        language: (n,) as detected, "" where that is not sure.
        fit: (n,) of a length the gate may answer.
    """

    table: Table
    scores: FloatArray
    language: npt.NDArray[np.object_]
    fit: BoolArray

    def where(self, rows: BoolArray | npt.NDArray[np.int64]) -> "ReadTexts":
        """Return the chosen rows."""
        table, *others = (getattr(self, field.name) for field in fields(self))
        return ReadTexts(table.where(rows), *(other[rows] for other in others))


def read_texts(gate: Gate, table: Table) -> ReadTexts:
    """Return texts with all that decides whether a gate answers for them, but for what rules find in them."""
    ready = [normalize(text).text for text in table.text]
    batches = [gate.scores(ready[start : start + _BATCH]) for start in range(0, len(ready), _BATCH)]
    return ReadTexts(
        table=table,
        scores=np.concatenate([gate.scores([]), *batches]),
        language=np.array([_sure_tag(text) for text in ready], dtype=object),
        fit=np.array([has_fit_length(text) for text in ready], dtype=bool),
    )


def _sure_tag(text: str) -> str:
    language = detect(text)
    return language.tag if is_sure(language) else ""


def head_labels(table: Table) -> tuple[BoolArray, ...]:
    """Return what each of `HEADS` tells, (n,) each.

    Some label holds; somebody is harmed or may be, by label or role; somebody asks about a message.
    """
    harmed = has_label(table, MUST_NOT_PASS) | (table.role == HARMED)
    return table.positive, np.asarray(harmed), np.asarray(table.role == ASKING)


def has_label(table: Table, codes: Sequence[str]) -> BoolArray:
    """Return (n,) texts on which one of some labels surely holds."""
    return np.asarray(table.held[:, [LABELS.index(code) for code in codes]].any(1))


def thresholds(tune: ReadTexts, held: ReadTexts) -> dict[str, FloatArray]:
    """Return language -> (n_heads,) thresholds, of first-class languages with positives enough to certify.

    Args:
        tune: sets where the thresholds of languages and heads lie to each other.
        held: `certify` and `test`; sets where they lie.
    """
    first: dict[str, FloatArray] = {}
    for language in FIRST_CLASS:
        if positives_of(held, language) >= LEAST_TEXTS:
            start = _first_thresholds(tune.where(tune.fit & (tune.language == language)))
            if start is not None:
                first[language] = start
    margins = _margins(held, first)
    of_positives = np.sort(_lowest_of_groups(held.table, margins, held.table.positive))
    k = allowed(len(of_positives))
    if k is None:
        return {}
    must_not_pass = has_label(held.table, MUST_NOT_PASS) | (held.table.role == HARMED)
    return {
        language: _rounded_down(
            start
            + min(of_positives[k], margins[must_not_pass & (held.language == language)].min(initial=np.inf))
        )
        for language, start in first.items()
    }


def positives_of(texts: ReadTexts, language: str) -> int:
    """Return how many groups of positives of a language, detected as such, are of a length to answer."""
    of_language = (texts.table.language == language) & (texts.language == language)
    return len(np.unique(texts.table.near[texts.table.positive & texts.fit & of_language]))


def passing(texts: ReadTexts, of_language: Mapping[str, FloatArray]) -> BoolArray:
    """Return (n,) whether the gate answers, as far as length, language and scores decide."""
    return np.asarray(_margins(texts, of_language) < 0)


def mean_shares(tune: ReadTexts, of_language: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the shares of labels and of roles among the texts that pass, one added to every count.

    What a source does not tell is not counted.
    """
    rows = tune.where(passing(tune, of_language)).table
    labels = (rows.labels.sum(0) + 1) / (rows.mask.sum(0) + 2)
    roles = np.array([np.sum(rows.role == role) for role in ROLES]) + 1
    return labels.astype(np.float32), (roles / roles.sum()).astype(np.float32)


def certificate(held: ReadTexts, of_language: Mapping[str, FloatArray]) -> dict[str, Any]:
    """Return what is promised of the thresholds and what was seen, pooled, by language and by what is lost.

    `n` are groups of positives that the gate may answer, `lost` those it does; `bound` is of k of n where k
    was fixed before, else of those lost. `benign` are texts of `test`, `fit` those of a length to answer.
    """
    passed = passing(held, of_language)
    gated = np.isin(held.language, [*of_language])
    table = held.table
    n = len(np.unique(table.near[table.positive & held.fit & gated]))
    k = allowed(n)
    roles = {role: np.asarray(table.role == role) for role in (HARMED, ASKING)}
    kinds = {code: has_label(table, [code]) for code in MUST_NOT_PASS} | roles
    by_language = {language: np.asarray(held.language == language) for language in of_language}
    return {
        "confidence": CONFIDENCE,
        "pooled": _loss(held, passed, table.positive & gated)
        | {"k": k, "bound": 1.0 if k is None else round(upper_bound(k, n), 5)}
        | _coverage(held, passed, gated),
        "languages": {
            language: _loss(held, passed, table.positive & rows) | _coverage(held, passed, rows)
            for language, rows in by_language.items()
        },
        "kinds": {kind: _loss(held, passed, rows & gated) for kind, rows in kinds.items()},
        "left_out": {
            language: positives_of(held, language) for language in FIRST_CLASS if language not in of_language
        },
    }


def certificate_table(found: Mapping[str, Any]) -> str:
    """Return a certificate as a Markdown table."""
    lines = [
        "| texts | positives | answered | at most, 95 % | benign in `test` | long enough | answered |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    rows = {"all": found["pooled"], **found["languages"], **found["kinds"]}
    for name, row in rows.items():
        cells = [f"{row['n']:,}", f"{row['lost']:,}", f"{row['bound']:.2%}"]
        if row.get("benign"):
            share = row["answered"] / row["benign"]
            cells += [f"{row['benign']:,}", f"{row['fit']:,}", f"{row['answered']:,} ({share:.0%})"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |" * (7 - len(cells)))
    few = ", ".join(f"{language} {n}" for language, n in found["left_out"].items())
    return "\n".join([*lines, "", _CAVEAT, f"Too few positives to be answered: {few or 'none'}."]) + "\n"


def _loss(texts: ReadTexts, passed: BoolArray, positive: BoolArray) -> dict[str, Any]:
    """Return how many groups of some positives there are, and how many of them have a text that passes."""
    n = len(np.unique(texts.table.near[positive & texts.fit]))
    lost = len(np.unique(texts.table.near[positive & passed]))
    return {"n": n, "lost": lost, "bound": round(upper_bound(lost, n), 5)}


def _coverage(texts: ReadTexts, passed: BoolArray, rows: BoolArray) -> dict[str, int]:
    """Return how many benign texts of `test` there are, are of fit length, and pass."""
    benign = texts.table.benign & (texts.table.split == "test") & rows
    counts = {"benign": benign, "fit": benign & texts.fit, "answered": benign & passed}
    return {name: int(of_kind.sum()) for name, of_kind in counts.items()}


def _first_thresholds(tune: ReadTexts) -> FloatArray | None:
    """Return (n_heads,) thresholds to begin with; None without texts to set one of them by."""
    heads = head_labels(tune.table)
    if not all(head.any() for head in heads):
        return None
    return np.array(
        [
            np.quantile(tune.scores[head, column], quantile)
            for column, (head, quantile) in enumerate(zip(heads, TUNE_QUANTILES, strict=True))
        ],
        dtype=np.float32,
    )


def _rounded_down(limits: FloatArray) -> FloatArray:
    """Return thresholds of three decimals, each surely below the one it comes from."""
    return np.asarray(np.floor(limits.astype(np.float64) * 1000 - 0.5) / 1000, dtype=np.float32)


def _margins(texts: ReadTexts, of_language: Mapping[str, FloatArray]) -> FloatArray:
    """Return (n,) how far a text's highest head is over its threshold; infinite where none may answer."""
    margins = np.full(len(texts.table), np.inf, dtype=np.float32)
    for language, limits in of_language.items():
        rows = texts.fit & (texts.language == language)
        margins[rows] = (texts.scores[rows] - limits).max(1)
    return margins


def _lowest_of_groups(table: Table, margins: FloatArray, rows: BoolArray) -> FloatArray:
    """Return the lowest margin of each group of near duplicates among the rows that may pass, (n_groups,)."""
    chosen = np.flatnonzero(rows & np.isfinite(margins))
    order = chosen[np.lexsort((margins[chosen], table.near[chosen]))]
    return margins[order[np.unique(table.near[order], return_index=True)[1]]]
