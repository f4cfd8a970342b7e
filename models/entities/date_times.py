"""Times of day -> hours and minutes.

Sources: Wikipedia "Thai six-hour clock".
"""

from models.entities.date_grammar import Fields
from models.entities.date_reading import meaning_of


def time_of(fields: Fields) -> str | None:
    """Return HH:MM, None if no time is said, "" if it is impossible."""
    if "time" in fields:
        meanings = fields["time"].meanings
        inner = meanings.get("time", meanings.get("time_weak", {"clock": fields["time"]}))
        return time_of({**{key: fields[key] for key in ("part",) if key in fields}, **inner})
    if "named" in fields:
        return str(fields["named"].meanings["named_clock"])
    if "clock" in fields:
        numbers = next(iter(fields["clock"].meanings.values()))
        hour, minute = numbers[0], numbers[1]
    elif "hour" in fields:
        hour = meaning_of(fields, "hour", "number", "number_word", "hour_zero") or 0
        minute = meaning_of(fields, "minute", "minute_number") or (30 if "half" in fields else 0)
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
