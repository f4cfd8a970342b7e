"""The store: nothing is lost or done twice, nobody reads it without its keys, no change goes unseen."""

import asyncio
import os
import threading
from concurrent.futures import Future

import pytest
from sqlalchemy import select, text, update

from models.errors import InputError
from serving.store import audit, intake, report_codes
from serving.store.errors import NotFoundError, ReusedKeyError, SealError
from serving.store.group_writer import GroupWriter, read_in_time
from serving.store.home import default_url, open_store
from serving.store.intake import Incoming, Sending, SendingKey
from serving.store.organisations import local_actors
from serving.store.reading import read_report
from serving.store.screening import work
from serving.store.screening.liveness import bury_all
from serving.store.sealing import new_keyring, read_keyring, with_new_seal, write_keyring
from serving.store.tables import AUDIT, HISTORY, ITEM, ORGANISATION, REPORT, SCREENING
from tests.stored import (
    NOW_MS,
    accept,
    count,
    fail_for_good,
    finish,
    give_up,
    incoming,
    lease,
    lease_again,
    other_actor,
    read,
    write,
)


def test_a_report_comes_back_byte_by_byte(store, actor):
    words = "ช่วยด้วย \ud83d then bytes".encode("utf-8", "surrogatepass") + b"\xff\x00"
    [accepted] = accept(store, actor, Incoming(**{**fields(incoming()), "content": words}))

    stored = read(store, lambda c: read_report(c, store.keyring, actor, accepted.id))

    assert stored.content == words
    assert stored.size == len(words)
    assert b"umbrella" in stored.details


def fields(one: Incoming) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_case_numbers_count_up_year_by_year_without_a_gap(store, actor):
    first = accept(store, actor, incoming(), incoming())
    [after] = accept(store, actor)

    assert [one.case_ref for one in (*first, after)] == ["SS-2026-000001", "SS-2026-000002", "SS-2026-000003"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_no_word_of_a_report_stands_in_the_files_of_the_store(store, actor, tmp_path):
    [accepted] = accept(store, actor)
    [job] = lease(store)
    finish(store, actor, job)
    store.database.close()

    for path in (tmp_path / "home").iterdir():
        content = path.read_bytes()
        assert b"zqxsentinel" not in content, path.name
        assert b"081-555" not in content, path.name
    assert accepted.case_ref.encode() in (tmp_path / "home" / "store.db").read_bytes()


def test_the_folder_and_the_keys_are_for_their_owner_alone(store, tmp_path):
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "home" / "store.key").stat().st_mode & 0o777 == 0o600


def test_a_store_in_a_folder_of_everybody_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "everybody's"
    folder.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        opened = open_store(default_url(folder), folder / "store.key")
        local = opened.database.write(lambda c: local_actors(c, now_ms=NOW_MS))[0]
        accept(opened, local)
        modes = {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}
        opened.database.close()
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(modes, 0)
    assert {"store.db", "store.db-wal", "store.key"} <= modes.keys()


def test_the_same_key_with_the_same_body_stores_nothing_twice(store, actor):
    key = SendingKey("k1", b"body")
    first = accept(store, actor, key=key)

    assert accept(store, actor, key=key) == first
    assert count(store, REPORT) == 1
    with pytest.raises(ReusedKeyError, match="with another body"):
        accept(store, actor, key=SendingKey("k1", b"another body"))


def test_another_organisation_neither_sees_a_report_nor_its_keys(store, actor):
    [accepted] = accept(store, actor, key=SendingKey("k1", b"body"))
    other = other_actor(store)

    [theirs] = accept(store, other, key=SendingKey("k1", b"another body"))

    assert theirs.case_ref == "OT-2026-000001"
    with pytest.raises(NotFoundError):
        read(store, lambda c: read_report(c, store.keyring, other, accepted.id))


def test_the_first_lane_comes_first_and_then_the_newest_every_other_time(store, actor):
    old = accept(store, actor, incoming(), incoming())
    [urgent] = accept(store, actor, incoming(lane=report_codes.FIRST_LANE))
    new = accept(store, actor, incoming(), incoming())

    assert [job.report_id for job in lease(store, limit=2, newest_first=True)] == [urgent.id]
    assert [job.report_id for job in lease(store, limit=1, newest_first=True)] == [new[1].id]
    assert [job.report_id for job in lease(store, limit=1)] == [old[0].id]
    assert [job.report_id for job in lease(store)] == [old[1].id, new[0].id]
    assert lease(store) == []


def test_who_is_taken_for_dead_comes_too_late_with_what_it_found(store, actor):
    accept(store, actor)
    [job] = lease(store, "dead")
    write(store, bury_all)
    [again] = lease_again(store, "alive")

    assert finish(store, actor, again, "alive")
    assert not finish(store, actor, job, "dead")
    assert count(store, SCREENING) == 1


def test_what_cannot_be_screened_goes_to_a_person_and_is_not_tried_for_ever(store, actor):
    accept(store, actor)
    fail_for_good(store, actor)

    assert lease(store) == lease_again(store) == []
    row = read(store, lambda c: c.execute(select(REPORT)).one())
    assert (row.work, row.priority) == (report_codes.FAILED, report_codes.REVIEW)


def test_everything_done_to_a_report_is_a_link_of_the_audit(store, actor):
    [accepted] = accept(store, actor)
    [job] = lease(store)
    finish(store, actor, job)

    links = read(store, lambda c: c.execute(select(AUDIT).order_by(AUDIT.c.number)).all())
    assert [(link.action, link.subject) for link in links] == [
        ("report.stored", accepted.id),
        ("report.screened", accepted.id),
    ]
    assert count(store, HISTORY) == 1
    assert read(store, lambda c: list(audit.broken_links(c, store.keyring))) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET detail = '{}' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        "UPDATE audit SET at_ms = at_ms + 1 WHERE number = 1",
    ],
)
def test_a_changed_or_missing_link_is_found(store, actor, tampering):
    accept(store, actor, incoming(), incoming(), incoming())
    write(store, lambda c: c.execute(text(tampering)))

    assert len(read(store, lambda c: list(audit.broken_links(c, store.keyring)))) == 1


def test_a_chain_forged_without_the_key_is_found(store, actor):
    accept(store, actor)
    forged = audit.FIRST_DIGEST
    write(store, lambda c: c.execute(update(ORGANISATION).values(audit_serial=0, audit_digest=forged)))

    assert "ends at link 1, not at 0" in read(store, lambda c: next(audit.broken_links(c, store.keyring)))


def test_an_item_changed_by_one_byte_or_put_elsewhere_is_not_read(store, actor):
    first, second = accept(store, actor, incoming("one"), incoming("two"))
    sealed = read(store, lambda c: c.execute(select(ITEM.c.sealed).order_by(ITEM.c.serial)).scalars().all())
    changed = sealed[0][:-1] + bytes([sealed[0][-1] ^ 1])
    write(store, lambda c: c.execute(update(ITEM).where(ITEM.c.serial == 1).values(sealed=changed)))
    write(store, lambda c: c.execute(update(ITEM).where(ITEM.c.serial == 2).values(sealed=sealed[0])))

    for accepted in (first, second):
        with pytest.raises(SealError, match=f"item {accepted.id}"):
            read(store, lambda c, name=accepted.id: read_report(c, store.keyring, actor, name))


def test_a_new_key_seals_and_the_old_ones_still_open(tmp_path):
    old = new_keyring()
    new = with_new_seal(old)
    write_keyring(tmp_path / "key", new)
    read = read_keyring(tmp_path / "key")

    assert read.open(old.seal(b"words", "item 1"), "item 1") == b"words"
    with pytest.raises(SealError):
        old.open(read.seal(b"words", "item 1"), "item 1")
    assert read.derived("tokens") == old.derived("tokens") != old.derived("audit")


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "found none"),
        ("", 0o600, "lacks keys"),
        ("seal 00 AAAA\n", 0o600, "not a whole key file"),
        ("nonsense zqxsecret\n", 0o600, "not a whole key file"),
        ("", 0o644, "can be read by others"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_told_without_quoting_it(tmp_path, content, mode, said):
    path = tmp_path / "key"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)

    with pytest.raises(InputError, match=said) as told:
        read_keyring(path)
    assert "zqxsecret" not in str(told.value)


def test_a_store_whose_keys_are_gone_is_refused_and_gets_no_new_ones(store, store_url, actor, tmp_path):
    accept(store, actor)
    (tmp_path / "home" / "store.key").unlink()

    with pytest.raises(InputError, match="bring it back"):
        open_store(store_url, tmp_path / "home" / "store.key")
    assert not (tmp_path / "home" / "store.key").exists()


def test_a_store_is_refused_with_the_keys_of_another(store, store_url, actor, tmp_path):
    accept(store, actor)
    write_keyring(tmp_path / "home" / "store.key", new_keyring())

    with pytest.raises(InputError, match="not that of this store"):
        open_store(store_url, tmp_path / "home" / "store.key")


def test_a_report_that_was_tampered_with_goes_to_a_person_and_stops_no_other(store, actor):
    accept(store, actor, incoming("one"), incoming("two"))
    write(store, lambda c: c.execute(update(ITEM).where(ITEM.c.serial == 1).values(sealed=b"zqx")))

    assert [job.content for job in lease(store)] == [b"two"]
    give_up(store, actor)
    rows = read(store, lambda c: c.execute(select(REPORT).order_by(REPORT.c.serial)).all())
    assert [(row.work, row.priority) for row in rows] == [
        (report_codes.FAILED, report_codes.REVIEW),
        (report_codes.WAITING, None),
    ]


def test_long_reports_are_taken_alone_and_by_one_of_two_only(store, actor):
    long = "a" * (work.BYTES_AT_ONCE + 1)
    accept(store, actor, incoming(long), incoming(long), incoming("short"))

    assert [job.content for job in lease(store, "one", short_only=True)] == [b"short"]
    assert len(lease(store, "two")) == 1
    assert lease(store, "one", short_only=True) == []
    [urgent] = accept(store, actor, incoming(long, lane=report_codes.FIRST_LANE))
    assert [job.report_id for job in lease(store, "one", short_only=True)] == [urgent.id]


def test_writes_that_wait_share_a_commit_and_one_that_fails_undoes_only_itself(store, actor):
    writer = GroupWriter(store.database)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_) -> None:
        begun.set()
        go_on.wait(5)

    def fails(connection) -> None:
        intake.accept(connection, store.keyring, actor, [incoming()], now_ms=NOW_MS)
        raise ValueError("no")

    writer.submit(slow)
    begun.wait(5)
    kept: list[Future] = [
        writer.submit(lambda c: intake.accept(c, store.keyring, actor, [incoming()], now_ms=NOW_MS))
        for _ in range(5)
    ]
    failed = writer.submit(fails)
    go_on.set()

    assert [future.result(5)[0].case_ref for future in kept] == [f"SS-2026-{n:06}" for n in range(1, 6)]
    with pytest.raises(ValueError, match="no"):
        failed.result(5)
    writer.close()
    assert count(store, REPORT) == 5


def test_of_what_arrives_together_each_sender_is_told_of_its_own(store, actor):
    def sending(key, body, *words):
        return Sending(actor, [incoming(one) for one in words], NOW_MS, SendingKey(key, body))

    def store_all(connection, sendings):
        return intake.accept_all(connection, store.keyring, sendings)

    writer = GroupWriter(store.database)
    go_on = threading.Event()
    writer.submit(lambda _: go_on.wait(10))
    promised = [
        writer.submit_item(store_all, one)
        for one in (
            sending("k1", b"one", "one", "two"),
            sending("k2", b"other", "three"),
            sending("k1", b"one", "one", "two"),
            sending("k1", b"another body", "four"),
        )
    ]
    go_on.set()

    first, second, again = [one.result(20) for one in promised[:3]]
    with pytest.raises(ReusedKeyError):
        promised[3].result(20)
    writer.close()
    assert again == first
    refs = [one.case_ref for one in (*first, *second)]
    assert refs == ["SS-2026-000001", "SS-2026-000002", "SS-2026-000003"]
    words = [
        read(store, lambda c, one=one: read_report(c, store.keyring, actor, one.id)).content for one in first
    ]
    assert words == [b"one", b"two"]
    assert count(store, REPORT) == 3
    assert read(store, lambda c: list(audit.broken_links(c, store.keyring))) == []


def test_a_write_given_up_before_it_is_begun_is_not_made_and_ends_nothing(store, actor):
    writer = GroupWriter(store.database)
    begun, go_on = threading.Event(), threading.Event()

    def slow(_) -> None:
        begun.set()
        go_on.wait(5)

    def report(connection):
        return intake.accept(connection, store.keyring, actor, [incoming()], now_ms=NOW_MS)

    writer.submit(slow)
    begun.wait(5)
    given_up, kept = writer.submit(report), writer.submit(report)
    assert given_up.cancel()
    go_on.set()

    assert kept.result(5)[0].case_ref == "SS-2026-000001"
    writer.close()
    assert count(store, REPORT) == 1


def test_slow_questions_hold_up_neither_who_is_let_in_nor_what_is_stored():
    answers = threading.Event()

    class SlowDatabase:
        def read(self, question):
            assert answers.wait(10)
            return question(None)

    async def asked():
        slow = [asyncio.create_task(read_in_time(SlowDatabase(), lambda _: "slow")) for _ in range(40)]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "quick"), 5)
        finally:
            answers.set()
            assert await asyncio.gather(*slow) == ["slow"] * 40

    assert asyncio.run(asked()) == "quick"
