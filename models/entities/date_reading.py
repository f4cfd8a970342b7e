"""What an expression of time says, and what its words mean."""

from dataclasses import dataclass
from datetime import date

from models.entities.date_grammar import Fields

RELATIVE_PROBA = 0.5
"""Of "tomorrow", "last month" or a time of day alone: a date as the taxonomy defines it, but of 19 that the
writers of our texts used they marked one as an entity; of calendar dates and weekdays three of four."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression says: `value` where the day is certain, `iso` what is known of it."""

    value: str | None
    iso: str | None
    precision: str
    calendar: str = "gregorian"
    alternatives: tuple[str, ...] = ()
    proba: float = 0.85
    reason: str = "pattern"


def shift_of(fields: Fields) -> tuple[str, int]:
    """Unit and offset of a relative word; the offset of D? may be either way."""
    code = next(
        str(data) for kind, data in fields["relative"].meanings.items() if kind.startswith("relative_")
    )
    return code[0] if "?" not in code else "?", int(code[1:].lstrip("?"))


def weekday_of(fields: Fields) -> int:
    """Return the weekday that is said; 0 is Monday."""
    return meaning_of(fields, "weekday", "weekday", "weekday_weak", "weekday_joined") or 0


def meaning_of(fields: Fields, name: str, *kinds: str) -> int | None:
    """Return the number that a field says, by the first of these kinds that it is of; None if of none."""
    if name not in fields:
        return None
    return next((int(fields[name].meanings[kind]) for kind in kinds if kind in fields[name].meanings), None)


def shifted_month(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
