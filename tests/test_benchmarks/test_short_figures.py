"""Everything that was promised of a short run is a row of its table, and its charts can be drawn."""

from pathlib import Path

import pytest

from benchmarks import contenders, in_process
from benchmarks.bulk import BulkRun
from benchmarks.charts import write_charts
from benchmarks.figures import Figure
from benchmarks.loads import CLOSED, Served, not_there
from benchmarks.outcome import Check, Outcome
from benchmarks.plan import plan_for
from benchmarks.profile import Breakdown
from benchmarks.short import Short, Starts
from benchmarks.short_figures import short_figures
from benchmarks.small_machine import SmallMachine
from tests.test_benchmarks.test_report import MACHINE


def outcome(rate: float, **changes: object) -> Outcome:
    fields = {
        "requests": 100,
        "seconds": 8.0,
        "documents_per_second": rate,
        "p50_ms": 40.0,
        "p95_ms": 80.0,
        "p99_ms": 120.0,
        "refused": 0.0,
        "refused_without_retry_after": 0,
        "failed": {},
        "client_cpu_share": 0.03,
        "server_cpu_seconds": 16.0,
        "documents_per_cpu_second": rate / 2,
        "check": Check(answered=1000, misplaced=0, wrong=0, drifted=1, largest_difference=0.006),
    }
    return Outcome(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def short() -> Short:
    speed = in_process.Speed(300.0, 16_000.0)
    alone = in_process.Alone(
        compared={
            in_process.RECORDS: [300.0, 310.0, 290.0],
            in_process.PIPELINE: [20.0, 20.0, 20.0],
            in_process.UNSORTED: [100.0, 100.0, 100.0],
            in_process.UNSORTED_IN_FLIGHT: [120.0, 120.0, 120.0],
        },
        compared_texts=400,
        by_length={"0-10": speed},
        by_batch={1: speed, 1024: speed},
        padding=0.02,
        outside_encoder=0.15,
        encoder_tokens_per_second=30_000.0,
        encoder_flops=1.4e12,
        product_flops={"bf16": 3.0e12, "f32": 4e11},
        precision="bf16",
        load_seconds=1.2,
        expected=[],
    )
    service = Served(
        contenders.SCAMSCREEN,
        4.0,
        {size: outcome(280.0) for size in CLOSED},
        {(1, 0.7): outcome(140.0), (1, 2.0): outcome(190.0, refused=0.5)},
        700.0,
        beside_long=outcome(14.0),
    )
    litserve = Served(contenders.LITSERVE, 9.0, {32: outcome(20.0), 1: outcome(21.0)}, {}, 800.0)
    return Short(
        machine=MACHINE,
        threads=2,
        plan=plan_for(300, 900),
        alone=alone,
        breakdown=Breakdown(100, {"network": 0.8, "normalise": 0.2}, 1.0),
        rate_around=(300.0, 310.0),
        starts=Starts(9.0, 4.0, 650.0),
        served=(service, litserve, not_there(contenders.INFINITY, "not installed: make infinity")),
        small_machine=SmallMachine(17.0, 900.0),
        bulk=BulkRun(50_000, 160.0, 300.0, (600.0, 650.0, 650.0, 650.0)),
        minutes=12.0,
    )


def named(figures: list[Figure], words: str) -> Figure:
    (figure,) = [one for one in figures if words in one.name]
    return figure


@pytest.mark.parametrize(
    ("words", "value", "met"),
    [
        ("whole records / transformers pipeline", 15.0, True),
        ("whole records / OpenVINO, unsorted batches", 3.0, True),
        ("padding waste", 0.02, True),
        ("time outside the encoder", 0.15, True),
        ("share of the matrix peak (bf16)", 0.4667, True),
        ("32-document requests / in one process", 0.918, True),
        ("single documents / in one process", 0.918, True),
        ("ScamScreen / LitServe, 32-document requests", 14.0, True),
        ("single documents at 70% of capacity: p99", 120.0, True),
        ("single documents at 200% of capacity: goodput / capacity", 0.679, False),
        ("single documents at 200% of capacity: not accepted, yet no 429", 0, True),
        ("accepted texts without their right answer", 0, True),
        ("single documents beside 2 clients of 256-document requests", 14.0, None),
        ("ready, started again", 4.0, True),
        ("resident, under load", 700.0, True),
    ],
)
def test_every_promise_has_its_row(short: Short, words: str, value: float, met: bool | None):
    figures = short_figures(short)
    figure = next(one for one in figures if one.name.startswith(words))
    assert figure.value == pytest.approx(value, rel=0.001)
    assert figure.met is met


def test_what_is_not_installed_has_a_row_that_says_so(short: Short):
    figure = named(short_figures(short), "Infinity, 32-document requests")
    assert (figure.value, figure.note) == (None, "not installed: make infinity")


def test_the_stages_of_the_table_sum_to_the_whole(short: Short):
    assert named(short_figures(short), "sum").value == 1


def test_charts_are_written_as_svg(short: Short, tmp_path: Path):
    for path in write_charts(short, tmp_path):
        assert "<svg" in path.read_text(encoding="utf-8")[:1000]
