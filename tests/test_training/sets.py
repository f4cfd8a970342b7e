"""Small sources of invented texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.taxonomy import LABELS
from training.example import LABELLED_PARTS, Example, Source


def words(seed: int, count: int = 14) -> str:
    """Return invented words: no two seeds resemble each other."""
    rng = np.random.default_rng(seed)
    return " ".join(
        "".join(rng.choice(list("abdeghiklmnoprstuvy"), rng.integers(3, 9))) for _ in range(count)
    )


def example(
    text: str, source: str, key: str, *, aligned: str = "", pair: str = "", scam: bool = True
) -> Example:
    return Example(
        text=text,
        labels=frozenset({"fraudulent_job_offer"}) if scam else frozenset(),
        known=frozenset(LABELS),
        role=None,
        language="en",
        source=source,
        key=key,
        aligned=aligned,
        pair=pair,
    )


def source(
    name: str,
    examples: Sequence[Example],
    parts: tuple[float, float, float, float] = LABELLED_PARTS,
    *,
    room: str = "open",
) -> Source:
    def read(_root: Path) -> Iterator[Example]:
        yield from examples

    return Source(name=name, folder=f"{room}/{name}", read=read, parts=parts, measure="none")
