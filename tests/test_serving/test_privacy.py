"""Sentinels down every path of a real server; then everything it wrote is searched for them."""

import json
import re
import socket
import time

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
GOOD = {"text": "good morning"}
SECONDS = 30


def sentinel(name):
    """Return a word that appears nowhere else, in any case."""
    return f"zq{name}xv"


def body(**document):
    return {"json": {"documents": [{**GOOD, **document}]}}


def raw(content):
    return {"content": content, "headers": JSON}


POSTS = {
    "text": body(text=sentinel("text")),
    "flagged text": body(text=f"help me {sentinel('flagged')}"),
    "id": body(id=sentinel("id")),
    "id of a wrong type": body(id=[sentinel("listid")]),
    "language": body(language=sentinel("language")),
    "language that is a tag": body(language="qzx"),
    "received_at": body(received_at=sentinel("time")),
    "field of a document": body(**{sentinel("field"): 1}),
    "field of a request": {"json": {"documents": [GOOD], sentinel("envelope"): sentinel("value")}},
    "operating point": {"json": {"documents": [GOOD], "operating_point": sentinel("point")}},
    "wrong type": {"json": {"documents": {sentinel("key"): sentinel("wrong")}}},
    "documents too many": {"json": {"documents": [{"text": sentinel("many")}] * 257}},
    "long text": body(text=sentinel("long") * 10_000),
    "half a surrogate pair": raw(
        b'{"documents": [{"id": "\\ud800", "text": "%s \\ud800"}]}' % sentinel("half").encode()
    ),
    "broken JSON": raw(b'{"documents": [{"text": "%s"' % sentinel("broken").encode()),
    "deep JSON": raw(b"[" * 50_000 + b'"%s"' % sentinel("deep").encode()),
    "no UTF-8": raw(b'{"documents": [{"text": "\xff %s"}]}' % sentinel("bytes").encode()),
    "huge number": raw(
        b'{"documents": [{"text": "%s", "id": %s}]}' % (sentinel("huge").encode(), b"9" * 5000)
    ),
    "oversize": raw(sentinel("oversize").encode() * 1_500_000),
    "failure inside": body(text=f"raise {sentinel('failure')}", id=sentinel("failureid")),
    "header": {
        **body(),
        "headers": {"X-Case": sentinel("header"), "Authorization": f"Bearer {sentinel('key')}"},
    },
    "header name": {**body(), "headers": {sentinel("headername"): "1"}},
    "cookie": {**body(), "headers": {"Cookie": f"session={sentinel('cookie')}"}},
    "trace header": {
        **body(),
        "headers": {"traceparent": sentinel("trace"), "X-Request-Id": sentinel("requestid")},
    },
    "query": {**body(), "params": {"text": sentinel("query")}},
    "content type": {"content": b"{}", "headers": {"Content-Type": f"text/{sentinel('type')}"}},
    "host": {**body(), "headers": {"Host": f"{sentinel('host')}.example"}},
    "origin": {**body(), "headers": {"Origin": f"https://{sentinel('origin')}.example"}},
    "proxy": {**body(), "headers": {"X-Forwarded-For": sentinel("forwarded")}},
    "pickle": {
        "content": sentinel("pickle").encode(),
        "headers": {"Content-Type": "application/vnd.bentoml+pickle"},
    },
    "form": {"data": {"text": sentinel("form")}},
    "file": {"files": {"text": sentinel("file").encode()}},
}
PATHS = [
    "/{}",
    "/{}?{}",
    "/v1/screen/{}",
    "/v1/taxonomy?{}",
    "/metrics?{}",
    "/livez?{}",
    "/static_content/{}",
]


@pytest.fixture(scope="module")
def answers(server):
    """The answer to every post, by its name; other ways to talk to the server are tried as well."""
    with httpx.Client(base_url=server.url, timeout=SECONDS) as client:
        given = {name: client.post("/v1/screen", **request) for name, request in POSTS.items()}
        for number, path in enumerate(PATHS):
            client.get(path.replace("{}", sentinel(f"path{number}")))
        client.request(sentinel("method").upper(), "/v1/screen")
        client.put(f"/{sentinel('put')}", content=sentinel("putbody"))
    _talk(server.port, f"{sentinel('garbage')}\r\n\r\n".encode())
    _talk(server.port, f"GET /{sentinel('oldpath')} HTTP/9.9\r\n\r\n".encode())
    _talk(server.port, _head(100_000) + b'{"documents": [{"text": "%s' % sentinel("left").encode())
    slow = json.dumps({"documents": [{"text": f"slow {sentinel('leftlate')}"}]}).encode()
    _talk(server.port, _head(len(slow)) + slow)
    time.sleep(0.5)
    return given


def _head(length):
    return (
        b"POST /v1/screen?%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % (sentinel("leftquery").encode(), length)
    )


def _talk(port, content):
    """Send bytes, wait a moment, and leave."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(content)
        time.sleep(0.2)


def test_nothing_a_caller_sent_is_written_anywhere(server, answers):
    metrics = httpx.get(f"{server.url}/metrics", timeout=SECONDS)
    written = (server.written() + metrics.content).lower()
    assert b"scamscreen_requests_total" in metrics.content
    assert written.count(b"post screen 200") > 5, "the log was not found"
    assert _found(written) == []


def test_a_failure_is_logged_by_its_type_and_place(server, answers):
    written = server.written()
    assert b"ValueError at serving/service.py:" in written
    assert b"Traceback" not in written


def test_no_error_repeats_what_a_caller_sent(answers):
    errors = {name: answer for name, answer in answers.items() if answer.status_code != 200}
    assert len(errors) > 15
    assert [name for name, answer in errors.items() if _found(answer.content.lower())] == []
    assert {answer.headers["content-type"] for answer in errors.values()} == {"application/problem+json"}


def test_no_refused_document_repeats_what_a_caller_sent(answers):
    records = [answer.json()["results"][0] for answer in answers.values() if answer.status_code == 200]
    messages = [json.dumps(record["error"]) for record in records if "error" in record]
    assert len(messages) > 3
    assert [message for message in messages if _found(message.encode())] == []


def test_no_answer_carries_a_sentinel_in_its_headers(answers):
    sent_back = {name: repr(answer.headers.raw).lower().encode() for name, answer in answers.items()}
    assert [name for name, headers in sent_back.items() if _found(headers)] == []


def _found(content):
    """Return the sentinels in some lower-cased bytes, each with what surrounds it.

    What is sealed may hold any three letters: the tag is looked for where others are printed before it.
    """
    marks = re.finditer(rb"zq[ -~]{1,20}xv|(?:[ -~]{8}|\A[ -~]{0,7})qzx", content)
    return [content[max(0, mark.start() - 20) : mark.end() + 10] for mark in marks]
