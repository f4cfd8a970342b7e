"""Uploads in the store: rows become reports once, whoever dies meanwhile; files are read sealed."""

import hashlib
import time
import tracemalloc
from collections import defaultdict
from functools import partial
from io import BytesIO
from threading import Event

import pytest
from sqlalchemy import func, select, update

from serving.clock import DAY_MS
from serving.outbound import Outbound
from serving.reports.desk import Desk
from serving.reports.upload_reading import Choice, opened_source, read_rows
from serving.reports.upload_results import Names, results
from serving.store.custody.purge import purge_report
from serving.store.errors import NotFoundError, RefusedChangeError, TooManyError
from serving.store.home import open_store
from serving.store.intake import Incoming
from serving.store.tables import REPORT, UPLOAD, UPLOAD_CHUNK, UPLOAD_ROW
from serving.store.uploads import sending, storing
from serving.store.uploads.forgetting import find_forgotten, forget_names
from serving.store.uploads.results import read_results
from serving.store.uploads.sealed_file import open_upload
from serving.store.uploads.sending import NewFile, begin_upload, keep_chunk, make_ready
from serving.store.uploads.storing import HELD_MS, KEPT_MS, ReadRow
from serving.store.uploads.upload import CHUNK_BYTES, find_upload
from tests.stored import NOW_MS, count, other_actor, read, write
from tests.test_serving.conftest import eventually
from tests.test_serving.live import live_model

CSV = "text\n" + "".join(f"row {number}\n" for number in range(1, 501))
TEXT = Choice("text").to_dict()
NAMES = Names(defaultdict(str), defaultdict(str), str, "")
DEADLINE_SECONDS = 60


@pytest.fixture(autouse=True)
def looks_often(monkeypatch):
    monkeypatch.setattr("serving.reports.uploads._LOOK_SECONDS", 0.05)


def begin(store, actor, content: bytes, name: str = "a.csv"):
    file = NewFile("csv", len(content), hashlib.sha256(content).digest(), name)
    return write(store, lambda c: begin_upload(c, store.keyring, actor, file, is_new=False, now_ms=NOW_MS))


def ready(store, actor, content: bytes, name: str = "a.csv"):
    """Return an upload all of which is there."""
    begun = begin(store, actor, content, name)
    for number in range(-(-len(content) // CHUNK_BYTES)):
        part = content[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
        sent = {"actor": actor, "upload_id": begun.id, "number": number, "content": part}
        write(store, partial(keep_chunk, keyring=store.keyring, **sent))
    write(
        store, lambda c: make_ready(c, store.keyring, actor, found(store, actor, begun.id, c), now_ms=NOW_MS)
    )
    return found(store, actor, begun.id)


def found(store, actor, upload_id, connection=None):
    ask = partial(
        find_upload, keyring=store.keyring, organisation_id=actor.organisation_id, upload_id=upload_id
    )
    return read(store, ask) if connection is None else ask(connection)


def storing_upload(store, actor, content: bytes = CSV.encode()):
    upload = ready(store, actor, content)
    write(store, lambda c: storing.begin_screening(c, store.keyring, actor, upload.id, TEXT, now_ms=NOW_MS))
    return upload


def take(store, holder="one", now_ms=NOW_MS):
    return write(store, lambda c: storing.take_next(c, store.keyring, holder, now_ms=now_ms))


def keep(store, upload, *rows: ReadRow, holder="one") -> bool:
    return write(store, lambda c: storing.keep_rows(c, store.keyring, upload, holder, rows, now_ms=NOW_MS))


def row(number: int) -> ReadRow:
    return ReadRow(number, Incoming(f"row {number}".encode()))


def desk_of(store, seems_urgent=None) -> Desk:
    return Desk(store, live_model(seems_urgent=seems_urgent), outbound=Outbound(allow_private=False))


@pytest.fixture
def again(store_url, tmp_path):
    """Open the same store anew, as often as it is asked for."""
    return lambda: open_store(store_url, tmp_path / "home" / "store.key")


@pytest.mark.parametrize("is_killed", [False, True])
def test_rows_are_stored_once_though_the_service_ended_half_way(
    store, actor, store_url, again, monkeypatch, is_killed
):
    monkeypatch.setattr("serving.reports.uploads.GROUP_ROWS", 20)
    upload = storing_upload(store, actor)
    half_way = Event()
    groups = []

    def slow(texts):
        groups.append(len(texts))
        if len(groups) >= 3:
            half_way.set()
            time.sleep(0.2)
        return [False for _ in texts]

    desk = desk_of(again(), slow)
    assert half_way.wait(DEADLINE_SECONDS)
    desk.close()
    before = found(store, actor, upload.id)
    if is_killed:  # of a file nobody else can hold it, of a server somebody who is late may
        held_ms = 2 * NOW_MS if store.database.is_sqlite else 0
        write(store, lambda c: c.execute(update(UPLOAD).values(held_by="gone", held_ms=held_ms)))
    desk = desk_of(again())
    eventually(lambda: found(store, actor, upload.id).state == "done")
    desk.close()

    assert 0 < before.rows_read < 500
    assert count(store, REPORT) == count(store, UPLOAD_ROW) == 500
    results = read(store, lambda c: read_results(c, store.keyring, upload.serial, after=0, limit=1_000))
    assert [one.text for one in results] == [f"row {number}" for number in range(1, 501)]
    assert found(store, actor, upload.id).rows_screened == 500


def test_what_was_stored_is_not_stored_again(store, actor):
    upload = storing_upload(store, actor)
    take(store)

    assert keep(store, upload, row(1), row(2))
    assert not keep(store, upload, row(1), row(2))
    assert not keep(store, upload, row(4))
    assert keep(store, upload, row(3))
    assert count(store, REPORT) == 3


def test_a_group_that_fails_leaves_no_row_behind(store, actor):
    upload = storing_upload(store, actor)
    take(store)
    broken = ReadRow(2, Incoming(content=None))

    with pytest.raises(TypeError):
        keep(store, upload, row(1), broken)

    assert found(store, actor, upload.id).rows_read == 0
    assert count(store, REPORT) == count(store, UPLOAD_ROW) == 0


def test_one_process_reads_a_file_at_a_time_until_it_is_given_up(store, actor):
    upload = storing_upload(store, actor)

    assert take(store, "one").id == upload.id
    assert take(store, "two") is None
    assert take(store, "one").id == upload.id
    assert take(store, "two", NOW_MS + HELD_MS + 1).id == upload.id
    assert not keep(store, upload, row(1), holder="one")
    write(store, lambda c: storing.let_go(c, "two"))
    assert take(store, "one", NOW_MS + HELD_MS + 1).id == upload.id


def test_a_file_that_was_stopped_keeps_what_is_stored(store, actor):
    upload = storing_upload(store, actor)
    take(store)
    keep(store, upload, row(1))

    write(store, lambda c: storing.end_upload(c, store.keyring, actor, upload, code="", now_ms=NOW_MS))

    assert not keep(store, upload, row(2))
    assert take(store) is None
    told = found(store, actor, upload.id)
    assert (told.state, told.rows_stored) == ("stopped", 1)


def test_what_nobody_had_screened_is_removed_after_three_days(store, actor, again, monkeypatch):
    upload = ready(store, actor, b"text\nforgotten\n")
    later = NOW_MS + KEPT_MS + 1
    assert read(store, lambda c: storing.abandoned(c, now_ms=NOW_MS)) == []
    monkeypatch.setattr("serving.reports.uploads.now_ms", lambda: later)

    desk = desk_of(again())
    eventually(lambda: count(store, UPLOAD_CHUNK) == 0)
    desk.close()

    told = found(store, actor, upload.id)
    assert (told.state, told.code) == ("stopped", "abandoned")


def test_the_name_of_a_file_and_those_of_its_columns_go_with_the_words_of_its_rows(store, actor):
    upload = storing_upload(store, actor)
    take(store)
    keep(store, upload, row(1), row(2))
    waiting = ready(store, actor, b"text\nwaits\n", "waiting.csv")
    later = NOW_MS + 31 * DAY_MS

    def forgotten(days=30, now_ms=later):
        ask = partial(find_forgotten, keyring=store.keyring, days=days, now_ms=now_ms)
        return read(store, ask)

    assert forgotten() == [], "its rows are being stored"
    write(store, lambda c: storing.end_upload(c, store.keyring, actor, upload, code="", now_ms=NOW_MS))
    assert forgotten() == [], "its rows are kept"
    asked = {"reason": "asked", "now_ms": NOW_MS, "organisation_id": None}
    for report_id in read(store, lambda c: c.execute(select(REPORT.c.public_id)).scalars().all()):
        write(store, lambda c, one=report_id: purge_report(c, store.keyring, actor, one, **asked))
    assert forgotten(days=40) == [], "it is not old enough"
    serials = forgotten()
    assert serials == [upload.serial]

    write(
        store,
        lambda c: forget_names(c, store.keyring, actor, serials, days=30, now_ms=later),
    )

    told = found(store, actor, upload.id)
    assert (told.name, told.choice, told.rows_stored) == ("", None, 2)
    assert b"".join(results(store, told, "csv", NAMES, with_words=True)).count(b"purged") == 2
    assert forgotten() == []
    assert found(store, actor, waiting.id).name == "waiting.csv"


def test_a_damaged_chunk_ends_its_file_and_no_other(store, actor, again):
    first, second = storing_upload(store, actor), ready(store, actor, b"text\ngood\n", "b.csv")
    write(
        store,
        lambda c: storing.begin_screening(c, store.keyring, actor, second.id, TEXT, now_ms=NOW_MS + 1),
    )
    of_first = UPLOAD_CHUNK.c.upload_serial == first.serial
    write(store, lambda c: c.execute(update(UPLOAD_CHUNK).where(of_first).values(sealed=b"\x01 changed")))

    desk = desk_of(again())
    eventually(lambda: found(store, actor, second.id).state == "done")
    desk.close()

    assert found(store, actor, first.id).state == "failed"


def test_a_sealed_file_reads_as_the_file_did(store, actor):
    content = b"".join(b"%09d\n" % number for number in range(900_001))
    upload = ready(store, actor, content)

    with open_upload(store, upload) as file:
        assert file.read(25) == content[:25]
        file.seek(-17, 2)
        assert file.read() == content[-17:]
        file.seek(CHUNK_BYTES - 5)
        assert file.read(12) == content[CHUNK_BYTES - 5 : CHUNK_BYTES + 7]
        file.seek(0)
        assert hashlib.file_digest(file, "sha256").digest() == upload.sha256


def test_a_file_of_somebody_else_is_not_there(store, actor):
    upload = ready(store, actor, b"text\nhello\n")
    other = other_actor(store)

    with pytest.raises(NotFoundError):
        found(store, other, upload.id)
    with pytest.raises(NotFoundError):
        write(
            store,
            lambda c: keep_chunk(c, store.keyring, other, upload.id, number=0, content=b"text\nhello\n"),
        )


def test_what_is_not_ready_or_was_begun_is_not_begun(store, actor):
    begun = begin(store, actor, b"text\nhello\n")
    started = storing_upload(store, actor)

    for upload_id in (begun.id, started.id):
        with pytest.raises(RefusedChangeError):
            write(
                store,
                lambda c, upload_id=upload_id: storing.begin_screening(
                    c, store.keyring, actor, upload_id, TEXT, now_ms=NOW_MS
                ),
            )


def test_an_organisation_cannot_fill_the_store_with_files_that_nobody_screens(store, actor, monkeypatch):
    monkeypatch.setattr(sending, "MOST_UNFINISHED", 2)
    for content in (b"text\none\n", b"text\ntwo\n"):
        begin(store, actor, content)

    with pytest.raises(TooManyError):
        begin(store, actor, b"text\nthree\n")
    assert begin(store, actor, b"text\none\n").state == "sending"


def test_counting_ends_an_upload_with_its_last_report(store, actor):
    upload = storing_upload(store, actor)
    take(store)
    keep(store, upload, row(1), ReadRow(2, None, "empty_text", "the row has no text"), row(3))
    write(store, lambda c: storing.end_storing(c, store.keyring, upload, now_ms=NOW_MS))

    assert read(store, lambda c: storing.count_screened(c, upload.serial)) == 0
    write(store, lambda c: storing.note_screened(c, upload.serial, 0, now_ms=NOW_MS))
    assert found(store, actor, upload.id).state == "screening"
    write(store, lambda c: c.execute(update(REPORT).values(work="screened")))
    assert read(store, lambda c: storing.count_screened(c, upload.serial)) == 2
    write(store, lambda c: storing.note_screened(c, upload.serial, 2, now_ms=NOW_MS))
    assert found(store, actor, upload.id).state == "done"


def test_memory_stays_flat_whatever_the_file_holds(store, actor):
    content = b"text\n" + b"".join(b"%s %d\n" % (b"word " * 2_000, number) for number in range(4_000))
    upload = ready(store, actor, content)
    choice = Choice("text")

    tracemalloc.start()
    source = opened_source("csv", lambda: open_upload(store, upload), choice)
    rows = sum(1 for _ in read_rows(source, choice))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(content) > 40_000_000
    assert rows == source.total == 4_000
    assert peak_bytes < 24_000_000


def test_chunks_are_removed_one_by_one(store, actor):
    upload = ready(store, actor, b"text\n" + b"x\n" * 3_000_000)
    write(store, lambda c: storing.end_upload(c, store.keyring, actor, upload, code="", now_ms=NOW_MS))
    left = []
    while (serial := read(store, storing.next_removed)) is not None:
        left.append(count(store, UPLOAD_CHUNK))
        write(store, lambda c, serial=serial: storing.remove_chunk(c, serial))

    assert left == [2, 1, 0]
    assert read(store, lambda c: c.execute(select(func.count()).select_from(UPLOAD_CHUNK)).scalar_one()) == 0


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-20T09:30:00+00:00", "2026-11-20T09:30:00+00:00"),
        ("2026-11-20 09:30", "2026-11-20T09:30:00+07:00"),
        ("2569-11-20", "2026-11-20T00:00:00+07:00"),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_a_time_without_an_offset_is_of_bangkok_and_may_count_buddhist_years(cell, moment):
    content = f"text,when\nhello,{cell}\n".encode()
    choice = Choice("text", received_at="when")

    [(number, read_row)] = read_rows(opened_source("csv", lambda: BytesIO(content), choice), choice)

    received = read_row.report.received_at
    assert number == 1
    assert (received.isoformat() if received else None) == moment


def test_a_column_is_chosen_by_the_name_that_is_shown():
    content = b"a,,a\none,two,three\n"

    for name, text in (("a", "one"), ("column_2", "two"), ("a_2", "three")):
        choice = Choice(name)
        [(_, read_row)] = read_rows(opened_source("csv", lambda: BytesIO(content), choice), choice)
        assert read_row.report.text == text
        assert len(read_row.told["columns"]) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_who_leaves_in_the_middle_of_a_download_leaves_nothing_open(store, actor, form, recwarn):
    upload = storing_upload(store, actor)
    take(store)
    keep(store, upload, *(row(number) for number in range(1, 301)))

    stream = results(store, found(store, actor, upload.id), form, NAMES, with_words=True)
    assert next(stream)
    stream.close()
    del stream

    assert [str(one.message) for one in recwarn] == []
    assert sum(1 for _ in results(store, found(store, actor, upload.id), form, NAMES, with_words=True)) == 3
