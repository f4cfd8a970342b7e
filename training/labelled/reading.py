"""A file of labels in any format -> rows of a labelled dataset, and what is wrong with the others."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.example import MarkedSpan
from training.labelled.argilla import read_argilla
from training.labelled.doccano import read_doccano
from training.labelled.hugging_face import read_hugging_face
from training.labelled.label_studio import read_label_studio
from training.labelled.mapping import LabelMapping, Said
from training.labelled.raw import RawAnnotation, RawRow, RawSpan
from training.labelled.read_csv import read_csv
from training.labelled.read_jsonl import read_jsonl
from training.labelled.read_xlsx import read_xlsx
from training.labelled.row import Annotation, LabelledRow, checked_span, checked_text

FORMATS: Final[Mapping[str, Callable[[Path, LabelMapping], Iterator[RawRow]]]] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "xlsx": read_xlsx,
    "label-studio": read_label_studio,
    "argilla": read_argilla,
    "doccano": read_doccano,
    "hf": read_hugging_face,
}
_KEY_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        rows: texts that somebody labelled.
        problems: one for each row that breaks a rule, with file and row, without its text.
        unlabelled: how many texts nobody labelled; they are left out.
    """

    rows: tuple[LabelledRow, ...]
    problems: tuple[str, ...]
    unlabelled: int


def read_labels(path: Path, form: str, mapping: LabelMapping) -> Reading:
    """Read a file of labels.

    Rows with the same key are one text that several people labelled; without keys, rows with the same text
    are, if they name their annotators.

    Args:
        path: a file, or a folder where the format is one.
        form: one of `FORMATS`.
        mapping: what its columns and labels mean.

    Raises:
        TrainingDataError: the file as a whole cannot be read.
    """
    if not path.exists():
        raise TrainingDataError(f"{path}: there is no such file or folder")
    texts: dict[str, list[RawRow]] = defaultdict(list)
    problems: list[str] = []
    for raw in FORMATS[form](path, mapping):
        try:
            text = _text_of(raw)
            same = texts[raw.key or _key_of(raw, text)]
            if same and same[0].text != text:
                raise TrainingDataError(f"its key is that of {same[0].where}, its text is not")
        except TrainingDataError as error:
            problems.append(f"{raw.where}: {error}")
        else:
            same.append(raw)
    rows: list[LabelledRow] = []
    unlabelled = 0
    for key, raws in texts.items():
        if not raws:
            continue
        try:
            row = _row(key, raws, mapping)
        except TrainingDataError as error:
            problems.append(str(error))
            continue
        if row is None:
            unlabelled += 1
        else:
            rows.append(row)
    return Reading(tuple(rows), tuple(problems), unlabelled)


def _text_of(raw: RawRow) -> str:
    if raw.text is None:
        raise TrainingDataError("it has no text: [columns] text of the mapping says where one stands")
    return checked_text(raw.text)


def _key_of(raw: RawRow, text: str) -> str:
    if any(one.annotator for one in raw.annotations):
        return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]
    return raw.number


@dataclass(frozen=True, slots=True)
class _Told:
    """What one person said of a text, in our codes."""

    annotator: str
    said: Said
    role: str | None
    spans: frozenset[MarkedSpan]


def _row(key: str, raws: Sequence[RawRow], mapping: LabelMapping) -> LabelledRow | None:
    """Return the text of some rows with all that was said of it, or None if that is nothing.

    Raises:
        TrainingDataError: a row breaks a rule; the message says which.
    """
    text = str(raws[0].text)
    by_annotator: dict[str, _Told] = {}
    languages: list[str] = []
    for raw in raws:
        try:
            languages.append(mapping.language_said(raw.language))
            for number, annotation in enumerate(raw.annotations):
                if told := _told(text, annotation, mapping):
                    # Who labelled a text twice counts once, by the later; the nameless are different people.
                    by_annotator[told.annotator or f"\0{raw.where} {number}"] = told
        except TrainingDataError as error:
            raise TrainingDataError(f"{raw.where}: {error}") from None
    everybody = [*by_annotator.values()]
    if not everybody:
        return None
    roles = {told.role for told in everybody if told.role}
    return LabelledRow(
        key=key,
        text=text,
        labels=_shares([told.said for told in everybody]),
        language=languages[0],
        role=roles.pop() if len(roles) == 1 else None,
        spans=_agreed(everybody),
        group=raws[0].group,
        annotations=tuple(
            Annotation(told.annotator, tuple(code for code in LABELS if code in told.said.holds), told.role)
            for told in everybody
            if told.annotator
        ),
    )


def _told(text: str, raw: RawAnnotation, mapping: LabelMapping) -> _Told | None:
    spans = [span for one in raw.spans if (span := _span(text, one, mapping))]
    said = mapping.labels_said(raw.labels)
    shown = frozenset(span.code for span in spans if span.kind == "label")
    if shown:  # who marks what shows a label says that it holds
        before = said or Said(frozenset(), mapping.asked)
        said = Said(before.holds | shown, before.asked | shown)
    if said is None:
        return None
    annotator = mapping.annotators.get(raw.annotator, raw.annotator)
    return _Told(annotator, said, mapping.role_said(raw.role), frozenset(spans))


def _shares(said: Sequence[Said]) -> dict[str, float]:
    """Return code -> share, of those who were asked, that said it holds; of codes that were asked about."""
    asked = Counter(code for one in said for code in one.asked)
    held = Counter(code for one in said for code in one.holds)
    return {code: held[code] / asked[code] for code in LABELS if asked[code]}


def _agreed(everybody: Sequence[_Told]) -> tuple[MarkedSpan, ...]:
    """Return the spans that at least half of those marked who marked any."""
    marking = [told.spans for told in everybody if told.spans]
    counts = Counter(span for spans in marking for span in spans)
    agreed = [span for span, count in counts.items() if 2 * count >= len(marking)]
    return tuple(sorted(agreed, key=lambda span: (span.start, -span.end, span.code)))


def _span(text: str, raw: RawSpan, mapping: LabelMapping) -> MarkedSpan | None:
    """Return a span with its code, or None if the mapping leaves such out.

    Raises:
        TrainingDataError: its name is unknown, or it is not where the file says.
    """
    meant = mapping.span_said(raw.name)
    if meant is None:
        return None
    span = checked_span(*meant, raw.start, raw.end, max(len(text), _utf16_units(text)))
    if raw.words is None or _is_same(text[span.start : span.end], raw.words):
        return checked_span(*meant, span.start, span.end, len(text))
    start, end = _code_point(text, span.start), _code_point(text, span.end)
    if not _is_same(text[start:end], raw.words):
        raise TrainingDataError("spans: the marked words do not stand where the file says")
    return checked_span(*meant, start, end, len(text))


def _is_same(found: str, told: str) -> bool:
    """Whether words are the same but for blanks and line ends, which tools write in their own ways."""
    return "".join(found.split()) == "".join(told.replace("\\n", "\n").split())


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _code_point(text: str, unit: int) -> int:
    """Return the place in code points of a place in UTF-16 units, as JavaScript counts."""
    return len(text.encode("utf-16-le")[: 2 * unit].decode("utf-16-le", "ignore"))
