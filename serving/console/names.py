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


def status_meanings(language: Language) -> Mapping[str, str]:
    """Return what each state tells, in a sentence."""
    _ = language.text
    return {
        "new": _("Nobody has looked at it yet."),
        "acknowledged": _("Somebody has seen it and looks after it."),
        "in_review": _("Somebody is working on it."),
        "needs_information": _("Somebody was asked for more and has not answered yet."),
        "labels_agreed": _("An officer agrees with what the text shows signs of."),
        "labels_rejected": _("An officer does not agree: the text does not show these signs."),
        "referred": _("It was sent to another agency, which has not answered yet."),
        "accepted_by_partner": _("The other agency has taken it on."),
        "returned": _("The other agency sent it back."),
        "closed": _("The work on it is done."),
    }


def priority_meanings(language: Language) -> Mapping[str, str]:
    """Return why something has each priority, in a sentence."""
    _ = language.text
    return {
        "urgent": _("Somebody may be in danger: an officer reads it before everything else."),
        "high": _(
            "Money may still be stopped, people may be trafficked or threatened, or the signs are strong."
        ),
        "review": _("Something was found, or the computer is not sure: an officer reads it."),
        "low": _("The computer found nothing. That does not prove that nothing is wrong."),
    }


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


def platform_names(language: Language) -> Mapping[str, str]:
    """Return the names of where people post and send what is reported."""
    _ = language.text
    return {
        **channel_names(language),
        "instagram": "Instagram",
        "threads": "Threads",
        "tiktok": "TikTok",
        "douyin": "Douyin",
        "youtube": "YouTube",
        "x": "X",
        "weibo": "Weibo",
        "qq": "QQ",
        "xiaohongshu": "Xiaohongshu",
        "kakaotalk": "KakaoTalk",
        "signal": "Signal",
        "discord": "Discord",
        "snapchat": "Snapchat",
        "linkedin": "LinkedIn",
        "reddit": "Reddit",
        "bigo": "Bigo",
        "lemon8": "Lemon8",
        "poster": _("poster or leaflet"),
        "in_person": _("in person"),
        "website": _("website"),
        "job_site": _("job site"),
        "marketplace": _("online marketplace"),
        "dating_app": _("dating app"),
        "game": _("game"),
    }


def kind_names(language: Language) -> Mapping[str, str]:
    """Return the names of the kinds of marks that people make in a text."""
    _ = language.text
    return {
        "label": _("What the text is"),
        "sign": _("Warning signs in the text"),
        "entity": _("Names, numbers and places"),
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
