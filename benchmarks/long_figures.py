"""What a long run found -> the figures of its table."""

from collections.abc import Iterator, Mapping

from benchmarks.figures import Figure, at_least, at_most, ratio
from benchmarks.long import Asked
from benchmarks.state import Result


def long_figures(results: Mapping[str, Result], asked: Asked) -> list[Figure]:
    """Return every figure of a long run, in the order of the table."""
    return [*_bulk(results, asked), *_loss(results["loss"]), *_soak(results["soak"])]


def _bulk(results: Mapping[str, Result], asked: Asked) -> Iterator[Figure]:
    section = "Bulk through scamscreen screen"
    texts = results["texts"]
    plain, many = results["plain"], results["quick, all rows"]
    made_of = "texts never seen in training" if asked.data_root else "texts written for this project"
    quick = "--cascade and cache" if asked.cascade else "cache"
    yield Figure(section, "rows that repeat one before", texts["repeats"], "%", note=made_of)
    for name, stage in (
        (f"plain, first {plain['rows']:,} rows", "plain"),
        (f"{quick}, first {results['quick, first rows']['rows']:,} rows", "quick, first rows"),
        (
            f"{quick}, {results['quick, no repeats']['rows']:,} rows without repeats",
            "quick, no repeats",
        ),
        (f"{quick}, {many['rows']:,} rows", "quick, all rows"),
    ):
        run = results[stage]
        note = f"peak {run['peak_mib']:,.0f} MiB, {run['seconds']:,.0f} s"
        yield Figure(section, name, run["rows_per_second"], "/s", note=note)
    times = ratio(many["rows_per_second"], plain["rows_per_second"])
    note = "" if many["rows"] == asked.rows else f"{many['rows']:,} of {asked.rows:,} rows: the budget ended"
    yield Figure(section, "all rows / plain", times, "x", at_least(3), note)
    again = ratio(results["quick, no repeats"]["rows_per_second"], plain["rows_per_second"])
    yield Figure(section, "without repeats / plain", again, "x")
    second, last = many["quarters_mib"][1], many["quarters_mib"][3]
    yield Figure(section, "peak memory, last quarter / second", last / second, "%", at_most(1.05))
    yield Figure(section, "peak memory", many["peak_mib"], "MiB", at_most(1200))


def _loss(loss: Result) -> Iterator[Figure]:
    section = "What cascade and cache lose, first rows"
    for stage, rows in loss["by_stage"].items():
        yield Figure(section, f"rows answered by stage {stage}", rows, "")
    share = ratio(loss["lost"], loss["flagged"])
    note = f"{loss['lost']:,} of {loss['flagged']:,}, most of them false alarms"
    yield Figure(section, "rows flagged plainly, not flagged with it", share, "%", note=note)
    share = ratio(loss["positive_lost"], loss["positive"])
    note = f"{loss['positive_lost']:,} of {loss['positive']:,}; the certificate is in the artefact's manifest"
    yield Figure(section, "the same of rows that begin with a positive text", share, "%", at_most(0.01), note)
    yield Figure(
        section,
        "person_at_risk and trafficking_recruitment lost",
        loss["held_lost"],
        "",
        at_most(0),
        f"of {loss['held']:,} rows that carry one and are found plainly",
    )


def _soak(soak: Result) -> Iterator[Figure]:
    section = f"Soak, {soak['minutes']:g} minutes of single documents at 70 % of {soak['capacity']:.0f}/s"
    yield Figure(section, "growth of memory, last tenth over second", soak["growth"], "%", at_most(0.02))
    yield Figure(section, "p99", soak["p99_ms"], "ms")
    yield Figure(section, "answered", soak["answered"], "")
    note = "flags and probabilities as made in process"
    yield Figure(section, "accepted without their right answer", soak["amiss"], "", at_most(0), note)
    yield Figure(section, "refused with 429", soak["refused"], "")
    yield Figure(section, "failed", soak["failed"], "", at_most(0))
