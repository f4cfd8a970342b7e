"""The pooled vector is what the artefact's own head reads, and no text is read twice."""

from pathlib import Path

import numpy as np
import pytest

from models.artifact import load_artifact, read_weights
from models.encoder import Encoder
from models.text import normalize
from tests.tiny import random_texts
from training import pooled as module
from training.pooled import PooledEncoder, pooled


def test_the_artefacts_own_head_on_the_vectors_gives_its_logits(tiny_artifact: Path, tmp_path: Path) -> None:
    texts = random_texts(20)  # each of one window
    artifact = load_artifact(tiny_artifact)
    said = pooled(artifact, texts, tmp_path, name="texts")
    weights = read_weights(tiny_artifact)

    by_hand = said.vectors @ weights["labels.weight"].T + weights["labels.bias"]

    np.testing.assert_allclose(by_hand, said.label_logits, atol=0.1)  # bfloat16
    assert said.vectors.shape == (20, weights["labels.weight"].shape[1])


def test_logits_are_those_of_the_shipped_path_for_long_texts_too(tiny_artifact: Path, tmp_path: Path) -> None:
    texts = [*random_texts(5), *random_texts(3, seed=1, longest=400)]
    artifact = load_artifact(tiny_artifact)

    said = pooled(artifact, texts, tmp_path, name="texts")
    shipped = Encoder(artifact).encode([normalize(text).text for text in texts])

    np.testing.assert_allclose(said.label_logits, [one.label_logits for one in shipped], atol=0.1)


def test_a_text_says_the_same_alone_and_among_others(tiny_artifact: Path, tmp_path: Path) -> None:
    texts = random_texts(30)
    artifact = load_artifact(tiny_artifact)
    together = pooled(artifact, texts, tmp_path / "one", name="texts")
    alone = pooled(artifact, texts[7:8], tmp_path / "two", name="text")

    np.testing.assert_array_equal(together.vectors[7:8], alone.vectors)


def test_a_text_that_was_read_is_not_read_again(
    tiny_artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = load_artifact(tiny_artifact)
    first = pooled(artifact, ["easy work", "งานสบาย"], tmp_path, name="first")

    class Unread(PooledEncoder):
        def __init__(self) -> None:
            raise AssertionError("nothing is left to read")

    monkeypatch.setattr(module, "encoder_of", lambda _: Unread())
    second = pooled(artifact, ["งานสบาย", "easy work"], tmp_path, name="second")

    np.testing.assert_array_equal(first.vectors, second.vectors[::-1])
    assert b"easy" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_no_texts_are_no_rows(tiny_artifact: Path, tmp_path: Path) -> None:
    said = pooled(load_artifact(tiny_artifact), [], tmp_path, name="none")
    assert len(said.vectors) == len(said.label_logits) == 0
