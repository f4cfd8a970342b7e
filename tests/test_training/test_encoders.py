"""Which encoders a run can start from: those of BERT's shape, whatever their name; others are refused."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModel, BertConfig, ModernBertConfig, PretrainedConfig, XLMRobertaConfig

from models.artifact import load_artifact
from models.encoder import Encoder
from models.errors import RecipeError
from tests.tiny import SENTENCES, TINY_VOCABULARY, tiny_recipe, tiny_tokenizer_json
from training.export import export_artifact
from training.network import from_artifact, from_base

TINY = {
    "vocab_size": 400,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 130,
    "pad_token_id": 1,
}


def encoder(folder: Path, config: PretrainedConfig) -> str:
    AutoModel.from_config(config).save_pretrained(folder)
    return str(folder)


@pytest.mark.parametrize(
    "config", [BertConfig(**TINY), XLMRobertaConfig(**TINY)], ids=["bert", "xlm-roberta"]
)
def test_an_artefact_of_an_encoder_says_what_its_network_says(
    config: PretrainedConfig, tmp_path: Path
) -> None:
    network = from_base(encoder(tmp_path / "encoder", config)).eval()
    export_artifact(
        network, tiny_tokenizer_json(), tiny_recipe(), tmp_path / "artifact", vocabulary=TINY_VOCABULARY
    )
    texts = list(SENTENCES[:5])
    again = from_artifact(tmp_path / "artifact").eval()
    for encoded in Encoder(load_artifact(tmp_path / "artifact")).encode(texts):
        ids = torch.from_numpy(encoded.windows[0].ids)[None]
        with torch.no_grad():
            logits = again(ids, torch.ones_like(ids)).label_logits[0]
        torch.testing.assert_close(torch.from_numpy(encoded.label_logits), logits, atol=0.05, rtol=0)


def test_an_encoder_of_another_shape_is_refused_by_its_name(tmp_path: Path) -> None:
    config = ModernBertConfig(**TINY, global_attn_every_n_layers=2)

    with pytest.raises(RecipeError, match="an encoder of type 'modernbert'"):
        from_base(encoder(tmp_path / "encoder", config))
