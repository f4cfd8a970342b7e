"""Dates and times in the languages of the Mekong region -> ISO 8601, in four calendars.

`date_words` finds the words and numbers, `date_grammar` the expressions that they make; `date_days` reads
dates of a calendar, `date_years` their years, `date_relative` weekdays and words such as "tomorrow",
`date_times` times of day. This file puts together what an expression says.

Source: ISO 8601-1:2019; others stand in those files.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from models.entities.date_days import NEAR_DAYS, Day, nearest, read_day, said_day
from models.entities.date_grammar import Expression, Fields, expressions
from models.entities.date_reading import RELATIVE_PROBA, Reading
from models.entities.date_relative import read_count, read_relative, read_weekday
from models.entities.date_times import time_of
from models.entities.date_years import Year
from models.entities.entity import Context, Entity

_CALENDAR_PARTS = ("day", "month", "year", "numeric")
_RECEIVED_YEARS = range(100, 9900)  # days counted from others may leave the calendar


def find(text: str, context: Context) -> list[Entity]:
    """Return the dates and times of a text, in order of start.

    A word such as "tomorrow" or a time of day alone has a lower `proba` and its own `reason`. `value` is None
    where the day is not certain; `iso` then holds what is known (XXXX-06-12, T20:00), `alternatives` the days
    it may be. Days are as the writer's wall clock has them: no time zone.
    """
    found = ((expression, _read(expression, context)) for expression in expressions(text))
    return [_entity(expression.start, expression.end, reading) for expression, reading in found if reading]


def _read(expression: Expression, context: Context) -> Reading | None:
    today = _day_of_receipt(context)
    first = _read_one(expression.fields, context, today)
    if first is None or expression.till is None:
        return first
    last = _read_one(expression.till, context, today)
    if last is None:
        return first
    one, two = (said_day(fields, context, today) for fields in (expression.fields, expression.till))
    if one is not None and two is not None:
        return _range_of_days(one, two, expression, today)
    return _range(first, last)


def _day_of_receipt(context: Context) -> date | None:
    """Return the day that others are counted from, None if it is unknown or at an end of the calendar."""
    received = context.received_at
    return received.date() if received is not None and received.year in _RECEIVED_YEARS else None


def _read_one(fields: Fields, context: Context, today: date | None) -> Reading | None:
    """Read a date with its time, or a time of day alone."""
    time = time_of(fields)
    if time == "":
        return None
    reading = _read_date(fields, context, today)
    if reading is not None:
        return _with_time(reading, time)
    if time is None or not fields.keys().isdisjoint((*_CALENDAR_PARTS, "weekday", "relative")):
        return None
    return Reading(None, f"T{time}", "minute", proba=RELATIVE_PROBA, reason="time of day")


def _read_date(fields: Fields, context: Context, today: date | None) -> Reading | None:
    if "lunar" in fields or "holiday" in fields:
        return Reading(None, None, "day", proba=0.6, reason="lunar date" if "lunar" in fields else "holiday")
    if "unit" in fields:
        return read_count(fields, today)
    if not fields.keys().isdisjoint(_CALENDAR_PARTS):
        day = said_day(fields, context, today)
        return read_day(day, today) if day is not None else None
    if "relative" in fields:
        return read_relative(fields, today)
    return read_weekday(fields, today) if "weekday" in fields else None


def _with_time(reading: Reading, time: str | None) -> Reading:
    if not time:
        return reading
    is_day = reading.precision == "day" and "/" not in (reading.iso or "")
    return replace(
        reading,
        value=f"{reading.value}T{time}" if is_day and reading.value else reading.value,
        iso=f"{reading.iso}T{time}" if is_day and reading.iso else reading.iso or f"T{time}",
        precision="minute",
        alternatives=tuple(f"{other}T{time}" for other in reading.alternatives),
        proba=max(reading.proba, 0.7),
    )


def _range_of_days(one: Day, two: Day, expression: Expression, today: date | None) -> Reading | None:
    """Return the range of two days; the month of the second and the year of either are both's."""
    if one.month is None and one.day is not None:
        one = replace(one, month=two.month)
    turns = (one.month or 0, one.day or 0) > (two.month or 0, two.day or 0)  # over the new year
    if not one.years and not two.years and today is not None:
        near = nearest(one, today) if one.month else None
        if near is not None and abs((near - today).days) <= NEAR_DAYS:
            one = replace(one, years=(Year(near.year, "gregorian"),))
    if not one.years:
        one = replace(one, years=tuple(replace(year, number=year.number - turns) for year in two.years))
    elif not two.years:
        two = replace(two, years=tuple(replace(year, number=year.number + turns) for year in one.years))
    first, last = read_day(one, today), read_day(two, today)
    if first is None or last is None:
        return None
    return _range(
        _with_time(first, time_of(expression.fields)), _with_time(last, time_of(expression.till or {}))
    )


def _range(first: Reading, last: Reading) -> Reading:
    if last.reason == "time of day":
        return _range_of_times(first, last)
    value = (
        f"{first.value}/{last.value}"
        if first.value and last.value and "/" not in first.value + last.value
        else None
    )
    iso = f"{first.iso}/{last.iso}" if first.iso and last.iso else None
    return Reading(value, iso, last.precision, last.calendar, (), max(first.proba, last.proba), last.reason)


def _range_of_times(first: Reading, last: Reading) -> Reading:
    """Return the hours of a day, to the next day where the second is the earlier: 20:00 to 02:00."""
    time = str(last.iso)
    if first.precision != "minute":
        return _with_time(first, time.removeprefix("T"))  # 12/06/2026 - 14:30
    if first.iso is None or "T" not in first.iso:
        return first  # next week 8:00-17:00
    if first.value is None:
        return replace(first, iso=f"{first.iso}/{time}", alternatives=())
    day, start = first.value.split("T")
    till = date.fromisoformat(day) + timedelta(days=time <= f"T{start}")
    value = f"{first.value}/{till.isoformat()}{time}"
    return replace(first, value=value, iso=value, alternatives=())


def _entity(start: int, end: int, reading: Reading) -> Entity:
    attributes: dict[str, Any] = {
        "iso": reading.iso,
        "calendar": reading.calendar,
        "precision": reading.precision,
    }
    if reading.alternatives:
        attributes["alternatives"] = list(reading.alternatives)
    return Entity("DATE", start, end, reading.value, attributes, reading.proba, "rule", reading.reason)
