"""Labels as annotation tools and `datasets` write them -> the same rows."""

import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Value

from models.errors import TrainingDataError
from tests.test_training.labelled_files import (
    ASKED,
    CHAT,
    LURE,
    MAPPING,
    PHONE,
    by_key,
    holds,
    write_json,
    write_lines,
)
from training.example import MarkedSpan
from training.labelled.mapping import LabelMapping
from training.labelled.reading import read_labels


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
