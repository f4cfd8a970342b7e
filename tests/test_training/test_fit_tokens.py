"""Token heads fitted on a frozen encoder: they learn the marks, and nothing else of the network moves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from models.taxonomy import ENTITY_TAGS, ENTITY_TYPES, LABELS
from tests.tiny import tiny_recipe, tiny_tokenizer_json
from training.fit_tokens import Features, fit_tokens, read_features
from training.markup import parse_markup
from training.network import Network, tiny_network
from training.texts import UNMARKED, Marks, TrainingTexts, role_index

MARKED = [
    "[[PERSON|Somchai]] pays {{upfront_payment|a fee}} now",
    "the fee was paid by [[PERSON|Nok]]",
    "พรุ่งนี้ประชุม",
    "no one pays",
]


def texts() -> TrainingTexts:
    """Return four marked texts and one without marks, which is left out."""
    parsed = [parse_markup(text) for text in MARKED]
    everything = frozenset(ENTITY_TYPES)
    zeros = torch.zeros(5, len(LABELS))
    return TrainingTexts(
        texts=[*(text for text, _ in parsed), "nobody marked this"],
        labels=zeros,
        mask=zeros,
        any_of=zeros,
        roles=torch.tensor([role_index("")] * 5),
        sources=["toy"] * 5,
        strata=["en-"] * 5,
        languages=["en"] * 5,
        pairs=[""] * 5,
        marks=[*(Marks(spans, indicators=True, entity_types=everything) for _, spans in parsed), UNMARKED],
    )


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, Network, Features, list[float]]:
    """Return the network before and after, the features it learnt from and its losses."""
    tokenizer = Tokenizer.from_str(tiny_tokenizer_json())
    before, after = (tiny_network(tokenizer.get_vocab_size()) for _ in range(2))
    recipe = replace(tiny_recipe().tokens, epochs=200, rate=2e-2)
    path = tmp_path_factory.mktemp("run") / "features.f16"
    features = read_features(after, tokenizer, texts(), recipe, path)
    return before, after, features, fit_tokens(after, features, recipe)


def test_marks_are_learnt_by_heart(fitted: tuple[Network, Network, Features, list[float]]) -> None:
    _, after, features, losses = fitted
    entities, _ = after.read_tokens(*features.batch([0, 1]))
    person = ENTITY_TAGS.index("B-PERSON")

    assert losses[-1] < 0.3 * losses[0]
    for row in range(2):
        tags = features.readings[row].entities
        assert tags is not None
        assert (entities[row, : len(tags)].argmax(-1).numpy() == person)[tags == person].all()


def test_only_what_reads_tokens_moves(fitted: tuple[Network, Network, Features, list[float]]) -> None:
    before, after, *_ = fitted
    moved = {
        name.split(".")[0]
        for (name, old), new in zip(before.state_dict().items(), after.state_dict().values(), strict=True)
        if not torch.equal(old, new)
    }

    assert moved == {"branch", "tokens", "entities", "indicators"}


def test_features_are_what_the_whole_network_reads(
    fitted: tuple[Network, Network, Features, list[float]],
) -> None:
    _, after, features, _ = fitted
    ids = torch.from_numpy(features.readings[1].ids)[None]
    with torch.no_grad():
        whole = after(ids, torch.ones_like(ids))
        entities, indicators = after.read_tokens(*features.batch([1]))

    torch.testing.assert_close(entities, whole.entity_logits, atol=0.02, rtol=0.01)
    torch.testing.assert_close(indicators, whole.indicator_logits, atol=0.02, rtol=0.01)


def test_texts_nobody_marked_are_left_out(fitted: tuple[Network, Network, Features, list[float]]) -> None:
    _, _, features, _ = fitted

    assert len(features.readings) == len(MARKED)
    assert np.diff(features.starts).tolist() == [len(one.ids) for one in features.readings]


def test_a_branch_of_an_artifact_without_one_begins_as_the_layer_beside(tiny_artifact: Path) -> None:
    from training.network import _missing, from_artifact

    network = from_artifact(tiny_artifact)
    old = {name: one for name, one in network.state_dict().items() if not name.startswith("branch.")}
    begun = _missing(network, old)

    assert {name.split(".")[0] for name in begun} == {"branch"}
    for name, one in begun.items():
        beside = name.replace("branch.", f"encoder.encoder.layer.{network.branches_at}.", 1)
        torch.testing.assert_close(one, old[beside])
