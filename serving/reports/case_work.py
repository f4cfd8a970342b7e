"""What people do with stored reports at the desk, and what they are told of it, as JSON."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from serving.clock import now_ms
from serving.moment import iso, iso_or_none
from serving.reports.desk import Desk
from serving.reports.told import told, told_record
from serving.schemas.changes import ReferralChange, ReferralIn, ReportChange
from serving.store.casework import history
from serving.store.casework.changes import change_report
from serving.store.casework.history import Entry
from serving.store.casework.referrals import Referral, read_referrals, refer, tell_answer
from serving.store.organisations import Actor
from serving.store.reading import StoredScreening, read_report, read_screenings
from serving.store.report_codes import priority_of


async def report(desk: Desk, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
    """Return what is told of a report, and nothing of its words without `with_pii`.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
        StoreUnavailableError: the database does not answer.
    """
    stored, with_words = await desk.read_as(actor, report_id, read_report, with_pii=with_pii)
    return told(stored, with_pii=with_words)


async def change(
    desk: Desk, actor: Actor, report_id: str, asked: ReportChange, seen: Collection[int], *, with_pii: bool
) -> dict[str, Any]:
    """Change a report; return what is told of it then. For errors see `change_report`."""
    await desk.write(
        lambda connection, keyring: change_report(
            connection, keyring, actor, report_id, asked.change(now_ms()), seen=seen, now_ms=now_ms()
        )
    )
    return await report(desk, actor, report_id, with_pii=with_pii)


async def steps(desk: Desk, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
    """Return the history of a report.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    entries, with_words = await desk.read_as(actor, report_id, history.read, with_pii=with_pii)
    return {"entries": [_told_step(entry, with_pii=with_words) for entry in entries]}


async def screenings(desk: Desk, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
    """Return all screenings of a report.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    stored, with_words = await desk.read_as(actor, report_id, read_screenings, with_pii=with_pii)
    return {"screenings": await asyncio.to_thread(_told_screenings, stored, with_pii=with_words)}


async def make_referral(
    desk: Desk, actor: Actor, report_id: str, asked: ReferralIn, seen: Collection[int], *, with_pii: bool
) -> dict[str, Any]:
    """Write down a referral; return it. For errors see `refer`."""
    referral_id = await desk.write(
        lambda connection, keyring: refer(
            connection, keyring, actor, report_id, asked.referral(), seen=seen, now_ms=now_ms()
        )
    )
    return await _told_referral_of(desk, actor, report_id, referral_id, with_pii=with_pii)


async def change_referral(
    desk: Desk,
    actor: Actor,
    report_id: str,
    referral_id: str,
    *,
    asked: ReferralChange,
    seen: Collection[int],
    with_pii: bool,
) -> dict[str, Any]:
    """Write down what an agency says; return the referral. For errors see `tell_answer`."""
    await desk.write(
        lambda connection, keyring: tell_answer(
            connection,
            keyring,
            actor,
            report_id,
            referral_id,
            answer=asked.answer(),
            seen=seen,
            now_ms=now_ms(),
        )
    )
    return await _told_referral_of(desk, actor, report_id, referral_id, with_pii=with_pii)


async def referrals(desk: Desk, actor: Actor, report_id: str, *, with_pii: bool) -> dict[str, Any]:
    """Return the referrals of a report.

    Raises:
        NotFoundError: there is none, or the actor may not know of it.
    """
    stored, with_words = await desk.read_as(actor, report_id, read_referrals, with_pii=with_pii)
    return {"referrals": [_told_referral(one, with_pii=with_words) for one in stored.referrals]}


async def _told_referral_of(
    desk: Desk, actor: Actor, report_id: str, referral_id: str, *, with_pii: bool
) -> dict[str, Any]:
    stored = await desk.read(
        lambda connection, keyring: read_referrals(connection, keyring, actor, report_id)
    )
    [referral] = [one for one in stored.referrals if one.id == referral_id]
    return {"version": stored.version, "referral": _told_referral(referral, with_pii=with_pii)}


def _told_step(entry: Entry, *, with_pii: bool) -> dict[str, Any]:
    words = entry.words if with_pii or entry.words is None else dict.fromkeys(entry.words, "")
    return {
        "version": entry.version,
        "at": iso(entry.at_ms),
        "by": entry.actor,
        "by_kind": entry.actor_kind,
        "action": entry.action,
        "changes": entry.changes,
        "words": words,
    }


def _told_screenings(stored: Sequence[StoredScreening], *, with_pii: bool) -> list[dict[str, Any]]:
    return [_told_screening(one, with_pii=with_pii) for one in stored]


def _told_screening(stored: StoredScreening, *, with_pii: bool) -> dict[str, Any]:
    return {
        "model_sha256": stored.model_sha256,
        "screened_at": iso(stored.screened_ms),
        "priority": priority_of(stored.priority),
        "record": told_record(stored.record, with_pii=with_pii and not stored.is_withheld),
    }


def _told_referral(referral: Referral, *, with_pii: bool) -> dict[str, Any]:
    words = referral.words if with_pii else dict.fromkeys(referral.words, "")
    return {
        "id": referral.id,
        "to_agency": referral.words.get("to_agency"),
        "police": referral.is_police,
        "redaction": referral.redaction,
        "basis": referral.basis,
        "by": referral.actor,
        "sent_at": iso(referral.sent_ms),
        "acknowledged_at": iso_or_none(referral.acknowledged_ms),
        "returned_at": iso_or_none(referral.returned_ms),
        "reason": words.get("reason"),
        "returned_reason": words.get("returned_reason"),
        "partner_ref": words.get("partner_ref"),
        "outcome": words.get("outcome"),
    }
