"""What came of a screening -> the report, its items, history and events; only from who still holds its lease.

If two ever screen the same report, the second finds it done.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Integer, bindparam, insert, select, update

from serving.store import audit
from serving.store.organisations import Actor
from serving.store.report_codes import FAILED, FIRST_LANES, SCREENED, URGENT, WAITING
from serving.store.screening.derived import Derived, Parent, derived_row, store_derived, told_of_row
from serving.store.screening.traces import NONE, Traces, keep_all
from serving.store.screening.work import Job
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT, SCREENING
from serving.store.telling import events


@dataclass(frozen=True, slots=True)
class Finding:
    """What the screening of a job says.

    Attributes:
        record: the whole record, as JSON.
        priority: its rank; 0 is urgent.
        flags: codes, of flags and context labels.
        texts: what was derived from the text that was screened.
        traces: what it can be found by, and its like recognised.
        work: `SCREENED`, or `FAILED` where a person must look.
        derived: what of the job's item was screened in its place, as the text of an image.
    """

    record: bytes = field(repr=False)
    model_sha256: str
    priority: int
    language: str
    role: str
    flags: Sequence[str]
    texts: Sequence[Derived] = ()
    traces: Traces = NONE
    work: str = SCREENED
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker found in a job that it had leased."""

    worker: str
    job: Job
    finding: Finding


def finish_all(
    connection: Connection, keyring: Keyring, actor: Actor, found: Sequence[Found], *, now_ms: int
) -> list[bool]:
    """Store what was found in jobs; return of each whether it still was its worker's to tell."""
    audit.take_chains(connection, (one.job.organisation_id for one in found))
    serials = [one.job.serial for one in found]
    leased = select(REPORT.c.serial, REPORT.c.leased_by, REPORT.c.set_priority).where(
        REPORT.c.serial.in_(serials), REPORT.c.work == WAITING
    )
    rows = connection.execute(leased.order_by(REPORT.c.serial).with_for_update(key_share=True))
    waiting = {row.serial: row for row in rows}
    is_held = [one.job.serial in waiting and waiting[one.job.serial].leased_by == one.worker for one in found]
    held = [one for one, is_one_held in zip(found, is_held, strict=True) if is_one_held]
    if not held:
        return is_held
    ranks = {one.job.serial: _rank(one, waiting[one.job.serial].set_priority) for one in held}
    connection.execute(_FINISHED, [_finished(one, ranks[one.job.serial]) for one in held])
    links: dict[int, list[audit.Link]] = {}
    screened: dict[int, list[events.Happened]] = {}
    traces: dict[int, dict[int, Traces]] = {}
    screenings: list[dict[str, object]] = []
    texts: list[dict[str, Any]] = []
    for one in held:
        job = one.job
        item_serial, derived = _item(connection, keyring, actor, one, now_ms)
        screenings.append(_screening(keyring, one, item_serial, now_ms))
        parent = Parent(item_serial, job.serial, job.report_id, job.organisation_id)
        of_one = [derived_row(keyring, actor, parent, text, now_ms=now_ms) for text in one.finding.texts]
        texts += of_one
        links.setdefault(job.organisation_id, []).extend((*derived, _link(actor, one, of_one, now_ms)))
        kind = events.GIVEN_UP if one.finding.work == FAILED else events.SCREENED
        happened = events.Happened(kind, job.report_id, actor.id, now_ms, ranks[job.serial])
        screened.setdefault(job.organisation_id, []).append(happened)
        traces.setdefault(job.organisation_id, {})[job.serial] = one.finding.traces
    connection.execute(insert(SCREENING), screenings)
    if texts:
        connection.execute(insert(ITEM), texts)
    for organisation_id, of_organisation in sorted(links.items()):
        audit.append(connection, keyring, organisation_id, *of_organisation)
        keep_all(connection, keyring, actor, organisation_id, traces[organisation_id], now_ms=now_ms)
        events.record_screened(connection, organisation_id, screened[organisation_id])
    return is_held


def place_of_screening(report_id: str, model_sha256: str) -> str:
    """Return the place a record is sealed for."""
    return f"screening {report_id} {model_sha256}"


_FINISHED: Final = (
    update(REPORT)
    .where(REPORT.c.serial == bindparam("of_serial"))
    .values(
        work=bindparam("found_work"),
        leased_by=None,
        priority=bindparam("found_priority", type_=Integer),
        language=bindparam("found_language"),
        role=bindparam("found_role"),
        flags=bindparam("found_flags"),
        version=REPORT.c.version + 1,
    )
)


def _finished(found: Found, rank: int) -> dict[str, object]:
    finding = found.finding
    return {
        "of_serial": found.job.serial,
        "found_work": finding.work,
        "found_priority": rank,
        "found_language": finding.language,
        "found_role": finding.role,
        "found_flags": f" {' '.join(finding.flags)} " if finding.flags else "",
    }


def _rank(found: Found, set_by_hand: int | None) -> int:
    """Return the rank of a report's priority: never below what its sender or a person set.

    What cannot be read is urgent if somebody may be in danger.
    """
    is_unread_plea = found.finding.work == FAILED and found.job.lane in FIRST_LANES
    rank = URGENT if is_unread_plea else found.finding.priority
    return rank if set_by_hand is None else min(rank, set_by_hand)


def _item(
    connection: Connection, keyring: Keyring, actor: Actor, found: Found, now_ms: int
) -> tuple[int, list[audit.Link]]:
    """Return the serial of the item that was screened, and links of what was derived for that."""
    job = found.job
    if found.finding.derived is None:
        return job.item_serial, []
    parent = Parent(job.item_serial, job.serial, job.report_id, job.organisation_id)
    serial, link = store_derived(connection, keyring, actor, parent, found.finding.derived, now_ms=now_ms)
    return serial, [link]


def _link(actor: Actor, found: Found, texts: Sequence[dict[str, Any]], now_ms: int) -> audit.Link:
    finding = found.finding
    detail = {
        "model": finding.model_sha256,
        "priority": finding.priority,
        "work": finding.work,
        "items": [told_of_row(row) for row in texts],
    }
    return audit.Link(actor.id, now_ms, "report.screened", found.job.report_id, detail)


def _screening(keyring: Keyring, found: Found, item_serial: int, now_ms: int) -> dict[str, object]:
    job, finding = found.job, found.finding
    return {
        "organisation_id": job.organisation_id,
        "report_serial": job.serial,
        "item_serial": item_serial,
        "model_sha256": finding.model_sha256,
        "screened_ms": now_ms,
        "priority": finding.priority,
        "sealed": keyring.seal(finding.record, place_of_screening(job.report_id, finding.model_sha256)),
    }
