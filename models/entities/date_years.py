"""A year as it is written -> the Gregorian years it may be.

Sources: Wikipedia "Thai solar calendar" (Buddhist era = Gregorian + 543), "Burmese calendar" (Burmese era =
Gregorian - 638, new year in April), "Buddhist calendar" (in Myanmar and Cambodia the year changes in April or
May), "Republic of China calendar" (Minguo = Gregorian - 1911), "Reiwa era".
"""

from dataclasses import dataclass
from typing import Final

from models.entities.date_grammar import Fields

BUDDHIST_LANGUAGES: Final = frozenset({"th", "lo"})


@dataclass(frozen=True, slots=True)
class Year:
    """A Gregorian year, and the calendar it was written in."""

    number: int
    calendar: str


def years_of(fields: Fields, month: int | None, language: str) -> tuple[Year, ...]:
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
        return short_years(number, language) if is_year else ()
    if number < 1500 and "era" in fields:
        return ()  # in 100 days
    return full_years(number, month)


def _years_of_era(era: str, number: int, month: int | None, language: str) -> tuple[Year, ...]:
    if era == "burmese":
        return _turning_years(number, -638, "burmese", month, new_year=4)
    if era == "buddhist" and language in {"my", "km"} and number > 2400:
        return _turning_years(number, 544, "buddhist", month, new_year=5)
    offsets = {"minguo": 1911, "reiwa": 2018, "heisei": 1988, "buddhist": 1957 if number < 100 else -543}
    offset = offsets.get(era, 2000 if number < 100 else 0)
    return (Year(number + offset, era if era in {"minguo", "buddhist"} else "gregorian"),)


def _turning_years(
    number: int, offset: int, calendar: str, month: int | None, new_year: int
) -> tuple[Year, ...]:
    """Years of a calendar whose year turns in month `new_year` of the Gregorian year `number - offset`."""
    first, second = Year(number - offset, calendar), Year(number - offset + 1, calendar)
    if month is None or month == new_year:
        return first, second
    return (first,) if month > new_year else (second,)


def full_years(number: int, month: int | None) -> tuple[Year, ...]:
    """Years of three or four digits, whose number tells the calendar."""
    if number >= 2400:
        return (Year(number - 543, "buddhist"),)
    if number < 200:
        return (Year(number + 1911, "minguo"),)
    if number < 1500:
        return _turning_years(number, -638, "burmese", month, new_year=4)
    return (Year(number, "gregorian"),)


def short_years(number: int, language: str) -> tuple[Year, ...]:
    """Years of two digits: in Thai and Lao 43 to 75 are Buddhist (2543 to 2575); both readings are given."""
    gregorian = Year(number + (2000 if number <= 42 else 1900), "gregorian")
    buddhist = Year(number + 1957, "buddhist")
    if language not in BUDDHIST_LANGUAGES:
        return (gregorian,)
    return (buddhist, gregorian) if 43 <= number <= 75 else (gregorian, buddhist)
