"""A few hundred hostile requests, and those that once broke something; `make fuzz` sends 10,000."""

import base64
import json

import pytest
from pydantic import ValidationError

from serving.access.gate import MAX_HEAD_BYTES
from serving.schemas.changes import ReferralIn, ReportChange
from serving.schemas.documents import DocumentIn, RedactRequest, ScreenRequest
from serving.schemas.origins import CHANNELS
from serving.schemas.reports import ReportIn, ReportsRequest
from serving.schemas.search import CampaignSearch, ReportSearch
from serving.schemas.webhooks import WebhookIn
from serving.store.home import default_url
from serving.store.received import known_encoding, text_of
from tests.chaos import FAKE
from tests.fuzz.__main__ import fuzz
from tests.fuzz.operations import MARK
from tests.test_serving.conftest import service_in_process

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with service_in_process(home, default_url(home)) as client:
        yield client


def store(client, **report):
    return client.post("/v1/reports", json={"reports": [report]})


def told(client, answer):
    assert answer.status_code == 202, answer.text
    return client.get(f"/v1/reports/{answer.json()['reports'][0]['id']}").json()


def test_hostile_requests_break_nothing_and_their_words_get_nowhere(tmp_path):
    outcome = fuzz(tmp_path, 400, warm_up=100, seed=11, service=FAKE)

    assert outcome.faults == {}
    assert outcome.reports_accepted > 20
    assert outcome.marks_in_the_decrypted_view > 100
    assert len(outcome.kinds) > 8


@pytest.mark.parametrize(
    "model",
    [
        *(DocumentIn, ScreenRequest, RedactRequest, ReportIn, ReportsRequest),
        *(ReportChange, ReferralIn, ReportSearch, CampaignSearch, WebhookIn),
    ],
)
def test_a_million_unknown_fields_are_one_error_and_not_a_gigabyte_of_them(model):
    with pytest.raises(ValidationError) as refused:
        model.model_validate(dict.fromkeys(map(str, range(1_000))))

    assert refused.value.error_count() == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_outside_the_calendar_is_refused_before_it_hides_the_queue(client, moment):
    assert store(client, text="a", received_at=moment).status_code == 422

    assert client.post("/v1/reports/search", json={}).status_code == 200


@pytest.mark.parametrize("moment", ["0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-14:00"])
def test_a_time_at_an_end_of_the_calendar_is_kept(client, moment):
    report = told(client, store(client, text="a", received_at=moment))

    assert report["received_at"][:4] in ("0001", "0002", "9998", "9999")
    assert client.post("/v1/reports/search", json={}).status_code == 200


@pytest.mark.parametrize(
    "encoding",
    ["idna", "punycode", "undefined", "unicode_escape", "zlib_codec", "a\0b", "../x", "ü"],
)
def test_what_is_no_encoding_of_texts_is_refused(client, encoding):
    answer = store(client, content="YQ==", encoding=encoding)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert known_encoding(encoding) == ""


@pytest.mark.parametrize(
    "encoding", ["UTF-8", "cp874", "TIS-620", "utf_16", "Big5-HKSCS", "gb18030", "utf-7", "utf:8"]
)
def test_any_bytes_are_read_in_any_encoding_of_texts(client, encoding):
    content = bytes(range(256)) * 2

    report = told(client, store(client, content=base64.b64encode(content).decode(), encoding=encoding))

    assert report["text"] == text_of(content, known_encoding(encoding))


def test_a_channel_that_is_no_code_stands_with_the_details_and_nowhere_else(client):
    report = told(client, store(client, text="a", channel="สายด่วน 1300", platform="Facebook"))
    by_code = told(client, store(client, text="a", channel=" Walk-in ", platform="other"))

    assert (report["channel"], report["platform"]) == ("other", "facebook")
    assert report["details"]["channel"] == "สายด่วน 1300"
    assert "platform" not in report["details"]
    assert (by_code["channel"], by_code["platform"]) == ("walk_in", "other")
    assert "channel" not in by_code["details"]
    assert {"hotline", "line", "other"} < set(CHANNELS)


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/screen"])
def test_an_encoded_body_is_refused_before_it_is_unpacked(client, path):
    answer = client.post(path, content=b"\x1f\x8b\x08", headers={**JSON, "Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["code"]) == (415, "encoded")


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"reason":' * 50_000, b'{"reason": ' + b"9" * 5_000 + b"}", b"\xff", b""]
)
@pytest.mark.parametrize("path", ["/v1/webhooks", f"/v1/reports/{'0' * 32}/purge", "/v1/reports/search"])
def test_a_body_that_is_no_json_is_called_so(client, path, body):
    answer = client.post(path, content=body, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")


@pytest.mark.parametrize("value", [1, "true", "yes", 0.0])
def test_whether_somebody_is_in_danger_is_said_in_no_other_way_than_described(client, value):
    assert store(client, text="a", in_danger=value).status_code == 422


def test_anybody_may_send_little_to_what_is_open_to_all(client):
    assert client.post("/v1/channels/line", content=b" " * 1_000_001, headers=JSON).status_code == 413
    assert client.request("GET", "/livez", content=b"a").status_code == 413


def test_a_long_head_is_refused_with_a_problem(client):
    answer = client.get("/v1/taxonomy", headers={"X-Long": "a" * MAX_HEAD_BYTES})

    assert (answer.status_code, answer.json()["code"]) == (431, "head_too_large")


def test_marks_are_found_in_every_spelling_that_is_looked_for():
    from tests.fuzz.outcome import marks_in

    mark = "zqx00000101q"
    assert MARK.fullmatch(mark.encode())
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        assert marks_in(f"before {mark} after".encode(encoding)) > 0
        assert marks_in(mark.upper().encode(encoding)) > 0
    assert marks_in(json.dumps("zqxword").encode()) == 0
