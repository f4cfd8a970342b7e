"""Requests that nobody should send, each made of its number alone: the same seed sends the same."""

import base64
import hashlib
import hmac
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.fuzz.odd import GARBAGE, ODD_BODIES, ODD_HEADERS, ODD_PATHS, ODD_VALUES
from tests.fuzz.operations import JSON, LINE, OPERATIONS, Operation, Words, line_events

LINE_SECRET: Final = b"0123456789abcdef0123456789abcdef"
LARGEST_BODY: Final = 16_000_001
LARGE_EVERY: Final = 499


@dataclass(frozen=True)
class Hostile:
    """One request.

    Attributes:
        kind: what is odd about it.
        caller: whose key it shows; "" for none.
        path: as it goes over the wire.
        texts: of the reports in its body, if it is a good one.
        raw: what goes over the wire in place of all else, if it is no request.
    """

    number: int
    kind: str
    caller: str = ""
    method: str = "GET"
    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    texts: tuple[str, ...] = ()
    raw: bytes = b""


@dataclass(frozen=True)
class Targets:
    """Ids that exist: of reports that are read and changed, of some that are purged, of a webhook."""

    reports: tuple[str, ...]
    purged: tuple[str, ...]
    webhook: str


METHODS: Final = ("PUT", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "GET", "POST", "PATCH")


def hostile(number: int, seed: int, targets: Targets) -> Hostile:
    """Return the request of a number."""
    rng = random.Random(f"{seed} {number}")  # noqa: S311 (repeatable, not secret)
    words = Words(number, rng)
    if number % LARGE_EVERY == LARGE_EVERY - 1:
        return large(number, words)
    [make] = rng.choices(tuple(KINDS), weights=tuple(KINDS.values()))
    return make(words, targets)


def large(number: int, words: Words) -> Hostile:
    """Return one of the few requests that are long, all of them accepted or refused by their length."""
    bodies = (
        {"reports": [{"text": words() + "help me " * 5_000}]},
        {"reports": [{"text": words()} for _ in range(256)]},
        {"reports": [{"text": words()} for _ in range(257)]},
        {"documents": [{"text": words() + " a" * 9_000} for _ in range(8)]},
        words.plain() * (LARGEST_BODY // 12 + 1),
    )
    body: Any = bodies[number // LARGE_EVERY % len(bodies)]
    is_to_screen = "documents" in body
    return Hostile(
        number,
        "large",
        caller="screen" if is_to_screen else "report",
        method="POST",
        path="/v1/screen" if is_to_screen else "/v1/reports",
        headers=JSON,
        body=json.dumps(body).encode(),
        texts=_texts(body),
    )


def shaped(words: Words, targets: Targets, kind: str = "shaped") -> Hostile:
    """A request as it should be, but for its words."""
    operation = words.rng.choice(OPERATIONS)
    body = operation.body(words) if operation.body else None
    return _request(words, targets, operation, kind, body)


def mutated(words: Words, targets: Targets) -> Hostile:
    """A body with another value, another name, or one of either less, somewhere in it."""
    operation = words.rng.choice([one for one in OPERATIONS if one.body])
    assert operation.body
    body = operation.body(words)
    for _ in range(words.rng.choice((1, 1, 2, 5))):
        _mutate(body, words)
    return _request(words, targets, operation, "mutated", body)


def odd_body(words: Words, targets: Targets) -> Hostile:
    request = mutated(words, targets)
    return replace(request, kind="body", body=words.rng.choice(ODD_BODIES)(request.body), texts=())


def odd_headers(words: Words, targets: Targets) -> Hostile:
    request = shaped(words, targets)
    odd = words.rng.choice(ODD_HEADERS)(words.plain())
    return replace(request, kind="headers", headers={**request.headers, **odd})


def odd_path(words: Words, targets: Targets) -> Hostile:
    request = shaped(words, targets)
    path = words.rng.choice(ODD_PATHS).replace("{}", words.plain())
    return replace(request, kind="path", path=path, method=words.rng.choice(METHODS), texts=())


def odd_method(words: Words, targets: Targets) -> Hostile:
    request = shaped(words, targets)
    return replace(
        request, kind="method", method=words.rng.choice((*METHODS, words.plain().upper())), texts=()
    )


def odd_key(words: Words, targets: Targets) -> Hostile:
    request = shaped(words, targets)
    shown = words.rng.choice(
        (
            f"Bearer {words.plain()}",
            f"Basic {words.plain()}",
            f"Bearer ssk_{'0' * 16}_{'1' * 64}",
            "Bearer",
            "",
        )
    )
    return replace(
        request, kind="key", caller="", headers={**request.headers, "Authorization": shown}, texts=()
    )


def line(words: Words, targets: Targets) -> Hostile:
    """What claims to come from LINE; mostly signed."""
    body = line_events(words)
    if words.rng.random() < 0.5:
        _mutate(body, words)
    request = _request(words, targets, LINE, "line", body)
    content = words.rng.choice((lambda same: same, *ODD_BODIES))(request.body)
    signed = base64.b64encode(hmac.digest(LINE_SECRET, content, hashlib.sha256)).decode()
    signature = words.rng.choice((signed, signed, signed, words.plain(), ""))
    return replace(request, body=content, headers={**request.headers, "X-Line-Signature": signature})


def garbage(words: Words, targets: Targets) -> Hostile:
    form = words.rng.choice(GARBAGE)
    return Hostile(words.number, "garbage", raw=form % words.plain().encode())


KINDS: Final[Mapping[Callable[[Words, Targets], Hostile], int]] = {
    shaped: 25,
    mutated: 30,
    odd_body: 14,
    odd_headers: 10,
    odd_path: 6,
    odd_method: 4,
    odd_key: 3,
    line: 5,
    garbage: 3,
}
"""How they are made, and in what shares."""


def _request(words: Words, targets: Targets, operation: Operation, kind: str, body: object) -> Hostile:
    path = operation.path.replace("{report}", words.rng.choice(targets.reports))
    path = path.replace("{purged}", words.rng.choice(targets.purged))
    return Hostile(
        words.number,
        kind,
        caller=operation.caller,
        method=operation.method,
        path=path.replace("{webhook}", targets.webhook),
        headers={**operation.headers, **({} if body is None else JSON)},
        body=b"" if body is None else _json(body, words.rng),
        texts=_texts(body),
    )


def _json(body: object, rng: random.Random) -> bytes:
    if rng.random() < 0.9:
        return json.dumps(body).encode()
    try:
        return json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(body).encode()


def _texts(body: object) -> tuple[str, ...]:
    reports = body.get("reports") if isinstance(body, dict) else None
    if not isinstance(reports, list):
        return ()
    return tuple(one["text"] if isinstance(one, dict) and "text" in one else "" for one in reports)


def _mutate(body: Any, words: Words) -> None:
    """Change one thing in a body."""
    inner = [place for place in _containers(body) if place]
    if not inner:
        return
    place = words.rng.choice(inner)
    name = words.rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
    match words.rng.randrange(4):
        case 0:
            del place[name]
        case 1 if isinstance(place, dict):
            place[words()] = place[name]
        case _:
            odd: Any = words.rng.choice((*ODD_VALUES, words(), [words()], {words(): words()}, words() * 50))
            place[name] = json.loads(json.dumps(odd))  # a copy: it may be changed in its turn


def _containers(body: object) -> list[Any]:
    inner = list(body.values()) if isinstance(body, dict) else body if isinstance(body, list) else []
    own = [body] if isinstance(body, dict | list) else []
    return [*own, *(found for one in inner for found in _containers(one))]
