"""How long people wait at the console, with a million reports: `python -m benchmarks.console`.

Milliseconds of the pages over HTTP, whole; what the first page weighs and when it can be used; and how long
somebody waits in all who decides 100 items by keys, in Debian's Chromium.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, Response, sync_playwright

from benchmarks.machine import describe
from benchmarks.search import NOW_MS, fill
from benchmarks.servers import Running, started
from benchmarks.stored import Place, new_place, report_server, write_result
from benchmarks.texts import build_texts, written_pools
from serving.commands.links import new_link
from serving.store.organisations import local_actors

REPEATS: Final = 15
ITEMS: Final = 100
_CHANNEL: Final = "sms"
_AT_ONCE: Final = 100
_READY: Final = 5 * ITEMS
_TOKENS: Final = 30
_READING_MS: Final = 500


def main() -> None:
    """Fill a store, start the service on it, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--output", type=Path, default=Path("runs/console.json"))
    parser.add_argument("--filled", type=Path, help="folder of a SQLite store: filled if it is new, and kept")
    parser.add_argument("--fill", action="store_true", help="fill the store and measure nothing")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as new,
        new_place(options.database, options.filled or Path(new)) as place,
    ):
        if options.filled is None or not options.filled.is_dir():
            _fill(place, options.rows)
        if options.fill:
            return
        os.environ |= place.environment
        with started(report_server(place), Path(new), threads=2) as running:
            result = {"rows": options.rows, "database": options.database, **_measured(running)}
    write_result(options.output, {"machine": describe(), **result})
    for name, value in result.items():
        sys.stdout.write(f"{name:70}{value}\n")


def _fill(place: Place, rows: int) -> None:
    store = place.open()
    actor, _ = store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))
    fill(store, actor, rows, _TOKENS)
    store.database.close()


def _measured(running: Running) -> Mapping[str, Any]:
    url = f"http://127.0.0.1:{running.port}"
    _send_reports(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{url}/sign-in#{urlsplit(new_link()).fragment}")
        page.wait_for_selector("#text")
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        csrf = page.get_attribute('meta[name="csrf"]', "content") or ""
        result = {
            **_pages(url, cookies, csrf),
            **_first_page(page, url),
            **_triage(page, url),
        }
        browser.close()
    return result


def _send_reports(url: str) -> None:
    """Store reports with words, so that there is something to read and decide."""
    texts = [one.text for one in build_texts(_READY, written_pools())]
    for first in range(0, len(texts), _AT_ONCE):
        some = [{"text": text, "channel": _CHANNEL} for text in texts[first : first + _AT_ONCE]]
        httpx.post(f"{url}/v1/reports", json={"reports": some}).raise_for_status()
    body = {"channel": [_CHANNEL], "work": ["waiting"]}
    while httpx.post(f"{url}/v1/reports/search", json=body).json()["count"] != "0":
        time.sleep(0.5)


def _pages(url: str, cookies: Mapping[str, str], csrf: str) -> dict[str, Any]:
    """Return the median and the worst milliseconds of the pages."""
    found = {}
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("queue", {}),
        ("queue, newest", {"sort": "newest"}),
        ("queue, with words shown", {"channel": _CHANNEL}),
        ("queue, a frequent word", {"words": "w1"}),
    )
    with httpx.Client(cookies=dict(cookies), headers={"X-CSRF-Token": csrf}, timeout=60) as client:
        for name, form in asked:
            times = []
            for _ in range(REPEATS):
                began = time.perf_counter()
                client.post(f"{url}/queue", data=form).raise_for_status()
                times.append((time.perf_counter() - began) * 1000)
            found[f"{name}: median, worst ms"] = [round(statistics.median(times), 1), round(max(times), 1)]
    return found


def _first_page(page: Page, url: str) -> dict[str, Any]:
    """Return what the first page weighs, and when it can be used, in a browser that remembers nothing."""
    browser = page.context.browser
    assert browser is not None  # noqa: S101 (it was launched here)
    first = browser.new_context(storage_state=page.context.storage_state()).new_page()
    scripts: list[Response] = []
    first.on("response", lambda one: scripts.append(one) if urlsplit(one.url).path.endswith(".js") else None)
    first.goto(f"{url}/")
    first.wait_for_load_state("networkidle")
    ready = first.evaluate("performance.getEntriesByType('navigation')[0].domInteractive")
    weight = sum(len(one.body()) for one in scripts)
    first.context.close()
    return {"first page: JavaScript bytes": weight, "first page: interactive after ms": round(ready, 1)}


# When a key was pressed, when the next item stood in the page, and when it was painted, which is 60 times a
# second. The page itself tells: the driver of the browser takes longer.
_WATCH: Final = """() => {
  window.waited = { shown: [], painted: [] };
  let pressed = null;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  new MutationObserver(() => {
    const item = document.getElementById("item")?.dataset.id;
    if (pressed === null || item !== document.querySelector(".queue-row[aria-current]")?.dataset.id) return;
    const from = pressed;
    pressed = null;
    window.waited.shown.push(performance.now() - from);
    requestAnimationFrame(() => setTimeout(() => window.waited.painted.push(performance.now() - from)));
  }).observe(document.getElementById("pane"), { childList: true });
}"""


def _triage(page: Page, url: str) -> dict[str, Any]:
    """Return how long somebody waits who decides items by keys; urgent ones ask for more than a key."""
    page.goto(f"{url}/queue")
    page.evaluate(
        "channel => { document.querySelector('[name=channel]').value = channel; "
        "document.querySelector('[name=priority]').value = 'low'; "
        "document.getElementById('filters').submit(); }",
        _CHANNEL,
    )
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    page.wait_for_selector("#item")
    page.evaluate(_WATCH)
    found = {}
    for name, pause_ms in (("at once", 0), (f"after {_READING_MS} ms of reading", _READING_MS)):
        page.evaluate("Object.values(window.waited).forEach((one) => { one.length = 0; })")
        for number in range(ITEMS):
            page.wait_for_timeout(pause_ms)
            page.keyboard.press("a")
            page.wait_for_function("number => window.waited.painted.length > number", arg=number)
        for until, waited in page.evaluate("window.waited").items():
            found[f"{ITEMS} by keys, {name}, until {until}: s"] = round(sum(waited) / 1000, 2)
            found[f"{ITEMS} by keys, {name}, until {until}: median, worst ms"] = [
                round(statistics.median(waited), 1),
                round(max(waited), 1),
            ]
    page.wait_for_load_state("networkidle")
    return {**found, "items decided": page.locator(".queue-row.is-done").count()}


if __name__ == "__main__":
    main()
