"""The client and a real service: over lines that break, nothing is stored twice and no event is missed."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from serving.client import (
    AsyncClient,
    Change,
    ChangedMeanwhileError,
    Client,
    ConflictError,
    Consent,
    Document,
    NotFoundError,
    Report,
    Retries,
    Search,
)
from tests.test_serving.client_of import Waited
from tests.test_serving.conftest import command
from tests.test_serving.cut_line import CutLine

SOON = Retries(first_seconds=0.01)
SECONDS = 30


@pytest.fixture(params=["sync", "async"])
def connect(request):
    """Makes clients of either kind."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def made(url, key=None, **options):
            given = {"retries": SOON, "timeout_seconds": SECONDS, **options}
            client = (
                Client(url, key, **given) if request.param == "sync" else Waited(runner, url, key, **given)
            )
            stack.callback(client.close)
            return client

        yield made


@pytest.fixture
def client(connect, server):
    return connect(server.url)


@pytest.fixture
def cut(server):
    """Makes lines to the service that break."""
    with ExitStack() as stack:

        def made(*cuts):
            line = CutLine(server.port, *cuts)
            stack.callback(line.close)
            return line

        yield made


def new_word():
    """Return a word that no other report holds."""
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:16])


def screened(client, report_id):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        report = client.report(report_id)
        if report["work"] == "screened":
            return report
        time.sleep(0.02)
    raise AssertionError("not screened in time")


def test_texts_are_screened_and_redacted(client):
    first, error = client.screen([Document("help me", id="a"), ""])
    answer = client.redact(["call Somchai 081-555-0143"], types=["PHONE"], style="mask")

    assert (first["id"], first["priority"]) == ("a", "urgent")
    assert error["error"]["code"] == "empty_text"
    assert answer["results"][0]["text"] == "call Somchai •••-•••-••••"


@pytest.mark.parametrize("cuts", [[b""], [b"", b"HTTP/1.1 202"], [b"", b"", b"case_ref"]])
def test_reports_whose_answer_was_lost_are_stored_once(connect, client, cut, cuts):
    word = new_word()
    line = cut(*cuts)

    accepted = connect(line.url).send_reports([Report(text=f"{word} one"), Report(text=f"{word} two")])

    assert line.connections == len(cuts) + 1
    for report in accepted:
        screened(client, report["id"])
    found = client.page(Search(words=word))
    assert {one["id"] for one in found["reports"]} == {one["id"] for one in accepted}
    assert found["count"] == "2"


def test_a_report_is_kept_as_it_was_sent_and_an_image_too(client):
    image = BytesIO()
    Image.new("RGB", (20, 20)).save(image, "png")

    text_id = client.send_report(
        Report(
            text="half \ud83d of a pair, help me",
            channel="hotline",
            safe_to_contact="no",
            consent=Consent(refer="yes", by="the night shift"),
        )
    )["id"]
    image_id = client.send_report(Report(content=image.getvalue(), media_type="image/png"))["id"]

    text, picture = screened(client, text_id), client.report(image_id)
    assert (text["text"], text["priority"]) == ("half \ud83d of a pair, help me", "urgent")
    assert text["details"]["consent"]["by"] == "the night shift"
    assert (picture["media_type"], picture["bytes"]) == ("image/png", len(image.getvalue()))


def test_all_pages_of_a_search_are_one_list(client):
    word = new_word()
    sent = [
        one["id"] for one in client.send_reports([Report(text=f"{word} {number}") for number in range(5)])
    ]
    for report_id in sent:
        screened(client, report_id)

    found = [one["id"] for one in client.search(Search(words=word, limit=2, sort="newest"))]

    assert found == sent[::-1]


def test_near_copies_are_a_campaign(client):
    word = new_word()
    text = f"{word} good morning to all of you, the market opens at nine and closes at five today"
    sent = [one["id"] for one in client.send_reports([Report(text=text), Report(text=text)])]
    for report_id in sent:
        screened(client, report_id)

    [campaign_id] = {one["campaign_id"] for one in client.search(Search(words=word))}
    reports = {one["id"]: one["reports"] for one in client.campaigns(least_reports=2)}
    assert reports[campaign_id] >= 2


def test_a_change_is_made_to_what_was_seen_and_to_nothing_else(client):
    seen = screened(client, client.send_report(Report(text="help me"))["id"])

    changed = client.change(seen["id"], seen["version"], Change(status="acknowledged", note="rang back"))
    with pytest.raises(ChangedMeanwhileError) as late:
        client.change(seen["id"], seen["version"], Change(status="in_review"))
    with pytest.raises(ConflictError) as wrong:
        client.change(seen["id"], changed["version"], Change(status="labels_agreed"))

    assert (changed["status"], changed["version"]) == ("acknowledged", seen["version"] + 1)
    assert late.value.maybe_by_this_call is False
    assert wrong.value.code == "wrong_state"
    last = client.history(seen["id"])[-1]
    assert (last["changes"]["status"], last["words"]) == (
        {"before": "new", "after": "acknowledged"},
        {"note": "rang back"},
    )


def test_a_change_whose_answer_was_lost_is_made_once_and_said_to_be_perhaps_made(connect, client, cut):
    seen = screened(client, client.send_report(Report(text="help me"))["id"])

    with pytest.raises(ChangedMeanwhileError) as failed:
        connect(cut(b"").url).change(seen["id"], seen["version"], Change(note="rang back"))

    assert failed.value.maybe_by_this_call
    assert [one["action"] for one in client.history(seen["id"])].count("changed") == 1


def test_a_report_that_is_not_there_is_an_error_of_its_own(client):
    with pytest.raises(NotFoundError, match="read report: 404 not_found"):
        client.report("0" * 32)


def test_events_come_once_each_and_in_order_over_lines_that_break(connect, client, cut):
    start = client.send_report(Report(text="the first"))["id"]
    before = next(one.serial for one in client.events(after=0) if one.report_id == start)
    sent = client.send_reports([Report(text=f"help me {number}") for number in range(3)])
    last = sent[-1]["id"]
    line = cut(b"", sent[1]["id"].encode(), b"report.urgent")

    heard = []
    for event in connect(line.url).events(after=before):
        heard.append(event)
        if {("report.urgent", last), ("report.screened", last)} <= {
            (one.kind, one.report_id) for one in heard
        }:
            break

    assert line.connections == 4
    assert [one.serial for one in heard] == sorted({one.serial for one in heard})
    for report in sent:
        kinds = [one.kind for one in heard if one.report_id == report["id"]]
        assert sorted(kinds) == ["report.screened", "report.stored", "report.urgent"]
        assert {one.case_ref for one in heard if one.report_id == report["id"]} == {report["case_ref"]}


def test_many_threads_may_share_a_client(server):
    with Client(server.url, retries=SOON) as client, ThreadPoolExecutor(8) as threads:
        accepted = list(threads.map(client.send_report, [Report(text=f"{number}") for number in range(40)]))

    assert len({one["id"] for one in accepted}) == 40


def test_many_tasks_may_share_a_client(server):
    async def send():
        async with AsyncClient(server.url, retries=SOON) as client:
            return await asyncio.gather(
                *(client.send_report(Report(text=f"{number}")) for number in range(40))
            )

    assert len({one["id"] for one in asyncio.run(send())}) == 40


def test_a_key_that_asks_too_often_is_waited_for(connect, closed):
    key = command(closed, "keys", "create", new_word(), "--scopes", "screen", "--limits", "1/second")
    client = connect(closed.url, key)

    for _ in range(3):
        assert len(client.screen(["good morning"])) == 1

    assert closed.written().count(b"POST screen 429") >= 1
