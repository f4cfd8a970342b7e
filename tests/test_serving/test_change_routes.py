"""`PATCH /v1/reports/{id}`, its history, screenings and referrals, over HTTP."""

import json

import pytest

from serving.api.change_routes import seen_versions
from serving.schemas.changes import HistoryRecord, ReferralAnswer, ReferralsRecord, ScreeningsRecord
from serving.schemas.report_records import ReportRecord
from tests.test_serving.conftest import DATABASES, new_store_url, service_in_process
from tests.test_serving.test_reports import screened, stored

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module", params=DATABASES)
def client(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes")
    with service_in_process(folder / "home", new_store_url(request, folder)) as client:
        yield client


@pytest.fixture
def path(client):
    """The path of a report that was screened as urgent."""
    [accepted] = stored(client, {"text": "help me, they hold us in a compound"})
    screened(client, accepted["id"])
    return f"/v1/reports/{accepted['id']}"


def etag(client, path):
    return client.get(path).headers["etag"]


def send(client, method, path, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.request(method, path, content=content, headers={**JSON, **headers})


def change(client, path, seen=None, **wanted):
    return send(client, "PATCH", path, wanted, **{"If-Match": seen or etag(client, path)})


def test_a_report_is_changed_and_told_as_it_is_then(client, path):
    response = change(client, path, status="acknowledged", assignee="local", safe_to_contact="no")

    told = response.json()
    assert (response.status_code, told["status"], told["assignee"]) == (200, "acknowledged", "local")
    assert told["acknowledged_at"]
    assert response.headers["etag"] == etag(client, path) == f'"{told["version"]}"'
    assert ReportRecord.model_validate(told)


def test_of_two_who_saw_the_same_the_second_is_told_and_changes_nothing(client, path):
    seen = etag(client, path)
    first = change(client, path, seen, status="acknowledged")
    second = change(client, path, seen, status="in_review", note="zqxnote")

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "changed_meanwhile"
    assert client.get(path).json()["status"] == "acknowledged"
    assert "zqxnote" not in client.get(f"{path}/history").text


@pytest.mark.parametrize("header", [{}, {"If-Match": "*"}, {"If-Match": ""}])
def test_a_change_that_names_no_version_is_refused(client, path, header):
    response = send(client, "PATCH", path, {"status": "acknowledged"}, **header)

    assert (response.status_code, response.json()["code"]) == (428, "no_version")
    assert client.get(path).json()["status"] == "new"


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ('"3"', {3}),
        ('W/"3"', {3}),  # a proxy that compresses answers makes it weak
        ('"3", "4"', {3, 4}),
        ("3", set()),
        ('"zqx"', set()),
        ('"99999999999999"', set()),
    ],
)
def test_if_match_names_versions(header, seen):
    assert seen_versions(header) == seen


def test_history_and_screenings_are_told(client, path):
    change(client, path, note="she wrote again", labels=["person_at_risk", "task_scam"])

    past = client.get(f"{path}/history").json()
    assert HistoryRecord.model_validate(past)
    assert [entry["action"] for entry in past["entries"]] == ["stored", "changed"]
    assert past["entries"][1]["words"] == {"note": "she wrote again"}
    screenings = client.get(f"{path}/screenings").json()
    assert ScreeningsRecord.model_validate(screenings)
    [screening] = screenings["screenings"]
    assert (screening["model_sha256"], screening["priority"]) == ("0" * 64, "urgent")
    assert screening["record"]["flags"] == ["person_at_risk"]
    labelling = client.get(path).json()["labelling"]
    assert (labelling["labels"], labelling["context_labels"]) == (["person_at_risk"], ["task_scam"])


def test_a_referral_is_made_and_answered(client, path):
    refused = send(
        client,
        "POST",
        f"{path}/referrals",
        {"to_agency": "a shelter", "police": False, "redaction": "codes"},
        **{"If-Match": etag(client, path)},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "no_consent")
    change(client, path, consent={"refer": "yes", "by": "the night desk"})

    made = send(
        client,
        "POST",
        f"{path}/referrals",
        {"to_agency": "a shelter", "police": False, "redaction": "codes"},
        **{"If-Match": etag(client, path)},
    )
    assert made.status_code == 201
    assert ReferralAnswer.model_validate(made.json())
    answered = send(
        client,
        "PATCH",
        f"{path}/referrals/{made.json()['referral']['id']}",
        {"acknowledged": True, "partner_ref": "P-77"},
        **{"If-Match": f'"{made.json()["version"]}"'},
    )
    assert answered.status_code == 200
    assert answered.json()["referral"]["partner_ref"] == "P-77"
    assert client.get(path).json()["status"] == "accepted_by_partner"
    listed = client.get(f"{path}/referrals").json()
    assert ReferralsRecord.model_validate(listed)
    assert [one["to_agency"] for one in listed["referrals"]] == ["a shelter"]


def test_half_a_surrogate_pair_in_a_note_costs_nothing(client, path):
    assert change(client, path, note="half \ud83d of a pair").status_code == 200
    assert client.get(f"{path}/history").json()["entries"][-1]["words"] == {"note": "half \ufffd of a pair"}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not readable JSON"),
        (b"[" * 100_000, 400, "not readable JSON"),
        (b"[]", 422, "body"),
        (b'{"status": "guilty_zqx"}', 422, "status: expected 'acknowledged', 'in_review'"),
        (b'{"status": "referred"}', 422, "status"),
        (b'{"labels": ["zqxlabel"]}', 422, "labels.0: expected one of the codes in /openapi.json"),
        (b'{"spans": [{"code": "PERSON", "start": -1, "end": 2}]}', 422, "spans.0.start"),
        (b'{"spans": [{"code": "PERSON", "start": 0, "end": 1e99}]}', 422, "spans.0.end"),
        (b'{"zqxfield": 1}', 422, "unknown field"),
        (b'{"note": "%s"}' % (b"zqx" * 7_000), 422, "note: too many or too long: expected at most 20,000"),
        (
            b'{"note": "%s\\u0000"}' % (b"z" * 20_000),
            422,
            "note: too many or too long: expected at most 20,000",
        ),
        (b'{"consent": {"refer": "zqxmaybe"}}', 422, "consent.refer: expected 'yes', 'no' or 'not_asked'"),
        (b'{"status": "labels_agreed"}', 409, "new can be set to acknowledged, in_review"),
        (b'{"assignee": "zqxsomebody"}', 409, "assignee"),
        (b'{"priority": "low"}', 409, "say why"),
        (b'{"spans": [{"code": "PERSON", "start": 0, "end": 900}]}', 409, "spans"),
    ],
)
def test_what_cannot_be_changed_is_told_without_quoting_it(client, path, body, status, said):
    response = send(client, "PATCH", path, body, **{"If-Match": etag(client, path)})

    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]
    assert "zqx" not in response.text
    assert len(client.get(f"{path}/history").json()["entries"]) == 1


@pytest.mark.parametrize("version", ["1", "*", "version 1"])
def test_who_forgets_the_quotes_around_a_version_is_told_so_and_not_that_somebody_was_faster(
    client, path, version
):
    response = send(client, "PATCH", path, {"note": "zqx"}, **{"If-Match": version})

    assert (response.status_code, response.json()["code"]) == (428, "no_version")
    assert 'as "3"' in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"police": False, "redaction": "codes"}, "to_agency: a field is missing"),
        ({"to_agency": "a", "redaction": "codes"}, "police: a field is missing"),
        ({"to_agency": "a", "police": False, "redaction": "zqx"}, "redaction"),
        (
            {"to_agency": "a", "police": False, "redaction": "codes", "without_consent": "zqx"},
            "without_consent",
        ),
    ],
)
def test_a_wrong_referral_is_told_without_quoting_it(client, path, body, said):
    response = send(client, "POST", f"{path}/referrals", body, **{"If-Match": etag(client, path)})

    assert response.status_code == 422
    assert said in response.json()["detail"]
    assert "zqx" not in response.text


@pytest.mark.parametrize(
    "body", [{"acknowledged": True, "returned": True}, {"reason": "why"}, {"acknowledged": False}]
)
def test_an_agency_says_one_thing(client, path, body):
    response = send(client, "PATCH", f"{path}/referrals/{'0' * 32}", body, **{"If-Match": etag(client, path)})

    assert response.status_code == 422


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("PATCH", ""),
        ("GET", "/history"),
        ("GET", "/screenings"),
        ("GET", "/referrals"),
        ("PATCH", f"/referrals/{'1' * 32}"),
    ],
)
def test_a_report_that_is_not_there_has_neither_past_nor_future(client, method, below):
    response = send(client, method, f"/v1/reports/{'0' * 32}{below}", {}, **{"If-Match": '"1"'})

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_change_that_is_not_declared_as_json_is_refused(client, path):
    response = client.patch(path, content=b"{}", headers={"If-Match": '"1"', "Content-Type": "text/plain"})

    assert response.status_code == 415


def test_the_contract_tells_of_every_change_and_what_it_needs(client):
    paths = client.get("/openapi.json").json()["paths"]

    for path, method in (
        ("/v1/reports/{report_id}", "patch"),
        ("/v1/reports/{report_id}/referrals", "post"),
        ("/v1/reports/{report_id}/referrals/{referral_id}", "patch"),
    ):
        operation = paths[path][method]
        [header] = [one for one in operation["parameters"] if one["in"] == "header"]
        assert (header["name"], header["required"]) == ("If-Match", True)
        assert {"404", "409", "412", "428"} <= operation["responses"].keys()
