"""Whether the clock of the machine can be believed, before anything is removed for its age.

Whoever sets a clock by hand may set the year of another calendar: 2569 of the Buddhist era is 2026. Then all
that is kept would be old enough to go, and nothing brings it back.
"""

from typing import Final

from sqlalchemy import Connection, select

from serving.clock import DAY_MS
from serving.store.tables import AUDIT, ORGANISATION

QUIET_MS: Final = 31 * DAY_MS
"""A store in which nothing happens for longer is not in use, or its clock has jumped."""


def is_clock_believed(connection: Connection, *, now_ms: int) -> bool:
    """Return whether something happened in the month before this day, if anything ever did.

    A clock that jumped ahead is believed a day later, once the store was used with it for so long.
    """
    newest = [
        connection.execute(
            select(AUDIT.c.at_ms)
            .where(AUDIT.c.organisation_id == organisation_id, AUDIT.c.at_ms <= now_ms - DAY_MS)
            .order_by(AUDIT.c.number.desc())
            .limit(1)
        ).scalar()
        for organisation_id in connection.execute(select(ORGANISATION.c.id)).scalars().all()
    ]
    known = [at_ms for at_ms in newest if at_ms is not None]
    return not known or max(known) >= now_ms - QUIET_MS
