"""A report that brings down whoever screens it: it goes to a person, and nothing else waits for it."""

import multiprocessing
import os
import signal
import time
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

import serving.reports.worker
from serving.reports.ocr import ImageReader
from serving.reports.worker import ReportWorker
from serving.store import report_codes
from serving.store.group_writer import GroupWriter
from serving.store.home import open_store
from serving.store.organisations import local_actors
from serving.store.report_codes import FAILED, FIRST_LANE, IMAGE_LANES, SCREENED, SECOND_LANE
from serving.store.screening import attempts, findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.screening.liveness import bury_all
from serving.store.screening.work import MOST_ATTEMPTS
from serving.store.tables import AUDIT, DELIVERY, HISTORY, REPORT
from serving.store.telling.events import GIVEN_UP
from tests.fakes import FakeScreener
from tests.stored import NOW_MS, accept, fail_for_good, give_up, incoming, lease, lease_again, read, write
from tests.test_serving.live import live_model
from tests.test_serving.test_events import happened, kinds
from tests.test_serving.test_webhooks import add

DEADLY = "zqxdeadly"


def die_of(documents):
    """Screen as the fake does, and be killed by one text, as by a lack of memory."""
    if any(DEADLY in document.text for document in documents):
        os.kill(os.getpid(), signal.SIGKILL)
    return FakeScreener().screen(documents)


def serve(store_url, key_file):
    """Work on a store as a service does, until nothing waits in it."""
    serving.reports.worker.LOOK_AGAIN_SECONDS = 0.01  # in this process alone
    store = open_store(store_url, key_file)
    _, actor = store.database.write(lambda c: local_actors(c, now_ms=NOW_MS))
    store.database.write(bury_all)
    writer = GroupWriter(store.database)
    worker = ReportWorker(writer, store.keyring, live_model(die_of), actor, images=ImageReader())
    waiting = select(func.count()).select_from(REPORT).where(REPORT.c.work == report_codes.WAITING)
    while store.database.read(lambda c: c.execute(waiting).scalar_one()):
        time.sleep(0.01)
    worker.close()
    writer.close()
    store.database.close()


def test_what_kills_its_process_again_and_again_goes_to_a_person_and_all_else_is_screened(
    store, actor, store_url, tmp_path
):
    texts = [*(f"text {number}" for number in range(20)), DEADLY, *(f"more {number}" for number in range(20))]
    accepted = accept(store, actor, *(incoming(one) for one in texts))
    deadly = accepted[texts.index(DEADLY)]
    context = multiprocessing.get_context("forkserver")  # imports everything once
    context.set_forkserver_preload([__name__])
    ends = []
    while not ends or ends[-1] != 0:
        assert len(ends) < 2 * MOST_ATTEMPTS, "it starts again and again"
        process = context.Process(target=serve, args=(store_url, tmp_path / "home" / "store.key"))
        process.start()
        process.join(60)
        ends.append(process.exitcode)

    rows = {row.public_id: row for row in read(store, lambda c: c.execute(select(REPORT)).all())}
    assert [rows[one.id].work for one in accepted if one != deadly] == [SCREENED] * 40
    assert (rows[deadly.id].work, rows[deadly.id].priority) == (FAILED, report_codes.REVIEW)
    assert ends == [-signal.SIGKILL] * MOST_ATTEMPTS + [0]


def test_what_shared_a_batch_with_it_is_tried_again_alone_that_which_was_tried_least_first(store, actor):
    first, second, third = accept(store, actor, incoming("one"), incoming("two"), incoming("three"))
    lease(store, "dead")
    write(store, bury_all)
    [new] = accept(store, actor, incoming("new"))

    assert [job.report_id for job in lease(store)] == [new.id]
    assert [job.report_id for job in lease_again(store, "dead")] == [first.id]
    write(store, bury_all)
    assert [job.report_id for job in lease_again(store)] == [second.id]
    assert [job.report_id for job in lease_again(store)] == [third.id]
    assert [job.report_id for job in lease_again(store)] == [new.id]


def test_a_plea_that_was_tried_before_comes_before_all_else_that_was(store, actor):
    accept(store, actor, incoming("one"))
    [plea] = accept(store, actor, incoming("two", lane=FIRST_LANE))
    for _ in range(2):
        lease(store, "dead")
    write(store, bury_all)

    assert [job.report_id for job in lease_again(store)] == [plea.id]


def test_a_service_that_ends_while_it_screens_counts_no_attempt_against_what_it_held(store, actor):
    accept(store, actor)
    for _ in range(2 * MOST_ATTEMPTS):
        [job] = lease(store)
        write(store, lambda c, job=job: attempts.give_back(c, "one", [job], failed=False))

    assert give_up(store, actor) == []


@pytest.mark.parametrize(
    ("lane", "in_danger", "priority", "told"),
    [
        (SECOND_LANE, False, report_codes.REVIEW, [GIVEN_UP]),
        (FIRST_LANE, False, report_codes.URGENT, [GIVEN_UP, "report.urgent"]),
        (FIRST_LANE, True, report_codes.URGENT, ["report.urgent", GIVEN_UP]),
    ],
)
def test_what_is_given_up_is_told_and_written_down(store, actor, lane, in_danger, priority, told):
    [report] = accept(store, actor, replace(incoming(lane=lane), in_danger=in_danger))
    fail_for_good(store, actor)

    assert kinds(store, actor) == ["report.stored", *told]
    [event] = [one for one in happened(store, actor) if one.kind == GIVEN_UP]
    assert (event.report_id, event.priority) == (report.id, priority)
    row = read(store, lambda c: c.execute(select(REPORT)).one())
    assert (row.work, row.priority, row.queue_rank, row.version) == (FAILED, priority, priority, 2)
    steps = read(store, lambda c: c.execute(select(HISTORY.c.action)).scalars().all())
    assert steps == ["stored", "given_up"]
    links = read(store, lambda c: c.execute(select(AUDIT.c.action)).scalars().all())
    assert links == ["report.stored", "report.given_up"]


def test_who_is_told_by_a_webhook_is_told_of_what_was_given_up_before_all_that_is_not_urgent(store, actor):
    add(store, actor, "https://a.example/")
    accept(store, actor)
    fail_for_good(store, actor)

    rows = read(store, lambda c: c.execute(select(DELIVERY.c.kind, DELIVERY.c.rank)).all())
    assert dict(tuple(row) for row in rows) == {"report.stored": 1, GIVEN_UP: 0}


def test_a_priority_that_a_person_set_stays_if_it_comes_before_review(store, actor):
    accept(store, actor)
    write(store, lambda c: c.execute(update(REPORT).values(priority=1, set_priority=1)))
    fail_for_good(store, actor)

    assert read(store, lambda c: c.execute(select(REPORT.c.priority)).scalar()) == 1


@pytest.mark.parametrize("lane", IMAGE_LANES)
def test_an_image_that_cannot_be_read_is_given_up_and_urgent_if_somebody_may_be_in_danger(store, actor, lane):
    first, _ = IMAGE_LANES
    accept(store, actor, replace(incoming(lane=lane), media_type="image/png"))
    waiting = read(store, lambda c: c.execute(select(REPORT.c.queue_rank)).scalar())
    [job] = write(
        store,
        lambda c: work.lease(c, store.keyring, "one", limit=1, newest_first=False, lanes=IMAGE_LANES),
    )
    failed = Finding(b"{}", "a" * 64, report_codes.REVIEW, "und", "", (), work=FAILED)
    write(
        store,
        lambda c: findings.finish_all(c, store.keyring, actor, [Found("one", job, failed)], now_ms=NOW_MS),
    )

    row = read(store, lambda c: c.execute(select(REPORT)).one())
    rank = report_codes.URGENT if lane == first else report_codes.REVIEW
    assert (waiting, row.work, row.priority) == (rank, FAILED, rank)
    told = ["report.stored", GIVEN_UP, "report.urgent"]
    assert kinds(store, actor) == (told if lane == first else told[:2])
