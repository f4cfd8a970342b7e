"""The shipped path answers as torch in float32 does, with the weights that are in the repository."""

from pathlib import Path

import pytest

from models.artifact import DEFAULT_ARTIFACT, load_artifact
from training.network import from_artifact
from training.parity import largest_difference
from training.sources import authored

TEXTS = 500

pytestmark = pytest.mark.timeout(600)  # the network itself reads them


def test_no_probability_is_further_than_two_hundredths_from_torch_on_500_texts() -> None:
    texts = [example.text for example in authored.read(Path())][::2][:TEXTS]
    assert len(texts) == TEXTS
    assert largest_difference(from_artifact(DEFAULT_ARTIFACT), load_artifact(), texts) <= 0.02
