"""What is kept of a text beside its original: as the model read it, and without what identifies people."""

import pytest

from models.screening import Document, ScreeningError
from serving.reports.derived_texts import derived_texts
from tests.fakes import FakeScreener


def derived(text):
    [record] = FakeScreener().screen([Document("one", text)])
    return {one.kind: one for one in derived_texts(text, record)}


def test_disguise_and_names_are_undone_in_texts_of_their_own():
    text = "Somchai pays 𝐏𝐑𝟎𝐌𝐎, ask L I N E"
    found = derived(text)

    assert found["normalised"].content.decode() == "Somchai pays PROMO, ask LINE"
    assert found["redacted"].content.decode() == "[PERSON_1] pays 𝐏𝐑𝟎𝐌𝐎, ask L I N E"


def test_each_names_the_tool_that_made_it_and_its_version():
    found = derived("Somchai")

    assert found["normalised"].tool.startswith("scamscreen ")
    assert found["redacted"].tool.endswith(f"model {'0' * 64}")


@pytest.mark.parametrize("text", ["\u200b", "ก" * 100_000])
def test_a_text_that_could_not_be_screened_has_no_redacted_one(text):
    error = ScreeningError("one", "empty_text", "nothing to read")

    assert [one.kind for one in derived_texts(text, error)] == ["normalised"]


def test_what_would_take_minutes_to_redact_is_not():
    text = "Somchai " * 200
    [record] = FakeScreener().screen([Document("one", text)])
    many = record.entities * (200_000_000 // len(text) + 1)

    assert [one.kind for one in derived_texts(text, type(record)(**fields(record, entities=many)))] == [
        "normalised"
    ]


def fields(record, **changed):
    return {name: getattr(record, name) for name in record.__slots__} | changed
