"""What one shift leaves to the next, on both databases: what waits, who is absent, notes signed by two."""

import pytest
from sqlalchemy import select, update

from serving.clock import DAY_MS, HOUR_MS
from serving.store.access.sessions import begin_session
from serving.store.casework.escalations import escalate
from serving.store.casework.handovers import (
    MOST_LISTED,
    empty_old,
    last_notes,
    read_note,
    sign_note,
    write_note,
)
from serving.store.casework.shift import of_absent, returned, unacknowledged, without_information
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.organisations import set_disabled
from serving.store.tables import AUDIT, HANDOVER, REPORT
from tests.stored import NOW_MS, other_actor
from tests.test_serving.cases import HIGH, LOW, URGENT, Case, add_person, another, new_case

WORDS = "zqxsentinel: the girl of case 7 waits for a call at nine"


@pytest.fixture
def case(store) -> Case:
    return new_case(store)


@pytest.fixture
def leaving(case):
    return add_person(case, "Malee")


@pytest.fixture
def arriving(case):
    return add_person(case, "Niran")


def ids(waits) -> list[str]:
    return [one.id for one in waits]


def screened(case, priority) -> None:
    """Have a report be screened, and nothing else that its store holds."""
    of_case = update(REPORT).where(REPORT.c.public_id == case.report_id)
    case.write(lambda c: c.execute(of_case.values(work="screened", priority=priority)))


def written(case, actor, words=WORDS, at_ms=NOW_MS) -> str:
    return case.write(lambda c: write_note(c, case.store.keyring, actor, words, now_ms=at_ms))


def signed(case, actor, note_id, at_ms=NOW_MS + HOUR_MS) -> None:
    case.write(lambda c: sign_note(c, case.store.keyring, actor, note_id, now_ms=at_ms))


def note(case, actor, note_id):
    return case.read(lambda c: read_note(c, case.store.keyring, actor, note_id))


def test_urgent_reports_nobody_acknowledged_are_listed_oldest_first(case):
    screened(case, URGENT)
    second, third, calm = another(case), another(case), another(case)
    for one, priority in ((second, URGENT), (third, URGENT), (calm, HIGH)):
        screened(one, priority)
    second.change(status="acknowledged")

    found = case.read(lambda c: unacknowledged(c, case.person))

    assert ids(found) == [case.report_id, third.report_id]
    assert all(one.is_alone for one in found)


def test_those_that_escalated_are_marked(case):
    screened(case, URGENT)
    later = NOW_MS + HOUR_MS
    case.write(lambda c: escalate(c, case.store.keyring, case.machine, after_ms=60_000, now_ms=later))

    [found] = case.read(lambda c: unacknowledged(c, case.person))

    assert found.has_escalated


def test_referrals_that_came_back_are_listed(case):
    screened(case, HIGH)
    referral_id = case.refer(without_consent="child", reason="a child")
    assert case.read(lambda c: returned(c, case.person)) == []
    case.answer(referral_id, returned=True, reason="not ours")

    assert ids(case.read(lambda c: returned(c, case.person))) == [case.report_id]


def test_what_waits_for_information_longest_comes_first(case):
    second = another(case)
    for one in (case, second):
        screened(one, LOW)
        one.change(status="acknowledged")
    second.change(status="needs_information", now_ms=NOW_MS + HOUR_MS)
    case.change(status="needs_information", now_ms=NOW_MS + 2 * HOUR_MS)

    found = case.read(lambda c: without_information(c, case.person))

    assert [(one.id, one.since_ms) for one in found] == [
        (second.report_id, NOW_MS + HOUR_MS),
        (case.report_id, NOW_MS + 2 * HOUR_MS),
    ]


def test_open_reports_of_who_is_absent_are_listed_with_them(case, leaving, arriving):
    second, third = another(case), another(case)
    for one, name in ((case, "Malee"), (second, "Niran"), (third, "Malee")):
        screened(one, HIGH)
        one.change(assignee=name)
    third.change(status="acknowledged")
    third.change(status="closed")
    case.write(lambda c: begin_session(c, case.store.keyring, arriving, now_ms=NOW_MS))

    [absent] = case.read(lambda c: of_absent(c, case.person, away_since_ms=NOW_MS - HOUR_MS))

    assert (absent.name, absent.is_disabled, absent.seen_ms) == ("Malee", False, None)
    assert ids(absent.reports) == [case.report_id]


def test_who_is_disabled_is_absent_though_they_were_seen(case, leaving):
    screened(case, HIGH)
    case.change(assignee="Malee")
    case.write(lambda c: begin_session(c, case.store.keyring, leaving, now_ms=NOW_MS))
    assert case.read(lambda c: of_absent(c, case.person, away_since_ms=NOW_MS - HOUR_MS)) == []
    case.write(
        lambda c: set_disabled(c, case.store.keyring, leaving, disabled=True, by=case.person, now_ms=NOW_MS)
    )

    [absent] = case.read(lambda c: of_absent(c, case.person, away_since_ms=NOW_MS - HOUR_MS))

    assert (absent.is_disabled, absent.seen_ms) == (True, NOW_MS)


def test_nothing_of_another_organisation_is_listed(case):
    screened(case, URGENT)
    other = other_actor(case.store)

    assert case.read(lambda c: unacknowledged(c, other)) == []
    assert case.read(lambda c: of_absent(c, other, away_since_ms=NOW_MS)) == []


def test_a_note_is_signed_by_who_leaves_and_by_who_arrives(case, leaving, arriving):
    note_id = written(case, leaving)
    signed(case, arriving, note_id)

    found = note(case, case.person, note_id)

    assert found.words == WORDS
    assert (found.handover.left.name, found.handover.left.at_ms) == ("Malee", NOW_MS)
    assert (found.handover.arrived.name, found.handover.arrived.at_ms) == ("Niran", NOW_MS + HOUR_MS)


def test_nobody_signs_both_ends_and_nobody_signs_after_another(case, leaving, arriving):
    note_id = written(case, leaving)

    with pytest.raises(RefusedChangeError, match="somebody else"):
        signed(case, leaving, note_id)
    signed(case, arriving, note_id)
    with pytest.raises(RefusedChangeError, match="already"):
        signed(case, case.person, note_id)

    assert note(case, case.person, note_id).handover.arrived.name == "Niran"


def test_both_signatures_stand_in_the_audit_with_the_same_words(case, leaving, arriving):
    note_id = written(case, leaving)
    signed(case, arriving, note_id)

    links = case.read(lambda c: c.execute(select(AUDIT).where(AUDIT.c.subject == note_id)).all())

    assert [(link.action, link.actor_id) for link in links] == [
        ("handover.written", leaving.id),
        ("handover.taken", arriving.id),
    ]
    assert links[0].detail == links[1].detail
    assert "zqxsentinel" not in links[0].detail


def test_the_words_of_a_note_are_sealed(case, leaving):
    written(case, leaving)

    sealed = case.read(lambda c: c.execute(select(HANDOVER.c.sealed)).scalar_one())

    assert b"zqxsentinel" not in sealed


def test_another_organisation_neither_reads_nor_signs_a_note(case, leaving):
    note_id = written(case, leaving)
    other = other_actor(case.store)

    with pytest.raises(NotFoundError):
        note(case, other, note_id)
    with pytest.raises(NotFoundError):
        signed(case, other, note_id)
    assert case.read(lambda c: last_notes(c, other)) == []


def test_the_notes_of_the_last_shifts_are_listed_newest_first(case, leaving):
    notes = [written(case, leaving, f"shift {number}") for number in range(MOST_LISTED + 2)]

    found = [one.id for one in case.read(lambda c: last_notes(c, case.person))]

    assert found == notes[: -MOST_LISTED - 1 : -1]


def test_words_of_old_notes_go_and_their_signatures_stay(case, leaving, arriving):
    old, young = written(case, leaving), written(case, leaving, at_ms=NOW_MS + 5 * DAY_MS)
    at_ms = NOW_MS + 6 * DAY_MS

    emptied = case.write(lambda c: empty_old(c, case.store.keyring, case.machine, days=3, now_ms=at_ms))

    assert emptied == 1
    assert note(case, case.person, old).words is None
    assert note(case, case.person, old).handover.left.name == "Malee"
    assert note(case, case.person, young).words == WORDS
    with pytest.raises(RefusedChangeError, match="removed"):
        signed(case, arriving, old)
