"""`scamscreen verify, purge, hold, export-case, store-key`: what who keeps the store sees of it."""

import hashlib
import json
import subprocess

import pytest
from sqlalchemy import delete, select, update

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from serving.cli import main
from serving.clock import DAY_MS
from serving.store.sealing import read_keyring
from serving.store.tables import (
    AUDIT,
    CAMPAIGN,
    HISTORY,
    ITEM,
    ORGANISATION,
    REPORT,
    SCREENING,
    SEARCH_TOKEN,
    SIGNATURE,
    SIGNATURE_BAND,
)
from tests.stored import NOW_MS, read, write
from tests.test_serving.kept import RECORD, WHY, change, found_faults, hold, keep, purge, row_of

WORDS = "zqxsentinel Somchai says call 081-555-0143"


@pytest.fixture(autouse=True)
def environment(store, tmp_path, monkeypatch):
    """The commands find the store of the test."""
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCAMSCREEN_STORE", store.database.writer.url.render_as_string(hide_password=False))
    monkeypatch.delenv("SCAMSCREEN_RETENTION_DAYS", raising=False)
    monkeypatch.setattr("serving.commands.custody.now_ms", lambda: NOW_MS + 31 * DAY_MS)


def test_verify_says_that_all_is_well_or_names_each_fault(store, actor, capsys):
    report = keep(store, actor)
    assert main(["verify"]) == 0
    written = capsys.readouterr()
    assert written.out == ""
    place = store.database.writer.url.render_as_string(hide_password=True)
    assert f"{place}: 1 reports and all that belongs to them are as they were stored" in written.err

    change(store, ITEM, ITEM.c.serial == 1, bytes=1)
    assert main(["verify"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"item 1 (original of {report.case_ref})" in lines[0]
    assert len(lines) == len(found_faults(store))


def test_a_note_kept_elsewhere_tells_an_older_copy_and_an_audit_that_was_cut_short(
    store, actor, tmp_path, capsys
):
    note = tmp_path / "elsewhere.note"
    kept = keep(store, actor)
    assert main(["verify", "--note", str(note)]) == 0
    before = read(store, lambda c: c.execute(select(ORGANISATION)).mappings().one())
    lost = keep(store, actor, "another")
    assert main(["verify", "--note", str(note)]) == 0
    assert note.read_text().startswith("SS ")

    def cut_short(connection):  # by who has the database and no key
        serial = select(REPORT.c.serial).where(REPORT.c.public_id == lost.id).scalar_subquery()
        connection.execute(update(ITEM).where(ITEM.c.report_serial == serial).values(parent_serial=None))
        for table in (SCREENING, HISTORY, SEARCH_TOKEN, SIGNATURE, SIGNATURE_BAND, ITEM):
            connection.execute(delete(table).where(table.c.report_serial == serial))
        connection.execute(delete(CAMPAIGN).where(CAMPAIGN.c.original_serial == serial))
        connection.execute(delete(REPORT).where(REPORT.c.public_id == lost.id))
        connection.execute(delete(AUDIT).where(AUDIT.c.number > before["audit_serial"]))
        connection.execute(update(ORGANISATION).values(dict(before)))

    write(store, cut_short)
    assert main(["verify"]) == 0
    assert row_of(store, kept) is not None
    capsys.readouterr()

    assert main(["verify", "--note", str(note)]) == 1
    assert "audit of SS: link" in capsys.readouterr().out


def test_a_folder_without_a_store_is_told_and_no_store_is_begun_in_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "elsewhere"))

    assert main(["verify"]) == 1
    said = capsys.readouterr().err
    assert "set SCAMSCREEN_HOME to the folder of the store" in said
    assert "bring its copy back" in said
    assert not (tmp_path / "elsewhere").exists()


def test_purge_by_age_counts_first_if_asked_and_then_purges(store, actor, capsys):
    reports = [keep(store, actor) for _ in range(20)]
    held = keep(store, actor)
    hold(store, actor, held)

    assert main(["purge", "--older-than", "30", "--dry-run"]) == 0
    assert "would purge 20 reports stored over 30 days before 2026-10-22" in capsys.readouterr().err
    assert row_of(store, reports[0]).purged_ms is None

    assert main(["purge", "--older-than", "30"]) == 0
    assert "purged 20 reports" in capsys.readouterr().err
    assert all(row_of(store, report).purged_ms for report in reports)
    assert row_of(store, held).purged_ms is None


def test_purge_takes_its_days_from_the_setting_and_does_nothing_without(store, actor, monkeypatch, capsys):
    report = keep(store, actor)
    assert main(["purge"]) == 1
    assert "SCAMSCREEN_RETENTION_DAYS is not set" in capsys.readouterr().err

    monkeypatch.setenv("SCAMSCREEN_RETENTION_DAYS", "32")
    assert main(["purge"]) == 0
    assert row_of(store, report).purged_ms is None
    monkeypatch.setenv("SCAMSCREEN_RETENTION_DAYS", "30")
    assert main(["purge"]) == 0
    assert row_of(store, report).purged_ms is not None


def test_purge_of_one_report_wants_a_reason_and_heeds_a_hold(store, actor, capsys):
    report = keep(store, actor)
    assert main(["purge", "--report", report.case_ref]) == 1
    number = hold(store, actor, report)
    arguments = ["purge", "--report", report.case_ref, "--reason", "zqxsentinel asked"]
    assert main(arguments) == 1
    assert "legal hold" in capsys.readouterr().err

    assert main(["hold", "release", str(number)]) == 0
    assert main([*arguments, "--dry-run"]) == 0
    assert row_of(store, report).purged_ms is None
    assert main(arguments) == 0
    assert row_of(store, report).purged_ms is not None
    assert "zqxsentinel" not in capsys.readouterr().err


def test_holds_are_added_listed_and_released(store, actor, capsys):
    report = keep(store, actor)
    assert main(["hold", "add", report.case_ref, "--why", WHY, "--until", "2027-12-31"]) == 0
    number = capsys.readouterr().out.strip()
    assert main(["hold", "list"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.split("\t")[:2] == [number, report.case_ref]
    assert "until 2028-01-01" in line
    assert WHY in line

    assert main(["hold", "release", number]) == 0
    assert main(["hold", "list"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["hold", "release", number]) == 1
    assert main(["hold", "add", "SS-2026-999999", "--why", WHY]) == 1
    assert "there is no such report" in capsys.readouterr().err


def test_a_case_is_exported_whole_and_sha256sum_agrees(store, actor, tmp_path, capsys):
    report = keep(store, actor, WORDS)
    hold(store, actor, report)
    folder = tmp_path / "case"

    assert main(["export-case", report.case_ref, str(folder)]) == 0

    names = {path.name for path in folder.iterdir()}
    assert (folder / "original-1.txt").read_text() == WORDS
    assert (folder / "screening-1.json").read_bytes() == RECORD
    assert "Somchai" not in (folder / "redacted-3.txt").read_text()
    envelope = json.loads((folder / "envelope.json").read_text())
    assert envelope["case_ref"] == report.case_ref
    assert "umbrella" in envelope["details"]["code_word"]
    history = json.loads((folder / "history.json").read_text())
    assert [step["action"] for step in history] == ["stored", "noted"]
    assert history[1]["words"] == {"note": "zqxsentinel rang back"}
    proofs = json.loads((folder / "custody.json").read_text())
    assert [link["action"] for link in proofs["audit"]] == [
        "report.stored",
        "report.screened",
        "report.noted",
        "hold.placed",
    ]
    assert proofs["holds"][0]["why"] == WHY
    disclaimer = (folder / "DISCLAIMER.txt").read_text()
    assert DISCLAIMER_EN in disclaimer
    assert DISCLAIMER_TH in disclaimer
    checked = subprocess.run(
        ["sha256sum", "-c", "manifest.sha256"], check=False, cwd=folder, capture_output=True, text=True
    )
    assert checked.returncode == 0
    assert {line.split(":")[0] for line in checked.stdout.splitlines()} == names - {"manifest.sha256"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    said = capsys.readouterr().err
    assert f"in {folder}, NOT encrypted" in said
    assert DISCLAIMER_EN in said


def test_an_export_is_in_the_audit_with_the_hash_of_its_manifest(store, actor, tmp_path):
    report = keep(store, actor)
    folder = tmp_path / "case"
    assert main(["export-case", report.id, str(folder)]) == 0

    link = read(store, lambda c: c.execute(AUDIT.select().where(AUDIT.c.action == "case.exported")).one())
    sha256 = hashlib.sha256((folder / "manifest.sha256").read_bytes()).hexdigest()
    assert (link.subject, json.loads(link.detail)["manifest_sha256"]) == (report.id, sha256)
    assert found_faults(store) == []


def test_a_folder_that_holds_something_is_not_exported_into(store, actor, tmp_path, capsys):
    report = keep(store, actor)
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "mine.txt").write_text("mine")

    assert main(["export-case", report.case_ref, str(tmp_path / "case")]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "case").iterdir()] == ["mine.txt"]
    assert (
        read(store, lambda c: c.execute(AUDIT.select().where(AUDIT.c.action == "case.exported")).all()) == []
    )


def test_a_purged_case_is_exported_without_words(store, actor, tmp_path):
    report = keep(store, actor)
    purge(store, actor, report)

    assert main(["export-case", report.case_ref, str(tmp_path / "case")]) == 0

    content = b"".join(path.read_bytes() for path in (tmp_path / "case").iterdir())
    assert b"zqxsentinel" not in content
    assert hashlib.sha256(b"zqxsentinel they keep our passports, call 081-555-0143").hexdigest() in (
        content.decode()
    )


def test_a_changed_item_is_not_handed_out(store, actor, tmp_path, capsys):
    report = keep(store, actor)
    change(store, ITEM, ITEM.c.serial == 1, sealed=b"\1" * 40)

    assert main(["export-case", report.case_ref, str(tmp_path / "case")]) == 1
    assert not (tmp_path / "case").exists()
    assert "zqxsentinel" not in capsys.readouterr().err


def test_the_key_is_changed_and_that_is_in_the_audit(store, actor, tmp_path, monkeypatch, capsys):
    keep(store, actor)
    before = read_keyring(tmp_path / "home" / "store.key")
    monkeypatch.setattr("serving.commands.custody.time.sleep", lambda _: None)

    assert main(["store-key", "rotate"]) == 0

    assert "Copy" in capsys.readouterr().err
    assert set(read_keyring(tmp_path / "home" / "store.key").seals).isdisjoint(before.seals)
    assert read(store, lambda c: c.execute(AUDIT.select().where(AUDIT.c.action == "store_key.rotated")).all())
    assert main(["verify"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["purge", "--older-than", "0"], "expected 1 to"),
        (["purge", "--older-than", "soon"], "expected 1 to"),
        (["hold", "add", "SS-2026-000001", "--why", "x", "--until", "tomorrow"], "expected a day"),
        (["hold", "add", "SS-2026-000001"], "--why"),
    ],
)
def test_wrong_arguments_are_told(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_purge_by_age_leaves_what_tells_of_danger(store, actor):
    report = keep(store, actor, priority=0)
    assert main(["purge", "--older-than", "30"]) == 0
    assert row_of(store, report).purged_ms is None
    change(store, REPORT, REPORT.c.public_id == report.id, acknowledged_ms=NOW_MS)
    assert main(["purge", "--older-than", "30"]) == 0
    assert row_of(store, report).purged_ms is not None
