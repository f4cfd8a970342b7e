"""Administrators and people in the console: who is let in, who no longer, and everybody's own password."""

import re
import time

import pyotp
import pytest

import serving.console.me_page
import serving.store.access.code_offers
import serving.store.access.password_links
from tests.test_serving.administrators import (
    HERE,
    NEW_PASSWORD,
    SURE,
    administered,
    do,
    local_administrator,
    page_of,
    signed_in,
    signs_in,
)
from tests.test_serving.test_console_access import PASSWORD, Browser, add_person, forget


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with administered(tmp_path_factory.mktemp("home")) as client:
        yield client


@pytest.fixture
def local(client):
    return local_administrator(client)


@pytest.fixture
def boss(client):
    return signed_in(client, "boss of Line 1")


@pytest.fixture
def person(client, request):
    """Somebody of the first organisation, whose name is that of the test."""
    name = f"nok {request.node.originalname[:50]} {len(request.node.name)}"
    add_person(name, "screen,review", "Line 1")
    return name


def link_in(page):
    """Return what lets somebody choose a password, from the page that shows it."""
    return re.search(r"/new-password#([\w-]+)<", page)[1]


def choose(client, token, password=NEW_PASSWORD, again=None):
    sent = {"token": token, "password": password, "again": again or password}
    return Browser(client.app, HERE).client.post("/new-password", data=sent)


def test_somebody_new_chooses_their_own_password_by_a_link_that_works_once(client, boss):
    added = boss.send("POST", "/admin/people", data={"name": "somsri", "scopes": ["review"], "locale": "th"})
    token = link_in(added.text)
    assert token not in boss.client.get(page_of(boss, "somsri")).text

    chosen = choose(client, token)
    again = choose(client, token, "another good long one")

    assert "somsri" in chosen.text
    assert again.status_code == 401
    assert signs_in(client, "somsri", NEW_PASSWORD)
    browser = signed_in(client, "somsri", NEW_PASSWORD)
    assert '<html lang="th">' in browser.client.get("/queue").text
    assert browser.client.get("/").status_code == 403


def test_a_password_that_an_administrator_typed_lets_in_at_once(client, boss):
    sent = {"name": "wichai", "scopes": ["screen"], "password": PASSWORD}

    added = boss.send("POST", "/admin/people", data=sent)

    assert added.status_code == 303
    assert signs_in(client, "wichai")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "?", "scopes": ["screen"]}, "A name has up to 80 letters"),
        ({"name": "malee", "scopes": []}, "Tick at least one thing"),
        ({"name": "malee", "scopes": ["everything"]}, "Tick at least one thing"),
        ({"name": "malee", "scopes": ["screen"], "password": "short"}, "at least 12 characters"),
        ({"name": "boss of Line 2", "scopes": ["screen"]}, "This name is taken"),
    ],
)
def test_a_person_who_cannot_be_added_is_not_and_it_is_said_why(client, boss, sent, told):
    answer = boss.send("POST", "/admin/people", data=sent)

    assert answer.status_code == 422
    assert told in answer.text
    assert ">malee<" not in boss.client.get("/admin/people").text


def test_a_link_ends_with_the_next_one_and_after_a_day(client, boss, person, monkeypatch):
    path = page_of(boss, person)
    first = link_in(do(boss, path, "link").text)
    second = link_in(do(boss, path, "link").text)

    assert choose(client, first).status_code == 401
    assert signs_in(client, person), "the old password works until the link is used"
    monkeypatch.setattr(serving.store.access.password_links, "LASTS_MS", 0)
    assert choose(client, second).status_code == 401


def test_passwords_that_differ_or_are_short_use_no_link_up(client, boss, person):
    token = link_in(do(boss, page_of(boss, person), "link").text)

    differ = choose(client, token, NEW_PASSWORD, "something else entirely")
    short = choose(client, token, "short")

    assert "The two passwords differ" in differ.text
    assert "at least 12 characters" in short.text
    assert NEW_PASSWORD not in differ.text
    assert choose(client, token).status_code == 200


def test_a_new_password_by_a_link_ends_the_sessions_of_the_old_one(client, boss, person):
    before = signed_in(client, person)
    token = link_in(do(boss, page_of(boss, person), "link").text)

    choose(client, token)
    forget(client.app)

    assert before.client.get("/queue").status_code == 401
    assert not signs_in(client, person)
    assert signs_in(client, person, NEW_PASSWORD)


def test_rights_that_are_taken_away_are_gone_at_once(client, boss, person):
    browser = signed_in(client, person)
    assert browser.client.get("/queue").status_code == 200

    do(boss, page_of(boss, person), "scopes", scopes=["screen"])
    forget(client.app)

    assert browser.client.get("/queue").status_code == 403
    assert browser.client.get("/").status_code == 200


def test_the_last_administrator_keeps_the_right_and_is_not_shut_out(client, boss, local):
    path = page_of(boss, "boss of Line 1")

    taken = do(boss, path, "scopes", scopes=["screen"])
    shut_out = do(local, path, "disable", **SURE)

    assert (taken.status_code, shut_out.status_code) == (422, 422)
    assert "the last who may administer" in taken.text
    assert "the last who may administer" in shut_out.text
    assert boss.client.get("/admin/people").status_code == 200


def test_an_administrator_may_go_once_there_is_another_but_does_not_shut_themselves_out(client, local):
    for name in ("old boss", "next boss"):
        sent = {"name": name, "scopes": ["admin"], "password": PASSWORD, "organisation": "Line 2"}
        assert local.send("POST", "/admin/people", data=sent).status_code == 303
    old, path = signed_in(client, "old boss"), page_of(local, "old boss")

    by_themselves = do(old, path, "disable", **SURE)
    by_another = do(signed_in(client, "next boss"), path, "disable", **SURE)

    assert "Nobody shuts themselves out" in by_themselves.text
    assert by_another.status_code == 303
    assert not signs_in(client, "old boss")


def test_who_is_shut_out_is_out_until_let_in_again(client, boss, person):
    browser, path = signed_in(client, person), page_of(boss, person)

    without_tick = do(boss, path, "disable")
    assert "Tick that you are sure" in without_tick.text
    assert browser.client.get("/queue").status_code == 200

    do(boss, path, "disable", **SURE)
    forget(client.app)
    assert browser.client.get("/queue").status_code == 401
    assert not signs_in(client, person)

    do(boss, path, "enable")
    assert signs_in(client, person)


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("scopes", {"scopes": ["admin"]}),
        ("disable", SURE),
        ("link", {}),
        ("password", {"password": NEW_PASSWORD, **SURE}),
        ("code", {}),
    ],
)
def test_nobody_touches_the_people_of_another_organisation(client, local, action, fields):
    path, boss = page_of(local, "boss of Line 2"), signed_in(client, "boss of Line 1")

    assert boss.client.get(path).status_code == 404
    assert do(boss, path, action, **fields).status_code == 404
    assert "boss of Line 2" not in boss.client.get("/admin/people").text
    assert signs_in(client, "boss of Line 2")


def test_an_organisation_that_is_named_in_a_form_is_only_for_the_local_administrator(client, boss, local):
    sent = {"name": "mole", "scopes": ["admin"], "password": PASSWORD, "organisation": "Line 2"}

    boss.send("POST", "/admin/people", data=sent)

    assert "Line 1" in boss.client.get(page_of(boss, "mole")).text


def test_the_secret_of_a_telephone_is_shown_once_and_asked_for_from_then_on(client, boss, person):
    path = page_of(boss, person)

    shown = do(boss, path, "code").text
    secret = re.search(r"<code>([A-Z2-7 ]{32,})</code>", shown)[1].replace(" ", "")

    assert re.search(r'<svg class="qr"[^>]*>.*?<path d="M4 4h7v1h-7z', shown)
    assert secret not in boss.client.get(path).text.replace(" ", "")
    assert not signs_in(client, person)
    assert signs_in(client, person, code=pyotp.TOTP(secret).now())
    assert "Tick that you are sure" in do(boss, path, "drop_code").text
    do(boss, path, "drop_code", **SURE)
    assert signs_in(client, person)


def test_a_session_that_an_administrator_ends_is_over_and_the_others_go_on(client, boss, person):
    first, second = signed_in(client, person), signed_in(client, person)
    path = page_of(boss, person)
    sessions = re.findall(r'name="session" value="([0-9]+)"', boss.client.get(path).text)

    do(boss, path, "end_session", session=sessions[0])
    forget(client.app)

    assert len(sessions) == 2
    assert second.client.get("/queue").status_code == 401
    assert first.client.get("/queue").status_code == 200


def test_a_session_of_somebody_else_is_not_ended_by_its_number(client, boss, person):
    add_person("other", "review", "Line 1")
    other = signed_in(client, "other")
    [session] = re.findall(r'name="session" value="([0-9]+)"', boss.client.get(page_of(boss, "other")).text)

    do(boss, page_of(boss, person), "end_session", session=session)
    do(signed_in(client, person), "/me", "end_session", session=session)
    forget(client.app)

    assert other.client.get("/queue").status_code == 200


def test_people_change_their_own_password_and_stay_signed_in_here_alone(client, person):
    here, elsewhere = signed_in(client, person), signed_in(client, person)
    sent = {"present": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}

    assert do(here, "/me", "password", **sent).status_code == 303
    forget(client.app)

    assert here.client.get("/queue").status_code == 200
    assert elsewhere.client.get("/queue").status_code == 401
    assert signs_in(client, person, NEW_PASSWORD)
    assert not signs_in(client, person)


def test_who_does_not_know_the_present_password_changes_nothing_and_is_locked_out_in_the_end(client, person):
    browser = signed_in(client, person)
    sent = {"present": "a guess of somebody", "password": NEW_PASSWORD, "again": NEW_PASSWORD}

    refused = [do(browser, "/me", action, **sent) for action in ("password", "code", "drop_code")]

    assert {answer.status_code for answer in refused} == {422}
    assert all("not your present password" in answer.text for answer in refused)
    assert signs_in(client, person)
    for _ in range(5):
        do(browser, "/me", "password", **sent)
    assert not signs_in(client, person), "guessing here rests the account, as at the door"


def test_people_ask_for_a_code_of_their_own_telephone(client, person):
    browser = signed_in(client, person)

    totp, offer = offered(do(browser, "/me", "code", present=PASSWORD).text)
    assert signs_in(client, person), "a secret counts once its first code came from the telephone"
    first = totp.now()

    confirmed = do(browser, "/me", "confirm_code", offer=offer, code=f"{first[:3]} {first[3:]}")

    assert confirmed.status_code == 303
    assert "asked for a code of your telephone at each sign-in" in browser.client.get("/me").text
    assert not signs_in(client, person)
    assert not signs_in(client, person, code=first), "no code is taken twice"
    assert signs_in(client, person, code=totp.at(time.time() + 30))
    assert do(browser, "/me", "drop_code", present=PASSWORD).status_code == 303
    assert signs_in(client, person)


def offered(page):
    """Return what makes the codes of the secret that a page shows, and what comes back from it."""
    secret = re.search(r"<code>([A-Z2-7 ]{32,})</code>", page)[1].replace(" ", "")
    return pyotp.TOTP(secret), re.search(r'name="offer" value="([^"]+)"', page)[1]


def test_a_wrong_first_code_shuts_nobody_out_and_can_be_typed_again(client, person):
    browser = signed_in(client, person)
    totp, offer = offered(do(browser, "/me", "code", present=PASSWORD).text)
    wrong = f"{(int(totp.now()) + 1) % 1_000_000:06}"

    refused = [do(browser, "/me", "confirm_code", offer=offer, code=one) for one in (wrong, "", "ab cd")]

    assert {answer.status_code for answer in refused} == {422}
    assert all("not the code that the telephone shows now" in answer.text for answer in refused)
    assert offered(refused[-1].text)[1] == offer
    assert signs_in(client, person)
    assert do(browser, "/me", "confirm_code", offer=offer, code=totp.now()).status_code == 303


def test_an_offer_is_good_for_nobody_else_in_no_other_session_and_not_for_long(client, person, monkeypatch):
    browser = signed_in(client, person)
    totp, offer = offered(do(browser, "/me", "code", present=PASSWORD).text)
    tries = [
        (signed_in(client, person), offer),
        (signed_in(client, "boss of Line 1"), offer),
        (browser, offer[:-8]),
        (browser, ""),
        (browser, "no offer"),
    ]

    refused = [do(one, "/me", "confirm_code", offer=sent, code=totp.now()) for one, sent in tries]
    later = time.time() * 1000 + serving.store.access.code_offers.OFFERED_MS + 1_000
    monkeypatch.setattr(serving.console.me_page, "now_ms", lambda: int(later))
    refused.append(do(browser, "/me", "confirm_code", offer=offer, code=totp.at(later / 1000)))

    assert {answer.status_code for answer in refused} == {422}
    assert all("took too long" in answer.text for answer in refused)
    assert signs_in(client, person)


def test_another_telephone_counts_once_its_own_first_code_came(client, person):
    browser = signed_in(client, person)
    old, offer = offered(do(browser, "/me", "code", present=PASSWORD).text)
    do(browser, "/me", "confirm_code", offer=offer, code=old.now())

    new, _ = offered(do(browser, "/me", "code", present=PASSWORD).text)

    assert not signs_in(client, person, code=new.at(time.time() + 30))
    assert signs_in(client, person, code=old.at(time.time() + 30))


def test_the_local_administrator_has_no_password_to_change(local):
    assert "no password to change" in local.client.get("/me").text
    assert (
        do(local, "/me", "password", present="", password=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 422
    )


def test_no_secret_stands_in_an_address_of_any_page(client, boss, person):
    path = page_of(boss, person)
    token = link_in(do(boss, path, "link").text)

    answers = [do(boss, path, "link"), do(boss, path, "code")]

    for answer in answers:
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', answer.text)
        assert addresses
        assert not any("#" in one.removeprefix("#main") or token in one for one in addresses)
        assert answer.headers.get("cache-control", "no-store") == "no-store"
