"""The condition that a report was a row of an uploaded file.

Reports of a file are stored one after the other: so their first and their last bound what is gone through,
and an index tells of each report between the two whether it is one.
"""

from sqlalchemy import ColumnElement, Connection, FromClause, exists, false, func, select

from serving.store.organisations import Actor
from serving.store.tables import UPLOAD, UPLOAD_ROW


def of_upload(
    connection: Connection, actor: Actor, upload_id: str, report: FromClause
) -> list[ColumnElement[bool]]:
    """Return the conditions on reports of an upload; none holds if the actor's organisation has no such."""
    of_id = UPLOAD.c.public_id == upload_id, UPLOAD.c.organisation_id == actor.organisation_id
    serial = connection.execute(select(UPLOAD.c.serial).where(*of_id)).scalar()
    row = UPLOAD_ROW.c
    first, last = (
        connection.execute(select(bound).where(row.upload_serial == serial)).scalar()
        for bound in (func.min(row.report_serial), func.max(row.report_serial))
    )
    if first is None or last is None:
        return [false()]
    is_row = exists().where(row.upload_serial == serial, row.report_serial == report.c.serial)
    return [report.c.serial.between(first, last), is_row]
