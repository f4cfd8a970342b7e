"""What several tests of training share."""

from pathlib import Path

import pytest

from training.duplicates import near_groups
from training.sources import authored, everyday, written_test

WRITTEN = (authored.SOURCE, everyday.SOURCE, written_test.SOURCE)


@pytest.fixture(scope="session")
def near_duplicates() -> dict[str, list[int]]:
    """Source -> the near-duplicate group of each of its texts, for the texts written for this project.

    A group is the index of its first text among all of them, those of `authored` first.
    """
    texts = [(source.name, example.text) for source in WRITTEN for example in source.read(Path())]
    groups = near_groups([text for _, text in texts])
    return {
        source.name: [group for (name, _), group in zip(texts, groups, strict=True) if name == source.name]
        for source in WRITTEN
    }
