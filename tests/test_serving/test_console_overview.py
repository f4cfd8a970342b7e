"""The overview as a browser gets it: whose numbers, what is left out, and what can be taken along."""

import csv
import re
from io import StringIO
from xml.etree import ElementTree

import pytest

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from serving.clock import DAY_MS
from serving.console.drawing import Series, draw_bars, draw_columns, draw_map
from serving.console.languages import languages
from serving.console.names import channel_names, platform_names
from serving.console.overview_charts import Chart
from serving.console.overview_page import csv_of
from serving.console.periods import asked_period, asked_week, date_of
from serving.schemas.origins import CHANNELS, PLATFORMS
from serving.store.overview.periods import day_of
from tests.test_serving.test_console_access import app, command, home, people, signed_in

__all__ = ["app", "home", "people"]
SVG = "{http://www.w3.org/2000/svg}"
NOW_MS = 1_790_000_000_000  # Monday, 21 September 2026, 21:13 in Bangkok
ADVERT = "We hire for the compound, call 081-555-0143"
ALL = {"period": "7"}


@pytest.fixture(scope="module")
def officer(app, people):
    key = command(
        "keys", "create", "overview", "--organisation", "Line 1", "--scopes", "report,review,pii"
    ).strip()
    headers = {"Authorization": f"Bearer {key}"}
    browser = signed_in(app, "all of Line 1")
    texts = (ADVERT, "The meeting is on Monday", "help me, they keep us in the compound, 081-555-0143")
    body = {"reports": [{"text": text, "channel": "web_form"} for text in texts]}
    for one in browser.client.post("/v1/reports", json=body, headers=headers).json()["reports"]:
        while browser.client.get(f"/v1/reports/{one['id']}", headers=headers).json()["work"] != "screened":
            pass
    return browser


def file_of(browser, chart, kind, **asked):
    return browser.send("POST", "/overview/file", data={**ALL, "chart": chart, "kind": kind, **asked})


def table_of(browser, chart):
    content = file_of(browser, chart, "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content)))
    return rows[: rows.index([])]


def test_what_came_in_is_shown_with_the_table_of_each_chart(officer):
    page = officer.client.get("/overview").text

    assert page.count("<svg") >= 5
    assert page.count("<table>") >= page.count("<svg")
    assert "Recruitment that may lead to trafficking" in page


def test_every_chart_has_a_title_and_a_description_of_its_own(officer):
    page = officer.client.get("/overview").text
    named = re.findall(r'aria-labelledby="([\w-]+) ([\w-]+)"', page)

    assert named
    for title, about in named:
        assert re.search(rf'<title id="{title}">[^<]+</title>', page)
        assert re.search(rf'<desc id="{about}">[^<]+</desc>', page)
    assert len(set(named)) == len(named)


def test_nobody_sees_what_came_to_others(app, people, officer):
    stranger = signed_in(app, "all of Line 2").client.get("/overview").text

    assert "<dt>came in</dt><dd>0</dd>" in stranger
    assert "<dt>came in</dt><dd>0</dd>" not in officer.client.get("/overview").text


def test_contacts_and_places_are_for_who_may_read_words(app, people, officer):
    without_words = signed_in(app, "review of Line 1")

    page = without_words.client.get("/overview").text

    assert "Contacts named most" not in page
    assert "Contacts named most" in officer.client.get("/overview").text
    assert file_of(without_words, "contacts", "csv").status_code == 422
    week = without_words.send(
        "POST", "/overview/week", data={"week": date_of(day_of(NOW_MS)), "with_words": "1"}
    )
    assert "Contacts named most" not in week.text


def test_no_number_of_who_is_at_risk_is_shown(officer):
    assert "6815550143" not in officer.client.get("/overview").text


def test_numbers_come_as_csv(officer):
    answer = file_of(officer, "channels", "csv")

    assert answer.headers["content-disposition"] == 'attachment; filename="channels.csv"'
    assert table_of(officer, "channels")[0] == ["Channel", "Reports"]
    assert ["web form", "3"] in table_of(officer, "channels")
    assert DISCLAIMER_EN in answer.text
    assert DISCLAIMER_TH in answer.text


def test_a_chart_comes_as_an_svg_that_stands_alone(officer):
    answer = file_of(officer, "labels", "svg")

    drawn = ElementTree.fromstring(answer.text)  # noqa: S314 (our own)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert drawn.find(f"{SVG}title").text.startswith("What reports show signs of")
    texts = " ".join(one.text for one in drawn.iter(f"{SVG}text"))
    assert "Computer screening only" in texts
    assert {one.get("fill") for one in drawn.iter(f"{SVG}rect")} >= {"#ffffff", "#1b5d72"}


@pytest.mark.parametrize(
    "asked",
    [{"chart": "nothing"}, {"kind": "exe"}, {"chart": "losses", "kind": "svg"}, {"period": "never"}],
)
def test_a_file_that_cannot_be_is_refused(officer, asked):
    assert file_of(officer, **{"chart": "labels", "kind": "svg", **asked}).status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "dates"},
        {"period": "dates", "first": "2026-09-02", "last": "2026-09-01"},
        {"period": "dates", "first": "2020-01-01", "last": "2026-09-01"},
        {"period": "dates", "first": "someday", "last": "2026-09-01"},
        {"period": "1000"},
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(officer, asked):
    answer = officer.send("POST", "/overview", data=asked)

    assert answer.status_code == 422
    assert "There can be no such period" in answer.text


def test_the_page_says_that_sums_were_read_by_a_machine_and_how_many(officer):
    page = officer.client.get("/overview").text

    assert "It may count a sum twice" in page
    assert "Read were 0 texts." in page


def test_the_report_of_a_week_says_what_it_is_in_both_languages_and_shows_no_contact(officer):
    page = officer.client.get("/overview/week").text

    assert DISCLAIMER_EN in page
    assert DISCLAIMER_TH in page
    assert "Contacts named most" not in page
    assert "Compared with the week before" in page


def test_contacts_come_into_the_report_of_a_week_only_when_asked_for(officer):
    asked = {"week": date_of(day_of(NOW_MS)), "with_words": "1"}

    assert "Contacts named most" in officer.send("POST", "/overview/week", data=asked).text


def test_the_report_of_no_week_is_refused(officer):
    answer = officer.send("POST", "/overview/week", data={"week": "someday"})

    assert answer.status_code == 422
    assert "There is no such day" in answer.text


def test_pages_are_there_in_thai(officer):
    officer.send("POST", "/language", data={"language": "th", "back": "/overview"})
    try:
        page = officer.client.get("/overview").text
    finally:
        officer.send("POST", "/language", data={"language": "en", "back": "/overview"})

    assert "ภาพรวม" in page
    assert "พม่า" in page or "อังกฤษ" in page


def test_a_page_that_paints_charts_allows_pictures_of_its_own_and_of_nobody_else(officer):
    policy = officer.client.get("/overview").headers["content-security-policy"]

    assert "img-src 'self' blob:;" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(("choice", "days"), [("today", 1), ("7", 7), ("30", 30), ("90", 90)])
def test_a_period_of_days_ends_today(choice, days):
    period = asked_period({"period": choice}, NOW_MS).period

    assert period.before_ms - period.from_ms == days * DAY_MS
    assert period.from_ms <= NOW_MS - (days - 1) * DAY_MS
    assert period.from_ms <= NOW_MS < period.before_ms


def test_days_that_are_chosen_are_both_within():
    asked = asked_period({"period": "dates", "first": "2026-09-01", "last": "2026-09-03"}, NOW_MS)

    assert [date_of(day) for day in asked.period.days] == ["2026-09-01", "2026-09-02", "2026-09-03"]


@pytest.mark.parametrize(
    ("named", "monday"), [("", "2026-09-14"), ("2026-09-21", "2026-09-21"), ("2026-09-27", "2026-09-21")]
)
def test_a_week_begins_on_its_monday(named, monday):
    asked = asked_week({"week": named}, NOW_MS)

    assert asked.first == monday
    assert len(asked.period.days) == 7


def test_bars_are_as_long_as_their_values_say():
    [first, second, nothing] = draw_bars([("one", 10), ("two", 5), ("none", 0)]).boxes

    assert first.width == pytest.approx(2 * second.width)
    assert nothing.width == 0


def test_columns_stand_on_their_line_and_inside_the_drawing():
    drawing = draw_columns(["Mon", "Tue"], [Series("came", [3, 9]), Series("went", [0, 1])])
    line, *boxes = drawing.boxes
    columns = [box for box in boxes if box.title]

    assert [round(box.y + box.height) for box in columns] == [round(line.y)] * 4
    assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in drawing.boxes)
    assert max(columns, key=lambda box: box.height).title == "Tue, came: 9"


def test_the_fullest_hour_is_the_strongest():
    hours = [0] * 24
    hours[13] = 4

    drawing = draw_map([("Mon", hours)])

    assert max(drawing.boxes, key=lambda box: box.strength).title == "Mon 13:00: 4"


def test_a_spreadsheet_runs_nothing_of_what_a_text_named():
    chart = Chart("contacts", "Contacts", ("Contact", "Reports"), (("=1+1", 2), ("@handle", 1)))

    rows = csv.reader(StringIO(csv_of(chart, "today").decode("utf-8-sig")))

    assert [row[0] for row in rows if row][1:3] == ["'=1+1", "'@handle"]


def test_every_channel_has_a_name():
    assert channel_names(languages()["en"]).keys() == set(CHANNELS)
    assert platform_names(languages()["en"]).keys() >= set(PLATFORMS)


def test_charts_of_nothing_are_drawn():
    for drawing in (draw_bars([]), draw_columns([], [Series("came", [])]), draw_map([])):
        assert drawing.height > 0


def test_a_name_that_no_svg_can_hold_is_drawn_without_what_is_wrong_with_it():
    drawing = draw_bars([("line\x08 \u202egpj.exe", 1), ("x" * 200, 1)])

    names = [words.text for words in drawing.words]
    assert "line  " in names[0]
    assert "\u202e" not in names[0]
    assert len(names[2]) <= 40
