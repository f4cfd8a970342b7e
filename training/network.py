"""The network: one encoder, one forward pass, four outputs and a fifth that says which tokens spoke."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, BertConfig, PretrainedConfig, PreTrainedModel

from models.artifact import load_artifact, read_weights
from models.errors import RecipeError
from models.taxonomy import ENTITY_TAGS, INDICATORS, LABELS, ROLES

BERT_SHAPED: Final = ("bert", "roberta", "xlm-roberta", "camembert")


class Outputs(NamedTuple):
    """What one forward pass returns.

    Shapes: label_logits (batch, 22), role_logits (batch, 7), label_influence (batch, tokens, 22),
    entity_logits (batch, tokens, 39), indicator_logits (batch, tokens, 33).
    """

    label_logits: Tensor
    role_logits: Tensor
    label_influence: Tensor
    entity_logits: Tensor
    indicator_logits: Tensor


def _rare(head: nn.Linear) -> nn.Linear:
    """Return a new head that says "hardly ever", not "half the time" (Lin et al. 2017, arXiv 1708.02002)."""
    nn.init.constant_(head.bias, -4.0)
    return head


def _copy_of(layer: nn.Module, config: PretrainedConfig) -> nn.Module:
    """Return a layer that begins as another and is set up by the same configuration object."""
    branch = copy.deepcopy(layer)
    for module in branch.modules():
        if hasattr(module, "config"):
            module.config = config
    return branch


class Network(nn.Module):
    """A multilingual encoder with heads.

    Labels and roles are read from the normalised mean of the token vectors. A label's logit is therefore a
    sum of what its tokens say, and `label_influence` gives those parts at no cost, up to one positive factor
    per text (class activation mapping, Zhou et al. 2016, arXiv 1512.04150).

    Entities and indicators are read from each token's last vector and from a branch of one layer at two
    thirds of the depth: what a token is fades in the layers that learn what the text is (Tenney et al. 2019,
    "BERT Rediscovers the Classical NLP Pipeline"), and a branch learns without changing what labels read.
    """

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.width = width = int(encoder.config.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.labels = _rare(nn.Linear(width, len(LABELS)))
        self.roles = nn.Linear(width, len(ROLES))
        self.branch = _copy_of(encoder.encoder.layer[self.branches_at], encoder.config)
        self.tokens = nn.Linear(2 * width, width)
        self.entities = nn.Linear(width, len(ENTITY_TAGS))
        self.indicators = _rare(nn.Linear(width, len(INDICATORS)))

    @property
    def branches_at(self) -> int:
        """How many layers of the encoder the branch reads from; it begins as a copy of the next one."""
        return 2 * int(self.encoder.config.num_hidden_layers) // 3

    def encode(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return (batch, tokens, width) twice: the tokens where the branch leaves, and at the end."""
        layers = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        return layers[self.branches_at], layers[-1]

    def read_tokens(self, middle: Tensor, last: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return entity and indicator logits from what the encoder says of tokens.

        Args:
            middle: (batch, tokens, width), after `branches_at` layers.
            last: (batch, tokens, width), after all.
            attention_mask: (batch, tokens) int64.
        """
        hidden = attention_mask[:, None, None, :].to(middle.dtype)
        branch = self.branch(middle, attention_mask=(1 - hidden) * torch.finfo(middle.dtype).min)
        branch = branch[0] if isinstance(branch, tuple) else branch
        of_tokens = self.dropout(torch.cat([branch, last], dim=-1))
        of_tokens = nn.functional.gelu(self.tokens(of_tokens))
        return self.entities(of_tokens), self.indicators(of_tokens)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Outputs:
        """Return the five outputs for ids and mask, both (batch, tokens) int64."""
        middle, hidden = self.encode(input_ids, attention_mask)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(nn.functional.layer_norm(mean, (self.width,)))
        entity_logits, indicator_logits = self.read_tokens(middle, hidden, attention_mask)
        return Outputs(
            label_logits=self.labels(pooled),
            role_logits=self.roles(pooled),
            label_influence=nn.functional.linear(hidden - hidden.mean(-1, keepdim=True), self.labels.weight),
            entity_logits=entity_logits,
            indicator_logits=indicator_logits,
        )


@dataclass(frozen=True, slots=True)
class FrozenLayers:
    """How much of the encoder stays as the base has it: the embeddings and the lowest `layers`."""

    embeddings: bool
    layers: int

    def apply(self, network: Network) -> None:
        """Stop gradients of the frozen parts."""
        if self.embeddings:
            network.encoder.embeddings.requires_grad_(False)
        for layer in network.encoder.encoder.layer[: self.layers]:
            layer.requires_grad_(False)


def from_base(path_or_hub_id: str) -> Network:
    """Return a network on a pretrained encoder with new heads, from a folder or a hub id.

    Raises:
        RecipeError: the encoder is not BERT-shaped (`embeddings.word_embeddings`, `encoder.layer`), as E5 and
            XLM-R are.
    """
    kind = AutoConfig.from_pretrained(path_or_hub_id).model_type
    if kind not in BERT_SHAPED:
        raise RecipeError(
            f"--base: an encoder of type {kind!r} has layers of another kind; expected one of "
            f"{', '.join(BERT_SHAPED)}, such as intfloat/multilingual-e5-small or xlm-roberta-base"
        )
    encoder = AutoModel.from_pretrained(path_or_hub_id, add_pooling_layer=False, attn_implementation="sdpa")
    return Network(encoder)


def from_artifact(folder: Path) -> Network:
    """Return the network of an artefact, to evaluate or to fine-tune further; needs no hub.

    The token heads of an artefact before 0.4.0, which have no branch, begin anew.
    """
    load_artifact(folder)  # verifies every file
    return _with_weights(folder, _tensors(folder))


def grown_from_artifact(folder: Path, labels: Sequence[str]) -> Network:
    """Return the network of an artefact for the labels of today, whose labels were others.

    What a label is read by stays with its code; what a new one is read by is drawn, and says "hardly ever".

    Args:
        folder: of an artefact, verified.
        labels: its own codes, in order.
    """
    weights = _tensors(folder)
    torch.manual_seed(0)
    head = _rare(nn.Linear(weights["labels.weight"].shape[1], len(LABELS)))
    for name, drawn in head.state_dict().items():
        rows = weights[f"labels.{name}"]
        known = [rows[labels.index(code)] if code in labels else drawn[at] for at, code in enumerate(LABELS)]
        weights[f"labels.{name}"] = torch.stack(known)
    return _with_weights(folder, weights)


def from_config(path: Path) -> Network:
    """Return a network of the shape that an artefact's config.json tells, its weights drawn."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return _drawn(AutoConfig.for_model(**stored["encoder"]))


def _tensors(folder: Path) -> dict[str, Tensor]:
    return {name: torch.from_numpy(array) for name, array in read_weights(folder).items()}


def _with_weights(folder: Path, weights: Mapping[str, Tensor]) -> Network:
    network = from_config(folder / "config.json")
    network.load_state_dict({**weights, **_missing(network, weights)})
    return network


def _missing(network: Network, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return what an older artefact lacks: token heads as new, a branch like the layer beside it."""
    begun = network.state_dict()
    heads = () if "tokens.weight" in weights else ("tokens.", "entities.", "indicators.")
    anew = {name: begun[name] for name in begun if heads and name.startswith(heads)}
    beside = f"encoder.encoder.layer.{network.branches_at}."
    branch = (name for name in begun if name.startswith("branch.") and name not in weights)
    return anew | {name: weights[name.replace("branch.", beside, 1)] for name in branch}


def tiny_network(vocabulary: int, *, seed: int = 0) -> Network:
    """Return a two-layer network with random weights, for tests that must not need a checkpoint."""
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        type_vocab_size=2,
        pad_token_id=1,
    )
    return _drawn(config)


def _drawn(config: PretrainedConfig) -> Network:
    """Return a network all of whose weights are drawn."""
    return Network(AutoModel.from_config(config, add_pooling_layer=False, attn_implementation="sdpa"))
