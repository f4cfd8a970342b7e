"""The operations of the service, each with a body that it takes; all words in it are marked.

A mark is found wherever it gets to: `zqx`, the number of its request, the number of the word, `q`. Marks of
what may be shown by design, an agency's name, begin with `zqa`.
"""

import base64
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fuzz.odd import ODD_WORDS

MARK: Final = re.compile(rb"zq[xa](\d{6})\d\dq", re.IGNORECASE)
HIDDEN: Final = re.compile(rb"zqx(\d{6})\d\dq", re.IGNORECASE)
SHOWN: Final = "zqa"
JSON: Final = {"Content-Type": "application/json"}
MANY_VERSIONS: Final = ", ".join(f'"{number}"' for number in range(1, 400))


@dataclass
class Words:
    """Makes the words of one request."""

    number: int
    rng: random.Random
    made: int = 0

    def __call__(self, prefix: str = "zqx") -> str:
        self.made += 1
        odd = self.rng.choice(ODD_WORDS)
        return f"{odd[:20]} {self.plain(prefix)} {odd}"

    def short(self, prefix: str = "zqx") -> str:
        """Words that a short field takes."""
        self.made += 1
        return f"{self.rng.choice(ODD_WORDS)[:80]} {self.plain(prefix)}"

    def plain(self, prefix: str = "zqx") -> str:
        return f"{prefix}{self.number:06d}{self.made % 100:02d}q"


def report(words: Words) -> dict[str, Any]:
    consent = {"refer": "yes", "police": "yes", "by": words.short(), "at": "2026-01-01T00:00:00+07:00"}
    return {
        "text": words(),
        "channel": words.short(),
        "platform": words.short(),
        "source_url": words()[:2_000],
        "captured_by": words.short(),
        "external_refs": [{"agency": words.short(), "number": words.short()}],
        "safe_channel": words()[:2_000],
        "safe_time": words()[:2_000],
        "code_word": words()[:2_000],
        "consent": consent,
        "in_danger": words.rng.random() < 0.1,
        "received_at": "2026-01-01T00:00:00Z",
    }


def content_report(words: Words) -> dict[str, Any]:
    encoding = words.rng.choice(("utf-8", "cp874", "utf-16", "utf-7", "big5", "gb18030", "shift_jis"))
    content = words().encode("utf-16" if encoding == "utf-16" else "utf-8", "replace")
    return {"content": base64.b64encode(content).decode(), "encoding": encoding, "channel": words.short()}


def image_report(words: Words) -> dict[str, Any]:
    head, media_type = words.rng.choice(
        ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-1.7\n", "application/pdf"))
    )
    content = head + words().encode("utf-8", "replace")
    return {"content": base64.b64encode(content).decode(), "media_type": media_type}


def document(words: Words) -> dict[str, Any]:
    return {"text": words(), "id": words.short(), "language": words.plain(), "received_at": words()}


def search(words: Words) -> dict[str, Any]:
    return {
        "words": words.short(),
        "entities": [{"type": "PHONE", "value": words.short()}],
        "channel": [words.short()],
        "assignee": words.short(),
        "sort": words.rng.choice(("queue", "newest")),
    }


def line_events(words: Words) -> dict[str, Any]:
    message = {"type": "text", "id": words.plain(), "text": words()}
    event = {"type": "message", "webhookEventId": words(), "mode": "active", "replyToken": words()}
    return {"events": [{**event, "message": message, "source": {"userId": words()}, "timestamp": 1}]}


@dataclass(frozen=True)
class Operation:
    """An operation of the contract, who may call it, and a body that it takes."""

    method: str
    path: str
    caller: str
    body: Callable[[Words], Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


SEEN: Final = {"If-Match": MANY_VERSIONS}
REPORT: Final = "/v1/reports/{report}"
OPERATIONS: Final = (
    Operation("POST", "/v1/screen", "screen", lambda words: {"documents": [document(words)]}),
    Operation(
        "POST", "/v1/redact", "screen", lambda words: {"documents": [document(words)], "style": "token"}
    ),
    *[Operation("POST", "/v1/reports", "report", lambda words: {"reports": [report(words)]})] * 4,
    Operation("POST", "/v1/reports", "report", lambda words: {"reports": [content_report(words)]}),
    Operation("POST", "/v1/reports", "report", lambda words: {"reports": [image_report(words)]}),
    *(Operation("GET", REPORT, caller) for caller in ("review", "whole")),
    *(
        Operation("GET", f"{REPORT}/{part}", "review")
        for part in ("custody", "history", "screenings", "referrals")
    ),
    *(
        Operation(
            "PATCH",
            REPORT,
            caller,
            lambda words: {
                "note": words(),
                "reason": words()[:2_000],
                "priority": "high",
                "labels": ["task_scam"],
                "spans": [{"code": "task_scam", "start": 0, "end": 1}],
                "consent": {"refer": "yes", "by": words.short()},
            },
            SEEN,
        )
        for caller in ("review", "whole")
    ),
    Operation("PATCH", REPORT, "review", lambda words: {"assignee": words.short()}, SEEN),
    Operation(
        "POST",
        f"{REPORT}/referrals",
        "review",
        lambda words: {
            "to_agency": words.short(SHOWN),
            "police": False,
            "redaction": "codes",
            "without_consent": "child",
            "reason": words()[:2_000],
        },
        SEEN,
    ),
    Operation("POST", "/v1/reports/{purged}/purge", "admin", lambda words: {"reason": words()[:2_000]}),
    *[Operation("POST", "/v1/reports/search", "review", search)] * 2,
    Operation("POST", "/v1/reports/search", "review", lambda words: {"cursor": words.short()}),
    Operation("POST", "/v1/campaigns/search", "review", lambda words: {"cursor": words.short()}),
    Operation(
        "POST",
        "/v1/webhooks",
        "admin",
        lambda words: {"url": f"http://127.0.0.1:9/{words.plain()}?{words.plain()}"},
    ),
    Operation("GET", "/v1/webhooks", "admin"),
    Operation("GET", "/v1/webhooks/{webhook}/deliveries", "admin"),
    Operation("POST", "/v1/webhooks/{webhook}/test", "admin"),
    Operation("GET", "/v1/events", "review"),
    Operation("GET", "/v1/taxonomy", "screen"),
    Operation("GET", "/metrics", "admin"),
    Operation("GET", "/openapi.json", "report"),
    Operation("GET", "/readyz", ""),
)
"""What is there more than once is sent more often."""
LINE: Final = Operation("POST", "/v1/channels/line", "", line_events)
