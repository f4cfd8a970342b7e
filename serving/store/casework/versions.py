"""Two people change a report at once: one does, and the other is told before anything is overwritten."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select, update

from serving.store import audit
from serving.store.errors import ChangedMeanwhileError, NotFoundError
from serving.store.finding import NO_REPORT
from serving.store.organisations import Actor
from serving.store.tables import REPORT


def take(connection: Connection, actor: Actor, report_id: str, seen: Collection[int]) -> Row[Any]:
    """Return the row of a report that nobody else changes until the end of the transaction.

    The chain of its organisation is taken before it, see `audit.take_chain`.

    Args:
        connection: in a transaction.
        actor: who changes it.
        report_id: its public id.
        seen: the versions that the change may be made to; else somebody changed it meanwhile.

    Raises:
        NotFoundError: there is none of this id, or it belongs to another organisation.
        ChangedMeanwhileError: it has another version.
    """
    audit.take_chain(connection, actor.organisation_id)
    of_actor = (REPORT.c.public_id == report_id, REPORT.c.organisation_id == actor.organisation_id)
    of_id = select(REPORT).where(*of_actor).with_for_update(key_share=True)
    row = connection.execute(of_id).one_or_none()
    if row is None:
        raise NotFoundError(NO_REPORT)
    if row.version not in seen:
        raise ChangedMeanwhileError("the report was changed meanwhile: read it again")
    return row


def give_version(connection: Connection, row: Row[Any], **values: object) -> int:
    """Change columns of a report that was taken; return its new version."""
    version: int = row.version + 1
    connection.execute(update(REPORT).where(REPORT.c.serial == row.serial).values(**values, version=version))
    return version
