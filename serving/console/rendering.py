"""Templates -> HTML; all that is put into one is escaped, and a name that is missing is an error."""

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from serving.console.built_in_guidance import built_in_guidance
from serving.console.languages import THAI, Language, languages
from serving.console.names import channel_names, platform_names, priority_meanings, status_meanings
from serving.console.reasons import reason_in_words

TEMPLATES: Final = Path(__file__).parent / "templates"
STATIC: Final = Path(__file__).parent / "static"


def rendered(template: str, language: Language, **context: Any) -> str:  # noqa: ANN401 (what templates show)
    """Return a template filled in, in a language."""
    return _environment(language).get_template(template).render(context)


def exact(words: str) -> Markup:
    """Return words escaped, so that a browser has them sign by sign: it drops carriage returns as such."""
    return Markup(str(escape(words)).replace("\r", "&#13;"))  # noqa: S704 (escaped before)


@cache
def _environment(language: Language) -> Environment:
    """Return what fills templates in; it is read once, so that a page costs no file."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {
        "language": language,
        "languages": tuple(languages().values()),
        "built_in_guidance": built_in_guidance(language),
        "priority_meanings": priority_meanings(language),
        "status_meanings": status_meanings(language),
        "disclaimer": DISCLAIMER_TH if language.tag == THAI else DISCLAIMER_EN,
    }
    channels, platforms = channel_names(language), platform_names(language)
    environment.filters |= {
        "channel": lambda code: channels.get(code, code),
        "platform": lambda code: platforms.get(code, code),
        "reason": partial(reason_in_words, language),
        "term": language.term,
        "definition": language.definition,
        "language_name": language.language_name,
        "moment": language.moment,
        "short_moment": language.short_moment,
        "iso_moment": language.iso_moment,
        "percent": lambda proba: f"{proba * 100:.0f}",
        "exact": exact,
    }
    return environment
