"""What is told of reports, and that it is told if and only if it happened."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update

from serving.store import intake
from serving.store.access.callers import Caller
from serving.store.access.credentials import shut_out
from serving.store.engine import connect
from serving.store.home import Store
from serving.store.intake import Incoming, Sending, SendingKey
from serving.store.organisations import Actor
from serving.store.screening import findings, work
from serving.store.screening.findings import Finding, Found
from serving.store.tables import ACTOR, CREDENTIAL, EVENT
from serving.store.telling import events
from serving.store.telling.events import Happened
from tests.stored import NOW_MS, other_actor


def report_of(*, in_danger=False) -> Incoming:
    return Incoming(
        content=b"zqxsentinel",
        channel="hotline",
        in_danger=in_danger,
    )


def accept(store: Store, actor: Actor, *, in_danger=False, key=None) -> str:
    report = report_of(in_danger=in_danger)
    [accepted] = store.database.write(
        lambda c: intake.accept(c, store.keyring, actor, [report], now_ms=NOW_MS, sending_key=key)
    )
    return accepted.id


def screen(store: Store, actor: Actor, priority: int) -> None:
    def finish(connection) -> None:
        [job] = work.lease(connection, store.keyring, "one", limit=1, newest_first=False)
        finding = Finding(b"{}", "a" * 64, priority, "en", "ordinary", ())
        found = [Found("one", job, finding)]
        assert findings.finish_all(connection, store.keyring, actor, found, now_ms=NOW_MS + 1) == [True]

    store.database.write(finish)


def happened(store: Store, actor: Actor, after=0, limit=100) -> list[events.Event]:
    return store.database.read(lambda c: events.events_after(c, actor.organisation_id, after, limit=limit))


def kinds(store: Store, actor: Actor) -> list[str]:
    return [event.kind for event in happened(store, actor)]


def test_storing_and_screening_a_report_are_told_in_order(store, actor):
    report_id = accept(store, actor)
    screen(store, actor, priority=3)

    first, second = happened(store, actor)
    assert (first.kind, first.report_id, first.priority) == ("report.stored", report_id, None)
    assert (second.kind, second.report_id, second.priority) == ("report.screened", report_id, 3)
    assert first.case_ref == second.case_ref == "SS-2026-000001"


def test_an_urgent_finding_is_told_as_such(store, actor):
    accept(store, actor)
    screen(store, actor, priority=0)

    assert kinds(store, actor) == ["report.stored", "report.screened", "report.urgent"]


def test_what_its_sender_calls_dangerous_is_told_before_it_is_screened_and_once(store, actor):
    accept(store, actor, in_danger=True)
    assert kinds(store, actor) == ["report.stored", "report.urgent"]

    screen(store, actor, priority=0)
    assert kinds(store, actor) == ["report.stored", "report.urgent", "report.screened"]


def test_what_its_sender_calls_dangerous_is_told_as_urgent_whatever_the_screening_finds(store, actor):
    accept(store, actor, in_danger=True)
    screen(store, actor, priority=3)

    assert [(one.kind, one.priority) for one in happened(store, actor)] == [
        ("report.stored", None),
        ("report.urgent", None),
        ("report.screened", 0),
    ]


def test_what_was_stored_and_screened_together_is_told_of_each_by_whoever_did_it(store, actor):
    other = other_actor(store)
    sendings = [
        Sending(actor, [report_of(in_danger=True), report_of()], NOW_MS),
        Sending(other, [report_of()], NOW_MS + 1),
        Sending(actor, [report_of()], NOW_MS + 2),
    ]
    [[said, unsaid], [theirs], [calm]] = store.database.write(
        lambda c: intake.accept_all(c, store.keyring, sendings)
    )

    def finish(connection) -> list[bool]:
        jobs = work.lease(connection, store.keyring, "one", limit=4, newest_first=False)
        priorities = {said.id: 0, unsaid.id: 0, theirs.id: 3, calm.id: 3}
        found = [
            Found("one", job, Finding(b"{}", "a" * 64, priorities[job.report_id], "en", "ordinary", ()))
            for job in jobs
        ]
        return findings.finish_all(connection, store.keyring, actor, found, now_ms=NOW_MS + 3)

    assert store.database.write(finish) == [True] * 4
    assert [(event.kind, event.report_id, event.at_ms - NOW_MS) for event in happened(store, actor)] == [
        ("report.stored", said.id, 0),
        ("report.urgent", said.id, 0),
        ("report.stored", unsaid.id, 0),
        ("report.stored", calm.id, 2),
        ("report.screened", said.id, 3),
        ("report.screened", unsaid.id, 3),
        ("report.urgent", unsaid.id, 3),
        ("report.screened", calm.id, 3),
    ]
    assert [(event.kind, event.report_id, event.at_ms - NOW_MS) for event in happened(store, other)] == [
        ("report.stored", theirs.id, 1),
        ("report.screened", theirs.id, 3),
    ]
    actors = select(EVENT.c.actor_id).where(EVENT.c.kind == "report.stored").order_by(EVENT.c.serial)
    in_turn = store.database.read(lambda c: c.execute(actors).scalars().all())
    assert sorted(in_turn) == sorted([actor.id, actor.id, actor.id, other.id])


def test_what_was_sent_twice_under_one_key_is_told_once(store, actor):
    accept(store, actor, key=SendingKey("k", b"body"))
    accept(store, actor, key=SendingKey("k", b"body"))

    assert kinds(store, actor) == ["report.stored"]


def test_what_was_undone_is_not_told(store, actor):
    def fails(connection) -> None:
        changed = Happened(events.CHANGED, "0" * 32, actor.id, NOW_MS)
        events.record(connection, actor.organisation_id, [changed])
        raise ValueError

    with pytest.raises(ValueError):
        store.database.write(fails)
    assert store.database.read(lambda c: events.newest_serial(c, actor.organisation_id)) == 0


def test_an_organisation_is_told_nothing_of_another(store, actor):
    other = other_actor(store)
    accept(store, actor)
    theirs = accept(store, other)

    assert [event.report_id for event in happened(store, other)] == [theirs]


def test_a_reader_goes_on_where_it_stopped(store, actor):
    ids = [accept(store, actor) for _ in range(5)]
    first = happened(store, actor, limit=2)
    rest = happened(store, actor, after=first[-1].serial)

    assert [event.report_id for event in (*first, *rest)] == ids


def test_what_is_told_names_a_report_and_quotes_nothing(store, actor):
    report_id = accept(store, actor)
    [event] = happened(store, actor)

    said = json.loads(events.told(event.kind, event.report_id, event.case_ref, event.priority, event.at_ms))
    assert said == {
        "id": report_id,
        "case_ref": "SS-2026-000001",
        "kind": "report.stored",
        "priority": None,
        "at": "2026-09-21T14:13:20.000+00:00",
    }


def test_a_reader_misses_nothing_while_several_services_write(store, actor):
    """Serials are given in the order of commits, or one that is committed late would be passed over."""
    services = [another_service(store) for _ in range(4)]
    seen: list[int] = []

    def write(service) -> None:
        for _ in range(10):
            accept(service, actor)

    def follow() -> None:
        deadline = time.monotonic() + 60
        while len(seen) < 40 and time.monotonic() < deadline:
            seen.extend(event.serial for event in happened(store, actor, after=seen[-1] if seen else 0))

    with ThreadPoolExecutor(5) as threads:
        reading = threads.submit(follow)
        for writing in [threads.submit(write, service) for service in services]:
            writing.result()
        reading.result()
    for service in services:
        service.database.close()

    assert len(seen) == 40
    assert seen == sorted(seen)


def another_service(store: Store) -> Store:
    """Return the same store as another process has it open."""
    return Store(connect(store.database.writer.url.render_as_string(hide_password=False)), store.keyring)


def key_of(store: Store, actor: Actor, handle: str, **times) -> None:
    row = {
        "organisation_id": actor.organisation_id,
        "actor_id": actor.id,
        "kind": "api_key",
        "handle": handle,
        "digest": b"",
        "scopes": "review",
        "limits": "",
        "created_ms": NOW_MS,
    }
    store.database.write(lambda c: c.execute(CREDENTIAL.insert().values(**row, **times)))


def is_shut_out(store: Store, actor: Actor, key: str = "") -> bool:
    caller = Caller(actor, frozenset({"review"}), key)
    return caller in store.database.read(lambda c: shut_out(c, {caller}, now_ms=NOW_MS))


def test_whose_key_ended_may_not_come_in_with_it(store, actor):
    key_of(store, actor, "old", revoked_ms=NOW_MS - 1)
    key_of(store, actor, "expired", expires_ms=NOW_MS)
    key_of(store, actor, "new", expires_ms=NOW_MS + 1)

    assert [is_shut_out(store, actor, key) for key in ("old", "expired", "new", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_whoever_is_disabled_may_not_come_in(store, actor):
    key_of(store, actor, "new")
    store.database.write(lambda c: c.execute(update(ACTOR).values(disabled_ms=NOW_MS)))

    assert is_shut_out(store, actor, "new")
    assert store.database.read(lambda c: c.execute(select(ACTOR.c.disabled_ms)).scalars().all())
