"""Network -> artefact folder: int8 weights, graph, manifest."""

import copy
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from models.artifact import (
    DOCUMENT_FILES,
    SCALE_SUFFIX,
    copy_artifact,
    file_sha256,
    load_artifact,
    model_files,
    model_sha256,
    without_gate,
)
from models.errors import TrainingDataError
from models.screening import OPERATING_POINTS, SCHEMA
from models.taxonomy import LABELS, taxonomy_sha256
from training.card import model_card
from training.files import write_json
from training.network import Network, Outputs
from training.quantize import quantize_rows
from training.recipe import Recipe

TRAINED_HEADS = ("labels", "roles", "influence", "entities", "indicators")
_OPSET = 17


def export_artifact(
    network: Network, tokenizer_json: str, recipe: Recipe, folder: Path, *, vocabulary: Mapping[str, Any]
) -> None:
    """Write an artefact with neutral calibration; `calibrate` fills thresholds in afterwards.

    `vocabulary` says what trimming cost; it travels in the manifest.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stored = quantize_state(network.state_dict())
    save_file(stored, folder / "weights.safetensors")
    (folder / "tokenizer.json").write_text(tokenizer_json, encoding="utf-8")
    tokenizer = Tokenizer.from_str(tokenizer_json)
    config = {
        "window_tokens": recipe.artifact.window_tokens,
        "stride_tokens": recipe.artifact.stride_tokens,
        "bos_id": tokenizer.token_to_id("<s>"),
        "eos_id": tokenizer.token_to_id("</s>"),
        "pad_id": tokenizer.token_to_id("<pad>"),
        "trained_heads": list(TRAINED_HEADS),
        "encoder": _encoder_config(network),
    }
    write_json(folder / "config.json", config)
    (folder / "graph.onnx").write_bytes(graph_bytes(network))
    write_manifest(folder, {**neutral_manifest(recipe), "vocabulary": vocabulary})


def quantize_state(state: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Return what weights.safetensors holds: int8 matrices with their scales, float32 vectors."""
    stored: dict[str, np.ndarray] = {}
    for name, tensor in state.items():
        array = tensor.detach().float().numpy()
        if array.ndim == 2:
            stored[name], stored[name + SCALE_SUFFIX] = quantize_rows(array)
        else:
            stored[name] = np.ascontiguousarray(array)
    return stored


def graph_bytes(network: Network) -> bytes:
    """Return the ONNX graph with every state-dict tensor turned from an initialiser into a graph input."""
    network = copy.deepcopy(network).eval()
    network.encoder.set_attn_implementation("eager")
    for tensor in network.state_dict().values():
        tensor.normal_()  # the exporter merges equal tensors, such as biases that are still zero
    buffer = io.BytesIO()
    example = torch.ones((2, 8), dtype=torch.int64)
    torch.onnx.export(
        _Positional(network),
        (example, example),
        buffer,  # type: ignore[arg-type]
        input_names=["input_ids", "attention_mask"],
        output_names=list(Outputs._fields),
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
        opset_version=_OPSET,
        do_constant_folding=False,
        dynamo=False,
    )
    model = onnx.load_from_string(buffer.getvalue())
    names = {f"network.{name}": name for name in network.state_dict()}
    for initializer in list(model.graph.initializer):
        if initializer.name in names:
            model.graph.initializer.remove(initializer)
            model.graph.input.append(
                onnx.helper.make_tensor_value_info(
                    names[initializer.name], initializer.data_type, initializer.dims
                )
            )
    for node in model.graph.node:
        for position, name in enumerate(node.input):
            if name in names:
                node.input[position] = names[name]
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


class _Positional(nn.Module):
    """Names the network inside the traced module, so that initialisers are `network.` + state-dict name."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.network(input_ids, attention_mask))


def neutral_manifest(recipe: Recipe) -> dict[str, Any]:
    """Return a manifest whose probabilities are the raw ones and whose thresholds are all 0.5."""
    return {
        "schema": SCHEMA,
        "name": recipe.artifact.name,
        "version": recipe.artifact.version,
        "taxonomy_sha256": taxonomy_sha256(),
        "languages": list(recipe.artifact.languages),
        "calibration": {
            "temperature": dict.fromkeys(LABELS, 1.0),
            "bias": dict.fromkeys(LABELS, 0.0),
            "role_temperature": 1.0,
        },
        "thresholds": {point: dict.fromkeys(LABELS, 0.5) for point in OPERATING_POINTS},
        "certificates": {},
        "recipe": recipe.to_dict(),
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write manifest.json with the sha256 of every file as it is now."""
    files = {name: file_sha256(folder / name) for name in model_files(manifest)}
    documents = {name: file_sha256(folder / name) for name in DOCUMENT_FILES if (folder / name).is_file()}
    write_json(folder / "manifest.json", {**manifest, "files": files, "documents": documents})


def release_artifact(artifact: Path, report: Path, folder: Path) -> None:
    """Write an artefact with its report and model card: what ships as `models/artifacts/default`.

    Args:
        artifact: a calibrated artefact folder.
        report: report.json of `evaluate` for this artefact, or for what it was before it had its gate: no
            figure of a report rests on that.
        folder: where it goes.

    Raises:
        ArtifactError: the artefact is absent or not whole.
        TrainingDataError: the report is of another model.
    """
    loaded = load_artifact(artifact)
    content = json.loads(report.read_text(encoding="utf-8"))
    reported = content["artifact"]
    ungated = {**without_gate(loaded.manifest), "version": reported.get("version")}
    if reported["sha256"] not in (loaded.info.sha256, model_sha256(ungated)):
        raise TrainingDataError("the report is of another model: run evaluate on this artefact first")
    copy_artifact(artifact, folder)
    shutil.copyfile(report, folder / "report.json")
    (folder / "MODEL_CARD.md").write_text(model_card(loaded, content), encoding="utf-8")
    write_manifest(
        folder, {key: value for key, value in loaded.manifest.items() if key not in {"files", "documents"}}
    )


def _encoder_config(network: Network) -> dict[str, Any]:
    stored = network.encoder.config.to_diff_dict()
    return {key: value for key, value in stored.items() if isinstance(value, int | float | str | bool)}
