"""Redaction: nothing chosen is left in the text, the same thing has the same name, the rest stays."""

import re
import tracemalloc

import pytest

from models.errors import RedactionError
from models.redaction import Redactor
from models.screening import Entity

TEXT = "Somchai 081-555-0143, or +66 81 555 0143. Ask somchai for Nok. จ่าย 500 บาท"
KEY = b"sixteen bytes or more"


def entity(code: str, words: str, value: str | None = None, at: int = 0) -> Entity:
    start = TEXT.index(words, at)
    return Entity(code, start, start + len(words), words, value, {}, "unknown", 0.9, "rule", "pattern")


ENTITIES = [
    entity("PERSON", "Somchai"),
    entity("PHONE", "081-555-0143", "+66815550143"),
    entity("PHONE", "+66 81 555 0143", "+66815550143"),
    entity("PERSON", "Nok"),
    entity("MONEY", "500 บาท", "500 THB"),
]


def test_the_same_thing_has_the_same_placeholder_however_it_is_written() -> None:
    assert Redactor().redact(TEXT, ENTITIES).text == (
        "[PERSON_1] [PHONE_1], or [PHONE_1]. Ask [PERSON_1] for [PERSON_2]. จ่าย 500 บาท"
    )


def test_only_chosen_types_go() -> None:
    assert Redactor(["MONEY"]).redact(TEXT, ENTITIES).text.endswith("Nok. จ่าย [MONEY_1]")


def test_a_mask_keeps_the_shape_and_no_letter_or_digit() -> None:
    text = "โทร ๐๘๑-๕๕๕-๐๑๔๓ ชื่อ สมชาย"
    found = [
        Entity("PHONE", 4, 16, text[4:16], None, {}, "unknown", 0.9, "rule", ""),
        Entity("PERSON", 22, 27, text[22:27], None, {}, "unknown", 0.9, "model", ""),
    ]

    assert Redactor(style="mask").redact(text, found).text == "โทร •••-•••-•••• ชื่อ •••••"


def test_a_token_links_texts_for_who_has_the_key_and_nobody_else() -> None:
    redactor = Redactor(["PHONE"], "token", key=KEY)
    first, second = re.findall(r"\[PHONE:([0-9a-f]{16})\]", redactor.redact(TEXT, ENTITIES).text)
    other = Redactor(["PHONE"], "token", key=KEY[::-1]).redact(TEXT, ENTITIES).text

    assert first == second
    assert first not in other
    assert "555" not in other


def test_every_redaction_says_where_it_stands() -> None:
    redacted = Redactor().redact(TEXT, ENTITIES)

    assert [one.type for one in redacted.redactions] == ["PERSON", "PHONE", "PHONE", "PERSON", "PERSON"]
    assert all(redacted.text[one.start : one.end] == one.replacement for one in redacted.redactions)


def test_where_a_repeated_name_and_another_entity_meet_nothing_is_left() -> None:
    text = "Anna Annabel"
    found = [
        Entity("PERSON", 0, 4, "Anna", None, {}, "unknown", 0.9, "model", ""),
        Entity("SOCIAL_HANDLE", 5, 12, "Annabel", "annabel", {}, "unknown", 0.9, "rule", ""),
    ]
    redacted = Redactor().redact(text, found).text

    assert "nn" not in redacted
    assert "bel" not in redacted


REPEATS = {
    "a short name inside another word is that word": ("Nok sells Nokia", "Nok", "[PERSON_1] sells Nokia"),
    "a short Latin name": ("Bo and BO", "Bo", "[PERSON_1] and [PERSON_1]"),
    "a Chinese name of two letters": ("王伟说王伟来", "王伟", "[PERSON_1]说[PERSON_1]来"),
    "a short Thai name may be part of a word": ("นกบอกว่านกแก้ว", "นก", "[PERSON_1]บอกว่านกแก้ว"),
    "a longer Thai name may not": ("สมชายบอกว่าสมชาย", "สมชาย", "[PERSON_1]บอกว่า[PERSON_1]"),
}


@pytest.mark.parametrize("case", REPEATS)
def test_a_name_goes_wherever_else_it_stands(case: str) -> None:
    text, name, expected = REPEATS[case]
    found = [Entity("PERSON", 0, len(name), name, None, {}, "unknown", 0.9, "model", "")]

    assert Redactor().redact(text, found).text == expected


def only(code: str, text: str, **attributes: object) -> Entity:
    return Entity(code, 0, len(text), text, None, attributes, "unknown", 0.9, "rule", "")


@pytest.mark.parametrize(
    ("found", "types", "goes"),
    [
        (only("ID_DOCUMENT", "passport"), ["ID_DOCUMENT"], False),
        (only("ID_DOCUMENT", "passport AA1234567"), ["ID_DOCUMENT"], True),
        (only("BANK_ACCOUNT", "0815550143", alternatives=["PHONE"]), ["PHONE"], True),
        (only("BANK_ACCOUNT", "0815550143"), ["PHONE"], False),
        (only("URL", "shop.example/deal"), ["PHONE"], False),
        (only("URL", "shop.example/?tel=0815550143"), ["PHONE"], True),
        (only("URL", "shop.example/?to=nok@mail.example"), ["EMAIL"], True),
    ],
)
def test_what_may_be_or_holds_a_chosen_thing_goes_too(found: Entity, types: list[str], goes: bool) -> None:
    assert (Redactor(types).redact(found.text, [found]).text != found.text) == goes


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"types": ["PHONES"]}, "no entity type PHONES: expected PERSON"),
        ({"style": "blur"}, "expected placeholder, mask, token"),
        ({"style": "token"}, "at least 16 bytes"),
        ({"style": "token", "key": b"short"}, "at least 16 bytes"),
    ],
)
def test_what_cannot_be_done_is_told(options: dict, told: str) -> None:
    with pytest.raises(RedactionError, match=re.escape(told)):
        Redactor(**options)


def test_a_contact_that_stands_in_a_text_thousands_of_times_takes_no_gigabyte() -> None:
    word = "a@b.example"
    text = f"{word} " * 2_000
    found = [
        Entity("EMAIL", at, at + len(word), word, word, {}, "unknown", 0.9, "rule", "pattern")
        for at in range(0, len(text), len(word) + 1)
    ]

    tracemalloc.start()
    redacted = Redactor().redact(text, found)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert redacted.text == "[EMAIL_1] " * 2_000
    assert peak_bytes < 20_000_000
