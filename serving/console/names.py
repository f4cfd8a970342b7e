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


def channel_names(language: Language) -> Mapping[str, str]:
    """Return the names of the ways by which reports come; names of services are the same everywhere."""
    _ = language.text
    return {
        "hotline": _("hotline"),
        "call": _("telephone call"),
        "sms": "SMS",
        "email": _("e-mail"),
        "letter": _("letter"),
        "walk_in": _("in person"),
        "web_form": _("web form"),
        "chat": _("chat"),
        "app": _("app"),
        "line": "LINE",
        "facebook": "Facebook",
        "messenger": "Messenger",
        "telegram": "Telegram",
        "viber": "Viber",
        "wechat": "WeChat",
        "whatsapp": "WhatsApp",
        "zalo": "Zalo",
        "partner": _("partner agency"),
        "police": _("police"),
        "embassy": _("embassy"),
        "bank": _("bank"),
        "patrol": _("online patrol"),
        "file": _("file"),
        "other": _("other"),
    }


def kind_names(language: Language) -> Mapping[str, str]:
    """Return the names of the kinds of marks that people make in a text."""
    _ = language.text
    return {
        "label": _("What the text is"),
        "sign": _("Signs in the words"),
        "entity": _("Named in it"),
    }


def item_names(language: Language) -> Mapping[str, str]:
    """Return the names of what is kept of a report: as it was received, and derived from that."""
    _ = language.text
    return {
        "original": _("as received"),
        "ocr": _("words read in the image"),
        "word_boxes": _("where these words stand"),
        "normalised": _("as the model read it"),
        "redacted": _("redacted"),
    }


def code_names(language: Language) -> Mapping[str, str]:
    """Return the names of other codes that a history, a referral or a contact line holds."""
    _ = language.text
    return {
        "yes": _("yes"),
        "no": _("no"),
        "unknown": _("unknown"),
        "not_asked": _("not asked"),
        "original": _("the original"),
        "redacted": _("redacted text"),
        "codes": _("codes only"),
        "consent": _("with consent"),
        "child": _("without consent: a child"),
        "imminent_danger": _("without consent: imminent danger"),
        "waiting": _("waiting"),
        "screened": _("screened"),
        "failed": _("could not be screened"),
    }
