"""A Thai screenshot and a PDF, both made here, in a real browser: sent, read by Tesseract, compared.

Without a Chromium these tests say so and are skipped; with SCAMSCREEN_BROWSER=required they fail instead.
"""

import shutil

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.test_serving import test_console_browser
from tests.test_serving.conftest import Server
from tests.test_serving.test_console_browser import (
    TELEPHONE,
    TOO_WIDE,
    Seen,
    come_in,
    leave,
    look,
    new_page,
    speak,
)

PHONE = "081-555-0143"
THAI = f"รับสมัครงานด่วน ที่พักฟรี compound โทร {PHONE}"
LINES = THAI.replace(PHONE, f"<br>{PHONE}")
CHAT = f"<body style='margin:40px;font:44px Noto Sans Thai,sans-serif;background:#fff'><p>{LINES}</p></body>"
LETTER = f"{CHAT}<p style='break-before:page;font:44px Noto Sans Thai'>หน้าที่สอง second page</p>"
READ_MS = 60_000

pytestmark = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
chromium = test_console_browser.chromium
cookies = test_console_browser.cookies
seen = test_console_browser.seen
page = test_console_browser.page


@pytest.fixture(scope="module")
def console(server) -> Server:
    return server


def made(chromium, html: str) -> Page:
    """Return a page of its own that shows something."""
    page = chromium.new_page(viewport={"width": 1_100, "height": 400})
    page.set_content(html)
    return page


def send(page: Page, console: Server, name: str, media_type: str, content: bytes) -> str:
    """Send an image as a person does, wait until it is read, and open it; return its id."""
    page.goto(f"{console.url}/uploads")
    page.get_by_label("Choose up to 20").set_input_files(
        {"name": name, "mimeType": media_type, "buffer": content}
    )
    page.locator("#images-form select").select_option("th")
    page.locator("#images-form").get_by_role("button", name="Send").click()
    expect(page.get_by_text("They are stored.")).to_be_visible()
    report_id = page.locator("[role=status] li a").get_attribute("href").rpartition("/")[2]
    for _ in range(READ_MS // 250):
        if httpx.get(f"{console.url}/v1/reports/{report_id}").json()["work"] != "waiting":
            break
        page.wait_for_timeout(250)
    page.goto(f"{console.url}/items/{report_id}")
    return report_id


def test_a_thai_screenshot_is_read_and_its_number_is_compared_with_the_image(chromium, console, page):
    with_words = made(chromium, CHAT)
    content = with_words.screenshot()
    with_words.close()
    report_id = send(page, console, "แชต.png", "image/png", content)

    read = httpx.get(f"{console.url}/v1/reports/{report_id}").json()["ocr"]["text"]
    assert PHONE in read
    assert "สมัครงาน" in read.replace(" ", "")
    expect(page.get_by_text("unverified")).to_be_visible()
    expect(page.locator("canvas.crop")).to_be_hidden()
    page.get_by_role("link", name="View the image").click()
    expect(page.locator("canvas.crop")).to_be_visible()
    look(page, "item-thai-screenshot")
    page.get_by_role("button", name="The image says the same").click()
    expect(page.get_by_text("compared with the image:")).to_be_visible()


def test_a_pdf_of_two_pages_is_read_and_turned_and_shows_the_page_of_a_number(chromium, console, page):
    with_words = made(chromium, LETTER)
    content = with_words.pdf(width="800px", height="500px")
    with_words.close()
    report_id = send(page, console, "letter.pdf", "application/pdf", content)

    told = httpx.get(f"{console.url}/v1/reports/{report_id}").json()
    assert PHONE in told["ocr"]["text"]
    assert "second page" in told["ocr"]["text"]
    assert "pdf_pages_2" in told["screening"]["warnings"]
    page.locator('#image [data-page="2"]').click()
    expect(page.locator('#image [data-page="2"]')).to_have_attribute("aria-current", "page", timeout=READ_MS)
    expect(page.locator("canvas.crop")).to_be_visible(timeout=READ_MS)
    look(page, "item-pdf-second-page")
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("tag", ["en", "th"])
def test_the_form_of_images_on_a_telephone(chromium, console, cookies, tag):
    seen = Seen()
    page = new_page(chromium, seen, size=TELEPHONE)
    come_in(page, console, cookies)
    page.goto(f"{console.url}/uploads")
    if tag == "th":
        speak(page, "th")
    expect(page.locator("#images-form")).to_be_visible()

    look(page, f"uploads-images-{tag}-telephone")
    assert page.evaluate(TOO_WIDE) == []
    if tag == "th":
        speak(page, "en")
    leave(page)
    assert seen.complaints == []
