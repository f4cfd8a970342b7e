"""The console on a telephone, in a real browser: what has to be done stands above what may be chosen."""

import pytest
from playwright.sync_api import expect

from tests.test_serving.test_console_browser import (
    PLEA,
    TELEPHONE,
    chromium,
    come_in,
    console,
    cookies,
    leave,
    look,
    new_page,
    seen,
    store,
)

__all__ = ["chromium", "console", "cookies", "seen"]


@pytest.fixture
def telephone(chromium, console, cookies, seen):
    page = new_page(chromium, seen, size=TELEPHONE)
    come_in(page, console, cookies)
    yield page
    leave(page)
    assert seen.complaints == []


def test_the_first_item_stands_in_the_upper_half_and_filters_unfold(telephone, console):
    telephone.goto(f"{console.url}/queue")
    language = telephone.locator("select[name=language]")

    assert telephone.locator(".queue-row").first.bounding_box()["y"] < TELEPHONE["height"] / 2
    expect(language).to_be_hidden()
    telephone.get_by_text("Filters", exact=True).click()
    expect(language).to_be_visible()
    look(telephone, "queue-telephone-filters")
    language.select_option("km")
    telephone.get_by_role("button", name="Filter", exact=True).click()
    expect(telephone.locator(".queue-row")).to_have_count(1)
    expect(language).to_be_visible()


def test_who_may_be_in_danger_is_acknowledged_first(telephone, console):
    [report] = store(console, f"{PLEA}, says my sister")
    telephone.goto(f"{console.url}/items/{report}")
    decisions = telephone.locator(".decide [data-decision]")

    expect(decisions.first).to_have_attribute("data-decision", "acknowledged")
    expect(telephone.locator(".decide button.primary")).to_have_count(1)
    decisions.first.click()
    expect(telephone.locator(".decide button.primary")).to_have_attribute("data-decision", "labels_agreed")
    look(telephone, "item-telephone-urgent")
