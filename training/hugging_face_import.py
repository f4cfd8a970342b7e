"""A Hugging Face folder of `export --format hf` -> an artefact: the way back, also after training it there.

What was not changed comes back to the bit. Where weights were, they are rounded to int8 as in every artefact,
the old certificates are void, and the thresholds are the old ones until it is calibrated.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification, BertForSequenceClassification

from models.artifact import Artifact, file_sha256, load_artifact, model_files, model_sha256, read_weights
from models.calibration import label_proba
from models.encoder import Encoder, pad
from models.errors import TrainingDataError
from models.text import normalize
from training.export import quantize_state, write_manifest
from training.hugging_face import BESIDE, ENCODER, HEADS, WEIGHTS, classifier_of, folded, unfolded
from training.network import Network, from_config

_BATCH = 16


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a folder.

    Attributes:
        artifact: as it was written.
        is_same: it is the exported model, to the bit.
        largest_difference: of any label's probability, the classifier against the artefact.
        texts: on which that was measured.
    """

    artifact: Artifact
    is_same: bool
    largest_difference: float
    texts: int


def import_hugging_face(folder: Path, output: Path, texts: list[str]) -> Imported:
    """Write an artefact of a classifier that `export_hugging_face` wrote, trained further or not.

    Args:
        folder: with `scamscreen/` in it.
        output: folder for the artefact, new.
        texts: to say how far both are from each other.

    Raises:
        TrainingDataError: it is no such folder, or what cannot be brought back was changed in it.
    """
    beside = folder / BESIDE
    if not (beside / "manifest.json").is_file():
        raise TrainingDataError(
            f"{folder} was not written by export --format hf: the encoder of another model is a base, "
            "scamscreen-train train RECIPE --base FOLDER"
        )
    if output.exists():
        raise TrainingDataError(f"{output} is there already: name a new folder")
    _check_tokenizer(folder, beside)
    classifier = AutoModelForSequenceClassification.from_pretrained(folder).float().eval()
    manifest = json.loads((beside / "manifest.json").read_text(encoding="utf-8"))
    network = _network(classifier, beside)
    _check_averaging(classifier, network)
    heads = load_file(beside / HEADS)
    heads |= _changed_labels(classifier, network, manifest)
    encoder = {ENCODER + name: one for name, one in quantize_state(network.encoder.state_dict()).items()}
    output.mkdir(parents=True)
    for name in model_files(manifest):
        if name != WEIGHTS:
            shutil.copyfile(beside / name, output / name)
    save_file({**encoder, **heads}, output / WEIGHTS)
    is_same = file_sha256(output / WEIGHTS) == manifest["files"][WEIGHTS]
    kept = {name: one for name, one in manifest.items() if name not in ("files", "documents")}
    write_manifest(output, kept if is_same else _begun_anew(kept, model_sha256(manifest)))
    artifact = load_artifact(output)
    return Imported(artifact, is_same, _largest_difference(classifier, artifact, texts), len(texts))


def _changed_labels(
    classifier: BertForSequenceClassification, network: Network, manifest: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    """Return the head of labels as it is stored if it is another than the exported one; else nothing."""
    head = classifier.classifier
    weight, bias = folded(network.labels.weight, network.labels.bias, manifest)
    if torch.equal(weight, head.weight) and torch.equal(bias, head.bias):
        return {}
    weight, bias = unfolded(head.weight, head.bias, manifest)
    return quantize_state({"labels.weight": weight, "labels.bias": bias})


def _begun_anew(manifest: Mapping[str, Any], sha256: str) -> dict[str, Any]:
    """Return the manifest of a model with other weights: certified for nothing; it says where it began."""
    origin = {"artifact": manifest["name"], "version": manifest["version"], "sha256": sha256}
    if "started_from" in manifest:
        origin |= {"recipe": manifest["recipe"], "started_from": manifest["started_from"]}
    return {
        **{name: one for name, one in manifest.items() if name != "parity"},
        "version": f"{manifest['version']}+hf",
        "certificates": {},
        "started_from": origin,
    }


def _network(classifier: BertForSequenceClassification, beside: Path) -> Network:
    """Return a network with the encoder of a classifier and the heads that lie beside it."""
    network = from_config(beside / "config.json")
    there = classifier.bert.state_dict() if isinstance(classifier, BertForSequenceClassification) else {}
    wanted = network.encoder.state_dict()
    if any(name not in there or there[name].shape != tensor.shape for name, tensor in wanted.items()):
        raise TrainingDataError("the classifier has another shape than the model it was exported from")
    network.encoder.load_state_dict({name: there[name] for name in wanted})
    heads = {name: torch.from_numpy(array) for name, array in read_weights(beside, HEADS).items()}
    network.load_state_dict(heads, strict=False)
    return network.eval()


def _check_tokenizer(folder: Path, beside: Path) -> None:
    one, other = (Tokenizer.from_file(str(place / "tokenizer.json")) for place in (folder, beside))
    if one.get_vocab() != other.get_vocab():
        raise TrainingDataError("the vocabulary was changed: an artefact cannot take it over")


def _check_averaging(classifier: BertForSequenceClassification, network: Network) -> None:
    """Find out whether the layer that stands for our mean of the tokens still is one."""
    expected = classifier_of(network).state_dict()
    last = f"bert.encoder.layer.{network.encoder.config.num_hidden_layers}."
    there = classifier.state_dict()
    if any(
        not torch.equal(there[name], tensor)
        for name, tensor in expected.items()
        if name.startswith((last, "bert.pooler."))
    ):
        raise TrainingDataError(
            f"the last layer, which only averages, was trained too: freeze {last}* and bert.pooler.* "
            "(all else may be trained) and train again"
        )


def _largest_difference(
    classifier: BertForSequenceClassification, artifact: Artifact, texts: list[str]
) -> float:
    """Return the largest difference of any label's probability; each text is read as one window."""
    encoder = Encoder(artifact)
    encoded = encoder.encode([normalize(text).text for text in texts])
    ours = label_proba(np.stack([one.outputs[0].label_logits for one in encoded]), artifact.calibration)
    theirs = []
    for start in range(0, len(encoded), _BATCH):
        ids, mask = pad(
            [one.windows[0].ids for one in encoded[start : start + _BATCH]], encoder.config.pad_id
        )
        with torch.no_grad():
            logits = classifier(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).logits
        theirs.append(logits.sigmoid().numpy())
    return float(np.abs(ours - np.concatenate(theirs)).max())
