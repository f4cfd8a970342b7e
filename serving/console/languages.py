"""The languages people read the console in: gettext catalogues, the names of codes, and dates.

English is what stands in the code and in the templates. Every other language is one file, `locales/<tag>.po`,
read at the start of the service: whoever translates changes that file, and nothing is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from models.taxonomy import ENTITY_TERMS, INDICATOR_TERMS, LABEL_TERMS, ROLE_TERMS
from models.taxonomy import Term as TaxonomyTerm
from serving.clock import ZONE, now_ms

FOLDER: Final = Path(__file__).parent / "locales"
ENGLISH: Final = "en"
THAI: Final = "th"
_BUDDHIST_YEARS: Final = 543
_CALENDAR: Final = "-u-ca-"
_BUDDHIST, _GREGORIAN = f"{_CALENDAR}buddhist", f"{_CALENDAR}gregory"
"""Of Thailand, Laos, Cambodia and Viet Nam; Myanmar is half an hour behind."""
_TERMS: Final[Mapping[str, TaxonomyTerm]] = {
    term.code: term for terms in (LABEL_TERMS, ROLE_TERMS, INDICATOR_TERMS, ENTITY_TERMS) for term in terms
}

ABSENCE: Final = (
    "Absence of an ILO indicator in an advert means not observable, never absent.",
    "ถ้าไม่พบในประกาศ แปลว่ามองไม่เห็นจากข้อความ ไม่ได้แปลว่าไม่มี",
)
"""With what definitions of the ILO's indicators end: noise beside one that was found."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the console.

    Attributes:
        tag: BCP-47.
        name: as its readers write it.
        is_buddhist: years are counted from the Buddha's death.
    """

    tag: str
    name: str
    catalogue: NullTranslations
    is_buddhist: bool = False

    @property
    def choice(self) -> str:
        """What is remembered of a person who chose it: BCP-47 with the calendar (RFC 6067)."""
        return f"{self.tag}{_BUDDHIST if self.is_buddhist else _GREGORIAN}"

    @property
    def other_calendar(self) -> "Language":
        """The same language with the other calendar."""
        return replace(self, is_buddhist=not self.is_buddhist)

    def text(self, english: str) -> str:
        """Return a text of the console in this language."""
        return self.catalogue.gettext(english)

    def term(self, code: str) -> str:
        """Return the name of a code of the taxonomy."""
        term = _TERMS.get(code)
        if term is None:
            return code
        return term.name_th if self.tag == THAI else term.name

    def definition(self, code: str) -> str:
        """Return what a code of the taxonomy says, in one line, and nothing of what its absence would say."""
        term = _TERMS.get(code)
        if term is None:
            return ""
        definition = term.definition_th if self.tag == THAI else term.definition
        for absence in ABSENCE:
            definition = definition.removesuffix(absence)
        return definition.strip()

    def language_name(self, tag: str) -> str:
        """Return what the language of a text is called, or its tag."""
        name: str | None = Locale.parse(self.tag).languages.get(tag)
        return name or tag

    def moment(self, at_ms: int | None) -> str:
        """Return a time of Bangkok."""
        if at_ms is None:
            return ""
        return f"{self.day(at_ms)} {datetime.fromtimestamp(at_ms / 1000, ZONE):%H:%M}"

    def day(self, at_ms: int) -> str:
        """Return a day of Bangkok, with its year."""
        at = datetime.fromtimestamp(at_ms / 1000, ZONE)
        year = at.year + (_BUDDHIST_YEARS if self.is_buddhist else 0)
        return f"{format_datetime(at, 'd MMM', locale=self.tag)} {year}"

    def short_moment(self, at_ms: int) -> str:
        """Return a time of Bangkok as lists have it: the hour of today, else the day."""
        at, now = (datetime.fromtimestamp(ms / 1000, ZONE) for ms in (at_ms, now_ms()))
        if at.date() == now.date():
            return f"{at:%H:%M}"
        day = format_datetime(at, "d MMM", locale=self.tag)
        year = at.year + (_BUDDHIST_YEARS if self.is_buddhist else 0)
        return day if at.year == now.year else f"{day} {year}"

    def iso_moment(self, at: str | None) -> str:
        """Return a time that is given in ISO 8601, as `moment` does."""
        return self.moment(int(datetime.fromisoformat(at).timestamp() * 1000)) if at else ""


@cache
def languages() -> Mapping[str, Language]:
    """Return all languages by their tags, English first."""
    names = {ENGLISH: "English", THAI: "ไทย"}
    found = {ENGLISH: Language(ENGLISH, names[ENGLISH], NullTranslations())}
    for path in sorted(FOLDER.glob("*.po")):
        name = names.get(path.stem, path.stem)
        found[path.stem] = Language(path.stem, name, _catalogue(path), is_buddhist=path.stem == THAI)
    return found


def chosen_language(choice: str) -> Language | None:
    """Return the language that somebody chose (`Language.choice`), or None if there is no such one."""
    tag = choice.partition(_CALENDAR)[0]
    found = languages().get(tag)
    if found is None or choice == tag:
        return found
    return next((one for one in (found, found.other_calendar) if one.choice == choice), None)


def language_of(choice: str, accepted: str = "") -> Language:
    """Return what a person chose, or else the first language that a browser accepts, or English.

    Args:
        choice: as `Language.choice`; "" if they have not.
        accepted: the header Accept-Language.
    """
    wanted = (part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(","))
    of_browser = (languages()[tag] for tag in wanted if tag in languages())
    return chosen_language(choice) or next(of_browser, languages()[ENGLISH])


def _catalogue(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
