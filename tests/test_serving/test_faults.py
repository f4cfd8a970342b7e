"""What may go wrong around the store: it is told, nothing is half stored, and work goes on afterwards."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import serving.service
from benchmarks.postgresql import private_postgresql
from models.errors import InputError
from serving.reports.ocr import ImageReader
from serving.reports.worker import ReportWorker
from serving.store import engine, group_writer, intake
from serving.store.engine import connect
from serving.store.errors import StoreDamagedError, StoreUnavailableError
from serving.store.group_writer import GroupWriter, written
from serving.store.home import Store, check_store, default_url, open_store
from serving.store.organisations import local_actors
from serving.store.sole_service import SoleService
from serving.store.tables import AUDIT, HISTORY, ITEM, REPORT, SCREENING
from tests.fakes import FakeScreener
from tests.stored import NOW_MS, accept, count, incoming, read
from tests.test_serving.conftest import ROOT, eventually, free_port, service_in_process, start_serving
from tests.test_serving.live import live_model

SQLITE_ONLY = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
PAGE_BYTES = 4096


@pytest.fixture(scope="module")
def frail():
    """A PostgreSQL that tests stop and hold up."""
    with private_postgresql() as server:
        yield server


@contextmanager
def working(store: Store, actor, screen=None):
    """A worker of its own on a store, as a service process has one."""
    database = connect(store.database.writer.url.render_as_string(hide_password=False))
    writer = GroupWriter(database)
    worker = ReportWorker(writer, store.keyring, live_model(screen), actor, images=ImageReader())
    try:
        yield worker
    finally:
        worker.close()
        writer.close()
        database.close()


@contextmanager
def held_up(writer: GroupWriter):
    """A writer that is busy until the block ends."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(_) -> None:
        begun.set()
        go_on.wait(10)

    writer.submit(slow)
    begun.wait(10)
    try:
        yield
    finally:
        go_on.set()


def writes(store, actor):
    return lambda connection: intake.accept(connection, store.keyring, actor, [incoming()], now_ms=NOW_MS)


def post(client, text):
    return client.post("/v1/reports", json={"reports": [{"text": text}]})


def test_a_sender_who_gives_up_is_not_written_for_and_stops_nobody(store, actor):
    with closing(GroupWriter(store.database)) as writer:
        with held_up(writer):
            given_up, kept = writer.submit(writes(store, actor)), writer.submit(writes(store, actor))
            assert given_up.cancel()
        assert kept.result(10)
        assert writer.submit(writes(store, actor)).result(10)

    assert count(store, REPORT) == 2


def test_a_write_that_was_only_in_the_way_of_another_is_done_again(store, actor):
    class DeadlockError(Exception):
        sqlstate = "40P01"

    tries = []

    def in_the_way_once(connection):
        tries.append(connection)
        if len(tries) == 1:
            raise OperationalError("", {}, DeadlockError())
        return writes(store, actor)(connection)

    with closing(GroupWriter(store.database)) as writer:
        assert writer.submit(in_the_way_once).result(10)

    assert count(store, REPORT) == 1


def test_whoever_waits_too_long_for_a_slow_database_is_told_to_try_again(store, actor, monkeypatch):
    monkeypatch.setattr(group_writer, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(group_writer, "MOST_WAITING", 1)
    with closing(GroupWriter(store.database)) as writer, held_up(writer):
        with pytest.raises(StoreUnavailableError, match="in time"):
            asyncio.run(written(writer.submit(writes(store, actor))))
        with pytest.raises(StoreUnavailableError, match="too slow"):
            writer.submit(writes(store, actor))

    assert count(store, REPORT) == 0


def test_while_the_database_is_gone_senders_are_told_and_afterwards_all_goes_on(frail, tmp_path):
    with service_in_process(tmp_path / "home", frail.new_database()) as client:
        [kept] = post(client, "slow to be screened").json()["reports"]
        frail.stop()
        refused = [post(client, f"refused {n}") for n in range(2)]
        frail.start()
        eventually(lambda: post(client, "afterwards").status_code == 202)

        for answer in refused:
            assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
            assert int(answer.headers["Retry-After"]) > 0
        eventually(lambda: client.get(f"/v1/reports/{kept['id']}").json()["work"] == "screened")


def test_a_database_that_hangs_holds_no_sender_up_for_ever(frail, tmp_path, monkeypatch):
    monkeypatch.setattr(group_writer, "PATIENCE_SECONDS", 0.5)
    with service_in_process(tmp_path, frail.new_database()) as client:
        assert post(client, "before").status_code == 202
        frail.pause()
        try:
            hung = post(client, "meanwhile")
        finally:
            frail.resume()
        monkeypatch.undo()

        assert hung.json()["code"] == "store_unavailable"
        eventually(lambda: post(client, "afterwards").status_code == 202)


@pytest.mark.parametrize("path", ["/v1/webhooks", "/v1/events", f"/v1/reports/{'0' * 32}"])
def test_a_database_that_hangs_holds_no_reader_up_for_ever(frail, tmp_path, monkeypatch, path):
    monkeypatch.setattr(group_writer, "PATIENCE_SECONDS", 0.5)
    with service_in_process(tmp_path, frail.new_database()) as client:
        frail.pause()
        back = threading.Timer(5.0, frail.resume)
        back.start()
        hung = client.get(path)
        back.cancel()
        frail.resume()

        assert (hung.status_code, hung.json()["code"]) == (503, "store_unavailable")


def test_what_was_found_while_the_database_was_gone_is_kept_and_not_looked_for_again(frail, tmp_path):
    store = open_store(frail.new_database(), tmp_path / "store.key")
    actor, _ = store.database.write(lambda c: local_actors(c, now_ms=NOW_MS))
    accept(store, actor)
    screened = Counter()

    def screen(documents):
        screened.update(document.id for document in documents)
        frail.stop()
        threading.Timer(1.0, frail.start).start()
        return FakeScreener().screen(documents)

    with working(store, actor, screen):
        eventually(lambda: screened)
        time.sleep(1.5)
        eventually(lambda: _answers(store) and count(store, SCREENING) == 1)
    assert list(screened.values()) == [1]
    store.database.close()


def _answers(store) -> bool:
    try:
        count(store, REPORT)
    except StoreUnavailableError:
        return False
    return True


@SQLITE_ONLY
def test_on_a_full_disk_nothing_is_half_stored_and_it_goes_on_once_there_is_room(store, actor):
    accept(store, actor)
    before = {table.name: count(store, table) for table in (REPORT, ITEM, HISTORY, AUDIT)}
    _limit_pages(store, 1)  # SQLite takes as many as there are

    with pytest.raises(StoreUnavailableError, match="its disk is full"):
        accept(store, actor, incoming("small"), incoming("large" * 20_000))
    assert {table.name: count(store, table) for table in (REPORT, ITEM, HISTORY, AUDIT)} == before

    _limit_pages(store, 1_000_000)
    [accepted] = accept(store, actor, incoming("large" * 20_000))
    assert accepted.case_ref == "SS-2026-000002"


@SQLITE_ONLY
def test_whoever_finds_the_store_held_is_told_that_another_program_holds_it(store, actor):
    with closing(sqlite3.connect(store.database.writer.url.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with store.database.writer.connect() as connection:
            connection.connection.cursor().execute("PRAGMA busy_timeout = 1")

        with pytest.raises(StoreUnavailableError, match="another program holds it"):
            accept(store, actor)


def _limit_pages(store, pages):
    with store.database.writer.connect() as connection:
        connection.connection.cursor().execute(f"PRAGMA max_page_count = {pages}")


@SQLITE_ONLY
def test_a_damaged_page_is_found_before_a_service_starts(store, store_url, actor, tmp_path):
    accept(store, actor, *(incoming(f"{n} " * 2_000) for n in range(20)))
    store.database.close()
    file = tmp_path / "home" / "store.db"
    whole = file.read_bytes()
    assert len(whole) > 40 * PAGE_BYTES

    for page in range(1, len(whole) // PAGE_BYTES, 7):
        garbage = b"\xff" * PAGE_BYTES
        file.write_bytes(whole[: page * PAGE_BYTES] + garbage + whole[(page + 1) * PAGE_BYTES :])
        with pytest.raises(StoreDamagedError, match="scamscreen restore"):
            check_store(store_url, tmp_path / "home" / "store.key")
    file.write_bytes(whole)
    check_store(store_url, tmp_path / "home" / "store.key")


@SQLITE_ONLY
def test_the_log_of_sqlite_grows_no_further_than_while_somebody_reads_it(store, actor, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "_MOST_LOG_BYTES", 100_000)
    log = tmp_path / "home" / "store.db-wal"
    with store.database.readers.connect() as reader:
        reader.execute(select(REPORT)).all()
        accept(store, actor, incoming("words " * 50_000))
        store.database.keep_log_short()  # somebody reads it: another time
        assert log.stat().st_size > 100_000

    store.database.keep_log_short()

    assert log.stat().st_size == 0
    assert count(store, REPORT) == 1


def test_two_processes_on_one_store_screen_each_report_once(store, actor):
    seen = Counter()
    lock = threading.Lock()

    def screen(documents):
        with lock:
            seen.update(document.id for document in documents)
        return FakeScreener().screen(documents)

    accept(store, actor, *(incoming(f"text {n}") for n in range(120)))
    with working(store, actor, screen), working(store, actor, screen):
        eventually(lambda: count(store, SCREENING) == 120)

    assert set(seen.values()) == {1}
    found = read(store, lambda c: c.execute(select(REPORT.c.work, REPORT.c.leased_by)).all())
    assert {tuple(row) for row in found} == {("screened", None)}


def test_jumps_of_the_clock_neither_take_a_report_from_its_worker_nor_hold_it(store, actor, monkeypatch):
    clock = iter(range(10**15, 0, -(10**11)))
    monkeypatch.setattr("serving.reports.worker.now_ms", lambda: abs(next(clock)) % 4_000_000_000_000)
    seen = Counter()

    def screen(documents):
        seen.update(document.id for document in documents)
        time.sleep(0.3)
        return FakeScreener().screen(documents)

    accept(store, actor, *(incoming(f"text {n}") for n in range(40)))
    with working(store, actor, screen), working(store, actor, screen):
        eventually(lambda: count(store, SCREENING) == 40)

    assert set(seen.values()) == {1}


@SQLITE_ONLY
def test_a_file_has_one_service_and_is_free_once_that_was_killed(store, tmp_path):
    program = (
        "import sys, time; from serving.store.engine import connect;"
        "from serving.store.sole_service import SoleService;"
        "held = SoleService(connect(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    url = default_url(tmp_path / "home")
    other = subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match="another service works on"):
            SoleService(store.database)
        assert count(store, REPORT) == 0  # to read is allowed
    finally:
        other.kill()
        other.communicate()
    SoleService(store.database).close()


def test_a_second_service_on_the_same_file_ends_with_one_line(server, tmp_path):
    second = start_serving(
        "tests.test_serving.fake_service:ScamScreen",
        free_port(),
        tmp_path,
        {"SCAMSCREEN_OPEN": "1", "SCAMSCREEN_HOME": str(server.folder / "home")},
    )

    assert second.wait(60) != 0
    said = (tmp_path / "stderr").read_text()
    assert "another service works on" in said
    assert "Traceback" not in said


def test_a_report_with_any_body_is_answered_within_the_contract_while_the_disk_is_full(tmp_path):
    with service_in_process(tmp_path / "home", default_url(tmp_path / "home")) as client:
        store = serving.service.APP.state.desk._store
        _limit_pages(store, 1)
        full = client.post(
            "/v1/reports",
            content=json.dumps({"reports": [{"text": "a" * 500_000}]}),
            headers={"Content-Type": "application/json"},
        )
        _limit_pages(store, 1_000_000)

        assert (full.status_code, full.json()["code"]) == (503, "store_unavailable")
        assert "Retry-After" in full.headers
        assert post(client, "afterwards").status_code == 202
