"""What the trial on two nodes says of records that are absent, double or different."""

import json
from pathlib import Path

from benchmarks.same_records import compared


def records(path: Path, *found: tuple[str, float, list[str]]) -> Path:
    lines = [
        json.dumps({"id": id_, "labels": {"phishing": proba}, "flags": flags}) for id_, proba, flags in found
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_rounding_is_forgiven_and_a_flag_is_not(tmp_path):
    local = records(tmp_path / "local", ("a", 0.5, []), ("b", 0.5, []), ("c", 0.5, []))
    parts = [
        records(tmp_path / "1", ("a", 0.5, []), ("b", 0.504, [])),
        records(tmp_path / "2", ("c", 0.5, ["phishing"])),
    ]
    check = compared(local, parts)

    assert (check.rows, check.identical, check.different) == (3, 1, 1)
    assert not check.is_right
    assert compared(local, [local]).is_right


def test_a_row_that_is_absent_and_a_row_that_is_there_twice_are_told(tmp_path):
    local = records(tmp_path / "local", ("a", 0.5, []), ("b", 0.5, []))
    check = compared(local, [records(tmp_path / "1", ("a", 0.5, []), ("a", 0.5, []))])

    assert (check.missing, check.double) == (1, 1)
    assert not check.is_right
