"""Who is let in with a key, how long that is remembered, and who is turned away without harm to others."""

import asyncio
import json
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from serving.access import gatekeeper
from serving.access.gate import AccessMiddleware
from serving.access.gatekeeper import MOST_WRONG, REMEMBERED_SECONDS, Gatekeeper, RefusedError
from serving.access.record import MOST_PLACES, QUIET_SECONDS, Access, AccessRecord
from serving.settings import Settings
from serving.store.access import credentials
from serving.store.access.callers import OF_SESSION, SCOPES, Caller
from serving.store.engine import Database
from serving.store.errors import StoreUnavailableError
from serving.store.group_writer import GroupWriter
from serving.store.home import Store, default_url, open_store
from serving.store.organisations import Actor, local_actors, set_disabled
from serving.store.tables import AUDIT

NOW_MS = 1_790_000_000_000
HERE, THERE = "203.0.113.1", "198.51.100.1"
UNKNOWN = f"ssk_{'0' * 16}_{'0' * 64}"


class Clock:
    """Seconds that go on when told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Counting:
    """Counts how often a database is read."""

    def __init__(self, database: Database):
        self.database, self.reads, self.error = database, 0, None

    def read(self, work):
        self.reads += 1
        if self.error:
            raise self.error
        return self.database.read(work)


class Door:
    """A gatekeeper with a store, and what a test does with both."""

    def __init__(self, store: Store, limits: str = "1000/minute"):
        self.store, self.clock = store, Clock()
        self.local, self.service = store.database.write(lambda c: local_actors(c, now_ms=NOW_MS))
        self.database = Counting(store.database)
        self.writer = GroupWriter(store.database)
        self.record = AccessRecord(self.writer, store.keyring, self.clock)
        self.gatekeeper = Gatekeeper(
            self.database,
            store.keyring,
            self.record,
            local=self.local,
            service=self.service,
            limits=limits,
            clock=self.clock,
        )

    def key(self, scopes=("screen",), **options) -> credentials.NewKey:
        return self.store.database.write(
            lambda c: credentials.create_key(
                c, self.store.keyring, self.local, scopes, by=self.local, now_ms=NOW_MS, **options
            )
        )

    def revoke(self, key) -> None:
        self.store.database.write(
            lambda c: credentials.revoke_key(c, self.store.keyring, key.id, by=self.local, now_ms=NOW_MS)
        )

    async def show(self, token: str, address: str = HERE) -> Caller:
        return await self.gatekeeper.caller([f"Bearer {token}"], address)

    async def refused(self, *headers: str, address: str = HERE) -> RefusedError:
        with pytest.raises(RefusedError) as refused:
            await self.gatekeeper.caller(headers, address)
        return refused.value

    def audited(self, *of: str) -> list[tuple[str, dict[str, object]]]:
        """Return subject and detail of every access in the audit so far."""
        self.writer.submit(lambda _: None).result()
        links = select(AUDIT.c.subject, AUDIT.c.detail).where(AUDIT.c.action.in_(of)).order_by(AUDIT.c.number)
        return [
            (link.subject, json.loads(link.detail))
            for link in self.store.database.read(lambda c: c.execute(links).all())
        ]


@pytest.fixture
def door(own_home: Path):
    store = open_store(default_url(own_home), own_home / "store.key")
    opened = Door(store)
    yield opened
    opened.writer.close()
    store.database.close()


def test_a_good_key_lets_its_actor_in_with_its_scopes(door):
    key = door.key(("report", "review"))

    caller = asyncio.run(door.show(key.token))

    assert caller == Caller(door.local, frozenset({"report", "review"}), key.id)


def test_in_open_mode_the_local_actor_may_do_everything(door):
    assert door.gatekeeper.local == Caller(door.local, frozenset(SCOPES))


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(door):
    good, revoked = door.key(), door.key()
    expired = door.key(expires_ms=NOW_MS - 1)
    door.revoke(revoked)

    async def all_refused():
        shown = [
            [],
            ["Bearer"],
            [f"Bearer {UNKNOWN}"],
            [f"Bearer {good.token[:-1]}"],
            [f"Bearer {good.token[:-2]}{'00' if good.token[-2:] != '00' else '11'}"],
            [f"Bearer {revoked.token}"],
            [f"Bearer {expired.token}"],
            [f"Basic {good.token}"],
            [good.token],
            [f"Bearer {good.token}", f"Bearer {good.token}"],
        ]
        return [await door.refused(*headers) for headers in shown]

    refusals = asyncio.run(all_refused())
    assert {(one.problem.model_dump_json(), one.retry_after_seconds) for one in refusals} == {
        (refusals[0].problem.model_dump_json(), None)
    }
    assert refusals[0].problem.status == 401


def test_the_store_is_asked_once_a_second_however_many_ask_at_once(door):
    key = door.key()

    async def many():
        await asyncio.gather(*(door.show(key.token) for _ in range(50)))
        door.clock.now += REMEMBERED_SECONDS / 2
        await asyncio.gather(*(door.show(key.token) for _ in range(50)))

    asyncio.run(many())
    assert door.database.reads == 1


@pytest.mark.parametrize("how", ["revoked", "disabled"])
def test_a_key_that_ends_stops_within_a_second(door, how):
    key = door.key()

    async def used():
        await door.show(key.token)
        if how == "revoked":
            door.revoke(key)
        else:
            door.store.database.write(
                lambda c: set_disabled(
                    c, door.store.keyring, door.local, disabled=True, by=door.local, now_ms=NOW_MS
                )
            )
        door.clock.now += 1.0
        return await door.refused(f"Bearer {key.token}")

    assert asyncio.run(used()).problem.status == 401
    assert REMEMBERED_SECONDS <= 1.0


def test_a_key_that_ends_while_its_body_comes_lets_nothing_in(door):
    key = door.key(("report",))
    let_in, sent = [], []

    async def app(scope, receive, send):
        let_in.append(scope)

    async def receive():  # the last part, minutes after the head
        door.revoke(key)
        door.clock.now += REMEMBERED_SECONDS
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message):
        sent.append(message)

    gate = AccessMiddleware(
        app,
        read_settings=lambda: Settings(open=False),
        find_gatekeeper=lambda: door.gatekeeper,
        find_session_keeper=lambda: None,  # nobody asks for a page
    )
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {key.token}".encode())]
    asked = {"type": "http", "method": "POST", "path": "/v1/reports", "client": (HERE, 1), "headers": headers}
    asyncio.run(gate(asked, receive, send))

    assert sent[0]["status"] == 401
    assert let_in == []


def test_who_leaves_while_a_key_is_checked_takes_the_answer_from_nobody(door):
    key = door.key()

    async def one_leaves():
        leaving = asyncio.create_task(door.show(key.token))
        staying = asyncio.create_task(door.show(key.token))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert asyncio.run(one_leaves()).actor == door.local


def test_while_the_database_is_away_nobody_is_let_in_and_nobody_is_counted_as_guessing(door):
    key = door.key()

    async def away_and_back():
        door.database.error = StoreUnavailableError("away")
        for _ in range(2 * MOST_WRONG):
            with pytest.raises(StoreUnavailableError):
                await door.show(key.token)
        door.database.error = None
        door.clock.now += REMEMBERED_SECONDS
        return await door.show(key.token)

    assert asyncio.run(away_and_back()).actor == door.local


def test_who_guesses_is_locked_out_whatever_they_show_next(door):
    good = door.key()

    async def guessed():
        for number in range(MOST_WRONG):
            await door.refused(f"Bearer ssk_{number:016x}_{'0' * 64}")
        return await door.refused(f"Bearer {good.token}"), await door.refused("Bearer junk")

    for refused in asyncio.run(guessed()):
        assert (refused.problem.status, refused.problem.code) == (429, "locked_out")
        assert 1 <= refused.retry_after_seconds <= 300


def test_a_locked_out_address_does_not_ask_the_store(door):
    async def guessed():
        for _ in range(10 * MOST_WRONG):
            await door.refused(f"Bearer {UNKNOWN}")
            door.clock.now += REMEMBERED_SECONDS

    asyncio.run(guessed())
    assert door.database.reads == MOST_WRONG


def test_a_lock_out_holds_for_one_address_and_for_a_whole_network_of_ipv6(door):
    key = door.key()

    async def guessed():
        for number in range(MOST_WRONG):
            await door.refused("Bearer junk", address=HERE)
            await door.refused("Bearer junk", address=f"2001:db8:1:2::{number}")
        in_network = await door.refused(f"Bearer {key.token}", address="2001:db8:1:2:ffff::1")
        return in_network, await door.show(key.token, THERE), await door.show(key.token, "2001:db8:1:3::1")

    in_network, there, next_network = asyncio.run(guessed())
    assert in_network.problem.code == "locked_out"
    assert there == next_network


def test_who_was_let_in_before_goes_on_though_somebody_guesses_beside_them(door):
    key = door.key()

    async def guessed():
        await door.show(key.token)
        for _ in range(3 * MOST_WRONG):
            await door.refused("Bearer junk")
        return await door.show(key.token)

    assert asyncio.run(guessed()).actor == door.local


def test_a_key_that_is_guessed_at_from_everywhere_is_locked_but_where_it_is_in_use(door):
    key = door.key()
    wrong = f"{key.token[:-1]}{'0' if key.token[-1] != '0' else '1'}"

    async def guessed():
        await door.show(key.token)
        for number in range(MOST_WRONG):
            await door.refused(f"Bearer {wrong}", address=f"198.51.100.{number}")
        locked = await door.refused(f"Bearer {key.token}", address="192.0.2.1")
        return locked, await door.show(key.token)

    locked, in_use = asyncio.run(guessed())
    assert locked.problem.code == "locked_out"
    assert in_use.actor == door.local


def test_a_revoked_key_in_a_program_that_goes_on_sending_locks_its_address_out_at_last(door):
    key = door.key()

    async def sends_on():
        await door.show(key.token)
        door.revoke(key)
        door.clock.now += REMEMBERED_SECONDS
        return [(await door.refused(f"Bearer {key.token}")).problem.status for _ in range(MOST_WRONG + 1)]

    assert asyncio.run(sends_on()) == [*[401] * MOST_WRONG, 429]


def test_a_request_without_any_key_is_no_guess(door):
    key = door.key()

    async def asked():
        for _ in range(3 * MOST_WRONG):
            await door.refused()
        return await door.show(key.token)

    assert asyncio.run(asked()).actor == door.local


def test_a_key_that_asks_too_often_is_told_when_to_come_back(door):
    key, other = door.key(limits="3/hour"), door.key()

    async def asked():
        for _ in range(3):
            await door.show(key.token)
        return await door.refused(f"Bearer {key.token}"), await door.show(other.token)

    refused, others = asyncio.run(asked())
    assert (refused.problem.status, refused.problem.code) == (429, "too_often")
    assert 1 <= refused.retry_after_seconds <= 3600
    assert others.actor == door.local


def test_who_is_signed_in_may_not_ask_more_often_than_a_person_does(door, monkeypatch):
    monkeypatch.setattr(gatekeeper, "MOST_BY_PERSON", RateLimitItemPerMinute(2, namespace="person"))
    person, other = (Caller(actor, frozenset(SCOPES), OF_SESSION) for actor in (door.local, door.service))

    for _ in range(2):
        door.gatekeeper.count_person(person)
    with pytest.raises(RefusedError) as refused:
        door.gatekeeper.count_person(person)
    door.gatekeeper.count_person(other)
    door.record.close()

    assert door.audited("session.refused") == [(OF_SESSION, {"too_often": 1})]
    assert (refused.value.problem.status, refused.value.problem.code) == (429, "too_often")
    assert 1 <= refused.value.retry_after_seconds <= 60


def test_all_limits_of_a_key_hold_and_those_of_the_service_where_it_has_none(own_home):
    store = open_store(default_url(own_home), own_home / "store.key")
    door = Door(store, limits="2/hour")
    own, of_service = door.key(limits="100/second; 4/day"), door.key()

    async def let_in(key):
        for number in range(10):
            try:
                await door.show(key.token)
            except RefusedError:
                return number
        return 10

    assert asyncio.run(let_in(own)) == 4
    assert asyncio.run(let_in(of_service)) == 2
    door.writer.close()
    store.database.close()


def test_good_uses_of_a_key_are_one_link_a_minute(door):
    key = door.key()

    async def used():
        for _ in range(5):
            await door.show(key.token)
        door.clock.now += QUIET_SECONDS
        await door.show(key.token)

    asyncio.run(used())
    assert door.audited("key.used") == [
        (key.id, {"good": 1, "from": [HERE]}),
        (key.id, {"good": 5, "from": [HERE]}),
    ]


def test_a_link_names_a_few_of_the_addresses_that_a_key_came_from(door):
    key = door.key()

    async def used():
        await door.show(key.token, "2001:db8:7:7::1")
        for number in range(2 * MOST_PLACES):
            await door.show(key.token, f"203.0.113.{number}")

    asyncio.run(used())
    door.record.close()
    first, rest = door.audited("key.used")
    assert first == (key.id, {"good": 1, "from": ["2001:db8:7:7::/64"]})
    assert rest[1]["from"] == [f"203.0.113.{number}" for number in range(MOST_PLACES)]


def test_refusals_are_counted_by_what_was_wrong_and_by_whose_key_it_was(door):
    key = door.key()
    wrong = f"{key.token[:-1]}{'0' if key.token[-1] != '0' else '1'}"

    async def refused():
        await door.refused(f"Bearer {wrong}")
        await door.refused(f"Bearer {wrong}")
        door.revoke(key)
        await door.refused(f"Bearer {key.token}")
        for _ in range(MOST_WRONG):
            await door.refused("Bearer junk", address=THERE)
        await door.refused("Bearer junk", address=THERE)

    asyncio.run(refused())
    assert door.audited("key.refused") == [
        (key.id, {"wrong": 1, "from": [HERE]}),
        ("", {"unknown": 1, "from": [THERE]}),
    ]
    door.record.close()
    assert door.audited("key.refused")[2:] == [
        (key.id, {"revoked": 1, "wrong": 1, "from": [HERE]}),
        ("", {"locked_out": 1, "unknown": MOST_WRONG - 1, "from": [THERE]}),
    ]


def test_a_link_is_of_the_organisation_whose_key_it_was(door):
    key = door.key()

    async def both():
        await door.show(key.token)
        await door.refused("Bearer junk")

    asyncio.run(both())
    door.writer.submit(lambda _: None).result()
    links = select(AUDIT.c.actor_id).where(AUDIT.c.action.in_(["key.used", "key.refused"]))
    actors = door.store.database.read(lambda c: set(c.execute(links).scalars()))
    assert actors == {door.local.id, door.service.id}


def test_the_record_forgets_what_does_not_happen_again(door):
    for number in range(100):
        door.record.note(Access(Actor(door.local.id, 1), "report.read", f"{number:032x}"), "whole")
    door.clock.now += QUIET_SECONDS
    door.record.note(Access(door.local, "report.read", "f" * 32), "whole")

    assert len(door.record) == 1
    assert len(door.audited("report.read")) == 101
