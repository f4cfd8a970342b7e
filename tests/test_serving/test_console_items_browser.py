"""The page of an item in a real browser: marks corrected by mouse and by keyboard, its image, print and seal.

Without a Chromium these tests say so and are skipped; with SCAMSCREEN_BROWSER=required they fail instead.
"""

import base64

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.test_serving import test_console_browser
from tests.test_serving.conftest import Server
from tests.test_serving.pdfs import pdf_of
from tests.test_serving.test_console_browser import (
    TELEPHONE,
    Seen,
    come_in,
    leave,
    look,
    new_page,
    store,
)
from tests.test_serving.test_image_reports import image

FAMILY = "\U0001f469\U0001f3fd\u200d\U0001f4bb"
TEXT = f"{FAMILY} Somchai ask ma\u0301lee\r\nat the compound, call 081-555-0143 <b>now</b>"
MALEE = TEXT.index("ma\u0301lee")
LAYER = "#layer"


chromium = test_console_browser.chromium
cookies = test_console_browser.cookies
seen = test_console_browser.seen
page = test_console_browser.page


@pytest.fixture(scope="module")
def console(server) -> Server:
    return server


@pytest.fixture
def item(console, page) -> str:
    """Opens a new item; returns its id."""
    [report_id] = store(console, TEXT)
    page.goto(f"{console.url}/items/{report_id}")
    return report_id


def told(console: Server, report_id: str) -> dict:
    return httpx.get(f"{console.url}/v1/reports/{report_id}").json()


def spans(console: Server, report_id: str) -> list[tuple[str, str]]:
    """Return what a person marked: codes and words."""
    report = told(console, report_id)
    return [(one["code"], report["text"][one["start"] : one["end"]]) for one in report["labelling"]["spans"]]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def select(page: Page, words: str) -> None:
    """Select words of the text as a mouse does, and let go of its button."""
    page.evaluate(
        """(words) => {
            const layer = document.querySelector("#layer");
            const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                getSelection().setBaseAndExtent(node, at, node, at + words.length);
                layer.dispatchEvent(new MouseEvent("mouseup", { bubbles: true, button: 0 }));
                return;
            }
        }""",
        words,
    )
    expect(page.locator("#marks-menu")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save labels and marks").click()
    expect(page.get_by_text("Marked by")).to_be_visible()


def test_words_are_marked_by_selecting_them_and_typing_what_they_are(page, console, item):
    select(page, "ma\u0301lee")
    look(page, "item-marks-menu")
    page.keyboard.type("person")
    press(page, "Enter")
    expect(page.locator(f"{LAYER} mark.entity", has_text="ma\u0301lee")).to_be_visible()
    save(page)

    assert ("PERSON", "ma\u0301lee") in spans(console, item)
    assert ("PHONE", "081-555-0143") in spans(console, item)
    assert told(console, item)["labelling"]["spans"][1]["start"] == MALEE


def test_half_a_letter_cannot_be_marked(page, console, item):
    select(page, "ma")
    page.keyboard.type("organisation")
    press(page, "Enter")
    save(page)

    assert ("ORGANISATION", "ma\u0301") in spans(console, item)


def test_the_keyboard_alone_marks_takes_away_and_brings_back(page, console, item):
    page.locator(LAYER).focus()
    for _ in range(12):
        press(page, "ArrowRight")
        if "ask" in page.evaluate("String(getSelection())"):
            break
    press(page, "Shift+ArrowRight", "Enter")
    page.keyboard.type("urgen")
    press(page, "Enter")
    expect(page.locator(f"{LAYER} mark.sign")).to_have_text("ask ma\u0301lee")
    press(page, "Delete")
    expect(page.locator(f"{LAYER} mark.sign")).to_have_count(0)
    press(page, "Control+z")
    expect(page.locator(f"{LAYER} mark.sign")).to_have_count(1)
    save(page)

    assert ("urgency", "ask ma\u0301lee") in spans(console, item)


def test_a_mark_is_given_another_code_or_taken_away_by_a_click(page, console, item):
    page.locator(f"{LAYER} mark", has_text="Somchai").click()
    expect(page.locator("#marks-menu")).to_be_visible()
    page.keyboard.type("organisation")
    press(page, "Enter")
    page.locator(f"{LAYER} mark", has_text="081-555-0143").click()
    page.get_by_role("option", name="Take away").click()
    save(page)

    assert spans(console, item) == [("ORGANISATION", "Somchai")]


def test_the_list_of_marks_does_the_same(page, console, item):
    page.locator(".marks details summary").click()
    page.get_by_role("button", name="Take away: Person").click()
    page.get_by_role("button", name="Change: ").first.click()
    page.keyboard.type("reference")
    press(page, "Enter")
    save(page)

    assert spans(console, item) == [("REFERENCE", "081-555-0143")]


def test_a_passage_that_is_marked_as_hard_to_read_folds_and_offsets_stay_right(page, console, item):
    select(page, "at the")
    page.keyboard.type("physical")
    press(page, "Enter")
    fold = page.locator(f"{LAYER} details.fold")
    expect(fold).to_have_count(1)
    expect(fold.locator("mark")).to_be_hidden()
    select(page, "now")
    page.keyboard.type("urgency")
    press(page, "Enter")
    fold.locator("summary").click()
    expect(fold.locator("mark")).to_be_visible()
    save(page)

    assert ("physical_and_sexual_violence", "at the") in spans(console, item)
    assert ("urgency", "now") in spans(console, item)


def test_escape_changes_nothing(page, item):
    select(page, "now")
    press(page, "Escape")

    expect(page.locator("#marks-unsaved")).to_be_hidden()
    expect(page.locator(LAYER)).to_be_focused()


def test_an_image_is_asked_for_by_a_click_and_hidden_by_another(page, console):
    content = {"content": base64.b64encode(image("zebra")).decode(), "media_type": "image/png"}
    report = httpx.post(f"{console.url}/v1/reports", json={"reports": [content]}).json()["reports"][0]
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))

    page.goto(f"{console.url}/items/{report['id']}")
    look(page, "item-image")
    assert "image" not in asked
    page.get_by_role("link", name="View the image").focus()
    press(page, "Enter")
    expect(page.locator("#image img")).to_be_visible()
    assert "image" in asked
    page.get_by_role("link", name="Hide the image").click()
    expect(page.locator("#image img")).to_have_count(0)


def test_the_pages_of_a_pdf_are_turned_and_hidden_again(page, console):
    sent = {"content": base64.b64encode(pdf_of("zebra", "lion")).decode(), "media_type": "application/pdf"}
    report = httpx.post(f"{console.url}/v1/reports", json={"reports": [sent]}).json()["reports"][0]
    while told(console, report["id"])["work"] == "waiting":
        page.wait_for_timeout(200)
    asked = []
    page.on("request", lambda request: asked.append(request.url.partition(report["id"])[2]))
    page.goto(f"{console.url}/items/{report['id']}")
    assert "/image" not in asked

    page.get_by_role("link", name="View the image").click()
    expect(page.locator("#image img")).to_be_visible(timeout=20_000)
    expect(page.locator('#image [data-page="1"]')).to_have_attribute("aria-current", "page")
    page.locator('#image [data-page="2"]').click()
    expect(page.locator('#image [data-page="2"]')).to_have_attribute("aria-current", "page", timeout=20_000)
    look(page, "item-pdf")
    page.get_by_role("link", name="Hide the image").click()

    expect(page.locator("#image img")).to_have_count(0)
    assert {"/image", "/image/2"} <= set(asked)


def test_the_page_and_its_copy_shut_nobody_out_and_are_printed_with_their_number(page, console, item):
    look(page, "item-page")
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_contain_text("printed by")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.get_by_text("+66815550143")).to_be_visible()
    page.emulate_media(media="screen")

    page.get_by_role("link", name="Redacted copy").click()
    expect(page.locator("#redacted")).to_contain_text("[PHONE_1]")
    look(page, "item-redacted")
    page.get_by_role("button", name="Copy").click()
    assert "[PHONE_1]" in page.evaluate("navigator.clipboard.readText()")


def test_what_is_sealed_says_what_to_do_instead(page, console, item):
    page.locator("#withhold-form summary").click()
    page.get_by_role("button", name="Seal this item").click()

    expect(page.get_by_role("heading", name="Sealed: suspected child abuse material")).to_be_visible()
    assert "Somchai" not in page.content()
    look(page, "item-sealed")


@pytest.mark.parametrize("dark", [False, True])
def test_an_item_on_a_telephone(chromium, console, cookies, dark):
    seen = Seen()
    page = new_page(chromium, seen, size=TELEPHONE, dark=dark)
    come_in(page, console, cookies)
    [report_id] = store(console, TEXT)
    page.goto(f"{console.url}/items/{report_id}")

    look(page, f"item-telephone-{'dark' if dark else 'light'}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    leave(page)
    assert seen.complaints == []


def test_an_item_is_decided_by_keys_on_its_own_page_too(page, console, item):
    press(page, "1", "a")
    expect(page.get_by_text("labels agreed").first).to_be_visible()

    assert told(console, item)["labelling"]["labels"] == []
    assert told(console, item)["status"] == "labels_agreed"
