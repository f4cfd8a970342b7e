"""Artefact -> a Hugging Face folder that `AutoModelForSequenceClassification` loads without custom code.

Transformers' BERT classifier reads the first token through a pooler; our head reads the normalised mean of
all tokens. One further BERT layer expresses that exactly: its attention scores are all zero, so every token
attends to all others evenly, and its layer norm is ours. Calibration is folded into the classifier, so that
`sigmoid(logits)` are the probabilities the screener reports for a text of one window.

What a classifier has no place for lies in the folder `scamscreen` beside it, for the way back
(`training/hugging_face_import.py`): the other heads, the graph, the manifest, the tokenizer as it was.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from models.artifact import Artifact, load_artifact, model_files
from models.taxonomy import LABELS
from training.network import Network, from_artifact

BESIDE: Final = "scamscreen"
HEADS: Final = "heads.safetensors"
ENCODER: Final = "encoder."
WEIGHTS: Final = "weights.safetensors"
_MEAN_OVER_RESIDUAL = 1e5  # the layer adds the first token's own vector; this makes it vanish
_LINEAR_TANH = 1e-3  # tanh(x) = x within 3e-7 for |x| up to here x 30


def export_hugging_face(artifact: Path, folder: Path) -> None:
    """Write config.json, model.safetensors and the tokenizer files, and what else there is beside them.

    Raises:
        ArtifactError: the artefact is absent or not whole.
    """
    loaded = load_artifact(artifact)
    network = from_artifact(artifact)
    classifier = classifier_of(network)
    weight, bias = folded(network.labels.weight, network.labels.bias, loaded.manifest)
    with torch.no_grad():
        classifier.classifier.weight.copy_(weight)
        classifier.classifier.bias.copy_(bias)
    classifier.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_file=str(artifact / "tokenizer.json"),
        bos_token="<s>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        cls_token="<s>",  # noqa: S106
        sep_token="</s>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        pad_token="<pad>",  # noqa: S106
        mask_token="<mask>",  # noqa: S106
        model_max_length=loaded.config.window_tokens,
    ).save_pretrained(folder)
    _name_tokenizer_class(folder / "tokenizer_config.json")
    _put_beside(loaded, folder / BESIDE)


def folded(weight: Tensor, bias: Tensor, manifest: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """Return a head of labels as a classifier has it, with the calibration of a manifest in it."""
    temperature, shift = _calibration(manifest)
    return weight / temperature[:, None] / _LINEAR_TANH, bias / temperature + shift


def unfolded(weight: Tensor, bias: Tensor, manifest: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    """Return the head of labels of a classifier without the calibration: the reverse of `folded`."""
    temperature, shift = _calibration(manifest)
    return weight * _LINEAR_TANH * temperature[:, None], (bias - shift) * temperature


def _calibration(manifest: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
    stored = manifest["calibration"]
    temperature, bias = (
        torch.tensor([stored[name][code] for code in LABELS]) for name in ("temperature", "bias")
    )
    return temperature, bias


def _put_beside(artifact: Artifact, folder: Path) -> None:
    """Write what the classifier has no place for."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = load_file(artifact.folder / WEIGHTS)
    save_file({name: one for name, one in stored.items() if not name.startswith(ENCODER)}, folder / HEADS)
    for name in ("manifest.json", *model_files(artifact.manifest)):
        if name != WEIGHTS:
            shutil.copyfile(artifact.folder / name, folder / name)


def _name_tokenizer_class(path: Path) -> None:
    """Name the class as transformers 4 and 5 both know it; 5 writes a name that 4 cannot load."""
    config = json.loads(path.read_text(encoding="utf-8"))
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def classifier_of(network: Network) -> BertForSequenceClassification:
    """Return a BERT classifier with the encoder of a network and a last layer that averages its tokens."""
    stored = network.encoder.config.to_dict()
    stored.pop("architectures", None)
    stored.update(
        num_hidden_layers=stored["num_hidden_layers"] + 1,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={code: index for index, code in enumerate(LABELS)},
        problem_type="multi_label_classification",
    )
    classifier = BertForSequenceClassification(BertConfig(**stored))
    classifier.bert.load_state_dict(network.encoder.state_dict(), strict=False)
    averaging = classifier.bert.encoder.layer[-1]
    identity = torch.eye(network.encoder.config.hidden_size)
    with torch.no_grad():
        for parameter in (*averaging.parameters(), *classifier.bert.pooler.parameters()):
            parameter.zero_()
        averaging.attention.self.value.weight.copy_(identity)
        averaging.attention.output.dense.weight.copy_(identity * _MEAN_OVER_RESIDUAL)
        averaging.attention.output.LayerNorm.weight.fill_(1.0)
        averaging.output.LayerNorm.weight.fill_(1.0)
        classifier.bert.pooler.dense.weight.copy_(identity * _LINEAR_TANH)
    return classifier.eval()
