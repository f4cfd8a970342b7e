"""Dates of a calendar: which day is said, and which days that may be.

Sources: ISO 8601-2:2019 for unspecified digits (XXXX-06-12); Wikipedia "List of date formats by country" (day
first but for zh, ja, ko, tl).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from models.entities.date_grammar import Fields
from models.entities.date_reading import Reading, meaning_of, shift_of, shifted_month
from models.entities.date_years import Year, full_years, short_years, years_of
from models.entities.entity import Context

MONTH_FIRST_LANGUAGES: Final = frozenset({"zh", "ja", "ko", "tl"})
NEAR_DAYS: Final = 120
"""A date without a year is taken for the nearest one only this near to the day of receipt."""
_FRACTIONS = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (24, 7), (7, 24)})
_YEARS = range(1800, 2200)  # others are no years but numbers


@dataclass(frozen=True, slots=True)
class Day:
    """A day as said: any part of it may be missing."""

    years: tuple[Year, ...] = ()
    month: int | None = None
    day: int | None = None
    till: int | None = None
    sure: bool = False  # whether it is a date without doubt, and no fraction, score or count
    swapped: bool = False  # whether day and month may be the other way round


def said_day(fields: Fields, context: Context, today: date | None) -> Day | None:
    """Return the day of a calendar date, with what a relative word says of it."""
    if "lunar" in fields or "holiday" in fields or "unit" in fields:
        return None
    day = _day(fields, context)
    return _relative_day(day, fields, today) if day is not None and "relative" in fields else day


def _day(fields: Fields, context: Context) -> Day | None:
    """Return the day of a calendar date; None if there is none or it is impossible."""
    if "numeric" in fields:
        return _numeric_day(fields, context)
    if not any(key in fields for key in ("day", "month", "year")):
        return None
    month = meaning_of(fields, "month", "month", "month_weak", "number")
    day, till = meaning_of(fields, "day", "number", "day_number"), meaning_of(fields, "till", "number")
    if month is not None and not 1 <= month <= 12:
        return None
    if till is not None and day is not None and till <= day:
        return None
    years = years_of(fields, month, context.language)
    if "year" in fields and not years:
        return None
    return Day(years, month, day, till, sure=month is not None)


def _relative_day(day: Day, fields: Fields, today: date | None) -> Day:
    """The day with its month or year taken from a word: the 3rd of next month, March last year."""
    unit, offset = shift_of(fields)
    if today is None or day.years or (unit != "Y" and (unit != "M" or day.month is not None)):
        return day
    month = shifted_month(today, offset) if unit == "M" else date(today.year + offset, day.month or 1, 1)
    return Day(
        (Year(month.year, "gregorian"),), month.month if unit == "M" else day.month, day.day, day.till, True
    )


def _numeric_day(fields: Fields, context: Context) -> Day | None:
    kind, parts = next(iter(fields["numeric"].meanings.items()))
    if kind == "my":
        return Day(full_years(parts[1], None), parts[0], sure=True)
    if kind == "iso":
        return (
            Day(full_years(parts[0], None), parts[1], parts[2], sure=True) if _possible(*parts[1:]) else None
        )
    first, second = parts[:2]
    month_first = context.language in MONTH_FIRST_LANGUAGES
    orders = [(second, first), (first, second)][:: -1 if month_first else 1]
    possible = [(month, day) for month, day in orders if _possible(month, day)]
    if not possible or (kind == "dm" and parts in _FRACTIONS):
        return None
    month, day = possible[0]
    swapped = len(possible) == 2 and first != second and context.language in {"tl", "en", "und"}
    if kind == "dm":
        years = years_of(fields, month, context.language) if "year" in fields else ()
        return Day(years, month, day, sure="weekday" in fields or day > 12, swapped=swapped)
    if parts[2] >= 1000:
        return Day(full_years(parts[2], month), month, day, sure=True, swapped=swapped)
    return Day(short_years(parts[2], context.language), month, day, sure=True, swapped=swapped)


def _possible(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]


def read_day(day: Day, today: date | None) -> Reading | None:
    """Return what is known of a day; None if there is none such."""
    years = tuple(year for year in day.years if _is_in(year.number, day))
    if (day.years and not years) or not _is_in(2024, day):
        return None
    calendar = years[0].calendar if years else "gregorian"
    precision = "day" if day.day is not None else "month" if day.month is not None else "year"
    proba = 0.95 if years and day.day else 0.85 if day.sure else 0.7
    if not day.sure and day.month in {5, 10} and day.day is not None and day.day <= day.month:
        proba = 0.6  # 7/10 is a mark as well
    if years:
        written = tuple(_iso_days(f"{year.number:04d}", day) for year in years)
        if day.swapped and day.month and day.day:
            other = Day(years, day.day, day.month)
            written = (*written, _iso_days(f"{years[0].number:04d}", other))
        certain = len(years) == 1 or (
            calendar == "buddhist" and day.sure and years[1].calendar == "gregorian"
        )
        value = written[0] if certain or calendar == "gregorian" else None
        return Reading(value, written[0], precision, calendar, written[1 if value else 0 :], proba)
    iso = _iso_days("XXXX", day)
    if today is None:
        return Reading(None, iso, precision, calendar, (), proba)
    near = nearest(day, today)
    value = (
        _iso_days(f"{near.year:04d}", day)
        if near and day.month and abs((near - today).days) <= NEAR_DAYS
        else None
    )
    alternatives = _other_days(day, today, value)
    return Reading(value, value or iso, precision, calendar, alternatives, proba)


def _is_in(year: int, day: Day) -> bool:
    """Whether the day is one of the year."""
    return year in _YEARS and (
        day.month is None or day.day is None or _date(year, day.month, day.till or day.day) is not None
    )


def _iso_days(year: str, day: Day) -> str:
    if day.month is None and day.day is None:
        return year
    month = "XX" if day.month is None else f"{day.month:02d}"
    if day.day is None:
        return f"{year}-{month}"
    first = f"{year}-{month}-{day.day:02d}"
    return first if day.till is None else f"{first}/{year}-{month}-{day.till:02d}"


def nearest(day: Day, today: date) -> date | None:
    """The nearest day of the same month and day (the 15th where there is no day) of three years."""
    candidates = [
        _date(today.year + offset, day.month or today.month, day.day or 15) for offset in (-1, 0, 1)
    ]
    return min((d for d in candidates if d is not None), key=lambda d: abs((d - today).days), default=None)


def _other_days(day: Day, today: date, value: str | None) -> tuple[str, ...]:
    """The last and the next such day, but for `value`."""
    if day.month is None and day.day is not None:
        months = [shifted_month(today, offset) for offset in (-1, 0, 1)]
        days = [_date(month.year, month.month, day.day) for month in months]
        near = [d.isoformat() for d in days if d is not None and abs((d - today).days) <= 31]
        return tuple(near)
    years = (today.year - 1, today.year, today.year + 1)
    days_of_years = [(_date(year, day.month or 1, day.day or 15), year) for year in years]
    near_years = [year for d, year in days_of_years if d is not None and abs((d - today).days) <= 366]
    return tuple(other for year in near_years if (other := _iso_days(f"{year:04d}", day)) != value)


def _date(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)
