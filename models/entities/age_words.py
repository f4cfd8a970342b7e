"""The words for ages, years, persons and what else a figure may count, of `age.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.entities.words import Lexicon

DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("age.toml").read_text(encoding="utf-8"))


def _words(name: str) -> Lexicon:
    return Lexicon(DATA[name])


BEFORE = _words("before")
CONNECTIVES = _words("connectives")
MAXIMUM = frozenset(DATA["maximum"])
MINIMUM = frozenset(DATA["minimum"])
EITHER = frozenset(DATA["either_limit"])
LIMIT_WORDS = Lexicon(MAXIMUM | MINIMUM | EITHER)
UP = _words("up")
DOWN = _words("down")
CERTAIN_UNITS = _words("certain_units")
YEAR_UNITS = _words("year_units")
DECADES = Lexicon([*DATA["decades"], *DATA["decades_of_age"]])
DECADES_OF_AGE = _words("decades_of_age")
THINGS = _words("things")
PERSONS = _words("persons")
DURATIONS_BEFORE = _words("durations_before")
DURATIONS_AFTER = _words("durations_after")
MAYBE_AFTER = frozenset(DATA["maybe_durations_after"])
OTHER_UNITS = _words("other_units")
POSSESSIVES = _words("possessive")
NUMBERS: Mapping[str, int] = DATA["numbers"]
TENS: Mapping[str, int] = DATA["tens"]
