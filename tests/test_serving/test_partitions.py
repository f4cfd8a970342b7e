"""A bulk job in partitions, without Ray: what is cut, written, noted and gone on with."""

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import models
from models.errors import InputError
from models.screening import Document
from serving import cli
from serving.files import screen
from serving.files.inputs import expanded
from serving.files.partitions import Job, PartFolder, input_file, part_content, partitions
from serving.files.row import Row, Source
from serving.files.screen import screen_chunk
from tests.fakes import FakeScreener

TALLY = Counter(high=2)


def source(texts: list[str]) -> Source:
    rows = [Row(Document(str(n), text), {"text": text}, "text") for n, text in enumerate(texts)]
    return Source("texts.txt", ("text",), len(rows), lambda: iter(rows))


def job(**changes: object) -> Job:
    plain: dict[str, object] = {
        "inputs": (),
        "columns": ("text",),
        "text_column": None,
        "encoding": None,
        "language": None,
        "operating_point": "balanced",
        "model_sha256": "0" * 64,
        "cascade": False,
        "partition_rows": 2,
        "format": "jsonl",
        "program": "1.0.0",
    }
    return Job(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.fixture
def chunks_of_two(monkeypatch):
    monkeypatch.setattr(screen, "CHUNK_ROWS", 2)
    monkeypatch.setattr("serving.files.partitions.CHUNK_ROWS", 2)


def texts_of(partition: list[list[Row]]) -> list[list[str]]:
    return [[row.text for row in chunk] for chunk in partition]


@pytest.mark.usefixtures("chunks_of_two")
def test_every_row_of_all_inputs_is_in_one_partition_in_order_and_in_the_chunks_of_the_local_engine():
    found = list(partitions([source(["a", "b", "c"]), source(["d", "e", "f", "g"])], 3))

    assert [number for number, _ in found] == [0, 1]
    assert [texts_of(partition) for _, partition in found] == [[["a", "b"], ["c", "d"]], [["e", "f"], ["g"]]]


@pytest.mark.usefixtures("chunks_of_two")
def test_finished_partitions_are_read_over_and_the_others_keep_their_numbers():
    found = list(partitions([source(["a", "b", "c", "d", "e"])], 2, without={0, 2}))

    assert [(number, texts_of(partition)) for number, partition in found] == [(1, [["c", "d"]])]


def test_a_job_goes_on_where_it_was(tmp_path):
    before = PartFolder(tmp_path / "out", job())
    before.add(1, b"two\n", TALLY)
    before.add(0, b"one\n", TALLY)

    again = PartFolder(tmp_path / "out", job())

    assert again.finished.keys() == {0, 1}
    assert again.tally == Counter(high=4)
    assert not again.is_complete
    assert again.path(0).read_bytes() == b"one\n"


def test_a_part_that_is_cut_short_gone_or_not_noted_whole_is_done_again(tmp_path):
    before = PartFolder(tmp_path / "out", job())
    for number in range(4):
        before.add(number, b"some\n", TALLY)
    before.path(0).write_bytes(b"so")
    before.path(1).unlink()
    noted = tmp_path / "out" / "_finished.jsonl"
    noted.write_bytes(noted.read_bytes()[:-10])  # killed while it wrote the last line

    again = PartFolder(tmp_path / "out", job())
    assert again.finished.keys() == {2}
    again.add(3, b"some\n", TALLY)

    assert PartFolder(tmp_path / "out", job()).finished.keys() == {2, 3}


def test_a_complete_job_says_what_was_in_it(tmp_path):
    folder = PartFolder(tmp_path / "out", job())
    folder.add(0, b"one\n", TALLY)
    folder.close()

    assert PartFolder(tmp_path / "out", job()).is_complete
    summary = json.loads((tmp_path / "out" / "_summary.json").read_text())
    assert summary == {"parts": 1, "rows": 2, "tally": {"high": 2}}


def test_rows_that_the_gate_answered_for_are_counted_once(tmp_path):
    folder = PartFolder(tmp_path / "out", job(cascade=True))
    folder.add(0, b"one\n", Counter({"low": 3, screen.GATED: 2}))
    folder.close()

    assert json.loads((tmp_path / "out" / "_summary.json").read_text())["rows"] == 3


def test_another_job_cannot_go_on_in_the_same_folder_and_is_told_what_differs(tmp_path):
    PartFolder(tmp_path / "out", job())

    with pytest.raises(InputError, match=r"another job \(operating_point, partition_rows differ\)"):
        PartFolder(tmp_path / "out", job(operating_point="strict", partition_rows=3))


def test_an_input_that_changed_is_another_job(tmp_path):
    path = tmp_path / "in.txt"
    path.write_text("hello")
    PartFolder(tmp_path / "out", job(inputs=(input_file(str(path)),)))
    path.write_text("hullo")

    with pytest.raises(InputError, match="inputs differ"):
        PartFolder(tmp_path / "out", job(inputs=(input_file(str(path)),)))


def test_a_folder_with_files_of_no_job_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(InputError, match="files of no job"):
        PartFolder(tmp_path, job())
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_parquet_parts_have_one_schema_and_hold_the_lines_of_jsonl(tmp_path):
    empty = Row(Document("1", "help me"), {"text": "help me", "n": None}, "text")
    full = Row(Document("2", "hello"), {"text": "hello", "n": [7]}, "text")
    columns = ("text", "n")
    tables = []
    for row in (empty, full):
        rows = screen_chunk([row], FakeScreener(), "balanced")
        (tmp_path / "part.parquet").write_bytes(part_content([rows], columns, "parquet"))
        tables.append(pq.read_table(tmp_path / "part.parquet"))
        (line,) = tables[-1].column("scamscreen_record").to_pylist()
        assert line.encode() + b"\n" == part_content([rows], columns, "jsonl")

    assert tables[0].schema == tables[1].schema
    assert tables[0].column("priority").to_pylist() == ["urgent"]
    assert tables[0].column("p_person_at_risk").to_pylist() == [0.95]
    assert [table.column("n").to_pylist() for table in tables] == [[None], ["[7]"]]


def test_a_folder_stands_for_the_files_in_it(tmp_path):
    for name in ("b.csv", "a.jsonl", "notes.md", "_job.json", "_finished.jsonl", ".hidden.csv"):
        (tmp_path / name).write_text("text\nhello\n")
    (tmp_path / "deeper.csv").mkdir()

    notes: list[str] = []
    found = expanded(["first.csv", str(tmp_path), "-"], notes.append)

    assert found == ["first.csv", str(tmp_path / "a.jsonl"), str(tmp_path / "b.csv"), "-"]
    assert notes == [f"{tmp_path}: 2 files are read, 5 other files and folders are left out"]


def test_a_folder_without_files_to_read_is_told(tmp_path):
    with pytest.raises(InputError, match="no file to read"):
        expanded([str(tmp_path)], print)


@pytest.fixture
def csv_file(tmp_path) -> Path:
    path = tmp_path / "in" / "in.csv"
    path.parent.mkdir()
    path.write_text("id,text,note\na,work at the compound,1\nb,help me,2\nd,broken\n")
    return path


def test_the_local_engine_reads_folders_and_writes_parquet(csv_file, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "load_screener", lambda folder, **_: FakeScreener())

    assert cli.main(["screen", str(csv_file.parent), "--output", str(tmp_path / "out.parquet")]) == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column("scamscreen_id").to_pylist() == ["a", "b", "d"]
    assert table.column("priority").to_pylist() == ["high", "urgent", "review"]
    assert table.column("error_code").to_pylist() == [None, None, "unreadable_row"]


def test_without_ray_its_extra_is_named(csv_file, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("serving.commands.screen.find_spec", lambda name: None)

    assert cli.main(["screen", str(csv_file), "--engine", "ray", "--output", str(tmp_path / "out")]) == 2
    assert "scamscreen[ray]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--workers", "2"], 2, "belong to --engine ray"),
        (["--engine", "ray"], 2, "into the folder --output"),
        (["--engine", "ray", "--output", "{in}"], 1, "holds an input"),
        (["--engine", "ray", "--output", "{in}/in.csv"], 1, "is a file"),
        (["--engine", "ray", "--output", "{in}/no/where"], 1, "cannot be made"),
    ],
)
def test_what_ray_cannot_do_is_told_before_it_starts(csv_file, capsys, arguments, code, told):
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    given = [argument.replace("{in}", str(csv_file.parent)) for argument in arguments]

    assert cli.main(["screen", str(csv_file), *given]) == code
    assert told in capsys.readouterr().err
