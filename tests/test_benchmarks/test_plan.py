"""A slow machine measures less, says so, and is done in time."""

import pytest

from benchmarks.plan import FULL_ROWS, FULL_SECONDS, FULL_TEXTS, LEAST_ROWS, plan_for

QUARTER_OF_AN_HOUR = 900


def test_nothing_is_scaled_down_on_the_machine_it_was_made_for():
    plan = plan_for(350, QUARTER_OF_AN_HOUR)
    assert (plan.seconds, plan.texts, plan.rows, plan.scaled) == (FULL_SECONDS, FULL_TEXTS, FULL_ROWS, "")


def test_a_slow_machine_measures_less_and_says_what():
    plan = plan_for(60, QUARTER_OF_AN_HOUR)
    assert LEAST_ROWS <= plan.rows < FULL_ROWS
    assert "rows of the bulk run" in plan.scaled


@pytest.mark.parametrize("rate", [1, 5, 20, 60, 150, 350, 5000])
def test_more_speed_never_means_fewer_rows_or_texts(rate: float):
    slow, fast = plan_for(rate, QUARTER_OF_AN_HOUR), plan_for(rate * 1.5, QUARTER_OF_AN_HOUR)
    assert slow.seconds <= fast.seconds
    assert slow.rows <= fast.rows
    assert slow.texts <= fast.texts


def test_what_is_asked_for_is_kept():
    plan = plan_for(60, QUARTER_OF_AN_HOUR, seconds=2, texts=300, rows=1234)
    assert (plan.seconds, plan.texts, plan.rows) == (2, 300, 1234)
