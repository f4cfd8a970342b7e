"""LINE: what people write to the account is stored before LINE is answered, and once. All ids are made up."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

import models
import serving.channels.reception
import serving.reports.desk
import serving.service
from serving.channels.channel import Content, FetchError, Image, UnreadableBodyError
from serving.channels.line import REPLY, Line
from serving.channels.reception import GIVEN_UP_MS
from serving.store.tables import FETCH, REPORT
from tests.fakes import FakeScreener
from tests.test_serving.conftest import eventually

SECRET = b"0123456789abcdef0123456789abcdef"
USER = "Uzqxuser0000000000000000000000001"
SENT_MS = 1_790_000_000_000


def event(message, key="01ZQXKEY0000000000000000A1", **changes):
    """Return an event of the shape LINE documents."""
    return {
        "type": "message",
        "message": message,
        "timestamp": SENT_MS,
        "source": {"type": "user", "userId": USER},
        "replyToken": "zqxreply",
        "mode": "active",
        "webhookEventId": key,
        "deliveryContext": {"isRedelivery": False},
        **changes,
    }


def text(words, **changes):
    return event(
        {"id": "100000001", "type": "text", "quoteToken": "zqxquote", "text": words},
        **{"key": f"01ZQX{abs(hash(words))}", **changes},
    )


def image(content_id="200000001", key="01ZQXIMAGE"):
    return event({"id": content_id, "type": "image", "contentProvider": {"type": "line"}}, key=key)


def body_of(*events):
    return json.dumps({"destination": "Uzqxbot", "events": list(events)}, ensure_ascii=False).encode()


def signature_of(body, secret=SECRET):
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


async def nothing(_):
    raise AssertionError("nobody asked for it")


LINE = Line(SECRET, nothing, nothing)


def read(*events):
    return LINE.read(body_of(*events))


def test_a_text_is_a_message_with_its_time_and_its_sender():
    [message] = read(text("ช่วยด้วย")).messages

    assert (message.body, message.sender, message.received_ms) == ("ช่วยด้วย", USER, SENT_MS)
    assert message.reply_token == "zqxreply"
    assert USER not in repr(message)


def test_a_place_is_a_text_since_a_rescue_needs_it():
    place = {
        "id": "1",
        "type": "location",
        "title": "here",
        "address": "Example Road",
        "latitude": 16.7,
        "longitude": 98.5,
    }
    [message] = read(event(place)).messages
    assert message.body == "here\nExample Road\n16.7, 98.5"


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_what_is_not_in_the_event_is_to_be_fetched(kind):
    [message] = read(event({"id": "7", "type": kind})).messages
    assert message.body == Content("7", kind)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (event({"id": "1", "type": "sticker", "stickerId": "1"}), "sticker"),
        ({"type": "follow", "webhookEventId": "a"}, "follow"),
        ({"type": "zqxnew"}, "other"),
        ({"type": "message"}, "other"),
        ({"type": "message", "message": {"type": "text"}}, "other"),
        (event({"type": "text", "text": 5}), "other"),
        (event({"type": ["text"]}), "other"),
        ({}, "other"),
        (None, "other"),
        ([], "other"),
    ],
)
def test_what_is_no_report_is_ignored_under_a_name_of_ours(other, kind):
    received = read(other, text("hello"))

    assert received.ignored == (kind,)
    assert [message.body for message in received.messages] == ["hello"]


@pytest.mark.parametrize("timestamp", [None, "1790000000000", -1, 10**30, 1.5])
def test_a_time_that_is_none_costs_no_message(timestamp):
    [message] = read(text("hello", timestamp=timestamp)).messages
    assert message.received_ms is None


def test_a_message_on_standby_is_not_to_be_answered():
    [message] = read(text("hello", mode="standby")).messages
    assert message.reply_token == ""


@pytest.mark.parametrize("body", [b"", b"zqx", b"[]", b"{}", b'{"events": 1}', b"[" * 100_000, b"\xff"])
def test_a_body_of_another_form_is_told_without_quoting_it(body):
    with pytest.raises(UnreadableBodyError) as told:
        LINE.read(body)
    assert "zqx" not in str(told.value)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-line-signature": ""},
        {"x-line-signature": "zqx"},
        {"x-line-signature": "ÿ"},
        {"x-line-signature": signature_of(body_of(), b"another secret, as long as that")},
        {"x-line-signature": signature_of(body_of(text("other")))},
    ],
)
def test_a_body_without_its_signature_is_not_of_line(headers):
    assert not LINE.is_signed(body_of(), headers)


def test_a_signed_body_is_of_line():
    assert LINE.is_signed(body_of(), {"x-line-signature": signature_of(body_of())})


@dataclass
class FakeApi:
    """LINE's side: images by their id, and who was answered."""

    images: dict[str, list] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    async def fetch(self, content_id):
        outcomes = self.images.get(content_id, [FetchError("there is none", is_final=True)])
        outcome = outcomes.pop(0) if len(outcomes) > 1 else outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def reply(self, token):
        self.answered.append(token)


class Running:
    """The whole service in this process, with a fake model and a fake LINE."""

    def __init__(self, client, api):
        self.client, self.api = client, api
        self.desk = serving.service.APP.state.desk

    def send(self, *events, signature=None, body=None):
        body = body_of(*events) if body is None else body
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if signature != "":
            headers["X-Line-Signature"] = signature or signature_of(body)
        return self.client.post("/v1/channels/line", content=body, headers=headers)

    def rows(self, table=REPORT):
        return self.desk._store.database.read(
            lambda c: c.execute(select(table).order_by(table.c.serial)).all()
        )

    def done(self):
        eventually(
            lambda: (
                all(row.work != "waiting" for row in self.rows())
                and all(row.state != "waiting" for row in self.rows(FETCH))
            )
        )


def service(patch, folder, api, **environment):
    (folder / "line.secret").write_bytes(SECRET)
    patch.setenv("SCAMSCREEN_HOME", str(folder / "home"))
    patch.setenv("SCAMSCREEN_OPEN", "1")
    patch.setenv("SCAMSCREEN_LINE_SECRET_FILE", str(folder / "line.secret"))
    for name, value in environment.items():
        patch.setenv(name, value)
    patch.setattr(models, "load_screener", lambda *_, **__: FakeScreener())
    patch.setattr(serving.service, "configure_logging", lambda: None)
    patch.setattr(serving.reports.desk, "LineApi", lambda token: api)
    patch.setattr(serving.channels.reception, "LOOK_AGAIN_SECONDS", 0.01)
    patch.setattr(serving.channels.reception, "FIRST_WAIT_MS", 10)
    return TestClient(
        serving.service.ScamScreen.to_asgi(), base_url="http://line.example", client=("203.0.113.7", 5000)
    )


@pytest.fixture
def running(tmp_path, monkeypatch):
    api = FakeApi()
    with service(monkeypatch, tmp_path, api) as client:
        yield local(Running(client, api))


@pytest.fixture
def answering(tmp_path, monkeypatch):
    api = FakeApi()
    with service(monkeypatch, tmp_path, api, SCAMSCREEN_LINE_REPLY="1") as client:
        yield local(Running(client, api))


def local(running):
    """Let a test read reports as a program on this machine, while LINE's platform is elsewhere."""
    reader = TestClient(running.client.app, base_url="http://localhost", client=("127.0.0.1", 5000))
    running.report = lambda row: reader.get(f"/v1/reports/{row.public_id}").json()
    return running


def test_a_text_is_stored_before_line_is_answered_and_then_screened(running):
    assert running.send(text("They hold us in a compound, help me")).status_code == 200

    [row] = running.rows()
    running.done()
    report = running.report(row)
    assert report["text"] == "They hold us in a compound, help me"
    assert (report["channel"], report["platform"], report["priority"]) == ("line", "line", "urgent")
    assert report["received_at"] == "2026-09-21T14:13:20.000+00:00"
    assert row.lane == 1


def test_its_sender_is_a_token_that_stays_the_same_and_says_nothing(running, tmp_path):
    running.send(text("one"), text("two"))
    running.send(text("three", source={"type": "user", "userId": "Uother"}))
    running.done()

    senders = [running.report(row)["details"]["sender"] for row in running.rows()]
    assert senders[0] == senders[1] != senders[2]
    assert "zqx" not in senders[0]


def test_nothing_that_was_sent_stands_in_the_store_in_the_open(running, tmp_path):
    running.send(text("zqxwords"), image("zqxcontent"))
    running.done()

    for path in (tmp_path / "home").iterdir():
        assert b"zqx" not in path.read_bytes().lower(), path.name


@pytest.mark.parametrize("signature", ["", "zqx", signature_of(b"another body")])
def test_without_its_signature_nothing_is_stored(running, signature):
    response = running.send(text("hello"), signature=signature)

    assert (response.status_code, response.json()["code"]) == (401, "wrong_signature")
    assert running.rows() == []


def test_what_line_sends_again_is_stored_once(running):
    again = text("hello", deliveryContext={"isRedelivery": True})
    running.api.images["200000001"] = [Image("image/png", b"\x89PNG")]
    assert running.send(text("hello"), image()).status_code == 200
    running.done()
    assert running.send(again, image(), text("more")).status_code == 200
    running.done()

    assert len(running.rows()) == 3
    assert len(running.rows(FETCH)) == 1


def test_an_image_is_fetched_and_stored_as_it_came(running):
    content = b"\x89PNG made up"
    running.api.images["200000001"] = [FetchError("not yet", is_final=False), Image("image/png", content)]
    assert running.send(image()).status_code == 200
    eventually(lambda: running.rows(FETCH)[0].state == "fetched")

    [row] = running.rows()
    report = running.report(row)
    assert (report["media_type"], report["bytes"]) == ("image/png", len(content))
    assert report["sha256"] == hashlib.sha256(content).hexdigest()
    assert report["received_at"] == "2026-09-21T14:13:20.000+00:00"
    assert running.rows(FETCH)[0].sealed is None
    assert running.rows(FETCH)[0].report_id == row.public_id


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_what_cannot_be_fetched_is_a_report_that_says_so_and_goes_to_a_person(running, kind):
    running.send(event({"id": "404", "type": kind}))
    running.done()

    [row] = running.rows()
    report = running.report(row)
    assert (report["priority"], report["work"]) == ("review", "failed")
    assert kind in report["text"].lower()
    assert "could not be fetched" in report["text"]
    assert "ดาวน์โหลดไม่ได้" in report["text"]


def test_an_image_that_never_comes_is_given_up_after_an_hour(running, monkeypatch):
    running.api.images["200000001"] = [FetchError("not yet", is_final=False)]
    running.send(image())
    eventually(lambda: running.rows(FETCH)[0].attempts >= 2)
    assert running.rows() == []

    later = time.time_ns() // 1_000_000 + GIVEN_UP_MS + 1
    monkeypatch.setattr(running.desk.line, "_clock", lambda: later)
    eventually(lambda: running.rows(FETCH)[0].state == "given_up")
    assert "could not be fetched" in running.report(running.rows()[0])["text"]


def test_line_may_ask_whether_the_address_is_right(running):
    assert running.send().status_code == 200
    assert running.rows() == []


def test_stickers_are_counted(running):
    from serving.metrics import IGNORED

    def count():
        return IGNORED.labels("line", "sticker")._value.get()

    before = count()
    running.send(event({"id": "1", "type": "sticker"}), event({"id": "2", "type": "sticker"}))
    assert count() == before + 2
    assert running.rows() == []


def test_a_body_that_is_signed_but_unreadable_is_told_so(running):
    assert running.send(body=b"zqx").status_code == 400


def test_nobody_is_answered_unless_the_operator_says_so(running):
    running.send(text("hello"))
    running.done()
    time.sleep(0.1)
    assert running.api.answered == []


def test_a_sender_is_answered_once_the_report_is_known_not_to_be_urgent(answering):
    answering.send(text("hello", replyToken="first"), text("and more", replyToken="second"))
    eventually(lambda: answering.api.answered)
    assert answering.api.answered == ["second"]


@pytest.mark.parametrize(
    "events",
    [
        [text("help me", replyToken="urgent")],
        [text("good morning"), text("help me", replyToken="urgent")],
        [text("help me", replyToken="urgent"), text("good evening")],
        [text("look at this", replyToken="picture"), image()],
    ],
    ids=["urgent", "urgent last", "urgent first", "with a picture"],
)
def test_nobody_is_answered_who_may_be_in_danger(answering, events):
    answering.send(*events)
    answering.send(text("something else", source={"type": "user", "userId": "Uother"}, replyToken="other"))
    eventually(lambda: answering.api.answered)
    answering.done()
    time.sleep(0.1)
    assert answering.api.answered == ["other"]


def test_the_answer_is_one_line_that_names_nothing():
    assert "\n" not in REPLY
    assert REPLY.isascii() is False
    for word in (
        "police",
        "traffick",
        "hotline",
        "report",
        "scam",
        "help",
        "ตำรวจ",
        "ค้ามนุษย์",
        "สายด่วน",
        "ช่วย",
    ):
        assert word not in REPLY.lower()


def test_an_account_that_is_not_set_up_takes_nothing(tmp_path, monkeypatch):
    with service(monkeypatch, tmp_path, FakeApi(), SCAMSCREEN_LINE_SECRET_FILE="") as client:
        response = client.post("/v1/channels/line", json={"events": []})
    assert response.status_code == 404


def test_images_are_asked_for_with_the_token_and_within_their_limit(monkeypatch):
    import httpx

    from serving.channels import line

    answers = {
        "good": httpx.Response(200, headers={"Content-Type": "image/png"}, content=b"png"),
        "large": httpx.Response(200, headers={"Content-Type": "image/png"}, content=b"x" * 101),
        "film": httpx.Response(200, headers={"Content-Type": "video/mp4"}, content=b"x"),
        "gone": httpx.Response(404),
        "soon": httpx.Response(202),
        "down": httpx.Response(503),
    }
    asked = []

    def answer(request):
        asked.append(request)
        return answers[request.url.path.split("/")[-2]]

    real = httpx.AsyncClient
    monkeypatch.setattr(line, "MAX_IMAGE_BYTES", 100)
    monkeypatch.setattr(
        line.httpx,
        "AsyncClient",
        lambda **options: real(transport=httpx.MockTransport(answer), **options),
    )
    api = line.LineApi("zqxtoken")

    assert asyncio.run(api.fetch("good")) == Image("image/png", b"png")
    assert asked[0].headers["authorization"] == "Bearer zqxtoken"
    for content_id, is_final in {
        "large": True,
        "film": True,
        "gone": True,
        "soon": False,
        "down": False,
    }.items():
        with pytest.raises(FetchError) as told:
            asyncio.run(api.fetch(content_id))
        assert told.value.is_final is is_final, content_id
    with pytest.raises(FetchError):
        asyncio.run(api.fetch("../../zqx"))
    with pytest.raises(FetchError):
        asyncio.run(line.LineApi("").fetch("good"))
    assert len(asked) == 6
