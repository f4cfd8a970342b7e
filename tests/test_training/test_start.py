"""Where a run starts: an artefact trained further keeps what it knows, and the new one names it."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from models.artifact import load_artifact
from models.errors import RecipeError
from tests.test_training.tables import table
from tests.tiny import tiny_recipe
from training.export import write_manifest
from training.network import from_artifact, tiny_network
from training.run_texts import training_texts
from training.start import claim, start_from
from training.texts import TrainingTexts


def test_an_artifact_trained_further_starts_with_its_own_heads(tiny_artifact: Path) -> None:
    network, origin = start_from(str(tiny_artifact))

    before = from_artifact(tiny_artifact)
    torch.testing.assert_close(network.state_dict(), before.state_dict())
    assert origin["sha256"] == load_artifact(tiny_artifact).info.sha256


def test_the_whole_chain_of_runs_is_noted(tiny_artifact: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_artifact, tmp_path / "artifact")
    first = {"artifact": "scamscreen-default", "version": "0.2.0", "sha256": "0" * 64}
    write_manifest(copy, {**load_artifact(copy).manifest, "started_from": first})
    _, origin = start_from(str(copy))

    assert origin["started_from"] == first
    assert origin["recipe"] == load_artifact(copy).manifest["recipe"]


def test_the_token_heads_of_an_older_artifact_begin_anew(tiny_artifact: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_artifact, tmp_path / "artifact")
    weights = load_file(copy / "weights.safetensors")
    save_file(
        {name: array for name, array in weights.items() if not name.startswith("tokens.")},
        copy / "weights.safetensors",
    )
    write_manifest(copy, load_artifact(tiny_artifact).manifest)
    network, before = start_from(str(copy))[0], from_artifact(tiny_artifact)

    assert not torch.equal(network.indicators.weight, before.indicators.weight)
    assert not torch.equal(network.entities.weight, before.entities.weight)
    torch.testing.assert_close(network.labels.state_dict(), before.labels.state_dict())


def training(texts: list[str], labels: list[set[str]] | None = None) -> TrainingTexts:
    rows = table(texts, labels)
    return training_texts(replace(rows, split=np.full(len(texts), "train", dtype=object)))


def test_a_folder_resumes_its_own_run_and_no_other(tmp_path: Path) -> None:
    texts = training(["one", "two"])
    claim(tmp_path, tiny_recipe(), {"encoder": "e5"}, texts)
    claim(tmp_path, tiny_recipe(), {"encoder": "e5"}, texts)

    for recipe, origin, rows in (
        (tiny_recipe(epochs=9), {"encoder": "e5"}, texts),
        (tiny_recipe(), {"encoder": "xlm-r"}, texts),
        (tiny_recipe(), {"encoder": "e5"}, training(["one", "three"])),
        (tiny_recipe(), {"encoder": "e5"}, training(["one", "two"], [{"loan_scam"}, set()])),
    ):
        with pytest.raises(RecipeError, match="another recipe, base or corpus"):
            claim(tmp_path, recipe, origin, rows)


def test_an_encoder_starts_with_heads_that_hardly_ever_speak(tmp_path: Path) -> None:
    encoder = tiny_network(200).encoder
    encoder.save_pretrained(tmp_path / "tiny-encoder")
    network, origin = start_from(str(tmp_path / "tiny-encoder"))
    logits = network(torch.ones(1, 3, dtype=torch.int64), torch.ones(1, 3, dtype=torch.int64)).label_logits

    assert origin == {"encoder": "tiny-encoder"}
    assert logits.sigmoid().max() < 0.1
