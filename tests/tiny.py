"""A tokenizer, a recipe and an artefact so small that every test can have its own; nothing is downloaded."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from models.calibration import AT_RISK
from models.gate import Gate, hashed_grams
from models.plea_gate import PleaGate
from models.taxonomy import LABELS, ROLES
from training.certify import Certificate
from training.certify_gate import HEADS
from training.export import export_artifact, write_manifest
from training.gate import write_gate
from training.network import Network, tiny_network
from training.recipe import Recipe, parse_recipe

torch.set_num_threads(1)  # so small a network spends its time on threads that wait for each other

SENTENCES = (
    "Easy work in a big office, free ticket, pay in dollars every week.",
    "The library opens at nine and closes at five on weekdays.",
    "Your parcel waits at the post office, bring your card.",
    "งานสบาย รายได้ดี ฟรีตั๋วและที่พัก",
    "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุด",
    "高薪工作，包机票，包吃住。",
    "明天下午三点在图书馆见面。",
    "Việc nhẹ lương cao, bao vé máy bay.",
    "Chiều mai họp lúc ba giờ ở thư viện.",
    "လစာကောင်း၊ လေယာဉ်လက်မှတ် အခမဲ့။",
    "ប្រាក់ខែខ្ពស់ សំបុត្រយន្តហោះឥតគិតថ្លៃ",
    "ເງິນເດືອນສູງ ປີ້ຍົນຟຣີ",
    "Gaji besar, tiket pesawat gratis, tanpa pengalaman.",
    "고수익 해외취업, 항공권 무료.",
    "मोटी सैलरी, मुफ्त टिकट, बिना अनुभव।",
)
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
MASK = "<mask>"
ALARM_WORDS = ("lottery", "hostage", "enquire")
"""What the gate of `tiny_gate` lets no text with pass."""
TINY_VOCABULARY = {"pieces": 310, "tokens_per_word": {}}
_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?/-@$"


def tiny_tokenizer_json() -> str:
    """Return the tokenizer.json of a Unigram tokenizer shaped like XLM-R's: special ids 0-3, <mask> last."""
    words = Counter("▁" + word for sentence in SENTENCES for word in sentence.split())
    characters = sorted({*_CHARACTERS, *"".join(SENTENCES)} - {" "})
    pieces = [(piece, 0.0) for piece in SPECIAL]
    pieces += [("▁", -6.0), *((character, -9.0) for character in characters)]
    pieces += [(word, -7.0 + count) for word, count in sorted(words.items()) if len(word) > 2]
    tokenizer = Tokenizer(Unigram([*pieces, (MASK, 0.0)], unk_id=3))
    tokenizer.normalizer = normalizers.Replace("  ", " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens([*SPECIAL, MASK])
    return str(tokenizer.to_str())


def tiny_recipe_tables() -> dict[str, Any]:
    """Return a complete recipe as its TOML file would be read; a test may change it."""
    return {
        "artifact": {
            "name": "tiny",
            "version": "0.0.1",
            "languages": ["en", "th", "zh"],
            "window_tokens": 48,
            "stride_tokens": 32,
        },
        "vocabulary": {"size": 200},
        "fit": {
            "seed": 7,
            "epochs": 4,
            "max_tokens": 48,
            "batch_tokens": 400,
            "encoder_rate": 5e-3,
            "head_rate": 2e-2,
            "layer_decay": 0.9,
            "warmup_share": 0.1,
            "weight_decay": 0.0,
            "gradient_clip": 5.0,
            "frozen_layers": 0,
            "positive_weight": 2.0,
            "role_weight": 0.5,
            "indicator_weight": 0.5,
            "entity_weight": 0.5,
            "masked_urls": 0.0,
            "masked_digits": 0.0,
            "swapped": 0.0,
            "shortened": 0.0,
            "truncated": 0.0,
            "disguised": 0.0,
            "romanised": 0.0,
            "padded": 0.0,
            "hidden_tokens": 0.0,
            "second_reading": 0.0,
            "mined_texts": 0,
            "kept_weight": 0.0,
            "tune_texts": 0,
            "patience": 0,
            "checkpoint_steps": 1000,
        },
        "tokens": {
            "seed": 7,
            "epochs": 1,
            "max_tokens": 48,
            "batch_tokens": 400,
            "rate": 1e-3,
            "branch_share": 0.3,
            "warmup_share": 0.1,
            "weight_decay": 0.01,
            "gradient_clip": 1.0,
            "entity_weight": 1.0,
            "indicator_weight": 1.0,
        },
        "added": {"repeats": 2, "most_texts": 100},
        "texts_per_epoch": {"toy": 16},
    }


def tiny_recipe(**fit: Any) -> Recipe:
    """Return a recipe with some keys of its [fit] section changed."""
    tables = tiny_recipe_tables()
    tables["fit"].update(fit)
    return parse_recipe(tables, "tiny.toml")


def tiny_trained_network(*, seed: int = 3) -> Network:
    """Return a two-layer random network whose heads speak up: probabilities spread over [0, 1]."""
    vocabulary = len(json.loads(tiny_tokenizer_json())["model"]["vocab"])
    network = tiny_network(vocabulary, seed=seed).eval()
    network.labels.weight.data *= 4
    network.labels.bias.data.zero_()
    network.roles.weight.data *= 4
    return network


def write_tiny_artifact(folder: Path) -> Path:
    """Write a whole artefact: random network, calibration that is not neutral, thresholds, certificate."""
    network = tiny_trained_network()
    export_artifact(network, tiny_tokenizer_json(), tiny_recipe(), folder, vocabulary=TINY_VOCABULARY)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["calibration"]["temperature"] = dict.fromkeys(LABELS, 1.5)
    manifest["calibration"]["bias"] = {**dict.fromkeys(LABELS, -0.25), AT_RISK: -3.0}
    manifest["thresholds"] = {
        point: dict.fromkeys(LABELS, value)
        for point, value in (("screening", 0.4), ("balanced", 0.6), ("strict", 0.9))
    }
    manifest["certificates"] = {
        "en": Certificate(1500, 8, 0.0096, manifest["thresholds"]["balanced"], {"toy": 1500}).to_dict()
    }
    write_manifest(folder, manifest)
    return folder


def random_texts(count: int, *, seed: int = 0, longest: int = 30) -> list[str]:
    """Return texts of random words of all languages, 1 to `longest` words each."""
    rng = np.random.default_rng(seed)
    words = [word for sentence in SENTENCES for word in sentence.split()]
    return [
        " ".join(words[i] for i in rng.integers(len(words), size=rng.integers(1, longest + 1)))
        for _ in range(count)
    ]


def tiny_gate(languages: Sequence[str] = ("en", "th", "zh")) -> Gate:
    """Return a gate that lets everything pass but texts with an `ALARM_WORD`, one for each of its heads."""
    weights = np.zeros((2**12, len(HEADS)), dtype=np.int8)
    for head, word in enumerate(ALARM_WORDS):
        weights[hashed_grams([word], (4,), len(weights))[0], head] = 100
    return Gate(
        grams=(4,),
        weights=weights,
        scale=np.ones(len(HEADS), dtype=np.float32),
        bias=np.full(len(HEADS), -1.0, dtype=np.float32),
        thresholds={language: np.zeros(len(HEADS), dtype=np.float32) for language in languages},
        labels=np.full(len(LABELS), 0.01, dtype=np.float32),
        roles=np.array([0.94 if role == "ordinary" else 0.01 for role in ROLES], dtype=np.float32),
    )


def tiny_plea_gate() -> PleaGate:
    """Return a plea gate for which the second `ALARM_WORD` alone is a plea."""
    gate = tiny_gate()
    return PleaGate(gate.grams, gate.weights[:, 1:2].copy(), gate.scale[1:2], gate.bias[1:2], threshold=0.0)


def write_tiny_gate(folder: Path, pleas: PleaGate | None = None) -> Path:
    """Add the gate of `tiny_gate` to an artefact, and one for pleas if there is one."""
    write_gate(folder, tiny_gate(), {}, pleas)
    return folder
