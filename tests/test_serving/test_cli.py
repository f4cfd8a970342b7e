"""The command `scamscreen`, called as a program is: arguments in, exit code and two streams out."""

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import models
from models.errors import ArtifactNotFoundError
from models.loading import load_screener
from models.screening import DISCLAIMER_EN
from models.taxonomy import LABELS
from serving import cli
from serving.files import screen
from tests.fakes import FakeScreener
from tests.test_serving.conftest import free_port
from tests.tiny import write_tiny_gate

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fake_screener(monkeypatch):
    monkeypatch.setattr(models, "load_screener", lambda folder, **_: FakeScreener())


@pytest.fixture
def run(capsys):
    def run_command(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = exit_.code
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def csv_file(tmp_path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text("id,text,note\na,work at the compound,1\nb,help me,2\nc,hello,3\nd,broken\n")
    return path


def test_without_a_terminal_the_records_are_jsonl_on_the_standard_output(run, csv_file):
    code, out, err = run("screen", csv_file)
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [record["id"] for record in records] == ["a", "b", "c", "d"]
    assert records[0]["operating_point"] == "balanced"
    assert records[0]["input"] == {"id": "a", "note": "1"}
    assert "4 rows: 1 urgent, 1 high, 0 review, 1 low, 1 errors" in err
    assert DISCLAIMER_EN in err


def test_on_a_terminal_the_records_are_a_table(run, csv_file, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, out, _ = run("screen", csv_file)
    assert code == 0
    assert "Priority" in out
    assert "trafficking" in out
    assert "Computer screening only" in out


@pytest.fixture
def named_file(tmp_path) -> Path:
    path = tmp_path / "named.csv"
    path.write_text("id,text,officer\na,Somchai 081-555-0143,Nok\nb,=help me Somchai,Nok\nc,,Nok\n")
    return path


def test_a_redacted_text_names_nobody_and_other_columns_are_left_out(run, named_file):
    code, out, err = run("redact", named_file)
    first, second, broken = map(json.loads, out.splitlines())

    assert code == 0
    assert (first["id"], first["text"]) == ("a", "[PERSON_1] [PHONE_1]")
    assert second["text"] == "=help me [PERSON_1]"
    assert broken["error"]["code"] == "empty_text"
    assert "Nok" not in out
    assert "3 texts" in err
    assert "does not find" not in err


def test_a_type_the_model_does_not_find_is_told(run, named_file):
    _, _, err = run("redact", named_file, "--types", "PERSON,ORGANISATION")

    assert "does not find ORGANISATION: they stay in the texts" in err


def test_a_redacted_csv_opens_in_a_spreadsheet_without_running_anything(run, named_file, tmp_path):
    output = tmp_path / "out.csv"

    assert run("redact", named_file, "--style", "mask", "--types", "person", "--output", output)[0] == 0
    assert output.read_text(encoding="utf-8-sig").splitlines() == [
        "id,text,error_code",
        "a,••••••• 081-555-0143,",
        "b,'=help me •••••••,",
        "c,,empty_text",
    ]


def test_tokens_are_the_same_in_every_text_and_need_a_key(run, named_file, tmp_path):
    key = tmp_path / "key"
    key.write_text("a secret of more than sixteen bytes")
    code, out, _ = run("redact", named_file, "--style", "token", "--types", "PERSON", "--key-file", key)
    tokens = re.findall(r"\[PERSON:([0-9a-f]{16})\]", out)

    assert code == 0
    assert len(tokens) == 2 * 2  # in the text and among the redactions of both
    assert len(set(tokens)) == 1
    assert run("redact", named_file, "--style", "token")[0] == 1


def test_a_page_shows_the_worst_first_and_masks_papers(run, tmp_path):
    (tmp_path / "in.txt").write_text(
        "hello\nwork at the compound <b>now</b> 081-555-0143\nhelp me 1-5555-01234-56-7\n"
    )
    page = tmp_path / "report.html"
    code, out, _ = run("screen", tmp_path / "in.txt", "--html", page)
    shown = page.read_text()

    assert (code, out) == (0, "")
    assert shown.index("help me") < shown.index("compound") < shown.index("hello")
    assert "01234" not in shown
    assert "•-••••-•••••-••-•" in shown
    assert "&lt;b&gt;now&lt;/b&gt;" in shown
    assert '<mark class="entity" title="Phone number' in shown or '<mark class="entity" title="' in shown
    assert DISCLAIMER_EN in shown
    assert not re.search(r"""(?:src|href)=|url\(|@import|<script""", shown)


def test_a_page_and_a_file_can_be_written_at_once(run, csv_file, tmp_path):
    assert run("screen", csv_file, "--html", tmp_path / "a.html", "--output", tmp_path / "a.csv")[0] == 0
    assert (tmp_path / "a.html").is_file()
    assert len((tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()) == 5


@pytest.mark.parametrize("name", ["page.txt", "missing/page.html"])
def test_a_page_that_cannot_be_written_is_told_before_anything_is_screened(run, csv_file, tmp_path, name):
    code, _, err = run("screen", csv_file, "--html", tmp_path / name)

    assert code in {1, 2}
    assert "--html" in err


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".xlsx"])
def test_an_output_file_is_written_whole(run, csv_file, tmp_path, suffix):
    output = tmp_path / f"out{suffix}"
    assert run("screen", csv_file, "--output", output)[:2] == (0, "")
    assert output.stat().st_size > 0
    assert not output.with_name(f"out{suffix}.partial").exists()


def test_several_files_are_one_output_with_all_their_columns(run, tmp_path):
    (tmp_path / "a.txt").write_text("one\n")
    (tmp_path / "b.csv").write_text("message,source\ntwo,web\n")
    (tmp_path / "c.jsonl").write_text('{"text": "three", "id": "own"}\n{"text": "four", "late": 1}\n')
    output = tmp_path / "out.csv"
    assert (
        run("screen", *(tmp_path / name for name in ("a.txt", "b.csv", "c.jsonl")), "--output", output)[0]
        == 0
    )
    lines = output.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("text,message,source,id,late,scamscreen_id,priority")
    ids = [line.split(",")[5] for line in lines[1:]]
    assert ids == [
        f"{tmp_path}/a.txt:1",
        f"{tmp_path}/b.csv:1",
        f"{tmp_path}/c.jsonl:own",
        f"{tmp_path}/c.jsonl:2",
    ]


def test_equal_ids_of_two_files_stay_apart(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        Path(name).write_text("id,text\n1,hello\n")
    out = run("screen", "a.csv", "b.csv")[1]
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a.csv:1", "b.csv:1"]


def test_sheets_left_out_are_told_in_one_line(run, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(("text",))
    book.active.append(("hello",))
    book.create_sheet("Codes").append(("code",))
    book.save(tmp_path / "a.xlsx")
    code, out, err = run("screen", tmp_path / "a.xlsx")
    assert (code, out.count("\n")) == (0, 1)
    assert "not all sheets are screened: sheet 2 (Codes) has no column named" in err.splitlines()[0]


def test_the_standard_input_is_read(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("สวัสดี\nhelp me\n".encode())))
    code, out, _ = run("screen", "-", "--language", "th-TH", "--operating-point", "strict")
    records = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [record["priority"] for record in records] == ["low", "urgent"]
    assert {(record["language"], record["operating_point"]) for record in records} == {("th", "strict")}


def test_a_guessed_encoding_is_told_in_one_line(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("สวัสดีค่ะ พัสดุของคุณตกค้าง".encode("cp874"))
    code, _, err = run("screen", path)
    assert code == 0
    assert (
        err.splitlines()[0]
        == f"scamscreen: {path} is not UTF-8: read as cp874 (pass --encoding to choose another)"
    )
    assert "cp874" not in run("screen", path, "--encoding", "cp874")[2]


WRONG_USAGE = [
    ((), "COMMAND"),
    (("screen",), "FILE"),
    (("screen", "a.doc"), ".txt, .csv, .tsv, .xlsx, .jsonl, .parquet"),
    (("screen", "a.txt", "--output", "out.pdf"), ".jsonl, .csv, .xlsx"),
    (("screen", "-", "-"), "once"),
    (("screen", "a.txt", "--operating-point", "loose"), "screening"),
    (("screen", "a.txt", "--encoding", "klingon"), "cp874"),
    (("screen", "a.txt", "--encoding", "hex"), "cp874"),
    (("screen", "a.txt", "--language", "Thai language"), "BCP-47"),
    (("serve", "--open", "--host", "0.0.0.0"), "127.0.0.1"),
    (("serve", "--port", "many"), "port"),
]


@pytest.mark.parametrize(("arguments", "expected"), WRONG_USAGE)
def test_wrong_usage_is_told_with_what_was_expected(run, arguments, expected):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert expected in err


def test_an_output_that_is_an_input_is_refused_and_left_as_it_was(run, csv_file, tmp_path):
    before = csv_file.read_bytes()
    link = tmp_path / "link.csv"
    link.symlink_to(csv_file)
    hard_link = tmp_path / "hard.csv"
    hard_link.hardlink_to(csv_file)
    for output in (csv_file, link, hard_link, tmp_path / "x" / ".." / "in.csv"):
        code, _, err = run("screen", csv_file, "--output", output)
        assert code == 2
        assert "is an input as well" in err
    assert csv_file.read_bytes() == before


EXPECTED_ERRORS = [
    ("absent.csv", None, "No such file"),
    ("empty.csv", b"", "is empty"),
    ("fake.xlsx", b"id,text\n1,private words\n", "not an Excel workbook"),
    ("fake.parquet", b"private words", "not a Parquet file"),
    ("columns.csv", b"a,b\nprivate words,2\n", "--text-column"),
    ("headless.csv", b"1,private\n2,words\n", "2 names, not shown"),
    ("bytes.txt", b"\xff\xf0\x81\x00\x9f private words", "not UTF-8"),
]


@pytest.mark.parametrize(("name", "content", "expected"), EXPECTED_ERRORS)
def test_an_expected_error_is_one_line_and_repeats_no_text(run, tmp_path, name, content, expected):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("screen", tmp_path / name, "--output", tmp_path / "out.csv")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith("scamscreen: ")
    assert name in err
    assert expected in err
    assert "private" not in err
    assert not list(tmp_path.glob("out*"))


def test_a_folder_as_input_or_output_is_one_line(run, tmp_path, csv_file):
    (tmp_path / "folder.csv").mkdir()
    for arguments in (
        ("screen", tmp_path / "folder.csv"),
        ("screen", csv_file, "--output", tmp_path / "folder.csv"),
        ("screen", csv_file, "--output", tmp_path / "absent" / "out.csv"),
    ):
        code, _, err = run(*arguments)
        assert code == 1
        assert err.count("\n") == 1


def test_an_artefact_that_cannot_be_used_is_one_line(run, csv_file, monkeypatch):
    def refuse(folder: Path, **_):
        raise ArtifactNotFoundError(f"manifest.json is absent from the artefact folder {folder.name!r}")

    monkeypatch.setattr(models, "load_screener", refuse)
    assert run("screen", csv_file, "--artifact", "nowhere") == (
        1,
        "",
        "scamscreen: manifest.json is absent from the artefact folder 'nowhere'\n",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_keeps_whole_rows_in_a_partial_file_and_says_where(run, tmp_path, monkeypatch, number):
    class InterruptedScreener(FakeScreener):
        interrupted = False

        def screen(self, documents, operating_point="balanced", **options):
            if not self.interrupted:
                self.interrupted = True
                os.kill(os.getpid(), number)
            return super().screen(documents, operating_point, **options)

    monkeypatch.setattr(models, "load_screener", lambda folder, **_: InterruptedScreener())
    monkeypatch.setattr(screen, "CHUNK_ROWS", 2)
    before = signal.getsignal(number)
    (tmp_path / "a.txt").write_text("a\nb\nc\n")
    code, _, err = run("screen", tmp_path / "a.txt", "--output", tmp_path / "out.jsonl")
    assert code == 130
    assert f"the rows done so far are in {tmp_path / 'out.jsonl.partial'}" in err
    assert len((tmp_path / "out.jsonl.partial").read_text().splitlines()) == 2
    assert not (tmp_path / "out.jsonl").exists()
    assert signal.getsignal(number) is before


PROGRAM = (
    "import sys, models; from serving import cli; from tests.fakes import FakeScreener;"
    "models.load_screener = lambda folder, **_: FakeScreener(); sys.exit(cli.main(sys.argv[1:]))"
)


def test_a_reader_that_goes_away_is_no_traceback(tmp_path):
    (tmp_path / "a.txt").write_text("hello\n" * 5_000)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "screen", str(tmp_path / "a.txt")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read().decode()
    assert process.returncode == 1
    assert "Traceback" not in error
    assert "hello" not in error


def test_records_are_utf_8_whatever_the_locale_and_whatever_the_name_of_a_file(tmp_path):
    for name in (b"\xff.csv", b"b.csv"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(
            "text,note\nhelp me,\u0e44\u0e17\u0e22\n"
        )
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "screen", *sorted(tmp_path.iterdir())],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    records = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert [record["input"]["note"] for record in records] == ["\u0e44\u0e17\u0e22"] * 2
    assert sorted(record["id"].rsplit("/")[-1] for record in records) == ["b.csv:1", "\ufffd.csv:1"]


@pytest.mark.parametrize("open_flag", [True, False])
def test_serve_becomes_bentoml_and_is_open_only_if_asked(monkeypatch, run, open_flag):
    calls = []
    monkeypatch.setattr(os, "execve", lambda *arguments: calls.append(arguments))
    monkeypatch.delenv("SCAMSCREEN_OPEN", raising=False)
    port = str(free_port())
    run("serve", "--port", port, *(["--open"] if open_flag else []))
    [(program, arguments, environment)] = calls
    assert program == sys.executable
    assert arguments[1:] == [
        *("-m", "serving.supervisor", "serving.service:ScamScreen"),
        *("--host", "127.0.0.1", "--port", port),
    ]
    assert environment.get("SCAMSCREEN_OPEN") == ("1" if open_flag else None)
    assert environment["BENTOML_DO_NOT_TRACK"] == "True"


def test_a_port_that_another_program_has_is_told_in_one_line(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        code, out, err = run("serve", "--port", str(port))

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert f"cannot listen on port {port} of 127.0.0.1" in err


def test_taxonomy_prints_json(run):
    code, out, _ = run("taxonomy")
    assert code == 0
    assert all(label in json.dumps(json.loads(out)) for label in LABELS)


def test_the_module_runs_as_the_command_does():
    done = subprocess.run(
        [sys.executable, "-m", "serving.cli", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("scamscreen ")


@pytest.fixture
def two_texts(tmp_path) -> Path:
    path = tmp_path / "two.txt"
    path.write_text("The library opens at nine and closes at five on weekdays.\nYou won the lottery.\n")
    return path


def test_with_the_cascade_the_gate_answers_for_the_harmless_and_the_summary_says_how_often(
    run, two_texts, tiny_artifact, tmp_path, monkeypatch
):
    shutil.copytree(tiny_artifact, tmp_path / "gated")
    monkeypatch.setattr(models, "load_screener", load_screener)
    code, out, err = run("screen", two_texts, "--cascade", "--artifact", write_tiny_gate(tmp_path / "gated"))

    assert code == 0
    assert [json.loads(line)["stage"] for line in out.splitlines()] == ["cascade", "model"]
    assert "2 rows: " in err
    assert ", 1 answered by the gate, " in err


def test_without_the_cascade_the_summary_names_no_gate(run, two_texts):
    assert "gate" not in run("screen", two_texts)[2]


def test_the_cascade_of_a_model_without_a_gate_is_refused_before_anything_is_written(
    run, two_texts, tmp_path
):
    code, out, err = run("screen", two_texts, "--cascade", "--output", tmp_path / "out.jsonl")

    assert (code, out) == (1, "")
    assert "--cascade: the model has no gate" in err
    assert not [*tmp_path.glob("out.jsonl*")]
