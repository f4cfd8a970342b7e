"""Streams of events: each event once, in order, for those alone who may see it."""

import asyncio
import signal
from contextlib import aclosing
from types import SimpleNamespace

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import update

import serving.telling.feed
from serving.store.access.callers import Caller
from serving.store.access.credentials import create_key, rotate_key
from serving.store.tables import ACTOR
from serving.telling.feed import Feed, TooManyStreamsError
from tests.stored import NOW_MS, other_actor
from tests.test_serving.test_events import accept

SECONDS = 10


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "LOOK_AGAIN_SECONDS", 0.01)


def caller(actor, credential=""):
    return Caller(actor, frozenset({"review"}), credential)


def feed_of(store):
    return Feed(store.database, lambda: NOW_MS)


def serials(parts):
    """Return the ids of the events in parts of a stream."""
    blocks = b"".join(parts).decode().split("\n\n")
    return [int(block.split("\n")[0].removeprefix("id: ")) for block in blocks if "data:" in block]


async def read(stream, until):
    """Return the parts of a stream up to the one with which a condition holds."""
    parts = []
    async with asyncio.timeout(SECONDS):
        async for part in stream:
            parts.append(part)
            if until(parts):
                return parts
    return parts


def following(store, actor, after, count, meanwhile=lambda: None):
    """Return the serials of as many events as are asked for."""

    async def follow():
        async with aclosing(await feed_of(store).stream(caller(actor), after)) as stream:
            first = await read(stream, lambda parts: True)
            await asyncio.to_thread(meanwhile)
            return first + await read(stream, lambda parts: len(serials(parts)) >= count)

    return serials(asyncio.run(follow()))


def test_a_client_that_comes_again_gets_what_it_missed_and_nothing_twice(store, actor):
    for _ in range(3):
        accept(store, actor)

    def meanwhile():
        for _ in range(3):
            accept(store, actor)

    assert following(store, actor, after=1, count=5, meanwhile=meanwhile) == [2, 3, 4, 5, 6]


def test_a_new_client_gets_what_happens_from_now_on(store, actor):
    accept(store, actor)

    assert following(store, actor, None, 1, lambda: accept(store, actor)) == [2]


def test_a_new_client_knows_its_place_before_anything_happens(store, actor):
    accept(store, actor)

    async def first():
        async with aclosing(await feed_of(store).stream(caller(actor), None)) as stream:
            return await anext(stream)

    assert b"id: 1\n" in asyncio.run(first())


def test_a_place_that_is_not_reached_yet_is_that_of_the_newest_event(store, actor):
    accept(store, actor)

    assert following(store, actor, 10**17, 1, lambda: accept(store, actor)) == [2]


def test_many_events_at_once_all_arrive_in_order_whatever_is_kept(store, actor, monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "KEPT_EVENTS", 4)

    def meanwhile():
        for _ in range(30):
            accept(store, actor)

    assert following(store, actor, 0, 30, meanwhile) == [*range(1, 31)]


def test_a_slow_client_catches_up_from_the_store(store, actor, monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "KEPT_EVENTS", 4)

    async def follow():
        feed = feed_of(store)
        async with (
            aclosing(await feed.stream(caller(actor), 0)) as slow,
            aclosing(await feed.stream(caller(actor), 0)) as quick,
        ):
            seen = await read(slow, lambda parts: True)
            for _ in range(20):
                await asyncio.to_thread(accept, store, actor)
            await read(quick, lambda parts: len(serials(parts)) == 20)
            return serials(seen + await read(slow, lambda parts: len(serials(parts)) == 20))

    assert asyncio.run(follow()) == [*range(1, 21)]


def test_a_stream_has_nothing_of_another_organisation(store, actor):
    other = other_actor(store)

    def meanwhile():
        accept(store, other)
        accept(store, actor)

    assert following(store, actor, None, 1, meanwhile) == [2]


def test_an_idle_stream_says_that_it_is_there(store, actor, monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "HEARTBEAT_SECONDS", 0.02)

    async def follow():
        async with aclosing(await feed_of(store).stream(caller(actor), None)) as stream:
            return await read(stream, lambda parts: len(parts) == 4)

    assert asyncio.run(follow())[1:] == [b":\n\n"] * 3


def test_any_number_of_idle_streams_look_at_the_store_together(store, actor):
    asked = []
    sqlalchemy_event.listen(
        store.database.readers, "before_cursor_execute", lambda *given: asked.append(given[2])
    )

    async def follow():
        feed = feed_of(store)
        opened = [await feed.stream(caller(actor), 0) for _ in range(50)]
        for stream in opened:
            await anext(stream)
        waiting = [asyncio.create_task(anext(stream)) for stream in opened]
        asked.clear()
        async with asyncio.timeout(SECONDS):
            while looks() < 10:
                await asyncio.sleep(0.001)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    def looks():
        return sum("FROM actor" in statement for statement in asked)

    asyncio.run(follow())
    assert sum("FROM event" in statement for statement in asked) <= looks() + 1


def test_who_is_disabled_hears_nothing_more(store, actor):
    async def follow():
        async with aclosing(await feed_of(store).stream(caller(actor), None)) as stream:
            await anext(stream)
            await asyncio.to_thread(
                store.database.write, lambda c: c.execute(update(ACTOR).values(disabled_ms=NOW_MS))
            )
            return await read(stream, lambda parts: False)

    assert asyncio.run(follow()) == []


def test_a_stream_ends_with_its_key_though_another_took_its_place(store, actor):
    def made(connection):
        return create_key(connection, store.keyring, actor, ["review"], by=actor, now_ms=NOW_MS)

    key = store.database.write(made)

    async def follow():
        async with aclosing(await feed_of(store).stream(caller(actor, key.id), None)) as stream:
            await anext(stream)
            await asyncio.to_thread(
                store.database.write,
                lambda c: rotate_key(c, store.keyring, key.id, by=actor, now_ms=NOW_MS),
            )
            return await read(stream, lambda parts: False)

    assert asyncio.run(follow()) == []


def test_a_stream_ends_with_the_service(store, actor, monkeypatch):
    class Server:
        should_exit = False

        def handle_exit(self, *_):
            pass

    server = Server()
    monkeypatch.setattr(signal, "getsignal", lambda _: server.handle_exit)

    async def follow():
        async with aclosing(await feed_of(store).stream(caller(actor), None)) as stream:
            await anext(stream)
            server.should_exit = True
            return await read(stream, lambda parts: False)

    assert asyncio.run(follow()) == []


def test_a_stream_ends_before_its_request_would_be_cut_off(store, actor, monkeypatch):
    from serving.api.request_log import REQUEST_SECONDS

    assert serving.telling.feed.STREAM_SECONDS + serving.telling.feed.HEARTBEAT_SECONDS < REQUEST_SECONDS
    monkeypatch.setattr(serving.telling.feed, "STREAM_SECONDS", 0.05)

    async def follow():
        return await read(await feed_of(store).stream(caller(actor), None), lambda parts: False)

    assert serials(asyncio.run(follow())) == []


def test_there_is_a_bound_to_open_streams_and_one_that_ends_makes_room(store, actor, monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "MOST_STREAMS", 1)

    async def follow():
        feed = feed_of(store)
        async with aclosing(await feed.stream(caller(actor), None)) as stream:
            await anext(stream)
            with pytest.raises(TooManyStreamsError):
                await feed.stream(caller(actor), None)
        async with aclosing(await feed.stream(caller(actor), None)) as stream:
            return await anext(stream)

    assert asyncio.run(follow())


def test_a_program_that_leaves_streams_open_takes_none_from_another(store, actor, monkeypatch):
    monkeypatch.setattr(serving.telling.feed, "MOST_OF_ONE", 1)

    async def follow():
        feed = feed_of(store)
        async with aclosing(await feed.stream(caller(actor, "one"), None)) as stream:
            await anext(stream)
            with pytest.raises(TooManyStreamsError):
                await feed.stream(caller(actor, "one"), None)
            async with aclosing(await feed.stream(caller(actor, "other"), None)) as another:
                return await anext(another)

    assert asyncio.run(follow())


def test_without_a_server_no_stream_ends(monkeypatch):
    monkeypatch.setattr(signal, "getsignal", lambda _: SimpleNamespace())
    assert not serving.telling.feed._server_ends()
