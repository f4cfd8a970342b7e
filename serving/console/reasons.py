"""Why words were taken for a name or a number, told to people: records hold it as the recognisers say it."""

import re
from collections.abc import Mapping
from typing import Final

from serving.console.languages import Language

_QUOTES: Final = re.compile(r'(context word|currency|multiplier) "(.*)"', re.DOTALL)
_REPORTED: Final = "gazetteer: reported by "
_WRONG: Final = ", checksum failed"


def reason_in_words(language: Language, reason: str) -> str:
    """Return a reason in a language; one that is not known as it is."""
    _ = language.text
    if reason.endswith(_WRONG):
        wrong = _("its check digit is wrong")
        return f"{reason_in_words(language, reason.removesuffix(_WRONG))}; {wrong}"
    if reason.startswith(_REPORTED):
        return _("in the list of places: %(source)s") % {"source": reason.removeprefix(_REPORTED)}
    if quotes := _QUOTES.fullmatch(reason):
        return _("beside “%(word)s”") % {"word": quotes[2]}
    return _plain_reasons(language).get(reason, reason)


def _plain_reasons(language: Language) -> Mapping[str, str]:
    """Return the reasons that quote nothing."""
    _ = language.text
    time, beside = _("a word for a time"), _("by the words beside it")
    return {
        "pattern": _("by its form"),
        "thousands separator": _("by its form"),
        "checksum": _("its check digit is right"),
        "link": _("from a link"),
        "gazetteer": _("in the list of places"),
        "model": _("found by the model"),
        "context word": beside,
        "person word": beside,
        **dict.fromkeys(("weekday", "time of day", "relative word", "holiday", "lunar date"), time),
    }
