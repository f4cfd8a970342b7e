"""Who guesses from outside keeps nobody out of the browser they use every day, nor holds the service up."""

import asyncio
import json

import pytest

from serving.console import passwords
from serving.console.passwords import LEAST_WRONG_SECONDS, MOST_WAITING, CrowdedError, Door
from serving.store.access import known_browsers
from serving.store.access.sign_in import MOST_WRONG
from tests.test_serving.administrators import (
    HERE,
    NEW_PASSWORD,
    administered,
    do,
    local_administrator,
    log_of,
    page_of,
    signed_in,
    signs_in,
)
from tests.test_serving.test_console_access import PASSWORD, Browser, add_person


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with administered(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(passwords, "LEAST_WRONG_SECONDS", 0.0)


@pytest.fixture
def person(client, request):
    name = f"nok {request.node.originalname[:60]}"
    add_person(name, "screen,review", "Line 1")
    return name


def guess(client, name, times=MOST_WRONG):
    for _ in range(times):
        assert not signs_in(client, name, "a guess of somebody")


def sign_in_again(browser, name, password=PASSWORD):
    """Sign in with a browser in which nobody is signed in any more."""
    return browser.client.post("/sign-in", data={"name": name, "password": password}).status_code == 303


def test_somebody_who_signed_in_here_before_is_let_in_whatever_strangers_guess(client, person):
    browser = signed_in(client, person)
    browser.send("POST", "/sign-out")

    guess(client, person)

    assert not signs_in(client, person), "a stranger who knows the password waits all the same"
    assert sign_in_again(browser, person)


def test_a_locked_screen_is_unlocked_whatever_strangers_guess(client, person):
    browser = signed_in(client, person)
    browser.send("POST", "/lock")

    guess(client, person)
    unlocked = browser.send("POST", "/sign-in", data={"name": person, "password": PASSWORD})

    assert unlocked.status_code == 303
    assert browser.client.get("/queue").status_code == 200


def test_two_who_share_a_browser_are_both_known_to_it(client, person):
    other = f"{person} too"
    add_person(other, "review", "Line 1")
    browser = signed_in(client, person)
    browser.send("POST", "/sign-out")
    assert sign_in_again(browser, other)
    browser.read_csrf()
    browser.send("POST", "/sign-out")

    guess(client, person)
    guess(client, other)

    assert sign_in_again(browser, person)
    browser.read_csrf()
    browser.send("POST", "/sign-out")
    assert sign_in_again(browser, other)


def test_a_browser_is_known_for_nobody_else(client, person):
    browser = signed_in(client, "boss of Line 1")
    browser.send("POST", "/sign-out")

    guess(client, person)

    assert not sign_in_again(browser, person)


def test_who_guesses_at_a_known_browser_is_a_stranger_in_the_end(client, person):
    browser = signed_in(client, person)
    browser.send("POST", "/sign-out")
    for _ in range(known_browsers.MOST_WRONG + MOST_WRONG):
        assert not sign_in_again(browser, person, "a guess of somebody")

    assert not sign_in_again(browser, person)


def test_a_new_password_makes_strangers_of_the_browsers_of_the_old_one(client, person):
    thief = signed_in(client, person)
    thief.send("POST", "/sign-out")
    local = local_administrator(client)
    do(local, page_of(local, person), "password", password=NEW_PASSWORD, sure="yes")

    guess(client, person)

    assert not sign_in_again(thief, person, NEW_PASSWORD)


def test_who_changes_their_own_password_stays_known_here(client, person):
    browser = signed_in(client, person)
    sent = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert do(browser, "/me", "password", **sent).status_code == 303
    browser.read_csrf()
    browser.send("POST", "/sign-out")

    guess(client, person)

    assert sign_in_again(browser, person, NEW_PASSWORD)


def test_what_no_browser_was_given_makes_it_no_friend(client, person):
    browser = Browser(client.app, HERE)
    guess(client, person)

    sent = {"name": person, "password": PASSWORD}
    for kept in ("", "~", ".", "a.b~c", "\u0e01.\u0e02", "x" * 5_000):
        headers = {"Cookie": f"scamscreen_known={kept}".encode()}
        assert browser.client.post("/sign-in", data=sent, headers=headers).status_code == 401


def test_a_wrong_attempt_of_a_stranger_takes_as_long_whatever_is_wrong_with_it(monkeypatch):
    monkeypatch.setattr(passwords, "LEAST_WRONG_SECONDS", LEAST_WRONG_SECONDS)
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    async def wrong():
        return None

    for seconds in (0.05, 0.12):
        ticks = iter((10.0, 10.0 + seconds))
        assert asyncio.run(Door(sleep, lambda ticks=ticks: next(ticks)).tried(wrong)) is None

    assert slept == pytest.approx([LEAST_WRONG_SECONDS - 0.05, LEAST_WRONG_SECONDS - 0.12])


def test_strangers_come_one_by_one_and_are_sent_away_where_too_many_wait():
    async def crowd():
        door, at_once, most = Door(asyncio.sleep), 0, 0

        async def attempt():
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0)
            at_once -= 1

        answers = await asyncio.gather(
            *(door.tried(attempt) for _ in range(MOST_WAITING + 5)), return_exceptions=True
        )
        return most, sum(isinstance(answer, CrowdedError) for answer in answers)

    assert asyncio.run(crowd()) == (1, 5)


def test_who_is_sent_away_is_told_so(client, monkeypatch):
    monkeypatch.setattr(passwords, "MOST_WAITING", 0)

    answer = Browser(client.app, HERE).sign_in("boss of Line 1")

    assert answer.status_code == 503
    assert "Too many try to sign in" in answer.text


def test_from_where_somebody_guesses_stands_in_the_audit_of_who_runs_the_service(client):
    assert not signs_in(client, "nobody of this name", "a guess of somebody")

    links = log_of(local_administrator(client), action="person.refused")

    assert [json.loads(link["detail"])["from"] for link in links] == [["127.0.0.1"]]
    assert "nobody of this name" not in str(links)
