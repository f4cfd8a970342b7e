"""Names taken apart are put together; ordinary words stay."""

import pytest

from models.entities.taken_apart import joined


@pytest.mark.parametrize(
    ("lowered", "together"),
    [
        ("to b.d.o now", "to bdo now"),
        ("t n g ewallet", "tng ewallet"),
        ("h-d-f-c", "hdfc"),
        ("กรุง*ไทย", "กรุงไทย"),
        ("एस बी आई खाता", "एसबीआईखाता"),
        ("ke d4na ya", "ke dana ya"),
        ("un1onb4nk", "unionbank"),
        ("ke be-ce-a ya", "ke bca ya"),
    ],
)
def test_names_are_put_together(lowered: str, together: str) -> None:
    found = joined(lowered)
    assert found is not None
    assert found.text == together


def test_places_lead_back_to_the_text() -> None:
    found = joined("x b.c.a y")
    assert found is not None
    at = found.text.index("bca")
    assert (found.places[at], found.places[at + 2]) == (2, 6)


@pytest.mark.parametrize("lowered", ["", "transfer to kbank 555", "โอนเข้าบัญชี", "an account of a friend"])
def test_ordinary_words_stay(lowered: str) -> None:
    assert joined(lowered) is None
