"""What the entities and indicators of records are worth: spans by type and language, normal forms, noise.

Spans are scored by nervaluate: `exact` asks for the very characters, `overlap` (its `ent_type`) for the right
type on some of them. Everything goes through `Screener`, as a user's texts do.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nervaluate import Evaluator

from models.errors import TrainingDataError
from models.language import FIRST_CLASS
from models.screener import Screener
from models.screening import Document, Entity, Screening, ScreeningError
from models.taxonomy import ENTITY_TYPES, INDICATORS
from training.metrics import Share
from training.sources import written_test
from training.table import Table

Report = dict[str, Any]
Span = tuple[str, int, int]

CONTACTS: Final = ("PHONE", "BANK_ACCOUNT", "SOCIAL_HANDLE", "CRYPTO_WALLET")
"""What must never be found in a text that names none: somebody would block it."""
LEAST_SPANS: Final = 30
OBFUSCATIONS: Final = Path(__file__).parents[1] / "tests" / "data" / "contact_obfuscations.toml"
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


# ---------------------------------------------------------------- normal forms


def written_values(
    folder: Path = written_test.WRITTEN_TEST_FOLDER,
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return id of a text of the written test -> the normal forms of its entities, in reading order."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        for example in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
            found[example["id"]] = example["values"]
    return found


def value_scores(scored: Scored, values: Mapping[str, Sequence[Mapping[str, Any]]]) -> Report:
    """Return, by type, the share of found entities whose normal form is the one written beside them."""
    right: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for row, record in enumerate(scored.records):
        marked = scored.marked(row, "entity")
        for (code, start, end), expected in zip(marked, values[str(scored.table.key[row])], strict=True):
            entity = next(
                (one for one in record.entities if one.type == code and one.start < end and start < one.end),
                None,
            )
            if expected and entity is not None:
                known[code] += 1
                right[code] += has_value(entity, expected)
    return {
        "all": Share(right.total(), known.total()).to_dict(),
        "by_type": {code: Share(right[code], known[code]).to_dict() for code in ENTITY_TYPES if known[code]},
    }


def has_value(entity: Entity, expected: Mapping[str, Any]) -> bool:
    """Return whether an entity has every part of the normal form written beside it."""
    actual = {"value": entity.value, **entity.attributes}
    return all(
        _plain(actual.get(key), entity.type) == _plain(value, entity.type) for key, value in expected.items()
    )


def _plain(value: object, code: str) -> object:
    """Return a part of a normal form as it is compared: numbers as numbers, words without case or spaces."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return value
    plain = "".join(value.casefold().split())
    return plain.rstrip("/") if code == "URL" else plain.lstrip("@")


# ---------------------------------------------------------------- other questions


def obfuscation_scores(screener: Screener, path: Path = OBFUSCATIONS) -> Report:
    """Return the share of written disguised contacts that are found with their right normal form."""
    contacts = tomllib.loads(path.read_text(encoding="utf-8"))["contact"]
    documents = [Document(str(i), one["text"], one["language"]) for i, one in enumerate(contacts)]
    found: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for one, record in zip(contacts, screener.screen(documents), strict=True):
        expected = {key: one[key] for key in ("value", "platform") if key in one}
        entities = record.entities if isinstance(record, Screening) else ()
        hit = any(entity.type == one["type"] and has_value(entity, expected) for entity in entities)
        found[one["type"]].append(hit)
        if not hit:
            missed.append({"language": one["language"], "type": one["type"], "value": one["value"]})
    return {
        "all": Share(sum(map(sum, found.values())), len(contacts)).to_dict(),
        "by_type": {code: Share(sum(hits), len(hits)).to_dict() for code, hits in sorted(found.items())},
        "missed": missed,
    }


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
