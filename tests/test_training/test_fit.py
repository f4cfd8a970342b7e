"""Fine-tuning on 16 texts with a two-layer network: it learns, masks hold, a broken run goes on."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

import training.fit
from models.taxonomy import ENTITY_TAGS, ENTITY_TYPES, LABELS, ROLES
from tests.test_training.toy import COUNTS, LOAN, OTHER, PRIZE, TASK, TEXTS, new_network, toy
from tests.tiny import tiny_recipe, tiny_tokenizer_json
from training.batches import epoch_counts, sample_of
from training.checkpoint import Progress
from training.fit import Schedule, fit
from training.losses import entity_loss, masked_loss
from training.network import Network, Outputs
from training.reading import Reading, outside_tags
from training.texts import UNKNOWN, role_index


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(tiny_tokenizer_json())


def outputs_of(network: Network, tokenizer: Tokenizer, texts: list[str]) -> Outputs:
    encodings = [tokenizer.encode(text).ids for text in texts]
    with torch.no_grad():
        rows = [network(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.int64)) for ids in encodings]
    return Outputs(
        *(torch.cat([row[field] for row in rows]) if field < 2 else torch.empty(0) for field in range(5))
    )


@pytest.fixture(scope="module")
def fitted(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, Progress]:
    network = new_network(tokenizer)
    progress = fit(
        network, tokenizer, toy(), tiny_recipe(epochs=60).fit, COUNTS, run=tmp_path_factory.mktemp("run")
    )
    return network, progress


def test_sixteen_texts_are_learnt_by_heart(fitted: tuple[Network, Progress], tokenizer: Tokenizer) -> None:
    network, progress = fitted
    outputs = outputs_of(network, tokenizer, TEXTS)
    proba = outputs.label_logits.sigmoid()

    assert progress.losses[-1] < 0.2 * progress.losses[0]
    assert proba[:4, TASK].min() > 0.8
    assert proba[8:, TASK].max() < 0.2
    assert (
        outputs.role_logits.argmax(1)[:14].tolist()
        == [role_index("offer")] * 8 + [role_index("ordinary")] * 6
    )


def test_a_text_known_only_as_one_of_two_scams_scores_high_on_at_least_one(
    fitted: tuple[Network, Progress], tokenizer: Tokenizer
) -> None:
    network, _ = fitted
    proba = outputs_of(network, tokenizer, TEXTS).label_logits.sigmoid()
    either = 1 - (1 - proba[:, LOAN]) * (1 - proba[:, PRIZE])

    assert either[4:8].min() > 0.8
    assert either[8:].max() < 0.2


def test_a_masked_label_is_not_learnt(fitted: tuple[Network, Progress], tokenizer: Tokenizer) -> None:
    network, _ = fitted
    before = new_network(tokenizer).labels

    torch.testing.assert_close(network.labels.weight[OTHER], before.weight[OTHER], rtol=0, atol=1e-6)
    torch.testing.assert_close(network.labels.bias[OTHER], before.bias[OTHER], rtol=0, atol=1e-6)
    assert not torch.allclose(network.labels.weight[TASK], before.weight[TASK], atol=1e-2)


def test_frozen_embeddings_stay_those_of_the_base(
    fitted: tuple[Network, Progress], tokenizer: Tokenizer
) -> None:
    network, _ = fitted
    base = new_network(tokenizer).encoder.embeddings.state_dict()

    for name, tensor in network.encoder.embeddings.state_dict().items():
        torch.testing.assert_close(tensor, base[name], rtol=0, atol=0)


def test_frozen_layers_stay_those_of_the_base_and_the_others_move(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    network, base = new_network(tokenizer), new_network(tokenizer)
    fit(network, tokenizer, toy(), tiny_recipe(frozen_layers=1, epochs=2).fit, COUNTS, run=tmp_path)

    def moved(layer: int) -> bool:
        pairs = zip(
            network.encoder.encoder.layer[layer].parameters(),
            base.encoder.encoder.layer[layer].parameters(),
            strict=True,
        )
        return any(not torch.equal(new, old) for new, old in pairs)

    assert not moved(0)
    assert moved(1)


class KilledError(Exception):
    """Stands for a killed process."""


@pytest.mark.parametrize("half_written", [False, True], ids=["between steps", "while writing a checkpoint"])
def test_a_run_killed_and_resumed_ends_with_the_weights_of_one_never_broken(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, half_written: bool
) -> None:
    recipe = tiny_recipe(
        epochs=6, checkpoint_steps=2, batch_tokens=100, masked_digits=0.5, weight_decay=0.01
    ).fit
    unbroken = new_network(tokenizer)
    whole = fit(unbroken, tokenizer, toy(), recipe, COUNTS, run=tmp_path / "whole")

    def kill_at_the_second(folder: Path, *state: Any) -> None:
        if folder.is_dir():
            if half_written:
                folder.with_suffix(".new").mkdir()
                (folder.with_suffix(".new") / "network.safetensors").write_bytes(b"half")
            raise KilledError
        save(folder, *state)

    save = training.fit.save_checkpoint
    monkeypatch.setattr(training.fit, "save_checkpoint", kill_at_the_second)
    with pytest.raises(KilledError):
        fit(new_network(tokenizer), tokenizer, toy(), recipe, COUNTS, run=tmp_path / "broken")
    monkeypatch.undo()
    resumed = new_network(tokenizer)
    rest = fit(resumed, tokenizer, toy(), recipe, COUNTS, run=tmp_path / "broken")

    assert whole.step > 4
    assert rest == whole
    for name, tensor in unbroken.state_dict().items():
        torch.testing.assert_close(resumed.state_dict()[name], tensor, rtol=0, atol=1e-6)


def test_a_kill_between_the_two_renames_of_a_checkpoint_loses_nothing(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    recipe = tiny_recipe(epochs=2).fit
    done = fit(new_network(tokenizer), tokenizer, toy(), recipe, COUNTS, run=tmp_path)
    (tmp_path / "checkpoint").rename(tmp_path / "checkpoint.old")

    assert fit(new_network(tokenizer), tokenizer, toy(), recipe, COUNTS, run=tmp_path) == done


def test_mined_texts_are_benign_ones_the_epoch_did_not_draw_and_stay_with_the_run(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    data, counts = toy(), {"toy": 6}
    data.labels[:, OTHER], data.mask[8:] = 0, 1
    recipe = tiny_recipe(epochs=2, mined_texts=3, batch_tokens=100).fit
    first = fit(new_network(tokenizer), tokenizer, data, recipe, counts, run=tmp_path)
    mined = json.loads((tmp_path / "mined-1.json").read_text())
    for path in (tmp_path / "checkpoint").iterdir():
        path.unlink()
    (tmp_path / "checkpoint").rmdir()

    assert len(mined) == 3
    assert set(mined) <= set(range(8, 16)) - set(sample_of(data, recipe, counts, 1))
    assert fit(new_network(tokenizer), tokenizer, data, recipe, counts, run=tmp_path) == first


def test_a_finished_run_trains_no_further(tokenizer: Tokenizer, tmp_path: Path) -> None:
    recipe = tiny_recipe(epochs=2).fit
    first, second = new_network(tokenizer), new_network(tokenizer)
    fit(first, tokenizer, toy(), recipe, COUNTS, run=tmp_path)
    fit(second, tokenizer, toy(), recipe, COUNTS, run=tmp_path)

    for name, tensor in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], tensor)


def loss_of(logits: torch.Tensor, **given: torch.Tensor) -> torch.Tensor:
    """Return the loss of label logits (batch, 22); what is not given is 0, roles are unknown."""
    zeros = torch.zeros_like(logits.detach())
    outputs = Outputs(logits, torch.zeros(len(logits), len(ROLES)), zeros, zeros, zeros)
    return masked_loss(
        outputs,
        given.get("labels", zeros),
        given.get("mask", zeros),
        given.get("any_of", zeros),
        given.get("roles", torch.full((len(logits),), -100)),
        positive_weight=2.0,
        role_weight=0.5,
    )


def columns(*which: int) -> torch.Tensor:
    """Return (1, 22) of 0, with 1 in the columns named."""
    row = torch.zeros(1, len(LABELS))
    row[0, list(which)] = 1
    return row


def test_masked_labels_get_no_gradient() -> None:
    logits = torch.zeros(1, len(LABELS), requires_grad=True)
    loss_of(logits, labels=columns(TASK, OTHER), mask=columns(TASK, LOAN)).backward()

    assert logits.grad is not None
    assert logits.grad.nonzero()[:, 1].tolist() == sorted([TASK, LOAN])
    assert logits.grad[0, TASK] < 0 < logits.grad[0, LOAN]


@pytest.mark.parametrize("rising", [LOAN, PRIZE])
def test_the_loss_of_one_of_two_falls_when_either_rises(rising: int) -> None:
    low = torch.full((1, len(LABELS)), -2.0)
    high = low.clone()
    high[0, rising] = 2.0

    assert loss_of(high, any_of=columns(LOAN, PRIZE)) < loss_of(low, any_of=columns(LOAN, PRIZE)) - 1


def test_one_certain_label_satisfies_one_of_two_and_a_third_does_not_help() -> None:
    certain, third = torch.full((1, len(LABELS)), -9.0), torch.full((1, len(LABELS)), -9.0)
    certain[0, LOAN], third[0, OTHER] = 9.0, 9.0

    assert loss_of(certain, any_of=columns(LOAN, PRIZE)) == pytest.approx(0, abs=1e-3)
    assert loss_of(third, any_of=columns(LOAN, PRIZE)) > 5


def entity_loss_of(logits: torch.Tensor, tags: list[str | None], types: frozenset[str]) -> torch.Tensor:
    """Return the entity loss of one text, logits (tokens, n_entity_tags); None is a tag nobody knows."""
    entities = np.array([UNKNOWN if tag is None else ENTITY_TAGS.index(tag) for tag in tags])
    ids = np.zeros(len(tags), dtype=np.int64)
    return entity_loss(logits.unsqueeze(0), [Reading(ids, None, entities, outside_tags(types))])


def sure_of(*tags: str) -> torch.Tensor:
    """Return (tokens, n_entity_tags) logits that leave no doubt."""
    logits = torch.zeros(len(tags), len(ENTITY_TAGS))
    for row, tag in enumerate(tags):
        logits[row, ENTITY_TAGS.index(tag)] = 20.0
    return logits


def test_a_wrong_entity_costs_a_right_one_and_an_unknown_one_nothing() -> None:
    everything = frozenset(ENTITY_TYPES)
    logits = sure_of("B-PERSON", "O", "B-DATE")

    assert entity_loss_of(logits, ["B-PERSON", "O", None], everything) == pytest.approx(0, abs=1e-3)
    assert entity_loss_of(logits, ["O", "O", None], everything) > 5
    assert entity_loss_of(logits, ["B-PERSON", "O", "O"], everything) > 5


def test_a_type_nobody_marked_may_be_found_where_nothing_is_marked() -> None:
    logits = sure_of("B-PERSON", "B-DATE")

    assert entity_loss_of(logits, ["B-PERSON", "O"], frozenset({"PERSON"})) == pytest.approx(0, abs=1e-3)
    assert entity_loss_of(logits, ["O", "O"], frozenset({"PERSON"})) > 5


@pytest.mark.parametrize("extreme", [-60.0, 60.0])
def test_extreme_logits_give_a_finite_loss_and_gradient(extreme: float) -> None:
    logits = torch.full((1, len(LABELS)), extreme, requires_grad=True)
    loss = loss_of(logits, labels=columns(TASK), mask=columns(TASK, OTHER), any_of=columns(LOAN, PRIZE))
    loss.backward()

    assert logits.grad is not None
    assert loss.isfinite()
    assert logits.grad.isfinite().all()


def test_a_missed_positive_costs_more_than_a_false_alarm() -> None:
    doubt = torch.zeros(1, len(LABELS))

    assert loss_of(doubt, labels=columns(TASK), mask=columns(TASK)) == pytest.approx(
        2 * loss_of(doubt, mask=columns(TASK)).item()
    )


def test_texts_of_unknown_role_do_not_count_for_roles() -> None:
    logits = torch.zeros(2, len(LABELS))
    known, mixed = torch.tensor([3, 3]), torch.tensor([3, -100])

    assert loss_of(logits, roles=known) == loss_of(logits, roles=mixed) > 0
    assert loss_of(logits) == 0


def test_the_rate_warms_up_and_ends_near_zero() -> None:
    schedule = Schedule(0.1)
    rates = [schedule(step / 100) for step in range(100)]

    assert 0 < rates[0] < 0.05
    assert max(rates) == pytest.approx(1.0)
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[-1] < 0.05


def test_the_counts_of_a_run_add_up_to_its_recipe() -> None:
    counts = epoch_counts(toy(), tiny_recipe(epochs=3).fit, {"toy": 20})

    assert counts.sum() == 60
    assert counts.min() >= 3
