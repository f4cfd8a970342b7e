"""Several processes on one PostgreSQL: whoever waits for a chain holds nothing that its holder may want."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, select, text

from serving.clock import DAY_MS
from serving.store import audit, intake
from serving.store.casework.changes import Change, change_report
from serving.store.casework.escalations import escalate
from serving.store.casework.referrals import NewReferral, refer
from serving.store.custody.holds import place_hold, release_hold
from serving.store.custody.purge import purge_old, purge_report
from serving.store.group_writer import GroupWriter
from serving.store.home import Store
from serving.store.intake import Accepted, Sending
from serving.store.organisations import Actor, add_actor
from serving.store.report_codes import FIRST_LANE
from serving.store.screening import findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.screening.work import Job
from serving.store.sealing import Keyring
from serving.store.tables import CASE_SERIAL, DELIVERY, HOLD, REPORT, UPLOAD, WEBHOOK
from serving.store.telling import deliveries, webhooks
from serving.store.telling.deliveries import Batch
from serving.store.telling.events import KINDS
from serving.store.uploads import storing
from serving.store.uploads.storing import ReadRow
from serving.store.uploads.upload import Upload
from tests.stored import NOW_MS, accept, finish, incoming, lease, other_actor, read, write
from tests.test_serving.conftest import eventually
from tests.test_serving.test_events import another_service
from tests.test_serving.test_uploads import storing_upload, take

POSTGRESQL_ONLY = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
LATER_MS = NOW_MS + 100 * DAY_MS
LOCKABLE = (REPORT, HOLD, WEBHOOK, DELIVERY, CASE_SERIAL, UPLOAD)
FINDING = Finding(b'{"flags": []}', "a" * 64, 3, "en", "ordinary", ())
ANY_VERSION = range(100)


@dataclass(frozen=True)
class Scene:
    """A store where everything can happen next."""

    store: Store
    actor: Actor
    screened: Accepted
    job: Job
    hold: int
    webhook_id: str
    batch: Batch
    upload: Upload

    @property
    def keyring(self) -> Keyring:
        return self.store.keyring


@pytest.fixture
def scene(store, actor) -> Scene:
    keyring = store.keyring
    new = write(store, lambda c: webhooks.add(c, keyring, actor, "https://a.example/", KINDS, now_ms=NOW_MS))
    screened, held, _ = accept(store, actor, incoming("one"), incoming("two"), incoming("three"))
    *done, job = lease(store)
    for one in done:
        finish(store, actor, one)
    accept(store, actor, incoming("four", lane=FIRST_LANE))
    number = write(
        store,
        lambda c: place_hold(
            c, keyring, actor, held.id, why="why", until_ms=None, now_ms=NOW_MS, organisation_id=None
        ),
    )
    [batch] = write(store, lambda c: deliveries.lease(c, keyring, "one", (), most_webhooks=1, now_ms=NOW_MS))
    upload = storing_upload(store, actor)
    take(store)
    return Scene(store, actor, screened, job, number, new.id, batch, upload)


def referring(c: Connection, scene: Scene) -> object:
    new = NewReferral("an agency", False, "codes", without_consent="child", reason="a child")
    return refer(c, scene.keyring, scene.actor, scene.screened.id, new, seen=ANY_VERSION, now_ms=NOW_MS)


def holding(c: Connection, scene: Scene) -> object:
    name = scene.screened.case_ref
    return place_hold(
        c, scene.keyring, scene.actor, name, why="why", until_ms=None, now_ms=NOW_MS, organisation_id=None
    )


def failing(c: Connection, scene: Scene) -> object:
    return deliveries.failed(
        c,
        scene.keyring,
        "one",
        scene.actor,
        batch=scene.batch,
        delivery=scene.batch.deliveries[0],
        status=500,
        next_ms=None,
        now_ms=NOW_MS,
    )


def going(c: Connection, scene: Scene) -> object:
    return deliveries.gone(
        c,
        scene.keyring,
        "one",
        scene.actor,
        batch=scene.batch,
        delivery=scene.batch.deliveries[0],
        status=410,
        now_ms=NOW_MS,
    )


OF_SCENE: Mapping[str, Callable[[Connection, Scene], object]] = {
    "intake": lambda c, s: intake.accept(c, s.keyring, s.actor, [incoming("more")], now_ms=NOW_MS),
    "screening": lambda c, s: findings.finish_all(
        c, s.keyring, s.actor, [Found("one", s.job, FINDING)], now_ms=NOW_MS
    ),
    "change": lambda c, s: change_report(
        c, s.keyring, s.actor, s.screened.id, Change(note="seen"), seen=ANY_VERSION, now_ms=NOW_MS
    ),
    "referral": referring,
    "hold": holding,
    "release": lambda c, s: release_hold(c, s.keyring, s.actor, s.hold, now_ms=NOW_MS, organisation_id=None),
    "purge": lambda c, s: purge_report(
        c, s.keyring, s.actor, s.screened.id, reason="asked for", now_ms=NOW_MS, organisation_id=None
    ),
    "purge by age": lambda c, s: purge_old(c, s.keyring, s.actor, days=30, limit=8, now_ms=LATER_MS),
    "escalation": lambda c, s: escalate(c, s.keyring, s.actor, after_ms=1, now_ms=LATER_MS),
    "webhook removed": lambda c, s: webhooks.remove(c, s.keyring, s.actor, s.webhook_id, now_ms=NOW_MS),
    "delivery retried": lambda c, s: webhooks.retry(
        c, s.keyring, s.actor, s.webhook_id, s.batch.deliveries[0].id, now_ms=NOW_MS
    ),
    "upload rows": lambda c, s: storing.keep_rows(
        c, s.keyring, s.upload, "one", [ReadRow(1, incoming("a row"))], now_ms=NOW_MS
    ),
    "upload stored": lambda c, s: storing.end_storing(c, s.keyring, s.upload, now_ms=NOW_MS),
    "upload ended": lambda c, s: storing.end_upload(c, s.keyring, s.actor, s.upload, code="", now_ms=NOW_MS),
    "delivery dead": failing,
    "webhook gone": going,
}


@POSTGRESQL_ONLY
@pytest.mark.parametrize("name", OF_SCENE)
def test_whoever_waits_for_a_chain_holds_nothing_that_its_holder_may_want(scene, name):
    theirs = another_service(scene.store)
    with ThreadPoolExecutor() as pool, scene.store.database.writer.begin() as connection:
        audit.take_chain(connection, scene.actor.organisation_id)
        done = pool.submit(theirs.database.write, lambda c: OF_SCENE[name](c, scene))
        wait_until_one_waits(scene.store)
        for table in LOCKABLE:
            connection.execute(select(table).with_for_update(nowait=True)).all()
        connection.commit()
        assert done.result(20) is not False
    theirs.database.close()


def wait_until_one_waits(store: Store) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    eventually(lambda: read(store, lambda c: c.execute(waiting).scalar_one()))


@POSTGRESQL_ONLY
def test_who_stores_rows_of_an_organisation_does_not_wait_for_its_chain(scene):
    """A row that another points at is locked too: not against those who change other columns of it."""
    theirs = another_service(scene.store)
    with ThreadPoolExecutor() as pool, scene.store.database.writer.begin() as connection:
        audit.take_chain(connection, scene.actor.organisation_id)
        added = pool.submit(
            theirs.database.write,
            lambda c: add_actor(
                c, scene.actor.organisation_id, "new", kind="machine", role="desk", now_ms=NOW_MS
            ),
        )
        assert added.result(20)
    theirs.database.close()


@POSTGRESQL_ONLY
def test_groups_of_two_processes_that_take_chains_in_another_order_are_all_written(store, actor):
    other = other_actor(store)
    stores = [store, another_service(store)]
    both_have_one = threading.Barrier(2)
    orders = ([actor, other], [other, actor])
    tried: list[bool] = []

    def stored_for(one: Actor, is_first: bool) -> Callable[[Connection], object]:
        def stored(connection: Connection) -> object:
            accepted = intake.accept(connection, store.keyring, one, [incoming()], now_ms=NOW_MS)
            if is_first and len(tried) < 2:
                tried.append(True)
                both_have_one.wait(20)
            return accepted

        return stored

    writers = [GroupWriter(one.database) for one in stores]
    go_on = threading.Event()
    for writer in writers:
        writer.submit(lambda _: go_on.wait(20))
    promised = [
        writer.submit(stored_for(one, number == 0))
        for writer, order in zip(writers, orders, strict=True)
        for number, one in enumerate(order)
    ]
    go_on.set()
    refs = sorted(one.result(30)[0].case_ref for one in promised)
    for writer in writers:
        writer.close()
    stores[1].database.close()

    assert refs == ["OT-2026-000001", "OT-2026-000002", "SS-2026-000001", "SS-2026-000002"]


@POSTGRESQL_ONLY
def test_what_is_leased_beside_other_writes_is_locked_only_while_it_is_committed(scene):
    [waiting] = accept(scene.store, scene.actor, incoming("five", lane=FIRST_LANE))
    theirs = another_service(scene.store)
    with (
        closing(GroupWriter(theirs.database)) as writer,
        scene.store.database.writer.begin() as connection,
    ):
        audit.take_chain(connection, scene.actor.organisation_id)
        go_on = threading.Event()
        writer.submit(lambda _: go_on.wait(20))
        leased = writer.submit(
            lambda c: work.lease(c, scene.keyring, "two", limit=16, newest_first=False), goes_last=True
        )
        writer.submit(lambda c: c.execute(select(REPORT.c.serial)).all())
        stored = writer.submit_item(
            lambda c, sendings: intake.accept_all(c, scene.keyring, sendings),
            Sending(scene.actor, [incoming("six")], NOW_MS),
        )
        go_on.set()
        wait_until_one_waits(scene.store)
        connection.execute(select(REPORT).with_for_update(nowait=True)).all()
        connection.commit()
        assert stored.result(20)
        assert waiting.id in {job.report_id for job in leased.result(20)}
    theirs.database.close()
