"""The console in a real browser: every page, by keyboard, in two languages, on a wide screen and a telephone.

Without a Chromium these tests say so and are skipped; with SCAMSCREEN_BROWSER=required they fail instead.
Screenshots of every page are left in `runs/screenshots`.
"""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Cookie, Page, expect, sync_playwright

from tests.test_serving.conftest import (
    Server,
    command,
    end_serving,
    free_port,
    start_serving,
    wait_until_ready,
)

SCREENSHOTS = Path(__file__).parents[2] / "runs" / "screenshots"
WIDE = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}
WORST = ("serious", "critical")
TOO_WIDE = """[...document.querySelectorAll('body *')]
    .filter(() => document.documentElement.scrollWidth > innerWidth)
    .filter(one => one.getBoundingClientRect().right > innerWidth)
    .map(one => one.outerHTML.slice(0, 90))"""
"""What stands out of the window, if anything has to be scrolled sideways."""
PLEA = "help me, they keep us in the compound, call 081-555-0143"
THINGS = (
    *("mango", "lotus", "silver", "bamboo", "saffron", "ginger", "pepper", "orchid", "cotton", "copper"),
    *("jasmine", "walnut", "rubber", "coffee", "cement", "pottery", "honey", "indigo", "salt", "paper"),
)
"""Texts about two of them are no copies of each other."""
ADVERTS = [f"We hire for the compound number {number}, flights paid, write to us" for number in range(12)]
TEXTS = (
    "ช่วยด้วยค่ะ help me เขายึดหนังสือเดินทางไว้ที่ compound ฝั่งเมียวดี",
    "ကျွန်တော်တို့ကို compound ထဲမှာ ချုပ်ထားတယ် လစာမပေးဘူး ဖုန်း 09 555 017 633",
    "ត្រូវការបុគ្គលិក compound ប្រាក់ខែ ៨០០ ដុល្លារ ទាក់ទង 012 555 084",
    "ຮັບສະໝັກພະນັກງານ compound ເງິນເດືອນສູງ ໂທ 020 5552 7093",
    "<script>document.title='pwned'</script><img src=x onerror=alert(1)> \u202egnp.exe compound",
    "compound" + "x" * 19_000,
)


@dataclass(frozen=True)
class Console(Server):
    """A service with reports of every script.

    Attributes:
        texts: ids of the reports of `TEXTS`.
    """

    texts: list[str]


@dataclass
class Seen:
    """What the browser asked for and complained of."""

    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        missing = "no Chromium here: apt-get install chromium"
        (pytest.fail if os.environ.get("SCAMSCREEN_BROWSER") == "required" else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-dev-shm-usage"],  # containers have little of it
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def console(tmp_path_factory) -> Iterator[Console]:
    running = Server(free_port(), tmp_path_factory.mktemp("console"))
    address = {"SCAMSCREEN_OPEN": "1", "SCAMSCREEN_CONSOLE_URL": running.url}
    process = start_serving(
        "tests.test_serving.fake_service:ScamScreen", running.port, running.folder, address
    )
    try:
        wait_until_ready(running, process)
        store(running, PLEA, *ADVERTS)
        yield Console(running.port, running.folder, store(running, *TEXTS))
    finally:
        process.terminate()
        end_serving(process)


def store(server: Server, *texts: str) -> list[str]:
    """Store reports, and wait until they are screened; return their ids."""
    body = {"reports": [{"text": text, "channel": "web_form"} for text in texts]}
    deadline = time.monotonic() + 30
    with httpx.Client(base_url=server.url) as client:
        ids = [one["id"] for one in client.post("/v1/reports", json=body).json()["reports"]]
        for report_id in ids:
            while client.get(f"/v1/reports/{report_id}").json()["work"] == "waiting":
                assert time.monotonic() < deadline
                time.sleep(0.05)
    return ids


def status(server: Server, report_id: str) -> str:
    return httpx.get(f"{server.url}/v1/reports/{report_id}").json()["status"]


@pytest.fixture
def seen() -> Seen:
    return Seen()


def new_page(chromium: Browser, seen: Seen, *, size=WIDE, dark=False, tag="en") -> Page:
    context = chromium.new_context(viewport=size, color_scheme="dark" if dark else "light", locale=tag)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.on("request", lambda request: seen.addresses.append(request.url))
    page.on("console", lambda said: seen.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return page


def leave(page: Page) -> None:
    """Close every page of this context, when none is on its way to another address any more.

    Chromium may say that it closed a page it was just going to show another address in, and never
    do it (microsoft/playwright#42366): to wait for that would hang the suite.
    """
    for one in page.context.pages:
        one.on("dialog", lambda dialog: dialog.accept())  # marks may be left unsaved
        one.goto("about:blank")
    page.context.close()


def speak(page: Page, tag: str) -> None:
    """Choose the language of the pages, and wait until they are in it."""
    page.get_by_role("button", name={"en": "English", "th": "ไทย"}[tag]).click()
    expect(page.locator(f"html[lang={tag}]")).to_be_attached()


def link_of(server: Server) -> str:
    """Return the address that signs in once."""
    return server.url + "/sign-in#" + urlsplit(command(server, "people", "link")).fragment


def sign_in(page: Page, server: Server) -> None:
    page.goto(link_of(server))
    expect(page.get_by_role("heading", name="Screen a text")).to_be_visible()


@pytest.fixture(scope="module")
def cookies(chromium, console) -> list[Cookie]:
    """Those of somebody who has signed in: to make a link takes the terminal seconds."""
    page = new_page(chromium, Seen())
    sign_in(page, console)
    of_session = page.context.cookies()
    leave(page)
    return of_session


def come_in(page: Page, server: Server, cookies: list[Cookie]) -> None:
    """Show the first page to who has signed in before."""
    page.context.add_cookies(cookies)
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Screen a text")).to_be_visible()


@pytest.fixture
def page(chromium, console, cookies, seen) -> Iterator[Page]:
    opened = new_page(chromium, seen)
    come_in(opened, console, cookies)
    yield opened
    leave(opened)
    assert seen.complaints == []
    hosts = {urlsplit(address).netloc for address in seen.addresses}
    assert hosts == {f"127.0.0.1:{console.port}"}, "nothing may come from another host"


def look(page: Page, name: str) -> None:
    """Leave a screenshot, and find nothing that shuts out who cannot see it."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in WORST]
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def test_the_link_signs_in_and_stands_in_no_address_that_is_sent(page, console, seen):
    page.context.clear_cookies()
    sign_in(page, console)

    assert page.url.endswith("/")
    assert not any("#" in address for address in seen.addresses)


def test_pasted_text_is_screened_by_the_keyboard_alone(page):
    page.keyboard.type("They hire for the compound, help me, call 081-555-0143")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("What to do next: somebody may be in danger")).to_be_visible()
    expect(page.get_by_text("+66815550143")).to_be_visible()
    look(page, "screen")


def test_a_normal_form_is_copied_by_a_click(page):
    page.get_by_label("Paste an advert").fill("the compound, call 081-555-0143")
    page.keyboard.press("Control+Enter")
    page.get_by_text("+66815550143").click()

    assert page.evaluate("navigator.clipboard.readText()") == "+66815550143"


def test_twenty_items_are_decided_by_keys(page, console):
    ids = store(console, *(f"The {thing} ferry brings {thing} to {thing} town" for thing in THINGS))
    page.goto(f"{console.url}/queue")
    page.get_by_label("Words").fill("ferry")
    page.keyboard.press("Enter")
    expect(page.locator(".queue-row")).to_have_count(20)
    page.locator("body").click(position={"x": 700, "y": 500})

    page.keyboard.press("j")
    for _ in range(20):
        chosen = page.locator(".queue-row[aria-current]").get_attribute("data-id")
        expect(page.locator("#item")).to_have_attribute("data-id", chosen)
        page.keyboard.press("x")
    page.wait_for_load_state("networkidle")

    assert {status(console, one) for one in ids} == {"labels_rejected"}


def test_a_decision_is_undone_by_a_key(page, console):
    [report] = store(console, "The library opens at eight, says the notice")
    page.goto(f"{console.url}/queue")
    page.get_by_label("Words").fill("library")
    page.keyboard.press("Enter")
    page.locator(".queue-row").click()
    expect(page.locator("#item")).to_be_visible()

    page.keyboard.press("x")
    expect(page.locator(".queue-row")).to_have_class("queue-row is-done")
    page.keyboard.press("z")
    expect(page.get_by_text("Undone")).to_be_visible()

    assert status(console, report) == "in_review"


def test_a_decision_on_several_is_undone_for_all_of_them(page, console):
    ids = store(console, *(f"The {thing} museum shows {thing} things" for thing in THINGS[:3]))
    page.goto(f"{console.url}/queue")
    page.get_by_label("Words").fill("museum")
    page.keyboard.press("Enter")
    expect(page.locator(".queue-row")).to_have_count(3)
    page.locator(".queue-row").first.click()
    page.keyboard.press(" ")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press(" ")
    expect(page.locator("#picked-count")).to_have_text("3")

    page.locator("[data-bulk=labels_rejected]").click()
    page.wait_for_load_state("networkidle")
    rejected = {status(console, one) for one in ids}
    page.keyboard.press("z")
    expect(page.get_by_text("Undone")).to_be_visible()

    assert rejected == {"labels_rejected"}
    assert {status(console, one) for one in ids} == {"in_review"}
    assert page.locator(".queue-row.is-done").count() == 0


def test_a_label_is_taken_away_by_its_number(page, console):
    [report] = store(console, "They hire for the compound by the lake, ask for Mister Rain")
    page.goto(f"{console.url}/queue")
    page.get_by_label("Words").fill("Rain")
    page.keyboard.press("Enter")
    page.locator(".queue-row").click()
    expect(page.locator(".chip-button[aria-pressed=true]")).to_have_count(1)

    page.keyboard.press("1")
    page.keyboard.press("a")
    page.wait_for_load_state("networkidle")

    told = httpx.get(f"{console.url}/v1/reports/{report}").json()
    assert (told["status"], told["labelling"]["labels"]) == ("labels_agreed", [])


def test_an_urgent_item_asks_why_before_it_is_less(page, console):
    [report] = store(console, "help me, a friend says, at the green gate of the compound")
    page.goto(f"{console.url}/queue")
    page.get_by_label("Words").fill("gate")
    page.keyboard.press("Enter")
    page.locator(".queue-row").click()
    expect(page.locator("#item")).to_be_visible()

    page.keyboard.press("x")
    page.get_by_role("dialog").get_by_label("Reason").fill("it is a line of a song")
    look(page, "why")
    page.get_by_role("button", name="Not urgent").click()
    page.wait_for_load_state("networkidle")

    assert status(console, report) == "labels_rejected"


def test_an_urgent_item_that_comes_later_shows_itself(page, console):
    page.goto(f"{console.url}/queue")
    expect(page.locator("#urgent-count")).not_to_be_empty()

    [report] = store(console, "help me, my brother, they moved him last night")

    expect(page.locator(f"#row-{report}")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("An urgent item has come")).to_be_visible()


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_texts_of_every_script_and_hostile_ones_are_shown_harmlessly(page, console, number):
    page.goto(f"{console.url}/items/{console.texts[number]}")
    expect(page.locator(".text")).to_contain_text(TEXTS[number][:40])
    look(page, f"script-{number}")

    assert page.title().startswith("SS-")
    assert page.evaluate(TOO_WIDE) == []
    page.goto(f"{console.url}/queue")
    expect(page.locator(".queue-row").first).to_be_visible()
    assert page.title().startswith("Queue")
    assert page.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("size", [WIDE, TELEPHONE], ids=["wide", "telephone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("tag", ["en", "th"])
def test_every_page_is_sound_in_both_languages_by_day_and_night(
    chromium, console, cookies, seen, size, dark, tag
):
    page = new_page(chromium, seen, size=size, dark=dark, tag=tag)
    look_at = f"{tag}-{'dark' if dark else 'light'}-{'wide' if size is WIDE else 'telephone'}"
    page.goto(f"{console.url}/sign-in")
    look(page, f"sign-in-{look_at}")
    come_in(page, console, cookies)
    if tag == "th":
        speak(page, "th")
    [report] = store(console, "They hire for the compound, call 081-555-0143, Somchai")
    for name, path in (
        ("screen", "/"),
        ("queue", "/queue"),
        ("item", f"/items/{report}"),
        ("none", f"/items/{'0' * 32}"),
        ("shift", "/shift"),
        ("overview", "/overview"),
        ("week", "/overview/week"),
        ("keys", "/admin/keys"),
        ("organisations", "/admin/organisations"),
        ("retention", "/admin/retention"),
        ("guidance", "/admin/guidance"),
        ("model", "/admin/model"),
        ("audit", "/admin/audit"),
        ("me", "/me"),
        ("new-password", "/new-password"),
        ("people", "/admin/people"),
    ):
        page.goto(console.url + path)
        look(page, f"{name}-{look_at}")
        assert page.evaluate(TOO_WIDE) == [], f"{name} is too wide"
    page.locator("input[name=name]").fill(f"Somsri {look_at}")
    page.keyboard.press("Control+Enter")
    page.locator("input[value=code] ~ button").click()
    expect(page.locator("svg.qr")).to_be_visible()
    look(page, f"person-{look_at}")
    assert page.evaluate(TOO_WIDE) == []
    if tag == "th":
        speak(page, "en")
    leave(page)
    assert [one for one in seen.complaints if "404" not in one] == []


def test_a_person_signs_in_with_a_password_and_out_again(chromium, console, seen):
    page = new_page(chromium, seen)
    page.goto(f"{console.url}/queue")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("not a password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("That was not right")
    sign_in(page, console)
    page.locator("details.menu summary").last.click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{console.url}/queue")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    leave(page)


ROWS = 5_000


def choose_file(page: Page, name: str, content: str) -> None:
    page.get_by_label("A list of texts").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Upload").click()


def test_a_file_of_5000_rows_is_uploaded_and_its_bad_row_is_told(page, console):
    rows = [f'{number},"the lorry of {number} {"leaves early " * 80}"' for number in range(1, ROWS + 1)]
    rows[136] = "137,one cell,too many"
    page.goto(f"{console.url}/uploads")
    choose_file(page, "lorries.csv", "\n".join(("id,text", *rows, "")))

    expect(page.get_by_role("heading", name="lorries.csv")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Text (is screened)")).to_have_value("1")
    expect(page.get_by_label("Number of the row")).to_have_value("0")
    look(page, "upload-preview")
    page.get_by_role("button", name="Screen", exact=True).click()

    expect(page.get_by_text("of 4,999 rows stored")).to_be_visible()
    expect(page.get_by_text("It has more or fewer cells than the header.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("cell", name="137", exact=True)).to_be_visible()
    expect(page.get_by_text("4,999 of 4,999 rows stored")).to_be_visible(timeout=60_000)
    look(page, "upload-errors")
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert len(taken.value.path().read_text("utf-8-sig").splitlines()) == ROWS + 1
    assert taken.value.suggested_filename.endswith("-results.csv")


def test_one_click_leads_from_an_upload_to_its_rows_in_the_queue_and_another_back(page, console):
    store(console, "The gondola waits at the pier")
    page.goto(f"{console.url}/uploads")
    choose_file(page, "gondolas.csv", "text\nA gondola for two\nA gondola for three\n")
    page.get_by_role("button", name="Screen", exact=True).click()
    expect(page.locator("#progress[data-state=done]")).to_be_visible(timeout=30_000)

    page.get_by_role("button", name="To the queue: only this upload").click()
    expect(page.locator(".queue-row")).to_have_count(2)
    expect(page.get_by_text("gondolas.csv")).to_be_visible()
    look(page, "queue-of-an-upload")
    page.get_by_label("Words").fill("gondola")
    page.keyboard.press("Enter")
    expect(page.locator(".queue-row")).to_have_count(2)
    page.get_by_role("button", name="No longer only this upload").click()
    expect(page.locator(".queue-row")).to_have_count(3)


@pytest.mark.parametrize("size", [WIDE, TELEPHONE], ids=["wide", "telephone"])
@pytest.mark.parametrize("tag", ["en", "th"])
def test_the_pages_of_uploads_are_sound(page, console, size, tag):
    page.set_viewport_size(size)
    page.goto(f"{console.url}/uploads")
    long_name = f"{'รายการ' * 20} {tag} {size['width']} {'x' * 60}.csv"
    row = f'"{tag} {size["width"]} สวัสดี <b>come</b>",fine,,"{"y" * 300}"'
    choose_file(page, long_name, "\n".join(("text,ชื่อ,empty,long", row, ",two", "")))
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    if tag == "th":
        speak(page, "th")
    look(page, f"upload-preview-{tag}-{size['width']}")
    assert page.evaluate(TOO_WIDE) == []

    page.locator("form.card button.primary").click()
    expect(page.locator(".errors td").first).to_be_visible()
    expect(page.locator("#progress[data-state=done]")).to_be_visible(timeout=30_000)
    look(page, f"upload-done-{tag}-{size['width']}")
    assert page.evaluate(TOO_WIDE) == []
    page.goto(f"{console.url}/uploads")
    look(page, f"uploads-{tag}-{size['width']}")
    assert page.evaluate(TOO_WIDE) == []
    if tag == "th":
        speak(page, "en")


def test_somebody_new_chooses_a_password_by_the_link_they_were_given(chromium, console, page, seen):
    page.goto(f"{console.url}/admin/people")
    page.get_by_label("Name to sign in with").fill("Malee")
    page.get_by_role("button", name="Add").click()
    page.locator(".secret .copyable").click()
    link = page.evaluate("navigator.clipboard.readText()")

    theirs = new_page(chromium, seen)
    theirs.goto(link)
    expect(theirs).to_have_url(f"{console.url}/new-password")
    theirs.get_by_label("New password, at least").fill("seven quiet buffalo")
    theirs.get_by_label("The new password again").fill("seven quiet buffalo")
    theirs.get_by_role("button", name="Set the password").click()
    expect(theirs.get_by_text("Your password is set")).to_be_visible()
    theirs.get_by_role("link", name="Sign in").click()
    theirs.get_by_label("Name").fill("Malee")
    theirs.get_by_label("Password").fill("seven quiet buffalo")
    theirs.get_by_role("button", name="Sign in").click()

    expect(theirs.get_by_role("heading", name="Screen a text")).to_be_visible()
    leave(theirs)


@pytest.fixture
def own_page(chromium, console, seen) -> Iterator[Page]:
    """The first page, in a session that no other test shares."""
    opened = new_page(chromium, seen)
    sign_in(opened, console)
    yield opened
    leave(opened)


def test_what_is_locked_in_one_page_is_locked_in_all_and_not_brought_up_by_going_back(own_page, console):
    page = own_page
    other = page.context.new_page()
    other.goto(f"{console.url}/queue")
    page.goto(f"{console.url}/items/{console.texts[0]}")

    page.evaluate("document.getElementById('lock-now').click()")

    for one in (page, other):
        expect(one.get_by_role("heading", name="The screen is locked")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()


def test_the_hand_that_wakes_a_machine_finds_it_locked(own_page, console):
    page = own_page
    page.clock.install()
    page.goto(f"{console.url}/queue")
    page.mouse.move(200, 200)

    page.clock.set_system_time(datetime.now() + timedelta(minutes=11))
    page.mouse.move(300, 300)

    expect(page.get_by_role("heading", name="The screen is locked")).to_be_visible()
