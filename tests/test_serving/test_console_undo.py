"""What somebody has just decided is taken back, each report as it was; nobody urgent is waved through."""

import re

import pytest

from serving.store.casework.states import OPEN
from serving.store.errors import RefusedChangeError
from serving.store.home import default_url
from tests.test_serving.administrators import local_administrator
from tests.test_serving.cases import HIGH, new_case
from tests.test_serving.cases import URGENT as URGENT_RANK
from tests.test_serving.conftest import service_in_process
from tests.test_serving.test_console_queue import (
    PLEA,
    advert,
    note,
    read,
    row_of,
    rows_of,
    store,
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with service_in_process(home, default_url(home)) as client:
        yield client


@pytest.fixture(scope="module")
def browser(client):
    return local_administrator(client)


@pytest.fixture
def desk(client, browser):
    return At(client, browser)


class At:
    """Somebody at the queue, who sees each report as it is."""

    def __init__(self, client, browser):
        self.client, self.browser = client, browser

    def told(self, report):
        return read(self.client, report["id"])

    def items(self, *reports):
        return [{"id": one["id"], "version": self.told(one)["version"]} for one in reports]

    def decide(self, *reports, whole_campaign=False, **change):
        sent = {"items": self.items(*reports), "change": change, "whole_campaign": whole_campaign}
        return self.browser.send("POST", "/queue/decide", json=sent).json()["decided"]

    def undo(self, decided):
        items = [{"id": one["id"], "version": one["version"]} for one in decided]
        return self.browser.send("POST", "/queue/undo", json={"items": items}).json()["decided"]

    def queue(self):
        return self.browser.send("POST", "/queue", data={"status": list(OPEN), "sort": "newest"}).text


def test_a_decision_on_several_is_taken_back_for_each_as_it_was(client, desk):
    [flagged], [ordinary] = store(client, advert("plum")), store(client, note("pewter"))
    before = [desk.told(one) for one in (flagged, ordinary)]
    decided = desk.decide(flagged, ordinary, status="labels_rejected", labels=[])
    assert desk.told(flagged)["labelling"]["labels"] == []

    back = desk.undo(decided)

    assert [one["refused"] for one in back] == ["", ""]
    after = [desk.told(one) for one in (flagged, ordinary)]
    assert [one["status"] for one in after] == ["in_review", "in_review"]
    assert after[0]["labelling"]["labels"] == before[0]["screening"]["flags"]
    assert after[1]["labelling"]["labels"] == []
    assert [one["priority"] for one in after] == [one["priority"] for one in before]
    assert {flagged["id"], ordinary["id"]} <= set(rows_of(desk.queue()))


def test_a_decision_for_a_campaign_is_taken_back_for_all_of_it(client, desk):
    adverts = store(client, *(advert("walnut", month) for month in ("May", "June", "July")))
    decided = desk.decide(adverts[1], whole_campaign=True, status="labels_rejected", labels=[])
    assert len(decided) == 3

    back = desk.undo(decided)

    assert {one["refused"] for one in back} == {""}
    assert {desk.told(one)["status"] for one in adverts} == {"in_review"}
    assert all(desk.told(one)["labelling"]["labels"] for one in adverts)


def test_that_somebody_is_not_in_danger_is_taken_back_too(client, desk):
    [plea] = store(client, f"{PLEA} behind the ice house")
    [decided] = desk.decide(
        plea, status="labels_rejected", labels=[], priority="review", reason="a line of a song"
    )

    [back] = desk.undo([decided])

    assert back["refused"] == ""
    assert desk.told(plea)["priority"] == "urgent"
    assert "is-urgent" in row_of(desk.queue(), plea["id"])


def test_that_somebody_is_in_danger_after_all_is_taken_back_with_a_reason_of_its_own(client, desk):
    [ordinary] = store(client, note("garnet"))
    [decided] = desk.decide(ordinary, status="labels_agreed", labels=["person_at_risk"])
    assert desk.told(ordinary)["priority"] == "urgent"

    desk.undo([decided])

    assert desk.told(ordinary)["priority"] != "urgent"
    assert "taken back" in desk.browser.client.get(f"/items/{ordinary['id']}").text


def test_what_was_changed_meanwhile_or_is_no_decision_is_left_as_it_is(client, desk):
    changed, noted, untouched = store(client, *(note(thing) for thing in ("topaz", "agate", "onyx")))
    decided = desk.decide(changed, noted, status="labels_rejected", labels=[])
    desk.decide(changed, status="in_review")
    desk.browser.send(
        "POST", f"/items/{noted['id']}/change", data={"version": desk.told(noted)["version"], "note": "seen"}
    )

    stale = desk.undo(decided)
    never = desk.undo(desk.items(noted, untouched))

    assert {one["refused"] for one in stale} == {"Somebody changed it meanwhile."}
    assert {one["refused"] for one in never} == {"There is nothing to undo."}
    assert desk.told(noted)["status"] == "labels_rejected"
    assert desk.told(untouched)["status"] == "new"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"items": []}', b'{"items": [{"id": "x", "version": 1}]}'])
def test_what_is_no_list_of_decisions_is_refused(desk, body):
    assert desk.browser.send("POST", "/queue/undo", content=body).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"status": "labels_rejected", "labels": []},
        {"status": "labels_agreed", "labels": []},
        {"status": "labels_agreed", "labels": ["task_scam"]},
    ],
)
def test_nobody_decides_without_a_reason_that_an_urgent_item_shows_nobody_in_danger(client, desk, change):
    [plea] = store(client, f"{PLEA}, says {change['status']} {len(change['labels'])}")

    [refused] = desk.decide(plea, **change)
    [agreed] = desk.decide(plea, status="labels_agreed", labels=["person_at_risk"])

    assert refused["refused"] == "Say why it is not urgent."
    assert agreed["refused"] == ""
    assert desk.told(plea)["labelling"]["labels"] == ["person_at_risk"]


def test_the_page_of_an_urgent_item_wants_the_same_reason(client, desk):
    [plea] = store(client, f"{PLEA} on the third floor")
    path = f"/items/{plea['id']}"
    sent = {"version": desk.told(plea)["version"], "status": "labels_rejected"}

    without = desk.browser.send("POST", f"{path}/change", data=sent)
    with_one = desk.browser.send("POST", f"{path}/change", data={**sent, "reason": "the words of a film"})

    assert without.status_code == 409
    assert "Write down why" in without.text
    assert with_one.status_code == 303
    assert 'id="why"' in desk.browser.client.get(path).text


def test_a_reason_is_wanted_on_either_database(store):
    case = new_case(store)
    case.screen(URGENT_RANK, flags=("person_at_risk", "task_scam"))
    case.change(status="in_review")
    for change in ({"status": "labels_rejected"}, {"status": "labels_agreed", "labels": ("task_scam",)}):
        with pytest.raises(RefusedChangeError) as refused:
            case.change(**change)
        assert refused.value.code == "reason_missing"
    case.change(status="labels_agreed")

    assert case.stored.labelling.labels == ("person_at_risk",)


def test_what_is_less_than_urgent_needs_none(store):
    case = new_case(store)
    case.screen(HIGH, flags=("task_scam",))
    case.change(status="in_review")
    case.change(status="labels_rejected", labels=())

    assert case.row.status == "labels_rejected"


def test_a_filter_by_channel_finds_its_reports_alone_and_names_the_channels(client, desk):
    [by_line], [by_form] = store(client, note("teal"), channel="line"), store(client, note("ochre"))

    page = desk.browser.send("POST", "/queue", data={"channel": "line"}).text

    assert by_line["id"] in rows_of(page)
    assert by_form["id"] not in rows_of(page)
    assert re.search(r'<option value="line" selected>LINE', page)
    assert "partner agency" in page


def test_a_value_without_its_kind_is_told_and_not_passed_over(desk):
    answer = desk.browser.send("POST", "/queue", data={"entity": "081-555-0143"})

    assert answer.status_code == 422
    assert "say also what it is" in answer.text
