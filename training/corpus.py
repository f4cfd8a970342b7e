"""Sources -> one `datasets.Dataset` with groups and splits, leak-proof across sources and languages."""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, Value, load_from_disk
from datasets import List as ListOf

import models.text
from models.taxonomy import LABELS
from training.duplicates import fingerprints_of, group_duplicates, group_sizes, sign
from training.example import Example, Source
from training.split import assign_splits

logger = logging.getLogger(__name__)
_TEXT = Path(models.text.__file__).parent

FEATURES = Features(
    {
        "text": Value("string"),
        "labels": ListOf(Value("int8"), length=len(LABELS)),
        "mask": ListOf(Value("int8"), length=len(LABELS)),
        "any_of": ListOf(Value("int8"), length=len(LABELS)),
        "role": Value("string"),
        "language": Value("string"),
        "source": Value("string"),
        "key": Value("string"),
        "group": Value("int64"),
        "pair": Value("string"),
        "scheme": Value("string"),
        "split": Value("string"),
        "eval_only": Value("bool"),
        "leaked": Value("bool"),
    }
)


def build_corpus(sources: Sequence[Source], data_root: Path) -> Dataset:
    """Read the sources and return every text with its group and split.

    Texts of `eval_only` sets are always `test`; one that resembles an `open` text outside `test` is marked
    `leaked` and left out of every score.

    Columns: text; labels, mask, any_of (22 of 0/1 each, taxonomy order); role ("" unknown); language; source;
    key; group; pair; scheme; split; eval_only; leaked.

    Raises:
        TrainingDataError: a file of a source is absent or malformed.
    """
    by_name = {source.name: source for source in sources}
    examples = [example for source in sources for example in source.read(data_root)]
    measured = [by_name[example.source].folder.startswith("eval_only") for example in examples]
    splits, groups, leaked = _place(
        examples, measured, {name: source.parts for name, source in by_name.items()}
    )
    logger.info(
        "%d texts, %d groups, largest %d", len(examples), len(set(groups)), max(group_sizes(groups).values())
    )
    rows = [
        _row(example, groups[index], splits[index], measured[index], leaked[index])
        for index, example in enumerate(examples)
    ]
    return Dataset.from_list(rows, features=FEATURES)


def load_corpus(sources: Sequence[Source], data_root: Path, cache: Path) -> Dataset:
    """Return `build_corpus`, kept on disk under `cache` until a source's module or file changes."""
    folder = cache / f"corpus-{_state(sources, data_root)}"
    if not folder.is_dir():
        build_corpus(sources, data_root).save_to_disk(str(folder))
    return load_from_disk(str(folder))


def _ties(examples: Sequence[Example]) -> list[list[int]]:
    by_hint: dict[str, list[int]] = defaultdict(list)
    for index, example in enumerate(examples):
        if example.aligned:
            by_hint[example.aligned].append(index)
    return list(by_hint.values())


def _place(
    examples: Sequence[Example],
    measured: Sequence[bool],
    parts: Mapping[str, tuple[float, float, float, float]],
) -> tuple[list[str], list[int], list[bool]]:
    """Return split, group and `leaked` of every text.

    `open` texts are grouped among themselves first, so that no `eval_only` set changes a split.
    """
    fingerprints = fingerprints_of([example.text for example in examples])
    signatures = sign(fingerprints)
    own = [index for index, only in enumerate(measured) if not only]
    own_examples = [examples[index] for index in own]
    own_groups = group_duplicates([fingerprints[index] for index in own], signatures, _ties(own_examples))
    placed = assign_splits(
        own_groups,
        [f"{example.source}/{example.key}" for example in own_examples],
        [example.source for example in own_examples],
        parts,
    )
    splits = ["test"] * len(examples)
    for index, split in zip(own, placed, strict=True):
        splits[index] = split
    groups = group_duplicates(fingerprints, signatures, _ties(examples))
    outside_test = {group for group, split in zip(groups, splits, strict=True) if split != "test"}
    leaked = [only and group in outside_test for group, only in zip(groups, measured, strict=True)]
    return splits, groups, leaked


def _row(example: Example, group: int, split: str, eval_only: bool, leaked: bool) -> dict[str, Any]:
    return {
        "text": example.text,
        "labels": [int(code in example.labels) for code in LABELS],
        "mask": [int(code in example.known) for code in LABELS],
        "any_of": [int(code in example.any_of) for code in LABELS],
        "role": example.role or "",
        "language": example.language,
        "source": example.source,
        "key": example.key,
        "group": group,
        "pair": example.pair,
        "scheme": example.scheme,
        "split": split,
        "eval_only": eval_only,
        "leaked": leaked,
    }


def _state(sources: Sequence[Source], data_root: Path) -> str:
    """Return a digest of everything the corpus depends on: the modules that read it and the files read."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(
        [
            *package.glob("*.py"),
            *package.glob("sources/*.py"),
            *package.glob("authored/*.toml"),
            *_TEXT.glob("*.py"),
        ]
    ):
        if (
            path.name in {"corpus.py", "duplicates.py", "split.py", "example.py", "markup.py"}
            or path.parent != package
        ):
            digest.update(path.read_bytes())
    for source in sources:
        folder = data_root / source.folder
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if source.folder else []
        state = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        digest.update(json.dumps([source.name, source.parts, state]).encode())
    return digest.hexdigest()[:16]
