"""nginx and Caddy in front of a real server, as `deploy` has them: who gets through, and what is kept."""

import base64
import hashlib
import hmac
import json
import re
import shutil
import warnings
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from serving.access.gatekeeper import MOST_WRONG
from serving.access.routes import MAX_BODY_BYTES, ROUTES
from serving.schemas.reports import MAX_IMAGE_BYTES
from serving.store.home import open_store
from serving.store.tables import AUDIT
from tests.test_serving.conftest import (
    Server,
    end_serving,
    eventually,
    free_port,
    start_serving,
    wait_until_ready,
)
from tests.test_serving.proxies import NAME, PROXIES, Proxy, running_proxy
from tests.test_serving.test_keys_in_use import command

SENTINEL = "zqxsentinel"
LINE_SECRET = b"0123456789abcdef0123456789abcdef"
OF_BENTOML = ("/", "/docs.json", "/schema.json", "/healthz", "/static_content/x.js", "/screen", "/index.html")
ODD = ("/livez//", "/livez/", "/livez%2f..%2fmetrics", "/v1/screen/", "/METRICS", f"/{'0' * 5_000}")
JSON = {"Content-Type": "application/json"}
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A server that answers only to keys, with a LINE account."""
    running = Server(free_port(), tmp_path_factory.mktemp("behind"))
    secret = running.folder / "line.secret"
    secret.write_bytes(LINE_SECRET)
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen",
        running.port,
        running.folder,
        {"SCAMSCREEN_LINE_SECRET_FILE": str(secret)},
    )
    try:
        wait_until_ready(running, process)
        yield running
    finally:
        process.terminate()
        end_serving(process)


@pytest.fixture(scope="module", params=PROXIES)
def name(request):
    if shutil.which(request.param) is None:
        missing = f"NOT TRIED: {request.param} is not installed: apt-get install {request.param}"
        warnings.warn(missing, stacklevel=1)
        pytest.skip(missing)
    return request.param


@pytest.fixture(scope="module")
def proxy(name, service, tmp_path_factory):
    with running_proxy(name, tmp_path_factory.mktemp("proxy") / name, service.port) as running:
        yield running


@pytest.fixture(scope="module")
def key(service, name):
    return command(service, "keys", "create", f"desk at {name}", "--scopes", "report,review,screen")


def everything() -> list[tuple[str, str]]:
    """Return method and path of all there is, and of what there is not."""
    routes = [
        (method, re.sub(r"\{\w+\}", "0" * 32, path))
        for path, route in ROUTES.items()
        for method in route.needs
    ]
    others = [(method, path) for path in (*OF_BENTOML, *ODD) for method in ("GET", "POST")]
    return routes + others


def test_every_path_wants_a_key_but_the_probes_and_what_line_signs(proxy):
    with proxy.client() as client:
        answers = {
            (method, path): client.request(method, path, headers=JSON) for method, path in everything()
        }

    is_open = {
        ("GET", "/livez"): 200,
        ("HEAD", "/livez"): 200,
        ("GET", "/readyz"): 200,
        ("HEAD", "/readyz"): 200,
    }
    assert {asked: answer.status_code for asked, answer in answers.items()} == {
        asked: is_open.get(asked, 401) for asked in answers
    }
    assert answers["POST", "/v1/channels/line"].json()["code"] == "wrong_signature"
    assert answers["GET", "/docs.json"].json()["code"] == "no_key"


def test_what_line_has_signed_gets_through(proxy):
    body = b'{"events": []}'
    signature = base64.b64encode(hmac.digest(LINE_SECRET, body, hashlib.sha256)).decode()

    with proxy.client() as client:
        answer = client.post(
            "/v1/channels/line", content=body, headers={**JSON, "X-Line-Signature": signature}
        )

    assert answer.status_code == 200


def test_an_event_arrives_while_its_stream_is_open(proxy, key):
    with proxy.client(key=key) as client, client.stream("GET", "/v1/events", timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        stored = client.post("/v1/reports", json={"reports": [{"text": "a compound"}]})
        told = next(
            json.loads(line[6:]) for line in lines if line.startswith("data: ")
        )  # or its time is over

    assert stored.status_code == 202
    assert (told["kind"], told["id"]) == ("report.stored", stored.json()["reports"][0]["id"])


def report_of(image_bytes: int) -> bytes:
    content = base64.b64encode(bytes(image_bytes)).decode()
    return json.dumps({"reports": [{"content": content, "media_type": "image/png"}]}).encode()


def test_the_largest_image_passes(proxy, key):
    with proxy.client(key=key) as client:
        answer = client.post("/v1/reports", content=report_of(MAX_IMAGE_BYTES), headers=JSON)

    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 2 * MAX_BODY_BYTES])
@pytest.mark.parametrize("is_announced", [True, False])
def test_a_larger_body_is_refused_in_words(proxy, key, size, is_announced):
    body = b" " * size
    pieces = body if is_announced else (body[at : at + 100_000] for at in range(0, size, 100_000))
    with proxy.client(key=key) as client:
        answer = client.post("/v1/reports", content=pieces, headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["content-type"] == "application/problem+json"


def test_whoever_sends_much_without_a_key_is_told_why_it_is_refused(proxy):
    with proxy.client() as client:
        answers = [
            client.post("/v1/reports", content=report_of(MAX_IMAGE_BYTES), headers=JSON) for _ in range(5)
        ]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "no_key")}


def test_the_address_in_the_audit_is_that_of_the_client_whatever_it_claims(proxy, service, name):
    token = command(service, "keys", "create", f"bot of {name}", "--scopes", "screen")
    claims = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}

    with proxy.client("127.0.0.2", token) as client:
        answer = client.get("/v1/taxonomy", headers=claims)

    assert answer.status_code == 200
    assert audited(service, token.split("_")[1]) == {"good": 1, "from": ["127.0.0.2"]}


def audited(service: Server, key_id: str) -> dict[str, object]:
    """Return what the audit says of the first use of a key: it is written down after the answer."""
    home = service.folder / "home"
    store = open_store(f"sqlite:///{home}/store.db", home / "store.key")
    links = select(AUDIT.c.detail).where(AUDIT.c.action == "key.used", AUDIT.c.subject == key_id)
    try:
        eventually(lambda: store.database.read(lambda connection: connection.execute(links).all()))
        return json.loads(store.database.read(lambda connection: connection.execute(links).scalar_one()))
    finally:
        store.database.close()


def test_whoever_guesses_is_locked_out_under_whatever_address_they_claim(proxy, name):
    wrong = f"ssk_{PROXIES.index(name):016x}_{'0' * 64}"
    address = f"127.0.0.{3 + PROXIES.index(name)}"

    with proxy.client(address, wrong) as client:
        statuses = [
            client.get("/v1/taxonomy", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(MOST_WRONG + 1)
        ]

    assert statuses == [*[401] * MOST_WRONG, 429]


def test_nothing_that_was_asked_or_sent_is_in_what_the_proxy_writes(proxy, key):
    with proxy.client(key=key) as client:
        ask_with_sentinels(client)

    assert_quotes_nothing(proxy, key)


def test_while_the_service_is_away_senders_are_told_and_nothing_is_quoted(name, tmp_path, key):
    with running_proxy(name, tmp_path / name, free_port()) as proxy, proxy.client(key=key) as client:
        answer = ask_with_sentinels(client)

        assert (answer.status_code, answer.json()["code"]) == (503, "away")
        assert int(answer.headers["retry-after"]) > 0
        assert_quotes_nothing(proxy, key)


def ask_with_sentinels(client: httpx.Client) -> httpx.Response:
    headers = {**JSON, "Idempotency-Key": SENTINEL, "Cookie": SENTINEL, "Referer": f"https://x/{SENTINEL}"}
    client.get(f"/{SENTINEL}", headers=headers)
    body = json.dumps({"reports": [{"text": SENTINEL, "code_word": SENTINEL}]})
    return client.post(f"/v1/reports?text={SENTINEL}", content=body, headers=headers)


def assert_quotes_nothing(proxy: Proxy, key: str) -> None:
    written = proxy.logged()
    assert SENTINEL.encode() not in written
    assert key.split("_")[2].encode() not in written


class AtBrowser:
    """Somebody at a browser behind a proxy: sends what pages send, and keeps the cookie."""

    def __init__(self, proxy: Proxy, client: httpx.Client) -> None:
        self._client, self._origin = client, f"https://{NAME}:{proxy.port}"
        self.cookie = self.csrf = ""

    def _sent(self) -> dict[str, str]:
        return {**PAGE, "Cookie": self.cookie} if self.cookie else PAGE

    def get(self, path: str, **headers: str) -> httpx.Response:
        answer = self._client.get(path, headers={**self._sent(), **headers})
        if found := re.search(r'<meta name="csrf" content="([0-9a-f]{64})">', answer.text):
            self.csrf = found[1]
        return answer

    def post(self, path: str, data: dict[str, str], *, origin: str = "", **sent) -> httpx.Response:
        headers = {**self._sent(), "Origin": origin or self._origin}
        return self._client.post(path, data={"csrf": self.csrf, **data}, headers=headers, **sent)


@pytest.fixture
def at_browser(proxy):
    with proxy.client() as client:
        yield AtBrowser(proxy, client)


def link_for(service: Server, person: str) -> str:
    """Add a person; return what stands behind the # of their link."""
    scopes = ("--scopes", "screen,report,review")
    command(service, "people", "add", person, *scopes, typed="seven quiet buffalo\n")
    return urlsplit(command(service, "people", "link", person)).fragment


def test_a_browser_that_is_not_signed_in_gets_the_page_that_asks_it_to_in_its_language(at_browser):
    asked = at_browser.get("/queue")
    thai = at_browser.get(asked.headers["location"], **{"Accept-Language": "th,en;q=0.5"})
    english = at_browser.get("/sign-in", **{"Accept-Language": "en"})
    style = at_browser.get("/static/console.css")

    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")
    assert (thai.status_code, english.status_code) == (200, 200)
    assert '<html lang="th">' in thai.text
    assert '<html lang="en">' in english.text
    assert "default-src 'none'" in english.headers["content-security-policy"]
    assert "max-age" in english.headers["strict-transport-security"]
    assert style.headers["content-type"].startswith("text/css")


def test_a_person_comes_in_by_a_link_and_works_and_goes_through_the_proxy(at_browser, proxy, service, name):
    token = link_for(service, f"Somsri at {name}")

    begun = at_browser.post("/sign-in/link", {"token": token})
    again = at_browser.post("/sign-in/link", {"token": token})
    kept = begun.headers["set-cookie"]
    at_browser.cookie = kept.partition(";")[0]
    queue = at_browser.get("/queue")
    forged = at_browser.post("/queue", {}, origin="https://evil.example")
    chosen = at_browser.post("/language", {"language": "th", "back": "/queue"})
    in_thai = at_browser.get(chosen.headers["location"])
    left = at_browser.post("/sign-out", {})
    after = at_browser.get("/queue")

    assert (begun.status_code, begun.headers["location"], again.status_code) == (303, "/", 401)
    attributes = {one.strip().lower() for one in kept.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict"} <= attributes
    assert not any(one.startswith("domain") for one in attributes)
    assert queue.status_code == 200
    assert (forged.status_code, chosen.status_code, chosen.headers["location"]) == (403, 303, "/queue")
    assert '<html lang="th">' in in_thai.text
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert (after.status_code, after.headers["location"]) == (303, "/sign-in")
    assert token.encode() not in proxy.logged()
    assert at_browser.cookie.encode() not in proxy.logged()


def test_the_largest_form_of_images_passes(at_browser, service, name):
    begun = at_browser.post("/sign-in/link", {"token": link_for(service, f"Wichai at {name}")})
    at_browser.cookie = begun.headers["set-cookie"].partition(";")[0]
    at_browser.get("/uploads")

    answer = at_browser.post("/uploads/images", {}, files={"images": ("a.png", bytes(15_000_000))})

    assert answer.status_code == 422
    assert "a.png is no PNG" in answer.text
