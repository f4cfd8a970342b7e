"""What administrators set for the service in the console: keys, organisations, holds, guidance, the model."""

import re

import pytest

from serving.clock import now_ms
from serving.commands.office import opened
from serving.console.admin.model_documents import card_html
from serving.store.access.credentials import PURPOSE, check_key, shown_key
from tests.test_serving.administrators import (
    PLEA,
    SURE,
    boss,
    client,
    do,
    guide,
    local,
    signed_in,
    store,
)
from tests.test_serving.test_console_access import command, forget

__all__ = ["boss", "client", "local"]
HOSTILE = "<script>alert(1)</script>\nSecond line: ring 555 inside"


def verdict(token):
    """Return what the store says of a key."""
    with opened() as office:
        shown = shown_key(office.keyring.derived(PURPOSE), token)
        return office.database.read(lambda connection: check_key(connection, shown, now_ms=now_ms()))


def test_a_key_is_made_shown_once_replaced_and_revoked(client, boss):
    sent = {"name": "hotline bot", "scopes": ["report"], "limits": "5/minute", "days": "30"}
    token = re.search(r"ssk_[0-9a-f_]+", do(boss, "/admin/keys", "create", **sent).text)[0]
    key_id = token.split("_")[1]
    listed = boss.client.get("/admin/keys").text

    assert token not in listed
    assert key_id in listed
    assert (verdict(token).verdict, verdict(token).limits) == ("good", "5/minute")
    assert verdict(token).scopes == {"report"}

    rotated = do(boss, "/admin/keys", "rotate", id=key_id, overlap="24").text
    new = re.search(r"ssk_[0-9a-f_]+", rotated)[0]
    assert [verdict(one).verdict for one in (token, new)] == ["good", "good"]

    assert "Tick that you are sure" in do(boss, "/admin/keys", "revoke", id=key_id).text
    assert verdict(token).verdict == "good"
    do(boss, "/admin/keys", "revoke", id=key_id, **SURE)
    assert [verdict(one).verdict for one in (token, new)] == ["revoked", "good"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "?", "scopes": ["report"]}, "A name has up to 80 letters"),
        ({"name": "bad bot", "scopes": []}, "Tick at least one thing"),
        ({"name": "bad bot", "scopes": ["report"], "limits": "often"}, "Limits are written as"),
        ({"name": "boss of Line 1", "scopes": ["report"]}, "This program has a key"),
    ],
)
def test_a_key_that_cannot_be_made_is_not(client, boss, sent, told):
    answer = do(boss, "/admin/keys", "create", **sent)

    assert answer.status_code == 422
    assert told in answer.text
    assert "ssk_" not in answer.text


@pytest.mark.parametrize("action", ["rotate", "revoke"])
def test_nobody_touches_the_keys_of_another_organisation(client, boss, action):
    token = command(
        "keys", "create", f"{action} me", "--organisation", "Line 2", "--scopes", "report"
    ).strip()

    answer = do(boss, "/admin/keys", action, id=token.split("_")[1], overlap="1", **SURE)

    assert answer.status_code == 404
    assert verdict(token).verdict == "good"
    assert f"{action} me" not in boss.client.get("/admin/keys").text


def test_the_local_administrator_adds_organisations_and_lets_one_read_another(client, local, boss):
    path = "/admin/organisations"
    do(local, path, "add", name="Shelter", prefix="SH")
    do(local, path, "grant", owner="Shelter", reader="Line 1")

    assert "SH" in local.client.get(path).text
    assert "Shelter" in boss.client.get(path).text
    assert "Shelter" not in signed_in(client, "boss of Line 2").client.get(path).text
    assert "Tick that you are sure" in do(local, path, "end", owner="Shelter", reader="Line 1").text
    do(local, path, "end", owner="Shelter", reader="Line 1", **SURE)
    assert "Shelter" not in boss.client.get(path).text


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "add", "name": "Line 1", "prefix": "XY"},
        {"do": "add", "name": "Line 3", "prefix": "xy"},
        {"do": "grant", "owner": "Line 1", "reader": "Line 1"},
        {"do": "grant", "owner": "Line 1", "reader": "nobody"},
    ],
)
def test_an_organisation_or_a_grant_that_cannot_be_is_refused(client, local, sent):
    assert local.send("POST", "/admin/organisations", data=sent).status_code == 422


def test_nobody_else_changes_organisations(client, boss):
    answer = do(boss, "/admin/organisations", "add", name="Mine", prefix="MI")

    assert answer.status_code == 404
    assert "Mine" not in command("organisations", "list")


def test_a_hold_keeps_a_report_until_it_is_released(client, local):
    report, path = store(client), "/admin/retention"
    purge = f"/v1/reports/{report['id']}/purge"

    assert do(local, path, "place", case=report["case_ref"], why="court order 17").status_code == 303
    page = local.client.get(path).text
    assert report["case_ref"] in page
    assert "court order 17" in page
    assert client.post(purge, json={"reason": "asked"}).status_code == 409

    number = re.search(r'name="hold" value="([0-9]+)"', page)[1]
    assert "Tick that you are sure" in do(local, path, "release", hold=number).text
    do(local, path, "release", hold=number, **SURE)
    assert client.post(purge, json={"reason": "asked"}).status_code == 200
    page = local.client.get(path).text
    assert "court order 17" not in page
    assert "somebody asked for it" in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"case": "SS-2020-000099", "why": "court"}, "There is no such report"),
        ({"why": " "}, "Say why"),
        ({"why": "court", "until": "2020-01-01"}, "The last day lies in the past"),
        ({"why": "court", "until": "someday"}, "The last day lies in the past"),
        ({"why": "court", "until": "9999-12-31"}, "The last day lies in the past"),
    ],
)
def test_a_hold_that_cannot_be_placed_is_not(client, local, fields, told):
    report = store(client)

    answer = do(local, "/admin/retention", "place", **{"case": report["case_ref"], **fields})

    assert answer.status_code == 422
    assert told in answer.text


def test_a_hold_of_another_organisation_is_neither_placed_nor_seen_nor_released(client, local, boss):
    report = store(client)
    do(local, "/admin/retention", "place", case=report["case_ref"], why="court order 18")
    number = re.findall(r'name="hold" value="([0-9]+)"', local.client.get("/admin/retention").text)[-1]

    do(boss, "/admin/retention", "release", hold=number, **SURE)
    placed = do(boss, "/admin/retention", "place", case=report["case_ref"], why="mine")

    assert placed.status_code == 422
    assert report["case_ref"] not in boss.client.get("/admin/retention").text
    assert "court order 18" in local.client.get("/admin/retention").text


def test_people_read_what_their_organisation_wrote_and_no_other_does(client, boss):
    guide(boss, "person_at_risk", HOSTILE)

    own = boss.send("POST", "/", data={"text": PLEA}).text
    other = signed_in(client, "boss of Line 2").send("POST", "/", data={"text": PLEA}).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nSecond line: ring 555 inside" in own
    assert "<script>alert" not in own
    assert "Contact nobody unless it is marked safe" not in own
    assert "Contact nobody unless it is marked safe" in other
    assert "Second line" not in other
    guide(boss, "person_at_risk", "", do="built_in")
    assert "Contact nobody unless" in boss.send("POST", "/", data={"text": PLEA}).text


def test_a_text_is_for_readers_of_its_language(client, local):
    report = store(client)
    guide(local, "person_at_risk", "โทรหาหัวหน้าเวรทันที", "th")
    item = f"/items/{report['id']}"

    assert "โทรหาหัวหน้าเวรทันที" not in local.client.get(item).text
    local.send("POST", "/language", data={"language": "th", "back": "/"})
    forget(client.app)
    assert "โทรหาหัวหน้าเวรทันที" in local.client.get(item).text
    local.send("POST", "/language", data={"language": "en", "back": "/"})
    forget(client.app)


def test_what_is_saved_as_it_was_built_in_stays_built_in(client, boss):
    page = boss.client.get("/admin/guidance").text
    built_in = re.search(r'lang="en" dir="auto">(1\. Banks can hold.*?)</textarea>', page, re.DOTALL)[1]

    guide(boss, "loss_report", built_in.replace("\n", "\r\n"))

    assert boss.client.get("/admin/guidance").text.count("of your organisation</span>") == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"topic": "weather", "language": "en", "text": "rain"},
        {"topic": "loss_report", "language": "xx", "text": "rain"},
        {"topic": "loss_report", "language": "en", "text": "x" * 4_001},
        {"operating_point": "always"},
    ],
)
def test_guidance_that_cannot_be_is_refused(client, boss, sent):
    assert boss.send("POST", "/admin/guidance", data=sent).status_code == 422


def test_the_screen_page_begins_where_the_organisation_wants_the_model_to_speak_up(client, boss):
    boss.send("POST", "/admin/guidance", data={"operating_point": "strict"})

    assert 'value="strict" selected' in boss.client.get("/").text
    assert 'value="balanced" selected' in signed_in(client, "boss of Line 2").client.get("/").text


def test_the_model_page_tells_what_runs_and_that_the_folder_holds_another(boss):
    page = boss.client.get("/admin/model").text

    assert "fake 0.0.0" in page
    assert "0" * 64 in page
    assert "holds another one than the one that runs" in page
    assert "Known failures" in page
    assert "0.96 %" in page


def test_nothing_of_a_card_reaches_the_page_unescaped():
    card = (
        "---\nlicense: x\n---\n\n# Name\n\n<script>alert(1)</script>\n\n"
        "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>\n\n"
        "| a | b |\n|---|--:|\n| <b>1</b> | 2 |\n"
    )

    html = card_html(card)

    assert "<script" not in html
    assert "<b>" not in html
    assert "href" not in html
    assert "<img" not in html
    assert "style=" not in html
    assert "license" not in html
    assert "<h3>Name</h3>" in html
    assert "<td>2</td>" in html
