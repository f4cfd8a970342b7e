"""Files of labels as spreadsheets, programs and annotation tools write them -> the same rows."""

import csv
from pathlib import Path

import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value
from openpyxl import Workbook

from models.errors import TrainingDataError
from models.taxonomy import LABELS
from tests.test_training.labelled_files import write_json, write_lines
from training.example import MarkedSpan
from training.labelled.mapping import LabelMapping
from training.labelled.reading import read_labels

LURE = "\U0001f4b0 Slot gacor, call 081-555-0143"
CHAT = "See you at the library at nine"
PHONE = MarkedSpan("entity", "PHONE", 19, 31)
ASKED = frozenset({"online_gambling", "loan_scam"})
MAPPING = LabelMapping(
    columns={"text": "message", "key": "case"},
    asked=ASKED,
    codes={"judi": ("online_gambling",), "normal": "none"},
)


def write_csv(path: Path, *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def by_key(reading):
    assert reading.problems == ()
    return {row.key: row for row in reading.rows}


def holds(row) -> dict[str, float]:
    return {code: share for code, share in row.labels.items() if share}


# ---------------------------------------------------------------- tables


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


# ---------------------------------------------------------------- annotation tools


def region(kind: str, control: str, **value: object) -> dict[str, object]:
    return {"id": "r", "from_name": control, "to_name": "text", "type": kind, "value": value}


def test_label_studio_gives_choices_and_marked_words_of_everybody(tmp_path):
    anna = [
        region("choices", "scam", choices=["judi"]),
        region("choices", "role", choices=["offer"]),
        region("labels", "marks", start=19, end=31, text="081-555-0143", labels=["PHONE"]),
    ]
    ben = [region("choices", "scam", choices=["normal"]), region("rating", "sure", rating=3)]
    file = write_json(
        tmp_path / "project.json",
        [
            {
                "id": 31,
                "data": {"message": LURE, "language": "id"},
                "annotations": [
                    {"completed_by": 1, "was_cancelled": False, "result": anna},
                    {"completed_by": {"id": 2, "email": "ben@mail.example"}, "result": ben},
                    {"completed_by": 3, "was_cancelled": True, "result": []},
                ],
                "predictions": [{"result": [region("choices", "scam", choices=["loan_scam"])]}],
            },
            {"id": 32, "data": {"message": CHAT}, "annotations": []},
        ],
    )
    mapping = LabelMapping(
        columns={"text": "message", "labels": "scam", "role": "role"}, asked=ASKED, codes=MAPPING.codes
    )
    reading = read_labels(file, "label-studio", mapping)
    row = by_key(reading)["31"]

    assert holds(row) == {"online_gambling": 0.5}
    assert row.spans == (PHONE,)
    assert row.role == "offer"
    assert [one.annotator for one in row.annotations] == ["1", "2"]
    assert reading.unlabelled == 1


def test_words_that_label_studio_counted_in_utf_16_are_found_all_the_same(tmp_path):
    old = region("labels", "marks", start=20, end=32, text="081-555-0143", labels=["PHONE"])
    wrong = region("labels", "marks", start=2, end=14, text="081-555-0143", labels=["PHONE"])
    tasks = [
        {"id": key, "data": {"text": LURE}, "annotations": [{"completed_by": 1, "result": [choice, mark]}]}
        for choice in [region("choices", "scam", choices=["loan_scam"])]
        for key, mark in ((1, old), (2, wrong))
    ]
    reading = read_labels(write_json(tmp_path / "p.json", tasks), "label-studio", LabelMapping())

    assert reading.rows[0].spans == (PHONE,)
    assert reading.problems == ("p.json, row 2: spans: the marked words do not stand where the file says",)


def test_label_studios_other_json_is_told_apart(tmp_path):
    file = write_json(tmp_path / "min.json", [{"text": CHAT, "scam": "judi", "id": 1, "annotator": 1}])

    with pytest.raises(TrainingDataError, match=r"min.json, row 1: .* not as JSON-MIN"):
        read_labels(file, "label-studio", LabelMapping())


ARGILLA = LabelMapping(columns={"labels": "scam", "spans": "marks"}, asked=ASKED, codes=MAPPING.codes)


def test_argilla_gives_the_responses_of_everybody_and_no_suggestion(tmp_path):
    record = {
        "id": "r1",
        "fields": {"text": LURE},
        "metadata": {"language": "id"},
        "suggestions": {"scam": {"value": ["loan_scam"], "score": 0.9, "agent": "model"}},
        "responses": {
            "scam": [
                {"value": ["judi"], "user_id": "aa"},
                {"value": "normal", "user_id": "bb"},
                {"value": ["loan_scam"], "user_id": "cc", "status": "draft"},
            ],
            "marks": [{"value": [{"label": "PHONE", "start": 19, "end": 31}], "user_id": "aa"}],
        },
        "vectors": {},
        "_server_id": "s1",
    }
    (tmp_path / "exported" / ".argilla").mkdir(parents=True)
    write_json(tmp_path / "exported" / "records.json", [record])
    row = by_key(read_labels(tmp_path / "exported", "argilla", ARGILLA))["r1"]

    assert holds(row) == {"online_gambling": 0.5}
    assert (row.spans, row.language) == ((PHONE,), "id")
    assert [one.annotator for one in row.annotations] == ["aa", "bb"]


def test_argilla_records_as_rows_of_datasets_say_the_same(tmp_path):
    flat = {
        "id": "r1",
        "status": "completed",
        "text": LURE,
        "scam.responses": [["judi"], ["loan_scam"], ["loan_scam"]],
        "scam.responses.users": ["aa", "bb", "cc"],
        "scam.responses.status": ["submitted", "submitted", "discarded"],
        "scam.suggestion": ["loan_scam"],
    }
    write_lines(tmp_path / "records.jsonl", [flat])
    Dataset.from_list([flat]).save_to_disk(str(tmp_path / "saved"))
    for path in (tmp_path / "records.jsonl", tmp_path / "saved"):
        row = by_key(read_labels(path, "argilla", ARGILLA))["r1"]
        assert row.labels == {"loan_scam": 0.5, "online_gambling": 0.5}


def test_a_question_that_nobody_was_asked_is_named(tmp_path):
    record = {
        "id": "1",
        "fields": {"text": CHAT},
        "responses": {"scams": [{"value": "judi", "user_id": "a"}]},
    }

    with pytest.raises(TrainingDataError, match=r"question 'scam': did you mean 'scams'"):
        read_labels(write_json(tmp_path / "r.json", [record]), "argilla", ARGILLA)


OBJECT = {"id": 1, "label": "PHONE", "start_offset": 19, "end_offset": 31}
SHOWN = MarkedSpan("label", "online_gambling", 0, 12)


@pytest.mark.parametrize(
    ("stored", "spans"),
    [
        ({"label": ["judi"], "Comments": []}, ()),
        ({"cats": ["judi"], "entities": [[19, 31, "PHONE"]]}, (PHONE,)),
        ({"cats": ["judi"], "entities": [OBJECT], "relations": []}, (PHONE,)),
        ({"label": [[0, 12, "online_gambling"], [19, 31, "PHONE"]]}, (SHOWN, PHONE)),
    ],
)
def test_doccano_gives_categories_spans_or_both(tmp_path, stored, spans):
    file = write_lines(tmp_path / "all.jsonl", [{"id": 5, "text": LURE, **stored}])
    row = by_key(read_labels(file, "doccano", LabelMapping(asked=ASKED, codes=MAPPING.codes)))["5"]

    assert holds(row) == {"online_gambling": 1.0}
    assert row.spans == spans


def test_doccanos_files_of_several_people_are_one_dataset(tmp_path):
    (tmp_path / "export").mkdir()
    for name, label in (("anna", "judi"), ("ben", "loan_scam")):
        write_lines(tmp_path / "export" / f"{name}.jsonl", [{"id": 5, "text": LURE, "label": [label]}])
    mapping = LabelMapping(asked=ASKED, codes=MAPPING.codes)
    row = by_key(read_labels(tmp_path / "export", "doccano", mapping))["5"]

    assert [one.annotator for one in row.annotations] == ["anna", "ben"]
    assert row.labels == {"loan_scam": 0.5, "online_gambling": 0.5}


@pytest.mark.parametrize("kind", ["saved", "csv", "json", "parquet", "arrow"])
def test_a_folder_of_datasets_is_read_with_its_splits_and_class_names(tmp_path, kind):
    features = Features({"text": Value("string"), "labels": ClassLabel(names=["normal", "judi"])})
    parts = {
        name: Dataset.from_list([{"text": text, "labels": label}], features=features)
        for name, text, label in (("train", LURE, 1), ("test", CHAT, 0))
    }
    folder = tmp_path / "set"
    if kind == "saved":
        DatasetDict(parts).save_to_disk(str(folder))
    elif kind == "arrow":
        parts["train"].save_to_disk(str(folder))
    else:
        folder.mkdir()
        for name, part in parts.items():
            names = [features["labels"].int2str(part[0]["labels"])]
            named = part.remove_columns("labels").add_column("labels", names)
            getattr(named, f"to_{kind}")(str(folder / f"{name}.{kind}"))
    rows = by_key(read_labels(folder, "hf", LabelMapping(asked=ASKED, codes=MAPPING.codes)))

    [lure] = [row for row in rows.values() if row.text == LURE]
    assert holds(lure) == {"online_gambling": 1.0}
    assert len(rows) == (1 if kind == "arrow" else 2)


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
