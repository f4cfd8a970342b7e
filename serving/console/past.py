"""What was done to a report -> lines that people read: names for codes; of marks, how many there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from serving.console.languages import Language
from serving.console.names import code_names, priority_names, status_names

_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a history.

    Attributes:
        changes: name of a field, what it was and what it became.
        words: what people wrote; None once it was purged.
    """

    at: str
    by: str
    action: str
    changes: tuple[tuple[str, str, str], ...]
    words: tuple[str, ...] = field(repr=False)


def past_lines(entries: Iterable[Mapping[str, Any]], language: Language) -> list[Line]:
    """Return the lines of a history, from its JSON."""
    actions, fields = _action_names(language), _field_names(language)
    return [
        Line(
            at=entry["at"],
            by=entry["by"],
            action=actions.get(entry["action"], entry["action"]),
            changes=tuple(
                (
                    fields.get(name, name),
                    _said(language, name, one["before"]),
                    _said(language, name, one["after"]),
                )
                for name, one in entry["changes"].items()
            ),
            words=tuple(words for words in (entry["words"] or {}).values() if words),
        )
        for entry in entries
    ]


def _said(language: Language, name: str, value: Any) -> str:  # noqa: ANN401, PLR0911 (one per kind of value)
    """Return a value of a field in words."""
    _ = language.text
    codes_of = code_names(language)
    match name, value:
        case _, None:
            return _NONE
        case _, bool():
            return _("yes") if value else _("no")
        case "status", str():
            return status_names(language).get(value, value)
        case "priority", str():
            return priority_names(language).get(value, value)
        case "labels", list():
            return ", ".join(map(language.term, value)) or _("nothing")
        case "spans", list():
            return _("marks: %(count)s") % {"count": len(value)}
        case "number", [str(code), *_rest]:
            return language.term(code)
        case "referral", _:
            codes = value.values() if isinstance(value, Mapping) else ()
            return ", ".join(codes_of[one] for one in codes if isinstance(one, str) and one in codes_of)
        case _, Mapping():
            return ", ".join(codes_of.get(str(one), str(one)) for one in value.values())
    return codes_of.get(str(value), str(value))


def _action_names(language: Language) -> Mapping[str, str]:
    _ = language.text
    return {
        "stored": _("stored"),
        "changed": _("changed"),
        "escalated": _("escalated: nobody had acknowledged it"),
        "referred": _("referred"),
        "referral_answered": _("the agency answered"),
        "given_up": _("could not be screened"),
        "purged": _("words removed"),
        "withheld": _("withheld: suspected child abuse material"),
        "shown_again": _("no longer withheld"),
        "number_checked": _("number compared with the image"),
        "exported_for_research": _("given to researchers"),
    }


def _field_names(language: Language) -> Mapping[str, str]:
    _ = language.text
    return {
        "status": _("State"),
        "priority": _("Priority"),
        "labels": _("Labels"),
        "spans": _("Marks in the text"),
        "assignee": _("Assigned to"),
        "safe_to_contact": _("Safe to contact"),
        "consent": _("Consent"),
        "referral": _("Referral"),
        "acknowledged": _("accepted"),
        "returned": _("returned"),
        "withheld": _("Withheld"),
        "number": _("Number"),
        "work": _("Screening"),
        "researchers": _("Given to researchers"),
    }
