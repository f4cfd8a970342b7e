"""What came in over a period, counted by what its screening says; reads an index alone, never a text."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, select

from models.taxonomy import LABELS
from serving.clock import HOUR_MS, ZONE_MS
from serving.store.organisations import Actor
from serving.store.overview.periods import Period, within
from serving.store.tables import REPORT

UNRANKED: Final = "commercial_sex_ad"
"""A label that is told of a text, and never counted or ranked."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many reports came in, in all and by what they are.

    Attributes:
        labels: by code, in taxonomy order; those in context too, `UNRANKED` never. A report may have several.
        languages: by BCP-47 tag; "" if not known yet.
        channels: by name; "" if none was told.
        priorities: by rank; 0 is urgent.
        hours: by hour, counted from 1970 in Bangkok.
        works: by day, counted from 1970 in Bangkok, and by what became of their screening.
        copies: those that repeat another.
    """

    total: int
    labels: Mapping[str, int]
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    priorities: Mapping[int, int]
    hours: Mapping[int, int]
    works: Mapping[tuple[int, str], int]
    copies: int


def count_arrivals(connection: Connection, condition: ColumnElement[bool]) -> Arrivals:
    """Count the reports of a condition, as `of_period` returns it."""
    hours: Counter[int] = Counter()
    works: Counter[tuple[int, str]] = Counter()
    hour = ((REPORT.c.stored_ms + ZONE_MS) // HOUR_MS).label("hour")
    by_hour = select(hour, REPORT.c.work, func.count()).where(condition).group_by("hour", REPORT.c.work)
    for at, work, count in connection.execute(by_hour):
        hours[at] += count
        works[at // 24, work] += count
    flags: Counter[str] = Counter()
    for codes, count in _by(connection, REPORT.c.flags, condition).items():
        flags.update(dict.fromkeys(codes.split(), count))
    copies = select(func.count()).where(condition, REPORT.c.duplicate_of.is_not(None))
    return Arrivals(
        total=hours.total(),
        labels={code: flags[code] for code in LABELS if flags[code] and code != UNRANKED},
        languages=_by(connection, func.coalesce(REPORT.c.language, ""), condition),
        channels=_by(connection, REPORT.c.channel, condition),
        priorities=count_priorities(connection, condition),
        hours=hours,
        works=works,
        copies=connection.execute(copies).scalar_one(),
    )


def of_period(connection: Connection, actor: Actor, period: Period) -> ColumnElement[bool]:
    """Return the condition that a report came to the actor's organisation in a period."""
    in_period = within(connection, REPORT.c.serial, REPORT.c.stored_ms, period)
    return (REPORT.c.organisation_id == actor.organisation_id) & in_period


def count_priorities(connection: Connection, condition: ColumnElement[bool]) -> dict[int, int]:
    """Return how many reports of a condition have each priority."""
    by_rank = select(REPORT.c.queue_rank, func.count()).where(condition).group_by(REPORT.c.queue_rank)
    return dict(iter(connection.execute(by_rank)))


def _by(connection: Connection, column: ColumnElement[str], condition: ColumnElement[bool]) -> dict[str, int]:
    """Return how many reports have each value of a column, the most first."""
    value = column.label("value")
    rows = connection.execute(select(value, func.count()).where(condition).group_by("value"))
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))
