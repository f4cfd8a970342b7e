"""How long something waits, in words."""

from typing import Final

from serving.console.languages import Language

_MINUTE_MS: Final = 60_000
_HOUR_MINUTES: Final = 60
_DAY_HOURS: Final = 24
_LEAST_DAYS: Final = 2


def age(language: Language, ms: int) -> str:
    """Return a stretch of time in days and hours, or in hours and minutes; what is to come is no time."""
    _ = language.text
    hours, minutes = divmod(max(ms, 0) // _MINUTE_MS, _HOUR_MINUTES)
    days, rest = divmod(hours, _DAY_HOURS)
    if days >= _LEAST_DAYS:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": rest}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)s min") % {"minutes": minutes}
