"""What was told long ago is removed, and nothing else is; the audit says how much."""

import json

import pytest
from sqlalchemy import func, select, update

from serving.clock import DAY_MS
from serving.reports.retention import Retention
from serving.store import audit
from serving.store.custody import expiry
from serving.store.group_writer import GroupWriter
from serving.store.intake import SendingKey
from serving.store.tables import AUDIT, DELIVERY, EVENT, HISTORY, REPORT, SENT_BEFORE
from serving.store.telling import webhooks
from tests.stored import NOW_MS, accept, count, incoming, other_actor, read, write
from tests.test_serving.test_faults import eventually
from tests.test_serving.test_webhooks import add

LATER_MS = NOW_MS + 91 * DAY_MS


def remove(store, actor, *, now_ms=LATER_MS, limit=100) -> int:
    found = read(store, lambda c: expiry.find_old(c, days=90, limit=limit, now_ms=now_ms))
    return sum(
        write(
            store,
            lambda c, old=old: expiry.remove_old(c, store.keyring, actor, old, days=90, now_ms=now_ms),
        )
        for old in found
    )


def happened_at(connection, store, actor, at_ms):
    """Have something happen, as it does each day: else the clock is not believed."""
    organisation_id = actor.organisation_id
    audit.append(connection, store.keyring, organisation_id, audit.Link(actor.id, at_ms, "key.used"))


def links(store):
    of_removal = select(AUDIT).where(AUDIT.c.action == "told.removed").order_by(AUDIT.c.number)
    return [
        (link.organisation_id, json.loads(link.detail))
        for link in read(store, lambda c: c.execute(of_removal).all())
    ]


def end_deliveries(store, actor, ended_ms=NOW_MS):
    write(store, lambda c: c.execute(update(DELIVERY).values(state="delivered", ended_ms=ended_ms)))


def test_what_was_told_long_ago_is_removed_and_the_audit_says_how_much(store, actor):
    add(store, actor, "https://a.example/")
    accept(store, actor, incoming(), incoming(), key=SendingKey("k", b"body"))
    end_deliveries(store, actor)
    kept = count(store, HISTORY), count(store, REPORT)

    assert remove(store, actor) == 5
    assert [count(store, table) for table in (EVENT, DELIVERY, SENT_BEFORE)] == [0, 0, 0]
    assert (count(store, HISTORY), count(store, REPORT)) == kept
    told = {"older_than_days": 90, "events": 2, "deliveries": 2, "answers": 1}
    assert links(store) == [(actor.organisation_id, told)]
    assert read(store, lambda c: list(audit.broken_links(c, store.keyring))) == []


@pytest.mark.parametrize("is_ended", [True, False])
def test_what_is_not_that_old_and_what_is_yet_to_be_told_stays(store, actor, is_ended):
    add(store, actor, "https://a.example/")
    accept(store, actor, key=SendingKey("k", b"body"))
    if is_ended:
        end_deliveries(store, actor)
        assert remove(store, actor, now_ms=NOW_MS + 90 * DAY_MS) == 0
        assert count(store, EVENT) == 1
    else:
        assert remove(store, actor) == 2
        assert count(store, DELIVERY) == 1


def test_a_dead_delivery_that_is_made_again_meanwhile_is_not_removed(store, actor):
    new = add(store, actor, "https://a.example/")
    accept(store, actor)
    write(store, lambda c: c.execute(update(DELIVERY).values(state="dead", ended_ms=NOW_MS)))
    [old] = read(store, lambda c: expiry.find_old(c, days=90, limit=9, now_ms=LATER_MS))
    delivery_id = read(store, lambda c: c.execute(select(DELIVERY.c.public_id)).scalar_one())
    write(store, lambda c: webhooks.retry(c, store.keyring, actor, new.id, delivery_id, now_ms=LATER_MS))

    removed = write(
        store, lambda c: expiry.remove_old(c, store.keyring, actor, old, days=90, now_ms=LATER_MS)
    )
    assert removed == 1
    assert count(store, DELIVERY) == 1


def test_each_organisation_is_told_of_its_own(store, actor):
    other = other_actor(store)
    accept(store, actor)
    accept(store, other, incoming(), incoming())

    assert remove(store, actor) == 3
    assert [(whose, told["events"]) for whose, told in links(store)] == [
        (actor.organisation_id, 1),
        (other.organisation_id, 2),
    ]


def test_a_serial_is_not_given_again_so_that_a_stream_goes_on(store, actor):
    accept(store, actor)
    last = read(store, lambda c: c.execute(select(func.max(EVENT.c.serial))).scalar_one())
    remove(store, actor)
    accept(store, actor)

    assert read(store, lambda c: c.execute(select(EVENT.c.serial)).scalar_one()) > last


def test_the_service_removes_it_by_itself_all_of_it(store, actor, monkeypatch):
    accept(store, actor, *(incoming() for _ in range(20)))
    monkeypatch.setattr("serving.reports.retention.now_ms", lambda: LATER_MS)
    monkeypatch.setattr("serving.reports.retention.PAUSE_SECONDS", 0)
    monkeypatch.setattr("serving.reports.retention.ROWS_AT_ONCE", 3)
    writer = GroupWriter(store.database)

    write(store, lambda c: happened_at(c, store, actor, LATER_MS - 2 * DAY_MS))
    retention = Retention(store, writer, actor, None, 90)
    eventually(lambda: count(store, EVENT) == 0)
    retention.close()
    writer.close()

    assert count(store, REPORT) == 20
