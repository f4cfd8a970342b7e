"""The overview and the change of shifts in a real browser: charts become pictures, notes are signed."""

import pytest
from playwright.sync_api import expect

from tests.test_serving.test_console_browser import chromium, console, cookies, look, page, seen

__all__ = ["chromium", "console", "cookies", "page", "seen"]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def overview(page, console, seen):
    page.goto(f"{console.url}/overview")
    yield page
    seen.addresses[:] = [one for one in seen.addresses if not one.startswith("blob:")]  # its own pictures


def test_a_chart_is_saved_as_a_picture(overview, tmp_path):
    with overview.expect_download() as saved:
        overview.get_by_role("button", name="What reports show signs of as PNG").click()
    saved.value.save_as(tmp_path / "labels.png")

    content = (tmp_path / "labels.png").read_bytes()
    assert saved.value.suggested_filename == "labels.png"
    assert content.startswith(PNG)
    assert int.from_bytes(content[16:20]) == 1344  # twice the width of the drawing in its frame
    assert len(content) > 5_000


def test_a_period_is_chosen_by_a_button(overview):
    overview.get_by_role("button", name="30 days").click()

    expect(overview.get_by_role("button", name="30 days")).to_have_attribute("aria-pressed", "true")
    overview.get_by_text("The numbers").first.click()
    look(overview, "overview-numbers")


def test_the_report_of_a_week_is_printed_on_white_without_buttons(overview, console):
    overview.goto(f"{console.url}/overview/week")
    overview.emulate_media(media="print")

    expect(overview.get_by_role("button", name="Print")).to_be_hidden()
    expect(overview.get_by_text("Computer screening only").first).to_be_visible()
    look(overview, "week-print")


def test_a_note_is_written_and_cannot_be_signed_by_who_wrote_it(page, console):
    page.goto(f"{console.url}/shift")
    page.get_by_text("I leave: write a note").click()
    page.get_by_label("What the next shift has to know").fill("The bank calls back at nine.")
    page.get_by_role("button", name="Sign as").click()

    expect(page.get_by_text("The bank calls back at nine.")).to_be_visible()
    expect(page.get_by_text("not signed yet")).to_be_visible()
    assert page.get_by_role("button", name="sign as").count() == 0
    look(page, "note")


def test_an_urgent_item_is_taken_by_a_click(page, console):
    page.goto(f"{console.url}/shift")
    button = page.get_by_role("button", name="Assign").first
    name = button.get_attribute("aria-label")
    button.click()
    page.wait_for_url(f"{console.url}/shift")

    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    look(page, "shift-taken")
