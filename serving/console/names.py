"""What states, priorities and other codes that are none of the taxonomy are called."""

from collections.abc import Mapping
from typing import Final

from serving.console.languages import Language

LANGUAGES: Final = ("th", "my", "km", "lo", "vi", "zh", "en", "id", "ms", "tl", "ko", "hi")


def status_names(language: Language) -> Mapping[str, str]:
    """Return the names of the states of a report; none says that anybody is a victim, or guilty."""
    _ = language.text
    return {
        "new": _("new"),
        "acknowledged": _("acknowledged"),
        "in_review": _("in review"),
        "needs_information": _("needs information"),
        "labels_agreed": _("labels agreed"),
        "labels_rejected": _("labels rejected"),
        "referred": _("referred"),
        "accepted_by_partner": _("accepted by partner"),
        "returned": _("returned"),
        "closed": _("closed"),
    }


def priority_names(language: Language) -> Mapping[str, str]:
    """Return the names of the priorities; the first is about a person, and calm."""
    _ = language.text
    return {"urgent": _("Person first"), "high": _("High"), "review": _("Review"), "low": _("Low")}
