"""Texts for researchers: nothing of what leads to people stays, and marks keep their words."""

from hypothesis import given
from hypothesis import strategies as st

from models.redaction import Place
from models.screening import Entity
from serving.reports.research_texts import REPLACED_TYPES, research_text, stand_in
from serving.store.casework.labellings import LabelSpan

SECRETS = ("zqxname", "zqx081555", "zqx@mail", "zqxroom")
PLAIN = ("โทร", "call", "付", "\U0001f4b0", "me now", "และ")


@st.composite
def marked_texts(draw):
    """A text of plain and secret words, its entities, and marks anywhere in it."""
    words = draw(st.lists(st.sampled_from([*SECRETS, *PLAIN]), min_size=1, max_size=12))
    text, entities = "", []
    for word in words:
        start = len(text) + bool(text)
        text = f"{text} {word}" if text else word
        if word in SECRETS:
            code = REPLACED_TYPES[SECRETS.index(word)]
            entities.append(Entity(code, start, len(text), word, None, {}, "unknown", 0.9, "rule", "pattern"))
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    spans = [
        LabelSpan("task_scam", min(one), max(one)) for one in draw(st.lists(places)) if min(one) < max(one)
    ]
    return text, entities, spans


@given(marked_texts())
def test_secrets_go_and_marks_keep_their_words(marked):
    text, entities, spans = marked
    written = research_text(text, entities, spans, name="a1")

    assert "zqx" not in written.text
    for before, after in zip(spans, written.spans, strict=True):
        assert 0 <= after.start < after.end <= len(written.text)
        touched = [one for one in entities if one.start < before.end and before.start < one.end]
        if not touched:
            assert written.text[after.start : after.end] == text[before.start : before.end]


@given(marked_texts())
def test_a_mark_that_touches_a_secret_holds_all_that_stands_for_it(marked):
    text, entities, _ = marked
    spans = [LabelSpan("task_scam", one.start + 1, one.start + 2) for one in entities]
    written = research_text(text, entities, spans, name="a1")

    for before, after in zip(entities, written.spans, strict=True):
        around = written.text[max(0, after.start - 1) : after.start], written.text[after.end : after.end + 1]
        assert set(around) <= {"", " "}, before.type


def test_a_number_has_one_stand_in_in_a_text_and_another_in_the_next():
    place = Place("PHONE", 0, 5, "one", 1)
    assert stand_in(place, "a1") == stand_in(place, "a1")
    assert len({stand_in(place, f"a{i}") for i in range(50)}) > 40
