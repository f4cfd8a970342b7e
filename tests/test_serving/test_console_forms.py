"""Whatever somebody puts into the fields of a form, the service tells what is wrong with it and goes on."""

import re

import pytest

from serving.console.rendering import TEMPLATES
from tests.test_serving.administrators import administered, local_administrator, page_of, store
from tests.test_serving.test_console_access import ENDS_SESSION, MATRIX, Browser, of_report

NAMED = re.compile(r'name="([a-z_]+)"')
DONE = re.compile(r'name="do" value="([a-z_]+)"')
WRITTEN = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.html")))
FIELDS = sorted({*NAMED.findall(WRITTEN), "labels", "cursor", "chart"} - {"csrf"})
ACTIONS = sorted(set(DONE.findall(WRITTEN)) - {"disable"})
POSTED = [path for method, path in MATRIX if method == "POST" and path not in ENDS_SESSION]
HOSTILE = (
    "\0",
    "9" * 5_000,
    "-1",
    "99999999999999999999",
    "1e400",
    "NaN",
    "٣",
    "ก" * 3_000,
    "\u202e<script>alert(1)</script>'\"`",
    "0001-01-01",
    "9999-12-31",
    "[" * 5_000,
    '[{"code": "PHONE", "start": 1e400, "end": "x"}]',
    "../../etc/passwd",
    "\ufffe\ud7ff",
)
GOOD = {
    "version": "1",
    "type": "PHONE",
    "start": "0",
    "end": "3",
    "police": "yes",
    "redaction": "codes",
    "without_consent": "child",
    "reason": "why",
    "to_agency": "a shelter",
    "answer": "returned",
    "sure": "yes",
    "scopes": "review",
    "sort": "newest",
    "entity_type": "PHONE",
    "period": "dates",
    "first": "2026-11-01",
    "last": "2026-11-23",
    "overlap": "24",
    "with_labels": "yes",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with administered(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture(scope="module")
def browser(client):
    return local_administrator(client)


@pytest.fixture(scope="module")
def report(client, browser):
    person = page_of(browser, "boss of Line 2").rpartition("/")[2]
    return {**store(client), "person_id": person}


def answers(browser: Browser, report, path: str, data) -> None:
    answer = browser.send("POST", of_report(path, report), data=data)
    assert answer.status_code < 500, (path, data, answer.text[:200])


@pytest.mark.parametrize("path", POSTED)
def test_a_form_that_holds_the_same_nonsense_everywhere_is_answered(browser, report, path):
    for value in HOSTILE:
        answers(browser, report, path, dict.fromkeys(FIELDS, value))


@pytest.mark.parametrize("path", [path for path in POSTED if path.startswith(("/admin", "/me"))])
def test_every_action_of_administrators_is_answered_whatever_else_stands_in_its_form(browser, report, path):
    for action in ACTIONS:
        for value in HOSTILE[:2]:
            answers(browser, report, path, {**dict.fromkeys(FIELDS, value), **GOOD, "do": action})


@pytest.mark.parametrize(
    "path", [path for path in POSTED if path.startswith(("/items", "/queue", "/overview"))]
)
def test_one_field_of_nonsense_in_a_good_form_is_answered(browser, report, path):
    for field in GOOD:
        for value in (HOSTILE[1], HOSTILE[9]):
            answers(browser, report, path, {**GOOD, field: value})
