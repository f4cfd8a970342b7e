"""How many reports people decided, day by day: those that stopped waiting for anybody."""

import json
from collections import Counter
from typing import Final

from sqlalchemy import Connection, func, select

from serving.clock import DAY_MS, ZONE_MS
from serving.store.casework.states import OPEN
from serving.store.organisations import Actor
from serving.store.overview.periods import Period, within
from serving.store.tables import HISTORY

_FIELD: Final = "status"


def count_decided(connection: Connection, actor: Actor, period: Period) -> Counter[int]:
    """Return how many reports of the actor's organisation were decided, by day from 1970 in Bangkok.

    A report is decided when it leaves the open states; one that is opened again counts again.
    """
    day = ((HISTORY.c.at_ms + ZONE_MS) // DAY_MS).label("day")
    steps = (
        select(day, HISTORY.c.changes, func.count())
        .where(
            within(connection, HISTORY.c.serial, HISTORY.c.at_ms, period),
            HISTORY.c.organisation_id == actor.organisation_id,
            HISTORY.c.changes.contains(f'"{_FIELD}"'),
        )
        .group_by("day", HISTORY.c.changes)
    )
    decided: Counter[int] = Counter()
    for at, changes, count in connection.execute(steps):
        before, after = json.loads(changes).get(_FIELD, (None, None))
        if before in OPEN and after not in OPEN:
            decided[at] += count
    return decided
