"""Purging: the words go, also from the files; what proves that they were there stays; a hold stops it."""

import json
import threading

import pytest
from sqlalchemy import func, select

from serving.clock import DAY_MS
from serving.reports.retention import Retention
from serving.store.casework.changes import Change, change_report
from serving.store.custody import purge as purging
from serving.store.custody.clock_check import is_clock_believed
from serving.store.custody.holds import read_holds
from serving.store.custody.purge import count_old, purge_old
from serving.store.custody.sealed_columns import SEALED
from serving.store.errors import HeldError, NotFoundError, StoreError
from serving.store.group_writer import GroupWriter
from serving.store.intake import Accepted
from serving.store.organisations import add_actor, add_organisation
from serving.store.reading import read_report
from serving.store.report_codes import FAILED, WAITING
from serving.store.tables import AUDIT, HISTORY, HOLD, ITEM, PURGE, REPORT, SCREENING, SIGNATURE
from serving.store.telling.events import PURGED
from tests.stored import NOW_MS, accept, count, finish, incoming, lease, read, write
from tests.test_serving.found import reported
from tests.test_serving.kept import WHY, change, found_faults, hold, keep, purge, release, row_of
from tests.test_serving.test_events import happened

LATER_MS = NOW_MS + 31 * DAY_MS
ADVERT = "Work from home, two hundred dollars a day, no papers needed, write to us at once"


def purge_old_ones(store, actor, *, days=30, now_ms=LATER_MS, limit=100) -> int:
    return write(store, lambda c: purge_old(c, store.keyring, actor, days=days, limit=limit, now_ms=now_ms))


def rows(store, table):
    return read(store, lambda c: c.execute(select(table).order_by(table.c.serial)).all())


def sealed_values(store) -> list[bytes]:
    """Return all sealed values that go with their report."""
    return [
        value
        for sealed in SEALED
        if sealed.of_report is not None
        for value in read(store, lambda c, sealed=sealed: c.execute(select(sealed.column)).scalars().all())
        if value is not None
    ]


def test_after_a_purge_no_words_are_left_and_all_that_proves_them_is(store, actor):
    report = keep(store, actor, "zqxsentinel Somchai", priority=1)
    before = rows(store, ITEM)
    number = hold(store, actor, report)
    release(store, actor, number)

    purge(store, actor, report)

    stored = read(store, lambda c: read_report(c, store.keyring, actor, report.id))
    assert (stored.content, stored.details, stored.record) == (None, None, None)
    assert sealed_values(store) == []
    left = ("kind", "sha256", "bytes", "tool", "parent_serial", "stored_ms")
    assert [[getattr(row, name) for name in left] for row in rows(store, ITEM)] == [
        [getattr(row, name) for name in left] for row in before
    ]
    [screening] = rows(store, SCREENING)
    assert (screening.priority, screening.model_sha256) == (1, "a" * 64)
    assert [row.action for row in rows(store, HISTORY)] == ["stored", "noted", "purged"]
    [kept] = rows(store, PURGE)
    assert (kept.at_ms, kept.actor_id, kept.cause) == (NOW_MS, actor.id, "request")
    assert row_of(store, report).purged_ms == NOW_MS
    assert found_faults(store) == []


def test_the_link_of_a_purge_names_what_it_removed_and_no_words(store, actor):
    report = keep(store, actor)
    purge(store, actor, report)

    link = read(store, lambda c: c.execute(select(AUDIT).where(AUDIT.c.action == "report.purged")).one())
    assert link.subject == report.id
    told = json.loads(link.detail)
    assert told["cause"] == "request"
    assert [(one["kind"], one["sha256"]) for one in told["items"]] == [
        (row.kind, row.sha256.hex()) for row in rows(store, ITEM)
    ]
    assert "zqx" not in link.detail


@pytest.mark.parametrize("words", ["zqxsentinel", "zqxsentinel " * 300, "zqxsentinel " * 5_000])
def test_purged_bytes_are_gone_from_the_files_of_the_store(store, actor, tmp_path, words):
    if not store.database.is_sqlite:
        pytest.skip("PostgreSQL keeps them until it vacuums")
    reports = [keep(store, actor, f"{number} {words}") for number in range(12)]
    sealed = sealed_values(store)
    assert any(b"".join(files_of(tmp_path)).find(value) >= 0 for value in sealed)

    for report in reports[::2]:
        purge(store, actor, report)
    assert store.database.empty_log()

    content = b"".join(files_of(tmp_path))
    kept = set(sealed_values(store))
    assert len(kept) == len(sealed) // 2
    for value in sealed:
        pieces = [value[at : at + 16] for at in range(0, len(value) - 16, 4_096)]
        assert all((piece in content) == (value in kept) for piece in pieces)


def files_of(folder):
    return [path.read_bytes() for path in sorted((folder / "home").iterdir()) if path.is_file()]


def test_a_purge_is_told_whether_it_was_asked_for_or_by_age(store, actor):
    asked_for, old = keep(store, actor, priority=1), keep(store, actor)
    purge(store, actor, asked_for)
    purge(store, actor, asked_for)
    purge_old_ones(store, actor)

    told = [(one.report_id, one.priority) for one in happened(store, actor) if one.kind == PURGED]
    assert told == [(asked_for.id, 1), (old.id, 3)]


def test_a_purge_is_done_once_and_twice_is_harmless(store, actor):
    report = keep(store, actor)
    purge(store, actor, report)
    purge(store, actor, report, now_ms=NOW_MS + 1)

    assert row_of(store, report).purged_ms == NOW_MS
    assert len(rows(store, PURGE)) == 1


def test_what_a_purge_by_age_left_and_what_was_written_since_goes_on_request(store, actor):
    report = reported(store, actor, f"{ADVERT} 081-555-0143", flags=("phishing",), role="approach")
    assert purge_old_ones(store, actor) == 1
    note = Change(note="zqxsentinel rang: forget me")
    write(
        store, lambda c: change_report(c, store.keyring, actor, report, note, seen=range(9), now_ms=LATER_MS)
    )
    assert (count(store, SIGNATURE), len(sealed_values(store))) == (1, 1)

    asked_for = Accepted(report, "")
    for later_ms in (LATER_MS + 1, LATER_MS + 2):
        purge(store, actor, asked_for, now_ms=later_ms)

    assert (count(store, SIGNATURE), len(sealed_values(store))) == (0, 0)
    assert row_of(store, asked_for).purged_ms == LATER_MS
    assert [(one.cause, one.at_ms) for one in rows(store, PURGE)] == [
        ("age", LATER_MS),
        ("request", LATER_MS + 1),
    ]
    assert found_faults(store) == []


def test_a_report_that_is_being_screened_when_it_is_purged_gets_no_record(store, actor):
    [report] = accept(store, actor)
    [job] = lease(store)
    purge(store, actor, report)

    assert not finish(store, actor, job)
    assert lease(store) == []
    assert row_of(store, report).work == FAILED
    assert sealed_values(store) == []


def test_nobody_purges_the_report_of_another_organisation(store, actor):
    report = keep(store, actor)
    other_id = write(store, lambda c: add_organisation(c, "other", "OT", now_ms=NOW_MS))
    other = write(store, lambda c: add_actor(c, other_id, "desk", kind="machine", role="desk", now_ms=NOW_MS))

    with pytest.raises(NotFoundError):
        purge(store, other, report)
    with pytest.raises(NotFoundError):
        hold(store, other, report)
    number = hold(store, actor, report)
    with pytest.raises(NotFoundError):
        release(store, other, number, organisation_id=other.organisation_id)
    assert row_of(store, report).purged_ms is None


def test_a_hold_stops_every_purge_until_it_is_released(store, actor):
    report = keep(store, actor)
    number = hold(store, actor, report)

    with pytest.raises(HeldError, match="legal hold"):
        purge(store, actor, report)
    assert purge_old_ones(store, actor) == 0

    release(store, actor, number)
    assert purge_old_ones(store, actor) == 1


def test_a_hold_with_a_last_day_ends_by_itself(store, actor):
    report = keep(store, actor)
    hold(store, actor, report, until_ms=NOW_MS + 1)

    with pytest.raises(HeldError):
        purge(store, actor, report)
    purge(store, actor, report, now_ms=NOW_MS + 1)


def test_of_two_holds_each_is_released_by_itself(store, actor):
    report = keep(store, actor)
    first, second = hold(store, actor, report), hold(store, actor, report)
    release(store, actor, first)

    with pytest.raises(HeldError):
        purge(store, actor, report)
    with pytest.raises(NotFoundError):
        release(store, actor, first)
    listed = read(store, lambda c: read_holds(c, store.keyring, now_ms=NOW_MS))
    assert [(one.number, one.case_ref, one.why) for one in listed] == [(second, report.case_ref, WHY)]


def test_holds_are_in_the_audit_without_their_reasons(store, actor):
    number = hold(store, actor, keep(store, actor))
    release(store, actor, number)

    links = read(store, lambda c: c.execute(select(AUDIT).where(AUDIT.c.action.like("hold.%"))).all())
    assert {link.action for link in links} == {"hold.placed", "hold.released"}
    assert not any("zqx" in link.detail for link in links)
    assert rows(store, HOLD)[0].released_by == actor.id


def test_what_was_purged_cannot_be_held(store, actor):
    report = keep(store, actor)
    purge(store, actor, report)

    with pytest.raises(StoreError, match="was purged"):
        hold(store, actor, report)


def test_only_what_is_old_enough_goes_by_age(store, actor):
    report = keep(store, actor)
    edge = NOW_MS + 30 * DAY_MS

    assert purge_old_ones(store, actor, now_ms=edge) == 0
    assert read(store, lambda c: count_old(c, days=30, now_ms=edge + 1)) == 1
    assert purge_old_ones(store, actor, now_ms=edge + 1) == 1
    assert purge_old_ones(store, actor, now_ms=edge + 1) == 0
    assert row_of(store, report).purged_ms == edge + 1
    assert rows(store, PURGE)[0].cause == "age"


@pytest.mark.parametrize(
    ("values", "goes"),
    [
        ({"priority": 0}, False),
        ({"priority": 0, "acknowledged_ms": NOW_MS}, True),
        ({"priority": 1}, True),
        ({"priority": 3, "in_danger": True}, False),
        ({"priority": 3, "in_danger": True, "acknowledged_ms": NOW_MS}, True),
        ({"work": WAITING}, False),
        ({"work": FAILED, "priority": 2}, True),
        ({"work": FAILED, "priority": None}, False),
    ],
)
def test_nobody_in_danger_is_forgotten_by_age(store, actor, values, goes):
    report = keep(store, actor)
    change(store, REPORT, REPORT.c.public_id == report.id, **values)

    assert purge_old_ones(store, actor) == int(goes)


def test_old_reports_go_a_few_at_a_time_the_oldest_first(store, actor):
    reports = [keep(store, actor) for _ in range(5)]
    for age, report in enumerate(reports):
        change(store, REPORT, REPORT.c.public_id == report.id, stored_ms=NOW_MS - age)

    assert purge_old_ones(store, actor, limit=2) == 2
    assert [row_of(store, report).purged_ms is not None for report in reports] == [False] * 3 + [True] * 2


def test_the_service_purges_by_itself_while_reports_come_in(store, actor, monkeypatch):
    old = [keep(store, actor, f"zqxsentinel {number}") for number in range(20)]
    monkeypatch.setattr("serving.reports.retention.now_ms", lambda: LATER_MS)
    monkeypatch.setattr("serving.reports.retention.PAUSE_SECONDS", 0)
    done = threading.Event()
    monkeypatch.setattr("serving.reports.retention.logger.info", lambda *_: done.set())
    writer = GroupWriter(store.database)

    retention = Retention(store, writer, actor, 30, 90)
    assert done.wait(20)
    [new] = accept(store, actor, incoming("new"))
    retention.close()
    writer.close()

    assert all(row_of(store, report).purged_ms == LATER_MS for report in old)
    assert row_of(store, new).purged_ms is None


def test_a_clock_set_to_the_year_of_another_calendar_removes_nothing(store, actor, monkeypatch):
    report = keep(store, actor)
    in_2569 = NOW_MS + 543 * 365 * DAY_MS
    warned = threading.Event()
    monkeypatch.setattr("serving.reports.retention.now_ms", lambda: in_2569)
    monkeypatch.setattr("serving.reports.retention.logger.warning", lambda *_: warned.set())
    writer = GroupWriter(store.database)

    retention = Retention(store, writer, actor, 30, 90)
    assert warned.wait(20)
    retention.close()
    writer.close()

    assert row_of(store, report).purged_ms is None


@pytest.mark.parametrize(
    ("days", "is_believed"), [(-400, True), (0, True), (0.5, True), (1, True), (31, True), (31.5, False)]
)
def test_a_clock_is_believed_unless_a_month_passed_without_anything(store, actor, days, is_believed):
    keep(store, actor)
    now_ms = NOW_MS + int(days * DAY_MS)

    assert read(store, lambda c: is_clock_believed(c, now_ms=now_ms)) is is_believed


def test_without_a_setting_nothing_goes(store, actor):
    report = keep(store, actor)
    writer = GroupWriter(store.database)

    Retention(store, writer, actor, None, 90).close()
    writer.close()

    assert row_of(store, report).purged_ms is None


def test_a_purge_undone_half_way_leaves_all_as_it_was(store, actor, monkeypatch):
    report = keep(store, actor)
    values = sealed_values(store)

    def fails(*_, **__) -> None:
        raise ValueError("no")

    monkeypatch.setattr(purging.audit, "append", fails)
    with pytest.raises(ValueError, match="no"):
        purge(store, actor, report)

    assert sealed_values(store) == values
    assert read(store, lambda c: c.execute(select(func.count()).select_from(PURGE)).scalar_one()) == 0
