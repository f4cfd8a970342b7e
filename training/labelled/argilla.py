"""Argilla 2 exports: `records.json` of `Dataset.to_disk`, `records.to_json`, and `to_datasets` as rows.

A record holds `fields`, `metadata` and, by question, the responses of each user. As rows of `datasets` the
same stands in the columns `QUESTION.responses`, `QUESTION.responses.users` and `QUESTION.responses.status`.
Suggestions are what a model said, and are left out, as are drafts and what was discarded.

Format: Argilla, argilla/src/argilla/records/_resource.py and _io/_generic.py.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from models.errors import TrainingDataError
from training.labelled.codes import nearest
from training.labelled.hugging_face import hugging_face_rows
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawAnnotation, RawRow, spans_in, value_at, word, words
from training.labelled.read_jsonl import json_objects

RECORDS_FILE: Final = "records.json"
_SUBMITTED: Final = "submitted"
_QUESTIONS: Final = ("labels", "role", "spans")
_SUFFIX: Final = ".responses"

Responses = dict[str, list[tuple[str, Any]]]
"""Question -> who answered, and what."""


def read_argilla(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what is said of each record.

    Raises:
        TrainingDataError: there is no export, or nobody was asked what the mapping says are the labels.
    """
    asked: set[str] = set()
    for where, number, record in _records(path):
        responses = _nested(record) if isinstance(record.get("responses"), Mapping) else _flat(record)
        asked |= {*responses}
        fields = record.get("fields")
        found: dict[str, Any] = {**record, **(record.get("metadata") or {}), **(fields or {})}
        yield RawRow(
            where=where,
            number=str(number),
            key=word(value_at(found, mapping.column("key"))),
            text=value_at(found, mapping.column("text")),
            language=word(value_at(found, mapping.column("language"))),
            group=word(value_at(found, mapping.column("group"))),
            annotations=tuple(_annotations(responses, mapping)),
        )
    if mapping.column("labels") not in asked and mapping.column("spans") not in asked:
        near = nearest(mapping.column("labels"), asked)
        hint = f"did you mean {near!r}? " if near else ""
        raise TrainingDataError(
            f"{path.name}: nobody answered a question {mapping.column('labels')!r}: {hint}[columns] labels "
            "of the mapping names the question"
        )


def _records(path: Path) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    if path.is_dir() and not (path / RECORDS_FILE).is_file():
        yield from hugging_face_rows(path)
        return
    file = path / RECORDS_FILE if path.is_dir() else path
    for number, record in json_objects(file):
        yield f"{file.name}, row {number}", number, record


def _nested(record: Mapping[str, Any]) -> Responses:
    found: Responses = defaultdict(list)
    for question, given in record["responses"].items():
        for one in given or ():
            if isinstance(one, Mapping) and one.get("status", _SUBMITTED) == _SUBMITTED:
                found[question].append((word(one.get("user_id")), one.get("value")))
    return found


def _flat(record: Mapping[str, Any]) -> Responses:
    found: Responses = defaultdict(list)
    for column, values in record.items():
        if not column.endswith(_SUFFIX) or not isinstance(values, list):
            continue
        users = record.get(f"{column}.users") or [""] * len(values)
        status = record.get(f"{column}.status") or [_SUBMITTED] * len(values)
        for value, user, state in zip(values, users, status, strict=False):
            if state in (None, _SUBMITTED):
                found[column.removesuffix(_SUFFIX)].append((word(user), value))
    return found


def _annotations(responses: Responses, mapping: LabelMapping) -> Iterator[RawAnnotation]:
    by_user: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in _QUESTIONS:
        for user, value in responses.get(mapping.column(name), ()):
            by_user[user][name] = value
    for user, given in by_user.items():
        labels, marked = given.get("labels"), given.get("spans")
        is_marked = isinstance(labels, list) and any(isinstance(one, Mapping) for one in labels)
        yield RawAnnotation(
            annotator=user,
            labels=() if is_marked else _names(labels, mapping),
            role=word(given.get("role")),
            spans=spans_in(labels if is_marked else marked),
        )


def _names(value: object, mapping: LabelMapping) -> tuple[str, ...]:
    return words(value, "") if isinstance(value, str) else words(value, mapping.separator)
