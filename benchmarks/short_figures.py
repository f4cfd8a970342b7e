"""What was measured -> the figures of the table, each beside what was promised of it."""

from collections.abc import Iterator

from benchmarks import contenders, in_process, small_machine
from benchmarks.figures import Figure, at_least, at_most, ratio
from benchmarks.loads import CLOSED, MOST, Served
from benchmarks.outcome import Outcome
from benchmarks.profile import ENCODER
from benchmarks.short import Short

LESS_WORK = (
    "All others answer label probabilities only, of the first tokens of a long text, without entities, "
    "indicators or evidence: less work than a record."
)
_AGAINST = {contenders.INFINITY: 8.0, contenders.LITSERVE: 8.0, contenders.PLAIN_ONNX: 5.0}


def short_figures(short: Short) -> list[Figure]:
    """Return every figure of a run, in the order of the table."""
    return [
        *_in_process(short),
        *_network(short),
        *_breakdown(short),
        *_http(short),
        *_open(short),
        *_fairness(short),
        *_others(short),
        *_starts_and_bulk(short),
    ]


def _in_process(short: Short) -> Iterator[Figure]:
    alone = short.alone
    section = f"In one process, {short.threads} threads"
    for name in alone.compared:
        note = "" if name == in_process.RECORDS else "less work"
        yield Figure(section, f"{name}, {alone.compared_texts:,} texts", alone.median(name), "/s", note=note)
    for name, target in (
        (in_process.PIPELINE, 14.0),
        (in_process.UNSORTED, 2.2),
        (in_process.UNSORTED_IN_FLIGHT, None),
    ):
        rounds = sorted(
            ours / theirs
            for ours, theirs in zip(alone.compared[in_process.RECORDS], alone.compared[name], strict=True)
        )
        yield Figure(
            section,
            f"whole records / {name}",
            rounds[len(rounds) // 2],
            "x",
            at_least(target) if target else None,
            note="median of the rounds",
        )
    for size, speed in alone.by_batch.items():
        note = f"{speed.tokens_per_second:,.0f} tokens/s"
        yield Figure(section, f"{size:,} documents a call", speed.documents_per_second, "/s", note=note)
    for words, speed in alone.by_length.items():
        note = f"{speed.tokens_per_second:,.0f} tokens/s"
        yield Figure(section, f"texts of {words} words", speed.documents_per_second, "/s", note=note)
    yield Figure(section, "padding waste", alone.padding, "%", at_most(0.08), "of the network's tokens")
    yield Figure(
        section,
        "time outside the encoder",
        alone.outside_encoder,
        "%",
        at_most(0.20),
        "what the network alone does not need for the very same batches",
    )


def _network(short: Short) -> Iterator[Figure]:
    alone = short.alone
    section = "Encoder stage"
    best, peak = alone.matrix_peak
    yield Figure(section, "64-token texts", alone.encoder_tokens_per_second, "tokens/s", note=alone.precision)
    yield Figure(section, "arithmetic", alone.encoder_flops / 1e9, "GFLOP/s")
    for name, flops in alone.product_flops.items():
        yield Figure(
            section, f"best of 200 products 8192 x 384 x 1536, {name}", flops / 1e9, "GFLOP/s", note="torch"
        )
    yield Figure(
        section,
        f"share of the matrix peak ({best})",
        alone.encoder_flops / peak,
        "%",
        at_least(0.40),
        "aim: 50 %",
    )


def _breakdown(short: Short) -> Iterator[Figure]:
    measured = short.breakdown
    section = f"Where the time goes, {measured.documents:,} texts -> JSON"
    for stage, seconds in measured.seconds.items():
        note = f"{seconds / measured.documents * 1000:.3f} ms a document"
        yield Figure(section, stage, seconds / measured.whole, "%", note=note)
    total = sum(measured.seconds.values()) / measured.whole
    outside = 1 - measured.seconds.get(ENCODER, 0.0) / measured.whole
    yield Figure(section, "sum", total, "%", note=f"outside the network: {outside:.1%}")


def _latencies(outcome: Outcome) -> str:
    if outcome.p50_ms is None or outcome.p95_ms is None or outcome.p99_ms is None:
        return "nothing was accepted"
    parts = [
        f"p50 {outcome.p50_ms:,.0f} p95 {outcome.p95_ms:,.0f} p99 {outcome.p99_ms:,.0f} ms",
        f"{outcome.documents_per_cpu_second:.0f} per CPU second",
        f"client {outcome.client_cpu_share:.1%} of the CPU",
    ]
    if outcome.refused:
        parts.append(f"{outcome.refused:.1%} refused")
    if outcome.failed:
        parts.append(
            "failed: " + ", ".join(f"{count} x {status}" for status, count in outcome.failed.items())
        )
    return ", ".join(parts)


def _http(short: Short) -> Iterator[Figure]:
    section = "HTTP, closed loop"
    service = short.served[0]
    yield Figure(section, "in one process, just before and after", short.rate, "/s")
    for size, outcome in service.closed.items():
        name = f"{_documents(size)}, {CLOSED[size]} in the air"
        yield Figure(section, name, outcome.documents_per_second, "/s", note=_latencies(outcome))
    for size, target in ((32, 0.85), (1, 0.60)):
        of_process = ratio(_rate(service, size), short.rate)
        yield Figure(section, f"{_documents(size)} / in one process", of_process, "%", at_least(target))
    yield from _correctness(
        section, [*service.closed.values(), *service.open.values(), *filter(None, [service.beside_long])]
    )


def _correctness(section: str, outcomes: list[Outcome]) -> Iterator[Figure]:
    answered = sum(one.check.answered for one in outcomes)
    amiss = sum(one.check.misplaced + one.check.wrong for one in outcomes)
    drifted = sum(one.check.drifted for one in outcomes)
    furthest = max((one.check.largest_difference for one in outcomes), default=0.0)
    yield Figure(
        section,
        "accepted texts without their right answer",
        amiss,
        "",
        at_most(0),
        f"of {answered:,}: answered once, in order, with the flags of the record made in process",
    )
    yield Figure(
        section,
        "accepted texts with a probability over 0.005 off",
        drifted / answered if answered else None,
        "%",
        note=f"largest difference {furthest:.4f}",
    )
    shares = [one.client_cpu_share for one in outcomes]
    yield Figure(
        section,
        "largest share of the client",
        max(shares, default=None),
        "%",
        at_most(0.15),
        "of all CPU time",
    )


def _open(short: Short) -> Iterator[Figure]:
    section = "HTTP, open loop"
    service = short.served[0]
    for (size, share), outcome in service.open.items():
        name = f"{_documents(size)} at {share:.0%} of capacity"
        capacity = service.closed[size].documents_per_second
        yield Figure(section, name, outcome.documents_per_second, "/s", note=_latencies(outcome))
        if share <= 1:
            target = at_most(150) if size == 1 else None
            yield Figure(section, f"{name}: p99", outcome.p99_ms, "ms", target)
            yield Figure(section, f"{name}: refused", outcome.refused, "%")
        else:
            goodput = outcome.documents_per_second / capacity
            yield Figure(section, f"{name}: goodput / capacity", goodput, "%", at_least(0.90))
            unexplained = outcome.refused_without_retry_after + sum(outcome.failed.values())
            yield Figure(
                section,
                f"{name}: not accepted, yet no 429 with Retry-After",
                unexplained,
                "",
                at_most(0),
                f"{outcome.refused:.1%} refused",
            )


def _fairness(short: Short) -> Iterator[Figure]:
    outcome = short.served[0].beside_long
    if outcome is None:
        return
    name = f"single documents beside {CLOSED[MOST]} clients of {MOST}-document requests"
    yield Figure("HTTP, fairness", name, outcome.documents_per_second, "/s", note=_latencies(outcome))


def _others(short: Short) -> Iterator[Figure]:
    section = "HTTP, against others: same weights, texts, client and threads"
    service, *others = short.served
    for size in (32, 1):
        ours = _rate(service, size)
        yield Figure(section, f"{service.name}, {_documents(size)}", ours, "/s", note="whole records")
        for other in others:
            name = f"{other.name}, {_documents(size)}"
            if other.absent:
                yield Figure(section, name, None, "/s", note=other.absent)
                continue
            outcome = other.closed[size]
            note = "whole records" if other.name == contenders.ADAPTIVE else "less work"
            yield Figure(
                section, name, outcome.documents_per_second, "/s", note=f"{note}, {_latencies(outcome)}"
            )
            target = _AGAINST.get(other.name)
            yield Figure(
                section,
                f"{service.name} / {name}",
                ratio(ours, outcome.documents_per_second),
                "x",
                at_least(target) if target else None,
                note="" if outcome.complete else "its answers were not complete",
            )


def _starts_and_bulk(short: Short) -> Iterator[Figure]:
    section = "Start, memory, bulk"
    starts, run = short.starts, short.bulk
    yield Figure(section, "ready, first start", starts.first_seconds, "s", at_most(15))
    yield Figure(section, "ready, started again", starts.again_seconds, "s", at_most(5))
    yield Figure(section, "resident, just started", starts.resident_mib, "MiB", at_most(900))
    yield Figure(section, "resident, under load", short.served[0].resident_mib, "MiB", at_most(900))
    small = short.small_machine
    limits = "one thread, float32, oneDNN capped at AVX2"
    yield Figure(
        section, f"whole records, {limits}", small.documents_per_second, "/s", note=small_machine.UNCAPPED
    )
    lower = small.documents_per_second / 2
    yield Figure(section, "an AVX2 machine: half of that at least", lower, "/s", at_least(15))
    yield Figure(section, f"peak memory, {limits}", small.peak_mib, "MiB", at_most(4096))
    note = f"{run.rows:,} rows in {run.seconds:.0f} s, loading included"
    yield Figure(section, "scamscreen screen", run.rows_per_second, "/s", note=note)
    yield Figure(section, "peak memory of it", run.peak_mib, "MiB")


def _rate(served: Served, size: int) -> float | None:
    return served.closed[size].documents_per_second if size in served.closed else None


def _documents(size: int) -> str:
    return "single documents" if size == 1 else f"{size}-document requests"
