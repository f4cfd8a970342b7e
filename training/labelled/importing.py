"""A file of labels -> a labelled dataset, or the first reason why it is none."""

import hashlib
from pathlib import Path

from models.errors import TrainingDataError
from training.labelled.dataset import LabelledDataset, checked_name, empty_classes, first_of
from training.labelled.mapping import LabelMapping
from training.labelled.reading import Reading


def dataset_of(
    reading: Reading, path: Path, form: str, mapping: LabelMapping, *, name: str, created_at: str
) -> LabelledDataset:
    """Return what was read as a dataset.

    Args:
        reading: of the file.
        path: the file, or the folder.
        form: its format.
        mapping: by which it was read.
        name: of the dataset; "" takes that of the mapping.
        created_at: now, ISO 8601.

    Raises:
        TrainingDataError: a row breaks a rule, nobody labelled anything, or no row has a mapped label.
    """
    if reading.problems:
        raise TrainingDataError(first_of(reading.problems))
    if not reading.rows:
        raise TrainingDataError(
            f"{path.name}: nobody labelled any of its {reading.unlabelled:,} texts: is it the right column? "
            "[columns] of the mapping names it"
        )
    about = {
        "licence": mapping.licence,
        "consent": mapping.consent,
        "made_from": {"file": path.name, "sha256": sha256_of(path), "format": form},
        "mapping": mapping.to_dict(),
        "created_at": created_at,
    }
    if empty := empty_classes(reading.rows, about):
        raise TrainingDataError(
            f"{path.name}: no row has a label that means {', '.join(empty)}, which the mapping names: "
            "correct [labels.codes], or take the label out of it"
        )
    return LabelledDataset(checked_name(name or mapping.name), reading.rows, about)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files of a folder."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    digest = hashlib.sha256()
    for file in sorted(one for one in path.rglob("*") if one.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{content}  {file.relative_to(path).as_posix()}\n".encode())
    return digest.hexdigest()
