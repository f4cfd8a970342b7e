"""The entrance before an app that records what reaches it."""

import asyncio

import pytest

from serving.screening.batcher import QueueClosedError, QueueFullError
from serving.screening.entrance import CLIENT_LEFT, EntranceMiddleware

POST = {"type": "http", "method": "POST", "path": "/v1/screen"}
BODY = {"type": "http.request", "body": b"{}", "more_body": False}


class Door:
    """Stands for the queue: open, or closed for a reason."""

    def __init__(self, reason=None):
        self.reason = reason

    def refuse_if_full(self):
        if self.reason:
            raise self.reason


class App:
    """Reads a body, then answers, or is busy for ever."""

    def __init__(self, *, is_busy=False):
        self.is_busy = is_busy
        self.bodies = []
        self.was_cancelled = False

    async def __call__(self, scope, receive, send):
        self.bodies.append(await receive())
        try:
            await asyncio.sleep(30 if self.is_busy else 0)
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"answer"})


def talk(app, *, door=None, leaves=False):
    """Return what is sent to a client that posts a body and then leaves or waits."""
    sent = []

    async def scenario():
        messages = asyncio.Queue()
        messages.put_nowait(BODY)
        if leaves:
            messages.put_nowait({"type": "http.disconnect"})

        async def send(message):
            sent.append(message)

        await EntranceMiddleware(app, find_batcher=lambda: door or Door())(POST, messages.get, send)

    asyncio.run(scenario())
    return sent


def test_a_request_passes_with_its_body():
    app = App()
    start, body = talk(app)
    assert (start["status"], body["body"], app.bodies) == (200, b"answer", [BODY])


@pytest.mark.parametrize(
    ("reason", "status", "retry_after"),
    [(QueueFullError(2.4), 429, b"3"), (QueueFullError(0.2), 429, b"1"), (QueueClosedError(), 503, b"5")],
)
def test_a_request_that_has_no_chance_is_refused_before_it_is_read(reason, status, retry_after):
    app = App()
    start, _ = talk(app, door=Door(reason))
    assert start["status"] == status
    assert dict(start["headers"]).get(b"retry-after") == retry_after
    assert dict(start["headers"])[b"content-type"].startswith(b"application/problem+json")
    assert app.bodies == []


def test_a_request_whose_client_left_is_given_up():
    app = App(is_busy=True)
    start, _ = talk(app, leaves=True)
    assert app.was_cancelled
    assert start["status"] == CLIENT_LEFT


def test_an_app_that_runs_out_of_time_by_itself_is_not_taken_for_a_client_that_left():
    async def late(scope, receive, send):
        raise TimeoutError

    with pytest.raises(TimeoutError):
        talk(late)


def test_a_report_is_taken_however_much_waits_to_be_screened_at_once():
    app = App()

    async def scenario():
        messages = asyncio.Queue()
        messages.put_nowait(BODY)

        async def send(message):
            assert message.get("status", 200) == 200

        door = Door(QueueFullError(7))
        entrance = EntranceMiddleware(app, find_batcher=lambda: door)
        for path in ("/v1/reports", "/v1/channels/line"):
            messages.put_nowait(BODY)
            await entrance({**POST, "path": path}, messages.get, send)

    asyncio.run(scenario())
    assert app.bodies == [BODY, BODY]
