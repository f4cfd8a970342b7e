"""Whether the normal form of a found entity is the one its writer put beside the text.

Writers and records follow the same standards (E.164, ISO 8601, ISO 4217), but not every habit: a writer
gives a link without `http://`, a clock time without its `T`, each end of a range a mark of its own. What
means the same is taken as the same; every such case is a function here.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from models.entities.bank_context import institution_named
from models.screener import Screener
from models.screening import Document, Entity, Screening
from models.taxonomy import ENTITY_TYPES
from training.entity_report import Report, Scored
from training.metrics import Share
from training.sources import written_test

OBFUSCATIONS: Final = Path(__file__).parents[1] / "tests" / "data" / "contact_obfuscations.toml"


def written_values(
    folder: Path = written_test.WRITTEN_TEST_FOLDER,
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return id of a text of the written test -> the normal forms of its entities, in reading order."""
    found = {}
    for path in sorted(folder.glob("*.toml")):
        for example in tomllib.loads(path.read_text(encoding="utf-8"))["example"]:
            found[example["id"]] = example["values"]
    return found


def value_scores(scored: Scored, values: Mapping[str, Sequence[Mapping[str, Any]]]) -> Report:
    """Return, by type, the share of found entities whose normal form is the one written beside them."""
    right: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for row, record in enumerate(scored.records):
        marked = scored.marked(row, "entity")
        for (code, start, end), expected in zip(marked, values[str(scored.table.key[row])], strict=True):
            entity = next(
                (one for one in record.entities if one.type == code and one.start < end and start < one.end),
                None,
            )
            if expected and entity is not None:
                known[code] += 1
                right[code] += has_value(entity, expected)
    return {
        "all": Share(right.total(), known.total()).to_dict(),
        "by_type": {code: Share(right[code], known[code]).to_dict() for code in ENTITY_TYPES if known[code]},
    }


def obfuscation_scores(screener: Screener, path: Path = OBFUSCATIONS) -> Report:
    """Return the share of written disguised contacts that are found with their right normal form."""
    contacts = tomllib.loads(path.read_text(encoding="utf-8"))["contact"]
    documents = [Document(str(i), one["text"], one["language"]) for i, one in enumerate(contacts)]
    found: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for one, record in zip(contacts, screener.screen(documents), strict=True):
        expected = {key: one[key] for key in ("value", "platform") if key in one}
        entities = record.entities if isinstance(record, Screening) else ()
        hit = any(entity.type == one["type"] and has_value(entity, expected) for entity in entities)
        found[one["type"]].append(hit)
        if not hit:
            missed.append({"language": one["language"], "type": one["type"], "value": one["value"]})
    return {
        "all": Share(sum(map(sum, found.values())), len(contacts)).to_dict(),
        "by_type": {code: Share(sum(hits), len(hits)).to_dict() for code, hits in sorted(found.items())},
        "missed": missed,
    }


def has_value(entity: Entity, expected: Mapping[str, Any]) -> bool:
    """Return whether an entity has every part of the normal form written beside it."""
    actual = {"value": entity.value, **entity.attributes}
    return all(
        _is_same(entity.type, key, actual.get(key), value)
        for key, value in expected.items()
        if not (key == "value" and _is_never_matched(entity))
    )


def _is_never_matched(entity: Entity) -> bool:
    """Whether a record gives an entity no value on purpose: a wallet whose checksum failed."""
    return entity.type == "CRYPTO_WALLET" and entity.attributes.get("checksum") == "failed"


def _is_same(code: str, key: str, actual: object, expected: object) -> bool:
    if (code, key) == ("DATE", "iso"):
        return str(expected) in _parts_of_time(str(actual))
    plain = _PLAIN.get((code, key), _without_case)
    return plain(actual) == plain(expected)


def _parts_of_time(iso: str) -> set[str]:
    """Return an interval, its ends, and the day and the clock time of each: a mark may be of any of them."""
    ends = iso.split("/")
    parts = {part for end in ends for part in (end, *end.split("T")) if part}
    return {iso, *parts}


def _without_case(value: object) -> object:
    """Return numbers as numbers, words without case, spaces or a leading @."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return value
    return "".join(value.casefold().split()).lstrip("@")


def _address(value: object) -> object:
    """Return a link without what a browser adds: the scheme, the last stroke."""
    return re.sub("^https?://", "", value.casefold()).rstrip("/") if isinstance(value, str) else value


def _handle(value: object) -> object:
    """Return a handle, or the last part of the link that leads to it."""
    return str(_without_case(_address(value))).rpartition("/")[2] if isinstance(value, str) else value


def _code(value: object) -> object:
    """Return the letters and digits of a plate, a reference or a number of a paper, digits as ASCII."""
    if not isinstance(value, str):
        return value
    return "".join(
        str(int(char)) if char.isdecimal() else char.casefold() for char in value if char.isalnum()
    )


def _coordinates(value: object) -> object:
    return tuple(map(float, value.split(","))) if isinstance(value, str) else value


def _period(value: object) -> object:
    """Return the period of a sum; what is paid once has none."""
    return None if value == "once" else value


def _institution(value: object) -> object:
    """Return the bank or scheme a name is one of, else the name."""
    return _without_case(institution_named(value) or value) if isinstance(value, str) else value


_PLAIN: Final[Mapping[tuple[str, str], Callable[[object], object]]] = {
    ("URL", "value"): _address,
    ("SOCIAL_HANDLE", "value"): _handle,
    ("VEHICLE", "value"): _code,
    ("REFERENCE", "value"): _code,
    ("ID_DOCUMENT", "value"): _code,
    ("GEO", "value"): _coordinates,
    ("MONEY", "period"): _period,
    ("BANK_ACCOUNT", "bank"): _institution,
    ("BANK_ACCOUNT", "scheme"): _institution,
}
