"""Two readers of the written training texts: how far they agree, and what training makes of it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.tables import table
from training.example import Example
from training.losses import masked_loss
from training.network import Outputs
from training.second_reading import SecondReading, both_readings, read_second_readings
from training.sources import authored

LOAN, OTHER = LABELS.index("loan_scam"), LABELS.index("other_scam")


@pytest.fixture(scope="module")
def twice() -> list[tuple[Example, SecondReading]]:
    second = read_second_readings()
    return [(example, second[example.key]) for example in authored.read(Path()) if example.key in second]


def test_two_readers_agree_on_nearly_every_text_in_some_label(
    twice: list[tuple[Example, SecondReading]],
) -> None:
    """The figures are in the data card."""
    positive = [(first, second) for first, second in twice if first.labels]
    benign = [second for first, second in twice if not first.labels]

    assert len(twice) > 10_000
    assert sum(bool(first.labels & second.labels) for first, second in positive) / len(positive) > 0.96
    assert sum(bool(second.labels) for second in benign) / len(benign) < 0.01


def test_where_two_readers_differ_the_label_lies_between() -> None:
    texts = table(["a", "b"], [{"other_scam"}, set()])
    second = [SecondReading(frozenset({"loan_scam"}), "offer"), None]
    labels, roles = both_readings(texts.labels, ["approach", "ordinary"], second, 0.5)

    assert labels[0, [LOAN, OTHER]].tolist() == [0.5, 0.5]
    assert labels[1].max() == 0
    assert roles == ["", "ordinary"]
    assert texts.labels[0, OTHER] == 1, "the first reader's labels stay as they were"


def test_a_share_of_nothing_leaves_everything_to_the_first_reader() -> None:
    texts = table(["a"], [{"other_scam"}])
    labels, roles = both_readings(texts.labels, ["approach"], [SecondReading(frozenset(), "ordinary")], 0.0)

    np.testing.assert_array_equal(labels, texts.labels)
    assert roles == ["approach"]


def test_a_label_between_pulls_the_network_to_neither_side() -> None:
    """At a probability of one half the loss of a half label is at its least."""
    half = torch.full((1, len(LABELS)), 0.5)
    nothing = torch.zeros_like(half)
    logits = nothing.clone().requires_grad_()
    outputs = Outputs(logits, torch.zeros(1, 7), torch.empty(0), torch.empty(0), torch.empty(0))
    masked_loss(
        outputs,
        half,
        torch.ones_like(half),
        nothing,
        torch.tensor([-100]),
        positive_weight=2.0,
        role_weight=1.0,
    ).backward()

    assert logits.grad is not None
    assert logits.grad.abs().max() < 1e-6


def test_an_unknown_code_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "second_reading.csv"
    file.write_text("id,labels,role\nen-001,loan_scam spam,offer\n", encoding="utf-8")

    with pytest.raises(TrainingDataError, match=r"second_reading\.csv, line 2: no code spam"):
        read_second_readings(file)
