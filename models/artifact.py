"""The artefact: the one folder that passes from training to everything else.

weights.safetensors   int8 matrices with one scale per output channel, float32 vectors; torch state-dict names
graph.onnx            the forward pass; every weight is a named graph input, bound at load
config.json           window sizes, special tokens, which heads are trained
tokenizer.json        the trimmed SentencePiece unigram tokenizer
gate.safetensors      a linear model that answers for the clearly benign in bulk; not every artefact has one
manifest.json         schema, taxonomy hash, thresholds, calibration, certificates, sha256 of files, recipe
MODEL_CARD.md, report.json, promotion.json (why it was put to work)
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from models.calibration import Calibration, TokenCalibration, validate_thresholds
from models.errors import ArtifactCorruptError, ArtifactIncompatibleError, ArtifactNotFoundError
from models.gate import GATE_FILE, Gate, read_gate
from models.plea_gate import PleaGate, read_plea_gate
from models.screening import SCHEMA, ModelInfo
from models.taxonomy import INDICATORS, LABELS, taxonomy_sha256

DEFAULT_ARTIFACT = Path(__file__).parent / "artifacts" / "default"
MODEL_FILES = ("weights.safetensors", "graph.onnx", "config.json", "tokenizer.json")
DOCUMENT_FILES = ("MODEL_CARD.md", "report.json", "promotion.json")
SCALE_SUFFIX = "#scale"
_MANIFEST_KEYS = ("name", "version", "languages", "files", "calibration", "thresholds", "certificates")


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """What the encoder must know beside the graph.

    Attributes:
        window_tokens: longest window the graph reads, special tokens included.
        stride_tokens: new tokens per further window of a long text.
        bos_id: token that opens a window.
        eos_id: token that closes a window.
        pad_id: padding token.
        trained_heads: outputs of the graph that mean something, of `labels roles influence entities
            indicators`.
    """

    window_tokens: int
    stride_tokens: int
    bos_id: int
    eos_id: int
    pad_id: int
    trained_heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A verified artefact folder; `tokens` is None where the token heads are not calibrated."""

    folder: Path
    info: ModelInfo
    config: EncoderConfig
    calibration: Calibration
    tokens: TokenCalibration | None
    gate: Gate | None
    pleas: PleaGate | None
    languages: tuple[str, ...]
    manifest: Mapping[str, Any]


def load_artifact(folder: Path = DEFAULT_ARTIFACT) -> Artifact:
    """Read and verify an artefact folder; weights are checked, not yet loaded.

    Raises:
        ArtifactNotFoundError: the folder or a file is absent.
        ArtifactCorruptError: a file differs from its sha256, or is not readable.
        ArtifactIncompatibleError: another schema or taxonomy.
    """
    manifest = verified_manifest(folder)
    if manifest.get("taxonomy_sha256") != taxonomy_sha256():
        raise ArtifactIncompatibleError(
            "the artefact was trained for another taxonomy: retrain or install its release"
        )
    config = _read_json(folder, "config.json")
    return Artifact(
        folder=folder,
        info=ModelInfo(name=manifest["name"], version=manifest["version"], sha256=model_sha256(manifest)),
        config=EncoderConfig(
            window_tokens=config["window_tokens"],
            stride_tokens=config["stride_tokens"],
            bos_id=config["bos_id"],
            eos_id=config["eos_id"],
            pad_id=config["pad_id"],
            trained_heads=tuple(config["trained_heads"]),
        ),
        calibration=_calibration(manifest),
        tokens=_token_calibration(manifest["tokens"]) if "tokens" in manifest else None,
        gate=read_gate(folder, manifest["gate"]) if "gate" in manifest else None,
        pleas=read_plea_gate(folder, manifest["gate"]) if "gate" in manifest else None,
        languages=tuple(manifest["languages"]),
        manifest=manifest,
    )


def verified_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a whole artefact, of whatever taxonomy; every file is checked.

    Raises:
        ArtifactNotFoundError: the folder or a file is absent.
        ArtifactCorruptError: a file differs from its sha256, or the manifest is not readable.
        ArtifactIncompatibleError: another schema.
    """
    manifest = _read_json(folder, "manifest.json")
    if manifest.get("schema") != SCHEMA:
        raise ArtifactIncompatibleError(
            f"artefact schema {manifest.get('schema')!r}, this version reads {SCHEMA}: install its release"
        )
    missing = [key for key in _MANIFEST_KEYS if key not in manifest]
    if missing:
        raise ArtifactCorruptError(f"manifest.json lacks {', '.join(missing)}: fetch the artefact again")
    for name in model_files(manifest):
        _verify(folder, name, manifest["files"].get(name))
    return manifest


def model_files(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the files that decide an artefact's answers, in order."""
    return (*MODEL_FILES, GATE_FILE) if "gate" in manifest else MODEL_FILES


def model_sha256(manifest: Mapping[str, Any]) -> str:
    """Return the identity of a model: everything that decides its answers, not its card or report."""
    deciding = {key: value for key, value in manifest.items() if key != "documents"}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def without_gate(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest as it was before the artefact had a gate."""
    files = {name: sha256 for name, sha256 in manifest["files"].items() if name != GATE_FILE}
    return {name: value for name, value in manifest.items() if name != "gate"} | {"files": files}


def file_sha256(path: Path) -> str:
    """Return the hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_artifact(artifact: Path, folder: Path) -> None:
    """Copy a verified artefact, nothing else of its folder.

    Raises:
        ArtifactError: the artefact is absent or not whole.
    """
    manifest = load_artifact(artifact).manifest
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("manifest.json", *model_files(manifest), *DOCUMENT_FILES):
        if (artifact / name).is_file():
            shutil.copyfile(artifact / name, folder / name)


def read_weights(folder: Path, file_name: str = "weights.safetensors") -> dict[str, npt.NDArray[np.float32]]:
    """Return the weights in float32, state-dict names -> arrays; int8 matrices expanded by their scales.

    Raises:
        ArtifactCorruptError: the file of that name is not a safetensors file.
    """
    try:
        file = safe_open(folder / file_name, framework="numpy")
    except (SafetensorError, OSError) as error:
        raise ArtifactCorruptError(f"{file_name} is not a readable safetensors file") from error
    weights: dict[str, npt.NDArray[np.float32]] = {}
    with file as tensors:
        for name in tensors.keys():  # noqa: SIM118 (safe_open is no mapping)
            if name.endswith(SCALE_SUFFIX):
                continue
            array = tensors.get_tensor(name)
            if array.dtype == np.int8:
                array = array.astype(np.float32) * tensors.get_tensor(name + SCALE_SUFFIX)[:, None]
            weights[name] = array
    return weights


def _calibration(manifest: Mapping[str, Any]) -> Calibration:
    stored = manifest["calibration"]
    return Calibration(
        temperature=np.array([stored["temperature"][code] for code in LABELS], dtype=np.float32),
        bias=np.array([stored["bias"][code] for code in LABELS], dtype=np.float32),
        role_temperature=float(stored["role_temperature"]),
        thresholds=validate_thresholds(manifest["thresholds"]),
        certified={
            language: {code: float(certificate["thresholds"][code]) for code in LABELS}
            for language, certificate in manifest["certificates"].items()
        },
    )


def _token_calibration(stored: Mapping[str, Any]) -> TokenCalibration:
    known = stored["indicators"]
    nothing = {"threshold": np.inf, "scale": 1.0, "bias": 0.0}
    rows = [known.get(code, nothing) for code in INDICATORS]
    thresholds, scale, bias = (
        np.array([row[key] for row in rows], dtype=np.float32) for key in ("threshold", "scale", "bias")
    )
    return TokenCalibration(dict(stored["entities"]), thresholds, scale, bias)


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise ArtifactNotFoundError(f"{name} is absent from the artefact folder {folder.name!r}")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ArtifactCorruptError(f"{name} is not JSON: fetch the artefact again") from error
    if not isinstance(content, dict):
        raise ArtifactCorruptError(f"{name} is not a JSON object: fetch the artefact again")
    return content


def _verify(folder: Path, name: str, expected: str | None) -> None:
    path = folder / name
    if not path.is_file():
        raise ArtifactNotFoundError(f"{name} is absent from the artefact folder {folder.name!r}")
    if expected is None or file_sha256(path) != expected:
        raise ArtifactCorruptError(f"{name} is not the file its manifest names: fetch the artefact again")
