"""Sentences of texts the model never saw: `test` parts and `eval_only` sets under the data root."""

from pathlib import Path

from benchmarks.texts import Pools, pools_of
from models.taxonomy import LABELS
from training.corpus import load_corpus
from training.example import Example
from training.sources import present_sources


def held_out_pools(data_root: Path, cache: Path) -> Pools:
    """Return (language, carries a label) -> sentences of the texts that no part of training has seen.

    Args:
        data_root: `SCAMSCREEN_DATA`.
        cache: folder in which the corpus is kept once it is built, which takes minutes.

    Raises:
        TrainingDataError: a file of a source is absent or malformed.
    """
    corpus = load_corpus(present_sources(data_root), data_root, cache)
    columns = ["text", "labels", "mask", "any_of", "language", "source", "key", "split", "leaked"]
    return pools_of(
        Example(
            text=row["text"],
            labels=_codes(row["labels"]),
            known=_codes(row["mask"]),
            role=None,
            language=row["language"],
            source=row["source"],
            key=row["key"],
            any_of=_codes(row["any_of"]),
        )
        for row in corpus.select_columns(columns)
        if row["split"] == "test" and not row["leaked"]
    )


def _codes(bits: list[int]) -> frozenset[str]:
    return frozenset(code for code, bit in zip(LABELS, bits, strict=True) if bit)
