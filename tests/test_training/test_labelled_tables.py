"""Labels in tables, as spreadsheets and programs write them: whole, and broken, told in one line."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.labelled_files import (
    ASKED,
    CHAT,
    LURE,
    MAPPING,
    PHONE,
    by_key,
    holds,
    write_csv,
    write_lines,
)
from training.labelled.mapping import LabelMapping
from training.labelled.reading import read_labels


def test_rows_of_several_people_become_one_text_with_shares(tmp_path):
    file = write_csv(
        tmp_path / "labels.csv",
        ("case", "message", "labels", "annotator", "language", "role", "group"),
        ("1", LURE, "judi", "anna", "id", "offer", "g"),
        ("1", LURE, "", "nobody", "id", "", "g"),
        ("1", LURE, "normal", "ben", "id", "offer", "g"),
        ("1", LURE, "judi;loan_scam", "chai", "id", "approach", "g"),
        ("2", CHAT, "normal", "anna", "", "ordinary", ""),
        ("3", "nobody has labelled this", "", "", "", "", ""),
    )
    reading = read_labels(file, "csv", MAPPING)
    rows = by_key(reading)

    assert holds(rows["1"]) == {"online_gambling": pytest.approx(2 / 3), "loan_scam": pytest.approx(1 / 3)}
    assert [one.annotator for one in rows["1"].annotations] == ["anna", "ben", "chai"]
    assert rows["1"].annotations[2].labels == ("loan_scam", "online_gambling")
    assert (rows["1"].role, rows["2"].role) == (None, "ordinary")
    assert (rows["1"].language, rows["1"].group, rows["2"].language) == ("id", "g", "und")
    assert set(rows["2"].labels) == set(LABELS)
    assert reading.unlabelled == 1


def test_a_column_for_each_person_does_the_same(tmp_path):
    file = write_csv(
        tmp_path / "labels.csv",
        ("case", "message", "by anna", "by ben"),
        ("1", LURE, "judi", "loan_scam"),
        ("2", CHAT, "loan_scam", ""),
    )
    mapping = LabelMapping(
        columns=MAPPING.columns,
        annotator_columns={"anna": "by anna", "ben": "by ben"},
        asked=ASKED,
        codes=MAPPING.codes,
    )
    rows = by_key(read_labels(file, "csv", mapping))

    assert rows["1"].labels == {"loan_scam": 0.5, "online_gambling": 0.5}
    assert rows["2"].labels == {"loan_scam": 1.0, "online_gambling": 0.0}


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path):
    (tmp_path / "labels.csv").write_text(
        'text,labels,,\n"two\nlines",loan_scam,,\n\n,,,\nshort,loan_scamm\n', encoding="utf-8"
    )
    reading = read_labels(tmp_path / "labels.csv", "csv", LabelMapping())

    assert [row.text for row in reading.rows] == ["two\nlines"]
    assert reading.problems[0].startswith("labels.csv, row 5: label 'loan_scamm' is unknown: did you mean")


def test_without_keys_the_same_text_of_two_people_is_one(tmp_path):
    file = write_csv(
        tmp_path / "labels.csv",
        ("text", "labels", "annotator"),
        (CHAT, "loan_scam", "anna"),
        (CHAT, "phishing", "ben"),
    )
    [row] = by_key(read_labels(file, "csv", LabelMapping())).values()

    assert holds(row) == {"loan_scam": 0.5, "phishing": 0.5}


@pytest.mark.parametrize(("encoding", "text"), [("cp874", "เงินกู้ด่วน โทร 081-555-0143"), ("utf-16", LURE)])
def test_a_table_may_be_in_the_encoding_of_an_old_office(tmp_path, encoding, text):
    file = write_csv(tmp_path / "labels.csv", ("text", "labels"), (text, "loan_scam"), encoding=encoding)
    [row] = by_key(read_labels(file, "csv", LabelMapping(encoding=encoding))).values()

    assert row.text == text


def test_a_sheet_of_a_workbook_is_read_by_its_name(tmp_path):
    workbook = Workbook()
    workbook.active.append(["another"])
    sheet = workbook.create_sheet("labelled")
    head, blank = ["case", "message", "labels"], [None, None, None]
    for cells in (
        head,
        [7, LURE, "judi"],
        blank,
        [8, CHAT, "normal"],
        [9, 5550143, "judi"],
        [1, None, "judi"],
    ):
        sheet.append(cells)
    workbook.save(tmp_path / "labels.xlsx")
    mapping = LabelMapping(sheet="labelled", columns=MAPPING.columns, asked=ASKED, codes=MAPPING.codes)
    reading = read_labels(tmp_path / "labels.xlsx", "xlsx", mapping)
    rows = {row.key: row for row in reading.rows}

    assert holds(rows["7"]) == {"online_gambling": 1.0}
    assert (rows["8"].text, rows["9"].text) == (CHAT, "5550143")
    assert [problem.partition(":")[0] for problem in reading.problems] == ["labels.xlsx, row 6"]


def test_json_lines_may_hold_lists_and_nested_names(tmp_path):
    file = write_lines(
        tmp_path / "labels.jsonl",
        [{"data": {"message": LURE}, "labels": ["loan_scam", "phishing"], "spans": [[19, 31, "PHONE"]]}],
    )
    mapping = LabelMapping(columns={"text": "data.message"})
    [row] = by_key(read_labels(file, "jsonl", mapping)).values()

    assert holds(row) == {"loan_scam": 1.0, "phishing": 1.0}
    assert row.spans == (PHONE,)
    assert row.key == "1"


# ---------------------------------------------------------------- what is broken


def broken(tmp_path: Path, name: str, content: bytes) -> Path:
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


@pytest.mark.parametrize(
    ("name", "form", "content", "told"),
    [
        (
            "a.csv",
            "csv",
            b"text,labels\nok,loan_scam\n\xff\xfe\x00,x\n",
            r"a.csv, line 3: it is not utf-8-sig",
        ),
        ("a.csv", "csv", b'text,labels\nok,loan_scam\n"open,x\n', r"a.csv, row 3: broken.* never closed"),
        ("a.csv", "csv", b"text,labels\na,b,c,d\n", r"a.csv, row 2: it has more cells than the header"),
        ("a.csv", "csv", b"txt,labels\na,b\n", r"a.csv: no column 'text' .* did you mean 'txt'"),
        ("a.csv", "csv", b"", r"a.csv: no column 'text' among its 0"),
        ("a.jsonl", "jsonl", b'{"text": "ok"}\n{"text": \n', r"a.jsonl, row 2: .* broken at character"),
        ("a.jsonl", "jsonl", b"[1, 2]\n", r"a.jsonl, row 1: expected a JSON object, found list"),
        ("a.json", "label-studio", b'[{"id": 1', r"a.json: expected a JSON array .* broken at"),
        ("a.json", "argilla", b'{"id": 1}', r"a.json: expected a JSON array"),
        ("a.xlsx", "xlsx", b"PK\x03\x04 not a workbook", r"a.xlsx: no workbook"),
        ("a.parquet", "hf", b"PAR1", r"a.parquet: expected a folder"),
    ],
)
def test_a_corrupted_file_is_told_in_one_line(tmp_path, name, form, content, told):
    with pytest.raises(TrainingDataError, match=told) as error:
        read_labels(broken(tmp_path, name, content), form, LabelMapping())
    assert "\n" not in str(error.value)


def test_a_damaged_parquet_file_is_told_in_one_line(tmp_path):
    (tmp_path / "set").mkdir()
    broken(tmp_path / "set", "train.parquet", b"PAR1 damaged")

    with pytest.raises(TrainingDataError, match="set: `datasets` cannot read it") as error:
        read_labels(tmp_path / "set", "hf", LabelMapping())
    assert "\n" not in str(error.value)


def test_every_row_that_breaks_a_rule_is_told_with_its_number_and_no_text(tmp_path):
    file = write_csv(
        tmp_path / "labels.csv",
        ("case", "message", "labels", "language", "role"),
        ("1", "x" * 10_000_000, "judi", "", ""),
        ("2", CHAT, "jud", "", ""),
        ("3", "", "judi", "", ""),
        ("4", LURE, "judi", "Indonesian tongue", ""),
        ("5", LURE, "judi", "", "ofer"),
        ("6", LURE, "judi", "", ""),
        ("6", CHAT, "judi", "", ""),
    )
    reading = read_labels(file, "csv", MAPPING)

    assert [row.key for row in reading.rows] == ["6"]
    told = "\n".join(sorted(reading.problems))
    assert "row 2: the text has 10,000,000 characters, at most 20,000" in told
    assert "row 3: label 'jud' is unknown: did you mean 'judi'" in told
    assert "row 4: the text is empty" in told
    assert "row 5: language: expected a tag" in told
    assert "row 6: role 'ofer' is unknown: did you mean 'offer'" in told
    assert "row 8: its key is that of labels.csv, row 7, its text is not" in told
    assert "gacor" not in told
    assert "library" not in told


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(TrainingDataError, match="no such file"):
        read_labels(tmp_path / "none.csv", "csv", LabelMapping())
