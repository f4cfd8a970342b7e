"""A long run goes on where it was broken off, and its memory figures mean what they say."""

from pathlib import Path

import pytest

from benchmarks.bulk import quarters
from benchmarks.soak import growth
from benchmarks.state import State

ASKED = {"rows": 10}


def test_a_stage_that_is_done_is_not_done_again(tmp_path: Path):
    path = tmp_path / "state.json"
    assert State(path, ASKED).once("plain", lambda: {"rate": 300}) == {"rate": 300}
    again = State(path, ASKED)
    assert again.once("plain", lambda: pytest.fail("done twice")) == {"rate": 300}
    assert again.results == {"plain": {"rate": 300}}


def test_a_stage_that_failed_is_done_again(tmp_path: Path):
    path = tmp_path / "state.json"

    def broken() -> dict[str, int]:
        raise ValueError

    with pytest.raises(ValueError):
        State(path, ASKED).once("plain", broken)
    assert State(path, ASKED).once("plain", lambda: {"rate": 1}) == {"rate": 1}


def test_what_was_done_for_another_run_does_not_count(tmp_path: Path):
    path = tmp_path / "state.json"
    State(path, ASKED).once("plain", lambda: {"rate": 300})
    assert State(path, {"rows": 20}).results == {}


def test_each_quarter_of_the_samples_has_its_peak():
    assert quarters([1, 9, 2, 2, 7, 3, 4, 4]) == (9, 2, 7, 4)
    assert quarters([5, 3]) == (5, 5, 5, 5)


def test_growth_leaves_out_the_first_tenth():
    assert growth([10.0] * 10 + [100.0] * 80 + [102.0] * 10) == pytest.approx(0.02)
    assert growth([100.0] * 100) == 0
