"""Where a run starts: an artefact trained further keeps what it knows, and the new one names it."""

from pathlib import Path

import torch

from models.artifact import load_artifact
from training.network import from_artifact, tiny_network
from training.run import start_from


def test_an_artifact_trained_further_starts_with_its_own_heads(tiny_artifact: Path) -> None:
    network, origin = start_from(str(tiny_artifact))

    before = from_artifact(tiny_artifact)
    for part in ("encoder", "labels", "roles"):
        torch.testing.assert_close(getattr(network, part).state_dict(), getattr(before, part).state_dict())
    assert not torch.equal(network.indicators.weight, before.indicators.weight)  # never trained: starts anew
    assert origin["sha256"] == load_artifact(tiny_artifact).info.sha256


def test_an_encoder_starts_with_heads_that_hardly_ever_speak(tmp_path: Path) -> None:
    encoder = tiny_network(200).encoder
    encoder.save_pretrained(tmp_path / "tiny-encoder")
    network, origin = start_from(str(tmp_path / "tiny-encoder"))
    logits = network(torch.ones(1, 3, dtype=torch.int64), torch.ones(1, 3, dtype=torch.int64)).label_logits

    assert origin == {"encoder": "tiny-encoder"}
    assert logits.sigmoid().max() < 0.1
