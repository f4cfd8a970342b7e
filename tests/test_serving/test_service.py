import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from types import SimpleNamespace

import httpx
import psutil
import pytest
from starlette.testclient import TestClient

import models
import serving.api.request_log
import serving.screening.batcher
import serving.screening.turns
import serving.service
from models.errors import InputError
from models.screening import Document
from serving.access.routes import MAX_BODY_BYTES
from serving.schemas.documents import MAX_DOCUMENTS, MAX_ID_CHARS
from serving.schemas.records import ScreenResponse
from serving.screening.live_model import WARM_UP
from serving.settings import Settings
from tests.fakes import FakeScreener
from tests.test_serving.conftest import (
    Server,
    end_serving,
    eventually,
    free_port,
    start_serving,
    wait_until_ready,
)

USER_TEXT = "zqxuser"  # stands in everything a caller chooses; must never come back in an error


class WatchedScreener(FakeScreener):
    """Remembers what it was asked, takes its time over "slow", fails on "raise", answers junk to "junk"."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def observed_by(self, folder, *, threads, cache_bytes, observe):
        self.observe = observe
        return self

    def screen(self, documents, operating_point="balanced"):
        self.asked.append((list(documents), operating_point, threading.current_thread().name))
        time.sleep(0.1 * sum("slow" in document.text for document in documents))
        if any("raise" in document.text for document in documents):
            raise ValueError(f"cannot screen {documents}")
        if any("junk" in document.text for document in documents):
            return [SimpleNamespace(to_dict=lambda: {"schema": 2})] * len(documents)
        self.observe("rules", 0.001)
        return super().screen(documents, operating_point)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The whole service in this process, with a fake model."""
    screener = WatchedScreener()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("SCAMSCREEN_OPEN", "1")
        patch.setattr(models, "load_screener", screener.observed_by)
        patch.setattr(serving.service, "configure_logging", lambda: None)
        app = serving.service.ScamScreen.to_asgi()
        with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5000)) as client:
            yield SimpleNamespace(client=client, screener=screener)


@pytest.fixture
def client(running):
    return running.client


def post(client, body):
    """Post a body as it is, or a value as JSON with half surrogate pairs escaped."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/v1/screen", content=content, headers={"Content-Type": "application/json"})


def results(client, *documents, **options):
    response = post(client, {"documents": documents, **options})
    assert response.status_code == 200, response.text
    return response.json()["results"]


def test_every_document_is_answered_in_order(client):
    records = results(
        client, {"text": "a compound job"}, {"id": "b", "text": "help me"}, {"text": "good morning"}
    )
    assert [record["id"] for record in records] == ["0", "b", "2"]
    assert [record["flags"] for record in records] == [["trafficking_recruitment"], ["person_at_risk"], []]


def test_a_record_is_the_screening_as_it_is(client, running):
    document = Document(id="a", text="help me, the compound", language="en")
    [screening] = FakeScreener().screen([document], "strict")
    [record] = results(client, {"id": "a", "text": document.text, "language": "en"}, operating_point="strict")
    assert record == screening.to_dict()


def test_what_the_caller_knows_reaches_the_model(client, running):
    document = {"text": "นัดพบ", "language": "TH-th", "received_at": "2026-01-31T09:00:00+07:00"}
    results(client, document, operating_point="screening")
    [[seen], operating_point, _] = running.screener.asked[-1]
    assert (seen.language, seen.received_at.isoformat(), operating_point) == (
        "th",
        "2026-01-31T09:00:00+07:00",
        "screening",
    )


def test_a_text_is_screened_before_the_service_is_ready(running):
    assert running.screener.asked[0][0] == [WARM_UP]


def test_screening_runs_beside_the_event_loop(client, running):
    results(client, {"text": "good morning"})
    assert running.screener.asked[-1][2].startswith("screening")


def redacted(client, *documents, **options):
    content = json.dumps({"documents": documents, **options}).encode()
    return client.post("/v1/redact", content=content, headers={"Content-Type": "application/json"})


def test_redacted_texts_come_back_in_order_and_an_error_keeps_its_place(client):
    response = redacted(
        client, {"text": "Somchai 081-555-0143"}, {"id": "b", "text": ""}, {"id": "b", "text": "call Somchai"}
    )
    first, error, last = response.json()["results"]

    assert (first["id"], first["text"]) == ("0", "[PERSON_1] [PHONE_1]")
    assert first["redactions"][1] == {"type": "PHONE", "start": 11, "end": 20, "replacement": "[PHONE_1]"}
    assert (error["id"], error["error"]["code"]) == ("b", "empty_text")
    assert last["text"] == "call [PERSON_1]"


def test_an_answer_says_what_the_model_does_not_find(client):
    types = ["PERSON", "JOB_TITLE"]

    assert redacted(client, {"text": "Somchai"}, types=types).json()["unread_types"] == ["JOB_TITLE"]
    assert redacted(client, {"text": "Somchai"}, types=["PERSON"]).json()["unread_types"] == []


def test_types_and_style_of_a_redaction_are_the_callers(client):
    answer = redacted(client, {"text": "Somchai 081-555-0143"}, types=["PHONE"], style="mask").json()

    assert answer["results"][0]["text"] == "Somchai •••-•••-••••"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"types": [USER_TEXT]}, "types: expected a list of PERSON"),
        ({"types": []}, "types: expected a list of PERSON"),
        ({"style": USER_TEXT}, "style: expected one of placeholder, mask, token"),
        ({"style": "token"}, "SCAMSCREEN_REDACTION_KEY_FILE"),
        ({USER_TEXT: 1}, "unknown field"),
    ],
)
def test_a_redaction_that_cannot_be_done_is_told(client, options, told):
    response = redacted(client, {"text": "Somchai"}, **options)

    assert response.status_code == 422
    assert told in response.json()["detail"]
    assert USER_TEXT not in response.text


def test_tokens_are_made_with_the_key_of_the_settings(tmp_path):
    key = tmp_path / "key"
    key.write_text("a secret of more than sixteen bytes\n")

    assert Settings.from_environment({"SCAMSCREEN_REDACTION_KEY_FILE": str(key)}).redaction_key == (
        b"a secret of more than sixteen bytes"
    )
    assert "secret" not in repr(Settings.from_environment({"SCAMSCREEN_REDACTION_KEY_FILE": str(key)}))
    key.write_text("short")
    with pytest.raises(InputError, match="expected at least 16"):
        Settings.from_environment({"SCAMSCREEN_REDACTION_KEY_FILE": str(key)})


BAD_DOCUMENTS = {
    "no text": ({}, "invalid_document"),
    "empty text": ({"text": ""}, "empty_text"),
    "blank text": ({"text": " \n\t\u3000"}, "empty_text"),
    "text is null": ({"text": None}, "invalid_text"),
    "text is a number": ({"text": 5}, "invalid_text"),
    "text is a list": ({"text": [USER_TEXT]}, "invalid_text"),
    "text is an object": ({"text": {USER_TEXT: USER_TEXT}}, "invalid_text"),
    "text too long": ({"text": USER_TEXT + "x" * 20_000}, "text_too_long"),
    "text of 1 MB": ({"text": USER_TEXT * 150_000}, "text_too_long"),
    "lone high surrogate": ({"text": f"{USER_TEXT} \ud800"}, "invalid_text"),
    "lone low surrogate": ({"text": f"\udc00 {USER_TEXT}"}, "invalid_text"),
    "NUL": ({"text": f"{USER_TEXT}\0"}, "invalid_text"),
    "unknown field": ({"text": USER_TEXT, USER_TEXT: 1}, "invalid_document"),
    "unknown field and bad language": ({"text": USER_TEXT, "language": "", USER_TEXT: 1}, "invalid_document"),
    "empty text and bad language": ({"text": "", "language": ""}, "empty_text"),
    "a string": (USER_TEXT, "invalid_document"),
    "a list": ([USER_TEXT], "invalid_document"),
    "null": (None, "invalid_document"),
    "a refusal of our own": ({"id": "1", "code": USER_TEXT, "message": USER_TEXT}, "invalid_document"),
}


@pytest.mark.parametrize(("document", "code"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_bad_document_is_an_error_in_its_place_and_the_rest_is_answered(client, document, code):
    before, bad, after = results(client, {"text": "a compound job"}, document, {"text": "help me"})
    assert (before["flags"], after["flags"]) == (["trafficking_recruitment"], ["person_at_risk"])
    assert bad["error"]["code"] == code
    assert USER_TEXT not in json.dumps(bad)
    assert set(bad) == {"schema", "id", "error"}
    assert bad["id"] == "1"


@pytest.mark.parametrize(("sent", "kept"), [("report 7", "report 7"), (7, "7"), ("", "")])
@pytest.mark.parametrize("text", ["", "help me"])
def test_a_document_keeps_its_id(client, sent, kept, text):
    [record] = results(client, {"id": sent, "text": text})
    assert record["id"] == kept


UNUSABLE_IDS = {
    "a fraction": 7.5,
    "true": True,
    "a list": [USER_TEXT],
    "too long": USER_TEXT * 100,
    "too long a number": 10**MAX_ID_CHARS,
    "half a surrogate pair": f"{USER_TEXT}\ud800",
}


@pytest.mark.parametrize("text", ["", "help me"])
@pytest.mark.parametrize("sent", UNUSABLE_IDS.values(), ids=UNUSABLE_IDS)
def test_an_error_for_an_unusable_id_cannot_be_taken_for_that_of_another_document(client, sent, text):
    good = {"text": "good morning"}
    bad, *others = results(client, {"id": sent, "text": text}, {**good, "id": "0"}, {**good, "id": "#0"})
    assert bad["error"]["code"] == ("invalid_document" if text else "empty_text")
    assert bad["id"] not in {"0", *(record["id"] for record in others)}
    assert USER_TEXT not in json.dumps(bad)


def test_an_index_that_is_the_id_of_another_document_is_not_used_twice(client):
    records = results(client, {"text": "good morning"}, {"text": "help me", "id": 0}, {"text": ""})
    assert [record["id"] for record in records] == ["#0", "0", "2"]


IGNORED = {
    "empty language": ({"language": ""}, ["ignored_language"]),
    "language not a tag": ({"language": f"<{USER_TEXT}>"}, ["ignored_language"]),
    "language is a number": ({"language": 7}, ["ignored_language"]),
    "time not ISO 8601": ({"received_at": USER_TEXT}, ["ignored_received_at"]),
    "time without offset": ({"received_at": "2026-01-31T09:00:00"}, ["ignored_received_at"]),
    "time as a number": ({"received_at": 1_700_000_000}, ["ignored_received_at"]),
    "time as a number in a string": ({"received_at": "1700000000"}, ["ignored_received_at"]),
    "both": ({"received_at": "", "language": []}, ["ignored_language", "ignored_received_at"]),
    "neither": ({"received_at": None, "language": None}, []),
}


@pytest.mark.parametrize(("fields", "warnings"), IGNORED.values(), ids=IGNORED)
def test_a_bad_optional_field_is_ignored_with_a_warning_and_the_text_is_screened(client, fields, warnings):
    bad, empty, good = results(
        client, {"id": "a", "text": "help me please", **fields}, {"text": ""}, {"text": "a compound job"}
    )
    assert (bad["id"], bad["flags"], bad["language"]) == ("a", ["person_at_risk"], "en")
    assert bad["warnings"] == warnings
    assert good["warnings"] == []
    assert empty["error"]["code"] == "empty_text"
    assert USER_TEXT not in json.dumps(bad)


@pytest.mark.parametrize(
    ("tag", "language"), [("fil", "tl"), ("fil-PH", "tl"), ("zh_CN", "zh"), ("in", "id")]
)
def test_a_language_may_be_named_in_several_ways(client, tag, language):
    assert results(client, {"text": "help me", "language": tag})[0]["language"] == language


def test_documents_that_are_all_bad_are_all_answered(client):
    assert [record["error"]["code"] for record in results(client, {"text": ""}, None)] == [
        "empty_text",
        "invalid_document",
    ]


def test_a_text_at_the_limit_is_screened(client):
    [record] = results(client, {"text": "x" * 20_000})
    assert record["priority"] == "low"


def test_as_many_documents_as_allowed_are_screened(client):
    assert len(results(client, *[{"text": "good morning"}] * MAX_DOCUMENTS)) == MAX_DOCUMENTS


DOCUMENTS = [{"text": USER_TEXT}]
BAD_ENVELOPES = {
    "empty body": (b"", 422),
    "broken JSON": (f'{{"documents": [{{"text": "{USER_TEXT}"'.encode(), 400),
    "not JSON": (USER_TEXT.encode(), 400),
    "invalid UTF-8": (b'{"documents": [{"text": "\xff' + USER_TEXT.encode() + b'"}]}', 400),
    "deep JSON": (b'{"documents": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "a list": ([USER_TEXT], 422),
    "a string": (USER_TEXT, 422),
    "null": (None, 422),
    "no documents field": ({}, 422),
    "no documents": ({"documents": []}, 422),
    "documents is a string": ({"documents": USER_TEXT}, 422),
    "documents is an object": ({"documents": {"text": USER_TEXT}}, 422),
    "one document too many": ({"documents": DOCUMENTS * (MAX_DOCUMENTS + 1)}, 422),
    "unknown operating point": ({"documents": DOCUMENTS, "operating_point": USER_TEXT}, 422),
    "operating point is a number": ({"documents": DOCUMENTS, "operating_point": 1}, 422),
    "unknown field": ({"documents": DOCUMENTS, USER_TEXT: USER_TEXT}, 422),
}


@pytest.mark.parametrize(("body", "status"), BAD_ENVELOPES.values(), ids=BAD_ENVELOPES)
def test_a_bad_envelope_is_a_problem_that_repeats_nothing(client, body, status):
    response = post(client, body)
    assert_problem(response, status)


def test_a_body_over_the_limit_is_a_problem(client):
    assert_problem(post(client, b"x" * (MAX_BODY_BYTES + 1)), 413)


def test_a_body_not_declared_as_json_is_a_problem(client):
    assert_problem(client.post("/v1/screen", content=b"{}", headers={"Content-Type": "text/plain"}), 415)


def test_a_failure_inside_is_a_problem(client):
    assert_problem(post(client, {"documents": [{"text": f"raise {USER_TEXT}"}]}), 500)


def test_a_record_that_is_none_is_not_the_callers_fault(client):
    assert_problem(post(client, {"documents": [{"text": f"junk {USER_TEXT}"}]}), 500)


SLOW = {"documents": [{"text": "slow"}] * 30}


@pytest.fixture
def one_text_a_batch(monkeypatch):
    monkeypatch.setattr(serving.screening.batcher, "BATCH_TOKENS", 1)
    monkeypatch.setattr(serving.screening.turns, "TURN_TOKENS", 1)


def wait_until_screening(running, batches):
    """Wait until this many more batches were begun."""
    wanted = len(running.screener.asked) + batches
    while len(running.screener.asked) < wanted:
        time.sleep(0.01)


def test_a_long_request_is_screened_in_batches_and_answered_in_order(client, running, monkeypatch):
    monkeypatch.setattr(serving.screening.batcher.Throughput, "tokens_per_second", 1e6)
    before = len(running.screener.asked)
    words = ["help me", "good morning", "a compound job", "", "help me"] * 3
    records = results(client, *[{"text": word and f"{word} {'x' * 7_000}"} for word in words])
    flags = [record.get("flags") for record in records]
    assert flags == [["person_at_risk"], [], ["trafficking_recruitment"], None, ["person_at_risk"]] * 3
    assert [record["id"] for record in records] == [str(index) for index in range(15)]
    sizes = [len(documents) for documents, *_ in running.screener.asked[before:]]
    assert sizes == [2] * 6


def test_a_short_request_is_answered_while_long_ones_are_screened(client, running, one_text_a_batch):
    with ThreadPoolExecutor(3) as callers:
        long = [callers.submit(post, client, SLOW) for _ in range(3)]
        wait_until_screening(running, 2)
        assert results(client, {"text": "help me"})[0]["flags"] == ["person_at_risk"]
        assert not any(call.done() for call in long)
    assert [len(call.result().json()["results"]) for call in long] == [30] * 3


@pytest.mark.parametrize("path", ["/v1/screen", "/v1/redact"])
def test_a_request_that_would_wait_too_long_is_asked_to_come_back(
    client, running, one_text_a_batch, monkeypatch, path
):
    monkeypatch.setattr(serving.screening.batcher.Throughput, "tokens_per_second", 5.0)
    screened = len(running.screener.asked)
    with ThreadPoolExecutor(1) as callers:
        long = callers.submit(post, client, SLOW)
        wait_until_screening(running, 1)
        refused = client.post(path, json={"documents": DOCUMENTS})
        assert_problem(refused, 429)
        assert (refused.json()["code"], int(refused.headers["retry-after"]) >= 1) == ("busy", True)
        assert f"again in {refused.headers['retry-after']} seconds" in refused.json()["detail"]
        assert len(long.result().json()["results"]) == 30
    assert not any(USER_TEXT in str(documents) for documents, *_ in running.screener.asked[screened:])
    assert "scamscreen_refused_requests_total 0.0" not in client.get("/metrics").text
    assert results(client, {"text": "help me"})[0]["flags"] == ["person_at_risk"]


def test_a_long_request_is_refused_where_a_short_one_still_has_room(
    client, running, one_text_a_batch, monkeypatch
):
    monkeypatch.setattr(serving.screening.batcher.Throughput, "tokens_per_second", 25.0)
    with ThreadPoolExecutor(1) as callers:
        long = callers.submit(post, client, SLOW)
        wait_until_screening(running, 1)
        assert_problem(post(client, SLOW), 429)
        assert results(client, {"text": "help me"})[0]["flags"] == ["person_at_risk"]
        assert not long.done()


def test_a_request_whose_time_is_over_is_not_screened_to_its_end(
    client, running, one_text_a_batch, monkeypatch
):
    before = len(running.screener.asked)
    with monkeypatch.context() as patch:
        patch.setattr(serving.api.request_log, "REQUEST_SECONDS", 0.35)
        assert_problem(post(client, SLOW), 504)
    time.sleep(0.5)
    assert len(running.screener.asked) - before < 10
    assert results(client, {"text": "help me"})[0]["flags"] == ["person_at_risk"]


def test_a_text_that_cannot_be_screened_fails_its_own_request_only(client):
    texts = [f"raise {USER_TEXT}", "help me"] * 4
    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda text: post(client, {"documents": [{"text": text}]}), texts))
    for failed, answered in zip(answers[::2], answers[1::2], strict=True):
        assert_problem(failed, 500)
        assert answered.json()["results"][0]["flags"] == ["person_at_risk"]


def test_the_service_answers_after_a_failure(client):
    post(client, {"documents": [{"text": "raise"}]})
    assert results(client, {"text": "help me"})[0]["flags"] == ["person_at_risk"]


@pytest.mark.parametrize(
    "path", ["/docs.json", "/schema.json", "/healthz", "/static_content/index.css", "/docs"]
)
def test_pages_of_the_frameworks_do_not_exist(client, path):
    assert_problem(client.get(path), 404)


def test_a_wrong_method_is_a_problem_that_names_the_right_one(client):
    response = client.get("/v1/screen")
    assert_problem(response, 405)
    assert response.headers["allow"] == "POST"


def assert_problem(response, status):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json().keys() == {"type", "title", "status", "detail", "code"}
    assert response.json()["status"] == status
    assert USER_TEXT not in response.text


def test_probes_answer(client):
    assert [client.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]


def test_an_answer_is_not_stored_by_caches_and_has_an_id(client):
    response = post(client, {"documents": [{"text": "help me"}]})
    assert response.headers["cache-control"] == "no-store"
    assert len(response.headers["x-request-id"]) == 16


def test_the_taxonomy_is_sent_once(client):
    first = client.get("/v1/taxonomy")
    again = client.get("/v1/taxonomy", headers={"If-None-Match": first.headers["etag"]})
    assert first.json()["labels"][-1]["code"] == "person_at_risk"
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in first.headers["cache-control"]


def test_metrics_count_by_fixed_codes_only(client):
    results(
        client, {"text": "help me", "language": "lo"}, {"text": "help me", "language": "qqz"}, {"text": ""}
    )
    metrics = client.get("/metrics").text
    assert 'scamscreen_flags_total{label="person_at_risk",language="lo"} 1.0' in metrics
    assert 'scamscreen_flags_total{label="person_at_risk",language="other"}' in metrics
    assert 'scamscreen_document_errors_total{code="empty_text"}' in metrics
    assert 'scamscreen_requests_total{route="screen",status="200"}' in metrics
    assert "qqz" not in metrics


def test_metrics_tell_how_long_requests_waited_and_what_was_screened_together(client):
    results(client, {"text": "help me"}, {"text": "good morning"})
    metrics = client.get("/metrics").text
    assert "scamscreen_waiting_documents 0.0" in metrics
    assert "scamscreen_waiting_tokens 0.0" in metrics
    for name in ("queue_seconds", "batch_documents"):
        assert f"scamscreen_{name}_count 0.0" not in metrics
    assert 'scamscreen_stage_seconds_count{stage="serialise"}' in metrics
    assert 'scamscreen_stage_seconds_count{stage="rules"}' in metrics


def test_the_published_contract_is_openapi_3_1_without_loose_ends(client):
    contract = client.get("/openapi.json").json()
    assert contract["openapi"].startswith("3.1")
    assert contract["paths"].keys() == {
        "/v1/screen",
        "/v1/redact",
        "/v1/reports",
        "/v1/reports/{report_id}",
        "/v1/reports/{report_id}/custody",
        "/v1/reports/{report_id}/purge",
        "/v1/reports/{report_id}/history",
        "/v1/reports/{report_id}/referrals",
        "/v1/reports/{report_id}/referrals/{referral_id}",
        "/v1/reports/{report_id}/screenings",
        "/v1/reports/search",
        "/v1/campaigns/search",
        "/v1/webhooks",
        "/v1/webhooks/{webhook_id}",
        "/v1/webhooks/{webhook_id}/test",
        "/v1/webhooks/{webhook_id}/deliveries",
        "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
        "/v1/events",
        "/v1/channels/line",
        "/v1/taxonomy",
        "/metrics",
        "/openapi.json",
        "/livez",
        "/readyz",
    }
    assert set(_references(contract)) <= {
        f"#/components/{kind}/{name}"
        for kind, components in contract["components"].items()
        for name in components
    }
    document = contract["components"]["schemas"]["DocumentIn"]
    assert document["properties"].keys() == {"text", "id", "language", "received_at"}
    assert document["required"] == ["text"]


def test_the_published_contract_names_every_field_of_a_record(client):
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    good, bad = results(client, {"text": "a compound job"}, {"text": ""})
    assert schemas["ScreeningRecord"]["properties"].keys() == good.keys()
    assert schemas["ErrorRecord"]["properties"].keys() == bad.keys()
    assert ScreenResponse.model_validate({"results": [good, bad]})


def _references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCAMSCREEN_OPEN", "maybe"),
        ("SCAMSCREEN_THREADS", "two"),
        ("SCAMSCREEN_THREADS", "-1"),
        ("SCAMSCREEN_ESCALATE_MINUTES", "soon"),
        ("SCAMSCREEN_CACHE_MB", "some"),
        ("SCAMSCREEN_MAX_WAIT_SECONDS", "long"),
        ("SCAMSCREEN_MAX_WAIT_SECONDS", "0"),
        ("SCAMSCREEN_MAX_WAIT_SECONDS", "-1"),
        ("SCAMSCREEN_MAX_WAIT_SECONDS", "nan"),
        ("SCAMSCREEN_RETENTION_DAYS", "0"),
        ("SCAMSCREEN_RETENTION_DAYS", "a month"),
        ("SCAMSCREEN_EVENT_DAYS", "0"),
        ("SCAMSCREEN_KEY_LIMITS", "often"),
        ("SCAMSCREEN_KEY_LIMITS", "60"),
    ],
)
def test_a_setting_that_means_nothing_is_named(name, value):
    with pytest.raises(InputError, match=f"{name}: expected .* found '{value}'"):
        Settings.from_environment({name: value})


def test_settings_are_closed_unless_opened():
    assert not Settings.from_environment({}).open
    assert Settings.from_environment({"SCAMSCREEN_OPEN": "1"}).open


def test_the_longest_wait_is_the_operators():
    assert Settings.from_environment({"SCAMSCREEN_MAX_WAIT_SECONDS": "0.5"}).max_wait_seconds == 0.5
    assert Settings.from_environment({}).max_wait_seconds == Settings().max_wait_seconds


def test_a_real_server_answers_requests_that_come_at_once(server):
    texts = ["a compound job", "help me", "good morning"] * 8
    with ThreadPoolExecutor(8) as callers:
        flags = list(callers.map(lambda text: _screen(server, text)["flags"], texts))
    assert flags == [["trafficking_recruitment"], ["person_at_risk"], []] * 8


def test_a_real_server_tells_its_health_while_it_screens(server):
    with ThreadPoolExecutor(2) as callers:
        slow = [callers.submit(_screen, server, "slow") for _ in range(2)]
        time.sleep(0.3)
        assert httpx.get(f"{server.url}/readyz", timeout=30).status_code == 200
        assert not any(call.done() for call in slow)


def _screen(server, text):
    response = httpx.post(f"{server.url}/v1/screen", json={"documents": [{"text": text}]}, timeout=30)
    return response.json()["results"][0]


def test_a_real_server_gives_up_a_request_whose_client_left(server):
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.url}/v1/screen", json={"documents": [{"text": "slow"}]}, timeout=0.5)
    eventually(lambda: b"POST screen 499" in server.written())


def _accepted(server):
    """Return how many documents the server has accepted: those that wait, and those that do not."""
    metrics = httpx.get(f"{server.url}/metrics", timeout=30).text
    counts = re.findall(
        r"^scamscreen_(?:batch_documents_sum|waiting_documents)(?:{.*})? (\S+)$", metrics, re.MULTILINE
    )
    return sum(float(count) for count in counts)


def test_a_connection_that_rests_as_long_as_clients_keep_one_still_answers(server):
    resting = HTTPConnection("127.0.0.1", server.port)
    for seconds in (0, 6):  # httpx keeps one for 5 seconds, and so did the server: then it was luck
        time.sleep(seconds)
        resting.request("GET", "/livez")
        answer = resting.getresponse()
        answer.read()
        assert answer.status == 200
    resting.close()


def test_a_server_that_is_ended_answers_what_it_has_accepted(tmp_path):
    server = Server(free_port(), tmp_path)
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen", server.port, tmp_path, {"SCAMSCREEN_OPEN": "1"}
    )
    try:
        wait_until_ready(server, process)
        with ThreadPoolExecutor(6) as callers:
            calls = [callers.submit(_screen, server, f"slow help me {number}") for number in range(6)]
            while _accepted(server) < len(calls):
                time.sleep(0.1)
            process.terminate()
            assert [call.result()["flags"] for call in calls] == [["person_at_risk"]] * 6
        assert process.wait(timeout=30) == 0
        with pytest.raises(httpx.TransportError):
            _screen(server, "late")
    finally:
        end_serving(process)


def test_the_worker_of_a_server_that_is_killed_ends_and_gives_the_store_up(tmp_path):
    fake = "tests.test_serving.fake_service:ScamScreen"
    server = Server(free_port(), tmp_path)
    process = start_serving(fake, server.port, tmp_path, {"SCAMSCREEN_OPEN": "1"})
    wait_until_ready(server, process)
    workers = psutil.Process(process.pid).children(recursive=True)
    assert workers

    process.kill()
    process.wait()

    _, left = psutil.wait_procs(workers, timeout=30)
    assert left == []
    again = start_serving(fake, server.port, tmp_path, {"SCAMSCREEN_OPEN": "1"})
    try:
        wait_until_ready(server, again)
    finally:
        end_serving(again)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SCAMSCREEN_ARTIFACT": "/nonexistent/model"}, "scamscreen: manifest.json is absent"),
        ({"SCAMSCREEN_OPEN": "maybe"}, "scamscreen: SCAMSCREEN_OPEN: expected 1 or 0"),
    ],
)
def test_a_server_that_cannot_work_ends_with_one_line(tmp_path, environment, expected):
    process = start_serving("serving.service:ScamScreen", free_port(), tmp_path, environment)
    try:
        assert process.wait(timeout=60) == 1
    finally:
        end_serving(process)
    lines = [*(tmp_path / "stdout").read_text().splitlines(), *(tmp_path / "stderr").read_text().splitlines()]
    assert len(lines) == 1
    assert lines[0].startswith(expected)
