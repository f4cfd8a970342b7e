"""Urgent reports that nobody has acknowledged yet."""

from typing import Final

from sqlalchemy import Connection, func, select

from serving.store.tables import REPORT

MOST_COUNTED: Final = 1_000


def count_unacknowledged(connection: Connection, organisation_id: int) -> int:
    """Return how many there are in an organisation; `MOST_COUNTED` if there are more."""
    of_organisation = (
        select(REPORT.c.serial)
        .where(
            REPORT.c.organisation_id == organisation_id, REPORT.c.status == "new", REPORT.c.queue_rank == 0
        )
        .limit(MOST_COUNTED)
        .subquery()
    )
    return int(connection.execute(select(func.count()).select_from(of_organisation)).scalar_one())
