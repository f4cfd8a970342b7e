"""Sources -> one `datasets.Dataset` with groups and splits, leak-proof across sources and languages."""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, Value, load_from_disk
from datasets import List as ListOf

import models.text
from models.taxonomy import LABELS
from training.duplicates import fingerprints_of, group_duplicates, sign
from training.example import TEST_ONLY_PARTS, Example, Source
from training.split import assign_splits

logger = logging.getLogger(__name__)
_TEXT = Path(models.text.__file__).parent
_READERS = ("corpus.py", "duplicates.py", "example.py", "markup.py", "mask.py", "split.py", "written.py")

FEATURES = Features(
    {
        "text": Value("string"),
        "labels": ListOf(Value("float32"), length=len(LABELS)),
        "mask": ListOf(Value("int8"), length=len(LABELS)),
        "any_of": ListOf(Value("int8"), length=len(LABELS)),
        "role": Value("string"),
        "language": Value("string"),
        "source": Value("string"),
        "key": Value("string"),
        "group": Value("int64"),
        "near": Value("int64"),
        "pair": Value("string"),
        "scheme": Value("string"),
        "spans": ListOf(
            {
                "kind": Value("string"),
                "code": Value("string"),
                "start": Value("int32"),
                "end": Value("int32"),
            }
        ),
        "split": Value("string"),
        "eval_only": Value("bool"),
        "leaked": Value("bool"),
    }
)


def build_corpus(sources: Sequence[Source], data_root: Path) -> Dataset:
    """Read the sources and return every text with its group and split.

    Texts of `eval_only` sets are always `test`; one that resembles an `open` text outside `test` is marked
    `leaked` and left out of every score.

    Columns: text; labels (22 shares in [0, 1], taxonomy order); mask, any_of (22 of 0/1 each); role (""
    unknown); language; source; key; group (what was split as one: near duplicates, translations, pairs); near
    (near duplicates alone, what scores count once); pair; scheme; spans (kind, code, start, end of marked
    words); split; eval_only; leaked.

    Raises:
        TrainingDataError: a file of a source is absent or malformed.
    """
    by_name = {source.name: source for source in sources}
    examples = [example for source in sources for example in source.read(data_root)]
    measured = [by_name[example.source].parts == TEST_ONLY_PARTS for example in examples]
    placed = _place(examples, measured, {name: source.parts for name, source in by_name.items()})
    logger.info("%d texts, %d near-duplicate groups", len(examples), len({place.near for place in placed}))
    rows = [
        _row(example, place, only) for example, place, only in zip(examples, placed, measured, strict=True)
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


@dataclass(frozen=True, slots=True)
class _Place:
    group: int
    near: int
    split: str
    leaked: bool


def _place(
    examples: Sequence[Example],
    measured: Sequence[bool],
    parts: Mapping[str, tuple[float, float, float, float]],
) -> list[_Place]:
    """Return where every text belongs.

    `open` texts are grouped and placed among themselves, so that no `eval_only` set changes a split.
    """
    fingerprints = fingerprints_of([example.text for example in examples])
    signatures = sign(fingerprints)
    near = group_duplicates(fingerprints, signatures)
    own = [index for index, only in enumerate(measured) if not only]
    own_examples = [examples[index] for index in own]
    own_groups = group_duplicates([fingerprints[index] for index in own], signatures, _ties(own_examples))
    own_splits = assign_splits(
        own_groups,
        [f"{example.source}/{example.key}" for example in own_examples],
        [example.source for example in own_examples],
        parts,
    )
    outside_test = {near[index] for index, split in zip(own, own_splits, strict=True) if split != "test"}
    placed = [_Place(len(examples) + copy, copy, "test", copy in outside_test) for copy in near]
    for index, group, split in zip(own, own_groups, own_splits, strict=True):
        placed[index] = _Place(own[group], near[index], split, leaked=False)
    return placed


def _row(example: Example, place: _Place, eval_only: bool) -> dict[str, Any]:
    return {
        "text": example.text,
        "labels": [example.shares.get(code, float(code in example.labels)) for code in LABELS],
        "mask": [int(code in example.known) for code in LABELS],
        "any_of": [int(code in example.any_of) for code in LABELS],
        "role": example.role or "",
        "language": example.language,
        "source": example.source,
        "key": example.key,
        "group": place.group,
        "near": place.near,
        "pair": example.pair,
        "scheme": example.scheme,
        "spans": [asdict(span) for span in example.spans],
        "split": place.split,
        "eval_only": eval_only,
        "leaked": place.leaked,
    }


def _state(sources: Sequence[Source], data_root: Path) -> str:
    """Return a digest of everything the corpus depends on: the modules that read it and the files read."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted(
        [
            *(package / name for name in _READERS),
            *package.glob("sources/*.py"),
            *package.glob("authored/*.toml"),
            *_TEXT.glob("*.py"),
        ]
    ):
        digest.update(path.read_bytes())
    for source in sources:
        folder = data_root / source.folder
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if source.folder else []
        state = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        digest.update(json.dumps([source.name, source.parts, source.sha256, state]).encode())
    return digest.hexdigest()[:16]
