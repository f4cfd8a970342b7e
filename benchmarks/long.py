"""`make bench-long`: a million rows and half an hour of load, in stages that are never done twice."""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import bulk, contenders
from benchmarks.held_out import held_out_pools
from benchmarks.outcome import Expected
from benchmarks.screening import expected_records, load_uncached
from benchmarks.short import apart
from benchmarks.soak import soak
from benchmarks.state import Result, State
from benchmarks.texts import build_texts, documents_of, write_answers, write_rows, written_pools

REPEATS = 0.4
FIRST_ROWS = 100_000
SOAK_TEXTS = 2048
NEVER_MISSED = ("person_at_risk", "trafficking_recruitment")
_KNOWN = "known.jsonl"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a long run shall do.

    Attributes:
        rows: of the bulk run with repeats; fewer if the budget ends before.
        minutes: of the soak.
        budget_minutes: of everything.
        data_root: `SCAMSCREEN_DATA`; None makes the rows of the texts written for this project instead.
        cascade: whether the quick bulk runs have `--cascade`.
    """

    rows: int
    minutes: float
    budget_minutes: float
    threads: int
    data_root: Path | None
    cascade: bool

    @property
    def first_rows(self) -> int:
        """How many rows are also screened plainly."""
        return min(FIRST_ROWS, self.rows)

    def to_dict(self) -> Result:
        """Return what decides the results, as JSON."""
        return {
            "rows": self.rows,
            "minutes": self.minutes,
            "threads": self.threads,
            "held_out": self.data_root is not None,
            "cascade": self.cascade,
        }


def run_long(folder: Path, asked: Asked, say: Callable[[str], None]) -> State:
    """Do the stages that are not done yet; each leaves its result in `state.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    state = State(folder / "state.json", asked.to_dict())

    def stage(name: str, work: Callable[[], Result]) -> Result:
        say(name if name not in state.results else f"{name}: done before")
        return state.once(name, work)

    stage("texts", lambda: apart(_write_texts, folder, asked))
    plain = stage("plain", lambda: _screen(folder, "first", asked, quick=False))
    quick = stage("quick, first rows", lambda: _screen(folder, "first", asked, quick=True))
    stage("quick, no repeats", lambda: _screen(folder, "unique", asked, quick=True))
    stage("loss", lambda: _loss(folder, asked))
    stage("soak", lambda: _soak(folder, asked))
    left = (asked.budget_minutes - state.minutes) * 60 * 0.9
    rows = min(asked.rows, int(left * quick["rows_per_second"]))
    if rows < asked.rows:
        say(f"there is time for {rows:,} of {asked.rows:,} rows")
    stage("quick, all rows", lambda: _screen(folder, "all", asked, quick=True, rows=rows))
    say(f"{state.minutes:.0f} minutes in all; plain {plain['rows_per_second']:.0f} rows/s")
    return state


def _write_texts(folder: Path, asked: Asked) -> Result:
    """Write all rows with repeats and what is known of them, the first of them, and rows without repeats."""
    pools = held_out_pools(asked.data_root, folder / "corpus") if asked.data_root else written_pools()
    texts = list(build_texts(asked.rows, pools, repeats=REPEATS))
    write_rows(texts, folder / "all.jsonl")
    write_rows(texts[: asked.first_rows], folder / "first.jsonl")
    write_answers(texts[: asked.first_rows], folder / _KNOWN)
    write_rows(build_texts(asked.first_rows, pools, seed=1), folder / "unique.jsonl")
    return {"rows": len(texts), "repeats": sum(one.repeats for one in texts) / len(texts)}


def _screen(folder: Path, name: str, asked: Asked, *, quick: bool, rows: int | None = None) -> Result:
    """Screen one of the files, or its first rows: quick, with cache and `--cascade`, or without both."""
    source = folder / f"{name}.jsonl"
    if rows is not None and rows < bulk.count_lines(source):
        whole, source = source, folder / f"{name}-{rows}.jsonl"
        with whole.open(encoding="utf-8") as file, source.open("w", encoding="utf-8") as part:
            part.writelines(islice(file, rows))
    environment = {**os.environ, "SCAMSCREEN_THREADS": str(asked.threads)}
    run = bulk.screen_file(
        source,
        _records(folder, name, quick=quick),
        options=["--cascade"] if quick and asked.cascade else [],
        environment=environment if quick else {**environment, **contenders.NO_CACHE},
    )
    return run.to_dict()


def _records(folder: Path, name: str, *, quick: bool) -> Path:
    return folder / f"records-{name}-{'quick' if quick else 'plain'}.jsonl"


def _loss(folder: Path, asked: Asked) -> Result:
    """Compare the records of the first rows, quick and plain.

    Returns:
        by_stage: how many rows each stage answered; flagged: rows the plain run found something in; lost: of
        these, rows in which the quick run found nothing; positive, positive_lost: the same of rows that begin
        with a positive text; held: rows that begin with a text which for sure is one of `NEVER_MISSED`, and
        of which the plain run finds that; held_lost: of these, rows the quick run answered without it.
    """
    plain = bulk.records(_records(folder, "first", quick=False))
    quick = bulk.records(_records(folder, "first", quick=True))
    with (folder / _KNOWN).open(encoding="utf-8") as file:
        known = [json.loads(line) for line in file]
    by_stage: Counter[str] = Counter()
    flagged = lost = positive = positive_lost = held = held_lost = 0
    for sure, fast, truth in zip(plain, quick, known, strict=True):
        by_stage[fast["stage"]] += 1
        found, kept = _found(sure), _found(fast)
        flagged += bool(found)
        lost += bool(found) and not kept
        positive += bool(found and truth["labels"])
        positive_lost += bool(found and truth["labels"]) and not kept
        must = found & {*NEVER_MISSED} & {*truth["sure"]}
        held += bool(must)
        held_lost += not must <= kept
    return {
        "by_stage": dict(by_stage),
        "flagged": flagged,
        "lost": lost,
        "positive": positive,
        "positive_lost": positive_lost,
        "held": held,
        "held_lost": held_lost,
    }


def _found(record: Result) -> set[str]:
    return {*(record["flags"] or ()), *(record["context_labels"] or ())}


def _soak(folder: Path, asked: Asked) -> Result:
    texts = list(build_texts(SOAK_TEXTS, written_pools()))
    expected = apart(_expected, asked.threads)
    return soak(folder, texts, expected, minutes=asked.minutes, threads=asked.threads)


def _expected(threads: int) -> list[Expected]:
    return expected_records(
        load_uncached(threads=threads), documents_of(build_texts(SOAK_TEXTS, written_pools()))
    )
