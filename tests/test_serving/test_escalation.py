"""An urgent report that nobody acknowledges escalates: in time, and once."""

import multiprocessing

import pytest

from serving.outbound import Outbound
from serving.reports.desk import Desk
from serving.store import intake, report_codes
from serving.store.casework.escalations import MOST_AT_ONCE, Waiting, count_waiting, escalate
from serving.store.home import open_store
from serving.store.intake import Incoming
from serving.store.organisations import local_actors
from serving.store.report_codes import FIRST_LANE
from serving.store.tables import HISTORY
from tests.stored import fail_for_good
from tests.test_serving.cases import HIGH, LOW, NOW_MS, REVIEW, URGENT, Case, another, incoming, new_case
from tests.test_serving.conftest import eventually
from tests.test_serving.live import live_model

TEN_MINUTES = 10 * 60_000
ESCALATED = "escalated"


@pytest.fixture
def case(store):
    return new_case(store)


def look(case: Case, now_ms=NOW_MS + TEN_MINUTES) -> list[str]:
    return case.write(
        lambda c: escalate(c, case.store.keyring, case.machine, after_ms=TEN_MINUTES, now_ms=now_ms)
    )


def test_an_urgent_report_escalates_after_its_time_once_and_says_so(case):
    case.screen(URGENT)

    assert look(case, NOW_MS + TEN_MINUTES - 1) == []
    assert look(case) == [case.report_id]
    assert look(case, NOW_MS + 10 * TEN_MINUTES) == []
    assert case.row.escalated_ms == NOW_MS + TEN_MINUTES
    assert [(entry.action, entry.actor) for entry in case.entries[1:]] == [(ESCALATED, "service")]


def test_what_somebody_acknowledged_does_not_escalate(case):
    case.screen(URGENT)
    case.change(status="acknowledged")

    assert look(case) == []


@pytest.mark.parametrize("priority", [HIGH, REVIEW])
def test_what_is_not_urgent_does_not_escalate(case, priority):
    case.screen(priority)

    assert look(case) == []


def test_a_report_of_the_first_lane_escalates_though_it_could_not_be_screened(store):
    case = new_case(store, lane=report_codes.FIRST_LANE)
    fail_for_good(case.store, case.machine)
    assert case.row.work == report_codes.FAILED

    assert look(case) == [case.report_id]


def test_a_report_of_the_first_lane_that_was_found_not_to_be_urgent_does_not_escalate(store):
    case = new_case(store, lane=report_codes.FIRST_LANE)
    case.screen(HIGH)

    assert look(case) == []


def test_what_its_sender_calls_dangerous_escalates_whatever_the_screening_finds(store):
    case = new_case(store, lane=FIRST_LANE, in_danger=True)
    case.screen(LOW)

    assert case.row.priority == URGENT
    assert look(case) == [case.report_id]


def test_a_report_that_a_person_makes_urgent_escalates_too(case):
    case.screen(HIGH)
    case.change(priority=URGENT)

    assert look(case) == [case.report_id]


def test_a_clock_that_went_back_does_not_silence_a_report(case):
    case.screen(URGENT)

    assert look(case, NOW_MS - 1) == []
    assert look(case, NOW_MS - 100 * TEN_MINUTES) == [case.report_id]


def test_whoever_acknowledges_a_report_while_it_escalates_is_not_turned_away(case):
    case.screen(URGENT)
    seen = case.row.version
    look(case)

    case.change(status="acknowledged", seen={seen})
    assert case.row.status == "acknowledged"


def test_more_than_fit_into_one_look_escalate_with_the_next(case):
    case.screen(URGENT)
    more: list[Incoming] = [incoming(lane=report_codes.FIRST_LANE)] * MOST_AT_ONCE
    case.write(lambda c: intake.accept(c, case.store.keyring, case.person, more, now_ms=NOW_MS))

    assert [len(look(case)) for _ in range(3)] == [MOST_AT_ONCE, 1, 0]


def _look_from_a_process_of_its_own(store_url, key_file, begin, found):
    store = open_store(store_url, key_file)
    _, actor = store.database.write(lambda c: local_actors(c, now_ms=NOW_MS))
    begin.wait(30)
    for _ in range(20):
        found.put(
            store.database.write(
                lambda c: escalate(c, store.keyring, actor, after_ms=TEN_MINUTES, now_ms=NOW_MS + TEN_MINUTES)
            )
        )
    store.database.close()
    found.put(None)


def test_two_processes_escalate_each_report_once(case, store_url, tmp_path):
    ids = {another(case, lane=report_codes.FIRST_LANE).report_id for _ in range(30)}
    key_file = tmp_path / "home" / "store.key"
    context = multiprocessing.get_context("forkserver")  # imports everything once
    context.set_forkserver_preload([__name__])
    begin, found = context.Event(), context.Queue()
    processes = [
        context.Process(target=_look_from_a_process_of_its_own, args=(store_url, key_file, begin, found))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    begin.set()
    escalated: list[str] = []
    ended = 0
    while ended < 2:
        if (some := found.get(timeout=60)) is None:
            ended += 1
        else:
            escalated += some
    for process in processes:
        process.join(30)

    assert sorted(escalated) == sorted(ids)
    steps = case.read(lambda c: c.execute(HISTORY.select()).all())
    assert sum(step.action == ESCALATED for step in steps) == len(ids)


def test_what_waits_is_counted_until_it_is_screened_or_escalated(case):
    plea = another(case, text="help me", lane=report_codes.FIRST_LANE)
    assert case.read(count_waiting) == Waiting(unscreened=2, unanswered=1)

    plea.screen(URGENT)
    assert case.read(count_waiting) == Waiting(unscreened=1, unanswered=1)

    look(case)
    assert case.read(count_waiting) == Waiting(unscreened=1, unanswered=0)


def test_what_was_found_not_to_be_urgent_is_not_counted_as_urgent(case):
    case.screen(REVIEW)
    assert case.read(count_waiting) == Waiting(unscreened=0, unanswered=0)


def test_the_desk_escalates_by_itself(case, store_url, tmp_path, monkeypatch):
    monkeypatch.setattr("serving.reports.escalation.LOOK_EVERY_SECONDS", 0.01)
    store = open_store(store_url, tmp_path / "home" / "store.key")
    outbound = Outbound(allow_private=False)
    desk = Desk(store, live_model(), outbound=outbound, escalate_minutes=0)
    try:
        plea = another(case, text="help me", lane=report_codes.FIRST_LANE)
        eventually(lambda: plea.row.escalated_ms is not None)
    finally:
        desk.close()

    assert [entry.action for entry in plea.entries] == ["stored", ESCALATED]
