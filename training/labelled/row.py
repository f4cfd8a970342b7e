"""One text of a labelled dataset, who said what of it, and the JSON object that holds both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from models.errors import DocumentError, TrainingDataError
from models.language import UNDETERMINED, detect
from models.language_tag import known_tag
from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS, ROLES
from models.validation import validate_text
from training.example import MarkedSpan
from training.labelled.codes import checked_code

UNKNOWN_LANGUAGE: Final = UNDETERMINED.tag
FIELDS: Final = ("key", "text", "language", "role", "labels", "spans", "group", "annotations")
SPAN_CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "indicator": INDICATORS,
    "entity": ENTITY_TYPES,
    "label": LABELS,
}


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one person said of a text.

    Attributes:
        annotator: a name of their choice.
        labels: codes that hold, in taxonomy order.
        role: a role code, or None if they said none.
    """

    annotator: str
    labels: tuple[str, ...]
    role: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A text of a labelled dataset.

    Attributes:
        key: identifies it within its dataset.
        text: as received.
        language: BCP-47 primary tag, `und` if nobody said.
        role: a role code, or None if nobody said or people differ.
        labels: code -> share, in [0, 1], of those who were asked that said it holds; only of labels that are
            known of the text.
        spans: marked words.
        group: texts with the same non-empty value belong together and go to one split.
        annotations: who said what; may be empty.
    """

    key: str
    text: str = field(repr=False)
    labels: Mapping[str, float]
    language: str = UNKNOWN_LANGUAGE
    role: str | None = None
    spans: tuple[MarkedSpan, ...] = ()
    group: str = ""
    annotations: tuple[Annotation, ...] = ()


def row_of(stored: object) -> LabelledRow:
    """Return the row that a JSON object holds.

    Raises:
        TrainingDataError: it breaks a rule; the message says which, never the text.
    """
    if not isinstance(stored, dict):
        raise TrainingDataError(f"expected a JSON object, found {type(stored).__name__}")
    if missing := [name for name in FIELDS if name not in stored]:
        raise TrainingDataError(f"expected the fields {', '.join(FIELDS)}, found none named {missing[0]}")
    text = checked_text(stored["text"])
    return LabelledRow(
        key=_words(stored, "key", may_be_empty=False),
        text=text,
        labels=_labels(stored["labels"]),
        language=checked_language(stored["language"]),
        role=_role(stored["role"]),
        spans=tuple(_span(one, len(text)) for one in _list(stored, "spans")),
        group=_words(stored, "group", may_be_empty=True),
        annotations=tuple(_annotation(one) for one in _list(stored, "annotations")),
    )


def object_of(row: LabelledRow) -> dict[str, Any]:
    """Return the JSON object that holds a row."""
    return {
        "key": row.key,
        "text": row.text,
        "language": row.language,
        "role": row.role,
        "labels": {code: row.labels[code] for code in LABELS if code in row.labels},
        "spans": [
            {"kind": one.kind, "code": one.code, "start": one.start, "end": one.end} for one in row.spans
        ],
        "group": row.group,
        "annotations": [
            {"annotator": one.annotator, "labels": list(one.labels), "role": one.role}
            for one in row.annotations
        ],
    }


def checked_text(text: object) -> str:
    """Return a text that can be screened.

    Raises:
        TrainingDataError: it is empty, too long or broken.
    """
    try:
        return validate_text(text)
    except DocumentError as error:
        raise TrainingDataError(str(error)) from None


def checked_language(language: object) -> str:
    """Return the primary tag of a language.

    Raises:
        TrainingDataError: it is no language tag.
    """
    tag = known_tag(language)
    if tag is None:
        raise TrainingDataError("language: expected a tag as th or zh-Hant, or und if nobody knows")
    return tag


def language_of(text: str, said: str) -> str:
    """Return the language that somebody said a text is in, or if nobody did, the one it seems to be in."""
    return detect(text).tag if said == UNKNOWN_LANGUAGE else said


def _labels(stored: object) -> dict[str, float]:
    if not isinstance(stored, dict):
        raise TrainingDataError("labels: expected an object of codes and shares")
    shares = {}
    for code, share in stored.items():
        if share is None:  # as `datasets` writes what other rows have
            continue
        checked_code(code, LABELS, "label")
        is_number = isinstance(share, int | float) and not isinstance(share, bool)
        if not is_number or not 0 <= share <= 1:
            raise TrainingDataError(f"labels: expected a share from 0 to 1 of {code}")
        shares[code] = float(share)
    return shares


def _role(stored: object) -> str | None:
    return None if stored is None else checked_code(stored, ROLES, "role")


def _span(stored: object, length: int) -> MarkedSpan:
    if not isinstance(stored, dict) or set(stored) != {"kind", "code", "start", "end"}:
        raise TrainingDataError("spans: expected objects with kind, code, start and end")
    kind = checked_code(stored["kind"], SPAN_CODES, "kind of span")
    code = checked_code(stored["code"], SPAN_CODES[kind], kind)
    return checked_span(kind, code, stored["start"], stored["end"], length)


def checked_span(kind: str, code: str, start: object, end: object, length: int) -> MarkedSpan:
    """Return a span that lies in a text of some length.

    Raises:
        TrainingDataError: it does not.
    """
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
        raise TrainingDataError(f"spans: expected 0 <= start < end <= {length}, in code points of the text")
    return MarkedSpan(kind, code, start, end)  # type: ignore[arg-type]  # checked against its kinds


def _annotation(stored: object) -> Annotation:
    if not isinstance(stored, dict) or set(stored) != {"annotator", "labels", "role"}:
        raise TrainingDataError("annotations: expected objects with annotator, labels and role")
    codes = {checked_code(code, LABELS, "label") for code in _list(stored, "labels")}
    return Annotation(
        _words(stored, "annotator", may_be_empty=False),
        tuple(code for code in LABELS if code in codes),
        _role(stored["role"]),
    )


def _words(stored: Mapping[str, Any], name: str, *, may_be_empty: bool) -> str:
    words = stored[name]
    if not isinstance(words, str) or not (words or may_be_empty):
        raise TrainingDataError(f"{name}: expected a text{'' if may_be_empty else ', not an empty one'}")
    return words


def _list(stored: Mapping[str, Any], name: str) -> list[Any]:
    found = stored[name]
    if not isinstance(found, list):
        raise TrainingDataError(f"{name}: expected a list")
    return found
