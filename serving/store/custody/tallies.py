"""How many rows of each kind a report has, and of how many the audit tells: none comes or goes unseen."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, select

from serving.store.casework import history
from serving.store.custody.holds import PLACED
from serving.store.tables import AUDIT, HISTORY, HOLD, PURGE, REFERRAL, REPORT, SCREENING

_TOLD_BY: Final[tuple[tuple[Table, ColumnElement[bool]], ...]] = (
    (HISTORY, history.IS_STEP),
    (SCREENING, AUDIT.c.action == "report.screened"),
    (REFERRAL, AUDIT.c.action == "report.referred"),
    (HOLD, AUDIT.c.action == PLACED),
    (PURGE, AUDIT.c.action == "report.purged"),
)
"""Tables, and the links of the audit that tell of one row each."""


def miscounted(connection: Connection) -> Iterator[str]:
    """Yield, in words, each report that has more or fewer rows than the audit tells of."""
    for table, is_told in _TOLD_BY:
        there = (
            select(table.c.report_serial, func.count().label("rows"))
            .group_by(table.c.report_serial)
            .subquery()
        )
        told = (
            select(AUDIT.c.subject, func.count().label("links"))
            .where(is_told)
            .group_by(AUDIT.c.subject)
            .subquery()
        )
        rows, links = func.coalesce(there.c.rows, 0), func.coalesce(told.c.links, 0)
        differing = (
            select(REPORT.c.case_ref, rows.label("there"), links.label("told"))
            .outerjoin(there, there.c.report_serial == REPORT.c.serial)
            .outerjoin(told, told.c.subject == REPORT.c.public_id)
            .where(rows != links)
            .order_by(REPORT.c.serial)
        )
        for one in connection.execute(differing):
            yield f"report {one.case_ref}: of {table.name} it has {one.there}, the audit tells of {one.told}"
