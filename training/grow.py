"""An artefact for a taxonomy that has more labels than the one it was trained for.

It says of every old label what it said before, and never flags a new one: training is to teach it that. So a
label can be added without an encoder or a hub, and what was there can go on serving meanwhile.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from safetensors.numpy import save_file

from models.artifact import model_sha256, verified_manifest, without_gate
from models.errors import ArtifactIncompatibleError
from models.taxonomy import LABELS, taxonomy_sha256
from training.export import graph_bytes, quantize_state, write_manifest
from training.network import grown_from_artifact

GROWN: Final = "grown"
_NEVER: Final = 1.01  # no probability reaches it


def needs_to_grow(folder: Path) -> bool:
    """Whether an artefact was made for other labels than there are today.

    Raises:
        ArtifactError: it is not whole, or differs in more than its labels.
    """
    manifest = verified_manifest(folder)
    if manifest["taxonomy_sha256"] == taxonomy_sha256():
        return False
    if manifest["taxonomy_sha256"] != taxonomy_sha256(_labels_of(manifest)):
        raise ArtifactIncompatibleError(
            "the artefact has other roles, indicators or entity types, and only labels can be added to one: "
            "begin with an encoder (--base)"
        )
    return True


def grow_artifact(folder: Path, output: Path) -> tuple[str, ...]:
    """Write an artefact for today's labels; return the codes that are new to it.

    It has no gate: that was never told what the new labels look like.

    Raises:
        ArtifactError: the artefact is not whole, or differs in more than its labels.
    """
    needs_to_grow(folder)
    manifest = verified_manifest(folder)
    labels = _labels_of(manifest)
    new = tuple(code for code in LABELS if code not in labels)
    network = grown_from_artifact(folder, labels)
    output.mkdir(parents=True, exist_ok=True)
    save_file(quantize_state(network.state_dict()), output / "weights.safetensors")
    (output / "graph.onnx").write_bytes(graph_bytes(network))
    for name in ("config.json", "tokenizer.json"):
        shutil.copyfile(folder / name, output / name)
    write_manifest(output, _manifest(manifest, new))
    return new


def new_labels(manifest: Mapping[str, Any]) -> frozenset[str]:
    """Return the labels that an artefact was given and has not learnt."""
    return frozenset(manifest.get(GROWN, ()))


def _labels_of(manifest: Mapping[str, Any]) -> list[str]:
    return list(manifest["calibration"]["temperature"])


def _manifest(old: Mapping[str, Any], new: tuple[str, ...]) -> dict[str, Any]:
    calibration, thresholds = old["calibration"], old["thresholds"]
    origin = {"artifact": old["name"], "version": old["version"], "sha256": model_sha256(old)}
    earlier = {key: old[key] for key in ("recipe", "started_from") if key in old}
    return {
        **without_gate(old),
        "version": f"{old['version']}+{len(new)}",
        "taxonomy_sha256": taxonomy_sha256(),
        "calibration": {
            **calibration,
            "temperature": _of_labels(calibration["temperature"], 1.0),
            "bias": _of_labels(calibration["bias"], 0.0),
        },
        "thresholds": {point: _of_labels(values, _NEVER) for point, values in thresholds.items()},
        "certificates": {
            language: {**certificate, "thresholds": _of_labels(certificate["thresholds"], _NEVER)}
            for language, certificate in old["certificates"].items()
        },
        "started_from": {**origin, **earlier},
        GROWN: list(new),
    }


def _of_labels(values: Mapping[str, float], of_new: float) -> dict[str, float]:
    return {code: values.get(code, of_new) for code in LABELS}
