"""Dates and times in the languages of the Mekong region -> ISO 8601, in four calendars.

`date_words` finds the words and numbers, `date_grammar` the dates that they make, this file what those mean.

Sources: ISO 8601-1:2019 and, for unspecified digits (XXXX-06-12), ISO 8601-2:2019; Wikipedia "Thai solar
calendar" (Buddhist era = Gregorian + 543), "Thai six-hour clock", "Burmese calendar" (Burmese era = Gregorian
- 638, new year in April), "Buddhist calendar" (in Myanmar and Cambodia the year changes in April or May),
"Republic of China calendar" (Minguo = Gregorian - 1911), "Reiwa era", "List of date formats by country" (day
first but for zh, ja, ko, tl).
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from models.entities.date_grammar import Expression, Fields, expressions
from models.entities.entity import Context, Entity

MONTH_FIRST_LANGUAGES: Final = frozenset({"zh", "ja", "ko", "tl"})
BUDDHIST_LANGUAGES: Final = frozenset({"th", "lo"})
NEAR_DAYS: Final = 120
"""A date without a year is taken for the nearest one only this near to the day of receipt."""
_CALENDAR_PARTS = ("day", "month", "year", "numeric")
_FRACTIONS = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (24, 7), (7, 24)})
_YEARS = range(1800, 2200)  # others are no years but numbers
_RECEIVED_YEARS = range(100, 9900)  # days counted from others may leave the calendar
_RELATIVE_PROBA = 0.5
"""Of "tomorrow", "last month" or a time of day alone: a date as the taxonomy defines it, but of 19 that the
writers of our texts used they marked one as an entity; of calendar dates and weekdays three of four."""


@dataclass(frozen=True, slots=True)
class _Year:
    number: int
    calendar: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an expression says: `value` where the day is certain, `iso` what is known of it."""

    value: str | None
    iso: str | None
    precision: str
    calendar: str = "gregorian"
    alternatives: tuple[str, ...] = ()
    proba: float = 0.85
    reason: str = "pattern"


def find(text: str, context: Context) -> list[Entity]:
    """Return the dates and times of a text, in order of start.

    A word such as "tomorrow" or a time of day alone has a lower `proba` and its own `reason`. `value` is None
    where the day is not certain; `iso` then holds what is known (XXXX-06-12, T20:00), `alternatives` the days
    it may be. Days are as the writer's wall clock has them: no time zone.
    """
    found = ((expression, _read(expression, context)) for expression in expressions(text))
    return [_entity(expression.start, expression.end, reading) for expression, reading in found if reading]


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as said: any part of it may be missing."""

    years: tuple[_Year, ...] = ()
    month: int | None = None
    day: int | None = None
    till: int | None = None
    sure: bool = False  # whether it is a date without doubt, and no fraction, score or count
    swapped: bool = False  # whether day and month may be the other way round


def _read(expression: Expression, context: Context) -> _Reading | None:
    today = _day_of_receipt(context)
    first = _read_one(expression.fields, context, today)
    if first is None or expression.till is None:
        return first
    last = _read_one(expression.till, context, today)
    if last is None:
        return first
    one, two = (_said_day(fields, context, today) for fields in (expression.fields, expression.till))
    if one is not None and two is not None:
        return _range_of_days(one, two, expression, today)
    return _range(first, last)


def _day_of_receipt(context: Context) -> date | None:
    """Return the day that others are counted from, None if it is unknown or at an end of the calendar."""
    received = context.received_at
    return received.date() if received is not None and received.year in _RECEIVED_YEARS else None


def _read_one(fields: Fields, context: Context, today: date | None) -> _Reading | None:
    """Read a date with its time, or a time of day alone."""
    time = _time(fields)
    if time == "":
        return None
    reading = _read_date(fields, context, today)
    if reading is not None:
        return _with_time(reading, time)
    if time is None or not fields.keys().isdisjoint((*_CALENDAR_PARTS, "weekday", "relative")):
        return None
    return _Reading(None, f"T{time}", "minute", proba=_RELATIVE_PROBA, reason="time of day")


def _read_date(fields: Fields, context: Context, today: date | None) -> _Reading | None:
    if "lunar" in fields or "holiday" in fields:
        return _Reading(None, None, "day", proba=0.6, reason="lunar date" if "lunar" in fields else "holiday")
    if "unit" in fields:
        return _read_count(fields, today)
    if not fields.keys().isdisjoint(_CALENDAR_PARTS):
        day = _said_day(fields, context, today)
        return _read_day(day, today) if day is not None else None
    if "relative" in fields:
        return _read_relative(fields, today)
    return _read_weekday(fields, today) if "weekday" in fields else None


def _said_day(fields: Fields, context: Context, today: date | None) -> _Day | None:
    """Return the day of a calendar date, with what a relative word says of it."""
    if "lunar" in fields or "holiday" in fields or "unit" in fields:
        return None
    day = _day(fields, context)
    return _relative_day(day, fields, today) if day is not None and "relative" in fields else day


def _day(fields: Fields, context: Context) -> _Day | None:
    """Return the day of a calendar date; None if there is none or it is impossible."""
    if "numeric" in fields:
        return _numeric_day(fields, context)
    if not any(key in fields for key in ("day", "month", "year")):
        return None
    month = _meaning(fields, "month", "month", "month_weak", "number")
    day, till = _meaning(fields, "day", "number", "day_number"), _meaning(fields, "till", "number")
    if month is not None and not 1 <= month <= 12:
        return None
    if till is not None and day is not None and till <= day:
        return None
    years = _years(fields, month, context.language)
    if "year" in fields and not years:
        return None
    return _Day(years, month, day, till, sure=month is not None)


def _relative_day(day: _Day, fields: Fields, today: date | None) -> _Day:
    """The day with its month or year taken from a word: the 3rd of next month, March last year."""
    unit, offset = _shift(fields)
    if today is None or day.years or (unit != "Y" and (unit != "M" or day.month is not None)):
        return day
    month = _shift_month(today, offset) if unit == "M" else date(today.year + offset, day.month or 1, 1)
    return _Day(
        (_Year(month.year, "gregorian"),), month.month if unit == "M" else day.month, day.day, day.till, True
    )


def _shift(fields: Fields) -> tuple[str, int]:
    """Unit and offset of a relative word; the offset of D? may be either way."""
    code = next(
        str(data) for kind, data in fields["relative"].meanings.items() if kind.startswith("relative_")
    )
    return code[0] if "?" not in code else "?", int(code[1:].lstrip("?"))


def _weekday(fields: Fields) -> int:
    return _meaning(fields, "weekday", "weekday", "weekday_weak", "weekday_joined") or 0


def _meaning(fields: Fields, name: str, *kinds: str) -> int | None:
    if name not in fields:
        return None
    return next((int(fields[name].meanings[kind]) for kind in kinds if kind in fields[name].meanings), None)


def _numeric_day(fields: Fields, context: Context) -> _Day | None:
    kind, parts = next(iter(fields["numeric"].meanings.items()))
    if kind == "my":
        return _Day(_full_years(parts[1], None), parts[0], sure=True)
    if kind == "iso":
        return (
            _Day(_full_years(parts[0], None), parts[1], parts[2], sure=True)
            if _possible(*parts[1:])
            else None
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
        years = _years(fields, month, context.language) if "year" in fields else ()
        return _Day(years, month, day, sure="weekday" in fields or day > 12, swapped=swapped)
    if parts[2] >= 1000:
        return _Day(_full_years(parts[2], month), month, day, sure=True, swapped=swapped)
    return _Day(_short_years(parts[2], context.language), month, day, sure=True, swapped=swapped)


def _possible(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]


def _years(fields: Fields, month: int | None, language: str) -> tuple[_Year, ...]:
    """Return the years a year may be, the likelier first."""
    if "year" not in fields:
        return ()
    meanings = fields["year"].meanings
    number = next(
        int(meanings[kind]) for kind in ("year", "era_year", "short_year", "number") if kind in meanings
    )
    era = str(fields["era"].meanings["year_before"]) if "era" in fields else ""
    if era:
        return _years_of_era(era, number, month, language)
    if number < 100:
        is_year = "short_year" in meanings and (month is not None or language in BUDDHIST_LANGUAGES)
        return _short_years(number, language) if is_year else ()
    if number < 1500 and "era" in fields:
        return ()  # in 100 days
    return _full_years(number, month)


def _years_of_era(era: str, number: int, month: int | None, language: str) -> tuple[_Year, ...]:
    if era == "burmese":
        return _turning_years(number, -638, "burmese", month, new_year=4)
    if era == "buddhist" and language in {"my", "km"} and number > 2400:
        return _turning_years(number, 544, "buddhist", month, new_year=5)
    offsets = {"minguo": 1911, "reiwa": 2018, "heisei": 1988, "buddhist": 1957 if number < 100 else -543}
    offset = offsets.get(era, 2000 if number < 100 else 0)
    return (_Year(number + offset, era if era in {"minguo", "buddhist"} else "gregorian"),)


def _turning_years(
    number: int, offset: int, calendar: str, month: int | None, new_year: int
) -> tuple[_Year, ...]:
    """Years of a calendar whose year turns in month `new_year` of the Gregorian year `number - offset`."""
    first, second = _Year(number - offset, calendar), _Year(number - offset + 1, calendar)
    if month is None or month == new_year:
        return first, second
    return (first,) if month > new_year else (second,)


def _full_years(number: int, month: int | None) -> tuple[_Year, ...]:
    if number >= 2400:
        return (_Year(number - 543, "buddhist"),)
    if number < 200:
        return (_Year(number + 1911, "minguo"),)
    if number < 1500:
        return _turning_years(number, -638, "burmese", month, new_year=4)
    return (_Year(number, "gregorian"),)


def _short_years(number: int, language: str) -> tuple[_Year, ...]:
    """Years of two digits: in Thai and Lao 43 to 75 are Buddhist (2543 to 2575); both readings are given."""
    gregorian = _Year(number + (2000 if number <= 42 else 1900), "gregorian")
    buddhist = _Year(number + 1957, "buddhist")
    if language not in BUDDHIST_LANGUAGES:
        return (gregorian,)
    return (buddhist, gregorian) if 43 <= number <= 75 else (gregorian, buddhist)


def _read_day(day: _Day, today: date | None) -> _Reading | None:
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
            other = _Day(years, day.day, day.month)
            written = (*written, _iso_days(f"{years[0].number:04d}", other))
        certain = len(years) == 1 or (
            calendar == "buddhist" and day.sure and years[1].calendar == "gregorian"
        )
        value = written[0] if certain or calendar == "gregorian" else None
        return _Reading(value, written[0], precision, calendar, written[1 if value else 0 :], proba)
    iso = _iso_days("XXXX", day)
    if today is None:
        return _Reading(None, iso, precision, calendar, (), proba)
    near = _nearest(day, today)
    value = (
        _iso_days(f"{near.year:04d}", day)
        if near and day.month and abs((near - today).days) <= NEAR_DAYS
        else None
    )
    alternatives = _other_days(day, today, value)
    return _Reading(value, value or iso, precision, calendar, alternatives, proba)


def _is_in(year: int, day: _Day) -> bool:
    """Whether the day is one of the year."""
    return year in _YEARS and (
        day.month is None or day.day is None or _date(year, day.month, day.till or day.day) is not None
    )


def _iso_days(year: str, day: _Day) -> str:
    if day.month is None and day.day is None:
        return year
    month = "XX" if day.month is None else f"{day.month:02d}"
    if day.day is None:
        return f"{year}-{month}"
    first = f"{year}-{month}-{day.day:02d}"
    return first if day.till is None else f"{first}/{year}-{month}-{day.till:02d}"


def _nearest(day: _Day, today: date) -> date | None:
    """The nearest day of the same month and day (the 15th where there is no day) of three years."""
    candidates = [
        _date(today.year + offset, day.month or today.month, day.day or 15) for offset in (-1, 0, 1)
    ]
    return min((d for d in candidates if d is not None), key=lambda d: abs((d - today).days), default=None)


def _other_days(day: _Day, today: date, value: str | None) -> tuple[str, ...]:
    """The last and the next such day, but for `value`."""
    if day.month is None and day.day is not None:
        months = [_shift_month(today, offset) for offset in (-1, 0, 1)]
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


def _shift_month(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _read_weekday(fields: Fields, today: date | None) -> _Reading:
    if today is None:
        return _Reading(None, None, "day", proba=0.8, reason="weekday")
    here = _monday(today) + timedelta(days=_weekday(fields))
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
        return _Reading(
            None, None, "day", "gregorian", (past.isoformat(), coming.isoformat()), 0.8, "weekday"
        )
    alternatives = () if other == chosen or "relative_week" in modifier else (other.isoformat(),)
    return _Reading(chosen.isoformat(), chosen.isoformat(), "day", "gregorian", alternatives, 0.85, "weekday")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _read_relative(fields: Fields, today: date | None) -> _Reading:
    unit, offset = _shift(fields)
    if unit in "WMY":
        offset *= _meaning(fields, "count", "number", "number_word") or 1
    precision = {"M": "month", "Y": "year"}.get(unit, "day")
    proba, reason = (0.85, "weekday") if "weekday" in fields else (_RELATIVE_PROBA, "relative word")
    if today is None:
        return _Reading(None, None, precision, proba=proba, reason=reason)
    if unit == "?":
        both = tuple((today + timedelta(days=days)).isoformat() for days in (-offset, offset))
        return _Reading(None, None, "day", alternatives=both, proba=proba, reason=reason)
    if unit == "W" and "weekday" in fields:
        value = (_monday(today) + timedelta(weeks=offset, days=_weekday(fields))).isoformat()
    else:
        value = _shifted(today, unit, offset)
    if unit == "D" and "weekday" in fields and date.fromisoformat(value).weekday() != _weekday(fields):
        return _Reading(None, None, "day", alternatives=(value,), proba=proba, reason=reason)
    return _Reading(value, value, precision, proba=proba, reason=reason)


def _shifted(today: date, unit: str, offset: int) -> str:
    """The day, week (an interval), month or year so far from today; E is the last day of a month."""
    match unit:
        case "D":
            return (today + timedelta(days=offset)).isoformat()
        case "W":
            monday = _monday(today) + timedelta(weeks=offset)
            return f"{monday.isoformat()}/{(monday + timedelta(days=6)).isoformat()}"
        case "M":
            return _shift_month(today, offset).isoformat()[:7]
        case "E":
            return (_shift_month(today, offset + 1) - timedelta(days=1)).isoformat()
        case _:
            return f"{today.year + offset:04d}"


def _read_count(fields: Fields, today: date | None) -> _Reading:
    """Read "3 days ago": days are days, longer units only as exact as they are said."""
    unit = str(fields["unit"].meanings["unit"])
    count = (_meaning(fields, "count", "number", "number_word") or 0) * (-1 if "ago" in fields else 1)
    precision = {"M": "month", "Y": "year"}.get(unit, "day")
    value = None if today is None else _shifted(today, unit, count)
    return _Reading(value, value, precision, proba=0.6, reason="relative word")


def _time(fields: Fields) -> str | None:
    """Return HH:MM, None if no time is said, "" if it is impossible."""
    if "time" in fields:
        meanings = fields["time"].meanings
        inner = meanings.get("time", meanings.get("time_weak", {"clock": fields["time"]}))
        return _time({**{key: fields[key] for key in ("part",) if key in fields}, **inner})
    if "named" in fields:
        return str(fields["named"].meanings["named_clock"])
    if "clock" in fields:
        numbers = next(iter(fields["clock"].meanings.values()))
        hour, minute = numbers[0], numbers[1]
    elif "hour" in fields:
        hour = _meaning(fields, "hour", "number", "number_word", "hour_zero") or 0
        minute = _meaning(fields, "minute", "minute_number") or (30 if "half" in fields else 0)
        hour += _hour_shift(fields, hour)
    else:
        return None
    if "part" in fields and hour <= 12:
        hour = _hour_of_part(hour, str(fields["part"].meanings["part"]))
    return f"{hour % 24:02d}:{minute:02d}" if 0 <= hour <= 24 and minute <= 59 else ""


def _hour_shift(fields: Fields, hour: int) -> int:
    meanings = [fields[name].meanings for name in ("before", "after") if name in fields]
    data = [
        str(m[kind]) for m in meanings for kind in ("hour_before", "hour_after", "hour_maybe") if kind in m
    ]
    if "=6" in data and hour < 6 and "part" in fields and fields["part"].meanings["part"] == "am":
        return 6  # Thai: the third hour of the morning is 9:00
    return sum(int(shift) for shift in data if not shift.startswith("="))


def _hour_of_part(hour: int, part: str) -> int:
    """The hour of 24: 3 in the afternoon is 15, 9 at night 21, 1 at night 1, 12 at night 0."""
    if part == "am":
        return hour % 12 if hour == 12 else hour
    if part == "pm":
        return hour + 12 if hour < 12 else hour
    return hour + 12 if 6 <= hour < 12 else hour % 12


def _with_time(reading: _Reading, time: str | None) -> _Reading:
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


def _range_of_days(one: _Day, two: _Day, expression: Expression, today: date | None) -> _Reading | None:
    """Return the range of two days; the month of the second and the year of either are both's."""
    if one.month is None and one.day is not None:
        one = replace(one, month=two.month)
    turns = (one.month or 0, one.day or 0) > (two.month or 0, two.day or 0)  # over the new year
    if not one.years and not two.years and today is not None:
        near = _nearest(one, today) if one.month else None
        if near is not None and abs((near - today).days) <= NEAR_DAYS:
            one = replace(one, years=(_Year(near.year, "gregorian"),))
    if not one.years:
        one = replace(one, years=tuple(replace(year, number=year.number - turns) for year in two.years))
    elif not two.years:
        two = replace(two, years=tuple(replace(year, number=year.number + turns) for year in one.years))
    first, last = _read_day(one, today), _read_day(two, today)
    if first is None or last is None:
        return None
    return _range(_with_time(first, _time(expression.fields)), _with_time(last, _time(expression.till or {})))


def _range(first: _Reading, last: _Reading) -> _Reading:
    if last.reason == "time of day":
        return _range_of_times(first, last)
    value = (
        f"{first.value}/{last.value}"
        if first.value and last.value and "/" not in first.value + last.value
        else None
    )
    iso = f"{first.iso}/{last.iso}" if first.iso and last.iso else None
    return _Reading(value, iso, last.precision, last.calendar, (), max(first.proba, last.proba), last.reason)


def _range_of_times(first: _Reading, last: _Reading) -> _Reading:
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


def _entity(start: int, end: int, reading: _Reading) -> Entity:
    attributes: dict[str, Any] = {
        "iso": reading.iso,
        "calendar": reading.calendar,
        "precision": reading.precision,
    }
    if reading.alternatives:
        attributes["alternatives"] = list(reading.alternatives)
    return Entity("DATE", start, end, reading.value, attributes, reading.proba, "rule", reading.reason)
