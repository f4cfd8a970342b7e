"""Webhooks: every event reaches its receiver or is seen to be dead, and nobody waits for somebody else."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select, update

import serving.telling.webhooks
from serving.outbound import NoAnswerError, Outbound
from serving.store.errors import NotFoundError, TooManyError
from serving.store.group_writer import GroupWriter
from serving.store.tables import AUDIT, DELIVERY, WEBHOOK
from serving.store.telling import deliveries, webhooks
from serving.store.telling.events import KINDS, SCREENED, STORED, URGENT
from serving.telling.webhooks import GIVEN_UP_MS, WebhookSender, next_attempt_ms
from tests.stored import NOW_MS, other_actor
from tests.test_serving.test_events import accept, another_service, screen

HOUR_MS = 3_600_000


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(serving.telling.webhooks, "LOOK_AGAIN_SECONDS", 0.01)


@dataclass
class Clock:
    now_ms: int = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@dataclass
class Receivers:
    """Stand-ins for other hosts: what each answers, and what it was sent."""

    answers: dict[str, object] = field(default_factory=dict)
    sent: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def post(self, url, content, headers):
        self.sent.append((url, content, dict(headers)))
        answer = self.answers.get(url, 200)
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return 200
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def to(self, url):
        return [json.loads(content) for where, content, _ in self.sent if where == url]


def add(store, actor, url, kinds=KINDS):
    return store.database.write(lambda c: webhooks.add(c, store.keyring, actor, url, kinds, now_ms=NOW_MS))


def deliver(store, actor, receivers, until, clock=None, senders=1):
    """Run senders until a condition holds."""
    clock = clock or Clock()

    async def run():
        stores = [store, *(another_service(store) for _ in range(senders - 1))]
        writers = [GroupWriter(one.database) for one in stores]
        running = [
            asyncio.create_task(WebhookSender(one, writer, receivers.post, actor, clock).run())
            for one, writer in zip(stores, writers, strict=True)
        ]
        try:
            async with asyncio.timeout(10):
                while not until():
                    await asyncio.sleep(0.01)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            for writer in writers:
                await asyncio.to_thread(writer.close)
            for one in stores[1:]:
                one.database.close()

    asyncio.run(run())


def rows(store, table=DELIVERY):
    return store.database.read(lambda c: c.execute(select(table)).all())


def states(store):
    return [row.state for row in rows(store)]


def ended(store):
    return lambda: "waiting" not in states(store)


def test_an_event_is_sent_signed_and_without_a_word_of_its_report(store, actor):
    new = add(store, actor, "https://a.example/hook")
    report_id = accept(store, actor)
    receivers = Receivers()
    deliver(store, actor, receivers, ended(store))

    [(url, content, headers)] = receivers.sent
    assert url == "https://a.example/hook"
    assert json.loads(content) == {
        "id": report_id,
        "case_ref": "SS-2026-000001",
        "kind": "report.stored",
        "priority": None,
        "at": "2026-09-21T14:13:20.000+00:00",
    }
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    key = base64.b64decode(new.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(NOW_MS // 1000)


def test_only_the_kinds_that_were_asked_for_are_sent_and_urgent_ones_first(store, actor):
    add(store, actor, "https://a.example/", (SCREENED, URGENT))
    accept(store, actor)
    screen(store, actor, priority=0)
    receivers = Receivers()
    deliver(store, actor, receivers, ended(store), Clock(NOW_MS + 1))

    said = receivers.to("https://a.example/")
    assert [(one["kind"], one["priority"]) for one in said] == [
        ("report.urgent", "urgent"),
        ("report.screened", "urgent"),
    ]


def test_another_organisation_is_sent_nothing(store, actor):
    other = other_actor(store)
    add(store, other, "https://other.example/")
    accept(store, actor)

    assert rows(store) == []


@pytest.mark.parametrize("failure", [500, 503, 301, 404, 429, NoAnswerError("no answer")])
def test_what_is_not_taken_is_sent_again_under_the_same_id(store, actor, failure):
    add(store, actor, "https://a.example/")
    accept(store, actor)
    receivers, clock = Receivers({"https://a.example/": [failure, 204]}), Clock()
    deliver(store, actor, receivers, lambda: rows(store)[0].attempts == 1, clock)
    [row] = rows(store)
    assert row.last_status == (failure if isinstance(failure, int) else None)
    assert NOW_MS + 2_500 <= row.next_ms <= NOW_MS + 7_500

    clock.now_ms = row.next_ms
    deliver(store, actor, receivers, ended(store), clock)

    [row] = rows(store)
    assert (row.state, row.attempts, row.last_status) == ("delivered", 2, 204)
    first, second = (headers for _, _, headers in receivers.sent)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_after_a_day_of_attempts_a_delivery_is_dead_and_can_be_revived(store, actor):
    new = add(store, actor, "https://a.example/")
    accept(store, actor)
    receivers, clock = Receivers({"https://a.example/": 500}), Clock()
    while states(store) == ["waiting"]:
        clock.now_ms = rows(store)[0].next_ms
        attempts = rows(store)[0].attempts
        deliver(store, actor, receivers, lambda attempts=attempts: rows(store)[0].attempts > attempts, clock)

    [row] = rows(store)
    assert row.state == "dead"
    assert GIVEN_UP_MS - 2 * HOUR_MS < row.ended_ms - row.begun_ms <= GIVEN_UP_MS
    assert 20 < row.attempts < 60
    assert [link.action for link in rows(store, AUDIT)][-1] == "delivery.dead"

    receivers.answers.clear()
    store.database.write(
        lambda c: webhooks.retry(c, store.keyring, actor, new.id, row.public_id, now_ms=clock.now_ms)
    )
    deliver(store, actor, receivers, ended(store), clock)
    assert states(store) == ["delivered"]


def test_waits_double_with_each_attempt_up_to_an_hour():
    def waits(attempts):
        delivery = deliveries.Delivery(1, "a", "{}", attempts, NOW_MS)
        return [next_attempt_ms(delivery, NOW_MS) - NOW_MS for _ in range(200)]

    for attempts in range(10):
        wait = 5_000 * 2**attempts
        assert wait * 0.5 <= min(waits(attempts)) < wait * 0.75
        assert wait * 1.25 < max(waits(attempts)) <= wait * 1.5
    assert max(waits(30)) <= 1.5 * HOUR_MS


def test_a_receiver_that_is_gone_is_disabled_and_told_nothing_more(store, actor):
    add(store, actor, "https://a.example/")
    accept(store, actor)
    accept(store, actor)
    receivers = Receivers({"https://a.example/": 410})
    deliver(store, actor, receivers, ended(store))
    accept(store, actor)

    assert len(receivers.sent) == 1
    assert states(store) == ["dead", "dead"]
    [shown] = store.database.read(lambda c: webhooks.listed(c, store.keyring, actor))
    assert shown.disabled_ms == NOW_MS
    assert "webhook.disabled" in [link.action for link in rows(store, AUDIT)]


def test_a_receiver_that_hangs_holds_up_nobody_else(store, actor):
    hangs = "https://slow.example/"
    add(store, actor, hangs)
    add(store, actor, "https://quick.example/")
    for _ in range(30):
        accept(store, actor)
    receivers = Receivers({hangs: asyncio.Event()})
    deliver(store, actor, receivers, lambda: states(store).count("delivered") == 30)

    assert len(receivers.to("https://quick.example/")) == 30
    assert len(receivers.to(hangs)) == 1
    assert {row.leased_by for row in rows(store)} == {None}, "what was begun is free at the end"


def test_two_services_never_send_the_same_delivery(store, actor):
    add(store, actor, "https://a.example/")
    add(store, actor, "https://b.example/")
    for _ in range(40):
        accept(store, actor)
    receivers = Receivers()
    deliver(store, actor, receivers, ended(store), senders=3)

    ids = [headers["webhook-id"] for _, _, headers in receivers.sent]
    assert len(ids) == len(set(ids)) == 80


def test_what_a_dead_service_was_sending_is_sent_by_another_once_its_lease_ends(store, actor):
    add(store, actor, "https://a.example/")
    accept(store, actor)

    def lease(worker, now_ms):
        return store.database.write(
            lambda c: deliveries.lease(c, store.keyring, worker, (), most_webhooks=8, now_ms=now_ms)
        )

    assert len(lease("dead", NOW_MS)) == 1
    assert lease("alive", NOW_MS + 1) == []
    [batch] = lease("alive", NOW_MS + deliveries.LEASE_MS + 1)

    for worker in ("dead", "alive"):
        store.database.write(
            lambda c, worker=worker: deliveries.failed(
                c,
                store.keyring,
                worker,
                actor,
                batch=batch,
                delivery=batch.deliveries[0],
                status=500,
                next_ms=NOW_MS,
                now_ms=NOW_MS,
            )
        )
    assert rows(store)[0].attempts == 1, "the dead one comes too late"


def test_a_removed_webhook_is_told_nothing_more_and_its_secret_is_gone(store, actor):
    new = add(store, actor, "https://a.example/")
    accept(store, actor)
    store.database.write(lambda c: webhooks.remove(c, store.keyring, actor, new.id, now_ms=NOW_MS))
    accept(store, actor)

    assert states(store) == ["dead"]
    assert [row.sealed for row in rows(store, WEBHOOK)] == [None]
    assert store.database.read(lambda c: webhooks.listed(c, store.keyring, actor)) == []
    with pytest.raises(NotFoundError):
        store.database.read(lambda c: webhooks.deliveries(c, actor, new.id))


def test_what_was_recorded_while_a_webhook_was_disabled_is_dead_and_not_tried(store, actor):
    add(store, actor, "https://a.example/")
    accept(store, actor)
    store.database.write(lambda c: c.execute(update(WEBHOOK).values(disabled_ms=NOW_MS, sealed=None)))
    receivers = Receivers()
    deliver(store, actor, receivers, ended(store))

    assert (states(store), receivers.sent) == (["dead"], [])


def test_a_webhook_that_cannot_be_opened_holds_up_nobody_else(store, actor):
    add(store, actor, "https://a.example/")
    store.database.write(lambda c: c.execute(update(WEBHOOK).values(sealed=b"damaged")))
    add(store, actor, "https://b.example/")
    accept(store, actor)
    receivers = Receivers()
    deliver(store, actor, receivers, lambda: "delivered" in states(store))

    assert len(receivers.to("https://b.example/")) == 1
    shown = store.database.read(lambda c: webhooks.listed(c, store.keyring, actor))
    assert [one.host for one in shown] == ["", "b.example"]


def test_another_organisation_cannot_touch_a_webhook(store, actor):
    new = add(store, actor, "https://a.example/")
    other = other_actor(store)
    keyring = store.keyring
    for change in (
        lambda c: webhooks.remove(c, keyring, other, new.id, now_ms=NOW_MS),
        lambda c: webhooks.test(c, keyring, other, new.id, now_ms=NOW_MS),
        lambda c: webhooks.deliveries(c, other, new.id),
        lambda c: webhooks.retry(c, keyring, other, new.id, "0" * 32, now_ms=NOW_MS),
    ):
        with pytest.raises(NotFoundError):
            store.database.write(change)


def test_an_organisation_has_a_bounded_number_of_webhooks(store, actor):
    for number in range(webhooks.MOST_WEBHOOKS):
        add(store, actor, f"https://{number}.example/")
    with pytest.raises(TooManyError):
        add(store, actor, "https://more.example/")


def test_url_and_secret_stand_nowhere_in_the_open(store, actor, tmp_path, caplog):
    new = add(store, actor, "https://zqxhost.example/zqxpath")
    accept(store, actor)
    with caplog.at_level(logging.DEBUG):
        deliver(
            store,
            actor,
            Receivers({"https://zqxhost.example/zqxpath": NoAnswerError("no answer")}),
            lambda: rows(store)[0].attempts == 1,
        )
    store.database.close()

    for path in (tmp_path / "home").iterdir():
        assert b"zqx" not in path.read_bytes(), path.name
        assert new.secret.encode() not in path.read_bytes(), path.name
    assert "zqx" not in caplog.text
    assert new.secret not in repr(new)


class Hosts:
    """Real receivers on this machine, each with its own manners."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def answer(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        way = head.split()[1].decode().strip("/")
        self.heard.append(way)
        match way:
            case "hangs":
                await asyncio.sleep(60)
            case "drips":
                for _ in range(600):
                    writer.write(b"H")
                    await writer.drain()
                    await asyncio.sleep(0.05)
            case "redirects":
                writer.write(
                    b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n"
                )
            case "floods":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000)
            case "garbage":
                writer.write(b"zqx\r\n\r\n")
            case _:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()


def test_receivers_that_hang_drip_redirect_or_flood_do_no_harm(monkeypatch):
    monkeypatch.setattr(serving.outbound, "SECONDS", 0.5)
    hosts = Hosts()

    async def talk():
        server = await asyncio.start_server(hosts.answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        outbound = Outbound(allow_private=True)

        async def post(way):
            try:
                return await outbound.post(f"http://127.0.0.1:{port}/{way}", b"{}", {})
            except NoAnswerError:
                return None

        ways = ("hangs", "drips", "redirects", "floods", "garbage", "good")
        try:
            return dict(zip(ways, await asyncio.gather(*map(post, ways)), strict=True))
        finally:
            server.close()

    answers = asyncio.run(talk())
    assert answers == {
        "hangs": None,
        "drips": None,
        "redirects": 307,
        "floods": 200,
        "garbage": None,
        "good": 200,
    }
    assert hosts.heard.count("good") == 1, "a redirect was followed"


def test_a_test_is_told_to_its_webhook_alone(store, actor):
    new = add(store, actor, "https://a.example/", (STORED,))
    add(store, actor, "https://b.example/")
    delivery_id = store.database.write(
        lambda c: webhooks.test(c, store.keyring, actor, new.id, now_ms=NOW_MS)
    )
    receivers = Receivers()
    deliver(store, actor, receivers, ended(store))

    [(url, content, headers)] = receivers.sent
    assert (url, headers["webhook-id"]) == ("https://a.example/", delivery_id)
    assert json.loads(content)["kind"] == "webhook.test"
    assert json.loads(content)["id"] is None
