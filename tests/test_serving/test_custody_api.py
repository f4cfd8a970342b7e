"""`/v1/reports/{id}/custody` and `/purge`; what the service keeps beside a report."""

import pytest

from serving.store.home import default_url
from tests.test_serving.conftest import eventually, service_in_process

WORDS = "zqxsentinel help me, Somchai at 081-555-0143"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The whole service in this process, with a fake model."""
    home = tmp_path_factory.mktemp("custody")
    with service_in_process(home, default_url(home)) as client:
        yield client


@pytest.fixture
def report_id(client):
    """A stored report that was screened."""
    sent = client.post("/v1/reports", json={"reports": [{"text": WORDS, "code_word": "zqxsentinel"}]})
    report_id = sent.json()["reports"][0]["id"]
    eventually(lambda: client.get(f"/v1/reports/{report_id}").json()["work"] == "screened")
    return report_id


def custody(client, report_id):
    response = client.get(f"/v1/reports/{report_id}/custody")
    assert response.status_code == 200
    assert "zqx" not in response.text
    assert "Somchai" not in response.text
    return response.json()


def test_custody_tells_of_every_item_its_hash_its_tool_and_its_parent(client, report_id):
    told = custody(client, report_id)

    original, normalised, redacted = told["items"]
    assert original["sha256"] == client.get(f"/v1/reports/{report_id}").json()["sha256"]
    assert (original["kind"], original["parent"], original["tool"]) == ("original", None, "")
    for item, kind, tool in ((normalised, "normalised", "normalize"), (redacted, "redacted", "redact")):
        assert (item["kind"], item["parent"], item["kept"]) == (kind, original["number"], True)
        assert tool in item["tool"]
    assert original["bytes"] == len(WORDS.encode())
    assert {"report.stored", "report.screened"} <= {link["action"] for link in told["audit"]}
    assert told["purged_at"] is None


def test_a_purge_removes_the_words_and_tells_what_is_left(client, report_id):
    before = custody(client, report_id)
    response = client.post(f"/v1/reports/{report_id}/purge", json={"reason": "zqxsentinel asked for it"})

    assert response.status_code == 200
    assert "zqx" not in response.text
    after = custody(client, report_id)
    assert response.json() == after
    assert [item["sha256"] for item in after["items"]] == [item["sha256"] for item in before["items"]]
    assert not any(item["kept"] for item in after["items"])
    assert after["purges"][0]["cause"] == "request"
    report = client.get(f"/v1/reports/{report_id}").json()
    assert (report["text"], report["details"], report["screening"]) == (None, None, None)
    assert (report["priority"], report["work"]) == ("urgent", "screened")
    assert report["purged_at"] == after["purged_at"] is not None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"{}", 422),
        (b'{"reason": ""}', 422),
        (b'{"reason": 1}', 422),
        (b'{"reason": "zqx", "zqxother": 1}', 422),
        (b'{"reason": "' + b"zqx" * 1_000 + b'"}', 422),
        (b"[" * 50_000, 400),
        (b'{"reason": "\xff"', 400),
    ],
)
def test_a_purge_without_a_reason_is_refused_and_quotes_nothing(client, report_id, body, status):
    response = client.post(
        f"/v1/reports/{report_id}/purge", content=body, headers={"Content-Type": "application/json"}
    )

    assert response.status_code == status
    assert "zqx" not in response.text
    assert client.get(f"/v1/reports/{report_id}").json()["text"] == WORDS


@pytest.mark.parametrize("reason", [b"half \\ud83d a pair", b"caf\xe9", b"a\\u0000b"])
def test_a_reason_of_odd_characters_is_taken(client, report_id, reason):
    response = client.post(
        f"/v1/reports/{report_id}/purge",
        content=b'{"reason": "' + reason + b'"}',
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 200


def test_a_report_that_is_not_there_has_no_custody(client):
    assert client.get(f"/v1/reports/{'0' * 32}/custody").status_code == 404
    assert client.post(f"/v1/reports/{'0' * 32}/purge", json={"reason": "none"}).status_code == 404


def test_the_contract_describes_both(client):
    paths = client.get("/openapi.json").json()["paths"]

    assert "200" in paths["/v1/reports/{report_id}/custody"]["get"]["responses"]
    assert {"200", "409", "422"} <= set(paths["/v1/reports/{report_id}/purge"]["post"]["responses"])
