"""Label Studio's export `JSON`: tasks with the annotations of everybody, choices and marked words.

Offsets are code points; versions before 1.5 counted UTF-16, which `reading` sees by the words beside them.
Skipped annotations (`was_cancelled`) and predictions say nothing. An annotator is told by their number:
names and addresses in the export stay there.

Format: Label Studio, docs/source/guide/task_format.md and docs/source/includes/result_format.md.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawAnnotation, RawRow, RawSpan, value_at, word
from training.labelled.read_jsonl import json_objects

_CHOICES: Final = "choices"
_TAXONOMY: Final = "taxonomy"
_MARKED: Final = ("labels", "hypertextlabels")


def read_label_studio(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what is said of each task.

    Raises:
        TrainingDataError: the file is no export, or another of Label Studio's formats.
    """
    for number, task in json_objects(path):
        where = f"{path.name}, row {number}"
        data, annotations = task.get("data"), task.get("annotations", task.get("completions"))
        if not isinstance(data, dict) or not isinstance(annotations, list):
            raise TrainingDataError(
                f"{where}: expected a task with data and annotations: export the project as JSON, not as "
                "JSON-MIN"
            )
        yield RawRow(
            where=where,
            number=str(number),
            key=word(value_at(data, mapping.columns["key"]) if "key" in mapping.columns else task.get("id")),
            text=value_at(data, mapping.column("text")),
            language=word(value_at(data, mapping.column("language"))),
            group=word(value_at(data, mapping.column("group"))),
            annotations=tuple(
                _annotation(one, mapping)
                for one in annotations
                if isinstance(one, dict) and not one.get("was_cancelled")
            ),
        )


def _annotation(stored: Mapping[str, Any], mapping: LabelMapping) -> RawAnnotation:
    labels: list[str] = []
    roles: list[str] = []
    spans: list[RawSpan] = []
    for one in stored.get("result") or ():
        value = one.get("value") if isinstance(one, dict) else None
        if not isinstance(value, dict):
            continue
        kind, control = one.get("type"), one.get("from_name")
        if kind in _MARKED:
            spans += _spans(value, kind)
        elif kind in (_CHOICES, _TAXONOMY) and control == mapping.column("role"):
            roles += _chosen(value, kind)
        elif kind in (_CHOICES, _TAXONOMY) and control == mapping.columns.get("labels", control):
            labels += _chosen(value, kind)
    return RawAnnotation(
        _annotator(stored.get("completed_by")), tuple(labels), roles[0] if roles else "", tuple(spans)
    )


def _chosen(value: Mapping[str, Any], kind: str) -> list[str]:
    """Return what was chosen; of a path in a tree its last part."""
    chosen = value.get(kind) or ()
    return [word(one[-1] if isinstance(one, list) and one else one) for one in chosen]


def _spans(value: Mapping[str, Any], kind: str) -> Iterator[RawSpan]:
    offsets = value.get("globalOffsets", value) if kind == "hypertextlabels" else value
    marked = value.get("text")
    for name in value.get(kind) or ():
        yield RawSpan(
            word(name), offsets.get("start"), offsets.get("end"), marked if isinstance(marked, str) else None
        )


def _annotator(completed_by: object) -> str:
    return word(completed_by.get("id") if isinstance(completed_by, dict) else completed_by)
