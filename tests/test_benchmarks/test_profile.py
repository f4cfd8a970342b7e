"""The breakdown accounts for every millisecond, and leaves the path as it was."""

from pathlib import Path

import pytest

import models.screener
from benchmarks.profile import ENCODER, SERIALISE, STAGES, breakdown
from models.loading import load_screener
from models.screening import Document
from tests.tiny import SENTENCES


def test_the_stages_sum_to_the_whole(tiny_artifact: Path):
    documents = [Document(str(index), text) for index, text in enumerate(SENTENCES)]
    normalize = models.screener.normalize
    measured = breakdown(load_screener(tiny_artifact), documents, per_call=4)
    assert sum(measured.seconds.values()) == pytest.approx(measured.whole, rel=0.01)
    assert {stage.name for stage in STAGES} | {SERIALISE} <= measured.seconds.keys()
    assert measured.seconds[ENCODER] > 0
    assert models.screener.normalize is normalize
