"""doccano's exports: JSONL or JSON of text classification, sequence labelling, or both at once.

`label` holds names of categories or [start, end, name]; with relations spans are objects in `entities`, and
in projects of both kinds categories are in `cats`. Where annotators do not share their work doccano writes a
file for each: the folder of these files is read as one, each file's name being its annotator.

Format: doccano, backend/data_export/pipeline/formatters.py and factories.py.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawAnnotation, RawRow, spans_in, value_at, word, words
from training.labelled.read_jsonl import json_objects


def read_doccano(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what each file says of each text.

    Raises:
        TrainingDataError: there is no export, or a row of it is no JSON object.
    """
    if not path.is_dir():
        yield from _of_file(path, "", mapping)
        return
    files = sorted((*path.glob("*.jsonl"), *path.glob("*.json")))
    if not files:
        raise TrainingDataError(f"{path}: expected a .jsonl file for each annotator, found none")
    for file in files:
        yield from _of_file(file, file.stem, mapping)


def _of_file(path: Path, annotator: str, mapping: LabelMapping) -> Iterator[RawRow]:
    for number, stored in json_objects(path):
        given = [*_list(stored, "label"), *_list(stored, "cats"), *_list(stored, "entities")]
        names = [one for one in given if isinstance(one, str)]
        annotation = RawAnnotation(
            annotator=word(value_at(stored, mapping.column("annotator"))) or annotator,
            labels=words(names, mapping.separator),
            role=word(value_at(stored, mapping.column("role"))),
            spans=spans_in([one for one in given if not isinstance(one, str)]),
        )
        yield RawRow(
            where=f"{path.name}, row {number}",
            number=str(number),
            key=word(value_at(stored, mapping.column("key"))),
            text=value_at(stored, mapping.column("text")),
            language=word(value_at(stored, mapping.column("language"))),
            group=word(value_at(stored, mapping.column("group"))),
            annotations=(annotation,),
        )


def _list(stored: Mapping[str, Any], name: str) -> list[Any]:
    found = stored.get(name)
    if isinstance(found, list):
        return found
    return [] if found is None else [found]
