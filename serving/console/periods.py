"""What a form asks for -> a stretch of days in Bangkok."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from serving.clock import ZONE
from serving.store.overview.periods import Period, beginning_of, day_of

CHOICES: Final = ("today", "7", "30", "90", "dates")
MOST_DAYS: Final = 366
WEEK_DAYS: Final = 7
_DEFAULT: Final = "7"
_BEGINNING: Final = date(1970, 1, 1)
_OFFSET: Final = datetime.min.replace(tzinfo=ZONE).isoformat()[-len("+07:00") :]
_LAST_YEAR: Final = 9_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A period that is asked for.

    Attributes:
        choice: of `CHOICES`.
        first, last: days that a form may show, ISO 8601; "" if none were chosen.
        period: None if there can be none such.
    """

    choice: str
    first: str
    last: str
    period: Period | None


def asked_period(form: Mapping[str, Any], now_ms: int) -> Asked:
    """Return the period that a form asks for; the last seven days if it says nothing."""
    choice = str(form.get("period") or _DEFAULT)
    first, last = (str(form.get(name) or "") for name in ("first", "last"))
    today = day_of(now_ms)
    match choice:
        case "dates":
            period = _between(_day(first), _day(last))
        case "today":
            period = _between(today, today)
        case _ if choice in CHOICES:
            period = _between(today - int(choice) + 1, today)
        case _:
            period = None
    return Asked(choice, first, last, period)


def asked_week(form: Mapping[str, Any], now_ms: int) -> Asked:
    """Return the week, from Monday to Sunday, of the day that a form names; the last whole one by default."""
    named = str(form.get("week") or "")
    day = _day(named) if named else day_of(now_ms) - WEEK_DAYS
    if day is None:
        return Asked("dates", named, "", None)
    monday = day - (_BEGINNING + timedelta(days=day)).weekday()
    return Asked("dates", date_of(monday), date_of(monday + WEEK_DAYS - 1), _between(monday, monday + 6))


def week_before(period: Period) -> Period:
    """Return the week before a week."""
    monday = day_of(period.from_ms)
    return Period(beginning_of(monday - WEEK_DAYS), period.from_ms)


def date_of(day: int) -> str:
    """Return a day, counted from 1970, in ISO 8601."""
    return (_BEGINNING + timedelta(days=day)).isoformat()


def midnight(day: str) -> str:
    """Return when a day in ISO 8601 begins, in ISO 8601 too; of what is no day that is no time either."""
    return f"{day}T00:00:00{_OFFSET}"


def _day(named: str) -> int | None:
    """Return a day, counted from 1970; None of what is none, or of a year that nobody here lives in."""
    try:
        day = date.fromisoformat(named)
    except ValueError:
        return None
    return (day - _BEGINNING).days if _BEGINNING.year <= day.year <= _LAST_YEAR else None


def _between(first: int | None, last: int | None) -> Period | None:
    """Return the period of whole days; None if there is no such one, or it is too long to count."""
    if first is None or last is None or not 0 <= last - first < MOST_DAYS:
        return None
    return Period(beginning_of(first), beginning_of(last + 1))
