"""A stretch of time -> the rows that were stored in it, found without an index on times.

Serials grow in the order rows are stored, and so do their times, but for clocks that differ a little. Where a
time stands among the serials is therefore found by halving, in some twenty look-ups of a primary key.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, and_, select

from serving.clock import DAY_MS, HOUR_MS, ZONE_MS

_SLACK_MS: Final = HOUR_MS


@dataclass(frozen=True, slots=True)
class Period:
    """[from, before), in milliseconds since 1970."""

    from_ms: int
    before_ms: int

    @property
    def days(self) -> range:
        """The days that it touches, counted from 1970 in Bangkok."""
        return range(day_of(self.from_ms), day_of(self.before_ms - 1) + 1)


def day_of(at_ms: int) -> int:
    """Return the day of a time, counted from 1970 in Bangkok."""
    return (at_ms + ZONE_MS) // DAY_MS


def beginning_of(day: int) -> int:
    """Return when a day begins, in milliseconds since 1970."""
    return day * DAY_MS - ZONE_MS


def within(
    connection: Connection, serial: Column[int], at_ms: Column[int], period: Period
) -> ColumnElement[bool]:
    """Return the condition that a row was stored in a period.

    Args:
        connection: of the store.
        serial: the primary key of a table.
        at_ms: when its row was stored, by a clock that was wrong by an hour at most.
        period: the stretch of time.
    """
    return and_(
        serial >= _first_since(connection, serial, at_ms, period.from_ms - _SLACK_MS),
        serial < _first_since(connection, serial, at_ms, period.before_ms + _SLACK_MS),
        at_ms >= period.from_ms,
        at_ms < period.before_ms,
    )


def _first_since(connection: Connection, serial: Column[int], at_ms: Column[int], since_ms: int) -> int:
    """Return the serial from which on rows were stored at a time or later; if none, one after the last."""
    first, last = (
        connection.execute(select(serial).order_by(order).limit(1)).scalar()
        for order in (serial.asc(), serial.desc())
    )
    if first is None or last is None:
        return 0
    low, high = first, last + 1
    while low < high:
        middle = (low + high) // 2
        next_one = select(at_ms).where(serial >= middle).order_by(serial).limit(1)
        if connection.execute(next_one).scalar_one() >= since_ms:
            high = middle
        else:
            low = middle + 1
    return low
