"""How long searches of stored reports take: fills a store with invented rows and prints milliseconds.

`python -m benchmarks.search --rows 1000000 [--store URL]`: without a URL, a SQLite file that is deleted
afterwards. Rows are written past the intake, words as tokens of invented ones, most of them rare, as in any
language; a report has no text here, for a search reads none.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from models.screening import PRIORITIES
from models.taxonomy import LABELS
from serving.store.casework.states import OPEN
from serving.store.home import KEY_FILE, Store, default_url, open_store
from serving.store.organisations import Actor, local_actors
from serving.store.search.campaign_search import search_campaigns
from serving.store.search.report_search import Filters, search_reports
from serving.store.search.tokens import EntityQuery, token_key, tokens_of_query
from serving.store.tables import CAMPAIGN, REPORT, SEARCH_TOKEN

NOW_MS: Final = 1_790_000_000_000
AT_ONCE: Final = 5_000
WORDS: Final = 100_000
REPEATS: Final = 7
SHARES: Final = (0.01, 0.1, 0.2, 0.69)
"""Of each priority."""
LANGUAGES: Final = ("th", "en", "vi", "zh", "my", "km", "lo")
LANGUAGE_SHARES: Final = (60, 15, 10, 8, 4, 2.9, 0.1)

SEARCHES: Final[tuple[tuple[str, Filters, dict[str, Any]], ...]] = (
    ("the queue", Filters(), {}),
    ("the queue of the console", Filters(status=OPEN), {"is_folded": True}),
    ("the newest of the console", Filters(status=OPEN), {"is_folded": True, "sort": "newest"}),
    ("a word in the console", Filters(status=OPEN, words="w1"), {"is_folded": True}),
    ("the newest", Filters(), {"sort": "newest"}),
    ("not closed", Filters(status=("new", "in_review")), {}),
    ("urgent", Filters(priority=(0,)), {}),
    ("a rare flag in a rare language", Filters(flags=(LABELS[-1],), language=("lo",)), {}),
    ("what no report has", Filters(channel=("nowhere",)), {}),
    (
        "stored on one day",
        Filters(stored_from=NOW_MS - 86_400_000 * 3, stored_before=NOW_MS - 86_400_000 * 2),
        {},
    ),
    ("copies only", Filters(duplicates="only"), {"sort": "newest"}),
    ("one campaign", Filters(campaign_id=f"{1:032x}"), {}),
    ("a word in every third report", Filters(words="w1"), {}),
    ("that and another", Filters(words="w1 w2"), {}),
    ("a rare word", Filters(words=f"w{WORDS - 1}"), {}),
    ("a rare word and a frequent one", Filters(words=f"w1 w{WORDS // 2}"), {}),
    ("a telephone number", Filters(entities=(EntityQuery("PHONE", "081-555-0143"),)), {}),
    ("a frequent word in a rare language", Filters(words="w1", language=("lo",)), {}),
)


def main() -> None:
    """Fill a store and print how long searches take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--tokens", type=int, default=30, help="of each report")
    parser.add_argument("--store", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(options.store or default_url(Path(folder)), Path(folder) / KEY_FILE)
        actor, _ = store.database.write(lambda connection: local_actors(connection, now_ms=NOW_MS))
        began = time.perf_counter()
        fill(store, actor, options.rows, options.tokens)
        took = time.perf_counter() - began
        _print(f"{options.rows:,} reports, {options.tokens} tokens each: filled in {took:.0f} s")
        measure(store, actor)
        store.database.close()


def fill(store: Store, actor: Actor, n_rows: int, n_tokens: int) -> None:
    """Write reports with serials from 1, their campaigns and their tokens."""
    rng = random.Random(0)  # noqa: S311 (invented rows)
    key = token_key(store.keyring, actor.organisation_id)
    names = [f"w{number}" for number in range(WORDS)]
    tokens = [next(iter(one)) for name in names for one in tokens_of_query(key, name, ())[0]]
    phone = next(iter(tokens_of_query(key, "", (EntityQuery("PHONE", "+66815550143"),))[0][0]))
    chances = [1 / (number + 2) for number in range(WORDS)]
    for first in range(1, n_rows + 1, AT_ONCE):
        serials = range(first, min(first + AT_ONCE, n_rows + 1))
        drawn = iter(rng.choices(tokens, chances, k=len(serials) * n_tokens))
        reports = [_report(actor, serial, n_rows, rng) for serial in serials]
        of_reports = [
            {"organisation_id": actor.organisation_id, "token": token, "report_serial": serial}
            for serial in serials
            for token in {next(drawn) for _ in range(n_tokens)} | ({phone} if serial % 9_973 == 0 else set())
        ]
        campaigns = list(_campaigns(actor, reports))
        store.database.write(
            lambda connection, rows=(reports, campaigns, of_reports): [  # type: ignore[misc]
                connection.execute(insert(table), some)
                for table, some in zip((REPORT, CAMPAIGN, SEARCH_TOKEN), rows, strict=True)
                if some
            ]
        )


def _report(actor: Actor, serial: int, n_rows: int, rng: random.Random) -> dict[str, Any]:
    stored_ms = NOW_MS - (n_rows - serial) * 30_000
    priority = rng.choices(range(len(PRIORITIES)), SHARES)[0]
    original = serial - serial % 20 + 1 if serial % 20 > 12 else serial  # every third is a copy
    return {
        "serial": serial,
        "public_id": f"{serial:032x}",
        "organisation_id": actor.organisation_id,
        "actor_id": actor.id,
        "case_ref": f"SS-2026-{serial}",
        "stored_ms": stored_ms,
        "received_ms": stored_ms - rng.randrange(3_600_000),
        "version": 1,
        "work": "screened" if n_rows - serial > 100 else "waiting",
        "lane": 2,
        "attempts": 1,
        "priority": priority if n_rows - serial > 100 else None,
        "language": rng.choices(LANGUAGES, LANGUAGE_SHARES)[0],
        "role": rng.choice(("offer", "approach", "ordinary")),
        "flags": "" if priority == 3 else f" {rng.choice(LABELS)} ",
        "campaign_id": original,
        "duplicate_of": original if original != serial else None,
        "status": "closed" if n_rows - serial > 20_000 else rng.choice(("new", "in_review")),
        "channel": rng.choice(("hotline", "line", "web_form")),
        "platform": rng.choice(("facebook", "telegram", "")),
        "safe_to_contact": "unknown",
        "in_danger": False,
        "details_sealed": os.urandom(300),
    }


def _campaigns(actor: Actor, reports: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in reports:
        if row["duplicate_of"] is None:
            yield {
                "serial": row["serial"],
                "organisation_id": actor.organisation_id,
                "original_serial": row["serial"],
                "reports": 8 if row["serial"] % 20 == 1 else 1,
                "first_ms": row["stored_ms"],
                "last_ms": row["stored_ms"],
            }


def measure(store: Store, actor: Actor) -> None:
    """Print median and worst milliseconds of each search, of its first page and of a tenth one."""
    _print(f"{'search':38}{'found':>9}{'median ms':>11}{'worst ms':>10}{'tenth page ms':>15}")
    for name, filters, asked in SEARCHES:
        options = {"sort": "queue", "limit": 50, **asked}
        times, cursor, found = [], None, ""
        for _ in range(REPEATS):
            began = time.perf_counter()
            page = _page(store, actor, filters, **options)
            times.append((time.perf_counter() - began) * 1000)
            cursor, found = page.next, page.count
        later = 0.0
        for _ in range(9):
            if cursor is None:
                break
            began = time.perf_counter()
            cursor = _page(store, actor, filters, **options, cursor=cursor).next
            later = (time.perf_counter() - began) * 1000
        _print(f"{name:38}{found:>9}{statistics.median(times):11.1f}{max(times):10.1f}{later:15.1f}")
    began = time.perf_counter()
    store.database.read(lambda c: search_campaigns(c, store.keyring, actor, least_reports=2, limit=50))
    _print(f"{'campaigns':38}{'':9}{(time.perf_counter() - began) * 1000:11.1f}")


def _page(store: Store, actor: Actor, filters: Filters, **options: Any) -> Any:  # noqa: ANN401
    return store.database.read(
        lambda connection: search_reports(connection, store.keyring, actor, filters, **options)
    )


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
