"""What the benchmark of a switch counts as failed, mixed and incomplete."""

import json

from benchmarks.client import FAILED, Answer, Request, Run
from benchmarks.reload import _figures


def answered(due: float, *models: str, status: int = 200) -> Answer:
    body = json.dumps({"results": [{"id": "1", "model": {"sha256": model}} for model in models]}).encode()
    return Answer(Request(b"", (0, 1)), due, due + 0.05, status, None, body if status == 200 else b"")


def test_answers_of_two_models_are_mixed_and_short_ones_incomplete():
    run = Run(
        (
            answered(0.0, "a", "a"),
            answered(3.0, "b", "b"),
            answered(1.0, "a", "b"),
            answered(2.0, "a", "a"),
            answered(4.0, "b"),
            answered(5.0, "a", "a"),
            answered(6.0, status=FAILED),
            answered(7.0, status=500),
            answered(8.0, status=429),
        ),
        9.0,
        0.1,
    )

    figures = _figures(run)

    assert (figures["requests"], figures["failed"], figures["refused"]) == (9, 2, 1)
    assert (figures["mixed"], figures["incomplete"]) == (1, 1)
    assert (figures["models"], figures["switches_seen"]) == (2, 2)
    assert round(figures["p99_ms"]) == 50
