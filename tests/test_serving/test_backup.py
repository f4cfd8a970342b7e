"""`scamscreen backup` and `scamscreen restore`."""

import sqlite3
import threading

import pytest

from serving import cli
from serving.store.home import default_url, open_store
from serving.store.organisations import local_actors
from serving.store.reading import read_report
from serving.store.sealing import new_keyring, write_keyring
from serving.store.sole_service import SoleService
from serving.store.tables import ITEM, REPORT
from tests.stored import NOW_MS, WORDS, accept, count, incoming, read

pytestmark = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SCAMSCREEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def reopened(home):
    return open_store(default_url(home), home / "store.key")


def test_a_copy_brings_back_what_was_there_and_keeps_what_was_there_before(
    store, actor, home, tmp_path, capsys
):
    [kept] = accept(store, actor)
    assert cli.main(["backup", str(tmp_path / "copy")]) == 0
    assert "NOT in it" in capsys.readouterr().err
    accept(store, actor)
    store.database.close()

    assert cli.main(["restore", str(tmp_path / "copy")]) == 0

    said = capsys.readouterr().err
    restored = reopened(home)
    stored = read(restored, lambda c: read_report(c, restored.keyring, actor, kept.id))
    assert stored.content == WORDS.encode()
    assert count(restored, REPORT) == 1
    restored.database.close()
    [before] = [path for path in home.glob("store.db.before-*") if path.suffix.count("-") == 2]
    assert str(before) in said
    assert "do again what was revoked, held or purged since" in said
    with sqlite3.connect(before) as connection:
        assert connection.execute("SELECT count(*) FROM report").fetchone() == (2,)


def test_a_copy_into_a_folder_that_is_not_there_is_told_so(store, actor, tmp_path, capsys):
    accept(store, actor)

    assert cli.main(["backup", str(tmp_path / "backups" / "today.db")]) == 1
    assert f"{tmp_path / 'backups'} is no folder: make it" in capsys.readouterr().err


def test_a_copy_is_one_file_for_its_owner_that_shows_no_word(store, actor, tmp_path):
    accept(store, actor)
    cli.main(["backup", str(tmp_path / "copy")])

    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert b"zqxsentinel" not in (tmp_path / "copy").read_bytes()


def test_a_copy_made_while_others_write_is_whole(store, actor, tmp_path):
    accept(store, actor, *(incoming("words " * 2_000) for _ in range(100)))
    ends = threading.Event()

    def write_on() -> None:
        while not ends.is_set():
            accept(store, actor, incoming(), incoming())

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        codes = [cli.main(["backup", str(tmp_path / f"copy-{number}")]) for number in range(3)]
    finally:
        ends.set()
        writer.join()

    assert codes == [0, 0, 0]
    for number in range(3):
        with sqlite3.connect(tmp_path / f"copy-{number}") as connection:
            [reports] = connection.execute("SELECT count(*) FROM report").fetchone()
            assert connection.execute("SELECT count(*) FROM item").fetchone() == (reports,)
            assert reports >= 100


def test_nothing_is_restored_over_a_store_that_a_service_works_on(store, actor, home, tmp_path, capsys):
    accept(store, actor)
    cli.main(["backup", str(tmp_path / "copy")])
    accept(store, actor)
    alone = SoleService(store.database)

    assert cli.main(["restore", str(tmp_path / "copy")]) == 1

    alone.close()
    assert "another service works on" in capsys.readouterr().err
    assert count(store, REPORT) == 2
    assert not list(home.glob("*restored*"))


def test_a_copy_that_is_damaged_of_other_keys_or_no_store_is_refused(store, actor, home, tmp_path, capsys):
    accept(store, actor, *(incoming("words " * 2_000) for _ in range(20)))
    cli.main(["backup", str(tmp_path / "copy")])
    content = bytearray((tmp_path / "copy").read_bytes())
    content[5 * 4096 : 6 * 4096] = b"\xff" * 4096
    (tmp_path / "damaged").write_bytes(content)
    (tmp_path / "words").write_text("not a database at all, not at all" * 200)
    with sqlite3.connect(tmp_path / "other") as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")

    for name, said in (
        ("damaged", "damaged"),
        ("words", "damaged"),
        ("other", "another database"),
        ("absent", "found none"),
    ):
        assert cli.main(["restore", str(tmp_path / name)]) == 1
        assert said in capsys.readouterr().err
    write_keyring(home / "store.key", new_keyring())
    assert cli.main(["restore", str(tmp_path / "copy")]) == 1
    assert "not that of this store" in capsys.readouterr().err
    assert count(store, ITEM) == 20


def test_a_copy_never_replaces_a_file(store, tmp_path, capsys):
    (tmp_path / "copy").write_text("mine")

    assert cli.main(["backup", str(tmp_path / "copy")]) == 1
    assert (tmp_path / "copy").read_text() == "mine"
    assert "there already" in capsys.readouterr().err


def test_a_store_can_be_restored_where_there_is_none(store, actor, home, tmp_path):
    accept(store, actor)
    cli.main(["backup", str(tmp_path / "copy")])
    store.database.close()
    for path in home.glob("store.db*"):
        path.unlink()

    assert cli.main(["restore", str(tmp_path / "copy")]) == 0

    restored = reopened(home)
    assert count(restored, REPORT) == 1
    assert restored.database.write(lambda c: local_actors(c, now_ms=NOW_MS))[0] == actor
    restored.database.close()


def test_a_postgresql_is_copied_by_its_own_program(store, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("SCAMSCREEN_STORE", "postgresql://somebody@localhost/reports")

    assert cli.main(["backup", str(tmp_path / "copy")]) == 1
    assert "pg_dump" in capsys.readouterr().err
