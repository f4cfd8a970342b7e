"""The client: what it makes of every answer, and of none."""

import asyncio
import json
import logging
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from serving.client import (
    Change,
    ChangedMeanwhileError,
    Client,
    ClientError,
    ConflictError,
    Document,
    EntityAsked,
    InvalidRequestError,
    NotAllowedError,
    NotAnsweredError,
    NotFoundError,
    Report,
    Retries,
    Search,
    StreamLostError,
    TooManyRequestsError,
    UnavailableError,
    UnexpectedAnswerError,
)
from serving.client.patience import Patience
from tests.test_serving.client_of import Waited

ID = "0123456789abcdef0123456789abcdef"
KEY = f"ssk_{'0' * 16}_{'a' * 64}"
WORDS = "zqxsentinel"
REPORT = Report(text=f"{WORDS} help me", channel="hotline", code_word=WORDS)
STORED = {"reports": [{"id": ID, "case_ref": "SS-2026-000001"}]}
TRIES = 4


class Script:
    """A service that answers what it is told to, one answer after the other, and remembers the requests."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, type):
            raise answer("refused" if answer is httpx.ConnectError else WORDS)
        return answer() if callable(answer) else answer


def said(status, content=None, **headers):
    return lambda: httpx.Response(status, json=content, headers=headers)


def refused(status, code="some_code", **headers):
    problem = {
        "type": "about:blank",
        "title": "",
        "status": status,
        "code": code,
        "detail": "expected better",
    }
    return lambda: httpx.Response(
        status, json=problem, headers={"Content-Type": "application/problem+json", **headers}
    )


def stream(content):
    return lambda: httpx.Response(200, content=content, headers={"Content-Type": "text/event-stream"})


@pytest.fixture
def waits(monkeypatch):
    """The pauses that clients made, in seconds; none is waited for."""
    made = []

    async def not_slept(seconds):
        made.append(seconds)

    monkeypatch.setattr("serving.client.client.sleep", made.append)
    monkeypatch.setattr("serving.client.async_client.sleep", not_slept)
    return made


@pytest.fixture(params=["sync", "async"])
def client_of(request, waits):
    """Makes a client of either kind for a script."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def made(script, **options):
            given = {"transport": httpx.MockTransport(script), "retries": Retries(attempts=TRIES), **options}
            client = (
                Client("http://localhost", KEY, **given)
                if request.param == "sync"
                else Waited(runner, "http://localhost", KEY, **given)
            )
            stack.callback(client.close)
            return client

        yield made


LOST = [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]


@pytest.mark.parametrize(
    "failure",
    [*LOST, refused(429), refused(503), said(502), said(504)],
    ids=["refused", "silent", "cut", "429", "503", "502", "504"],
)
def test_what_failed_for_the_moment_is_sent_again_as_it_was(client_of, waits, failure):
    script = Script(failure, failure, said(202, STORED))

    accepted = client_of(script).send_report(REPORT)

    assert accepted == STORED["reports"][0]
    assert len({(one.content, one.headers["Idempotency-Key"]) for one in script.requests}) == 1
    assert (len(script.requests), len(waits)) == (3, 2)


def test_every_sending_has_a_key_of_its_own_and_a_given_one_is_used(client_of):
    script = Script(said(202, STORED))
    client = client_of(script)

    client.send_report(REPORT)
    client.send_report(REPORT)
    client.send_report(REPORT, idempotency_key="call-17")

    first, second, third = (one.headers["Idempotency-Key"] for one in script.requests)
    assert len({first, second, "call-17"}) == 3
    assert third == "call-17"


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ReadTimeout, NotAnsweredError),
        (refused(503), UnavailableError),
        (refused(429), TooManyRequestsError),
    ],
)
def test_a_report_that_could_not_be_sent_can_be_sent_again_later(client_of, failure, error):
    script = Script(failure)
    client = client_of(script)

    with pytest.raises(error) as failed:
        client.send_report(REPORT)
    assert len(script.requests) == TRIES
    script.answers = [said(202, STORED)]
    client.send_report(REPORT, idempotency_key=failed.value.idempotency_key)

    assert len({(one.content, one.headers["Idempotency-Key"]) for one in script.requests}) == 1


def test_the_service_is_not_asked_again_before_it_said(client_of, waits):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    failures = [refused(429, **{"Retry-After": "7"}), refused(503, **{"Retry-After": date})]

    client_of(Script(*failures, said(200, {"results": [{}]}))).screen(["hello"])

    assert 7 <= waits[0] < 9
    assert 29 < waits[1] < 33


def test_who_is_asked_to_wait_too_long_is_told_at_once(client_of, waits):
    script = Script(refused(429, code="too_often", **{"Retry-After": "3600"}))

    with pytest.raises(TooManyRequestsError, match="too_often: expected better") as failed:
        client_of(script).screen(["hello"])

    assert failed.value.retry_after_seconds == 3600
    assert (len(script.requests), waits) == (1, [])


def test_pauses_grow_to_a_limit_and_vary_by_half():
    retries = Retries(attempts=6, first_seconds=1, most_seconds=4, patience_seconds=100)

    def pauses(chance):
        patience = Patience(retries, chance)
        return [patience.wait_after(ClientError("")) for _ in range(5)]

    assert pauses(lambda low, high: 1.0) == [1, 2, 4, 4, 4]
    assert pauses(lambda low, high: low) == [0.5, 1, 2, 2, 2]
    assert pauses(lambda low, high: high) == [1.5, 3, 6, 6, 6]


def test_nobody_is_kept_waiting_beyond_their_patience(client_of, waits):
    retries = Retries(attempts=1000, first_seconds=1, most_seconds=4, patience_seconds=20)

    with pytest.raises(UnavailableError):
        client_of(Script(refused(503)), retries=retries).screen(["hello"])

    assert 5 < sum(waits) <= 20


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidRequestError),
        (401, NotAllowedError),
        (403, NotAllowedError),
        (404, NotFoundError),
        (409, ConflictError),
        (412, ChangedMeanwhileError),
        (413, InvalidRequestError),
        (422, InvalidRequestError),
        (428, InvalidRequestError),
        (500, UnavailableError),
    ],
)
def test_what_would_be_refused_again_is_an_error_of_its_own_at_once(client_of, waits, status, error):
    script = Script(refused(status))

    with pytest.raises(error) as failed:
        client_of(script).change(ID, 3, Change(note=WORDS))

    assert (failed.value.status, failed.value.code, failed.value.detail) == (
        status,
        "some_code",
        "expected better",
    )
    assert (len(script.requests), waits) == (1, [])


@pytest.mark.parametrize(
    ("before", "maybe"),
    [([], False), ([refused(429)], False), ([httpx.ReadTimeout], True), ([refused(503)], True)],
)
def test_a_change_whose_answer_was_lost_says_that_it_may_have_been_made(client_of, before, maybe):
    script = Script(*before, refused(412))

    with pytest.raises(ChangedMeanwhileError) as failed:
        client_of(script).change(ID, 3, Change(status="acknowledged"))

    assert failed.value.maybe_by_this_call is maybe
    assert {one.headers["If-Match"] for one in script.requests} == {'"3"'}


@pytest.mark.parametrize(
    "answer",
    [
        said(200, STORED),
        said(202, {"reports": []}),
        said(202, {"reports": [{"id": ID}]}),
        said(202, [WORDS]),
        lambda: httpx.Response(202, html=f"<p>{WORDS}</p>"),
        lambda: httpx.Response(302, headers={"Location": f"https://{WORDS}.example"}),
    ],
    ids=["another status", "too few", "half", "a list", "a page", "elsewhere"],
)
def test_a_report_counts_as_stored_only_if_the_service_says_so(client_of, answer):
    script = Script(answer)

    with pytest.raises(UnexpectedAnswerError) as failed:
        client_of(script).send_report(REPORT)

    assert failed.value.idempotency_key == script.requests[0].headers["Idempotency-Key"]
    assert len(script.requests) == 1


def test_a_stream_that_does_not_come_back_says_where_to_go_on(client_of):
    script = Script(stream(b"retry: 1000\nid: 41\n\n:\n\nid: 42\nevent: x\nda"), httpx.ConnectError)

    with pytest.raises(StreamLostError) as failed:
        list(client_of(script).events(after=40))

    assert [one.headers["Last-Event-ID"] for one in script.requests] == ["40", *["41"] * (TRIES - 1)]
    assert failed.value.last_event_id == 41


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(401), NotAllowedError),
        (said(200, {}), UnexpectedAnswerError),
        (said(204), UnexpectedAnswerError),
    ],
)
def test_a_stream_that_will_never_come_is_not_waited_for(client_of, waits, answer, error):
    with pytest.raises(error):
        list(client_of(Script(answer)).events())

    assert waits == []


CALLS = [
    lambda client: client.screen([Document(f"{WORDS} help me", id=WORDS)]),
    lambda client: client.redact([WORDS], style="mask"),
    lambda client: client.send_reports([REPORT, Report(content=WORDS.encode())], idempotency_key=WORDS),
    lambda client: client.change(ID, 1, Change(note=WORDS, reason=WORDS, assignee=WORDS)),
    lambda client: client.page(Search(words=WORDS, entities=[EntityAsked("PHONE", WORDS)])),
    lambda client: list(client.events()),
]
ANSWERS = [
    *LOST,
    refused(422),
    refused(503),
    said(200, {"text": WORDS}),
    said(202, {"text": WORDS}),
    lambda: httpx.Response(500, text=WORDS),
    lambda: httpx.Response(200, text=f'{{"{WORDS}'),
    lambda: httpx.Response(404, json={"code": WORDS, "detail": WORDS}),
    lambda: httpx.Response(302, headers={"Location": f"/{WORDS}"}),
    stream(f"id: 1\ndata: {WORDS}\n\n".encode()),
    lambda: httpx.Response(
        400, json={"code": f"{WORDS}!", "detail": WORDS}, headers={"Content-Type": "application/problem+json"}
    ),
]


@pytest.mark.parametrize("call", CALLS)
def test_no_error_and_no_log_holds_a_word_or_the_key(client_of, caplog, call):
    caplog.set_level(logging.DEBUG)
    errors = []
    for answer in ANSWERS:
        with pytest.raises(ClientError) as failed:
            call(client_of(Script(answer)))
        errors += traceback.format_exception(failed.value)

    written = "".join(errors) + caplog.text
    assert "again in" in caplog.text
    for secret in (WORDS, KEY):
        assert secret not in written


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://scamscreen.example", KEY),
        ("ftp://scamscreen.example", KEY),
        ("scamscreen.example", KEY),
        ("https://", KEY),
        (f"https://{WORDS}@scamscreen.example", KEY),
        ("https://scamscreen.example", f"{WORDS}\n{WORDS}"),
        ("https://scamscreen.example", f"{WORDS}กข"),
    ],
)
def test_an_address_or_a_key_that_cannot_be_is_refused_unquoted(url, key):
    with pytest.raises(ValueError, match=r"^(url|key): expected") as refused_one:
        Client(url, key)

    assert WORDS not in str(refused_one.value)


def test_address_and_key_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("SCAMSCREEN_URL", "https://scamscreen.example/behind")
    monkeypatch.setenv("SCAMSCREEN_KEY", f"{KEY}\n")
    script = Script(said(200, {"results": [{}]}))

    with Client(transport=httpx.MockTransport(script)) as client:
        client.screen(["hello"])

    assert script.requests[0].url == "https://scamscreen.example/behind/v1/screen"
    assert script.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_what_is_no_id_gets_into_no_url(client_of):
    script = Script(said(200, {}))
    client = client_of(script)

    for report_id in ("SS-2026-000017", "../reports/search", f"{ID}?text={WORDS}", ""):
        with pytest.raises(ValueError, match="not its case number"):
            client.report(report_id)

    assert script.requests == []


def test_a_body_is_json_in_ascii_whatever_a_text_holds(client_of):
    script = Script(said(202, STORED))

    client_of(script).send_report(Report(text="half \ud83d of a pair, ไทย"))

    [request] = script.requests
    assert json.loads(request.content)["reports"][0]["text"] == "half \ud83d of a pair, ไทย"
    assert request.headers["Content-Type"] == "application/json"
