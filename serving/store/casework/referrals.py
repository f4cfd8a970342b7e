"""Reports sent on to other agencies: with the person's consent, or for a child or imminent danger alone."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from serving.store.casework import history
from serving.store.casework.changes import acknowledgement, consents_to
from serving.store.casework.history import Difference, Step
from serving.store.casework.states import State, may_follow
from serving.store.casework.versions import give_version, take
from serving.store.errors import NotFoundError, RefusedChangeError
from serving.store.finding import find_report
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, REFERRAL

Redaction = Literal["original", "redacted", "codes"]
Exemption = Literal["child", "imminent_danger"]
CONSENT: Final = "consent"


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral that is made.

    Attributes:
        is_police: the agency is police, which needs a consent of its own.
        redaction: what is sent: the original, a redacted text, or codes only.
        without_consent: why it is made all the same; None: there is consent.
        reason: in words; needed without consent.
    """

    to_agency: str = field(repr=False)
    is_police: bool
    redaction: Redaction
    without_consent: Exemption | None = None
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PartnerAnswer:
    """What the agency says; None of what it says nothing.

    Attributes:
        acknowledged: it will work on the report.
        returned: it will not, for the `reason`.
        partner_ref: its own number of the case.
        outcome: in words.
    """

    acknowledged: bool = False
    returned: bool = False
    reason: str | None = field(default=None, repr=False)
    partner_ref: str | None = field(default=None, repr=False)
    outcome: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as it is stored.

    Attributes:
        actor: name of who sent it.
        basis: `CONSENT`, or why it was made without.
        words: to_agency, reason, partner_ref, outcome, returned_reason; empty once purged.
    """

    id: str
    actor: str
    sent_ms: int
    is_police: bool
    redaction: Redaction
    basis: str
    acknowledged_ms: int | None
    returned_ms: int | None
    words: Mapping[str, str] = field(repr=False)


def refer(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report_id: str,
    new: NewReferral,
    *,
    seen: Collection[int],
    now_ms: int,
) -> str:
    """Write down that a report was sent to an agency; return the referral's id.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
        ChangedMeanwhileError: it has another version than those seen.
        RefusedChangeError: there is neither consent nor a reason that makes up for it, or it is closed.
    """
    report = take(connection, actor, report_id, seen)
    basis = _basis(keyring, report, new)
    if not may_follow(report.status, "referred"):
        raise RefusedChangeError("wrong_state", f"a report that is {report.status} cannot be referred")
    referral_id = uuid4().hex
    words = {"to_agency": new.to_agency, "reason": new.reason}
    connection.execute(
        insert(REFERRAL).values(
            public_id=referral_id,
            organisation_id=report.organisation_id,
            actor_id=actor.id,
            report_serial=report.serial,
            sent_ms=now_ms,
            redaction=new.redaction,
            is_police=new.is_police,
            basis=basis,
            sealed=_sealed(keyring, referral_id, words),
        )
    )
    changes = {
        **_moved(report, "referred"),
        "referral": Difference(
            None,
            {"id": referral_id, "police": new.is_police, "redaction": new.redaction, "basis": basis},
        ),
    }
    version = give_version(connection, report, status="referred", **acknowledgement(report, now_ms))
    step = Step("referred", version, changes, _said(words))
    history.write(connection, keyring, actor, report, step, now_ms=now_ms)
    return referral_id


def tell_answer(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report_id: str,
    referral_id: str,
    *,
    answer: PartnerAnswer,
    seen: Collection[int],
    now_ms: int,
) -> int:
    """Write down what an agency says of a referral; return the report's version from then on.

    The report becomes accepted_by_partner or returned where that may follow what it is.

    Raises:
        NotFoundError: there is no such report or referral, or not of the actor's organisation.
        ChangedMeanwhileError: the report has another version than those seen.
        RefusedChangeError: the agency had returned it before, or it returns it without a reason.
    """
    report = take(connection, actor, report_id, seen)
    row = connection.execute(
        select(REFERRAL).where(REFERRAL.c.public_id == referral_id, REFERRAL.c.report_serial == report.serial)
    ).one_or_none()
    if row is None:
        raise NotFoundError("there is no such referral")
    times = _times(row, answer, now_ms)
    before = _words(keyring, row)
    reason = answer.reason if answer.returned else None
    given = {"returned_reason": reason, "partner_ref": answer.partner_ref, "outcome": answer.outcome}
    said = {name: text for name, text in given.items() if text and text != before.get(name)}
    if not times and not said:
        return int(report.version)
    connection.execute(
        update(REFERRAL)
        .where(REFERRAL.c.serial == row.serial)
        .values(**times, sealed=_sealed(keyring, referral_id, {**before, **said}))
    )
    after: State = "returned" if "returned_ms" in times else "accepted_by_partner"
    moved = _moved(report, after) if times and may_follow(report.status, after) else {}
    told = {name.removesuffix("_ms"): Difference(False, True) for name in times}
    changes = {**moved, "referral": Difference(referral_id, referral_id), **told}
    version = give_version(connection, report, **({"status": after} if moved else {}))
    step = Step("referral_answered", version, changes, said)
    history.write(connection, keyring, actor, report, step, now_ms=now_ms)
    return version


@dataclass(frozen=True, slots=True)
class Referrals:
    """The referrals of a report, oldest first, and the report's version."""

    version: int
    referrals: tuple[Referral, ...]


def read_referrals(connection: Connection, keyring: Keyring, actor: Actor, report_id: str) -> Referrals:
    """Return the referrals of a report.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
    """
    report = find_report(connection, report_id, organisation_id=actor.organisation_id)
    rows = connection.execute(
        select(REFERRAL, ACTOR.c.name)
        .join(ACTOR, ACTOR.c.id == REFERRAL.c.actor_id)
        .where(REFERRAL.c.report_serial == report.serial)
        .order_by(REFERRAL.c.serial)
    )
    referrals = tuple(
        Referral(
            id=row.public_id,
            actor=row.name,
            sent_ms=row.sent_ms,
            is_police=row.is_police,
            redaction=row.redaction,
            basis=row.basis,
            acknowledged_ms=row.acknowledged_ms,
            returned_ms=row.returned_ms,
            words=_words(keyring, row),
        )
        for row in rows
    )
    return Referrals(report.version, referrals)


def _basis(keyring: Keyring, report: Row[Any], new: NewReferral) -> str:
    """Return what allows a referral.

    Raises:
        RefusedChangeError: nothing does.
    """
    consent = consents_to(keyring, report)
    needed = ("refer", "police") if new.is_police else ("refer",)
    if all(consent.get(name) == "yes" for name in needed):
        return CONSENT
    if new.without_consent is None:
        raise RefusedChangeError(
            "no_consent",
            f"the person has not agreed (consent: {' and '.join(needed)}): ask, or send without_consent, "
            "child or imminent_danger, with a reason in words",
        )
    if not new.reason.strip():
        raise RefusedChangeError("reason_missing", "reason: say why it is referred without consent")
    return new.without_consent


def _times(row: Row[Any], answer: PartnerAnswer, now_ms: int) -> dict[str, int]:
    """Return the columns of what the agency does for the first time."""
    if row.returned_ms is not None:
        if answer.acknowledged:
            raise RefusedChangeError("returned", "the agency gave it back: refer the report anew")
        return {}
    if answer.returned:
        if not (answer.reason or "").strip():
            raise RefusedChangeError("reason_missing", "reason: say why the agency gives it back")
        return {"returned_ms": now_ms}
    if answer.acknowledged and row.acknowledged_ms is None:
        return {"acknowledged_ms": now_ms}
    return {}


def _moved(report: Row[Any], after: State) -> dict[str, Difference]:
    return {} if report.status == after else {"status": Difference(report.status, after)}


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in words.items() if text}


def _sealed(keyring: Keyring, referral_id: str, words: Mapping[str, str]) -> bytes:
    return keyring.seal(json.dumps(_said(words)).encode(), place_of_referral(referral_id))


def _words(keyring: Keyring, row: Row[Any]) -> dict[str, str]:
    if row.sealed is None:
        return {}
    words: dict[str, str] = json.loads(keyring.open(row.sealed, place_of_referral(row.public_id)))
    return words


def place_of_referral(referral_id: str) -> str:
    """Return the place the words of a referral are sealed for."""
    return f"referral {referral_id}"
