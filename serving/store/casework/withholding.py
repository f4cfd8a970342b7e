"""Suspected child abuse material: from then on nobody is shown its text or its image, whatever else they may.

Who withheld it, and when, stands in its history. It is shown again only for a written reason.
"""

from typing import Any

from sqlalchemy import Connection, Row

from serving.store import audit
from serving.store.casework import history
from serving.store.casework.changes import acknowledgement
from serving.store.casework.history import Difference, Step
from serving.store.casework.versions import give_version, take
from serving.store.casework.withheld_copies import copies_of, withhold_one
from serving.store.errors import RefusedChangeError
from serving.store.finding import find_report
from serving.store.organisations import Actor
from serving.store.sealing import Keyring


def withhold(connection: Connection, keyring: Keyring, actor: Actor, report_id: str, *, now_ms: int) -> None:
    """Withhold a report and all that are the same image, whoever changed what of it meanwhile.

    One that is withheld stays so.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
    """
    report = _taken(connection, actor, report_id)
    if report.withheld_ms is not None:
        return
    copies = copies_of(connection, report, are_withheld=False)
    columns = acknowledgement(report, now_ms)
    withhold_one(connection, keyring, actor, report, now_ms=now_ms, columns=columns)
    for copy in copies:
        why = f"the same image as {report.case_ref}"
        withhold_one(connection, keyring, actor, copy, now_ms=now_ms, why=why)


def show_again(
    connection: Connection, keyring: Keyring, actor: Actor, report_id: str, reason: str, *, now_ms: int
) -> None:
    """Withhold a report, and all that are the same image, no longer.

    Raises:
        NotFoundError: there is no such report, or it is not of the actor's organisation.
        RefusedChangeError: it is not withheld, or there is no reason.
    """
    report = _taken(connection, actor, report_id)
    if report.withheld_ms is None:
        raise RefusedChangeError("wrong_state", "the report is not withheld")
    if not reason.strip():
        raise RefusedChangeError("reason_missing", "reason: say why it is shown again")
    for one in (report, *copies_of(connection, report, are_withheld=True)):
        version = give_version(connection, one, withheld_ms=None)
        step = Step("shown_again", version, {"withheld": Difference(True, False)}, {"reason": reason})
        history.write(connection, keyring, actor, one, step, now_ms=now_ms)


def _taken(connection: Connection, actor: Actor, report_id: str) -> Row[Any]:
    """Return the row of a report that nobody else changes, whatever its version."""
    audit.take_chain(connection, actor.organisation_id)  # so that nobody changes it between these two
    found = find_report(connection, report_id, organisation_id=actor.organisation_id)
    return take(connection, actor, found.public_id, {found.version})
