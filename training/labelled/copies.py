"""Texts of a dataset that are the same message as another of it, or as a text of training or of a test."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from datasets import Dataset

from training.duplicates import fingerprints_of, group_duplicates, sign
from training.example import HELD
from training.labelled.row import LabelledRow

TEST = "test"


@dataclass(frozen=True, slots=True)
class Copies:
    """What repeats itself.

    Attributes:
        groups: (n_rows,) the near-duplicate group of each text.
        exact: texts that repeat an earlier one to the letter.
        near: further texts that are near duplicates of an earlier one.
        conflicting: keys of texts of whose copies people say something else.
        elsewhere: (source, split) -> keys of the texts that resemble one there.
        compared: how many texts of training and of tests there were to compare with.
    """

    groups: Sequence[int]
    exact: int
    near: int
    conflicting: Sequence[str]
    elsewhere: Mapping[tuple[str, str], Sequence[str]]
    compared: int

    @property
    def leaks(self) -> list[str]:
        """Keys of the texts that resemble one of a test."""
        return sorted({key for (_, split), keys in self.elsewhere.items() if split == TEST for key in keys})


def find_copies(rows: Sequence[LabelledRow], corpus: Dataset) -> Copies:
    """Return which texts of a dataset are copies of each other and of texts of a corpus (`build_corpus`)."""
    own = len(rows)
    fingerprints = fingerprints_of([*(row.text for row in rows), *corpus["text"][:]])
    signatures = sign(fingerprints)
    groups = group_duplicates(fingerprints[:own], signatures)
    together = group_duplicates(fingerprints, signatures)
    keys_of: dict[int, list[str]] = defaultdict(list)
    for row, group in zip(rows, together[:own], strict=True):
        keys_of[group].append(row.key)
    elsewhere: dict[tuple[str, str], set[str]] = defaultdict(set)
    places = zip(together[own:], corpus["source"][:], corpus["split"][:], strict=True)
    for group, source, split in places:
        if group in keys_of:
            elsewhere[source, split].update(keys_of[group])
    exact = own - len({row.text for row in rows})
    return Copies(
        groups=groups,
        exact=exact,
        near=own - len(set(groups)) - exact,
        conflicting=_conflicting(rows, groups),
        elsewhere={place: sorted(keys) for place, keys in sorted(elsewhere.items())},
        compared=len(corpus),
    )


def _conflicting(rows: Sequence[LabelledRow], groups: Sequence[int]) -> list[str]:
    """Return the keys of texts that hold a label of which a copy is known not to hold it."""
    said: dict[tuple[int, str], set[bool]] = defaultdict(set)
    for row, group in zip(rows, groups, strict=True):
        for code, share in row.labels.items():
            said[group, code].add(share >= HELD)
    torn = {group for (group, _), both in said.items() if len(both) > 1}
    sizes = Counter(groups)
    return [row.key for row, group in zip(rows, groups, strict=True) if group in torn and sizes[group] > 1]
