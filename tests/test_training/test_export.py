"""Network -> artefact -> network -> artefact: nothing is lost, nothing broken is accepted."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from models.artifact import MODEL_FILES, copy_artifact, load_artifact, read_weights
from models.calibration import label_proba, role_proba
from models.encoder import Encoder
from models.errors import (
    ArtifactCorruptError,
    ArtifactError,
    ArtifactIncompatibleError,
    ArtifactNotFoundError,
    TrainingDataError,
)
from models.loading import load_screener
from models.screening import Document, Screening
from models.taxonomy import LABELS
from tests.test_training.reports import invented_report
from tests.tiny import (
    SENTENCES,
    TINY_VOCABULARY,
    random_texts,
    tiny_gate,
    tiny_recipe,
    tiny_tokenizer_json,
    tiny_trained_network,
)
from training.export import (
    export_artifact,
    graph_bytes,
    quantize_state,
    release_artifact,
    write_manifest,
)
from training.gate import write_gate
from training.hugging_face import export_hugging_face
from training.network import from_artifact
from training.quantize import quantize_rows

TEXTS = random_texts(50)


@pytest.fixture
def copy(tiny_artifact: Path, tmp_path: Path) -> Path:
    """Return an artefact that a test may break."""
    return Path(shutil.copytree(tiny_artifact, tmp_path / "copy"))


def test_artefact_to_network_to_artefact_gives_the_same_bytes(tiny_artifact: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    export_artifact(
        from_artifact(tiny_artifact), tiny_tokenizer_json(), tiny_recipe(), again, vocabulary=TINY_VOCABULARY
    )
    first, second = (load_file(folder / "weights.safetensors") for folder in (tiny_artifact, again))

    assert first.keys() == second.keys()
    for name, array in first.items():
        assert array.dtype == second[name].dtype
        np.testing.assert_array_equal(array, second[name], err_msg=name)


def test_every_matrix_is_int8_with_a_scale_and_every_vector_float(tiny_artifact: Path) -> None:
    stored = load_file(tiny_artifact / "weights.safetensors")
    matrices = {name for name, array in stored.items() if array.ndim == 2}

    assert matrices
    assert all(stored[name].dtype == np.int8 for name in matrices)
    assert {name for name in stored if name.endswith("#scale")} == {f"{name}#scale" for name in matrices}
    assert all(array.dtype == np.float32 for name, array in stored.items() if name not in matrices)


@pytest.mark.parametrize("seed", range(5))
def test_quantising_what_was_quantised_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = (rng.standard_t(2, (40, 30)) * 10.0 ** rng.integers(-6, 6, (40, 1))).astype(np.float32)
    matrix[0] = 0
    matrix[1, 1:] = 0
    values, scale = quantize_rows(matrix)
    again, same_scale = quantize_rows(values.astype(np.float32) * scale[:, None])

    np.testing.assert_array_equal(values, again)
    nonzero = np.abs(matrix).max(axis=1) > 0
    np.testing.assert_array_equal(scale[nonzero], same_scale[nonzero])
    assert np.abs(values.astype(np.float32) * scale[:, None] - matrix).max(axis=1) == pytest.approx(
        np.zeros(40), abs=float((scale * 0.51).max())
    )
    assert np.all(np.abs(values * scale[:, None] - matrix) <= scale[:, None] * 0.5001)


def test_the_openvino_path_says_what_torch_says(tiny_artifact: Path) -> None:
    artifact = load_artifact(tiny_artifact)
    network = from_artifact(tiny_artifact).eval()
    encoder = Encoder(artifact)
    short = [text for text in TEXTS if len(encoder.encode([text])[0].windows) == 1]
    assert len(short) > 20
    for text, encoded in zip(short, encoder.encode(short), strict=True):
        ids = torch.from_numpy(encoded.windows[0].ids)[None]
        with torch.no_grad():
            outputs = network(ids, torch.ones_like(ids))
        ours = label_proba(encoded.label_logits[None], artifact.calibration)
        theirs = label_proba(outputs.label_logits.numpy(), artifact.calibration)
        np.testing.assert_allclose(ours, theirs, atol=0.02, err_msg=text)
        np.testing.assert_allclose(
            role_proba(encoded.role_logits[None], artifact.calibration),
            role_proba(outputs.role_logits.numpy(), artifact.calibration),
            atol=0.02,
        )
        np.testing.assert_allclose(encoded.outputs[0].influence, outputs.label_influence[0].numpy(), atol=0.1)


def test_the_graph_holds_no_weights_and_every_weight_has_its_input(tiny_artifact: Path) -> None:
    import onnx

    graph = onnx.load(tiny_artifact / "graph.onnx").graph
    weights = read_weights(tiny_artifact)

    assert {value.name for value in graph.input} == {"input_ids", "attention_mask", *weights}
    assert sum(int(np.prod(initializer.dims)) for initializer in graph.initializer) < 1000


def test_making_the_graph_leaves_the_network_as_it_was() -> None:
    network = tiny_trained_network()
    before = quantize_state(network.state_dict())
    graph_bytes(network)

    for name, array in quantize_state(network.state_dict()).items():
        np.testing.assert_array_equal(array, before[name])


def flip_a_byte(folder: Path) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)


def cut(name: str) -> Callable[[Path], None]:
    def shorten(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:-50])

    return shorten


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def change_manifest(**fields: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest.update(fields)
        kept = {key: value for key, value in manifest.items() if value is not None}
        (folder / "manifest.json").write_text(json.dumps(kept), encoding="utf-8")

    return change


REFUSED: dict[str, tuple[Callable[[Path], None], type[ArtifactError], str]] = {
    "one flipped bit": (flip_a_byte, ArtifactCorruptError, "weights.safetensors is not the file its"),
    "cut weights": (cut("weights.safetensors"), ArtifactCorruptError, "weights.safetensors is not the file"),
    "cut manifest": (cut("manifest.json"), ArtifactCorruptError, "manifest.json is not JSON"),
    "cut config": (cut("config.json"), ArtifactCorruptError, "config.json is not the file"),
    "no manifest": (remove("manifest.json"), ArtifactNotFoundError, "manifest.json is absent"),
    **{f"no {name}": (remove(name), ArtifactNotFoundError, f"{name} is absent") for name in MODEL_FILES},
    "another schema": (
        change_manifest(schema=2),
        ArtifactIncompatibleError,
        "schema 2, this version reads 1",
    ),
    "another taxonomy": (
        change_manifest(taxonomy_sha256="0" * 64),
        ArtifactIncompatibleError,
        "trained for another taxonomy",
    ),
    "thresholds of one label only": (
        change_manifest(thresholds={"balanced": {"phishing": 0.5}}),
        ArtifactIncompatibleError,
        "manifest has no screening threshold",
    ),
    "no calibration": (change_manifest(calibration=None), ArtifactCorruptError, "lacks calibration"),
    "no checksums": (change_manifest(files=None), ArtifactCorruptError, "lacks files"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_artefact_is_refused_in_one_clear_line(case: str, copy: Path) -> None:
    damage, error, message = REFUSED[case]
    damage(copy)

    with pytest.raises(error, match=message) as refused:
        load_screener(copy)
    assert "\n" not in str(refused.value)


def test_a_folder_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ArtifactNotFoundError, match="absent from the artefact folder 'nothing'"):
        load_screener(tmp_path / "nothing")


def test_a_copy_is_the_same_model_and_leaves_other_files_behind(copy: Path, tmp_path: Path) -> None:
    (copy / "optimizer.safetensors").write_bytes(b"x")
    copy_artifact(copy, tmp_path / "out")

    assert load_artifact(tmp_path / "out").info == load_artifact(copy).info
    assert not (tmp_path / "out" / "optimizer.safetensors").exists()


def test_a_corrupt_artefact_is_not_copied(copy: Path, tmp_path: Path) -> None:
    flip_a_byte(copy)

    with pytest.raises(ArtifactCorruptError):
        copy_artifact(copy, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_report_of_another_model_is_not_released(copy: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"artifact": {"sha256": "0" * 64}}), encoding="utf-8")

    with pytest.raises(TrainingDataError, match="the report is of another model"):
        release_artifact(copy, report, tmp_path / "out")


def test_a_report_from_before_the_gate_is_that_of_the_artefact_with_it(copy: Path, tmp_path: Path) -> None:
    artifact = load_artifact(copy)
    content = invented_report()
    content["artifact"] = {"sha256": artifact.info.sha256, "version": artifact.info.version}
    report = tmp_path / "report.json"
    report.write_text(json.dumps(content), encoding="utf-8")
    write_gate(
        copy,
        tiny_gate(),
        {"pooled": {"n": 9, "lost": 0, "bound": 0.3}, "languages": {}, "kinds": {}, "left_out": {}},
    )
    write_manifest(copy, {**load_artifact(copy).manifest, "version": "9.9.9"})
    release_artifact(copy, report, tmp_path / "released")
    released = load_artifact(tmp_path / "released")

    assert (released.info.version, released.gate is not None) == ("9.9.9", True)
    assert "| all |" in (tmp_path / "released" / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_other_thresholds_are_another_model_and_a_card_is_not(copy: Path) -> None:
    before = load_artifact(copy).info.sha256
    change_manifest(documents={"MODEL_CARD.md": "0" * 64})(copy)
    assert load_artifact(copy).info.sha256 == before

    change_manifest(certificates={})(copy)
    assert load_artifact(copy).info.sha256 != before


def test_a_hugging_face_export_gives_the_probabilities_of_the_screener(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    export_hugging_face(tiny_artifact, tmp_path / "hf")
    classifier = AutoModelForSequenceClassification.from_pretrained(tmp_path / "hf").eval()
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "hf")
    texts = [*SENTENCES, *random_texts(10, longest=6)]
    records = load_screener(tiny_artifact).screen([Document(str(i), text) for i, text in enumerate(texts)])
    batch = tokenizer(texts, return_tensors="pt", padding=True)
    with torch.no_grad():
        proba = classifier(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
        ).logits.sigmoid()

    assert [classifier.config.id2label[index] for index in range(len(LABELS))] == list(LABELS)
    for record, row in zip(records, proba.numpy(), strict=True):
        assert isinstance(record, Screening)
        np.testing.assert_allclose(list(record.labels.values()), row, atol=0.01)


def test_a_hugging_face_export_names_a_tokenizer_that_transformers_4_can_load(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    export_hugging_face(tiny_artifact, tmp_path / "hf")
    config = json.loads((tmp_path / "hf" / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert config["tokenizer_class"] == "PreTrainedTokenizerFast"
