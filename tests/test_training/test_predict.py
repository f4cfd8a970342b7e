"""Scores are computed once per text, kept without the text, and survive a broken run."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.artifact import load_artifact
from models.encoder import Encoder
from models.errors import TrainingDataError
from tests.tiny import TINY_VOCABULARY, tiny_recipe, tiny_tokenizer_json
from training import kept_rows
from training import predict as module
from training.export import export_artifact
from training.network import Network, from_artifact
from training.predict import inherit_scores, predict

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
    monkeypatch.setattr(kept_rows, "_CHUNK", 1)
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


def exported(network: Network, folder: Path) -> Path:
    export_artifact(network, tiny_tokenizer_json(), tiny_recipe(), folder, vocabulary=TINY_VOCABULARY)
    return folder


def test_scores_are_inherited_where_only_the_token_heads_differ(tiny_artifact: Path, tmp_path: Path) -> None:
    network = from_artifact(tiny_artifact)
    base = load_artifact(exported(network, tmp_path / "base"))
    network.entities.weight.data += 1.0
    other = load_artifact(exported(network, tmp_path / "other"))
    predict(base, TEXTS, tmp_path / "cache", name="base")
    inherit_scores(base, other, TEXTS, tmp_path / "cache")
    Counting.read = []
    predict(other, TEXTS, tmp_path / "cache", name="other")

    assert Counting.read == []


def test_scores_of_other_labels_are_not_inherited(tiny_artifact: Path, tmp_path: Path) -> None:
    network = from_artifact(tiny_artifact)
    base = load_artifact(exported(network, tmp_path / "base"))
    network.labels.weight.data += 1.0
    other = load_artifact(exported(network, tmp_path / "other"))

    with pytest.raises(TrainingDataError, match="no longer those"):
        inherit_scores(base, other, TEXTS, tmp_path / "cache")
