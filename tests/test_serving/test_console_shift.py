"""The change of shifts as a browser gets it: what is listed, who takes what over, how notes are signed."""

import re

import pytest
from sqlalchemy import update

import serving.service
from serving.clock import now_ms
from serving.store.tables import ACTOR, REPORT, SESSION
from tests.test_serving.test_console_access import add_person, app, command, home, people, signed_in

__all__ = ["app", "home", "people"]
PLEA = "help me, they keep us in the compound"
ADVERT = "We hire for the compound, flights paid"
NOTE = "zqxsentinel: the bank calls back at nine"
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def send(app, people):
    """Store reports as a program of the first organisation does; wait until they are screened."""
    key = command(
        "keys", "create", "shift", "--organisation", "Line 1", "--scopes", "report,review,pii"
    ).strip()
    headers = {"Authorization": f"Bearer {key}"}
    client = signed_in(app, "all of Line 1").client

    def sent(*texts):
        body = {"reports": [{"text": text} for text in texts]}
        stored = client.post("/v1/reports", json=body, headers=headers).json()["reports"]
        for one in stored:
            while client.get(f"/v1/reports/{one['id']}", headers=headers).json()["work"] != "screened":
                pass
        return stored

    return sent


@pytest.fixture
def officer(app, people):
    return signed_in(app, "all of Line 1")


@pytest.fixture(scope="module")
def colleagues(app, people):
    for name in ("Malee", "Niran"):
        add_person(name, "review,pii", "Line 1")


def database():
    return serving.service.APP.state.desk._store.database


def assign(report, name, *, seen_ms):
    """Assign a report to somebody who was last seen at a time."""
    with database().writer.begin() as connection:
        actor_id = connection.execute(ACTOR.select().where(ACTOR.c.name == name)).one().id
        connection.execute(
            update(REPORT).where(REPORT.c.public_id == report["id"]).values(assignee_id=actor_id)
        )
        connection.execute(update(SESSION).where(SESSION.c.actor_id == actor_id).values(seen_ms=seen_ms))


def assignee(officer, report):
    page = officer.client.get(f"/items/{report['id']}").text
    return re.search(r'name="assignee" value="([^"]*)"', page)[1]


def items_of(page, button):
    """Return what the forms send whose button is named so."""
    form = re.search(rf"<form((?!</form>).)*{button}.*?</form>", page, re.DOTALL)[0]
    return re.findall(r'name="item" value="([^"]+)"', form)


def note_of(officer, words):
    """Write a note; return where it is shown."""
    return officer.send("POST", "/shift/notes", data={"words": words}).headers["location"]


def test_who_begins_sees_the_urgent_ones_nobody_acknowledged(officer, send):
    [plea], [advert] = send(PLEA), send(ADVERT)

    page = officer.client.get("/shift").text

    assert f"/items/{plea['id']}" in page
    assert f"/items/{advert['id']}" not in page
    assert "keep us" not in page


def test_what_somebody_absent_left_is_taken_over_at_once_but_for_the_urgent(officer, send, colleagues):
    first, second, third = send(f"{ADVERT} today", f"{ADVERT} soon", "good morning, a meeting")
    [plea] = send(f"{PLEA} tonight")
    for one in (first, second, third, plea):
        assign(one, "Malee", seen_ms=0)

    page = officer.client.get("/shift").text
    together = items_of(page, "without the urgent ones")
    answer = officer.send("POST", "/shift/take", data={"item": together})

    assert answer.headers["location"] == "/shift"
    assert {item.split()[0] for item in together} == {first["id"], second["id"], third["id"]}
    assert {assignee(officer, one) for one in (first, second, third)} == {"all of Line 1"}
    assert assignee(officer, plea) == "Malee"


def test_an_urgent_one_is_taken_over_alone(officer, send, colleagues):
    [plea], [advert] = send(f"{PLEA} by the river"), send(f"{ADVERT} by the river")
    for one in (plea, advert):
        assign(one, "Malee", seen_ms=0)
    page = officer.client.get("/shift").text
    [of_plea] = items_of(page, f"Assign {plea['case_ref']} to me")
    [of_advert] = items_of(page, f"Assign {advert['case_ref']} to me")

    both = officer.send("POST", "/shift/take", data={"item": [of_plea, of_advert]})
    assert both.status_code == 409
    assert assignee(officer, plea) == "Malee"

    officer.send("POST", "/shift/take", data={"item": of_plea})
    assert assignee(officer, plea) == "all of Line 1"


def test_who_was_just_here_is_not_absent(app, officer, send, colleagues):
    [advert] = send(f"{ADVERT} on Friday")
    signed_in(app, "Niran")
    assign(advert, "Niran", seen_ms=now_ms() - 20 * HOUR_MS)

    after_12 = officer.send("POST", "/shift", data={"away": "12"}).text
    after_24 = officer.send("POST", "/shift", data={"away": "24"}).text

    assert f"/items/{advert['id']}" in after_12
    assert f"/items/{advert['id']}" not in after_24


def test_what_was_changed_meanwhile_is_not_taken(officer, send, colleagues):
    [advert] = send(f"{ADVERT} on Sunday")
    assign(advert, "Malee", seen_ms=0)

    answer = officer.send("POST", "/shift/take", data={"item": f"{advert['id']} 0"})

    assert answer.status_code == 409
    assert "Not assigned to you: 1" in answer.text
    assert assignee(officer, advert) == "Malee"


@pytest.mark.parametrize("item", ["", "x", "x y", f"{'0' * 32} 1", "0 ²", f"{'0' * 32} {'9' * 5_000}"])
def test_what_is_no_report_is_taken_by_nobody(officer, item):
    assert officer.send("POST", "/shift/take", data={"item": item}).status_code in (303, 409)


def test_a_note_is_signed_by_two(app, officer, colleagues):
    leaving, arriving = signed_in(app, "Malee"), signed_in(app, "Niran")
    place = note_of(leaving, NOTE)

    own = leaving.client.get(place).text
    unsigned = arriving.client.get(place).text
    answer = arriving.send("POST", f"{place}/sign")
    signed = officer.client.get(place).text

    assert NOTE in own
    assert "sign as" not in own
    assert "sign as Niran" in unsigned
    assert answer.headers["location"] == place
    assert re.search(r"Malee.*Niran", signed, re.DOTALL)
    assert "sign as" not in signed


def test_nobody_signs_a_note_of_their_own_or_one_that_is_signed(app, officer, colleagues):
    leaving, arriving = signed_in(app, "Malee"), signed_in(app, "Niran")
    place = note_of(leaving, NOTE)

    assert leaving.send("POST", f"{place}/sign").status_code == 409
    assert arriving.send("POST", f"{place}/sign").status_code == 303
    assert officer.send("POST", f"{place}/sign").status_code == 409


def test_a_note_that_waits_is_offered_to_who_arrives(app, officer, colleagues):
    place = note_of(signed_in(app, "Malee"), NOTE)
    arriving = signed_in(app, "Niran")
    [offered] = re.findall(rf'<a class="button" href="{place}">(.*?)</a>', arriving.client.get("/shift").text)

    arriving.send("POST", f"{place}/sign")

    assert "Read and sign" in offered
    page = arriving.client.get("/shift").text
    assert f'<a class="button" href="{place}">' not in page
    assert f'<a href="{place}">' in page


def test_who_may_not_read_words_neither_reads_a_note_nor_signs_it(app, colleagues):
    place = note_of(signed_in(app, "Malee"), NOTE)
    without_words = signed_in(app, "review of Line 1")

    page = without_words.client.get(place).text

    assert "zqxsentinel" not in page
    assert "not shown to you" in page
    assert without_words.send("POST", f"{place}/sign").status_code == 409


def test_another_organisation_finds_no_note(app, colleagues):
    place = note_of(signed_in(app, "Malee"), NOTE)
    stranger = signed_in(app, "all of Line 2")

    assert stranger.client.get(place).status_code == 404
    assert stranger.send("POST", f"{place}/sign").status_code == 404
    assert place not in stranger.client.get("/shift").text


@pytest.mark.parametrize("words", ["", "  \r\n ", "x" * 20_001])
def test_what_is_no_note_is_not_signed(officer, words):
    answer = officer.send("POST", "/shift/notes", data={"words": words})

    assert answer.status_code == 422
    assert "Nothing was signed" in answer.text


def test_a_hostile_note_stays_text(officer):
    page = officer.client.get(note_of(officer, "<script>alert(1)</script>")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_last_hours_are_counted(officer, send):
    def came(page):
        return [int(cells[-2]) for cells in rows_of(page)]

    before = came(officer.client.get("/shift").text)
    send(f"{ADVERT} in spring", f"{ADVERT} in summer")

    assert came(officer.client.get("/shift").text) == [count + 2 for count in before]


def rows_of(page):
    """Return the cells of the table of the last hours."""
    table = page[page.index("The last hours") :]
    rows = re.findall(r"<tr><th scope=\"row\">\d+ hours</th>(.*?)</tr>", table)
    return [re.findall(r"<td class=\"number\">([\d,]+)</td>", row) for row in rows]
