"""What people say that texts show goes to researchers: of those who agree to it, and nobody else's."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from serving.cli import main
from serving.store.casework.changes import Change, change_report
from serving.store.casework.labellings import LabelSpan
from serving.store.home import default_url
from serving.store.received import bytes_of
from serving.store.tables import AUDIT
from tests.stored import NOW_MS, accept, incoming, read, write
from tests.test_serving.kept import purge

TEXT = "they keep our passports \ud83d"


@pytest.fixture
def store_url(own_home, monkeypatch):
    monkeypatch.setenv("SCAMSCREEN_HOME", str(own_home))
    return default_url(own_home)


def sent(words: str, research: str):
    content, encoding = bytes_of(words)
    agreed = {"consent": {"research": research}}
    return replace(incoming(), content=content, encoding=encoding, details=agreed)


def label(store, actor, report, *, spans=None, labels=("task_scam",)) -> None:
    change = Change(labels=labels, spans=spans)
    write(
        store,
        lambda c: change_report(c, store.keyring, actor, report.id, change, seen=range(9), now_ms=NOW_MS),
    )


def test_texts_are_written_as_they_were_labelled_last_if_their_sender_agrees(store, actor, tmp_path, capsys):
    agreed, refused, _unlabelled, purged = accept(
        store, actor, *(sent(f"{TEXT} {answer}", answer) for answer in ("yes", "no", "yes", "yes"))
    )
    for report in (agreed, refused, purged):
        label(store, actor, report, labels=("phishing",))
    label(store, actor, agreed, spans=(LabelSpan("task_scam", 5, 9),))
    purge(store, actor, purged)

    assert main(("export-labels", str(tmp_path / "labels.jsonl"))) == 0

    [line] = (tmp_path / "labels.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["id"], told["text"]) == (agreed.id, f"{TEXT} yes")
    assert (told["labels"], told["spans"]) == (["task_scam"], [["task_scam", 5, 9]])
    assert told["text"][5:9] == "keep"
    assert (tmp_path / "labels.jsonl").stat().st_mode & 0o777 == 0o600
    said = capsys.readouterr().err
    assert "2 labelled reports are left out without consent" in said
    assert "1 texts, NOT encrypted" in said
    link = read(store, lambda c: c.execute(select(AUDIT).where(AUDIT.c.action == "labels.exported")).one())
    assert json.loads(link.detail) == {"reports": 1}


def test_a_file_that_is_there_is_not_overwritten(store, tmp_path):
    (tmp_path / "labels.jsonl").write_text("mine")

    assert main(("export-labels", str(tmp_path / "labels.jsonl"))) == 1
    assert (tmp_path / "labels.jsonl").read_text() == "mine"


def test_the_reports_of_one_organisation_can_be_asked_for_alone(store, actor, tmp_path, capsys):
    [report] = accept(store, actor, sent(TEXT, "yes"))
    label(store, actor, report)
    main(("organisations", "add", "other", "--prefix", "OT"))

    assert main(("export-labels", str(tmp_path / "theirs.jsonl"), "--organisation", "other")) == 0
    assert (tmp_path / "theirs.jsonl").read_text() == ""
    assert main(("export-labels", str(tmp_path / "no.jsonl"), "--organisation", "nobody")) == 1
