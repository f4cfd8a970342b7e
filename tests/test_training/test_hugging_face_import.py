"""Artefact -> Hugging Face folder -> artefact: to the bit, or it says how far."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.artifact import load_artifact
from models.errors import TrainingDataError
from tests.tiny import SENTENCES
from training.hugging_face import export_hugging_face
from training.hugging_face_import import import_hugging_face

TEXTS = list(SENTENCES)


@pytest.fixture
def exported(tiny_artifact: Path, tmp_path: Path) -> Path:
    export_hugging_face(tiny_artifact, tmp_path / "hf")
    return tmp_path / "hf"


def trained(folder: Path, *names: str) -> None:
    """Change some weights of a classifier, as training it does."""
    classifier = AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        for name, parameter in classifier.named_parameters():
            if name in names:
                parameter.mul_(1.02)
    classifier.save_pretrained(folder)


def test_an_untouched_folder_comes_back_as_the_same_model(
    exported: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    imported = import_hugging_face(exported, tmp_path / "back", TEXTS)

    assert imported.is_same
    assert imported.artifact.info == load_artifact(tiny_artifact).info
    for name in ("weights.safetensors", "graph.onnx", "tokenizer.json", "config.json"):
        assert (tmp_path / "back" / name).read_bytes() == (tiny_artifact / name).read_bytes()
    assert imported.largest_difference < 0.02


def test_a_folder_that_was_loaded_and_saved_by_auto_classes_comes_back_as_the_same_model(
    exported: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    again = Path(shutil.copytree(exported, tmp_path / "again"))
    AutoModelForSequenceClassification.from_pretrained(exported).save_pretrained(again)
    AutoTokenizer.from_pretrained(exported).save_pretrained(again)

    assert import_hugging_face(again, tmp_path / "back", TEXTS).is_same


@pytest.mark.parametrize("name", ["classifier.weight", "bert.encoder.layer.0.output.dense.weight"])
def test_a_folder_that_was_trained_is_another_model_close_to_it_and_certified_for_nothing(
    exported: Path, tiny_artifact: Path, tmp_path: Path, name: str
) -> None:
    trained(exported, name)
    imported = import_hugging_face(exported, tmp_path / "back", TEXTS)
    old = load_artifact(tiny_artifact)
    weights, before = (
        load_file(folder / "weights.safetensors") for folder in (tmp_path / "back", tiny_artifact)
    )

    assert not imported.is_same
    assert imported.artifact.info.sha256 != old.info.sha256
    assert imported.artifact.info.version == "0.0.1+hf"
    assert old.manifest["certificates"]
    assert imported.artifact.manifest["certificates"] == {}
    assert imported.artifact.manifest["started_from"]["sha256"] == old.info.sha256
    assert imported.largest_difference < 0.03
    np.testing.assert_array_equal(weights["roles.weight"], before["roles.weight"])


def test_what_an_artefact_cannot_take_over_is_refused(exported: Path, tmp_path: Path) -> None:
    last = "bert.encoder.layer.2.output.LayerNorm.weight"
    trained(exported, last)

    with pytest.raises(TrainingDataError, match="only averages, was trained too"):
        import_hugging_face(exported, tmp_path / "back", TEXTS)
    assert not (tmp_path / "back").exists()


def test_the_folder_of_another_model_is_refused_and_so_is_another_vocabulary(
    exported: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrainingDataError, match="was not written by export --format hf"):
        import_hugging_face(tmp_path, tmp_path / "back", TEXTS)

    path = exported / "tokenizer.json"
    content = json.loads(path.read_text("utf-8"))
    content["model"]["vocab"][10][0] += "x"
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(TrainingDataError, match="the vocabulary was changed"):
        import_hugging_face(exported, tmp_path / "back", TEXTS)
