"""What people change of a report: its state, priority, labels, who works on it, what its sender agrees to.

Each change makes a new version of the report and one step of its history. What a screening found is never
overwritten, and neither is what was changed before.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from models.calibration import AT_RISK
from serving.store.casework import history, labellings
from serving.store.casework.history import Difference, Step
from serving.store.casework.labellings import LabelSpan
from serving.store.casework.states import State, next_by_hand
from serving.store.casework.versions import give_version, take
from serving.store.errors import RefusedChangeError
from serving.store.intake import place_of_details
from serving.store.organisations import Actor
from serving.store.report_codes import URGENT, SafeToContact, priority_of
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR

NOBODY: Final = ""
MACHINE: Final = "machine"
CONSENT_TO: Final = ("refer", "police", "contact", "research")


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agrees to.

    Attributes:
        answers: of `CONSENT_TO` those that were given -> yes, no, not_asked.
        by: who asked.
        at: when, ISO 8601.
    """

    answers: Mapping[str, str]
    by: str = field(repr=False)
    at: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed of a report; None leaves it as it is.

    Attributes:
        priority: rank; 0 is urgent.
        reason: why, in words.
        labels: all codes that hold, none if it is empty.
        spans: all spans.
        assignee: name of an actor, or `NOBODY`.
    """

    status: State | None = None
    priority: int | None = None
    reason: str | None = field(default=None, repr=False)
    labels: Collection[str] | None = None
    spans: tuple[LabelSpan, ...] | None = None
    note: str | None = field(default=None, repr=False)
    assignee: str | None = None
    safe_to_contact: SafeToContact | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class _Edit:
    """One changed field, and the columns that hold it."""

    field: str
    difference: Difference
    columns: Mapping[str, object]


def change_report(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report_id: str,
    change: Change,
    *,
    seen: Collection[int],
    now_ms: int,
) -> int:
    """Change a report, all that is asked or nothing; return its version from then on.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who changes it.
        report_id: its public id.
        change: what is to be changed; what is so already makes no new version.
        seen: the versions that the change may be made to.
        now_ms: the time.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
        ChangedMeanwhileError: it has another version.
        RefusedChangeError: the report, as it stands, does not allow it.
    """
    report = take(connection, actor, report_id, seen)
    _check_dismissal(connection, report, change)
    edits = [
        *_status(report, change, now_ms),
        *_labels(connection, keyring, report, change),
        *_priority(connection, actor, report, change),
        *_assignee(connection, report, change),
        *_safe_to_contact(report, change),
        *_consent(keyring, report, change),
    ]
    words = {"note": change.note, "reason": change.reason}
    if change.consent:
        words["consent_by"] = change.consent.by
    said = {name: text for name, text in words.items() if text}
    if not edits and not said:
        return int(report.version)
    if change.labels is not None or change.spans is not None or change.status == "labels_agreed":
        labels = _labels_to_keep(connection, report, change)
        labellings.keep(connection, actor, report, labels, change.spans, now_ms=now_ms)
    columns = {name: value for edit in edits for name, value in edit.columns.items()}
    version = give_version(connection, report, **columns)
    changes = {edit.field: edit.difference for edit in edits}
    history.write(connection, keyring, actor, report, Step("changed", version, changes, said), now_ms=now_ms)
    return version


def consents_to(keyring: Keyring, report: Row[Any]) -> Mapping[str, str]:
    """Return the answers of the person a report is of or from; empty if nobody knows."""
    consent: Mapping[str, str] = _details(keyring, report).get("consent", {})
    return {name: consent[name] for name in CONSENT_TO if name in consent}


def acknowledgement(report: Row[Any], now_ms: int) -> dict[str, int]:
    """Return the column that tells that somebody has seen a report, unless it is told already."""
    return {} if report.acknowledged_ms is not None else {"acknowledged_ms": now_ms}


def _check_dismissal(connection: Connection, report: Row[Any], change: Change) -> None:
    """Check that whoever decides that an urgent report shows nobody at risk says why.

    Raises:
        RefusedChangeError: no reason is given.
    """
    is_decided = change.status in ("labels_agreed", "labels_rejected") and change.status != report.status
    if not is_decided or report.queue_rank != URGENT or (change.reason or "").strip():
        return
    if change.status == "labels_rejected" or AT_RISK not in _labels_to_keep(connection, report, change):
        raise RefusedChangeError(
            "reason_missing", "reason: say why a report that is urgent shows nobody who may be in danger"
        )


def _status(report: Row[Any], change: Change, now_ms: int) -> Iterator[_Edit]:
    if change.status is None or change.status == report.status:
        return
    allowed = next_by_hand(report.status)
    if change.status not in allowed:
        raise RefusedChangeError(
            "wrong_state",
            f"status: a report that is {report.status} can be set to {', '.join(allowed)}; "
            "referrals make it referred, accepted_by_partner or returned",
        )
    columns = {"status": change.status, **acknowledgement(report, now_ms)}
    yield _Edit("status", Difference(report.status, change.status), columns)


def _labels(
    connection: Connection,
    keyring: Keyring,
    report: Row[Any],
    change: Change,
) -> Iterator[_Edit]:
    if change.labels is not None:
        before = labellings.known_labels(connection, report)
        after = _labels_to_keep(connection, report, change)
        yield _Edit("labels", Difference(before, after), {})
    if change.spans is not None:
        labellings.check_spans(connection, keyring, report, change.spans)
        said = labellings.newest(connection, report)
        spans_before = None if said is None or said.spans is None else labellings.as_lists(said.spans)
        yield _Edit("spans", Difference(spans_before, labellings.as_lists(change.spans)), {})


def _labels_to_keep(connection: Connection, report: Row[Any], change: Change) -> tuple[str, ...]:
    """Return the labels that hold from now on: those given, else those that were there."""
    labels = labellings.known_labels(connection, report) if change.labels is None else change.labels
    if labels is None:
        raise RefusedChangeError("not_screened", "labels: nothing was screened yet: say which ones hold")
    shown, context = labellings.in_context(labels)
    return (*shown, *context)


def _priority(
    connection: Connection,
    actor: Actor,
    report: Row[Any],
    change: Change,
) -> Iterator[_Edit]:
    before, after = report.priority, change.priority
    if after is None and change.labels is not None and AT_RISK in change.labels:
        known = labellings.known_labels(connection, report) or ()
        after = None if AT_RISK in known else URGENT  # whoever says so for the first time
    if after is None or (after == before and after == report.set_priority):
        return
    if after > report.queue_rank:  # until it is screened, what it seems to be
        if _kind(connection, actor) == MACHINE:
            raise RefusedChangeError(
                "only_people_lower",
                "priority: only a person may lower it, and a key is a program",
            )
        if report.queue_rank == URGENT and not (change.reason or "").strip():
            raise RefusedChangeError(
                "reason_missing", "reason: say why a report that is urgent is to be less than that"
            )
    columns = {"priority": after, "set_priority": after}
    yield _Edit("priority", Difference(priority_of(before), priority_of(after)), columns)


def _assignee(connection: Connection, report: Row[Any], change: Change) -> Iterator[_Edit]:
    if change.assignee is None:
        return
    before = None
    if report.assignee_id is not None:
        of_id = select(ACTOR.c.name).where(ACTOR.c.id == report.assignee_id)
        before = connection.execute(of_id).scalar_one()
    if change.assignee == (before or NOBODY):
        return
    if change.assignee == NOBODY:
        yield _Edit("assignee", Difference(before, None), {"assignee_id": None})
        return
    found = connection.execute(
        select(ACTOR.c.id).where(
            ACTOR.c.organisation_id == report.organisation_id,
            ACTOR.c.name == change.assignee,
            ACTOR.c.kind != MACHINE,
            ACTOR.c.disabled_ms.is_(None),
        )
    ).scalar()
    if found is None:
        raise RefusedChangeError("unknown_assignee", "assignee: expected a name of `scamscreen people list`")
    yield _Edit("assignee", Difference(before, change.assignee), {"assignee_id": found})


def _safe_to_contact(report: Row[Any], change: Change) -> Iterator[_Edit]:
    if change.safe_to_contact not in (None, report.safe_to_contact):
        difference = Difference(report.safe_to_contact, change.safe_to_contact)
        yield _Edit("safe_to_contact", difference, {"safe_to_contact": change.safe_to_contact})


def _consent(keyring: Keyring, report: Row[Any], change: Change) -> Iterator[_Edit]:
    if change.consent is None or not change.consent.answers:
        return
    details = _details(keyring, report)
    before = details.get("consent", {})
    asked = {"by": change.consent.by, "at": change.consent.at}
    changed = {**details, "consent": {**before, **change.consent.answers, **asked}}
    sealed = keyring.seal(json.dumps(changed).encode(), place_of_details(report.public_id))
    difference = Difference(
        {name: before.get(name) for name in change.consent.answers}, dict(change.consent.answers)
    )
    yield _Edit("consent", difference, {"details_sealed": sealed})


def _details(keyring: Keyring, report: Row[Any]) -> dict[str, Any]:
    if report.details_sealed is None:
        return {}
    details: dict[str, Any] = json.loads(
        keyring.open(report.details_sealed, place_of_details(report.public_id))
    )
    return details


def _kind(connection: Connection, actor: Actor) -> str:
    return str(connection.execute(select(ACTOR.c.kind).where(ACTOR.c.id == actor.id)).scalar_one())
