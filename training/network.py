"""The network: one encoder, one forward pass, four outputs and a fifth that says which tokens spoke."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, BertConfig, PreTrainedModel

from models.artifact import load_artifact, read_weights
from models.taxonomy import ENTITY_TAGS, INDICATORS, LABELS, ROLES


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


class Network(nn.Module):
    """A multilingual encoder with heads.

    Labels and roles are read from the normalised mean of the token vectors. A label's logit is therefore a
    sum of what its tokens say, and `label_influence` gives those parts at no cost, up to one positive factor
    per text (class activation mapping, Zhou et al. 2016, arXiv 1512.04150).

    Entities and indicators are read through a layer of their own from each token's last vector and the one at
    two thirds of the depth: what a token is fades in the layers that learn what the text is (Tenney et al.
    2019, "BERT Rediscovers the Classical NLP Pipeline").
    """

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.width = width = int(encoder.config.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.labels = _rare(nn.Linear(width, len(LABELS)))
        self.roles = nn.Linear(width, len(ROLES))
        self.tokens = nn.Linear(2 * width, width)
        self.entities = nn.Linear(width, len(ENTITY_TAGS))
        self.indicators = _rare(nn.Linear(width, len(INDICATORS)))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Outputs:
        """Return the five outputs for ids and mask, both (batch, tokens) int64."""
        layers = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        hidden = layers[-1]
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(nn.functional.layer_norm(mean, (self.width,)))
        of_tokens = self.dropout(torch.cat([layers[2 * (len(layers) - 1) // 3], hidden], dim=-1))
        of_tokens = nn.functional.gelu(self.tokens(of_tokens))
        return Outputs(
            label_logits=self.labels(pooled),
            role_logits=self.roles(pooled),
            label_influence=nn.functional.linear(hidden - hidden.mean(-1, keepdim=True), self.labels.weight),
            entity_logits=self.entities(of_tokens),
            indicator_logits=self.indicators(of_tokens),
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

    The encoder must be BERT-shaped (`embeddings.word_embeddings`, `encoder.layer`), as E5 and XLM-R are.
    """
    encoder = AutoModel.from_pretrained(path_or_hub_id, add_pooling_layer=False, attn_implementation="sdpa")
    return Network(encoder)


def from_artifact(folder: Path) -> Network:
    """Return the network of an artefact, to evaluate or to fine-tune further; needs no hub.

    The token heads of an artefact before 0.4.0, which read no layer of their own, begin anew.
    """
    load_artifact(folder)  # verifies every file
    stored = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = AutoConfig.for_model(**stored["encoder"])
    network = Network(AutoModel.from_config(config, add_pooling_layer=False, attn_implementation="sdpa"))
    weights = {name: torch.from_numpy(array) for name, array in read_weights(folder).items()}
    if "tokens.weight" not in weights:
        new = network.state_dict()
        weights |= {
            name: new[name] for name in new if name.startswith(("tokens.", "entities.", "indicators."))
        }
    network.load_state_dict(weights)
    return network


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
    return Network(AutoModel.from_config(config, add_pooling_layer=False, attn_implementation="sdpa"))
