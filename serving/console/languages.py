"""The languages people read the console in: gettext catalogues, the names of codes, and dates.

English is what stands in the code and in the templates. Every other language is one file, `locales/<tag>.po`,
read at the start of the service: whoever translates changes that file, and nothing is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from models.taxonomy import ENTITY_TERMS, INDICATOR_TERMS, LABEL_TERMS, ROLE_TERMS
from models.taxonomy import Term as TaxonomyTerm

FOLDER: Final = Path(__file__).parent / "locales"
ENGLISH: Final = "en"
THAI: Final = "th"
_BUDDHIST_YEARS: Final = 543
_ZONE: Final = timezone(timedelta(hours=7), "ICT")
"""Of Thailand, Laos, Cambodia and Viet Nam; Myanmar is half an hour behind."""
_TERMS: Final[Mapping[str, TaxonomyTerm]] = {
    term.code: term for terms in (LABEL_TERMS, ROLE_TERMS, INDICATOR_TERMS, ENTITY_TERMS) for term in terms
}


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the console.

    Attributes:
        tag: BCP-47.
        name: as its readers write it.
    """

    tag: str
    name: str
    catalogue: NullTranslations

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
        """Return what a code of the taxonomy says, in one line."""
        term = _TERMS.get(code)
        if term is None:
            return ""
        return term.definition_th if self.tag == THAI else term.definition

    def moment(self, at_ms: int | None) -> str:
        """Return a time of Bangkok; its year is that of the Buddhist era in Thai."""
        if at_ms is None:
            return ""
        at = datetime.fromtimestamp(at_ms / 1000, _ZONE)
        if self.tag == THAI:
            day = format_datetime(at, "d MMM", locale=THAI)
            return f"{day} {at.year + _BUDDHIST_YEARS} {at:%H:%M}"
        return format_datetime(at, "d MMM y HH:mm", locale=ENGLISH)

    def iso_moment(self, at: str | None) -> str:
        """Return a time that is given in ISO 8601, as `moment` does."""
        return self.moment(int(datetime.fromisoformat(at).timestamp() * 1000)) if at else ""


@cache
def languages() -> Mapping[str, Language]:
    """Return all languages by their tags, English first."""
    names = {ENGLISH: "English", THAI: "ไทย"}
    found = {ENGLISH: Language(ENGLISH, names[ENGLISH], NullTranslations())}
    for path in sorted(FOLDER.glob("*.po")):
        found[path.stem] = Language(path.stem, names.get(path.stem, path.stem), _catalogue(path))
    return found


def language_of(tag: str, accepted: str = "") -> Language:
    """Return a language by its tag, or else the first that a browser accepts, or English.

    Args:
        tag: as a person chose it; "" if they have not.
        accepted: the header Accept-Language.
    """
    wanted = [tag, *(part.partition(";")[0].strip().partition("-")[0] for part in accepted.split(","))]
    return next((languages()[one] for one in wanted if one in languages()), languages()[ENGLISH])


def _catalogue(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
