"""Two periods -> what has changed between them: languages, roles, labels, confidence, words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from tokenizers import Tokenizer

from models.taxonomy import LABELS
from training.drift.period import LEAST_TEXTS, Period
from training.drift.shift import LEVEL, Shift, divisions, measure
from training.duplicates import fingerprint
from training.metrics import BoolArray, Share, holm

Report = dict[str, Any]

CONFIDENCE_BINS: Final = 10
_RARE: Final = 5  # languages of fewer texts are one, words of fewer are left out: nobody is named by one
_SHOWN: Final = 15
_OTHER: Final = "other"
_SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that may have changed.

    Attributes:
        name: e.g. `language`, `label online_gambling`, `words th`.
        shift: how far it has.
        changes: what has changed most, first, with its share of texts in both periods.
    """

    name: str
    shift: Shift
    changes: Sequence[Report]


def drift(before: Period, after: Period, tokenizer: Tokenizer) -> Report:
    """Return what differs between two periods, and which of it is more than chance.

    Every question is answered by a permutation test; a thing has drifted if its p-value is at most 5 % after
    Holm's correction for how many were asked. Words are compared within a language, so that a new mix of
    languages is not also called new words.

    Args:
        before: the earlier period.
        after: the later one.
        tokenizer: cuts texts of all languages into words or pieces of them.
    """
    drawn = divisions(len(before), len(after), seed=_SEED)
    questions = [
        _categories("language", _folded([*before.languages, *after.languages]), len(before), drawn),
        _categories("role", [*before.roles, *after.roles], len(before), drawn),
        _categories("confidence", [*_bins(before), *_bins(after)], len(before), drawn),
        *_labels(before, after, drawn),
        *_words(before, after, tokenizer),
    ]
    adjusted = holm([question.shift.p for question in questions])
    return {
        "before": _period(before),
        "after": _period(after),
        "level": LEVEL,
        "drifted": [one.name for one, p in zip(questions, adjusted, strict=True) if p <= LEVEL],
        "labels": {
            code: {
                "before": Share.of(before.flags[:, at], np.ones(len(before))).to_dict(),
                "after": Share.of(after.flags[:, at], np.ones(len(after))).to_dict(),
            }
            for at, code in enumerate(LABELS)
        },
        "questions": [
            {
                "name": one.name,
                "divergence_bits": round(one.shift.divergence, 5),
                "noise95_bits": round(one.shift.noise, 5),
                "p": round(one.shift.p, 4),
                "p_holm": round(p, 4),
                "drifted": p <= LEVEL,
                "changes": list(one.changes),
            }
            for one, p in zip(questions, adjusted, strict=True)
        ],
    }


def _period(period: Period) -> Report:
    highest = period.proba.max(1)
    return {
        "texts": len(period),
        "any_flag": Share.of(period.flags.any(1), np.ones(len(period))).to_dict(),
        "mean_highest_probability": round(float(highest.mean()), 4),
        "languages": dict(Counter(period.languages).most_common()),
    }


def _folded(names: Sequence[str]) -> list[str]:
    counts = Counter(names)
    return [name if counts[name] >= _RARE else _OTHER for name in names]


def _bins(period: Period) -> list[str]:
    """Return (n,) the bin of each text's highest label probability."""
    lowest = np.minimum((period.proba.max(1) * CONFIDENCE_BINS).astype(int), CONFIDENCE_BINS - 1)
    return [f"{at / CONFIDENCE_BINS:.1f} to {(at + 1) / CONFIDENCE_BINS:.1f}" for at in lowest]


def _categories(name: str, values: Sequence[str], before: int, drawn: BoolArray) -> Question:
    """Return a question about something of which each text has one."""
    names, column = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
    rows = np.arange(len(values))
    counts = csr_matrix((np.ones(len(values)), (rows, column)), shape=(len(values), len(names)))
    return _question(name, counts, names.tolist(), before, drawn)


def _labels(before: Period, after: Period, drawn: BoolArray) -> Iterator[Question]:
    """Yield a question for each label that is flagged at all, and one for any flag."""
    flags = np.concatenate([before.flags, after.flags])
    asked = [("any flag", flags.any(1)), *((f"label {code}", flags[:, at]) for at, code in enumerate(LABELS))]
    for name, held in asked:
        if held.sum() >= _RARE:
            values = np.where(held, "flagged", "not flagged").tolist()
            yield _categories(name, values, len(before), drawn)


def _words(before: Period, after: Period, tokenizer: Tokenizer) -> Iterator[Question]:
    """Yield a question for each language with enough texts in both periods, if the texts are there."""
    if before.texts is None or after.texts is None:
        return
    common = Counter(before.languages) & Counter(after.languages)
    for language, count in common.most_common():
        if count < LEAST_TEXTS:
            return
        both = [
            [fingerprint(text) for text, tag in zip(texts, tags, strict=True) if tag == language]
            for texts, tags in ((before.texts, before.languages), (after.texts, after.languages))
        ]
        masked = [*both[0], *both[1]]
        pieces = [one.tokens for one in tokenizer.encode_batch(masked, add_special_tokens=False)]
        if max(Counter(piece for some in pieces for piece in set(some)).values(), default=0) < _RARE:
            continue
        vectorizer = CountVectorizer(analyzer=set, min_df=_RARE)
        counts = vectorizer.fit_transform(pieces)
        yield _question(
            f"words {language}",
            counts,
            vectorizer.get_feature_names_out().tolist(),
            len(both[0]),
            divisions(len(both[0]), len(both[1]), seed=_SEED),
        )


def _question(name: str, counts: csr_matrix, names: Sequence[str], before: int, drawn: BoolArray) -> Question:
    shift = measure(counts, before, drawn)
    shares = [np.asarray(part.mean(0)).ravel() for part in (counts[:before], counts[before:])]
    changes = [
        {"name": names[at], "before": round(float(shares[0][at]), 5), "after": round(float(shares[1][at]), 5)}
        for at in np.argsort(-shift.parts, kind="stable")[:_SHOWN]
    ]
    return Question(name, shift, changes)
