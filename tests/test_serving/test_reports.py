"""`/v1/reports`: stored before it is answered, screened afterwards, whatever it holds."""

import base64
import json
import time

import pytest

from models.validation import MAX_TEXT_CHARS
from serving.reports.job_screener import CHARS_AT_ONCE
from serving.schemas.reports import MAX_REPORT_CHARS
from serving.store.reading import read_report
from tests.fakes import FakeScreener
from tests.stored import accept, incoming, read
from tests.test_serving.conftest import DATABASES, new_store_url, service_in_process
from tests.test_serving.test_faults import eventually, working


@pytest.fixture(scope="module", params=DATABASES)
def client(request, tmp_path_factory):
    """The whole service in this process, with a fake model."""
    folder = tmp_path_factory.mktemp("reports")
    with service_in_process(folder / "home", new_store_url(request, folder)) as client:
        yield client


def send(client, *reports, body=None, **headers):
    content = json.dumps({"reports": list(reports)}).encode() if body is None else body
    return client.post(
        "/v1/reports", content=content, headers={"Content-Type": "application/json", **headers}
    )


def stored(client, *reports):
    response = send(client, *reports)
    assert response.status_code == 202, response.text
    return response.json()["reports"]


def screened(client, report_id):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        report = client.get(f"/v1/reports/{report_id}").json()
        if report["work"] == "screened":
            return report
        time.sleep(0.02)
    raise AssertionError("not screened within 10 seconds")


def test_a_report_is_stored_and_then_screened(client):
    [accepted] = stored(client, {"text": "They hold us in a compound, help me", "channel": "hotline"})

    report = screened(client, accepted["id"])

    assert report["case_ref"] == accepted["case_ref"]
    assert report["priority"] == report["screening"]["priority"] == "urgent"
    assert report["screening"]["flags"] == ["person_at_risk"]
    assert report["text"] == "They hold us in a compound, help me"
    assert (report["status"], report["channel"]) == ("new", "hotline")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a\0b",
        "half \ud83d of a pair",
        "\u200b\u200b",
        "=cmd|' /C calc'!A0",
        "{{7*7}} ${7*7} <script>alert(1)</script> '; DROP TABLE report; --",
        "ก" * 60_000,
    ],
    ids=["empty", "blank", "nul", "half pair", "invisible", "formula", "injection", "long"],
)
def test_whatever_a_text_holds_it_is_stored_as_it_came_and_screened(client, text):
    [accepted] = stored(client, {"text": text})

    report = screened(client, accepted["id"])

    assert report["text"] == text
    assert report["screening"]["id"] == accepted["id"]


def test_bytes_that_are_not_utf_8_are_kept(client):
    response = send(client, body=b'{"reports": [{"text": "caf\xe9 help me"}]}')

    [accepted] = response.json()["reports"]
    report = screened(client, accepted["id"])
    assert report["bytes"] == len(b"caf\xe9 help me")
    assert report["priority"] == "urgent"


def test_a_plea_at_the_end_of_a_long_text_is_found_where_it_stands(client):
    text = "nothing of note. " * 4_000 + "help me"
    assert len(text) > 3 * MAX_TEXT_CHARS
    [accepted] = stored(client, {"text": text})

    screening = screened(client, accepted["id"])["screening"]

    assert screening["flags"] == ["person_at_risk"]
    assert "read_in_parts" in screening["warnings"]
    spans = {(one["start"], one["end"]) for one in screening["evidence"]}
    assert {text[start:end] for start, end in spans} == {"help me"}


def test_an_idempotency_key_makes_sending_twice_harmless(client):
    first = send(client, {"text": "one"}, **{"Idempotency-Key": "a1"})
    again = send(client, {"text": "one"}, **{"Idempotency-Key": "a1"})
    other = send(client, {"text": "two"}, **{"Idempotency-Key": "a1"})

    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not readable JSON"),
        (b'{"reports": []}', 422, "reports: too few"),
        (b'{"reports": [{}]}', 422, "reports.0: expected either text, or content"),
        (
            b'{"reports": [{"text": "a", "content": "YQ=="}]}',
            422,
            "reports.0: expected either text, or content",
        ),
        (b'{"reports": [{"text": "a", "media_type": "image/png"}]}', 422, "expected an image as content"),
        (b'{"reports": [{"content": "data:zqx,YQ=="}]}', 422, "reports.0.content: expected base64 alone"),
        (b'{"reports": [{"content": "YQ==", "media_type": "zqx/pdf"}]}', 422, "'image/webp'"),
        (b'{"reports": [{"content": "YQ==", "encoding": "zqx"}]}', 422, "as cp874"),
        (b'{"reports": [{"text": "%s"}]}' % (b"zqx" * 400_000), 422, "at most 1,000,000 characters"),
        (b'{"reports": [{"text": "a", "in_danger": "zqx"}]}', 422, "in_danger: expected true or false"),
        (b'{"reports": [{"text": "a", "received_at": "zqx"}]}', 422, "as 2026-11-23T09:30:00+07:00"),
        (b'{"reports": [{"text": "a", "received_at": "2026-11-23T09:30:00"}]}', 422, "with its offset"),
        (
            b'{"reports": [{"text": "a", "channel": "%s"}]}' % (b"zqx" * 99),
            422,
            "reports.0.channel: too many or too long: expected at most 200",
        ),
        (b'{"reports": [{"text": "a", "consent": "zqx"}]}', 422, "consent: expected an object"),
        (b'["zqx"]', 422, "body: expected an object"),
        (b'{"reports": [{"text": "a", "zqxfield": 1}]}', 422, "unknown field"),
        (b'{"reports": [{"text": "a", "safe_to_contact": "zqxuser"}]}', 422, "'yes', 'no' or 'unknown'"),
        (
            json.dumps({"reports": [{"text": "a"}] * 257}).encode(),
            422,
            "too many or too long: expected at most 256",
        ),
        (b"[" * 100_000, 400, "not readable JSON"),
    ],
)
def test_a_wrong_envelope_is_told_without_quoting_it(client, body, status, said):
    response = send(client, body=body)

    assert response.status_code == status
    assert said in response.json()["detail"]
    assert "zqx" not in response.text


def test_a_report_that_is_not_there_is_not_found(client):
    assert client.get(f"/v1/reports/{'0' * 32}").status_code == 404
    assert client.get("/v1/reports/1").status_code == 404


def test_who_asks_by_case_number_is_told_to_name_the_id(client):
    [accepted] = stored(client, {"text": "one"})

    answer = client.get(f"/v1/reports/{accepted['case_ref']}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "its id, not its case number" in answer.json()["detail"]


def test_many_at_once_are_all_there_in_order(client):
    accepted = stored(client, *({"text": f"text {n}"} for n in range(256)))

    assert len({one["case_ref"] for one in accepted}) == 256
    assert [screened(client, one["id"])["text"] for one in accepted[::50]] == [
        f"text {n}" for n in range(0, 256, 50)
    ]


def test_a_text_that_is_too_long_is_refused_however_it_is_sent(client):
    too_long = "a" * (MAX_REPORT_CHARS + 1)
    for report in ({"text": too_long}, {"content": base64.b64encode(too_long.encode()).decode()}):
        response = send(client, report)

        assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


def test_a_long_text_is_read_a_little_at_a_time_for_all_of_it_would_take_a_gigabyte(store, actor):
    chars = []

    def screen(documents):
        chars.append(sum(len(document.text) for document in documents))
        return FakeScreener().screen(documents)

    [accepted] = accept(store, actor, incoming("help me " * 100_000))

    def found():
        return read(store, lambda c: read_report(c, store.keyring, actor, accepted.id))

    with working(store, actor, screen):
        eventually(lambda: found().record is not None)

    assert found().row.priority == 0
    assert sum(chars) > 800_000
    assert max(chars) <= CHARS_AT_ONCE
