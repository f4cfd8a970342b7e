"""What people say that texts show goes to researchers: of those who agree, without what leads to them."""

import json
from dataclasses import replace

import pytest
from datasets import load_dataset
from sqlalchemy import select

from serving.cli import main
from serving.commands import export_labels
from serving.store.casework import history
from serving.store.casework.changes import Change, Consent, change_report
from serving.store.casework.labellings import LabelSpan
from serving.store.home import default_url
from serving.store.organisations import add_actor
from serving.store.received import bytes_of
from serving.store.screening import findings
from serving.store.screening.findings import Finding, Found
from serving.store.tables import AUDIT
from tests.stored import NOW_MS, accept, incoming, lease, read, write
from tests.test_serving.kept import purge
from training.labelled.dataset import as_source, read_dataset

WORDS = "Somchai pays double, call 081-555-0143 or write to som@mail.example \U0001f4b0 today"
NAMED = (("PERSON", "Somchai"), ("PHONE", "081-555-0143"), ("EMAIL", "som@mail.example"))


@pytest.fixture
def store_url(own_home, monkeypatch):
    monkeypatch.setenv("SCAMSCREEN_HOME", str(own_home))
    return default_url(own_home)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "labels"


def sent(store, actor, words=WORDS, *, research="yes", role="approach", named=NAMED, flags=()):
    """Store a report and screen it; `named` is what the screening finds in it."""
    content, encoding = bytes_of(words)
    agreed = {"consent": {"research": research}}
    [report] = accept(store, actor, replace(incoming(), content=content, encoding=encoding, details=agreed))
    entities = [
        {
            **{"type": code, "start": words.index(text), "end": words.index(text) + len(text), "text": text},
            **{"value": None, "attributes": {}, "party": "unknown", "proba": 0.9, "source": "rule"},
            "reason": "pattern",
        }
        for code, text in named
        if text in words
    ]
    record = json.dumps({"entities": entities}).encode()
    [job] = lease(store)
    found = Found("one", job, Finding(record, "a" * 64, 3, "en", role, flags))
    write(store, lambda c: findings.finish_all(c, store.keyring, actor, [found], now_ms=NOW_MS))
    return report


def label(store, actor, report, labels=("task_scam",), spans=None) -> None:
    change(store, actor, report, Change(labels=labels, spans=spans))


def change(store, actor, report, what) -> None:
    write(
        store,
        lambda c: change_report(c, store.keyring, actor, report.id, what, seen=range(9), now_ms=NOW_MS),
    )


def reviewer(store, actor, name):
    return write(
        store,
        lambda c: add_actor(c, actor.organisation_id, name, kind="person", role="reviewer", now_ms=NOW_MS),
    )


def rows_of(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "texts.jsonl").read_text().splitlines()]


def exported(store) -> list[dict]:
    links = read(store, lambda c: c.execute(select(AUDIT).where(AUDIT.c.action == "labels.exported")).all())
    return [json.loads(link.detail) for link in links]


def test_only_texts_of_those_who_agree_are_written(store, actor, folder, capsys):
    agreed, refused, purged = (sent(store, actor, research=answer) for answer in ("yes", "no", "yes"))
    sent(store, actor)  # nobody has labelled this one
    for report in (agreed, refused, purged):
        label(store, actor, report)
    purge(store, actor, purged)

    assert main(("export-labels", str(folder))) == 0

    assert [row["key"] for row in rows_of(folder)] == [agreed.id]
    said = capsys.readouterr().err
    assert "2 labelled reports are left out without consent" in said
    assert "1 texts" in said
    assert "NOT encrypted" in said
    assert exported(store) == [{"reports": 1, "victim_accounts": 0}]
    assert (folder / "texts.jsonl").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("withdrawn", ["consent", "words"])
def test_what_is_withdrawn_while_texts_are_read_is_not_handed_out(
    store, actor, folder, capsys, monkeypatch, withdrawn
):
    kept, other = (sent(store, actor) for _ in range(2))
    for report in (kept, other):
        label(store, actor, report)

    def withdraw_and_look(one):
        if one.report_id == other.id and withdrawn == "words":
            purge(store, actor, other)
        elif one.report_id == other.id:
            change(store, actor, other, Change(consent=Consent({"research": "no"}, "her", "2026-11-02")))
        return True

    monkeypatch.setattr(export_labels, "can_be_replaced", withdraw_and_look)
    assert main(("export-labels", str(folder))) == 0

    assert [row["key"] for row in rows_of(folder)] == [kept.id]
    assert "1 labelled reports are left out that somebody changed meanwhile" in capsys.readouterr().err
    assert exported(store) == [{"reports": 1, "victim_accounts": 0}]


def test_what_leads_to_people_is_replaced_and_spans_move_with_the_words(store, actor, folder):
    report = sent(store, actor)
    start = WORDS.index("call")
    spans = (
        LabelSpan("task_scam", WORDS.index("double"), WORDS.index("double") + 6),
        LabelSpan("PHONE", start + 5, start + 17),
        LabelSpan("urgency", WORDS.index("today"), len(WORDS)),
    )
    label(store, actor, report, spans=spans)
    main(("export-labels", str(folder)))

    [row] = rows_of(folder)
    marked = {one["code"]: row["text"][one["start"] : one["end"]] for one in row["spans"]}
    assert not any(words in row["text"] for _, words in NAMED)
    assert row["text"].startswith("[PERSON_1] pays double, call 081-555-")
    assert "@mail.example" in row["text"]
    assert marked["task_scam"] == "double"
    assert marked["urgency"] == "today"
    assert marked["PHONE"].startswith("081-555-")
    assert len(marked["PHONE"]) == 12


def test_the_stand_ins_of_two_texts_are_not_the_same(store, actor, folder):
    for _ in range(3):
        label(store, actor, sent(store, actor))
    main(("export-labels", str(folder)))

    assert len({row["text"] for row in rows_of(folder)}) > 1


def test_each_reviewer_counts_once_and_is_not_named(store, actor, folder):
    report = sent(store, actor)
    anna, ben = (reviewer(store, actor, name) for name in ("anna", "ben"))
    label(store, anna, report, ("phishing",))
    label(store, anna, report, ("task_scam", "phishing"))
    label(store, ben, report, ("task_scam",))
    main(("export-labels", str(folder)))

    [row] = rows_of(folder)
    assert (row["labels"]["task_scam"], row["labels"]["phishing"], row["labels"]["extortion"]) == (1, 0.5, 0)
    assert [one["annotator"] for one in row["annotations"]] == ["reviewer 1", "reviewer 2"]
    assert row["annotations"][0]["labels"] == ["task_scam", "phishing"]
    assert "anna" not in (folder / "texts.jsonl").read_text()


@pytest.mark.parametrize(
    ("role", "flags", "labels"),
    [
        ("victim_account", (), ("loss_report",)),
        ("approach", ("person_at_risk",), ("task_scam",)),
        ("approach", (), ("person_at_risk", "task_scam")),
    ],
)
def test_a_victims_account_stays_here_without_a_reason(store, actor, folder, capsys, role, flags, labels):
    report = sent(store, actor, role=role, flags=flags)
    label(store, actor, report, labels)

    assert main(("export-labels", str(folder))) == 0
    assert rows_of(folder) == []
    assert "1 labelled reports are left out that tell of a victim" in capsys.readouterr().err


def test_a_victims_account_leaves_with_a_reason_that_its_history_keeps(store, actor, folder, capsys):
    report = sent(store, actor, role="victim_account")
    label(store, actor, report, ("person_at_risk", "task_scam"))

    assert main(("export-labels", str(folder), "--victim-accounts", "zqxreason, ethics board 7")) == 0

    [row] = rows_of(folder)
    assert (row["labels"]["person_at_risk"], row["labels"]["task_scam"]) == (1, 1)
    entries = read(store, lambda c: history.read(c, store.keyring, actor, report.id))
    assert entries[-1].action == "exported_for_research"
    assert entries[-1].words == {"reason": "zqxreason, ethics board 7"}
    assert exported(store) == [{"reports": 1, "victim_accounts": 1}]
    links = read(store, lambda c: c.execute(select(AUDIT)).all())
    assert "zqxreason" not in str(links) + (folder / "README.md").read_text() + capsys.readouterr().err
    assert "1 of them are victims' accounts" in (folder / "README.md").read_text()
    assert main(("verify",)) == 0


def test_an_empty_reason_is_none(store, actor, folder):
    assert main(("export-labels", str(folder), "--victim-accounts", " ")) == 1
    assert not folder.exists()


def test_a_text_that_was_not_screened_stays_here(store, actor, folder, capsys):
    agreed = {"consent": {"research": "yes"}}
    [report] = accept(store, actor, replace(incoming(), details=agreed))
    label(store, actor, report)
    main(("export-labels", str(folder)))

    assert rows_of(folder) == []
    assert "1 labelled reports are left out that were not screened" in capsys.readouterr().err


def test_training_and_hugging_face_read_what_is_exported(store, actor, folder, tmp_path):
    spans = (LabelSpan("task_scam", 13, 19), LabelSpan("PHONE", 26, 38), LabelSpan("urgency", 70, 75))
    label(store, actor, sent(store, actor), spans=spans)
    label(store, reviewer(store, actor, "ben"), sent(store, actor, "see you at nine"), ())
    main(("export-labels", str(folder)))

    loaded = load_dataset(str(folder), split="train", cache_dir=str(tmp_path / "cache"))
    assert len(loaded) == 2
    dataset = read_dataset(folder)
    lure, harmless = as_source(dataset).read(folder)
    assert (dataset.name, len(dataset.rows)) == ("labels", 2)
    assert (lure.labels, harmless.labels) == ({"task_scam"}, frozenset())
    assert [span.code for span in lure.spans] == ["PHONE", "urgency"]


def test_a_folder_that_is_there_is_not_overwritten(store, folder):
    folder.mkdir()
    (folder / "texts.jsonl").write_text("mine")

    assert main(("export-labels", str(folder))) == 1
    assert (folder / "texts.jsonl").read_text() == "mine"


def test_the_reports_of_one_organisation_can_be_asked_for_alone(store, actor, tmp_path, capsys):
    label(store, actor, sent(store, actor))
    main(("organisations", "add", "other", "--prefix", "OT"))

    assert main(("export-labels", str(tmp_path / "theirs"), "--organisation", "other")) == 0
    assert rows_of(tmp_path / "theirs") == []
    assert main(("export-labels", str(tmp_path / "no"), "--organisation", "nobody")) == 1
