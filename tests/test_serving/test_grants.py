"""An organisation reads what another lets it, and never changes it; both audits say who read what."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

import models
import serving.service
from serving.cli import main
from serving.store.home import Store, default_url, open_store
from serving.store.tables import AUDIT, ORGANISATION
from tests.fakes import FakeScreener
from tests.test_serving.conftest import eventually

TEXT = "zqxwords Somchai call 081-555-0143"
SEEN = {"If-Match": ", ".join(f'"{version}"' for version in range(100))}
READING = ("", "/history", "/screenings", "/referrals")


@dataclass
class Two:
    """A service with two organisations, "owner" and "reader", and keys of both."""

    client: TestClient
    store: Store
    keys: dict[str, str]
    report_id: str

    def get(self, path: str = "", *, key: str = "reader"):
        url = f"/v1/reports/{self.report_id}{path}"
        return self.client.get(url, headers={"Authorization": f"Bearer {self.keys[key]}"})

    def search(self, *, key: str = "reader", **asked):
        headers = {"Authorization": f"Bearer {self.keys[key]}"}
        return self.client.post("/v1/reports/search", headers=headers, json=asked)

    def found(self, **asked) -> list[str]:
        return [one["id"] for one in self.search(**asked).json()["reports"]]

    def actions(self, organisation: str) -> list[str]:
        of_name = select(ORGANISATION.c.id).where(ORGANISATION.c.name == organisation).scalar_subquery()
        asked = select(AUDIT.c.action).where(AUDIT.c.organisation_id == of_name).order_by(AUDIT.c.number)
        return self.store.database.read(lambda c: list(c.execute(asked).scalars()))


@pytest.fixture
def two(own_home: Path, monkeypatch, capsys) -> Iterator[Two]:
    monkeypatch.setenv("SCAMSCREEN_HOME", str(own_home))
    monkeypatch.setattr(models, "load_screener", lambda *_, **__: FakeScreener())
    monkeypatch.setattr(serving.service, "configure_logging", lambda: None)
    keys = {}
    for name, prefix in (("owner", "OW"), ("reader", "RE")):
        run("organisations", "add", name, "--prefix", prefix)
        capsys.readouterr()
        run("keys", "create", "desk", "--scopes", "report,review,pii", "--organisation", name)
        keys[name] = capsys.readouterr().out.strip()
    with TestClient(serving.service.ScamScreen.to_asgi(), base_url="http://localhost") as client:
        store = open_store(default_url(own_home), own_home / "store.key")
        sent = client.post(
            "/v1/reports",
            json={"reports": [{"text": TEXT}]},
            headers={"Authorization": f"Bearer {keys['owner']}"},
        )
        world = Two(client, store, keys, sent.json()["reports"][0]["id"])
        eventually(lambda: world.get(key="owner").json()["work"] == "screened")
        yield world
        store.database.close()


def run(*arguments: str) -> None:
    assert main(arguments) == 0


def test_without_a_grant_there_is_no_such_report(two):
    assert {two.get(path).status_code for path in READING} == {404}
    refused = two.search(organisation="owner")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_granted")
    assert refused.json() == two.search(organisation="nobody").json()
    assert two.found() == []


def test_who_is_granted_it_reads_without_the_words(two):
    run("organisations", "grant", "owner", "reader")

    answers = [two.get(path) for path in READING]
    assert [one.status_code for one in answers] == [200] * 4
    assert not any("zqxwords" in one.text or "Somchai" in one.text for one in answers)
    assert two.found(organisation="owner") == [two.report_id]
    assert two.found() == []


def test_words_are_read_and_looked_for_only_if_that_was_granted_too(two):
    run("organisations", "grant", "owner", "reader")
    refused = two.search(organisation="owner", words="zqxwords")
    assert (refused.status_code, refused.json()["code"]) == (422, "not_granted")

    run("organisations", "grant", "owner", "reader", "--pii")
    assert two.get().json()["text"] == TEXT
    assert two.found(organisation="owner", words="zqxwords") == [two.report_id]
    assert two.found(organisation="owner", entities=[{"type": "PHONE", "value": "0815550143"}]) == [
        two.report_id
    ]


def test_a_reader_changes_nothing(two):
    run("organisations", "grant", "owner", "reader", "--pii")
    headers = {"Authorization": f"Bearer {two.keys['reader']}", **SEEN}
    url = f"/v1/reports/{two.report_id}"
    before = two.get(key="owner").json()

    changed = two.client.patch(url, headers=headers, json={"note": "seen"})
    referral = {"to_agency": "a", "police": False, "redaction": "codes", "without_consent": "child"}
    referred = two.client.post(f"{url}/referrals", headers=headers, json={**referral, "reason": "a child"})

    assert (changed.status_code, referred.status_code) == (404, 404)
    assert two.get(key="owner").json() == before


def test_a_grant_is_one_way_and_ends_at_once(two):
    run("organisations", "grant", "reader", "owner")
    assert two.get().status_code == 404
    run("organisations", "grant", "owner", "reader")
    assert two.get().status_code == 200
    run("organisations", "ungrant", "owner", "reader")

    assert two.get().status_code == 404
    assert two.search(organisation="owner").status_code == 422
    assert main(("organisations", "ungrant", "owner", "reader")) == 1


def test_both_audits_say_what_was_granted_and_read(two):
    run("organisations", "grant", "owner", "reader")
    two.get()
    two.search(organisation="owner")
    run("organisations", "ungrant", "owner", "reader")

    told = ["reading.granted", "report.read", "reports.searched", "reading.ended"]
    for organisation in ("owner", "reader"):
        eventually(lambda name=organisation: set(told) <= set(two.actions(name)))


def test_what_is_granted_is_listed(two, capsys):
    run("organisations", "grant", "owner", "reader")
    run("organisations", "grant", "owner", "reader", "--pii")
    capsys.readouterr()
    run("organisations", "grants")

    head, *rows = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert head == ["owner", "reader", "words", "since"]
    assert [row[:3] for row in rows] == [["owner", "reader", "yes"]]


def test_nobody_is_granted_what_is_their_own(two, capsys):
    assert main(("organisations", "grant", "owner", "owner")) == 1
    assert "its own reports anyhow" in capsys.readouterr().err
