"""`/v1/reports/search` and `/v1/campaigns/search`: nothing in a URL, no words in an answer."""

import json

import pytest

from serving.store.home import default_url
from tests.test_serving.conftest import eventually, service_in_process


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The whole service in this process, with a fake model and four screened reports."""
    home = tmp_path_factory.mktemp("home")
    with service_in_process(home, default_url(home)) as client:
        texts = ["Somchai works in a zqxplace compound with free housing, call 081-555-0143 today"] * 2
        texts += ["help me, they lock the doors", "งานออนไลน์ รายได้ดี ทำที่บ้าน"]
        send(client, "/v1/reports", reports=[{"text": text, "channel": "line"} for text in texts])
        eventually(lambda: not search(client, work=["waiting"]).json()["reports"])
        yield client


def send(client, path, **body):
    return client.post(path, json=body)


def search(client, **asked):
    return send(client, "/v1/reports/search", **asked)


def test_the_urgent_come_first_and_a_summary_has_no_words(client):
    answer = search(client).json()

    assert [one["priority"] for one in answer["reports"]] == ["urgent", "high", "high", "low"]
    assert (answer["count"], answer["next"]) == ("4", None)
    assert answer["reports"][0]["flags"] == ["person_at_risk"]
    assert answer["reports"][0]["channel"] == "line"
    assert all(said not in json.dumps(answer) for said in ("zqxplace", "Somchai", "555 0143", "5550143"))


def test_reports_are_found_by_words_and_by_values(client):
    for asked in (
        {"words": "zqxplace housing"},
        {"entities": [{"type": "PHONE", "value": "+66 81 555 0143"}]},
        {"flags": ["trafficking_recruitment"], "duplicates": "without"},
    ):
        answer = search(client, limit=1, **asked).json()
        assert len(answer["reports"]) == 1, asked
    assert len(search(client, words="รายได้").json()["reports"]) == 1
    assert search(client, words="zqxnothing").json() == {"reports": [], "next": None, "count": "0"}


def test_the_next_page_goes_on_where_the_last_one_ended(client):
    seen = []
    cursor = None
    for _ in range(4):
        answer = search(client, limit=1, sort="newest", cursor=cursor).json()
        seen += [one["id"] for one in answer["reports"]]
        cursor = answer["next"]

    assert cursor is None
    assert len(set(seen)) == 4


def test_copies_are_one_line_of_a_campaign(client):
    [line] = send(client, "/v1/campaigns/search").json()["campaigns"]
    copies = search(client, campaign_id=line["id"]).json()["reports"]

    assert (line["reports"], line["priority"]) == (2, "high")
    assert [one["duplicate_of"] for one in copies] == [None, copies[0]["id"]]
    assert len(send(client, "/v1/campaigns/search", least_reports=1).json()["campaigns"]) == 3


@pytest.mark.parametrize("path", ["/v1/reports/search", "/v1/campaigns/search"])
@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"zqx{", 400, "not readable JSON"),
        (b'["zqx"]', 422, "body"),
        (b'{"zqxfield": 1}', 422, "unknown field"),
        (b'{"limit": 0}', 422, "limit"),
        (b'{"limit": "zqx"}', 422, "limit"),
        (b'{"cursor": "zqxcursor"}', 422, "cursor"),
        ('{"cursor": "zqx\u0e01"}'.encode(), 422, "cursor"),
        (b'{"cursor": "zqx\\ud83d"}', 422, "cursor"),
    ],
)
def test_what_cannot_be_searched_for_is_told_without_quoting_it(client, path, body, status, said):
    response = client.post(path, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/problem+json")
    assert said in response.json()["detail"]
    assert "zqx" not in response.text


@pytest.mark.parametrize(
    "asked",
    [
        {"words": "งา"},
        {"words": "a" * 201},
        {"priority": ["zqx"]},
        {"flags": ["zqx"]},
        {"entities": [{"type": "PHONE", "value": ""}]},
        {"entities": [{"type": "PHONE", "value": "zqx"}]},
        {"entities": [{"type": "ZQX", "value": "zqx"}]},
        {"stored_from": "yesterday zqx"},
        {"campaign_id": "zqx"},
        {"assignee": 2**80},
        {"status": ["a"] * 41},
    ],
)
def test_a_search_that_means_nothing_is_a_problem(client, asked):
    response = search(client, **asked)

    assert response.status_code == 422
    assert "zqx" not in response.text.lower()


@pytest.mark.parametrize("sign", ["\0", "\ud83d", "%", "'; DROP TABLE report; --", "{{7*7}}", "\U0010ffff"])
def test_odd_signs_find_nothing_and_break_nothing(client, sign):
    body = json.dumps({"words": f"zqxnothing {sign}", "channel": [sign]}).encode()

    response = client.post("/v1/reports/search", content=body, headers={"Content-Type": "application/json"})

    assert response.json() == {"reports": [], "next": None, "count": "0"}


def test_the_published_contract_describes_both_searches(client):
    paths = client.get("/openapi.json").json()["paths"]

    for path in ("/v1/reports/search", "/v1/campaigns/search"):
        assert set(paths[path]) == {"post"}
        assert "200" in paths[path]["post"]["responses"]
