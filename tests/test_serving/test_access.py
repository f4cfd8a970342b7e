import asyncio

import pytest

import serving.access.gate
from serving.access.gate import AccessMiddleware
from serving.access.gatekeeper import NO_KEY, RefusedError
from serving.access.routes import MAX_BODY_BYTES, ROUTES, route_name
from serving.settings import Settings
from serving.store.access.callers import SCOPES, Caller
from serving.store.errors import StoreUnavailableError
from serving.store.organisations import Actor

OPEN = Settings(open=True)
CLOSED = Settings(open=False)
JSON = {"content-type": "application/json"}


def scope(path="/metrics", method="GET", client=("127.0.0.1", 5000), headers=(), host="localhost:3000"):
    sent = [("host", host), *(headers.items() if isinstance(headers, dict) else headers)]
    return {
        "type": "http",
        "method": method,
        "path": path,
        "client": client,
        "headers": [(name.encode(), value.encode()) for name, value in sent if value is not None],
    }


class Gatekeeper:
    """Lets nobody in with a key; keeps what it was asked."""

    local = Caller(Actor(1, 1), frozenset(SCOPES))

    def __init__(self, error=None):
        self.asked = []
        self.error = error or RefusedError(NO_KEY)

    async def caller(self, authorization, address):
        self.asked.append((authorization, address))
        raise self.error


class NobodyIsSignedIn:
    """Knows of no session."""

    async def session(self, token, *, is_by_person):
        return None


def status_of(scope, settings=OPEN):
    return run(App(), scope, [part(b"")], settings)[0]["status"]


@pytest.mark.parametrize("path", ["/metrics", "/v1/taxonomy", "/openapi.json", "/livez", "/readyz"])
def test_open_mode_answers_a_program_on_this_machine(path):
    assert status_of(scope(path)) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/docs.json",
        "/schema.json",
        "/healthz",
        "/static_content/x.js",
        "/v1/screen/",
        "//v1/screen",
        "/V1/screen",
    ],
)
def test_whatever_is_not_named_does_not_exist(path):
    assert status_of(scope(path)) == 404


@pytest.mark.parametrize(
    "path", ["/v1/screen", "/v1/taxonomy", "/metrics", "/openapi.json", "/", "/schema.json"]
)
def test_without_open_mode_everything_but_the_probes_wants_a_key(path):
    assert status_of(scope(path), CLOSED) == 401


@pytest.mark.parametrize("settings", [OPEN, CLOSED])
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_answer_everybody_in_every_mode(path, settings):
    assert status_of(scope(path, client=("10.0.0.9", 1), host="pod.example"), settings) == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:3000", "[::1]", "[::1]:3000"]
)
def test_open_mode_answers_to_the_names_of_this_machine(host):
    assert status_of(scope(host=host)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "scamscreen.example",
        "localhost.example",
        "127.0.0.1.example",
        "127.0.0.2",
        "0.0.0.0",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost:port",
        "localhost/evil.example",
        "[::1",
        "",
        None,
    ],
)
def test_open_mode_refuses_any_other_host(host):
    assert status_of(scope(host=host)) == 403


def test_open_mode_refuses_two_hosts():
    assert status_of(scope(headers={"host": "localhost"})) == 403


@pytest.mark.parametrize(
    "header",
    [
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-forwarded-anything",
        "via",
        "x-real-ip",
    ],
)
def test_open_mode_refuses_what_came_through_a_proxy(header):
    assert status_of(scope(headers={header: "127.0.0.1"})) == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost", "http://localhost:8080", "https://127.0.0.1", "http://[::1]:1"]
)
def test_open_mode_answers_pages_of_this_machine(origin):
    assert status_of(scope(headers={"origin": origin})) == 200


@pytest.mark.parametrize(
    "origin", ["null", "https://evil.example", "http://localhost.evil.example", "localhost", ""]
)
def test_open_mode_refuses_pages_from_elsewhere(origin):
    assert status_of(scope(headers={"origin": origin})) == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_open_mode_answers_loopback_addresses(address):
    assert status_of(scope(client=(address, 1))) == 200


@pytest.mark.parametrize(
    "client", [("10.0.0.9", 1), ("::ffff:10.0.0.9", 1), ("fe80::1", 1), ("unknown", 1), None]
)
def test_open_mode_refuses_every_other_address(client):
    assert status_of(scope(client=client)) == 403


@pytest.mark.parametrize(
    ("path", "method"),
    [("/v1/screen", "GET"), ("/v1/screen", "OPTIONS"), ("/metrics", "POST"), ("/livez", "DELETE")],
)
def test_a_wrong_method_is_refused(path, method):
    assert status_of(scope(path, method, headers=JSON)) == 405


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_json_may_be_posted(content_type):
    assert status_of(scope("/v1/screen", "POST", headers={"content-type": content_type})) == 200


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/vnd.bentoml+pickle", "multipart/form-data", "application/json5", None],
)
def test_nothing_but_json_may_be_posted(content_type):
    assert status_of(scope("/v1/screen", "POST", headers={"content-type": content_type})) == 415


def test_a_path_has_no_other_name_than_its_route():
    assert {route_name(path) for path in ROUTES} == {route.name for route in ROUTES.values()}
    assert route_name("/v1/screen/somebody") == "other"


class App:
    """Keeps the bodies and the callers that reach it."""

    def __init__(self):
        self.bodies = []
        self.callers = []

    async def __call__(self, scope, receive, send):
        self.bodies.append((await receive())["body"])
        self.callers.append(scope["state"]["caller"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def call(app, scope, messages, settings, gatekeeper):
    sent = []
    waiting = iter(messages)

    async def receive():
        return next(waiting)

    async def send(message):
        sent.append(message)

    middleware = AccessMiddleware(
        app,
        read_settings=lambda: settings,
        find_gatekeeper=lambda: gatekeeper,
        find_session_keeper=NobodyIsSignedIn,
    )
    await middleware(scope, receive, send)
    return sent


def run(app, scope, messages, settings=OPEN, gatekeeper=None):
    """Run a call that never waits, so that no event loop is needed."""
    coroutine = call(app, scope, messages, settings, gatekeeper or Gatekeeper())
    try:
        coroutine.send(None)
    except StopIteration as finished:
        return finished.value
    raise AssertionError("the call waits")


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


POST = scope("/v1/screen", "POST", headers=JSON)


def test_a_body_in_parts_arrives_whole():
    app = App()
    run(app, POST, [part(b"ab", more=True), part(b"", more=True), part(b"cd")])
    assert app.bodies == [b"abcd"]


def test_a_body_announced_over_the_limit_is_not_read():
    app = App()
    sent = run(
        app, scope("/v1/screen", "POST", headers={**JSON, "content-length": str(MAX_BODY_BYTES + 1)}), []
    )
    assert sent[0]["status"] == 413
    assert app.bodies == []


def test_a_body_that_grows_over_the_limit_is_dropped():
    app = App()
    sent = run(app, POST, [part(b"x" * MAX_BODY_BYTES, more=True), part(b"x", more=True)])
    assert sent[0]["status"] == 413
    assert app.bodies == []


def test_a_body_at_the_limit_is_read():
    app = App()
    run(app, POST, [part(b"x" * MAX_BODY_BYTES)])
    assert len(app.bodies[0]) == MAX_BODY_BYTES


def test_half_a_body_is_never_passed_on():
    app = App()
    sent = run(app, POST, [part(b"ab", more=True), {"type": "http.disconnect"}])
    assert sent[0]["status"] == 400
    assert app.bodies == []


def test_a_websocket_is_closed():
    app = App()
    assert run(app, {"type": "websocket", "path": "/v1/screen"}, []) == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert app.bodies == []


def test_whoever_asks_in_open_mode_is_the_local_actor_with_every_scope():
    app = App()
    run(app, scope(headers={"authorization": "Bearer whatever"}), [part(b"")])
    assert app.callers == [Gatekeeper.local]


def test_probes_have_no_caller_and_ask_for_none():
    app, gatekeeper = App(), Gatekeeper()
    run(app, scope("/livez"), [part(b"")], CLOSED, gatekeeper)
    assert (app.callers, gatekeeper.asked) == ([None], [])


def test_a_client_cannot_say_who_it_is():
    app = App()
    forged = {**scope("/livez"), "state": {"caller": Gatekeeper.local, "kept": 1}}
    run(app, forged, [part(b"")], CLOSED)
    assert app.callers == [None]


def test_the_gatekeeper_is_shown_the_header_and_the_address():
    gatekeeper = Gatekeeper()
    shown = scope(client=("203.0.113.7", 1), headers={"authorization": "Bearer x"})
    run(App(), shown, [], CLOSED, gatekeeper)
    assert gatekeeper.asked == [(["Bearer x"], "203.0.113.7")]


def test_a_key_that_cannot_be_checked_lets_nobody_in_and_says_when_to_try_again():
    app = App()
    start, _ = run(app, scope(), [], CLOSED, Gatekeeper(StoreUnavailableError("away")))
    assert (start["status"], app.callers) == (503, [])
    assert (b"retry-after", b"5") in start["headers"]


def test_a_stranger_who_does_not_end_a_body_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(serving.access.gate, "STRANGER_SECONDS", 0.01)
    app, sent = App(), []

    async def never():
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    gate = AccessMiddleware(
        app, read_settings=lambda: CLOSED, find_gatekeeper=Gatekeeper, find_session_keeper=NobodyIsSignedIn
    )
    asked = scope("/v1/channels/line", "POST", headers=JSON)
    asyncio.run(asyncio.wait_for(gate(asked, never, send), 5))

    assert sent[0]["status"] == 400
    assert app.bodies == []
