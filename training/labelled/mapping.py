"""The mapping file: which column is what, and what each label of a file means in the taxonomy. TOML.

    [dataset]
    name = "hotline_2026"            # letters, digits, . _ -
    licence = "CC-BY-4.0"            # SPDX id, or unpublished
    consent = "Senders agreed to research on the hotline's form."
    language = "th"                  # of rows that name none; left out: nobody knows, it is detected

    [file]                           # csv: encoding, delimiter; xlsx: sheet
    encoding = "cp874"

    [columns]                        # ours = theirs; a path into JSON has dots: "data.message"
    text = "message"
    key = "case"                     # rows with the same key are one text, labelled by several people
    labels = "type"                  # label-studio: name of the control, argilla: of the question
    annotator = "who"                # also: language, role, group, spans

    [annotator_columns]              # instead of labels and annotator: a column of labels for each person
    anna = "label by Anna"

    [labels]
    asked = ["online_gambling"]      # what people looked for: of these, what they did not say does not hold
    separator = ";"                  # several labels in one cell
    empty = "skip"                   # no label at all: the text is left out; "no": none of the asked holds

    [labels.codes]                   # theirs = ours; a code of the taxonomy needs no line
    "judi online" = ["online_gambling"]
    "lainnya" = []                   # none of the asked holds
    "normal" = "none"                # no label of the taxonomy holds
    "tidak yakin" = "skip"           # says nothing; none and skip themselves need no line either

    [roles]                          # likewise [spans], [languages], [annotators]
    "iklan" = "offer"

Sections and keys may be left out, but for [labels] asked.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.errors import TrainingDataError
from models.taxonomy import LABELS, ROLES
from training.labelled.codes import checked_code, nearest, shown
from training.labelled.row import SPAN_CODES, UNKNOWN_LANGUAGE, checked_language
from training.sources.tables import read_text

COLUMNS: Final = ("text", "key", "language", "labels", "role", "group", "annotator", "spans")
NOTHING_HOLDS: Final = "none"
SAYS_NOTHING: Final = "skip"
_UNNAMED: Final = {"key": "id"}
_KEYS: Final[Mapping[str, Collection[str]]] = {
    "dataset": ("name", "licence", "consent", "language"),
    "file": ("encoding", "delimiter", "sheet"),
    "columns": COLUMNS,
    "labels": ("asked", "separator", "empty", "codes"),
}
_RENAMES: Final = ("annotator_columns", "roles", "spans", "languages", "annotators")


@dataclass(frozen=True, slots=True)
class Said:
    """What labels of a file mean.

    Attributes:
        holds: codes that hold.
        asked: codes that are known not to hold if they do not.
    """

    holds: frozenset[str]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class LabelMapping:
    """What a mapping file says; see the module.

    Attributes:
        columns: field -> column, of those that the file names.
        codes: label, as `_plain` -> codes that hold, or `NOTHING_HOLDS`, or `SAYS_NOTHING`.
        roles, spans, languages, annotators: their words -> ours; the first three as `_plain`.
    """

    name: str = ""
    licence: str = "unknown"
    consent: str = "unknown"
    language: str = UNKNOWN_LANGUAGE
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    annotator_columns: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset(LABELS)
    separator: str = ";"
    empty: str = SAYS_NOTHING
    codes: Mapping[str, tuple[str, ...] | str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    spans: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    annotators: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """Return the column of one of `COLUMNS`; a file without a mapping names them as we do, and `id`."""
        return self.columns.get(name, _UNNAMED.get(name, name))

    def labels_said(self, labels: Sequence[str] | None) -> Said | None:
        """Return what the labels that somebody gave a text mean; None if that is nothing.

        Args:
            labels: as the file names them; None: they gave none, which may not be the same as no label.

        Raises:
            TrainingDataError: a label is unknown, or two contradict each other.
        """
        if not labels:
            return None if self.empty == SAYS_NOTHING else Said(frozenset(), self.asked)
        meanings = [(label, self._meaning(label)) for label in labels]
        told = [(label, meaning) for label, meaning in meanings if meaning != SAYS_NOTHING]
        if not told:
            return None
        holds = frozenset(code for _, meaning in told if meaning != NOTHING_HOLDS for code in meaning)
        nothing = [label for label, meaning in told if meaning == NOTHING_HOLDS]
        if nothing and holds:
            raise TrainingDataError(
                f"label {shown(nothing[0])} says that nothing holds, another label of the text that "
                f"{', '.join(sorted(holds))} does"
            )
        return Said(holds, frozenset(LABELS) if nothing else self.asked | holds)

    def role_said(self, role: str) -> str | None:
        """Return the role code of a word; None of an empty one.

        Raises:
            TrainingDataError: it is unknown.
        """
        word = _plain(role)
        if not word:
            return None
        return self.roles[word] if word in self.roles else _coded(role, ROLES, self.roles, "role", "[roles]")

    def span_said(self, name: str) -> tuple[str, str] | None:
        """Return kind and code of a name that spans have in the file; None: such spans are left out.

        Raises:
            TrainingDataError: it is unknown.
        """
        every = {code: kind for kind, codes in SPAN_CODES.items() for code in codes}
        word = _plain(name)
        code = self.spans[word] if word in self.spans else _coded(name, every, self.spans, "span", "[spans]")
        return None if code == SAYS_NOTHING else (every[code], code)

    def language_said(self, language: str) -> str:
        """Return the language of a row.

        Raises:
            TrainingDataError: it is no language tag, and the mapping does not say what it means.
        """
        word = _plain(language)
        return checked_language(self.languages.get(word, word) or self.language)

    def to_dict(self) -> dict[str, Any]:
        """Return what travels in `dataset.json`: how labels, roles and spans were read."""
        return {
            "asked": [code for code in LABELS if code in self.asked],
            "codes": {
                label: meaning if isinstance(meaning, str) else list(meaning)
                for label, meaning in self.codes.items()
            },
            "roles": dict(self.roles),
            "spans": dict(self.spans),
        }

    def _meaning(self, label: str) -> tuple[str, ...] | str:
        word = _plain(label)
        if word in self.codes:
            return self.codes[word]
        if word in (NOTHING_HOLDS, SAYS_NOTHING):
            return word
        return (_coded(label, LABELS, self.codes, "label", "[labels.codes]"),)


def load_mapping(path: Path) -> LabelMapping:
    """Read a mapping file.

    Raises:
        TrainingDataError: it is absent, not TOML, or a section, key or code is unknown.
    """
    try:
        stored = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise TrainingDataError(f"{path.name} is not TOML: {error}") from error
    try:
        return _mapping(stored)
    except TrainingDataError as error:
        raise TrainingDataError(f"{path.name}: {error}") from None


def _mapping(stored: Mapping[str, Any]) -> LabelMapping:
    for section, content in stored.items():
        checked_code(section, (*_KEYS, *_RENAMES), "section")
        if not isinstance(content, dict):
            raise TrainingDataError(f"{section} must be a section, [{section}]")
        for key in content:
            if section in _KEYS:
                checked_code(key, _KEYS[section], f"key of [{section}]")
    if "asked" not in stored.get("labels", {}):
        raise TrainingDataError(
            '[labels] must say asked = [...], the labels that people looked for, or asked = "all"'
        )
    texts = {**_texts(stored, "dataset"), **_texts(stored, "file")}
    labels = stored["labels"]
    if labels.get("empty", SAYS_NOTHING) not in (SAYS_NOTHING, "no"):
        raise TrainingDataError('[labels] empty must be "skip" or "no"')
    if texts.get("delimiter") == "" or len(texts.get("delimiter", ",")) > 1:
        raise TrainingDataError("[file] delimiter must be one character")
    if "language" in texts:
        texts["language"] = checked_language(texts["language"])
    return LabelMapping(
        **texts,
        columns=_texts(stored, "columns"),
        annotator_columns=_texts(stored, "annotator_columns"),
        asked=_asked(labels["asked"]),
        separator=_text(labels.get("separator", ";"), "[labels] separator"),
        empty=labels.get("empty", SAYS_NOTHING),
        codes={_plain(label): _meaning_of(label, meaning) for label, meaning in _codes(labels).items()},
        roles=_renamed(stored, "roles", ROLES),
        spans=_renamed(stored, "spans", (SAYS_NOTHING, *(code for of in SPAN_CODES.values() for code in of))),
        languages={_plain(word): checked_language(tag) for word, tag in _texts(stored, "languages").items()},
        annotators=_texts(stored, "annotators"),
    )


def _asked(asked: object) -> frozenset[str]:
    if asked == "all":
        return frozenset(LABELS)
    if not isinstance(asked, list) or not asked:
        raise TrainingDataError('[labels] asked must be a list of label codes, or "all"')
    return frozenset(checked_code(code, LABELS, "label") for code in asked)


def _codes(labels: Mapping[str, Any]) -> Mapping[str, Any]:
    codes = labels.get("codes", {})
    if not isinstance(codes, dict):
        raise TrainingDataError("[labels.codes] must be a section")
    return codes


def _meaning_of(label: str, meaning: object) -> tuple[str, ...] | str:
    if meaning in (NOTHING_HOLDS, SAYS_NOTHING):
        return str(meaning)
    codes = meaning if isinstance(meaning, list) else [meaning]
    try:
        return tuple(checked_code(code, LABELS, "label") for code in codes)
    except TrainingDataError as error:
        raise TrainingDataError(f"[labels.codes] {label!r}: {error}") from None


def _renamed(stored: Mapping[str, Any], section: str, known: Collection[str]) -> dict[str, str]:
    what = section.removesuffix("s")
    return {_plain(word): checked_code(code, known, what) for word, code in _texts(stored, section).items()}


def _texts(stored: Mapping[str, Any], section: str) -> dict[str, str]:
    return {key: _text(value, f"[{section}] {key}") for key, value in stored.get(section, {}).items()}


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise TrainingDataError(f"{where} must be a text")
    return value


def _coded(word: str, known: Collection[str], words: Collection[str], what: str, section: str) -> str:
    """Return a word that is a code itself, in whatever case.

    Raises:
        TrainingDataError: it is none; the message says which word or code was probably meant.
    """
    codes = {_plain(code): code for code in known}
    if _plain(word) in codes:
        return codes[_plain(word)]
    near = nearest(word, [*words, *known])
    hint = f"did you mean {near!r}? Else " if near else ""
    raise TrainingDataError(f"{what} {shown(word)} is unknown: {hint}say in {section} what it means")


def _plain(word: str) -> str:
    return " ".join(word.split()).casefold()
