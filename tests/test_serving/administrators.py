"""People at the pages of administrators, and what they do there."""

import csv
import re
from contextlib import contextmanager
from io import StringIO
from urllib.parse import urlsplit

import pytest

from serving.commands.links import new_link
from serving.store.home import default_url
from tests.test_serving.conftest import service_in_process
from tests.test_serving.test_console_access import PASSWORD, Browser, add_person, command

PLEA = "help me, they keep us in the compound, call 081-555-0143"
HERE = "http://localhost"
NEW_PASSWORD = "eleven slow river boats"
SURE = {"sure": "yes"}


@contextmanager
def administered(home):
    """The service in open mode, with two organisations and somebody who administers each."""
    with service_in_process(home, default_url(home)) as client:
        for organisation, prefix in (("Line 1", "LA"), ("Line 2", "LB")):
            command("organisations", "add", organisation, "--prefix", prefix)
            add_person(f"boss of {organisation}", "screen,review,pii,admin", organisation)
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with administered(tmp_path_factory.mktemp("home")) as client:
        yield client


def local_administrator(client):
    """Return the browser of who came by the link of the terminal."""
    browser = Browser(client.app, HERE)
    token = urlsplit(new_link()).fragment
    assert browser.client.post("/sign-in/link", data={"token": token}).status_code == 303
    browser.read_csrf()
    return browser


@pytest.fixture
def local(client):
    return local_administrator(client)


def signed_in(client, name, password=PASSWORD, code=""):
    browser = Browser(client.app, HERE)
    assert browser.sign_in(name, password, code).status_code == 303
    return browser


def signs_in(client, name, password=PASSWORD, code=""):
    return Browser(client.app, HERE).sign_in(name, password, code).status_code == 303


@pytest.fixture
def boss(client):
    return signed_in(client, "boss of Line 1")


@pytest.fixture
def person(client, request):
    """Somebody of the first organisation, whose name is that of the test."""
    name = f"nok {request.node.originalname[:50]} {len(request.node.name)}"
    add_person(name, "screen,review", "Line 1")
    return name


def page_of(browser, name):
    """Return the path of a person's page."""
    listed = browser.client.get("/admin/people").text
    return re.search(rf'href="(/admin/people/[0-9]+)">{re.escape(name)}<', listed)[1]


def do(browser, path, action, **fields):
    return browser.send("POST", path, data={"do": action, **fields})


def guide(browser, topic, text, language="en", **fields):
    sent = {"topic": topic, "language": language, "text": text, **fields}
    return browser.send("POST", "/admin/guidance", data=sent)


def store(client, text=PLEA):
    """Store a report of the local organisation."""
    return client.post("/v1/reports", json={"reports": [{"text": text}]}).json()["reports"][0]


def log_of(browser, **filters):
    """Return the lines of the audit, as the file of it holds them."""
    answer = browser.send("POST", "/admin/audit/file", data=filters)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
