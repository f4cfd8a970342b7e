"""Folders of Hugging Face `datasets`: `save_to_disk`, or files of CSV, JSON, Parquet or Arrow, all splits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from datasets import ClassLabel, Dataset, DatasetDict, load_dataset, load_from_disk
from datasets import List as ListOf
from datasets.utils.logging import disable_progress_bar

from models.errors import TrainingDataError
from training.labelled.mapping import LabelMapping
from training.labelled.raw import RawRow
from training.labelled.table_rows import check_columns, rows_of_table

_SAVED = ("dataset_dict.json", "state.json")


def read_hugging_face(path: Path, mapping: LabelMapping) -> Iterator[RawRow]:
    """Yield what the rows of a folder say.

    Raises:
        TrainingDataError: `datasets` cannot read the folder, or a column is missing.
    """
    first = True
    for where, number, row in hugging_face_rows(path):
        if first:
            check_columns(path.name, row, mapping)
            first = False
        name = where.rpartition(", row ")[0]
        for raw in rows_of_table(name, [(number, row)], mapping):
            yield replace(raw, number=f"{name.rpartition('/')[2]}-{number}")


def hugging_face_rows(path: Path) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """Yield where each row of a folder stands, its number there, and its cells, classes by their names.

    Raises:
        TrainingDataError: `datasets` cannot read the folder.
    """
    if not path.is_dir():
        raise TrainingDataError(f"{path}: expected a folder of a data set")
    disable_progress_bar()
    with TemporaryDirectory() as cache:
        for split, dataset in _loaded(path, cache).items():
            where = f"{path.name}/{split}"
            for number, row in enumerate(dataset, start=1):
                yield f"{where}, row {number}", number, _with_names(row, dataset)


def _loaded(path: Path, cache: str) -> Mapping[str, Dataset]:
    try:
        if any((path / name).is_file() for name in _SAVED):
            loaded = load_from_disk(str(path))
        else:
            loaded = load_dataset(str(path), cache_dir=cache)
    except Exception as error:  # of pyarrow, fsspec and others; its words may quote a cell
        raise TrainingDataError(
            f"{path.name}: `datasets` cannot read it ({type(error).__name__}): expected what `save_to_disk` "
            "wrote, or .csv, .json, .jsonl, .parquet or .arrow files of the same columns"
        ) from None
    return loaded if isinstance(loaded, DatasetDict) else {"all": loaded}


def _with_names(row: Mapping[str, Any], dataset: Dataset) -> dict[str, Any]:
    named = dict(row)
    for column, feature in dataset.features.items():
        classes = feature.feature if isinstance(feature, ListOf) else feature
        if isinstance(classes, ClassLabel) and row[column] is not None:
            value = row[column]
            numbers = value if isinstance(value, list) else [value]
            named[column] = [classes.int2str(one) for one in numbers if one >= 0]  # -1: nobody labelled it
    return named
