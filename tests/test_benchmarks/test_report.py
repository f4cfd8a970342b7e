"""The table says what was promised, what came out, and what could not be measured."""

import io
import json
from pathlib import Path

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.report import print_report, write_json

MACHINE = {
    "processor": "Toy",
    "processors": 2,
    "instructions": ["avx2"],
    "memory_gib": 4.0,
    "system": "Linux",
    "python": "3.11",
    "libraries": {"openvino": "2026.4.1"},
}
FIGURES = [
    Figure("Speed", "ours / theirs", 15.04, "x", at_least(14)),
    Figure("Speed", "padding", 0.14, "%", at_most(0.08)),
    Figure("Speed", "Infinity", None, "/s", at_least(1), note="not installed: make infinity"),
    Figure("Memory", "resident", 812.4, "MiB"),
]


def printed() -> str:
    stream = io.StringIO()
    print_report(FIGURES, MACHINE, "Scaled down: rows 500 instead of 50,000", stream)
    return stream.getvalue()


def test_the_table_holds_every_figure_with_its_promise_and_whether_it_is_kept():
    lines = {line.split("│")[1].strip(): line for line in printed().splitlines() if line.count("│") > 2}
    assert "15.0 x" in lines["ours / theirs"]
    assert ">= 14.0 x" in lines["ours / theirs"]
    assert "yes" in lines["ours / theirs"]
    assert "NO" in lines["padding"]
    assert "812 MiB" in lines["resident"]


def test_what_is_not_installed_is_a_row_that_says_so():
    assert "not measured" in printed()
    assert "not installed: make infinity" in printed()
    assert "1 of 3 promises kept" in printed()


def test_the_machine_and_what_was_scaled_down_are_told():
    assert "Toy, 2 processors (avx2)" in printed()
    assert "Scaled down: rows 500 instead of 50,000" in printed()


def test_the_json_holds_the_figures_and_what_they_come_from(tmp_path: Path):
    write_json(tmp_path / "benchmarks.json", FIGURES, {"machine": MACHINE})
    content = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert content["machine"]["processor"] == "Toy"
    assert content["figures"][0]["met"] is True
    assert content["figures"][1]["met"] is False
    assert content["figures"][2]["value"] is None
