"""Percentiles are those of the textbook, and no answer that is not a text's own passes for right."""

import json
from typing import Any

import pytest

from benchmarks.client import Answer, Request, Run
from benchmarks.outcome import Check, Expected, check_counts, check_records, percentile
from tests.test_benchmarks.fake_server import record

EXPECTED = [
    Expected({"phishing": 0.9, "extortion": 0.1}, {"phishing": 0.6}),
    Expected({"phishing": 0.9, "extortion": 0.1}, {"phishing": 0.6}),
]


def checked(*records: dict[str, Any], status: int = 200) -> Check:
    body = json.dumps({"results": records}).encode()
    answer = Answer(Request(b"", (0, 1)), due=0.0, done=1.0, status=status, retry_after=None, body=body)
    return check_records(Run((answer,), 1.0, 0.1), EXPECTED)


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_the_value_that_so_many_do_not_exceed(share: float, value: int):
    assert percentile(list(range(100, 0, -1)), share) == value


def test_there_is_no_percentile_of_nothing():
    assert percentile([], 0.5) is None


def test_the_right_answers_in_order_are_complete():
    assert checked(record("0"), record("1")) == Check(answered=2, misplaced=0, wrong=0)


def test_what_was_refused_is_not_checked():
    assert checked(status=429).answered == 0


@pytest.mark.parametrize(
    ("records", "misplaced"),
    [
        ([record("1"), record("0")], 2),
        ([record("0")], 1),
        ([record("0"), record("1"), record("1")], 1),
        ([record("0"), {"id": "1", "error": {"code": "empty_text", "message": ""}}], 1),
    ],
)
def test_an_answer_out_of_its_place_is_seen(records: list[dict[str, Any]], misplaced: int):
    assert checked(*records).misplaced == misplaced


def test_a_flag_that_is_not_there_in_process_is_wrong():
    other = {
        **record("1"),
        "flags": ["phishing", "extortion"],
        "thresholds": {"phishing": 0.6, "extortion": 0.3},
    }
    assert checked(record("0"), other).wrong == 1


def test_a_missing_flag_is_wrong():
    assert checked(record("0"), {**record("1"), "flags": [], "thresholds": {}}).wrong == 1


def test_a_flag_at_its_threshold_may_fall_to_either_side():
    at_threshold = {
        **record("1"),
        "flags": ["phishing", "extortion"],
        "thresholds": {"phishing": 0.6, "extortion": 0.1},
    }
    assert checked(record("0"), at_threshold).wrong == 0


def test_the_probabilities_of_another_text_are_wrong_and_small_differences_are_told():
    other = {**record("1"), "labels": {"phishing": 0.7, "extortion": 0.1}}
    assert checked(record("0"), other).wrong == 1
    near = {**record("1"), "labels": {"phishing": 0.91, "extortion": 0.1}}
    check = checked(record("0"), near)
    assert (check.wrong, check.drifted) == (0, 1)
    assert check.largest_difference == pytest.approx(0.01)


def test_servers_of_others_must_answer_every_text_as_well():
    answer = Answer(Request(b"", (0, 1)), 0.0, 1.0, 200, None, b'["a"]')
    run = Run((answer,), 1.0, 0.1)
    assert check_counts(run, lambda body: len(body) if isinstance(body, list) else 0).misplaced == 1
