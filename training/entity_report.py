"""What the entities and indicators of records are worth: spans by type and language, normal forms, noise.

Spans are scored by nervaluate: `exact` asks for the very characters, `overlap` (its `ent_type`) for the right
type on some of them. Everything goes through `Screener`, as a user's texts do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from nervaluate import Evaluator

from models.errors import TrainingDataError
from models.language import FIRST_CLASS
from models.screener import Screener
from models.screening import Document, Screening, ScreeningError
from models.taxonomy import INDICATORS
from training.metrics import Share
from training.table import Table

Report = dict[str, Any]
Span = tuple[str, int, int]

CONTACTS: Final = ("PHONE", "BANK_ACCOUNT", "SOCIAL_HANDLE", "CRYPTO_WALLET")
"""What must never be found in a text that names none: somebody would block it."""
LEAST_SPANS: Final = 30
_RECEIVED: Final = datetime(2026, 11, 1, tzinfo=UTC)
_CHUNK: Final = 512


@dataclass(frozen=True, slots=True)
class Scored:
    """Texts with what is marked in them and the records they get."""

    table: Table
    records: Sequence[Screening]

    def marked(self, row: int, kind: str) -> list[Span]:
        """Return the marked spans of one text, in reading order."""
        spans = [(one.code, one.start, one.end) for one in self.table.spans[row] if one.kind == kind]
        return sorted(spans, key=lambda span: (span[1], -span[2]))

    def found(self, row: int, kind: str) -> list[Span]:
        """Return the spans of one record, in reading order."""
        record = self.records[row]
        if kind == "entity":
            return [(one.type, one.start, one.end) for one in record.entities]
        return [(one.code, one.start, one.end) for one in record.indicators]


def screened(screener: Screener, table: Table) -> Scored:
    """Return the records of the texts of a table, their languages given, all received on the same day.

    Raises:
        TrainingDataError: a text cannot be screened.
    """
    records: list[Screening] = []
    for start in range(0, len(table), _CHUNK):
        documents = [
            Document(str(row), str(table.text[row]), str(table.language[row]), _RECEIVED)
            for row in range(start, min(start + _CHUNK, len(table)))
        ]
        for record in screener.screen(documents):
            if isinstance(record, ScreeningError):
                raise TrainingDataError(f"text {table.key[int(record.id)]}: {record.message}")
            records.append(record)
    return Scored(table, records)


def span_scores(scored: Scored, kind: str, codes: Sequence[str]) -> Report:
    """Return micro scores, and those by code and by language, of exact and overlapping spans."""
    rows = range(len(scored.table))
    marked = [_only(scored.marked(row, kind), codes) for row in rows]
    found = [_only(scored.found(row, kind), codes) for row in rows]
    languages = defaultdict(list)
    for row in rows:
        languages[str(scored.table.language[row])].append(row)
    return {
        "all": _scores(marked, found, codes),
        "by_code": span_scores_of(marked, found, codes),
        "by_language": {
            language: _scores([marked[row] for row in own], [found[row] for row in own], codes)
            for language, own in sorted(languages.items())
        },
    }


def span_scores_of(
    marked: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], codes: Sequence[str]
) -> dict[str, Report]:
    """Return code -> scores of spans, text by text."""
    return {
        code: _scores([_only(one, [code]) for one in marked], [_only(one, [code]) for one in found], [code])
        for code in codes
    }


def _only(spans: Iterable[Span], codes: Sequence[str]) -> list[Span]:
    return [span for span in spans if span[0] in codes]


def _scores(
    marked: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], codes: Sequence[str]
) -> Report:
    """Return nervaluate's scores of spans, text by text."""
    n_marked, n_found = sum(map(len, marked)), sum(map(len, found))
    if not n_marked or not n_found:
        none = dict.fromkeys(("precision", "recall", "f1"), 0.0) if n_marked else None
        return {"marked": n_marked, "found": n_found, "exact": none, "overlap": none}
    result = Evaluator(_as_dicts(marked), _as_dicts(found), tags=list(codes), loader="dict").evaluate()
    return {
        "marked": n_marked,
        "found": n_found,
        "exact": _entry(result["overall"]["strict"]),
        "overlap": _entry(result["overall"]["ent_type"]),
    }


def _as_dicts(texts: Sequence[Sequence[Span]]) -> list[list[dict[str, Any]]]:
    return [
        [{"label": code, "start": start, "end": end - 1} for code, start, end in spans] for spans in texts
    ]


def _entry(result: Any) -> dict[str, float]:  # noqa: ANN401 (of nervaluate, which is untyped)
    return {key: round(float(getattr(result, key)), 4) for key in ("precision", "recall", "f1")}


# ---------------------------------------------------------------- other questions


def false_contacts(scored: Scored) -> Report:
    """Return, by language, the share of texts in which a contact is found though they name none."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for row, record in enumerate(scored.records):
        found = any(entity.type in CONTACTS for entity in record.entities)
        hits[str(scored.table.language[row])].append(found)
    return {language: Share(sum(own), len(own)).to_dict() for language, own in sorted(hits.items())}


def evidence_share(records: Iterable[Screening]) -> Report:
    """Return the share of flagged texts of which every flag and context label has evidence."""
    flagged = [record for record in records if record.flags or record.context_labels]
    whole = [{*one.flags, *one.context_labels} <= {piece.flag for piece in one.evidence} for one in flagged]
    return Share(sum(whole), len(whole)).to_dict()


def indicator_scores(scored: Scored) -> Report:
    """Return span scores of the indicators, and the macro F1 over those with enough marked spans."""
    scores = span_scores(scored, "indicator", INDICATORS)
    enough = [code for code in INDICATORS if scores["by_code"][code]["marked"] >= LEAST_SPANS]
    f1 = [(scores["by_code"][code]["overlap"] or {"f1": 0.0})["f1"] for code in enough]
    return {**scores, "macro_overlap_f1": round(sum(f1) / len(f1), 4), "in_macro": enough}


def weakest_languages(scores: Report, least: float) -> list[str]:
    """Return the first-class languages whose overlap F1 is under a bound."""
    by_language: Mapping[str, Report] = scores["by_language"]
    return [
        language
        for language in FIRST_CLASS
        if language in by_language and (by_language[language]["overlap"] or {"f1": 0.0})["f1"] < least
    ]
