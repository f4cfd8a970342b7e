"""`docs/api.md`: every command in it is run against the service, and answers what the page says."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import httpx
import pytest
from PIL import Image

from serving.api.app import create_app, openapi
from tests.test_serving.conftest import ROOT, command

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```sh\n(?P<script>.*?)```\n(?:\nAnswers · ตอบ: (?P<answers>[^\n]*))?", re.DOTALL)
BLOCKS = [(one["script"], one["answers"] or "") for one in BLOCK.finditer(DOCUMENT)]
CURLS = [number for number, (script, _) in enumerate(BLOCKS) if "curl -" in script]
COMMANDS = [number for number in range(len(BLOCKS)) if number not in CURLS]
PYTHON = re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)[1]
REPORT_ID = "0123456789abcdef0123456789abcdef"
WEBHOOK_ID = "fedcba9876543210fedcba9876543210"
CASE_REF = "SS-2026-000001"
HOOK = "https://hooks.example.org/scamscreen"
OF_THIS_RUN = ("id", "case_ref", "secret")
STREAM_SECONDS, TIMED_OUT = 3, 28
SECONDS = 60

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@dataclass(frozen=True)
class Ran:
    """What came of a block: statuses in order, the standard output, the exit status."""

    statuses: list[str]
    output: str
    ended: int
    errors: str


@pytest.fixture(scope="module")
def runs(closed, tmp_path_factory):
    """What came of every block, one after the other in one folder, as a reader would run them."""
    folder = tmp_path_factory.mktemp("reader")
    Image.new("RGB", (40, 20), "white").save(folder / "photo.jpg")
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "scamscreen"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m serving.cli "$@"\n')
    program.chmod(0o700)
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "SCAMSCREEN_HOME": str(closed.folder / "home"),
        "SCAMSCREEN_URL": closed.url,
        "CURL_HOME": str(folder),
    }
    known = {"https://scamscreen.example": closed.url, HOOK: "http://127.0.0.1:9/"}
    ran = []
    for script, answers in BLOCKS:
        follows = " -N " in script
        if REPORT_ID in script:
            _wait_until_screened(closed.url, folder, known[REPORT_ID])
        _write_curlrc(folder, STREAM_SECONDS if follows else SECONDS)
        done = subprocess.run(
            ["bash", "-e", "-u", "-c", _of_this_run(script, known)],
            cwd=folder,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=2 * SECONDS,
        )
        one = Ran(
            re.findall(r"^HTTP (\d{3})$", done.stderr, re.MULTILINE),
            done.stdout,
            done.returncode,
            done.stderr,
        )
        ran.append(one)
        known |= _named(answers, one)
    return ran


def _of_this_run(script, known):
    for stands_for, real in known.items():
        script = script.replace(stands_for, real)
    return script


def _write_curlrc(folder, seconds):
    """Have every curl say its status where it does not disturb, and end in time."""
    (folder / ".curlrc").write_text(
        f'write-out = "%{{stderr}}HTTP %{{http_code}}\\n"\nmax-time = {seconds}\n'
    )


def _named(answers, ran):
    """Return the ids of this run that those of the page stand for."""
    if REPORT_ID in answers:
        [report] = json.loads(ran.output)["reports"]
        return {REPORT_ID: report["id"], CASE_REF: report["case_ref"]}
    return {WEBHOOK_ID: json.loads(ran.output)["id"]} if WEBHOOK_ID in answers else {}


def _wait_until_screened(url, folder, report_id):
    key = (folder / "desk.curl").read_text().split('"')[1].partition(" ")[2]
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        answer = httpx.get(f"{url}/v1/reports/{report_id}", headers={"Authorization": key}, timeout=SECONDS)
        if answer.json()["work"] != "waiting":
            return
        time.sleep(0.1)
    raise AssertionError("not screened in time")


@needs_curl
@pytest.mark.parametrize("number", CURLS)
def test_a_command_of_the_page_is_answered_as_the_page_says(runs, number):
    script, answers = BLOCKS[number]
    ran = runs[number]

    assert answers, f"the page does not say what this answers: {script}"
    assert ran.statuses == re.findall(r"\*\*(\d{3})\*\*", answers), ran.output + ran.errors
    assert ran.ended == (TIMED_OUT if " -N " in script else 0), ran.errors
    told = ran.output.replace(" ", "")
    for name, value in re.findall(r'"(\w+)": ("[\w.]+"|\d+|null)', answers):
        if name not in OF_THIS_RUN and value != '"..."':
            assert f'"{name}":{value}' in told, f"{name} is not {value} in {ran.output}"
    for kind in re.findall(r"`event: ([\w.]+)`", answers):
        assert f"event: {kind}\n" in ran.output


@needs_curl
@pytest.mark.parametrize("number", COMMANDS)
def test_a_command_on_the_machine_of_the_service_works(runs, number):
    assert runs[number].ended == 0, runs[number].errors


@needs_curl
def test_a_report_sent_again_is_the_report_that_was_sent(runs):
    same = [
        ran.output
        for (script, _), ran in zip(BLOCKS, runs, strict=True)
        if "@call-17.json" in script and ran.statuses == ["202"]
    ]

    assert len(same) == 2
    assert same[0] == same[1]


def test_every_status_of_the_contract_is_explained():
    published = {
        status
        for operations in openapi(create_app())["paths"].values()
        for operation in operations.values()
        for status in operation["responses"]
    }
    rows = re.findall(r"^\| ([\d, ]+) \|", DOCUMENT, re.MULTILINE)

    assert published <= {status for row in rows for status in row.split(", ")}


def test_every_part_is_in_both_languages():
    parts = re.split(r"^##+ ", DOCUMENT, flags=re.MULTILINE)
    prose = [re.sub(r"```.*?```|`[^`]*`", "", part, flags=re.DOTALL) for part in parts]

    for part in prose:
        assert len(re.findall("[ก-๙]", part)) > 60, part.splitlines()[0]
        assert len(re.findall("[A-Za-z]", part)) > 60, part.splitlines()[0]


def test_the_python_of_the_page_runs(closed, monkeypatch, capsys):
    monkeypatch.setenv("SCAMSCREEN_URL", closed.url)
    monkeypatch.setenv(
        "SCAMSCREEN_KEY", command(closed, "keys", "create", "reader", "--scopes", "report,review")
    )
    before_the_stream, follows, _ = PYTHON.partition("    for event in client.events()")
    assert follows

    exec(before_the_stream, {})  # noqa: S102 (our own page)

    assert re.search(r"^\w+-\d{4}-\d{6} urgent$", capsys.readouterr().out, re.MULTILINE)
