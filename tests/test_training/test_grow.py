"""A label that is new in the taxonomy: an artefact gets room for it, and keeps what it says of all others."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from models.artifact import load_artifact
from models.errors import ArtifactIncompatibleError
from models.loading import load_screener
from models.screening import Document, Screening
from models.taxonomy import LABELS, taxonomy_sha256
from tests.tiny import random_texts, write_tiny_gate
from training.cli import main
from training.export import write_manifest
from training.grow import grow_artifact, needs_to_grow, new_labels
from training.predict import predict
from training.start import as_of_today, start_from

NEW = "loan_scam"
OLD = [code for code in LABELS if code != NEW]


@pytest.fixture
def older(tiny_artifact: Path, tmp_path: Path) -> Path:
    """Return an artefact of a taxonomy that did not know `loan_scam`, with a gate."""
    folder = Path(shutil.copytree(tiny_artifact, tmp_path / "older"))
    write_tiny_gate(folder)
    weights = load_file(folder / "weights.safetensors")
    known = [LABELS.index(code) for code in OLD]
    for name in ("labels.weight", "labels.weight#scale", "labels.bias"):
        weights[name] = np.ascontiguousarray(weights[name][known])
    save_file(weights, folder / "weights.safetensors")

    def without_new(values: dict[str, float]) -> dict[str, float]:
        return {code: value for code, value in values.items() if code != NEW}

    manifest = json.loads((folder / "manifest.json").read_text())
    for table in (manifest["calibration"], manifest["thresholds"]):
        for name, values in table.items():
            table[name] = without_new(values) if isinstance(values, dict) else values
    for certificate in manifest["certificates"].values():
        certificate["thresholds"] = without_new(certificate["thresholds"])
    manifest["taxonomy_sha256"] = taxonomy_sha256(OLD)
    write_manifest(folder, manifest)
    return folder


def test_an_artefact_of_fewer_labels_is_refused_by_who_serves_and_grows_for_who_trains(
    older: Path, tmp_path: Path
) -> None:
    with pytest.raises(ArtifactIncompatibleError, match="another taxonomy"):
        load_artifact(older)

    assert grow_artifact(older, tmp_path / "grown") == (NEW,)
    assert new_labels(load_artifact(tmp_path / "grown").manifest) == {NEW}


def test_a_grown_artefact_says_of_old_labels_what_it_said_before_and_never_flags_the_new_one(
    older: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    grow_artifact(older, tmp_path / "grown")
    texts = random_texts(40, seed=8)
    before, after = load_artifact(tiny_artifact), load_artifact(tmp_path / "grown")
    said = predict(before, texts, tmp_path / "before", name="before").proba(before)[0]
    says = predict(after, texts, tmp_path / "after", name="after").proba(after)[0]
    known = [LABELS.index(code) for code in OLD]
    documents = [Document(str(row), text) for row, text in enumerate(texts[:10])]
    records = load_screener(tmp_path / "grown").screen(documents, "screening")

    np.testing.assert_allclose(says[:, known], said[:, known], atol=1e-4)
    assert says[:, LABELS.index(NEW)].max() < 0.2
    for record in records:
        assert isinstance(record, Screening)
        assert NEW not in (*record.flags, *record.context_labels)


def test_a_grown_artefact_has_no_gate_and_keeps_its_certificates(
    older: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    grow_artifact(older, tmp_path / "grown")
    grown, before = load_artifact(tmp_path / "grown"), load_artifact(tiny_artifact)

    assert grown.gate is None
    assert grown.calibration.certified["en"] == {**before.calibration.certified["en"], NEW: 1.01}
    assert grown.manifest["started_from"]["version"] == before.info.version
    assert grown.info.version != before.info.version


def test_training_begins_with_a_grown_artefact_where_the_taxonomy_has_grown(
    older: Path, tiny_artifact: Path, tmp_path: Path
) -> None:
    base = as_of_today(str(older), tmp_path)
    network, origin = start_from(base)
    weights = load_file(older / "weights.safetensors")

    np.testing.assert_allclose(
        network.labels.bias.detach().numpy()[[LABELS.index(code) for code in OLD]], weights["labels.bias"]
    )
    assert origin["started_from"]["artifact"] == "tiny"  # type: ignore[index]
    assert as_of_today(base, tmp_path / "elsewhere") == base
    assert as_of_today(str(tiny_artifact), tmp_path) == str(tiny_artifact)


def test_an_artefact_that_differs_in_more_than_labels_does_not_grow(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_artifact, tmp_path / "other"))
    write_manifest(folder, {**load_artifact(folder).manifest, "taxonomy_sha256": "0" * 64})

    with pytest.raises(ArtifactIncompatibleError, match="only labels can be added"):
        needs_to_grow(folder)


def test_grow_is_a_command(older: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grow", str(older), str(tmp_path / "grown")]) == 0
    assert capsys.readouterr().out == f"new: {NEW}\n"
