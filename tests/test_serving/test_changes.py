"""What people change of a report: nothing is overwritten unseen, nothing forgotten, nobody judged."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from sqlalchemy import delete, update

from models.taxonomy import ENTITY_TYPES, INDICATORS, LABELS
from serving.store import audit
from serving.store.casework import history
from serving.store.casework.changes import NOBODY, Change, Consent, change_report
from serving.store.casework.labellings import LabelSpan
from serving.store.casework.states import STATES, next_by_hand
from serving.store.engine import connect
from serving.store.errors import ChangedMeanwhileError, NotFoundError, RefusedChangeError, SealError
from serving.store.group_writer import GroupWriter
from serving.store.organisations import add_actor, add_organisation
from serving.store.reading import read_screenings
from serving.store.report_codes import FIRST_LANE
from serving.store.tables import HISTORY, LABELLING, METADATA, REPORT
from tests.test_serving.cases import (
    HIGH,
    LOW,
    NOW_MS,
    REVIEW,
    TEXT,
    URGENT,
    Case,
    add_person,
    another,
    new_case,
)

ANOTHER_MODEL = "b" * 64
BLOCKED_SECONDS = 0.5


@pytest.fixture
def case(store):
    return new_case(store)


def put(case: Case, **columns):
    case.write(lambda c: c.execute(update(REPORT).values(**columns)))


@pytest.mark.parametrize("before", STATES)
def test_a_report_goes_where_the_table_lets_it_and_nowhere_else(case, before):
    case.screen()
    reached = {before}
    for after in STATES:
        put(case, status=before)
        try:
            case.change(status=after)
        except RefusedChangeError as refused:
            assert f"that is {before} can be set to" in str(refused)
        else:
            reached.add(case.row.status)

    assert reached == {before, *next_by_hand(before)}


def test_the_first_to_look_at_a_report_acknowledges_it_and_nobody_else(case):
    case.change(status="in_review", now_ms=NOW_MS + 1)
    case.change(status="closed", now_ms=NOW_MS + 2)

    assert case.row.acknowledged_ms == NOW_MS + 1


def test_of_two_who_change_the_same_version_one_does_and_the_other_is_told(case):
    case.change(status="acknowledged")

    with pytest.raises(ChangedMeanwhileError):
        case.change(note="mine", seen={1})

    assert case.row.version == 2
    assert [entry.action for entry in case.entries] == ["stored", "changed"]


def test_of_twenty_at_once_one_wins(case, store_url):
    databases = [connect(store_url) for _ in range(4)]
    writers = [GroupWriter(database) for database in databases]
    together = threading.Barrier(20)
    won, lost = [], []

    def change(number: int) -> None:
        together.wait(10)
        wanted = {"by": case.person, "seen": {1}, "note": f"note {number}"}
        try:
            won.append(_through(writers[number % 4], case, **wanted))
        except ChangedMeanwhileError:
            lost.append(number)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    for writer, database in zip(writers, databases, strict=True):
        writer.close()
        database.close()

    assert (won, len(lost)) == ([2], 19)
    assert len(case.entries) == 2


def test_two_processes_that_change_the_same_reports_do_not_wait_for_each_other(case, store_url):
    other = another(case)
    theirs = connect(store_url)
    seen = range(10)

    def change(connection, report_id) -> int:
        note = Change(note="seen")
        return change_report(
            connection, case.store.keyring, case.person, report_id, note, seen=seen, now_ms=NOW_MS
        )

    with ThreadPoolExecutor() as pool, case.store.database.writer.begin() as connection:
        change(connection, case.report_id)
        changed = pool.submit(theirs.write, lambda c: change(c, other.report_id))
        wait([changed], BLOCKED_SECONDS)
        change(connection, other.report_id)
        connection.commit()
        assert changed.result(20) == 3
    theirs.close()


def _through(writer: GroupWriter, case: Case, **wanted) -> int:
    class Through(Case):
        def write(self, change):
            return writer.submit(change).result(10)

    return Through(case.store, case.person, case.machine, case.report_id).change(**wanted)


def test_a_change_of_what_is_so_already_is_none(case):
    case.change(status="acknowledged", safe_to_contact="no")

    assert case.change(status="acknowledged", safe_to_contact="no", assignee=NOBODY) == 2
    assert len(case.entries) == 2


def test_history_tells_all_that_was_done_in_order_and_by_whom(case):
    mali = add_person(case, "mali")
    case.change(status="acknowledged", assignee="mali", by=mali)
    case.change(safe_to_contact="no", note="zqxnote call after dark", by=case.machine)
    case.change(
        status="in_review",
        consent=Consent({"refer": "yes"}, "zqxwho", "2026-09-21T10:00:00+07:00"),
        assignee=NOBODY,
    )

    entries = case.entries
    assert [(entry.version, entry.actor, entry.actor_kind) for entry in entries] == [
        (1, "local", "person"),
        (2, "mali", "person"),
        (3, "service", "machine"),
        (4, "local", "person"),
    ]
    assert entries[1].changes == {
        "status": {"before": "new", "after": "acknowledged"},
        "assignee": {"before": None, "after": "mali"},
    }
    assert entries[2].changes == {"safe_to_contact": {"before": "unknown", "after": "no"}}
    assert entries[2].words == {"note": "zqxnote call after dark"}
    assert entries[3].changes["consent"] == {"before": {"refer": "not_asked"}, "after": {"refer": "yes"}}
    assert entries[3].words == {"consent_by": "zqxwho"}
    assert case.stored.assignee is None
    assert b"zqxwho" in case.stored.details


def test_no_word_of_a_note_a_reason_or_a_referral_stands_in_the_store(case, tmp_path):
    case.screen(URGENT)
    case.change(note="zqxnote", priority=HIGH, reason="zqxreason")
    case.change(consent=Consent({"refer": "no"}, "zqxwho", "2026-09-21T10:00:00+07:00"))
    referral_id = case.refer(without_consent="child", reason="zqxwhy")
    case.answer(referral_id, acknowledged=True, partner_ref="zqxref", outcome="zqxoutcome")
    case.answer(referral_id, returned=True, reason="zqxback")
    rows = case.read(lambda c: [c.execute(table.select()).all() for table in METADATA.sorted_tables])
    case.store.database.close()

    assert "zqx" not in str(rows)
    for path in (tmp_path / "home").iterdir():
        assert b"zqx" not in path.read_bytes(), path.name


@pytest.mark.parametrize(
    "tampering",
    [
        update(HISTORY).where(HISTORY.c.version == 2).values(changes="{}"),
        update(HISTORY).where(HISTORY.c.version == 3).values(sealed=None),
        delete(HISTORY).where(HISTORY.c.version == 2),
        update(HISTORY).where(HISTORY.c.version == 2).values(version=4),
    ],
)
def test_a_step_that_was_changed_or_taken_out_is_found(case, tampering):
    case.change(status="acknowledged")
    case.change(note="a note")
    assert case.read(lambda c: list(history.altered(c, case.store.keyring))) == []

    case.write(lambda c: c.execute(tampering))

    [found] = case.read(lambda c: list(history.altered(c, case.store.keyring)))
    assert case.report_id in found


def test_a_note_put_into_another_step_is_not_read(case):
    case.change(note="one")
    case.change(note="two")
    other = case.read(lambda c: c.execute(HISTORY.select().where(HISTORY.c.version == 2)).one().sealed)
    case.write(lambda c: c.execute(update(HISTORY).where(HISTORY.c.version == 3).values(sealed=other)))

    with pytest.raises(SealError):
        _ = case.entries


def test_each_change_is_one_link_of_the_audit_that_still_holds(case):
    case.change(status="acknowledged")
    case.change(note="a note")

    assert case.read(lambda c: list(audit.broken_links(c, case.store.keyring))) == []
    links = case.read(lambda c: c.execute(audit.AUDIT.select().order_by(audit.AUDIT.c.number)).all())
    assert [link.action for link in links] == ["report.stored", "report.changed", "report.changed"]
    assert "note" not in links[2].detail


def test_another_organisation_can_neither_change_a_report_nor_read_its_past(case):
    organisation_id = case.write(lambda c: add_organisation(c, "other", "OT", now_ms=NOW_MS))
    other = case.write(
        lambda c: add_actor(c, organisation_id, "desk", kind="person", role="desk", now_ms=NOW_MS)
    )
    keyring = case.store.keyring

    with pytest.raises(NotFoundError):
        case.change(status="acknowledged", by=other)
    with pytest.raises(NotFoundError):
        case.read(lambda c: history.read(c, keyring, other, case.report_id))
    with pytest.raises(NotFoundError):
        case.read(lambda c: read_screenings(c, keyring, other, case.report_id))
    assert case.row.status == "new"


def test_a_person_raises_a_priority_and_no_screening_lowers_it_again(case):
    case.screen(LOW)
    case.change(priority=HIGH)
    case.screen(REVIEW, model_sha256=ANOTHER_MODEL)
    assert case.row.priority == HIGH

    case.screen(URGENT, model_sha256="c" * 64)
    assert case.row.priority == URGENT


def test_what_a_person_set_before_the_first_screening_stays_too(case):
    case.change(priority=URGENT)
    case.screen(LOW)

    assert case.row.priority == URGENT


def test_an_urgent_report_is_lowered_only_with_a_reason(case):
    case.screen(URGENT)
    for reason in (None, "", "  "):
        with pytest.raises(RefusedChangeError, match="say why"):
            case.change(priority=LOW, reason=reason)

    case.change(priority=REVIEW, reason="she is at home")
    assert case.row.priority == REVIEW
    assert case.entries[-1].changes == {"priority": {"before": "urgent", "after": "review"}}
    assert case.entries[-1].words == {"reason": "she is at home"}


def test_what_its_sender_called_dangerous_is_lowered_only_by_a_person_with_a_reason_screened_or_not(store):
    case = new_case(store, lane=FIRST_LANE, in_danger=True)
    with pytest.raises(RefusedChangeError, match="only a person"):
        case.change(priority=LOW, reason="no need", by=case.machine)
    with pytest.raises(RefusedChangeError, match="say why"):
        case.change(priority=LOW)

    case.screen(LOW)
    assert case.row.priority == URGENT
    with pytest.raises(RefusedChangeError, match="say why"):
        case.change(priority=LOW)

    case.change(priority=REVIEW, reason="she is at home")
    case.screen(LOW, model_sha256=ANOTHER_MODEL)
    assert case.row.priority == REVIEW


def test_a_program_raises_a_priority_but_never_lowers_one(case):
    case.screen(REVIEW)
    case.change(priority=HIGH, by=case.machine)
    assert case.row.priority == HIGH

    with pytest.raises(RefusedChangeError, match="only a person"):
        case.change(priority=LOW, reason="no need", by=case.machine)


def test_what_seems_urgent_and_is_not_screened_yet_is_lowered_by_no_program_and_not_without_a_reason(store):
    case = new_case(store, lane=FIRST_LANE)
    with pytest.raises(RefusedChangeError, match="only a person"):
        case.change(priority=LOW, reason="no need", by=case.machine)
    with pytest.raises(RefusedChangeError, match="say why"):
        case.change(priority=LOW)

    case.change(priority=LOW, reason="she is here with us")
    assert case.row.priority == LOW


def test_whoever_says_that_somebody_is_at_risk_makes_a_report_urgent(case):
    case.screen(LOW)
    case.change(labels=["person_at_risk"])
    assert case.row.priority == URGENT

    case.change(priority=HIGH, reason="she is safe now")
    case.change(labels=["person_at_risk", "loss_report"])
    assert case.row.priority == HIGH


def test_what_a_person_at_risk_was_made_to_do_stays_context(case):
    """Non-punishment: article 14(7) of the ASEAN Convention Against Trafficking in Persons (2015)."""
    case.screen(URGENT, flags=("person_at_risk", "romance_scam"))
    case.change(labels=["romance_scam", "person_at_risk", "trafficking_recruitment", "loss_report"])

    said = case.stored.labelling
    assert said.labels == ("loss_report", "person_at_risk")
    assert said.context_labels == ("trafficking_recruitment", "romance_scam")


def test_corrected_labels_and_spans_are_kept_one_after_the_other_with_who_when_and_of_what(case):
    case.screen(HIGH, flags=("investment_scam",))
    span = LabelSpan("retention_of_identity_documents", 0, TEXT.index(","))
    case.change(labels=["task_scam", "fraudulent_job_offer"], spans=(span,))
    case.change(labels=[])

    first, second = case.read(lambda c: c.execute(LABELLING.select().order_by(LABELLING.c.serial)).all())
    assert first.labels == " fraudulent_job_offer task_scam "
    assert first.spans == f'[["retention_of_identity_documents", 0, {TEXT.index(",")}]]'
    assert (first.model_sha256, first.actor_id, first.at_ms) == ("a" * 64, case.person.id, NOW_MS)
    assert (second.labels.split(), second.spans) == ([], None)
    assert case.entries[-1].changes["labels"] == {
        "before": ["fraudulent_job_offer", "task_scam"],
        "after": [],
    }
    assert case.row.flags == " investment_scam "


def test_agreeing_keeps_the_labels_that_were_agreed_with(case):
    case.screen(HIGH, flags=("investment_scam",))
    case.change(status="in_review")
    case.change(status="labels_agreed")

    assert case.stored.labelling.labels == ("investment_scam",)


def test_nobody_agrees_with_labels_before_there_are_any(case):
    case.change(status="in_review")
    with pytest.raises(RefusedChangeError, match="nothing was screened yet"):
        case.change(status="labels_agreed")


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (0, len(TEXT) + 1), (-1, 3)])
def test_a_span_outside_the_text_is_refused(case, start, end):
    case.screen()
    with pytest.raises(RefusedChangeError, match=f"<= {len(TEXT)}"):
        case.change(spans=(LabelSpan("PERSON", start, end),))
    assert len(case.entries) == 1


def test_spans_count_code_points_of_the_text_as_received(store):
    case = new_case(store, text="ช่วย😀ด้วย")
    case.screen()
    case.change(spans=(LabelSpan("urgency", 4, 9),))
    assert case.stored.labelling.spans == (LabelSpan("urgency", 4, 9),)

    with pytest.raises(RefusedChangeError):
        case.change(spans=(LabelSpan("urgency", 4, 10),))


def test_an_image_has_no_text_for_spans(store):
    case = new_case(store, media_type="image/png", encoding="")
    case.screen()
    with pytest.raises(RefusedChangeError, match="no text"):
        case.change(spans=(LabelSpan("PERSON", 0, 1),))


def test_a_code_means_one_thing_whatever_list_it_is_of():
    codes = (*LABELS, *INDICATORS, *ENTITY_TYPES)
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("name", ["nobody", "service", "gone"])
def test_a_report_is_given_only_to_a_person_who_works_here(case, name):
    gone = add_person(case, "gone")
    case.write(
        lambda c: c.execute(history.ACTOR.update().where(history.ACTOR.c.id == gone.id).values(disabled_ms=1))
    )

    with pytest.raises(RefusedChangeError, match="people list") as told:
        case.change(assignee=name)
    assert name not in str(told.value)


def test_a_change_that_is_refused_in_part_changes_nothing(case):
    case.screen(URGENT)
    with pytest.raises(RefusedChangeError):
        case.change(status="acknowledged", note="seen", priority=LOW)

    assert case.row.status == "new"
    assert len(case.entries) == 1


def test_all_screenings_of_a_report_are_told_oldest_first(case):
    case.screen(LOW, record=b'{"error": {"code": "one"}}')
    case.screen(HIGH, model_sha256=ANOTHER_MODEL, record=b'{"error": {"code": "two"}}')

    told = case.read(lambda c: read_screenings(c, case.store.keyring, case.person, case.report_id))
    assert [(one.model_sha256[0], one.priority) for one in told] == [("a", LOW), ("b", HIGH)]
    assert b"one" in told[0].record
    assert b"two" in told[1].record


def test_the_past_of_one_report_is_not_that_of_another(case):
    other = another(case)
    case.change(note="mine")

    assert [entry.action for entry in other.entries] == ["stored"]
