"""Sources -> one `datasets.Dataset` with groups and splits, leak-proof across sources and languages."""

import hashlib
import json
import logging
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from datasets import Dataset, Features, Value, load_from_disk
from datasets import List as ListOf

import models.text
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from training.duplicates import DisjointSets, fingerprints_of, group_duplicates, sign
from training.example import TEST_ONLY_PARTS, Example, Source, Split
from training.split import SPLITS, assign_splits

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


def build_corpus(sources: Sequence[Source], data_root: Path, added: Sequence[Source] = ()) -> Dataset:
    """Read the sources and return every text with its group and split.

    Texts of `eval_only` sets are always `test`; one that resembles an `open` text outside `test` is marked
    `leaked` and left out of every score. Sets that are `added` move no other text: where one of theirs
    resembles an `open` text it goes to the split of that.

    Columns: text; labels (22 shares in [0, 1], taxonomy order); mask, any_of (22 of 0/1 each); role (""
    unknown); language; source; key; group (what was split as one: near duplicates, translations, pairs); near
    (near duplicates alone, what scores count once); pair; scheme; spans (kind, code, start, end of marked
    words); split; eval_only; leaked.

    Raises:
        TrainingDataError: a file of a source is absent or malformed.
    """
    every = (*sources, *added)
    by_name = {source.name: source for source in every}
    if len(by_name) < len(every):
        raise TrainingDataError("two sets have the same name: rename one of those that are added")
    examples = [example for source in every for example in source.read(data_root)]
    measured = [by_name[example.source].parts == TEST_ONLY_PARTS for example in examples]
    late = {source.name for source in added}
    kinds = _Kinds(
        own=[i for i, only in enumerate(measured) if not only and examples[i].source not in late],
        added=[i for i, example in enumerate(examples) if example.source in late],
    )
    placed = _place(examples, kinds, {name: source.parts for name, source in by_name.items()})
    logger.info("%d texts, %d near-duplicate groups", len(examples), len({place.near for place in placed}))
    rows = [
        _row(example, place, only) for example, place, only in zip(examples, placed, measured, strict=True)
    ]
    return Dataset.from_list(rows, features=FEATURES)


def load_corpus(
    sources: Sequence[Source], data_root: Path, cache: Path, added: Sequence[Source] = ()
) -> Dataset:
    """Return `build_corpus`, kept on disk under `cache` until a source's module or file changes."""
    late = f"-{_state(added, data_root)}" if added else ""
    folder = cache / f"corpus-{_state(sources, data_root)}{late}"
    if not folder.is_dir():
        new = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        build_corpus(sources, data_root, added).save_to_disk(str(new))
        new.rename(folder)
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


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Which examples are placed first, and which after them; all others are `eval_only`."""

    own: list[int]
    added: list[int]


def _place(
    examples: Sequence[Example], kinds: _Kinds, parts: Mapping[str, tuple[float, float, float, float]]
) -> list[_Place]:
    """Return where every text belongs.

    `open` texts are grouped and placed among themselves, so that no `eval_only` or added set changes a split;
    added ones among themselves and those, so that no `eval_only` set does.
    """
    fingerprints = fingerprints_of([example.text for example in examples])
    signatures = sign(fingerprints)
    near = group_duplicates(fingerprints, signatures)
    own = kinds.own
    own_examples = [examples[index] for index in own]
    own_groups = group_duplicates([fingerprints[index] for index in own], signatures, _ties(own_examples))
    own_splits = _splits(own_examples, own_groups, parts)
    placed: dict[int, tuple[int, Split]] = {
        index: (own[group], split) for index, group, split in zip(own, own_groups, own_splits, strict=True)
    }
    if kinds.added:
        both = sorted([*own, *kinds.added])
        alike = near
        if len(both) < len(examples):
            alike = group_duplicates([fingerprints[index] for index in both], signatures)
        placed |= _place_added(examples, dict(zip(both, alike, strict=True)), kinds, placed, parts)
    outside_test = {near[index] for index, (_, split) in placed.items() if split != "test"}
    return [
        _Place(placed[index][0], copy, placed[index][1], leaked=False)
        if index in placed
        else _Place(len(examples) + copy, copy, "test", copy in outside_test)
        for index, copy in enumerate(near)
    ]


def _place_added(
    examples: Sequence[Example],
    alike: Mapping[int, int],
    kinds: _Kinds,
    placed: Mapping[int, tuple[int, Split]],
    parts: Mapping[str, tuple[float, float, float, float]],
) -> dict[int, tuple[int, Split]]:
    """Return index -> group and split of added texts.

    Args:
        examples: all.
        alike: index -> group of near duplicates, of `open` and added texts.
        kinds: which are which.
        placed: index -> group and split of the `open` texts.
        parts: source -> shares of train, tune, certify, test.
    """
    taken: dict[int, tuple[int, Split]] = {}
    for index, place in placed.items():  # of several splits the one that is furthest from training
        there = taken.get(alike[index], place)
        taken[alike[index]] = max(there, place, key=lambda one: SPLITS.index(one[1]))
    added = [examples[index] for index in kinds.added]
    names = [f"near:{alike[index]}" for index in kinds.added]
    groups = _joined(names, [example.aligned for example in added])
    splits = _splits(added, groups, parts)
    found: dict[int, tuple[int, Split]] = {}
    drawn: dict[int, tuple[int, Split]] = {}
    for index, group in zip(kinds.added, groups, strict=True):
        if alike[index] in taken:
            place = taken[alike[index]]
            there = drawn.get(group, place)
            drawn[group] = max(there, place, key=lambda one: SPLITS.index(one[1]))
    for index, group, split in zip(kinds.added, groups, splits, strict=True):
        found[index] = drawn.get(group, (kinds.added[group], split))
    return found


def _joined(names: Sequence[str], ties: Sequence[str]) -> list[int]:
    """Return (n,) the smallest index of those that share a name or a tie, directly or through others."""
    groups = DisjointSets(len(names))
    first: dict[str, int] = {}
    for index, (name, tie) in enumerate(zip(names, ties, strict=True)):
        groups.join(first.setdefault(name, index), index)
        if tie:
            groups.join(first.setdefault(f"tie:{tie}", index), index)
    return [groups.root(index) for index in range(len(names))]


def _splits(
    examples: Sequence[Example],
    groups: Sequence[int],
    parts: Mapping[str, tuple[float, float, float, float]],
) -> list[Split]:
    return assign_splits(
        groups,
        [f"{example.source}/{example.key}" for example in examples],
        [example.source for example in examples],
        parts,
    )


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
