"""What stays where recognisers, gazetteer and model meet."""

from itertools import pairwise

import pytest

from models.entities.entity import Context, Entity
from models.entities.pipeline import find_entities, settle


def named(code: str, text: str, words: str, proba: float = 0.9) -> Entity:
    """Return words of a text as the model names them."""
    start = text.index(words)
    return Entity(code, start, start + len(words), None, proba=proba, source="model", reason="model")


TOGETHER = {
    "a link to an account is no address": (
        "th",
        "ทัก https://line.me/ti/p/~jobs555 เลย",
        [("SOCIAL_HANDLE", "https://line.me/ti/p/~jobs555")],
    ),
    "a place on a map is no address": (
        "en",
        "meet at https://maps.google.com/?q=16.7,98.5 now",
        [("GEO", "https://maps.google.com/?q=16.7,98.5")],
    ),
    "a number beside a bank is an account": (
        "th",
        "โอนเข้ากสิกร 055-5-55512-3 ชื่อสมชาย",
        [("BANK_ACCOUNT", "055-5-55512-3")],
    ),
    "a number to call is a phone, its price money": (
        "th",
        "ราคา 1,500 บาท โทร 081-555-0143",
        [("MONEY", "1,500 บาท"), ("PHONE", "081-555-0143")],
    ),
    "a mail address is one thing": ("en", "write to a.b@pay.example today", [("EMAIL", "a.b@pay.example")]),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_what_could_be_two_things_is_the_right_one(case: str) -> None:
    language, text, expected = TOGETHER[case]
    found = [
        (entity.type, text[entity.start : entity.end]) for entity in find_entities(text, Context(language))
    ]

    assert [one for one in found if one[0] not in {"DATE", "LOCATION"}] == expected


def test_nothing_overlaps() -> None:
    text = "KK Park 081-555-0143 https://t.me/x555 line: x555 วันที่ 5/5/2569 ราคา 5,555 บาท อายุ 18-25 ปี"
    found = find_entities(text, Context("th"), [named("PERSON", text, "line: x555 วัน")])

    assert len(found) > 5
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_name_around_a_town_is_the_name_but_a_compound_stays() -> None:
    bank, park = "Poipet Trading Company", "KK Park Company"
    own = [named("ORGANISATION", bank, bank)]
    compound = [named("ORGANISATION", park, park)]

    assert [one.type for one in find_entities(bank, Context("en"), own)] == ["ORGANISATION"]
    assert [one.type for one in find_entities(park, Context("en"), compound)] == ["LOCATION"]


def entity(code: str, start: int, end: int, proba: float = 0.85, **more: object) -> Entity:
    """Return an entity by its place alone."""
    return Entity(code, start, end, None, proba=proba, **more)  # type: ignore[arg-type]


PLACE = entity("LOCATION", 4, 9, source="gazetteer", attributes={"kind": "town"})
COMPOUND = entity("LOCATION", 4, 9, source="gazetteer", attributes={"kind": "scam_site"})
SETTLED = {
    "what a rule read keeps its value, however sure the model": (
        entity("MONEY", 0, 9, 0.7),
        entity("MONEY", 0, 9, 0.97, source="model"),
    ),
    "a weak name around a place takes no number with it": (
        entity("PHONE", 0, 6),
        entity("PERSON", 0, 9, 0.5, source="model"),
        PLACE,
    ),
    "a surer name stays": (
        entity("PERSON", 0, 9, 0.95, source="model"),
        entity("AGE", 0, 6, 0.6),
    ),
    "a compound is no display name": (COMPOUND, entity("SOCIAL_HANDLE", 4, 9, 0.9)),
    "a compound in an address is part of the address": (entity("URL", 0, 12, 0.9), COMPOUND),
    "the outer of two links": (entity("URL", 0, 20, 0.8), entity("SOCIAL_HANDLE", 9, 20, 0.95)),
    "an account of a link is no address": (entity("SOCIAL_HANDLE", 0, 20, 0.8), entity("URL", 0, 20, 0.9)),
    "a plate with its province": (entity("VEHICLE", 0, 9, 0.7), PLACE),
    "a name in the words of a place the model read longer": (
        PLACE,
        entity("LOCATION", 2, 12, 0.9, source="model"),
    ),
    "an account that is a mail address is the account": (
        entity("BANK_ACCOUNT", 0, 13, 0.85, attributes={"alternatives": ["EMAIL"]}),
        entity("EMAIL", 0, 13, 0.95),
    ),
    "an account that may be an identity number is the account": (
        entity("BANK_ACCOUNT", 0, 13, 0.85, attributes={"alternatives": ["ID_DOCUMENT"]}),
        entity("ID_DOCUMENT", 0, 13, 0.99, reason="checksum"),
    ),
}


@pytest.mark.parametrize("case", SETTLED)
def test_of_those_that_meet_the_first_stays(case: str) -> None:
    stays, *others = SETTLED[case]

    assert stays in settle([stays, *others])
    assert stays in settle([*others, stays])
    assert all(other not in settle([*others, stays]) for other in others if other is not PLACE)


def test_a_text_of_nothing_but_entities_is_settled_at_once() -> None:
    many = [entity("URL", at, at + 9, 0.9) for at in range(0, 300_000, 5)]

    assert len(settle(many)) == 30_000
