"""Inline markup -> plain text and spans: offsets cannot be wrong, broken marks are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import TrainingDataError
from training.example import MarkedSpan
from training.markup import parse_markup


def test_marks_disappear_and_their_words_stay() -> None:
    text, spans = parse_markup("Call [[PHONE|081-555-0143]] {{urgency|today}}!")

    assert text == "Call 081-555-0143 today!"
    assert [(span.kind, span.code, text[span.start : span.end]) for span in spans] == [
        ("entity", "PHONE", "081-555-0143"),
        ("indicator", "urgency", "today"),
    ]


def test_offsets_count_code_points_in_scripts_that_stack_letters() -> None:
    text, spans = parse_markup("ฟรี{{travel_or_visa_paid|ตั๋วและวีซ่า}} 🎉 ပို့ [[LOCATION|မြဝတီ]]")

    assert [text[span.start : span.end] for span in spans] == ["ตั๋วและวีซ่า", "မြဝတီ"]


def test_an_entity_inside_an_indicator_keeps_both_spans() -> None:
    text, spans = parse_markup("{{unrealistic_pay|get [[MONEY|$4,000]] a week}} now")

    assert text == "get $4,000 a week now"
    assert spans == (
        MarkedSpan("indicator", "unrealistic_pay", 0, 17),
        MarkedSpan("entity", "MONEY", 4, 10),
    )


def test_one_stretch_can_carry_two_indicators() -> None:
    _, spans = parse_markup("{{urgency,secrecy|tell nobody, come now}}")

    assert {span.code for span in spans} == {"urgency", "secrecy"}
    assert len({(span.start, span.end) for span in spans}) == 1


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("{{urgent|now}}", "'urgent' is not an indicator"),
        ("{{urgency,hurry|now}}", "'hurry' is not an indicator"),
        ("[[TELEPHONE|1]]", "'TELEPHONE' is not an entity type"),
        ("{{urgency|now", "urgency is never closed"),
        ("now}}", "closes nothing"),
        ("{{urgency|a [[PHONE|b}} c]]", "closes nothing"),
        ("[[phone|1]]", "closes nothing"),
        ("{{Urgency now", "a mark is broken"),
    ],
)
def test_a_wrong_mark_is_refused(marked: str, message: str) -> None:
    with pytest.raises(TrainingDataError, match=message.replace("[", r"\[")):
        parse_markup(marked)


def test_the_error_of_an_open_mark_does_not_repeat_the_text() -> None:
    with pytest.raises(TrainingDataError) as refused:
        parse_markup("sentinel words {{urgency|of a private message")

    assert "sentinel" not in str(refused.value)
    assert "private" not in str(refused.value)


@given(st.lists(st.tuples(st.sampled_from(["", "urgency", "PHONE"]), st.text("aก中 🎉|}]{[", max_size=8))))
def test_every_span_is_exactly_the_words_that_were_marked(parts: list[tuple[str, str]]) -> None:
    parts = [
        (code, words.translate({ord(c): None for c in "{}[]|"}) if code else words.strip("{}[]|"))
        for code, words in parts
    ]
    parts = [(code, words) for code, words in parts if not any(c in words for c in "{}[]|")]
    wrap = {"": "{}", "urgency": "{{{{urgency|{}}}}}", "PHONE": "[[PHONE|{}]]"}
    text, spans = parse_markup("".join(wrap[code].format(words) for code, words in parts))

    assert text == "".join(words for _, words in parts)
    marked = sorted(words for code, words in parts if code)
    assert sorted(text[span.start : span.end] for span in spans) == marked
