"""When a run stops early: it keeps the weights of its best epoch, also when it was killed on the way."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

import training.fit
from models.taxonomy import LABELS
from tests.test_training.toy import COUNTS, TASK, new_network, toy
from tests.tiny import tiny_recipe, tiny_tokenizer_json
from training.fit import fit
from training.network import Network
from training.run_log import LOG
from training.stopping import (
    BEST,
    SCORES,
    TuneScore,
    TuneTexts,
    keep_score,
    score_tune,
    stops_after,
    take_best,
)
from training.texts import Taught

TUNE = TuneTexts(toy(), [list(range(8)), list(range(8, 16))])


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_str(tiny_tokenizer_json())


def marked(tokenizer: Tokenizer, mark: float) -> Network:
    network = new_network(tokenizer)
    torch.nn.init.constant_(network.labels.bias, mark)
    return network


def test_a_run_stops_when_patience_is_over_and_takes_the_best(tokenizer: Tokenizer, tmp_path: Path) -> None:
    stopped = []
    for epoch, loss in enumerate([3.0, 1.0, 2.0, 1.0]):
        keep_score(tmp_path, marked(tokenizer, float(epoch)), epoch, TuneScore(loss, None))
        stopped.append(stops_after(tmp_path, epoch, 2))
    network = new_network(tokenizer)
    take_best(tmp_path, network)

    assert stopped == [False, False, False, True]
    assert network.labels.bias.unique().tolist() == [1.0]
    assert not stops_after(tmp_path, 3, 0)


def test_what_a_killed_run_noted_of_an_epoch_it_did_not_finish_does_not_count(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    for epoch, loss in enumerate([3.0, 1.0]):
        keep_score(tmp_path, marked(tokenizer, 1.0), epoch, TuneScore(loss, None))
    keep_score(tmp_path, marked(tokenizer, 9.0), 1, TuneScore(2.0, 0.5))
    network = new_network(tokenizer)
    take_best(tmp_path, network)

    assert json.loads((tmp_path / SCORES).read_text())["1"] == {"loss": 2.0, "average_precision": 0.5}
    assert network.labels.bias.unique().tolist() == [9.0]


def test_a_score_falls_as_the_texts_are_learnt_and_reads_them_the_same_every_time(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    recipe = tiny_recipe(epochs=30).fit
    network = new_network(tokenizer)
    before = score_tune(network, tokenizer, TUNE, recipe)
    again = score_tune(network, tokenizer, TUNE, recipe)
    fit(network, tokenizer, toy(), recipe, COUNTS, run=tmp_path)
    after = score_tune(network, tokenizer, TUNE, recipe)

    assert before == again
    assert after.loss < 0.3 * before.loss


def test_every_part_weighs_the_same(tokenizer: Tokenizer) -> None:
    recipe, network = tiny_recipe().fit, new_network(tokenizer)
    few, many = [0], list(range(8, 16))

    def loss(parts: list[list[int]]) -> float:
        return score_tune(network, tokenizer, TuneTexts(TUNE.texts, parts), recipe).loss

    assert loss([few, many]) == pytest.approx((loss([few]) + loss([many])) / 2, abs=1e-4)


def test_a_run_that_learns_nothing_more_ends_before_its_last_epoch_with_its_best_weights(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    recipe = tiny_recipe(epochs=50, patience=2, head_rate=0.5, encoder_rate=0.1).fit
    network = new_network(tokenizer)
    fit(network, tokenizer, toy(), recipe, COUNTS, run=tmp_path, tune=TUNE)
    scores = json.loads((tmp_path / SCORES).read_text())
    losses = [score["loss"] for score in scores.values()]

    assert len(losses) < 50
    assert len(losses) - 1 - int(np.argmin(losses)) == 2
    torch.testing.assert_close(network.state_dict(), load_file(tmp_path / BEST))


class KilledError(Exception):
    """Stands for a killed process."""


@pytest.mark.parametrize("seed", range(3))
def test_a_run_killed_three_times_anywhere_stops_where_one_never_broken_does(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    recipe = tiny_recipe(
        epochs=12, patience=3, checkpoint_steps=3, batch_tokens=100, mined_texts=2, kept_weight=0.5
    ).fit
    beside = {
        "tune": TUNE,
        "taught": Taught(torch.full((16, len(LABELS)), -3.0), torch.ones(16, len(LABELS))),
    }

    def run(folder: Path) -> Network:
        network = new_network(tokenizer)
        fit(network, tokenizer, toy(), recipe, {"toy": 12}, run=tmp_path / folder, **beside)  # type: ignore[arg-type]
        return network

    whole = run(Path("whole"))
    rng = np.random.default_rng(seed)
    calls = 0

    def deadly(name: str) -> None:
        work = getattr(training.fit, name)

        def killed_at_times(*given: object, **named: object) -> object:
            nonlocal calls
            calls -= 1
            if calls == 0:
                raise KilledError
            return work(*given, **named)

        monkeypatch.setattr(training.fit, name, killed_at_times)

    for name in ("masked_loss", "save_checkpoint", "keep_score", "score_tune", "hardest"):
        deadly(name)
    for _ in range(3):
        calls = int(rng.integers(2, 14))
        with pytest.raises(KilledError):
            run(Path("broken"))
    calls = 0
    resumed = run(Path("broken"))

    torch.testing.assert_close(resumed.state_dict(), whole.state_dict(), rtol=0, atol=1e-6)
    assert (tmp_path / "broken" / SCORES).read_text() == (tmp_path / "whole" / SCORES).read_text()
    steps = [
        [(line["step"], line.get("loss"), line.get("tune_loss")) for line in map(json.loads, lines)]
        for lines in ((tmp_path / run / LOG).read_text().splitlines() for run in ("broken", "whole"))
    ]
    assert steps[0] == steps[1]


def test_what_an_earlier_model_said_is_kept_where_its_word_counts(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    data = toy()
    said = torch.full((16, len(LABELS)), -2.0)
    weight = torch.ones(16, len(LABELS))
    weight[:, TASK] = 0
    data.mask[:] = 0
    data.mask[:, TASK], data.any_of[:] = 1, 0
    recipe = tiny_recipe(epochs=120, kept_weight=1.0).fit
    network = new_network(tokenizer)
    fit(network, tokenizer, data, recipe, COUNTS, run=tmp_path, taught=Taught(said, weight))
    ids = [tokenizer.encode(text).ids for text in data.texts]
    with torch.no_grad():
        alone = [network(torch.tensor([row]), torch.ones(1, len(row), dtype=torch.int64)) for row in ids]
    logits = torch.cat([outputs.label_logits for outputs in alone])
    others = [row for row in range(len(LABELS)) if row != TASK]

    assert (logits[:, others].sigmoid() - said[:, others].sigmoid()).abs().max() < 0.1
    assert logits[:4, TASK].sigmoid().min() > 0.8
