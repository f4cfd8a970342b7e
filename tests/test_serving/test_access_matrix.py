"""All endpoints, all scopes, two organisations, over the whole service: who gets what with which key.

A new endpoint needs a row in `MATRIX`; without one the first test fails.
"""

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from dataclasses import dataclass
from types import MappingProxyType

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.testclient import TestClient

import models
import serving.service
import serving.telling.feed
from serving.access.gatekeeper import REMEMBERED_SECONDS
from serving.access.pages import PAGES
from serving.access.routes import ROUTES
from serving.store.access.callers import SCOPES
from serving.store.home import default_url, open_store
from serving.store.organisations import LOCAL
from serving.store.tables import AUDIT, CREDENTIAL
from tests.fakes import FakeScreener
from tests.test_serving.conftest import eventually
from tests.test_serving.conftest import scamscreen as command

ANY_KEY, ANYBODY = "any key", "anybody"
SCREEN = MappingProxyType({"json": {"documents": [{"text": "good morning"}]}})
REPORTS = MappingProxyType({"json": {"reports": [{"text": "call 081-555-0143", "code_word": "zqxumbrella"}]}})
PURGE = MappingProxyType({"json": {"reason": "zqxumbrella asked for it"}})
NOTHING = MappingProxyType({})
ANYTHING = MappingProxyType({"json": {}})
SEEN = MappingProxyType({"If-Match": ", ".join(f'"{version}"' for version in range(100))})
CHANGE = MappingProxyType({"json": {"note": "zqxnote"}, "headers": SEEN})
REFERRAL = MappingProxyType(
    {
        "json": {
            "to_agency": "a shelter",
            "police": False,
            "redaction": "codes",
            "without_consent": "child",
            "reason": "zqxreason",
        },
        "headers": SEEN,
    }
)
ANSWER = MappingProxyType({"json": {"partner_ref": "zqxref"}, "headers": SEEN})
WEBHOOK = MappingProxyType({"json": {"url": "http://127.0.0.1:9/hook", "kinds": ["report.referred"]}})
LINE_SECRET = b"0123456789abcdef0123456789abcdef"
LINE_BODY = b'{"events": []}'
LINE = MappingProxyType(
    {
        "content": LINE_BODY,
        "headers": {
            "Content-Type": "application/json",
            "X-Line-Signature": base64.b64encode(
                hmac.new(LINE_SECRET, LINE_BODY, hashlib.sha256).digest()
            ).decode(),
        },
    }
)


@dataclass(frozen=True)
class Row:
    """What an endpoint needs, and a request that it answers when it is let in.

    Attributes:
        needs: a scope, `ANY_KEY` or `ANYBODY`.
        good: the status of that request.
        organisation: whose keys are let in.
    """

    needs: str
    request: MappingProxyType
    good: int = 200
    organisation: str = "Line 1"


MATRIX = {
    ("POST", "/v1/screen"): Row("screen", SCREEN),
    ("POST", "/v1/redact"): Row("screen", SCREEN),
    ("POST", "/v1/reports"): Row("report", REPORTS, 202),
    ("GET", "/v1/reports/{report_id}"): Row("review", NOTHING),
    ("GET", "/v1/reports/{report_id}/custody"): Row("review", NOTHING),
    ("POST", "/v1/reports/{report_id}/purge"): Row("admin", PURGE),
    ("PATCH", "/v1/reports/{report_id}"): Row("review", CHANGE),
    ("GET", "/v1/reports/{report_id}/history"): Row("review", NOTHING),
    ("GET", "/v1/reports/{report_id}/screenings"): Row("review", NOTHING),
    ("GET", "/v1/reports/{report_id}/referrals"): Row("review", NOTHING),
    ("POST", "/v1/reports/{report_id}/referrals"): Row("review", REFERRAL, 201),
    ("PATCH", "/v1/reports/{report_id}/referrals/{referral_id}"): Row("review", ANSWER),
    ("POST", "/v1/reports/search"): Row("review", ANYTHING),
    ("POST", "/v1/campaigns/search"): Row("review", ANYTHING),
    ("GET", "/v1/webhooks"): Row("admin", NOTHING),
    ("POST", "/v1/webhooks"): Row("admin", WEBHOOK, 201),
    ("DELETE", "/v1/webhooks/{webhook_id}"): Row("admin", NOTHING, 204),
    ("POST", "/v1/webhooks/{webhook_id}/test"): Row("admin", NOTHING, 202),
    ("GET", "/v1/webhooks/{webhook_id}/deliveries"): Row("admin", NOTHING),
    ("POST", "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry"): Row("admin", NOTHING, 202),
    ("GET", "/v1/events"): Row("review", NOTHING),
    ("POST", "/v1/channels/line"): Row(ANYBODY, LINE),
    ("GET", "/v1/taxonomy"): Row(ANY_KEY, NOTHING),
    ("GET", "/metrics"): Row("admin", NOTHING, organisation=LOCAL),
    ("GET", "/openapi.json"): Row(ANY_KEY, NOTHING),
    ("GET", "/livez"): Row(ANYBODY, NOTHING),
    ("HEAD", "/livez"): Row(ANYBODY, NOTHING),
    ("GET", "/readyz"): Row(ANYBODY, NOTHING),
    ("HEAD", "/readyz"): Row(ANYBODY, NOTHING),
}
PROBES = {("GET", "/livez"), ("HEAD", "/livez"), ("GET", "/readyz"), ("HEAD", "/readyz")}
OF_BENTOML = ("/docs.json", "/schema.json", "/healthz", "/static_content/x.js", "/screen", "/v1/screen/")


class Addressed:
    """The service, to clients whose address stands in a header of the test."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            address = dict(scope["headers"]).get(b"x-test-address", b"127.0.0.1").decode()
            scope = {**scope, "client": (address, 5000)}
        await self.app(scope, receive, send)


class Service:
    """The whole service behind its gate, and the keys of two organisations."""

    def __init__(self, client: TestClient):
        self.client = client
        self.keys = {}
        for organisation, prefix in (("Line 1", "LI"), ("Line 2", "LJ"), (LOCAL, "")):
            if prefix:
                command("organisations", "add", organisation, "--prefix", prefix)
            for scope in SCOPES:
                self.keys[organisation, scope] = self.new_key(organisation, scope)
        self.report, self.purged = (
            self.send("POST", "/v1/reports", self.key("report"), **REPORTS).json()["reports"][0]
            for _ in range(2)
        )
        self.ids = {"{report_id}": self.report["id"], "{webhook_id}": self.new_webhook()}
        delivery = self.send("POST", "/v1/webhooks/{webhook_id}/test", self.key("admin"))
        self.ids["{delivery_id}"] = delivery.json()["id"]
        path = "/v1/reports/{report_id}/referrals"
        referral = self.send("POST", path, self.key("review"), **REFERRAL).json()["referral"]
        self.ids["{referral_id}"] = referral["id"]

    def new_webhook(self) -> str:
        return self.send("POST", "/v1/webhooks", self.key("admin"), **WEBHOOK).json()["id"]

    def new_key(self, organisation: str, *scopes: str, name: str = "", options: tuple = ()) -> str:
        of = ("--organisation", organisation, "--scopes", ",".join(scopes))
        return command("keys", "create", name or f"program {'-'.join(scopes)}", *of, *options).strip()

    def key(self, scope: str, organisation: str = "Line 1") -> str:
        return self.keys[organisation, scope]

    def send(self, method: str, path: str, key: str | None, **request) -> httpx.Response:
        headers = {**request.pop("headers", {}), **({"Authorization": f"Bearer {key}"} if key else {})}
        if path.endswith("/purge"):
            path = path.replace("{report_id}", self.purged["id"])
        if method == "DELETE" and "{webhook_id}" in path:
            path = path.replace("{webhook_id}", self.new_webhook())
        path = re.sub(r"\{\w+\}", lambda name: self.ids.get(name[0], "0" * 32), path)
        return self.client.request(method, path, headers=headers, **request)


class Watched(FakeScreener):
    """Keeps whose each text is."""

    owners = frozenset()

    def screen(self, documents, *given, **named):
        Watched.owners |= {(one.text, one.owner) for one in documents}
        return super().screen(documents, *given, **named)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def service(home):
    line_secret = home.parent / f"{home.name} line.secret"
    line_secret.write_bytes(LINE_SECRET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCAMSCREEN_HOME", str(home))
        patch.delenv("SCAMSCREEN_OPEN", raising=False)
        patch.setenv("SCAMSCREEN_WEBHOOK_PRIVATE", "1")
        patch.setenv("SCAMSCREEN_LINE_SECRET_FILE", str(line_secret))
        patch.setattr(
            serving.telling.feed, "STREAM_SECONDS", 0.05
        )  # the client waits for the end of an answer
        patch.setattr(models, "load_screener", lambda *_, **__: Watched())
        patch.setattr(serving.service, "configure_logging", lambda: None)
        app = Addressed(serving.service.ScamScreen.to_asgi())
        with TestClient(app, base_url="http://scamscreen.example") as client:
            yield Service(client)


def test_every_endpoint_has_a_row():
    routed = {(method, path) for path, route in ROUTES.items() for method in route.needs}
    of_app = {(method, route.path) for route in api_routes(serving.service.APP) for method in route.methods}
    of_pages = {(method, path) for path, page in PAGES.items() for method in page.needs}
    of_bentoml = {("POST", api.route) for api in serving.service.ScamScreen.apis.values()}

    assert routed == MATRIX.keys()
    assert of_app - of_pages | of_bentoml | PROBES == MATRIX.keys()


def api_routes(app):
    """Yield the routes of an app or router; FastAPI keeps a router that it includes as one route."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from api_routes(route.original_router)


@pytest.mark.parametrize(("method", "path"), MATRIX)
@pytest.mark.parametrize("scope", [*SCOPES, None])
def test_a_key_reaches_what_its_scope_is_for_and_nothing_else(service, method, path, scope):
    row = MATRIX[method, path]

    answer = service.send(method, path, scope and service.key(scope, row.organisation), **row.request)

    if row.needs == ANYBODY or (scope and row.needs in (ANY_KEY, scope)):
        assert answer.status_code == row.good, answer.text
    elif scope is None:
        assert (answer.status_code, answer.json()["code"]) == (401, "no_key")
        assert answer.headers["www-authenticate"] == "Bearer"
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize(("method", "path"), [endpoint for endpoint in MATRIX if "{" in endpoint[1]])
def test_what_belongs_to_one_organisation_does_not_exist_for_another(service, method, path):
    row = MATRIX[method, path]

    own = service.send(method, path, service.key(row.needs), **row.request)
    others = service.send(method, path, service.key(row.needs, "Line 2"), **row.request)
    nowhere = re.sub(r"\{\w+\}", "0" * 32, path)
    nothing = service.send(method, nowhere, service.key(row.needs), **row.request)

    assert own.status_code == row.good
    assert others.status_code == 404
    assert others.json() == nothing.json()


def test_what_all_organisations_send_is_counted_for_the_one_that_runs_the_service_alone(service):
    answer = service.send("GET", "/metrics", service.key("admin", "Line 1"))

    assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


def test_a_search_finds_nothing_of_another_organisation(service):
    both = service.new_key("Line 1", "review", "pii", name="searcher")
    screened(service, both)
    asked = {"json": {"words": "call", "campaign_id": service.report["id"]}}

    own = service.send("POST", "/v1/reports/search", service.key("review"), **asked).json()
    others = service.send("POST", "/v1/reports/search", service.key("review", "Line 2"), **asked).json()

    assert service.report["id"] in [one["id"] for one in own["reports"]]
    assert "555-0143" not in json.dumps(own)
    assert others == {"reports": [], "next": None, "count": "0"}


def test_a_text_is_screened_as_its_senders_alone_so_that_nobody_learns_that_it_was_sent_before(service):
    asked = {"json": {"documents": [{"text": "zqx they hold us"}]}}
    for organisation in ("Line 1", "Line 2"):
        service.send("POST", "/v1/screen", service.key("screen", organisation), **asked)
    both = service.new_key("Line 1", "review", "report", name="sends the same")
    sent = {"json": {"reports": [{"text": "zqx they hold us"}]}}
    report_id = service.send("POST", "/v1/reports", both, **sent).json()["reports"][0]["id"]
    eventually(lambda: service.send("GET", f"/v1/reports/{report_id}", both).json()["work"] == "screened")

    assert len({owner for text, owner in Watched.owners if text == "zqx they hold us"}) == 3


def test_each_organisation_counts_its_own_cases(service):
    answer = service.send("POST", "/v1/reports", service.key("report", "Line 2"), **REPORTS)

    assert answer.json()["reports"][0]["case_ref"].startswith("LJ-")
    assert service.report["case_ref"].startswith("LI-")


def test_words_and_numbers_are_only_for_keys_with_the_scope_pii(service):
    both = service.new_key("Line 1", "review", "pii")
    screened(service, both)

    codes = service.send("GET", "/v1/reports/{report_id}", service.key("review"))
    whole = service.send("GET", "/v1/reports/{report_id}", both)

    assert whole.json()["text"] == "call 081-555-0143"
    assert "zqxumbrella" in whole.text
    assert codes.json()["text"] is None
    assert codes.json()["screening"]["entities"][0]["type"] == "PHONE"
    assert not any(word in codes.text for word in ("555-0143", "zqx"))


WORDS = ("", "/history", "/screenings", "/referrals")
"""What of a report tells words of people."""


@pytest.mark.parametrize("path", [f"/v1/reports/{{report_id}}{path}" for path in WORDS])
def test_what_people_wrote_of_a_report_is_only_for_keys_with_the_scope_pii(service, path):
    both = service.new_key("Line 1", "review", "pii", name=f"words {path}".translate(_NO_PATH))
    service.send("PATCH", "/v1/reports/{report_id}", service.key("review"), **CHANGE)
    screened(service, both)

    codes = service.send("GET", path, service.key("review"))
    whole = service.send("GET", path, both)

    assert "zqx" in whole.text or "555-0143" in whole.text
    assert "zqx" not in codes.text
    assert "555-0143" not in codes.text


@pytest.mark.parametrize(
    "path",
    [
        path
        for method, path in MATRIX
        if method == "GET" and "{" in path and path.removeprefix("/v1/reports/{report_id}") not in WORDS
    ],
)
def test_all_else_quotes_nothing_whoever_asks(service, path):
    scopes = [scope for scope in SCOPES if scope != "screen"]
    whole = service.send(
        "GET", path, service.new_key("Line 1", *scopes, name=f"all {path}".translate(_NO_PATH))
    )

    assert whole.status_code == 200
    assert "zqx" not in whole.text
    assert "555-0143" not in whole.text


_NO_PATH = str.maketrans("/{}", "   ")


@pytest.mark.parametrize(
    ("method", "path"),
    [endpoint for endpoint in MATRIX if endpoint[0] in ("PATCH", "POST") and "{" in endpoint[1]],
)
def test_what_a_change_answers_quotes_nothing_without_the_scope_pii(service, method, path):
    row = MATRIX[method, path]

    answer = service.send(method, path, service.key(row.needs), **row.request)

    assert answer.status_code == MATRIX[method, path].good
    assert "zqx" not in answer.text


def test_who_read_a_report_stands_in_the_audit_of_its_organisation(service, home):
    reader = service.new_key("Line 1", "review", name="reader")
    actor_id = next(
        row.actor_id for row in in_store(home, select(CREDENTIAL)) if row.handle == reader.split("_")[1]
    )

    service.send("GET", "/v1/reports/{report_id}", reader)
    reads = select(AUDIT).where(AUDIT.c.action == "report.read", AUDIT.c.actor_id == actor_id)
    service.send("POST", "/v1/reports", service.key("report"), **REPORTS)  # written after what was read

    [link] = in_store(home, reads)
    assert (link.subject, json.loads(link.detail)) == (service.report["id"], {"codes": 1})


def test_who_looked_for_words_or_how_a_report_was_kept_stands_in_the_audit(service, home):
    looker = service.new_key("Line 1", "review", name="looker")
    actor_id = next(
        row.actor_id for row in in_store(home, select(CREDENTIAL)) if row.handle == looker.split("_")[1]
    )

    service.send("POST", "/v1/reports/search", looker, json={"words": "passport"})
    service.send("GET", "/v1/reports/{report_id}/custody", looker)
    service.send("POST", "/v1/reports", service.key("report"), **REPORTS)  # written after what was read

    looks = select(AUDIT).where(AUDIT.c.action.like("report%"), AUDIT.c.actor_id == actor_id)
    assert [(link.action, json.loads(link.detail)) for link in in_store(home, looks)] == [
        ("reports.searched", {"words": 1}),
        ("report.read", {"custody": 1}),
    ]


def in_store(home, question):
    store = open_store(default_url(home), home / "store.key")
    try:
        return store.database.read(lambda connection: connection.execute(question).all())
    finally:
        store.database.close()


def screened(service, key):
    eventually(lambda: service.send("GET", "/v1/reports/{report_id}", key).json()["work"] == "screened")


@pytest.mark.parametrize("path", OF_BENTOML)
def test_whatever_is_not_named_wants_a_key_and_then_is_not_there(service, path):
    every = service.new_key("Line 1", *SCOPES, name=f"all {OF_BENTOML.index(path)}")

    assert service.send("GET", path, None).status_code == 401
    assert service.send("POST", path, None, json={}).status_code == 401
    assert service.send("GET", path, every).status_code == 404


def test_keys_of_all_wrong_kinds_get_the_same_answer(service):
    good = service.new_key("Line 1", "screen", name="wrong kinds")
    revoked = service.new_key("Line 1", "screen", name="revoked")
    command("keys", "revoke", revoked.split("_")[1])
    shown = {
        "wrong": f"{good[:-1]}{'0' if good[-1] != '0' else '1'}",
        "truncated": good[:-1],
        "foreign": f"ssk_{'1' * 16}_{'1' * 64}",
        "revoked": revoked,
        "no key": "junk",
        "in another case": good.upper(),
    }

    answers = {name: show(service, key, "203.0.113.10") for name, key in shown.items()}

    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({answer.text for answer in answers.values()}) == 1
    assert not any(good.split("_")[1] in answer.text for answer in answers.values())
    assert show(service, good, "203.0.113.10").status_code == 200


def show(service, key, address="127.0.0.1"):
    return service.send("GET", "/v1/taxonomy", key, headers={"x-test-address": address})


def test_a_revoked_key_stops_within_a_second_and_a_rotated_one_goes_on(service):
    ended, replaced = (service.new_key("Line 1", "screen", name=name) for name in ("ended", "replaced"))
    assert {show(service, key, "203.0.113.11").status_code for key in (ended, replaced)} == {200}

    command("keys", "revoke", ended.split("_")[1])
    new = command("keys", "rotate", replaced.split("_")[1]).strip()
    time.sleep(REMEMBERED_SECONDS)

    assert [show(service, key, "203.0.113.11").status_code for key in (ended, replaced, new)] == [
        401,
        401,
        200,
    ]


def test_guessing_ends_in_a_lock_out_for_that_address_alone(service):
    good = service.new_key("Line 1", "screen", name="guessed")
    statuses = [
        show(service, f"ssk_{number:016x}_{'0' * 64}", "203.0.113.12").status_code for number in range(12)
    ]

    assert statuses == [*[401] * 10, 429, 429]
    locked = show(service, good, "203.0.113.12")
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
    assert int(locked.headers["retry-after"]) > 0
    assert show(service, good).status_code == 200


def test_a_key_that_asks_too_often_is_told_when_to_come_back(service):
    key = service.new_key("Line 1", "screen", name="eager", options=("--limits", "2/hour"))
    answers = [show(service, key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "too_often"
    assert 0 < int(answers[2].headers["retry-after"]) <= 3600


def test_no_key_is_in_logs_metrics_the_contract_or_the_files_of_the_store(service, home, caplog):
    caplog.set_level(logging.DEBUG)
    key = service.new_key(LOCAL, "admin", name="watched")
    wrong = f"{key[:-1]}{'0' if key[-1] != '0' else '1'}"
    for path in ("/metrics", "/v1/screen", "/nothing"):
        service.send("GET", path, key)
        service.send("GET", f"{path}?key={key}", wrong, headers={"x-test-address": "203.0.113.13"})
    metrics = service.send("GET", "/metrics", key).text

    written = b"".join(path.read_bytes() for path in home.iterdir()) + metrics.encode()
    of_us = [record for record in caplog.records if not record.name.startswith("http")]  # the client's own
    logged = json.dumps([record.getMessage() + str(record.__dict__) for record in of_us])
    for secret in (key.split("_")[2], wrong.split("_")[2]):
        assert secret.encode() not in written
        assert secret not in logged
    assert "request" in logged
    assert key.split("_")[1].encode() in written


def test_the_contract_says_which_scope_each_operation_needs(service):
    contract = service.send("GET", "/openapi.json", service.key("screen")).json()

    told = {
        (method.upper(), path): operation["security"]
        for path, operations in contract["paths"].items()
        for method, operation in operations.items()
    }
    assert contract["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert told == {endpoint: security_of(MATRIX[endpoint].needs) for endpoint in told}
    assert {("POST", "/v1/reports"), ("POST", "/v1/channels/line")} < told.keys()


def security_of(needs):
    """Return what the contract says of an operation."""
    if needs == ANYBODY:
        return []
    return [{"key": [] if needs == ANY_KEY else [needs]}]
