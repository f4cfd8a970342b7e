"""Which workers live: each beats, and whose beat another has not seen change for a while is dead.

Only the time that passes for the observer counts, by its monotonic clock: no two clocks are ever compared, so
that one that is wrong or jumps neither frees what somebody works on nor holds what nobody does.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from serving.store.tables import REPORT, TRIED, WORKER

BEAT_SECONDS: Final = 5.0
DEAD_AFTER_SECONDS: Final = 30.0


class Liveness:
    """What the workers of one process say and see. Not safe to share between threads."""

    def __init__(self, names: Collection[str]) -> None:
        """Begin under names that nobody else has."""
        self._names = tuple(names)
        self._seen: dict[str, tuple[int, float]] = {}
        self._last_seconds = 0.0

    def beat(self, connection: Connection, *, now_seconds: float) -> None:
        """Say that these workers live, and free what dead ones have leased.

        Args:
            connection: in a transaction.
            now_seconds: of this process's monotonic clock.
        """
        mine = WORKER.c.name.in_(self._names)
        beaten = connection.execute(update(WORKER).where(mine).values(beats=WORKER.c.beats + 1))
        if beaten.rowcount < len(self._names):  # the first beat, or others took these for dead
            connection.execute(delete(WORKER).where(mine))
            connection.execute(insert(WORKER), [{"name": name, "beats": 0} for name in self._names])
        if now_seconds - self._last_seconds > 2 * BEAT_SECONDS:  # nobody could beat, or this one did not look
            self._seen = {}
        self._last_seconds = now_seconds
        others = connection.execute(select(WORKER).where(~mine)).all()
        seen = {
            other.name: kept
            if (kept := self._seen.get(other.name)) and kept[0] == other.beats
            else (other.beats, now_seconds)
            for other in others
        }
        dead = {name for name, (_, since) in seen.items() if now_seconds - since > DEAD_AFTER_SECONDS}
        self._seen = {name: kept for name, kept in seen.items() if name not in dead}
        bury(connection, dead)


def bury(connection: Connection, names: Collection[str]) -> None:
    """Forget workers that ended or are taken for dead, and free what nobody known has leased."""
    connection.execute(delete(WORKER).where(WORKER.c.name.in_(names)))
    orphaned = REPORT.c.leased_by.is_not(None) & REPORT.c.leased_by.not_in(select(WORKER.c.name))
    free = select(REPORT.c.serial).where(TRIED, orphaned).with_for_update(key_share=True, skip_locked=True)
    serials = connection.execute(free).scalars().all()  # what somebody else holds is freed with the next beat
    connection.execute(update(REPORT).where(REPORT.c.serial.in_(serials)).values(leased_by=None))


def bury_all(connection: Connection) -> None:
    """Free all that is leased: of a store that this process alone works on, whoever held it is dead."""
    connection.execute(delete(WORKER))
    bury(connection, ())
