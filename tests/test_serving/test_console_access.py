"""Who sees which page of the console; and that no other page can act in their name."""

import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType
from unittest.mock import patch
from urllib.parse import urlsplit

import pyotp
import pytest
from starlette.testclient import TestClient

import models
import serving.service
import serving.store.access.sessions
from serving.access.pages import PAGES
from serving.access.session_keeper import REMEMBERED_SECONDS
from serving.cli import main
from serving.store.access.callers import SCOPES
from tests.fakes import FakeScreener
from tests.test_serving.test_access_matrix import api_routes

PASSWORD = "seven quiet buffalo"
PAGE = MappingProxyType({"headers": {"Accept": "text/html"}})
NOTHING = MappingProxyType({})
DECISION = MappingProxyType(
    {"json": {"items": [{"id": "0" * 32, "version": 1}], "change": {"status": "in_review"}}}
)
UNDO = MappingProxyType({"json": {"items": [{"id": "0" * 32, "version": 1}]}})


@dataclass(frozen=True)
class Row:
    """A request that a page answers to who may see it: with this status."""

    needs: str | None
    request: MappingProxyType
    good: int = 200


ANYBODY, SIGNED_IN = "anybody", "signed in"
MATRIX = {
    ("GET", "/"): Row("screen", PAGE),
    ("POST", "/"): Row("screen", MappingProxyType({"data": {"text": "good morning"}})),
    ("GET", "/queue"): Row("review", PAGE),
    ("POST", "/queue"): Row("review", NOTHING),
    ("POST", "/queue/rows"): Row("review", NOTHING),
    ("POST", "/queue/views"): Row("review", MappingProxyType({"data": {"name": "mine"}}), 303),
    ("POST", "/queue/decide"): Row("review", DECISION),
    ("POST", "/queue/undo"): Row("review", UNDO),
    ("GET", "/queue/urgent"): Row("review", NOTHING),
    ("GET", "/items/{report_id}"): Row("review", PAGE),
    ("GET", "/items/{report_id}/pane"): Row("review", NOTHING),
    ("POST", "/items/{report_id}/change"): Row("review", NOTHING, 409),
    ("GET", "/items/{report_id}/redacted"): Row(
        "review", PAGE, 409
    ),  # nobody with this scope alone sees words
    ("GET", "/items/{report_id}/image"): Row("review", NOTHING, 404),  # it is none
    ("GET", "/items/{report_id}/image/{page}"): Row("review", NOTHING, 404),
    ("POST", "/items/{report_id}/refer"): Row("review", NOTHING, 409),
    ("GET", "/shift"): Row("review", PAGE),
    ("POST", "/shift"): Row("review", NOTHING),
    ("POST", "/shift/take"): Row("review", NOTHING, 303),
    ("POST", "/shift/notes"): Row("review", NOTHING, 422),
    ("GET", "/shift/notes/{note_id}"): Row("review", PAGE, 404),
    ("POST", "/shift/notes/{note_id}/sign"): Row("review", NOTHING, 404),
    ("GET", "/overview"): Row("review", PAGE),
    ("POST", "/overview"): Row("review", NOTHING),
    ("POST", "/overview/file"): Row("review", NOTHING, 422),
    ("GET", "/overview/week"): Row("review", PAGE),
    ("POST", "/overview/week"): Row("review", NOTHING),
    ("GET", "/admin/people"): Row("admin", PAGE),
    ("POST", "/admin/people"): Row("admin", NOTHING, 422),
    ("GET", "/admin/people/{person_id}"): Row("admin", PAGE),
    ("POST", "/admin/people/{person_id}"): Row("admin", NOTHING, 422),
    ("GET", "/admin/keys"): Row("admin", PAGE),
    ("POST", "/admin/keys"): Row("admin", NOTHING, 422),
    ("GET", "/admin/organisations"): Row("admin", PAGE),
    ("POST", "/admin/organisations"): Row("admin", NOTHING, 404),  # but for the local administrator
    ("GET", "/admin/retention"): Row("admin", PAGE),
    ("POST", "/admin/retention"): Row("admin", NOTHING, 422),
    ("GET", "/admin/guidance"): Row("admin", PAGE),
    ("POST", "/admin/guidance"): Row("admin", NOTHING, 422),
    ("GET", "/admin/model"): Row("admin", PAGE),
    ("GET", "/admin/audit"): Row("admin", PAGE),
    ("POST", "/admin/audit"): Row("admin", NOTHING),
    ("POST", "/admin/audit/check"): Row("admin", NOTHING, 303),
    ("POST", "/admin/audit/file"): Row("admin", NOTHING),
    ("GET", "/me"): Row(SIGNED_IN, PAGE),
    ("POST", "/me"): Row(SIGNED_IN, NOTHING, 422),
    ("GET", "/new-password"): Row(ANYBODY, PAGE),
    ("POST", "/new-password"): Row(ANYBODY, NOTHING, 401),
    ("POST", "/items/{report_id}/referrals/{referral_id}"): Row("review", NOTHING, 409),
    ("POST", "/items/{report_id}/check"): Row("review", NOTHING, 409),
    ("POST", "/items/{report_id}/show-again"): Row("admin", NOTHING, 409),
    ("POST", "/items/{report_id}/withhold"): Row("review", NOTHING, 303),
    ("GET", "/uploads"): Row("report", PAGE),
    ("POST", "/uploads"): Row("report", NOTHING, 422),
    ("POST", "/uploads/begin"): Row("report", NOTHING),
    ("POST", "/uploads/images"): Row("report", NOTHING, 422),
    ("GET", "/uploads/{upload_id}"): Row("report", PAGE, 404),
    ("POST", "/uploads/{upload_id}"): Row("report", NOTHING, 404),
    ("POST", "/uploads/{upload_id}/chunks/{chunk}"): Row("report", NOTHING, 404),
    ("POST", "/uploads/{upload_id}/received"): Row("report", NOTHING, 404),
    ("POST", "/uploads/{upload_id}/screen"): Row("report", NOTHING, 404),
    ("POST", "/uploads/{upload_id}/stop"): Row("report", NOTHING, 404),
    ("GET", "/uploads/{upload_id}/progress"): Row("report", NOTHING, 404),
    ("GET", "/uploads/{upload_id}/errors"): Row("report", NOTHING, 404),
    ("GET", "/uploads/{upload_id}/results/{form}"): Row("review", NOTHING, 404),
    ("GET", "/sign-in"): Row(ANYBODY, PAGE),
    ("POST", "/sign-in"): Row(ANYBODY, NOTHING, 401),
    ("POST", "/sign-in/link"): Row(ANYBODY, NOTHING, 401),
    ("POST", "/sign-out"): Row(SIGNED_IN, NOTHING, 303),
    ("POST", "/lock"): Row(SIGNED_IN, NOTHING, 303),
    ("POST", "/language"): Row(ANYBODY, NOTHING, 303),
    ("GET", "/static/{file}"): Row(ANYBODY, NOTHING),
}
ENDS_SESSION = ("/sign-out", "/lock")


class Browser:
    """Somebody at a browser, signed in or not."""

    def __init__(self, app, base_url="http://scamscreen.example"):
        self.client = TestClient(app, base_url=base_url, client=("127.0.0.1", 5000), follow_redirects=False)
        self.csrf = ""

    def sign_in(self, name, password=PASSWORD, code=""):
        answer = self.client.post("/sign-in", data={"name": name, "password": password, "code": code})
        if answer.status_code == 303:
            self.read_csrf()
        return answer

    def read_csrf(self):
        page = self.client.get("/sign-in").text
        self.csrf = re.search(r'<meta name="csrf" content="([0-9a-f]{64})">', page)[1]

    def send(self, method, path, **request):
        headers = {"X-CSRF-Token": self.csrf, **request.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **request)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def app(home):
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SCAMSCREEN_HOME", str(home))
        patched.delenv("SCAMSCREEN_OPEN", raising=False)
        patched.setattr(models, "load_screener", lambda *_, **__: FakeScreener())
        patched.setattr(serving.service, "configure_logging", lambda: None)
        app = serving.service.ScamScreen.to_asgi()
        with TestClient(app, base_url="http://scamscreen.example"):
            yield app


@pytest.fixture(scope="module")
def people(app):
    """One person for each scope in each of two organisations, and who may do everything."""
    for organisation, prefix in (("Line 1", "LA"), ("Line 2", "LB")):
        command("organisations", "add", organisation, "--prefix", prefix)
        for scope in SCOPES:
            add_person(f"{scope} of {organisation}", scope, organisation)
        add_person(f"all of {organisation}", ",".join(SCOPES), organisation)


@pytest.fixture(scope="module")
def report(app, people):
    """A report of the first organisation, and one of its people."""
    key = command("keys", "create", "sender", "--organisation", "Line 1", "--scopes", "report").strip()
    with_key = {"Authorization": f"Bearer {key}"}
    client = TestClient(app, base_url="http://scamscreen.example")
    body = {"reports": [{"text": "we hire for the compound, call 081-555-0143"}]}
    stored = client.post("/v1/reports", json=body, headers=with_key).json()["reports"][0]
    page = signed_in(app, "admin of Line 1").client.get("/admin/people").text
    person_id = re.search(r'href="/admin/people/([0-9]+)">screen of Line 1<', page)[1]
    return {**stored, "person_id": person_id}


def add_person(name, scopes, organisation, *options):
    with patch("sys.stdin", StringIO(PASSWORD)):
        return command("people", "add", name, "--scopes", scopes, "--organisation", organisation, *options)


def command(*arguments):
    written = StringIO()
    with redirect_stdout(written), redirect_stderr(StringIO()):
        assert main(arguments) == 0
    return written.getvalue()


def signed_in(app, name):
    browser = Browser(app)
    assert browser.sign_in(name).status_code == 303
    return browser


def of_report(path, report):
    parts = {
        "{report_id}": report["id"],
        "{person_id}": report["person_id"],
        "{file}": "console.css",
        "{form}": "csv",
        "{chunk}": "0",
        "{page}": "1",
    }
    return re.sub(r"\{\w+\}", lambda part: parts.get(part[0], "0" * 32), path)  # of all else there is none


def test_every_page_has_a_row():
    named = {(method, path) for path, page in PAGES.items() for method in page.needs}
    routed = {(method, route.path) for route in api_routes(serving.service.APP) for method in route.methods}

    assert named == MATRIX.keys()
    assert named <= routed


@pytest.mark.parametrize(("method", "path"), MATRIX)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_person_sees_what_their_scope_is_for_and_nothing_else(app, people, report, method, path, scope):
    row = MATRIX[method, path]
    browser = signed_in(app, f"{scope} of Line 1")

    answer = browser.send(method, of_report(path, report), **row.request)

    if row.needs in (ANYBODY, SIGNED_IN, scope):
        assert answer.status_code == row.good, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")


@pytest.mark.parametrize(("method", "path"), [one for one, row in MATRIX.items() if row.needs != ANYBODY])
def test_who_is_not_signed_in_is_asked_to(app, report, method, path):
    answer = Browser(app).send(method, of_report(path, report), **MATRIX[method, path].request)

    if MATRIX[method, path].request is PAGE:
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    else:
        assert (answer.status_code, answer.json()["code"]) == (401, "no_session")


@pytest.mark.parametrize(("method", "path"), MATRIX)
def test_a_key_opens_no_page(app, people, report, method, path):
    key = command("keys", "create", "program", "--organisation", "Line 1", "--scopes", ",".join(SCOPES))
    answer = TestClient(app, base_url="http://scamscreen.example", follow_redirects=False).request(
        method, of_report(path, report), headers={"Authorization": f"Bearer {key.strip()}"}
    )

    if MATRIX[method, path].needs == ANYBODY:
        assert answer.status_code == MATRIX[method, path].good
    else:
        assert answer.status_code == 401
    command("keys", "revoke", key.split("_")[1])


def test_a_session_opens_nothing_but_pages(app, people, report):
    browser = signed_in(app, "all of Line 1")

    answers = [browser.client.get(path) for path in (f"/v1/reports/{report['id']}", "/metrics", "/docs.json")]

    assert [answer.status_code for answer in answers] == [401] * 3


@pytest.mark.parametrize(
    ("method", "path"), [one for one in MATRIX if "{report_id}" in one[1] or "{person_id}" in one[1]]
)
def test_an_item_or_a_person_of_another_organisation_does_not_exist(app, people, report, method, path):
    browser = signed_in(app, "all of Line 2")

    answer = browser.send(method, of_report(path, report), **MATRIX[method, path].request)

    assert answer.status_code == 404
    assert report["case_ref"] not in answer.text
    assert "screen of Line 1" not in answer.text


def test_who_is_let_read_the_items_of_another_organisation_sees_their_words_and_changes_nothing(
    app, people, report
):
    command("organisations", "grant", "Line 1", "Line 2", "--pii")
    browser = signed_in(app, "all of Line 2")
    try:
        shown = browser.client.get(f"/items/{report['id']}")
        refused = [
            browser.send("POST", of_report(f"/items/{{report_id}}/{path}", report), data={"version": 1})
            for path in ("change", "withhold", "show-again")
        ]
    finally:
        command("organisations", "ungrant", "Line 1", "Line 2")

    assert shown.status_code == 200
    assert report["case_ref"] in shown.text
    assert "How it was kept" not in shown.text
    assert "Seal this item" not in shown.text
    assert [one.status_code for one in refused] == [409, 404, 404]


@pytest.mark.parametrize("path", [path for method, path in MATRIX if method == "POST"])
@pytest.mark.parametrize("token", ["", "0" * 64])
def test_what_carries_no_token_of_the_session_is_refused(app, people, report, path, token):
    browser = signed_in(app, "all of Line 1")

    forged = browser.send("POST", of_report(path, report), headers={"X-CSRF-Token": token})

    assert forged.status_code == 403
    assert "Nothing was changed" in forged.text
    assert browser.client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_a_form_of_another_site_is_refused_even_before_signing_in(app, people):
    browser = Browser(app)

    answer = browser.send(
        "POST",
        "/sign-in",
        data={"name": "all of Line 1", "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app, people):
    browser = Browser(app)

    plain = browser.sign_in("all of Line 1").headers["set-cookie"]
    by_tls = Browser(app).client.post(
        "/sign-in",
        data={"name": "all of Line 1", "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )

    assert "HttpOnly" in plain
    assert "SameSite=strict" in plain
    assert "Secure" not in plain
    assert "Secure" in by_tls.headers["set-cookie"]


def test_every_page_forbids_scripts_and_images_of_others(app, people, report):
    browser = signed_in(app, "all of Line 1")

    for (method, path), row in MATRIX.items():
        answer = browser.send(method, of_report(path, report), **row.request)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        if path in ENDS_SESSION:
            browser = signed_in(app, "all of Line 1")


def test_signing_out_ends_the_session_wherever_its_cookie_is(app, people):
    browser = signed_in(app, "all of Line 1")
    cookie = browser.client.cookies["scamscreen_session"]

    browser.send("POST", "/sign-out")
    copied = Browser(app)
    copied.client.cookies.set("scamscreen_session", cookie)

    assert copied.client.get("/queue").status_code == 401


def test_a_locked_screen_shows_nothing_until_the_password_is_typed(app, people, report):
    browser = signed_in(app, "all of Line 1")

    browser.send("POST", "/lock")
    page = browser.client.get(f"/items/{report['id']}", headers={"Accept": "text/html"})
    asked = browser.client.get("/sign-in")

    assert page.headers["location"] == "/sign-in"
    assert "The screen is locked" in asked.text
    assert 'value="all of Line 1"' in asked.text
    browser.read_csrf()
    unlocked = browser.send("POST", "/sign-in", data={"name": "all of Line 1", "password": PASSWORD})
    assert unlocked.status_code == 303
    assert browser.client.get("/queue").status_code == 200


def test_a_session_without_anybody_locks_itself(app, people, monkeypatch):
    browser = signed_in(app, "all of Line 1")
    assert browser.client.get("/queue").status_code == 200

    monkeypatch.setattr(serving.store.access.sessions, "LOCKED_AFTER_MS", -1)
    forget(app)

    assert browser.client.get("/queue").status_code == 401


def test_a_person_who_is_disabled_is_out_within_a_second(app, people):
    add_person("somebody leaving", "review", "Line 1")
    browser = signed_in(app, "somebody leaving")
    assert browser.client.get("/queue").status_code == 200

    command("people", "disable", "somebody leaving")
    forget(app)

    assert REMEMBERED_SECONDS <= 1
    assert browser.client.get("/queue").status_code == 401


def test_a_new_password_ends_the_sessions_of_the_old_one(app, people):
    add_person("somebody robbed", "review", "Line 1")
    thief = signed_in(app, "somebody robbed")
    assert thief.client.get("/queue").status_code == 200

    with patch("sys.stdin", StringIO("another good long password")):
        command("people", "set-password", "somebody robbed")
    forget(app)

    assert thief.client.get("/queue").status_code == 401


def test_a_wrong_password_lets_nobody_in_and_says_not_what_was_wrong(app, people):
    browser = Browser(app)

    wrong = browser.sign_in("review of Line 1", "not the password")
    nobody = browser.sign_in("nobody at all", PASSWORD)

    assert (wrong.status_code, nobody.status_code) == (401, 401)
    assert "set-cookie" not in wrong.headers
    assert wrong.text.replace("review of Line 1", "") == nobody.text.replace("nobody at all", "")


def test_a_code_of_the_telephone_is_asked_for_and_works_once(app, people):
    uri = add_person("careful", "review", "Line 1", "--totp").strip()
    code = pyotp.parse_uri(uri).now()

    assert Browser(app).sign_in("careful").status_code == 401
    assert Browser(app).sign_in("careful", code=code).status_code == 303
    assert Browser(app).sign_in("careful", code=code).status_code == 401


def test_a_link_signs_in_once(app, people):
    link = urlsplit(command("people", "link", "all of Line 1").strip())
    first, second = Browser(app), Browser(app)

    used = first.client.post("/sign-in/link", data={"token": link.fragment})
    again = second.client.post("/sign-in/link", data={"token": link.fragment})

    assert (link.path, used.status_code, again.status_code) == ("/sign-in", 303, 401)
    assert first.client.get("/queue").status_code == 200
    assert link.fragment not in again.text


def test_a_link_is_too_old_after_five_minutes(app, people, monkeypatch):
    link = urlsplit(command("people", "link", "all of Line 1").strip())
    monkeypatch.setattr(serving.store.access.sessions, "LINK_LASTS_MS", 0)

    assert Browser(app).client.post("/sign-in/link", data={"token": link.fragment}).status_code == 401


def test_the_link_of_the_open_mode_opens_nothing_where_keys_are_asked_for(app, people):
    link = urlsplit(command("people", "link").strip())
    browser = Browser(app)

    assert browser.client.post("/sign-in/link", data={"token": link.fragment}).status_code == 303
    assert browser.client.get("/queue").status_code == 401


def test_a_language_is_remembered_for_the_person(app, people):
    browser = signed_in(app, "all of Line 2")

    browser.send("POST", "/language", data={"language": "th", "back": "/queue"})
    elsewhere = signed_in(app, "all of Line 2")

    assert '<html lang="th">' in browser.client.get("/queue").text
    assert '<html lang="th">' in elsewhere.client.get("/queue").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_choice_of_a_language_leads_to_no_other_site(app, back):
    answer = Browser(app).client.post("/language", data={"language": "th", "back": back})

    assert answer.headers["location"] == "/"


def forget(app):
    """Let the second go by for which a session is remembered."""
    keeper = serving.service.APP.state.desk.session_keeper
    keeper._remembered.clear()
