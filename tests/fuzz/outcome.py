"""What hostile requests did: to the answers, to the memory, and where their words got to."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from serving.access.routes import ROUTES
from serving.schemas.problems import MEDIA_TYPE
from serving.store.custody.sealed_columns import SEALED
from serving.store.home import Store
from serving.store.items import place_of_item
from serving.store.received import bytes_of
from serving.store.tables import ITEM, REPORT
from tests.fuzz.hostile import Hostile
from tests.fuzz.operations import HIDDEN, MARK
from tests.fuzz.wire import Answer

_BELOW_US: Final = (0, 400)
"""Without a problem's body: the connection was ended, or uvicorn found no HTTP request in it."""
_ANYWHERE: Final = {400, 401, 403, 404, 405, 413, 415, 429, 431}
_ECHOES: Final = ("/v1/screen", "/v1/redact")
"""Who sends a text to these gets what was found in it, and its id; of no other text."""
_KINDS_SHOWN: Final = 5
_SIGNS: Final = ("z", "q", "[xa]", *["[0-9]"] * 8, "q")
_WIDE: Final = tuple(
    re.compile("".join(form).encode(), re.IGNORECASE)
    for form in (
        [f"{sign}\\x00" for sign in _SIGNS],
        [f"\\x00{sign}" for sign in _SIGNS],
    )
)
"""Marks in UTF-16."""


@dataclass
class Tally:
    """What was answered."""

    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    server_errors: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    undocumented: Counter[str] = field(default_factory=Counter)
    no_problem: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, str] = field(default_factory=dict)  # id -> text

    def add(self, request: Hostile, answer: Answer, contract: Mapping[str, Any]) -> None:
        """Look at an answer."""
        self.kinds[request.kind] += 1
        self.statuses[str(answer.status or "no answer")] += 1
        what = f"{request.number} {request.kind} {request.method} {_template(request.path) or 'other'}"
        if answer.is_late:
            self.late.append(what)
        if answer.status >= 500:
            self.server_errors.append(f"{answer.status} {what}")
        elif not _is_documented(request, answer.status, contract):
            self.undocumented[f"{answer.status} {what}"] += 1
        is_ours = answer.media_type == MEDIA_TYPE or request.method == "HEAD" or "Upgrade" in request.headers
        if answer.status >= 400 and not is_ours and answer.status not in _BELOW_US:
            self.no_problem[f"{answer.status} {what}"] += 1
        if _tells(request, answer):
            self.told[f"{answer.status} {what}"] += 1
        if answer.status == 202 and request.texts:
            ids = [report["id"] for report in json.loads(answer.body)["reports"]]
            self.accepted |= dict(zip(ids, request.texts, strict=True))


def _template(path: str) -> str | None:
    """Return the path of the contract that a path of a request is, if any."""
    plain = path.partition("?")[0]
    return next((one for one in ROUTES if re.fullmatch(re.sub(r"\{\w+\}", "[0-9a-f]{32}", one), plain)), None)


def _is_documented(request: Hostile, status: int, contract: Mapping[str, Any]) -> bool:
    template = _template(request.path)
    operations = contract["paths"].get(template, {})
    operation = operations.get(request.method.lower())
    if request.raw or operation is None or status in (0, 101):
        return status in {*_ANYWHERE, 0, 101} or bool(request.raw)
    return str(status) in operation["responses"] or status == 400


def _tells(request: Hostile, answer: Answer) -> bool:
    """Return whether an answer holds words that its caller may not see."""
    if MARK.search(answer.headers):
        return True
    if request.caller == "whole":
        return False
    marks = {int(one) for one in HIDDEN.findall(answer.body)}
    if answer.status == 200 and request.path.partition("?")[0] in _ECHOES:
        return bool(marks - {request.number})
    return bool(marks)


@dataclass(frozen=True)
class Outcome:
    """What became of it all; from `server_errors` on everything has to be 0 or empty."""

    requests: int
    seconds: float
    kinds: Mapping[str, int]
    statuses: Mapping[str, int]
    memory_mib: tuple[float, float]
    growth_percent: float
    reports_accepted: int
    marks_in_the_decrypted_view: int
    server_errors: list[str]
    late: list[str]
    undocumented: Mapping[str, int]
    no_problem: Mapping[str, int]
    told_to_callers: Mapping[str, int]
    marks_in_logs: int
    marks_in_metrics: int
    marks_in_the_database: Mapping[str, int]
    not_as_sent: int
    faults_in_the_store: list[str]

    @property
    def faults(self) -> dict[str, Any]:
        named = asdict(self)
        names = list(named)
        return {name: named[name] for name in names[names.index("server_errors") :] if named[name]}


def marks_in(content: bytes) -> int:
    """Return how many marks stand in bytes, in UTF-8 or UTF-16."""
    return sum(len(form.findall(content)) for form in (MARK, *_WIDE))


def marks_in_files(folder: Path) -> dict[str, int]:
    """Return the files of a folder that hold marks, with how many."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.name: found for path in files if (found := marks_in(path.read_bytes()))}


def marks_opened(store: Store) -> int:
    """Return how many different marks stand in what is sealed, once it is opened."""
    marks: set[bytes] = set()

    def look(connection) -> None:
        for sealed in SEALED:
            for row in connection.execute(sealed.rows()):
                if row.sealed_value is not None:
                    content = store.keyring.open(row.sealed_value, sealed.place(row))
                    marks.update(one[0] for one in re.finditer(MARK, content))

    store.database.read(look)
    return len(marks)


def not_as_sent(store: Store, accepted: Mapping[str, str]) -> int:
    """Return how many of the reports that were accepted are not there, or not as they were sent."""
    originals = (
        select(REPORT.c.public_id, ITEM.c.sha256, ITEM.c.sealed)
        .join(ITEM, ITEM.c.report_serial == REPORT.c.serial)
        .where(ITEM.c.kind == "original")
    )
    rows = {
        row.public_id: row
        for row in store.database.read(lambda connection: connection.execute(originals).all())
    }
    amiss = 0
    for report_id, text in accepted.items():
        row = rows.get(report_id)
        content = row and store.keyring.open(row.sealed, place_of_item(report_id, row.sha256))
        amiss += content is None or bool(text and content != bytes_of(text)[0])
    return amiss
