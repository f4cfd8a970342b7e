"""Label-safe variants of a training text: other contacts, less of it, a disguise, company. Other every epoch.

Nothing that carries the label is touched: a sentence that goes shows no indicator, a text cut short keeps
most of them, a member of a minimal pair loses nothing, pay stays. Places and peoples are swapped only where
the label holds wherever and whoever (counterfactual texts: Garg et al. 2019, arXiv 1809.10610): a town alone
must neither raise a flag nor take one from who is held there. Three disguises are left out
entirely, so that `attack` can say how the network fares against one it has never seen; of those, the
normaliser has rules against leet and emoji.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from anyascii import anyascii

from models.text.edits import Draft, Edit
from training.disguise import FAMILIES
from training.example import MarkedSpan
from training.noise import ROMANISED

NEVER_SHOWN: Final = ("leet", "emoji", "homophones")
SHOWN: Final = tuple(name for name in FAMILIES if name not in NEVER_SHOWN)
SWAPPED_TYPES: Final = frozenset(
    {"PERSON", "PHONE", "EMAIL", "URL", "SOCIAL_HANDLE", "BANK_ACCOUNT", "REFERENCE", "VEHICLE", "DATE"}
)
SWAPPED_PLACES: Final = frozenset({"LOCATION", "NATIONALITY"})
_SENTENCE: Final = re.compile(r"[^\n.!?。！？।။៕]*(?:[\n.!?。！？।။៕]+\s*|$)")
_LEAST_SENTENCES: Final = 3
_STRENGTHS: Final = (0.03, 0.3)
_KEPT_TEXT: Final = 0.6
_KEPT_INDICATORS: Final = 0.6
_COMPANY_CHARS: Final = 200
_TOGETHER_CHARS: Final = 500  # more, and the window that is read might hold nothing but company

Values = Mapping[tuple[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Variation:
    """How often a text is varied, each a share of texts in [0, 1]."""

    swapped: float
    shortened: float
    truncated: float
    disguised: float
    romanised: float
    padded: float


@dataclass(frozen=True, slots=True)
class Stock:
    """What variants are made of.

    Attributes:
        values: (entity type, language) -> values found in texts, to swap among themselves.
        company: language -> short harmless texts, to stand before and after others.
    """

    values: Values
    company: Mapping[str, Sequence[str]]


def company_of(
    texts: Sequence[str], languages: Sequence[str], benign: Sequence[bool]
) -> Mapping[str, Sequence[str]]:
    """Return language -> its short harmless texts."""
    found: dict[str, list[str]] = defaultdict(list)
    for text, language, harmless in zip(texts, languages, benign, strict=True):
        if harmless and len(text) <= _COMPANY_CHARS:
            found[language].append(text)
    return found


def entity_values(
    texts: Sequence[str], languages: Sequence[str], spans: Sequence[Sequence[MarkedSpan]]
) -> Values:
    """Return (entity type, language) -> the values found in texts, to swap among themselves."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text, language, marked in zip(texts, languages, spans, strict=True):
        for span in marked:
            if span.kind == "entity" and span.code in SWAPPED_TYPES | SWAPPED_PLACES:
                found[span.code, language].append(text[span.start : span.end])
    return found


def augment(
    text: str,
    language: str,
    spans: Sequence[MarkedSpan],
    *,
    in_pair: bool,
    anywhere: bool,
    variation: Variation,
    stock: Stock,
    rng: np.random.Generator,
) -> Draft:
    """Return a variant of a text, or the text itself, every character with its place in the original.

    Of a disguised text the places are not known: each character stands for all of it.

    Args:
        text: as written.
        language: its main language.
        spans: its marked indicators and entities; none of a public set.
        in_pair: a member of a minimal pair, of which nothing may go.
        anywhere: its labels hold wherever it happens and whoever it is about.
        variation: how often what is done.
        stock: see `Stock`.
        rng: decides everything.
    """
    swap, shorten, change, pad = rng.random(4)
    edits: list[Edit] = []
    if swap < variation.swapped:
        types = SWAPPED_TYPES | SWAPPED_PLACES if anywhere else SWAPPED_TYPES
        edits += _swaps(language, spans, types, stock.values, rng)
    if spans and not in_pair:
        if shorten < variation.shortened:
            edits += _dropped_sentence(text, spans, rng)
        elif shorten < variation.shortened + variation.truncated:
            edits += _cut_end(text, spans, rng)
    draft = Draft.of(text).apply(_apart(edits))
    if change < variation.disguised:
        return _disguised(draft, text, language, rng)
    if change < variation.disguised + variation.romanised and language in ROMANISED:
        draft = draft.apply(_in_latin_letters(draft.text))
    if pad < variation.padded and stock.company.get(language):
        draft = _in_company(draft, stock.company[language], rng)
    return draft


def _disguised(draft: Draft, text: str, language: str, rng: np.random.Generator) -> Draft:
    """Disguise a text in one of the ways training may know; the places of its characters are lost."""
    family = SHOWN[int(rng.integers(len(SHOWN)))]
    disguised = FAMILIES[family](draft.text, language, float(rng.uniform(*_STRENGTHS)), rng)
    if disguised == draft.text:
        return draft
    return Draft(
        disguised,
        np.zeros(len(disguised), dtype=np.int32),
        np.full(len(disguised), len(text), dtype=np.int32),
    )


def is_disguised(draft: Draft) -> bool:
    """Return whether the places of a variant's characters are unknown."""
    return len(draft.text) > 1 and int(draft.starts[-1]) == 0 and int(draft.ends[0]) > 1


def _swaps(
    language: str,
    spans: Sequence[MarkedSpan],
    types: Set[str],
    values: Values,
    rng: np.random.Generator,
) -> list[Edit]:
    """Give every entity of some types, outside an indicator, another value of its type and language."""
    indicators = [span for span in spans if span.kind == "indicator"]
    edits = []
    for span in spans:
        choices = values.get((span.code, language), ()) if span.code in types else ()
        if choices and not any(_meet(span, other) for other in indicators):
            edits.append((span.start, span.end, choices[int(rng.integers(len(choices)))]))
    return edits


def _dropped_sentence(text: str, spans: Sequence[MarkedSpan], rng: np.random.Generator) -> list[Edit]:
    """Take out one sentence that shows no indicator, of a text that has at least three."""
    sentences = [match.span() for match in _SENTENCE.finditer(text) if match[0].strip()]
    silent = [
        (start, end)
        for start, end in sentences
        if not any(span.kind == "indicator" and span.start < end and start < span.end for span in spans)
    ]
    if len(sentences) < _LEAST_SENTENCES or not silent:
        return []
    start, end = silent[int(rng.integers(len(silent)))]
    return [(start, end, "")]


def _cut_end(text: str, spans: Sequence[MarkedSpan], rng: np.random.Generator) -> list[Edit]:
    """Cut a text short, to 60 % or more of its letters, if most of its indicators stay."""
    end = int(len(text) * rng.uniform(_KEPT_TEXT, 1.0))
    ends = [span.end for span in spans if span.kind == "indicator"]
    if sum(last <= end for last in ends) < _KEPT_INDICATORS * len(ends) or end in (0, len(text)):
        return []
    return [(end, len(text), "")]


def _in_latin_letters(text: str) -> list[Edit]:
    """Write every letter as people do who type a language without its keyboard."""
    return [(i, i + 1, anyascii(char)) for i, char in enumerate(text) if not char.isascii()]


def _in_company(draft: Draft, company: Sequence[str], rng: np.random.Generator) -> Draft:
    """Put harmless texts before a text, after it, or both; their characters stand for no place in it."""
    where = int(rng.integers(1, 4))
    before, after = (company[int(rng.integers(len(company)))] for _ in range(2))
    before = f"{before}\n" if where & 1 else ""
    after = f"\n{after}" if where & 2 else ""
    if not draft.text or len(before) + len(draft.text) + len(after) > _TOGETHER_CHARS:
        return draft
    end = int(draft.ends.max())
    front, back = np.zeros(len(before), dtype=np.int32), np.full(len(after), end, dtype=np.int32)
    return Draft(
        before + draft.text + after,
        np.concatenate((front, draft.starts, back)),
        np.concatenate((front, draft.ends, back)),
    )


def _apart(edits: list[Edit]) -> list[Edit]:
    """Return edits in order and without overlap; one inside another is lost."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def _meet(a: MarkedSpan, b: MarkedSpan) -> bool:
    return a.start < b.end and b.start < a.end
