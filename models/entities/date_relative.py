"""Weekdays, words such as "tomorrow" and counts of days, from the day of receipt."""

from datetime import date, timedelta

from models.entities.date_grammar import Fields
from models.entities.date_reading import (
    RELATIVE_PROBA,
    Reading,
    meaning_of,
    shift_of,
    shifted_month,
    weekday_of,
)


def read_weekday(fields: Fields, today: date | None) -> Reading:
    """Read "Friday", "next Friday": which one is certain only with such a word."""
    if today is None:
        return Reading(None, None, "day", proba=0.8, reason="weekday")
    here = _monday(today) + timedelta(days=weekday_of(fields))
    modifier = {**fields["weekday"].meanings, **(fields["modifier"].meanings if "modifier" in fields else {})}
    coming = here if here >= today else here + timedelta(days=7)
    past = here if here < today else here - timedelta(days=7)
    if "next" in modifier:
        chosen, other = here + timedelta(days=7), coming
    elif "last" in modifier:
        chosen, other = here - timedelta(days=7), past
    elif "this" in modifier:
        chosen, other = here, coming
    else:
        return Reading(None, None, "day", "gregorian", (past.isoformat(), coming.isoformat()), 0.8, "weekday")
    alternatives = () if other == chosen or "relative_week" in modifier else (other.isoformat(),)
    return Reading(chosen.isoformat(), chosen.isoformat(), "day", "gregorian", alternatives, 0.85, "weekday")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def read_relative(fields: Fields, today: date | None) -> Reading:
    """Read "tomorrow", "last month", "Friday next week"."""
    unit, offset = shift_of(fields)
    if unit in "WMY":
        offset *= meaning_of(fields, "count", "number", "number_word") or 1
    precision = {"M": "month", "Y": "year"}.get(unit, "day")
    proba, reason = (0.85, "weekday") if "weekday" in fields else (RELATIVE_PROBA, "relative word")
    if today is None:
        return Reading(None, None, precision, proba=proba, reason=reason)
    if unit == "?":
        both = tuple((today + timedelta(days=days)).isoformat() for days in (-offset, offset))
        return Reading(None, None, "day", alternatives=both, proba=proba, reason=reason)
    if unit == "W" and "weekday" in fields:
        value = (_monday(today) + timedelta(weeks=offset, days=weekday_of(fields))).isoformat()
    else:
        value = _shifted(today, unit, offset)
    if unit == "D" and "weekday" in fields and date.fromisoformat(value).weekday() != weekday_of(fields):
        return Reading(None, None, "day", alternatives=(value,), proba=proba, reason=reason)
    return Reading(value, value, precision, proba=proba, reason=reason)


def _shifted(today: date, unit: str, offset: int) -> str:
    """The day, week (an interval), month or year so far from today; E is the last day of a month."""
    match unit:
        case "D":
            return (today + timedelta(days=offset)).isoformat()
        case "W":
            monday = _monday(today) + timedelta(weeks=offset)
            return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        case "M":
            return shifted_month(today, offset).isoformat()[:7]
        case "E":
            return (shifted_month(today, offset + 1) - timedelta(days=1)).isoformat()
        case _:
            return f"{today.year + offset:04d}"


def read_count(fields: Fields, today: date | None) -> Reading:
    """Read "3 days ago": days are days, longer units only as exact as they are said."""
    unit = str(fields["unit"].meanings["unit"])
    count = (meaning_of(fields, "count", "number", "number_word") or 0) * (-1 if "ago" in fields else 1)
    precision = {"M": "month", "Y": "year"}.get(unit, "day")
    value = None if today is None else _shifted(today, unit, count)
    return Reading(value, value, precision, proba=0.6, reason="relative word")
