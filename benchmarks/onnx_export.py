"""The weights every competitor runs: the Hugging Face export of the shipped model, `model.onnx` beside it."""

import os
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModelForSequenceClassification

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from training.hugging_face import export_hugging_face

ONNX_FILE = "model.onnx"
_OPSET = 17


class _Logits(nn.Module):
    """The classifier with two positional inputs and one output."""

    def __init__(self, classifier: nn.Module) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return (n_texts, n_labels) logits."""
        logits: torch.Tensor = self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export_for_all(folder: Path, artifact: Path = DEFAULT_ARTIFACT) -> Path:
    """Write the export unless it is there already for these weights; return its folder."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    target = folder / f"export-{load_artifact(artifact).info.sha256[:16]}"
    if not (target / ONNX_FILE).is_file():
        export_hugging_face(artifact, target)
        _write_onnx(target)
    return target


def _write_onnx(folder: Path) -> None:
    classifier = AutoModelForSequenceClassification.from_pretrained(
        folder, attn_implementation="eager"
    ).eval()
    example = torch.ones((2, 8), dtype=torch.int64)
    partial = folder / f"{ONNX_FILE}.partial"
    torch.onnx.export(
        _Logits(classifier),
        (example, example),
        str(partial),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")},
        opset_version=_OPSET,
        dynamo=False,
    )
    partial.rename(folder / ONNX_FILE)
