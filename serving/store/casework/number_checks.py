"""Numbers that were read in an image: each may be misread until a person has compared it with the image."""

import json
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, select

from serving.store.casework import history
from serving.store.casework.history import Difference, Step
from serving.store.casework.versions import give_version, take
from serving.store.errors import RefusedChangeError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, HISTORY, ITEM

_ACTION: Final = "number_checked"
_FIELD: Final = "number"


class ReadNumber(NamedTuple):
    """A number in the text that was read in an image: its type, and [start, end) in code points."""

    type: str
    start: int
    end: int


def check_number(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report_id: str,
    number: ReadNumber,
    *,
    seen: int,
    now_ms: int,
) -> int:
    """Write down that a number stands in the image as it was read; return the report's version from then on.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
        ChangedMeanwhileError: it has another version than the one seen.
        RefusedChangeError: nothing was read in an image of it, or not as much.
    """
    report = take(connection, actor, report_id, {seen})
    read = _newest_read(connection, report)
    if read is None or not 0 <= number.start < number.end <= read.bytes:
        raise RefusedChangeError("no_text", "no such number was read in an image of this report")
    if number in checked_numbers(connection, report):
        return int(report.version)
    version = give_version(connection, report)
    after = [*number, read.sha256.hex()]
    step = Step(_ACTION, version, {_FIELD: Difference(None, after)})
    history.write(connection, keyring, actor, report, step, now_ms=now_ms)
    return version


def checked_numbers(connection: Connection, report: Row[Any]) -> dict[ReadNumber, str]:
    """Return the numbers of the newest reading that were found right, with the name of who did."""
    read = _newest_read(connection, report)
    if read is None:
        return {}
    rows = connection.execute(
        select(HISTORY.c.changes, ACTOR.c.name)
        .join(ACTOR, ACTOR.c.id == HISTORY.c.actor_id)
        .where(HISTORY.c.report_serial == report.serial, HISTORY.c.action == _ACTION)
        .order_by(HISTORY.c.serial)
    )
    found = ((json.loads(row.changes)[_FIELD][1], row.name) for row in rows)
    return {
        ReadNumber(code, start, end): name
        for (code, start, end, sha256), name in found
        if sha256 == read.sha256.hex()
    }


def _newest_read(connection: Connection, report: Row[Any]) -> Row[Any, Any] | None:
    return connection.execute(
        select(ITEM.c.sha256, ITEM.c.bytes)
        .where(ITEM.c.report_serial == report.serial, ITEM.c.kind == "ocr")
        .order_by(ITEM.c.serial.desc())
        .limit(1)
    ).one_or_none()
