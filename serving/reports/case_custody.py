"""How a stored report was kept, and the removal of what people wrote in it, as asked for at the desk."""

import asyncio

from serving.access.record import Access
from serving.clock import now_ms
from serving.reports.desk import Desk
from serving.store.custody.proof import Custody, read_custody
from serving.store.custody.purge import purge_report
from serving.store.finding import find_report
from serving.store.organisations import Actor


async def custody(desk: Desk, actor: Actor, report_id: str) -> Custody:
    """Return how a report was kept.

    Raises:
        NotFoundError: there is none, or it is not the actor's organisation's.
        StoreUnavailableError: the database does not answer.
    """
    kept = await desk.read(
        lambda connection, keyring: read_custody(
            connection,
            keyring,
            find_report(connection, report_id, organisation_id=actor.organisation_id),
            now_ms=now_ms(),
        )
    )
    desk.note(Access(actor, "report.read", kept.report.public_id), "custody")
    return kept


async def purge(desk: Desk, actor: Actor, report_id: str, reason: str) -> Custody:
    """Remove what people wrote in a report; return what is left of it.

    Raises:
        NotFoundError: there is none, or it is not the actor's organisation's.
        HeldError: it is under a legal hold.
        StoreUnavailableError: the database does not answer.
    """
    await desk.write(
        lambda connection, keyring: purge_report(
            connection,
            keyring,
            actor,
            report_id,
            reason=reason,
            now_ms=now_ms(),
            organisation_id=actor.organisation_id,
        )
    )
    await asyncio.to_thread(desk.retention.empty_log)
    return await custody(desk, actor, report_id)
