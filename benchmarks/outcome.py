"""What a load shows: rates, latencies, refusals, and whether every accepted text got its own answer."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.client import FAILED, Answer, Run

ACCEPTED, REFUSED = 200, 429
CONTRACT = 0.005
"""So close the probabilities of one text should be whatever its batch; records give four decimals."""
ROUNDING = 0.05
"""Further off than by what reduced precision explains: the answer is not this text's."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the record of a text says when it is screened in process.

    Attributes:
        labels: code -> probability.
        thresholds: of the labels that were found.
    """

    labels: Mapping[str, float]
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Check:
    """Of the accepted requests: how many texts were answered, and what was wrong with the answers.

    Attributes:
        answered: texts in them.
        misplaced: texts whose answer is absent, double, or not in its place.
        wrong: texts whose flags or probabilities differ from those of the record made in process by more than
            `ROUNDING` explains.
        drifted: texts of which a probability is over `CONTRACT` from that of the record made in process.
        largest_difference: of any probability.
    """

    answered: int
    misplaced: int
    wrong: int
    drifted: int = 0
    largest_difference: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of one load.

    Attributes:
        documents_per_second: texts of accepted requests over the time from first request to last answer.
        p50_ms, p95_ms, p99_ms: latency of accepted requests; None if there was none.
        refused: share of requests that got 429.
        refused_without_retry_after: how many of these did not say when to come back.
        failed: requests with any other status, by status; 0 is no answer at all.
        client_cpu_share: processor time of the client, of that of client and server together.
        documents_per_cpu_second: texts per second of processor time of the server.
    """

    requests: int
    seconds: float
    documents_per_second: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    refused: float
    refused_without_retry_after: int
    failed: Mapping[str, int]
    client_cpu_share: float
    server_cpu_seconds: float
    documents_per_cpu_second: float
    check: Check

    @property
    def complete(self) -> bool:
        """Whether every accepted text was answered once, in its place and rightly, and nothing failed."""
        return not (
            self.failed or self.check.misplaced or self.check.wrong or self.refused_without_retry_after
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**asdict(self), "complete": self.complete}


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of the values do not exceed (nearest rank)."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def outcome_of(run: Run, server_cpu_seconds: float, check: Check) -> Outcome:
    """Return the figures of a load."""
    accepted = [answer for answer in run.answers if answer.status == ACCEPTED]
    refused = [answer for answer in run.answers if answer.status == REFUSED]
    latencies = [(answer.done - answer.due) * 1000 for answer in accepted]
    documents = sum(len(answer.request.texts) for answer in accepted)
    both = run.client_cpu_seconds + server_cpu_seconds
    return Outcome(
        requests=len(run.answers),
        seconds=run.seconds,
        documents_per_second=documents / run.seconds,
        p50_ms=percentile(latencies, 0.50),
        p95_ms=percentile(latencies, 0.95),
        p99_ms=percentile(latencies, 0.99),
        refused=len(refused) / len(run.answers),
        refused_without_retry_after=sum(answer.retry_after is None for answer in refused),
        failed=_failures(run.answers),
        client_cpu_share=run.client_cpu_seconds / both if both else 0.0,
        server_cpu_seconds=server_cpu_seconds,
        documents_per_cpu_second=documents / server_cpu_seconds if server_cpu_seconds else 0.0,
        check=check,
    )


def _failures(answers: Sequence[Answer]) -> dict[str, int]:
    counted = Counter(answer.status for answer in answers if answer.status not in (ACCEPTED, REFUSED))
    return {"no answer" if status == FAILED else str(status): number for status, number in counted.items()}


def check_records(run: Run, expected: Sequence[Expected]) -> Check:
    """Compare the records of all accepted requests with those made in process of the same texts.

    Args:
        run: answers of the service; the id of a document is the index of its text.
        expected: by index of text.
    """
    answered = misplaced = wrong = 0
    differences: list[float] = []
    for answer in run.answers:
        if answer.status != ACCEPTED:
            continue
        answered += len(answer.request.texts)
        records = json.loads(answer.body)["results"]
        in_place = [
            (record, expected[text])
            for record, text in zip(records, answer.request.texts, strict=False)
            if record["id"] == str(text) and "error" not in record
        ]
        misplaced += max(len(records), len(answer.request.texts)) - len(in_place)
        differences += [_difference(record, known) for record, known in in_place]
        wrong += sum(not _is_right(record, known) for record, known in in_place)
    drifted = sum(difference > CONTRACT + 0.0001 for difference in differences)
    return Check(answered, misplaced, wrong, drifted, max(differences, default=0.0))


def _difference(record: Mapping[str, Any], expected: Expected) -> float:
    """Return by how much the two differ in the probability in which they differ most."""
    labels: Mapping[str, float] = record["labels"]
    return max(abs(labels[code] - proba) for code, proba in expected.labels.items())


def _is_right(record: Mapping[str, Any], expected: Expected) -> bool:
    """Whether a record says what was expected, but for labels whose probability is at their threshold."""
    thresholds = {**expected.thresholds, **record["thresholds"]}
    found = {*record["flags"], *record["context_labels"]}
    return _difference(record, expected) <= ROUNDING and all(
        abs(expected.labels[code] - thresholds[code]) <= ROUNDING
        for code in found ^ expected.thresholds.keys()
    )


def check_counts(run: Run, texts_answered: Callable[[object], int]) -> Check:
    """Count the texts that got a whole answer, for servers that answer something else than records."""
    accepted = [answer for answer in run.answers if answer.status == ACCEPTED]
    sent = sum(len(answer.request.texts) for answer in accepted)
    answered = sum(texts_answered(json.loads(answer.body)) for answer in accepted)
    return Check(answered=sent, misplaced=abs(sent - answered), wrong=0)
