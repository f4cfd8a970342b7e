"""The queue and its items as a browser gets them: who comes first, what is folded, what a decision does."""

import json
import re

import pytest
from starlette.testclient import TestClient

from serving.store.home import default_url
from tests.test_serving.administrators import local_administrator
from tests.test_serving.conftest import eventually, service_in_process
from tests.test_serving.test_console_access import Browser

PLEA = "help me, they keep us in the compound, call 081-555-0143"
ORDINARY = "The meeting about the new school is at nine on Monday"
HOSTILE = "<script>alert(1)</script> \u202e compound " + "x" * 20_000


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with service_in_process(home, default_url(home)) as client:
        yield client


@pytest.fixture(scope="module")
def browser(client):
    return local_administrator(client)


def store(client: TestClient, *texts: str, **fields) -> list[dict]:
    """Store reports and wait until they are screened."""
    reports = [{"text": text, "channel": "web_form", **fields} for text in texts]
    stored = client.post("/v1/reports", json={"reports": reports}).json()["reports"]
    for one in stored:
        eventually(lambda one=one: read(client, one["id"])["work"] == "screened")
    return stored


def read(client, report_id):
    return client.get(f"/v1/reports/{report_id}").json()


def advert(thing: str, ending: str = "") -> str:
    """Return an advert; those of one thing are near-copies of each other, whatever their ending."""
    return f"{note(thing)} They want {thing} hands for the compound, {thing} house and {thing} food. {ending}"


def note(thing: str) -> str:
    """Return a harmless text; those of two things are no copies of each other."""
    return f"On {thing} day the {thing} boat takes {thing} boxes from {thing} pier to {thing} town again."


def rows_of(page: str) -> list[str]:
    """Return the ids of the rows of a queue, in order."""
    return re.findall(r'data-id="([0-9a-f]{32})"', page)


def row_of(page: str, report_id: str) -> str:
    return re.search(rf'<li class="queue-row[^>]*data-id="{report_id}".*?</li>', page, re.DOTALL)[0]


def decide(browser, report, change, *, whole_campaign=False):
    item = {"id": report["id"], "version": browser.version(report)}
    return browser.send(
        "POST",
        "/queue/decide",
        json={"items": [item], "change": change, "whole_campaign": whole_campaign},
    ).json()["decided"]


@pytest.fixture(autouse=True)
def versions(client, monkeypatch):
    monkeypatch.setattr(
        Browser, "version", lambda _, report: read(client, report["id"])["version"], raising=False
    )


def test_who_may_be_in_danger_stands_first_and_their_words_are_not_in_the_list(client, browser):
    [ordinary] = store(client, ORDINARY)
    [plea] = store(client, PLEA)

    page = browser.client.get("/queue").text

    rows = rows_of(page)
    assert rows.index(plea["id"]) < rows.index(ordinary["id"])
    assert "Somebody may be in danger" in row_of(page, plea["id"])
    assert "081-555-0143" not in page
    assert "new school" in row_of(page, ordinary["id"])


def test_an_advert_seen_often_is_one_line_that_counts(client, browser):
    adverts = store(client, *(advert("mango", word) for word in ("one", "two", "three")))

    rows = rows_of(browser.client.get("/queue").text)
    shown = [one for one in adverts if one["id"] in rows]

    assert len(shown) == 1
    assert "×3" in row_of(browser.client.get("/queue").text, shown[0]["id"])


def test_pleas_are_never_folded(client, browser):
    pleas = store(client, PLEA, PLEA)

    rows = rows_of(browser.client.get("/queue").text)

    assert {one["id"] for one in pleas} <= set(rows)


def test_a_campaign_is_not_hidden_by_a_member_that_the_filter_leaves_out(client, browser):
    first, second = store(client, advert("lotus", "now"), advert("lotus", "soon"))
    decide(browser, first, {"status": "labels_agreed"})

    rows = rows_of(browser.client.get("/queue").text)

    assert second["id"] in rows
    assert first["id"] not in rows


def test_one_decision_closes_a_whole_campaign(client, browser):
    adverts = store(client, *(advert("silver", month) for month in ("May", "June", "July")))

    decided = decide(browser, adverts[1], {"status": "labels_rejected", "labels": []}, whole_campaign=True)

    assert {one["id"] for one in decided} >= {one["id"] for one in adverts}
    assert {read(client, one["id"])["status"] for one in adverts} == {"labels_rejected"}


def test_agreeing_keeps_the_labels_that_were_switched_on(client, browser):
    [offer] = store(client, advert("river"))

    [decided] = decide(browser, offer, {"status": "labels_agreed", "labels": ["fraudulent_job_offer"]})

    report = read(client, offer["id"])
    assert decided["version"] == report["version"]
    assert report["status"] == "labels_agreed"
    assert report["labelling"]["labels"] == ["fraudulent_job_offer"]


def test_several_at_once_leave_the_urgent_one_alone(client, browser):
    [plea], [ordinary] = store(client, PLEA), store(client, f"{ORDINARY}, please come")
    items = [{"id": one["id"], "version": browser.version(one)} for one in (plea, ordinary)]

    answer = browser.send(
        "POST", "/queue/decide", json={"items": items, "change": {"status": "labels_rejected", "labels": []}}
    ).json()

    refused, done = answer["decided"]
    assert refused["refused"] == "An urgent item is decided alone."
    assert done["refused"] == ""
    assert read(client, plea["id"])["status"] == "new"


def test_an_urgent_item_is_not_made_less_without_a_reason(client, browser):
    [plea] = store(client, f"{PLEA} again")
    change = {"status": "labels_rejected", "labels": [], "priority": "review"}

    [without] = decide(browser, plea, change)
    [with_one] = decide(browser, plea, {**change, "reason": "a film, says the sender"})

    assert without["refused"] == "Say why it is not urgent."
    assert with_one["refused"] == ""
    assert read(client, plea["id"])["priority"] == "review"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client, browser):
    [ordinary] = store(client, f"{ORDINARY}, bring a chair")
    old = {"id": ordinary["id"], "version": browser.version(ordinary)}
    decide(browser, ordinary, {"status": "in_review"})

    late = {"items": [old], "change": {"status": "labels_agreed"}}
    [decided] = browser.send("POST", "/queue/decide", json=late).json()["decided"]

    assert decided["refused"] == "Somebody changed it meanwhile."
    assert read(client, ordinary["id"])["status"] == "in_review"


def test_a_decision_can_be_undone(client, browser):
    [ordinary] = store(client, note("copper"))
    decide(browser, ordinary, {"status": "labels_rejected", "labels": []})

    decide(browser, ordinary, {"status": "in_review", "labels": []})

    assert ordinary["id"] in rows_of(browser.client.get("/queue").text)


def test_filters_find_by_words_label_and_state(client, browser):
    [offer], [ordinary] = store(client, advert("pineapple")), store(client, f"{ORDINARY} pineapple")

    by_words = rows_of(browser.send("POST", "/queue", data={"words": "pineapple"}).text)
    by_label = rows_of(
        browser.send("POST", "/queue", data={"words": "pineapple", "flags": "trafficking_recruitment"}).text
    )
    closed = rows_of(browser.send("POST", "/queue", data={"words": "pineapple", "status": "closed"}).text)

    assert {offer["id"], ordinary["id"]} <= set(by_words)
    assert by_label == [offer["id"]]
    assert closed == []


@pytest.mark.parametrize("sent", [{"flags": "no_label"}, {"stored_from": "someday"}, {"sort": "other"}])
def test_a_search_that_cannot_be_says_so(browser, sent):
    answer = browser.send("POST", "/queue", data=sent)

    assert answer.status_code == 422
    assert "There can be no such search" in answer.text


def test_a_hostile_text_stays_text(client, browser):
    [hostile] = store(client, HOSTILE)

    pages = [
        browser.client.get("/queue").text,
        browser.client.get(f"/items/{hostile['id']}").text,
        browser.send("POST", "/", data={"text": HOSTILE[:19_000]}).text,
    ]

    for page in pages:
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in pages[1]


def test_an_item_tells_what_it_shows_who_did_what_and_how_it_was_kept(client, browser):
    [offer] = store(client, advert("saffron", "call 081-555-0143"))
    browser.send(
        "POST",
        f"/items/{offer['id']}/change",
        data={"version": browser.version(offer), "note": "seen on three pages", "status": "in_review"},
    )

    page = browser.client.get(f"/items/{offer['id']}").text

    assert offer["case_ref"] in page
    assert "+66815550143" in page
    assert "seen on three pages" in page
    assert read(client, offer["id"])["sha256"] in page
    assert "treat it as not safe" in page


def test_a_referral_without_consent_is_refused_and_nothing_is_written(client, browser):
    [plea] = store(client, f"{PLEA} tonight")
    sent = {"version": browser.version(plea), "to_agency": "a shelter", "redaction": "codes"}

    refused = browser.send("POST", f"/items/{plea['id']}/refer", data=sent)
    with_reason = browser.send(
        "POST",
        f"/items/{plea['id']}/refer",
        data={**sent, "without_consent": "imminent_danger", "reason": "they will be moved tonight"},
    )

    assert refused.status_code == 409
    assert with_reason.status_code == 303
    page = browser.client.get(f"/items/{plea['id']}").text
    assert page.count("<b>a shelter</b>") == 1
    assert read(client, plea["id"])["status"] == "referred"


def test_pasted_texts_are_screened_and_stored_nowhere(client, browser):
    before = client.post("/v1/reports/search", json={}).json()["count"]

    page = browser.send("POST", "/", data={"text": advert("ginger") + f"\n\n{PLEA}", "several": "1"}).text

    assert page.count('<article class="card">') == 2
    assert "What to do next: somebody may be in danger" in page
    assert "Computer screening only" in page
    assert client.post("/v1/reports/search", json={}).json()["count"] == before


def test_a_browser_remembers_nothing_that_is_typed_about_people(client, browser):
    [report] = store(client, advert("melon"))
    pages = [browser.client.get(path).text for path in ("/queue", f"/items/{report['id']}")]

    for page in pages:
        for form in re.findall(r"<form[^>]*>.*?</form>", page, re.DOTALL):
            if re.search(r'<input (?!type="(?:hidden|checkbox|date|file))', form):
                assert 'autocomplete="off"' in form.partition(">")[0], form[:120]


def test_nothing_of_a_text_stands_in_an_address(client, browser):
    page = browser.send("POST", "/", data={"text": PLEA}).text
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)

    assert addresses
    assert not any("555" in one or "help" in one for one in addresses)


def test_the_next_rows_follow_without_repetition(client, browser):
    store(client, *(note(one + other * 3) for one in "bcdfghkl" for other in "mnprstvw"))
    page = browser.client.get("/queue").text
    cursor = re.search(r'data-cursor="([^"]+)"', page)[1]

    more = browser.send("POST", "/queue/rows", data={"cursor": cursor}).text

    assert rows_of(more)
    assert not set(rows_of(page)) & set(rows_of(more))


def test_the_number_of_urgent_items_is_told(client, browser):
    before = browser.client.get("/queue/urgent").json()["urgent"]
    [plea] = store(client, f"{PLEA} and my sister")

    assert browser.client.get("/queue/urgent").json()["urgent"] == before + 1
    decide(browser, plea, {"status": "acknowledged"})
    assert browser.client.get("/queue/urgent").json()["urgent"] == before


def test_json_of_a_decision_that_is_none_is_refused(browser):
    for body in (b"", b"{}", json.dumps({"items": [], "change": {}}).encode()):
        answer = browser.send("POST", "/queue/decide", content=body)
        assert answer.status_code == 422


def test_a_search_is_kept_for_its_person_alone(client, browser):
    [offer] = store(client, advert("mangosteen"))
    search = {"words": "mangosteen", "flags": "trafficking_recruitment", "name": "fruit"}

    browser.send("POST", "/queue/views", data=search)
    page = browser.client.get("/queue").text
    view = re.search(r'name="view" value="([0-9a-f]{32})"[^>]*>fruit<', page)[1]

    assert rows_of(browser.send("POST", "/queue", data={"view": view}).text) == [offer["id"]]
    browser.send("POST", "/queue/views", data={"remove": view})
    assert "fruit" not in browser.client.get("/queue").text
