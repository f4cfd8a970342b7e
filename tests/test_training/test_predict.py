"""Scores are computed once per text, kept without the text, and survive a broken run."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.artifact import load_artifact
from models.encoder import Encoder
from training import predict as module
from training.predict import predict

TEXTS = ["easy work", "งานสบาย", "see you at five", "easy work"]


class Counting:
    """An encoder that remembers what it read and how often it was compiled, and may break off at a text."""

    read: list[str]
    compiled = 0
    breaks_at = ""

    def __init__(self, artifact: Any) -> None:
        Counting.compiled += 1
        self._encoder = Encoder(artifact)

    def encode(self, texts: Sequence[str]) -> Any:
        if Counting.breaks_at in texts:
            raise KeyboardInterrupt
        Counting.read += texts
        return self._encoder.encode(texts)


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    Counting.read, Counting.breaks_at, Counting.compiled = [], "\0", 0
    monkeypatch.setattr(module, "Encoder", Counting)
    module._encoder.cache_clear()
    yield
    module._encoder.cache_clear()


def test_a_text_is_read_once_whatever_asks_for_it(tiny_artifact: Path, tmp_path: Path) -> None:
    artifact = load_artifact(tiny_artifact)
    first = predict(artifact, TEXTS, tmp_path, name="first")
    second = predict(artifact, [*TEXTS, "new"], tmp_path, name="second")

    assert sorted(Counting.read) == sorted({*TEXTS, "new"})
    assert Counting.compiled == 1
    np.testing.assert_array_equal(first.label_logits, second.label_logits[:4])
    np.testing.assert_array_equal(first.role_logits[0], first.role_logits[3])


def test_a_run_broken_off_goes_on_where_it_was(
    tiny_artifact: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CHUNK", 1)
    artifact = load_artifact(tiny_artifact)
    Counting.breaks_at = "see you at five"
    with pytest.raises(KeyboardInterrupt):
        predict(artifact, TEXTS, tmp_path, name="broken")
    Counting.read, Counting.breaks_at = [], "\0"
    predict(artifact, TEXTS, tmp_path, name="again")

    assert Counting.read == ["see you at five"]


def test_the_cache_holds_no_word_of_a_text(tiny_artifact: Path, tmp_path: Path) -> None:
    predict(load_artifact(tiny_artifact), TEXTS, tmp_path, name="any")

    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"easy work" not in stored
    assert "งานสบาย".encode() not in stored
