"""What is to be translated -> the catalogues: `python -m serving.console.catalogues`.

Adds what is new to every `locales/<tag>.po`, without a translation, and takes out what is gone. A new
language begins as an empty file: `touch serving/console/locales/vi.po`, then this, then a translator.
"""

import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from serving.console.languages import FOLDER

_HERE: Final = Path(__file__).parent
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS: Final = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}  # trans blocks are gettext


def messages() -> Catalog:
    """Return all texts of the console, in English."""
    catalogue = Catalog(project="ScamScreen", charset="utf-8")
    found = extract_from_dir(_HERE, _METHODS, _OPTIONS, _KEYWORDS)
    for name, _, message, _, _ in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(name, 1)])
    return catalogue


def read(path: Path) -> Catalog:
    """Return a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def main() -> int:
    """Bring all catalogues up to date; tell what each lacks."""
    wanted = messages()
    for path in sorted(FOLDER.glob("*.po")):
        catalogue = read(path)
        catalogue.update(wanted, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        catalogue.fuzzy = False
        catalogue.header_comment = f"# The console in {path.stem}."
        catalogue.project, catalogue.copyright_holder = "ScamScreen", "ScamScreen"
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, include_lineno=False, omit_header=False)
        missing = sum(1 for one in catalogue if one.id and not one.string)
        sys.stdout.write(f"{path}: {len(catalogue)} texts, {missing} without a translation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
