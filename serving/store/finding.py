"""What people call a report -> its row, if it is theirs."""

import re
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store.errors import NotFoundError
from serving.store.tables import REPORT

NO_REPORT: Final = "there is no such report"
_PUBLIC_ID: Final = re.compile(r"[0-9a-f]{32}")


def find_report(connection: Connection, name: str, *, organisation_id: int | None) -> Row[Any]:
    """Return the row of a report.

    Args:
        connection: in a transaction.
        name: its public id or its case number.
        organisation_id: whose it must be; None: whoever's.

    Raises:
        NotFoundError: there is none of this name, or it belongs to another organisation.
    """
    column = REPORT.c.public_id if _PUBLIC_ID.fullmatch(name) else REPORT.c.case_ref
    named = select(REPORT).where(column == name)
    if organisation_id is not None:
        named = named.where(REPORT.c.organisation_id == organisation_id)
    row = connection.execute(named).one_or_none()
    if row is None:
        raise NotFoundError(NO_REPORT)
    return row
