"""Evidence: every flag shows words, those that speak for it."""

import numpy as np
import pytest

from models.calibration import Decision
from models.encoded import Encoded, Window, WindowOutput
from models.evidence import find_evidence, most_influential_passage, passages
from models.screening import Entity, Indicator
from models.taxonomy import LABELS
from models.text import normalize
from models.tokens import tokens_of

TEXT = "KK Park. Send your passport now."
WORDS = [(0, 2), (3, 7), (9, 13), (14, 18), (19, 27), (28, 31)]
PARK = Entity(
    "LOCATION", 0, 7, "KK Park", None, {"kind": "scam_site"}, "unknown", 0.95, "gazetteer", "gazetteer"
)
PAPERS = Indicator("retention_of_identity_documents", 14, 27, "your passport", 0.9)
SITE = Indicator("known_scam_site", 0, 7, "KK Park", 0.95)


def flagged(*codes: str) -> Decision:
    return Decision(codes, (), (), {}, "review", "")


def read(**influence: list[float]) -> Encoded:
    """Return `TEXT` as a network read it that gives some labels these influences, word by word."""
    found = np.zeros((len(WORDS) + 2, len(LABELS)), dtype=np.float32)
    for code, values in influence.items():
        found[1:-1, LABELS.index(code)] = values
    none = np.zeros(len(LABELS), dtype=np.float32)
    empty = np.zeros((len(WORDS) + 2, 0), dtype=np.float32)
    window = Window(np.arange(len(WORDS) + 2), np.array([(0, 0), *WORDS, (0, 0)]))
    return Encoded((window,), (WindowOutput(none, none, found, empty, empty),))


def words_shown(encoded: Encoded, *codes: str) -> list[tuple[str, str, str]]:
    evidence = find_evidence(
        flagged(*codes),
        normalize(TEXT),
        encoded,
        tokens_of(encoded),
        indicators=(SITE, PAPERS),
        entities=(PARK,),
    )
    return [(one.flag, one.kind, TEXT[one.start : one.end]) for one in evidence]


def test_an_indicator_is_evidence_for_the_flags_its_words_speak_for() -> None:
    encoded = read(phishing=[-1, -1, 0, 2, 2, 0], trafficking_recruitment=[3, 3, 0, 1, 1, 0])

    assert words_shown(encoded, "trafficking_recruitment", "phishing") == [
        ("trafficking_recruitment", "indicator", "KK Park"),
        ("trafficking_recruitment", "indicator", "your passport"),
        ("phishing", "indicator", "your passport"),
    ]


def test_a_flag_no_sign_speaks_for_shows_its_most_influential_passage() -> None:
    encoded = read(prize_scam=[-1, -1, 0, -1, -1, 3])

    assert words_shown(encoded, "prize_scam") == [("prize_scam", "influence", "Send your passport now.")]


def test_the_first_word_of_a_later_sentence_can_be_the_reason_for_a_flag() -> None:
    text = "Hello you. Compound now."
    # The tokens as a metaspace tokenizer gives them: a word begins at the blank before it.
    spans = np.array([(0, 0), (0, 5), (5, 9), (9, 10), (10, 19), (19, 23), (23, 24), (0, 0)])
    influence = np.array([[9.0, 1.0, 0.0, 0.0, 5.0, 0.0, 0.0, 9.0]], dtype=np.float32).T
    none = np.zeros(1, dtype=np.float32)
    encoded = Encoded((Window(np.arange(8), spans),), (WindowOutput(none, none, influence, none, none),))

    start, end = most_influential_passage(text, encoded, 0)

    assert text[start:end] == "Compound now."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Easy work. Free ticket!", ["Easy work.", "Free ticket!"]),
        ("高薪工作。包机票！", ["高薪工作。", "包机票！"]),
        ("လစာကောင်း။ လက်မှတ်", ["လစာကောင်း။", "လက်မှတ်"]),
        ("see www.pay.example/a now. Go", ["see www.pay.example/a now.", "Go"]),
        ("  one line \n two lines  ", ["one line", "two lines"]),
        ("ฟรีตั๋ว", ["ฟรีตั๋ว"]),
        ("   ", []),
        ("", []),
    ],
)
def test_passages_are_sentences_without_outer_blanks(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in passages(text)] == found


@pytest.mark.parametrize("text", ["งานสบายรายได้ดี" * 60, "word " * 400, "a" * 1000])
def test_a_long_text_without_full_stops_is_still_cut_to_readable_passages(text: str) -> None:
    spans = list(passages(text))

    assert len(spans) > 3
    assert max(end - start for start, end in spans) <= 160
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
