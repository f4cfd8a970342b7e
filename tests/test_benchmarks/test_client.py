"""The load client counts what it should, and hides nothing a slow server costs."""

import itertools
import json
from statistics import mean

from benchmarks.client import FAILED, Request, arrivals, closed_loop, http_message, open_loop
from benchmarks.outcome import Check, Expected, check_records, outcome_of
from tests.test_benchmarks.fake_server import fake_server

EXPECTED = [Expected({"phishing": 0.9, "extortion": 0.1}, {"phishing": 0.6})] * 8
NO_CHECK = Check(0, 0, 0)


def requests(port: int, *, per_request: int) -> list[Request]:
    chunks = [tuple(range(at, at + per_request)) for at in range(0, 8, per_request)]
    return [
        Request(
            http_message(
                port,
                "/v1/screen",
                json.dumps({"documents": [{"id": str(index), "text": "-"} for index in texts]}).encode(),
            ),
            texts,
        )
        for texts in chunks
    ]


def test_arrivals_are_the_same_for_the_same_seed_and_as_many_as_asked_for():
    due = arrivals(50, 20, seed=3)
    assert due == arrivals(50, 20, seed=3)
    assert due != arrivals(50, 20, seed=4)
    assert len(due) == 1000
    assert due == sorted(due)
    assert 0.018 < mean(later - earlier for earlier, later in itertools.pairwise(due)) < 0.022


def test_a_closed_loop_gets_every_text_answered_in_its_place():
    with fake_server() as port:
        run = closed_loop(port, requests(port, per_request=4), concurrency=2, seconds=0.2)
    check = check_records(run, EXPECTED)
    assert check.answered == 4 * len(run.answers) > 0
    assert (check.misplaced, check.wrong, check.drifted) == (0, 0, 0)
    outcome = outcome_of(run, server_cpu_seconds=1.0, check=check)
    assert outcome.complete
    assert outcome.documents_per_second > 0


def test_latency_in_an_open_loop_counts_from_when_a_request_was_due():
    with fake_server(delay_seconds=0.05) as port:
        run = open_loop(port, requests(port, per_request=1), [0.0, 0.01, 0.02])
    assert len(run.answers) == 3
    first = min(answer.due for answer in run.answers)
    assert sorted(round(answer.due - first, 3) for answer in run.answers) == [0.0, 0.01, 0.02]
    assert all(answer.done - answer.due >= 0.05 for answer in run.answers)


def test_refusals_are_counted_apart_from_failures():
    with fake_server(accepts=2) as port:
        run = open_loop(port, requests(port, per_request=1), [0.0, 0.05, 0.1, 0.15])
    outcome = outcome_of(run, server_cpu_seconds=1.0, check=NO_CHECK)
    assert outcome.refused == 0.5
    assert outcome.refused_without_retry_after == 0
    assert outcome.failed == {}


def test_a_user_who_is_refused_waits_as_long_as_he_is_told():
    with fake_server(accepts=1) as port:
        run = closed_loop(port, requests(port, per_request=1), concurrency=1, seconds=0.4)
    assert [answer.status for answer in run.answers] == [200, 429]
    assert run.answers[1].retry_after == 1


def test_a_server_that_is_not_there_is_a_failure():
    with fake_server() as port:
        pass
    run = open_loop(port, requests(port, per_request=1), [0.0])
    assert [answer.status for answer in run.answers] == [FAILED]
    outcome = outcome_of(run, server_cpu_seconds=0.0, check=NO_CHECK)
    assert outcome.failed == {"no answer": 1}
    assert outcome.p99_ms is None
    assert not outcome.complete
