"""`/v1/webhooks` and `/v1/events` through the whole service."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from starlette.testclient import TestClient

import models
import serving.service
from tests.fakes import FakeScreener
from tests.test_serving.conftest import Server, end_serving, free_port, start_serving, wait_until_ready

SECONDS = 10


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The whole service in this process, with a fake model; receivers on this machine are allowed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("SCAMSCREEN_OPEN", "1")
        patch.setenv("SCAMSCREEN_WEBHOOK_PRIVATE", "1")
        patch.setattr(models, "load_screener", lambda *_, **__: FakeScreener())
        patch.setattr(serving.service, "configure_logging", lambda: None)
        app = serving.service.ScamScreen.to_asgi()
        with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5000)) as client:
            yield client


@contextmanager
def receiver():
    """A receiver on this machine that takes everything; yields its URL and what it was sent."""
    sent = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", sent
    finally:
        server.shutdown()
        server.server_close()


def wait(condition):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come to that")


def test_a_webhook_is_told_of_a_report_from_its_storing_to_its_screening(client):
    with receiver() as (url, sent):
        added = client.post("/v1/webhooks", json={"url": url})
        webhook_id = added.json()["id"]
        response = client.post("/v1/reports", json={"reports": [{"text": "zqxwords help me"}]})
        [report] = response.json()["reports"]
        wait(lambda: len(sent) == 3)
        wait(
            lambda: all(
                one["state"] == "delivered"
                for one in client.get(f"/v1/webhooks/{webhook_id}/deliveries").json()["deliveries"]
            )
        )
        client.delete(f"/v1/webhooks/{webhook_id}")

    assert added.status_code == 201
    assert added.json()["secret"].startswith("whsec_")
    said = [json.loads(body) for body in sent]
    assert {(one["id"], one["case_ref"]) for one in said} == {(report["id"], report["case_ref"])}
    assert {one["kind"] for one in said} == {"report.stored", "report.screened", "report.urgent"}
    assert b"zqx" not in b"".join(sent)


def test_url_and_secret_are_not_shown_again(client):
    with receiver() as (url, _):
        added = client.post("/v1/webhooks", json={"url": f"{url}/zqxpath", "kinds": ["report.urgent"]}).json()
        shown = client.get("/v1/webhooks")
        client.delete(f"/v1/webhooks/{added['id']}")

    [one] = shown.json()["webhooks"]
    assert (one["id"], one["kinds"], one["disabled_at"]) == (added["id"], ["report.urgent"], None)
    assert url.startswith(f"http://{one['host']}/")
    assert "zqx" not in shown.text
    assert added["secret"] not in shown.text
    assert client.get("/v1/webhooks").json() == {"webhooks": []}


def test_a_webhook_can_be_tested_and_a_delivery_made_again(client):
    with receiver() as (url, sent):
        webhook_id = client.post("/v1/webhooks", json={"url": url}).json()["id"]
        tested = client.post(f"/v1/webhooks/{webhook_id}/test")
        wait(lambda: sent)
        wait(lambda: _delivery(client, webhook_id)["state"] == "delivered")
        again = client.post(f"/v1/webhooks/{webhook_id}/deliveries/{tested.json()['id']}/retry")
        shown = _delivery(client, webhook_id)
        client.delete(f"/v1/webhooks/{webhook_id}")

    assert tested.status_code == 202
    assert json.loads(sent[0])["kind"] == "webhook.test"
    assert (shown["id"], shown["last_status"], shown["attempts"]) == (tested.json()["id"], 204, 1)
    assert again.status_code == 404, "it was delivered: there is nothing to make again"


def _delivery(client, webhook_id):
    return client.get(f"/v1/webhooks/{webhook_id}/deliveries").json()["deliveries"][0]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"url": "http://zqxhost.example/"}, 422, "refused_address"),
        ({"url": "https://169.254.169.254/zqx"}, 422, "refused_address"),
        ({"url": "https://zqxhost.example/", "kinds": ["zqxkind"]}, 422, "invalid_request"),
        ({"url": "https://zqxhost.example/", "kinds": []}, 422, "invalid_request"),
        ({"zqxfield": 1}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_without_quoting_it(client, body, status, code):
    response = client.post("/v1/webhooks", json=body)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert "zqx" not in response.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/webhooks/{}"),
        ("POST", "/v1/webhooks/{}/test"),
        ("GET", "/v1/webhooks/{}/deliveries"),
        ("POST", "/v1/webhooks/{}/deliveries/{}/retry"),
    ],
)
def test_a_webhook_that_is_not_there_is_not_found(client, method, path):
    response = client.request(method, path.replace("{}", "0" * 32))
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_place_in_the_stream_that_is_none_is_refused(client):
    response = client.get("/v1/events", headers={"Last-Event-ID": "zqx"})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert "zqx" not in response.text


def test_all_of_it_stands_in_the_contract(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert {*paths["/v1/webhooks"]} == {"get", "post"}
    assert {*paths["/v1/webhooks/{webhook_id}"]} == {"delete"}
    assert "text/event-stream" in paths["/v1/events"]["get"]["responses"]["200"]["content"]
    assert "/v1/channels/line" in paths


# A real server from here on: the client of Starlette waits for the end of an answer.


def events(lines, count):
    """Return the ids and the data of as many events of a stream."""
    found, current = [], {}
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "" and "data" in current:
            found.append((int(current["id"]), json.loads(current["data"])))
            if len(found) == count:
                return found
        current = {} if line == "" else {**current, name: value}
    return found


def send(server, *texts):
    body = {"reports": [{"text": text} for text in texts]}
    response = httpx.post(f"{server.url}/v1/reports", json=body, timeout=SECONDS)
    return [report["id"] for report in response.json()["reports"]]


def test_a_real_server_streams_what_happens_and_a_client_goes_on_where_it_was(server):
    with httpx.Client(base_url=server.url, timeout=SECONDS) as client:
        with client.stream("GET", "/v1/events") as stream:
            lines = stream.iter_lines()
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "no-store"
            while not next(lines).startswith("id: "):
                pass
            [report_id] = send(server, "good morning")
            first = events(lines, 2)
        [missed] = send(server, "good evening")
        with client.stream("GET", "/v1/events", headers={"Last-Event-ID": str(first[-1][0])}) as stream:
            second = events(stream.iter_lines(), 2)

    assert [(data["id"], data["kind"]) for _, data in first + second] == [
        (report_id, "report.stored"),
        (report_id, "report.screened"),
        (missed, "report.stored"),
        (missed, "report.screened"),
    ]


@pytest.fixture
def own_server(tmp_path):
    """A server of its own, that may tell this machine."""
    port = free_port()
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen",
        port,
        tmp_path,
        {"SCAMSCREEN_OPEN": "1", "SCAMSCREEN_WEBHOOK_PRIVATE": "1"},
    )
    try:
        server = Server(port, tmp_path)
        wait_until_ready(server, process)
        yield server, process
    finally:
        end_serving(process)


def test_a_server_that_is_told_to_end_does_not_wait_for_its_streams(own_server):
    server, process = own_server
    with httpx.stream("GET", f"{server.url}/v1/events", timeout=SECONDS) as stream:
        lines = stream.iter_lines()
        next(lines)
        process.terminate()
        assert [line for line in lines if line.startswith("data")] == [], "it ends by itself"
    assert process.wait(timeout=15) == 0


def test_a_url_that_is_told_in_vain_is_written_nowhere(own_server):
    server, _ = own_server
    with httpx.Client(base_url=server.url, timeout=SECONDS) as client:
        added = client.post("/v1/webhooks", json={"url": "http://127.0.0.1:1/zqhookxv?key=zqkeyxv"}).json()
        send(server, "good morning zqtextxv")
        wait(lambda: _delivery(client, added["id"])["attempts"] == 1)
        client.post("/v1/webhooks", json={"url": "https://169.254.169.254/zqhostxv"})
        client.post("/v1/channels/line", json={"events": ["zqlinexv"]})
    written = server.written()

    assert b"POST webhooks 201" in written
    for word in (b"zqhookxv", b"zqkeyxv", b"zqtextxv", b"zqhostxv", b"zqlinexv"):
        assert word not in written
    assert added["secret"].encode() not in written
