"""Texts without labels in, texts to label out, in the forms that people label in."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.artifact import load_artifact
from models.errors import TrainingDataError
from models.taxonomy import LABELS
from serving.files.reading import ReadOptions, open_source
from tests.test_training.labelled_files import row, write_json
from tests.tiny import SENTENCES, random_texts
from training.budget.pool import PoolText, read_pool
from training.budget.suggest import Suggestion, suggest
from training.budget.tasks import write_tasks
from training.cli import main
from training.labelled.mapping import LabelMapping
from training.labelled.reading import read_labels

TEXTS = ["Easy work in a big office, free ticket.", "งานสบาย รายได้ดี", "Chiều mai họp ở thư viện."]


def write_pool(folder: Path, kind: str) -> Path:
    path = folder / f"pool.{kind}"
    rows = [{"id": f"r{at}", "Message": text} for at, text in enumerate(TEXTS)]
    match kind:
        case "jsonl":
            path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        case "csv" | "tsv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                table = csv.DictWriter(file, ("id", "Message"), delimiter="," if kind == "csv" else "\t")
                table.writeheader()
                table.writerows(rows)
        case "xlsx":
            book = openpyxl.Workbook()
            book.worksheets[0].append(["id", "Message"])
            for row in rows:
                book.worksheets[0].append([*row.values()])
            book.save(path)
        case "parquet":
            pq.write_table(pa.Table.from_pylist(rows), path)
        case "txt":
            path.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["jsonl", "csv", "tsv", "xlsx", "parquet", "txt"])
def test_a_pool_is_read_from_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    pool = read_pool(write_pool(tmp_path, kind))

    assert [one.text for one in pool] == TEXTS
    assert [one.language for one in pool] == ["en", "th", "vi"]
    assert [one.key for one in pool] == (["1", "2", "3"] if kind == "txt" else ["r0", "r1", "r2"])


def test_what_cannot_be_screened_is_left_out_of_a_pool(tmp_path: Path) -> None:
    path = tmp_path / "pool.jsonl"
    texts = ["", "a\0b", "x" * 10_000_000, "see you at five"]
    path.write_text("\n".join(json.dumps({"text": text, "language": "en"}) for text in texts))

    assert [(one.key, one.text) for one in read_pool(path)] == [("4", "see you at five")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("pool.csv", "id,words\n1,secret words\n", "expected one column named text"),
        ("pool.csv", "text,message\nsecret,words\n", "found 2"),
        ("pool.jsonl", '{"text": "secret"}\n{"text": \n', "line 2"),
        ("pool.xlsx", "secret", "no workbook"),
        ("pool.parquet", "secret", "expected a Parquet file"),
        ("pool.doc", "secret", "expected .jsonl"),
        ("pool.txt", "\n\n", "found none that can be screened"),
    ],
)
def test_a_pool_that_cannot_be_read_is_told_in_a_line_without_its_words(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(TrainingDataError) as error:
        read_pool(tmp_path / name)
    assert said in str(error.value)
    assert name in str(error.value)
    assert "secret" not in str(error.value)


def pool_of(texts: list[str]) -> list[PoolText]:
    return [PoolText(f"r{at}", text, "en") for at, text in enumerate(texts)]


def test_nothing_is_suggested_that_is_labelled_or_nearly_the_same(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    lure = "Easy work in a big office, free ticket, pay in dollars every week, call {} now and ask for Lee."
    pool = pool_of([lure.format("020 555 0143"), lure.format("020 555 0199"), *random_texts(10)])
    labelled = [row("1", lure.format("020 555 0111"), {"fraudulent_job_offer": 1.0, "phishing": 0.0})]

    found = suggest(pool, labelled, [], load_artifact(tiny_artifact), tmp_path, n=50)

    assert {one.of.key for one in found}.isdisjoint({"r0", "r1"})
    assert {one.code for one in found} == {"fraudulent_job_offer"}


def test_what_looks_like_the_positives_is_suggested_first(tiny_artifact: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = SENTENCES[3].split() + SENTENCES[5].split() + SENTENCES[9].split()
    lures = [" ".join(rng.permutation(words)[:5]) for _ in range(25)]
    others = random_texts(150, longest=12)
    labelled = [
        *(row(text, text, {"phishing": 1.0}) for text in lures[:5]),
        *(row(text, text, {"phishing": 0.0}) for text in others[:30]),
    ]

    found = suggest(
        pool_of([*others[30:], *lures[5:]]),
        labelled,
        ["phishing"],
        load_artifact(tiny_artifact),
        tmp_path,
        n=20,
    )

    likely = [one for one in found if one.reason == "likely"]
    assert len([one for one in likely if one.of.text in lures]) > len(likely) / 2


def test_an_unseen_label_is_asked_for_before_anything_is_labelled(
    tiny_artifact: Path, tmp_path: Path
) -> None:
    pool = pool_of(random_texts(60, longest=12))
    found = suggest(pool, [], ["document_forgery"], load_artifact(tiny_artifact), tmp_path, n=12)

    assert len({one.of.key for one in found}) == 12
    assert {one.code for one in found} == {"document_forgery"}


def test_without_a_label_all_are_asked_for(tiny_artifact: Path, tmp_path: Path) -> None:
    pool = pool_of(random_texts(100, longest=12))
    found = suggest(pool, [], [], load_artifact(tiny_artifact), tmp_path, n=44)
    assert {one.code for one in found} == set(LABELS)


def test_a_label_with_a_typo_is_told(tiny_artifact: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="no label phising: the taxonomy has"):
        suggest(pool_of(TEXTS), [], ["phising"], load_artifact(tiny_artifact), tmp_path, n=1)


def test_a_pool_without_anything_new_is_told(tiny_artifact: Path, tmp_path: Path) -> None:
    labelled = [row(text, text, {"phishing": 0.0}) for text in TEXTS]
    with pytest.raises(TrainingDataError, match="labelled already"):
        suggest(pool_of(TEXTS), labelled, [], load_artifact(tiny_artifact), tmp_path, n=1)


SUGGESTIONS = [
    Suggestion(PoolText("a", "=HYPERLINK() งาน", "th"), "phishing", "likely", 0.75),
    Suggestion(PoolText("b", "see you", "en"), "phishing", "drawn", 0.01),
]


def test_tasks_for_label_studio_fit_their_interface_and_answer_nothing_beforehand(tmp_path: Path) -> None:
    write_tasks(SUGGESTIONS, tmp_path, ["label-studio"])
    tasks = json.loads((tmp_path / "label_studio.json").read_text(encoding="utf-8"))
    interface = ElementTree.parse(tmp_path / "label_studio.xml").getroot()  # noqa: S314 (our own)

    assert tasks[0]["data"] == {"text": "=HYPERLINK() งาน", "key": "a", "language": "th"}
    assert tasks[0]["meta"] == {"suggested_for": "phishing", "reason": "likely", "probability": 0.75}
    assert all("predictions" not in task and "annotations" not in task for task in tasks)
    assert {choice.get("value") for choice in interface.iter("Choice")} > set(LABELS)
    assert {choices.get("toName") for choices in interface.iter("Choices")} == {
        text.get("name") for text in interface.iter("Text")
    }


def test_records_for_argilla_suggest_no_answer(tmp_path: Path) -> None:
    write_tasks(SUGGESTIONS, tmp_path, ["argilla"])
    records = json.loads((tmp_path / "argilla.json").read_text(encoding="utf-8"))
    assert [record["id"] for record in records] == ["a", "b"]
    assert records[1]["fields"] == {"text": "see you"}
    assert not any(record["suggestions"] for record in records)


def test_no_cell_of_the_table_is_a_formula(tmp_path: Path) -> None:
    write_tasks(SUGGESTIONS, tmp_path, ["csv"])
    with (tmp_path / "to_label.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert [row["text"] for row in rows] == ["'=HYPERLINK() งาน", "see you"]
    assert all(row["labels"] == row["role"] == "" for row in rows)


def test_what_people_answer_is_imported_without_a_mapping(tmp_path: Path) -> None:
    write_tasks(SUGGESTIONS, tmp_path)
    answers = (["phishing", "loan_scam"], ["none"])
    with (tmp_path / "to_label.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    with (tmp_path / "to_label.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(
            {**cells, "labels": ";".join(told)} for cells, told in zip(rows, answers, strict=True)
        )
    records = json.loads((tmp_path / "argilla.json").read_text(encoding="utf-8"))
    for record, told in zip(records, answers, strict=True):
        record["responses"] = {"labels": [{"value": told, "user_id": "anna"}]}
    write_json(tmp_path / "argilla.json", records)
    tasks = json.loads((tmp_path / "label_studio.json").read_text(encoding="utf-8"))
    for task, told in zip(tasks, answers, strict=True):
        choice = {"from_name": "labels", "type": "choices", "value": {"choices": told}}
        task |= {"id": task["data"]["key"], "annotations": [{"completed_by": 1, "result": [choice]}]}
    write_json(tmp_path / "label_studio.json", tasks)

    for name, form in (
        ("to_label.csv", "csv"),
        ("argilla.json", "argilla"),
        ("label_studio.json", "label-studio"),
    ):
        reading = read_labels(tmp_path / name, form, LabelMapping())
        assert reading.problems == ()
        assert [one.key for one in reading.rows] == ["a", "b"]
        assert [{code for code, share in one.labels.items() if share} for one in reading.rows] == [
            {"phishing", "loan_scam"},
            set(),
        ]
        assert [one.language for one in reading.rows] == ["th", "en"]
        assert set(reading.rows[1].labels) == set(LABELS)


def test_the_console_takes_the_jsonl_as_an_upload(tmp_path: Path) -> None:
    [path] = write_tasks(SUGGESTIONS, tmp_path, ["jsonl"])

    rows = [*open_source(path, ReadOptions()).rows()]

    assert [(row.document.id, row.text, row.document.language) for row in rows] == [
        ("a", "=HYPERLINK() งาน", "th"),
        ("b", "see you", "en"),
    ]
    assert rows[0].other_columns["reason"] == "likely"


def test_the_command_writes_every_form(
    tiny_artifact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = tmp_path / "pool.txt"
    pool.write_text("\n".join(random_texts(30, longest=12)), encoding="utf-8")
    arguments = ["suggest", "-n", "8", "--pool", str(pool), "--artifact", str(tiny_artifact)]
    arguments += ["--label", "phishing", "--cache", str(tmp_path), "--output", str(tmp_path / "out")]

    assert main(arguments) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "label_studio.json",
        "label_studio.xml",
        "argilla.json",
        "to_label.csv",
        "to_label.jsonl",
    }
    assert "phishing" in capsys.readouterr().out
