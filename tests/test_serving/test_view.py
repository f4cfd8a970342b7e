"""What is shown of a text: marks that overlap, numbers of papers hidden."""

from dataclasses import replace

from models.screening import Document, Entity, Evidence, Indicator
from serving.files.view import Stretch, shown_text, stretches
from tests.fakes import FakeScreener

TEXT = "pay Somchai now"


def record(**found):
    [screening] = FakeScreener().screen([Document("1", TEXT)])
    return replace(screening, entities=(), evidence=(), **found)


def entity(code, start, end):
    return Entity(code, start, end, TEXT[start:end], None, {}, "unknown", 0.9, "rule", "pattern")


def test_stretches_are_the_whole_text_each_with_all_its_marks():
    found = replace(
        record(indicators=(Indicator("urgency", 8, 15, "hai now", 0.8),)),
        entities=(entity("PERSON", 4, 11),),
        evidence=(Evidence("phishing", 0, 15, "influence"), Evidence("phishing", 8, 15, "indicator")),
    )

    assert list(stretches(TEXT, found)) == [
        Stretch(0, 4, "", (), ("phishing",)),
        Stretch(4, 8, "PERSON", (), ("phishing",)),
        Stretch(8, 11, "PERSON", ("urgency",), ("phishing",)),
        Stretch(11, 15, "", ("urgency",), ("phishing",)),
    ]


def test_a_text_without_marks_is_one_stretch():
    assert list(stretches(TEXT, record())) == [Stretch(0, len(TEXT), "", (), ())]


def test_numbers_of_papers_are_masked_and_mentions_of_papers_are_not():
    text = "passport no AB1234567 มาด้วย"
    found = replace(
        record(),
        entities=(
            Entity("ID_DOCUMENT", 0, 8, "passport", None, {}, "unknown", 0.9, "rule", "pattern"),
            Entity("ID_DOCUMENT", 9, 21, "no AB1234567", "AB1234567", {}, "unknown", 0.9, "rule", "pattern"),
        ),
    )

    assert shown_text(text, found) == "passport no ••••••••• มาด้วย"


def test_a_number_stays_masked_where_it_is_repeated_or_may_be_an_account() -> None:
    text = "พร้อมเพย์ 1101700203450 ย้ำ 1101700203450 จำนวน 500"
    account = Entity(
        *("BANK_ACCOUNT", 10, 23, "1101700203450", None),
        {"alternatives": ["ID_DOCUMENT"]},
        *("unknown", 0.9, "rule", "pattern"),
    )

    assert shown_text(text, replace(record(), entities=(account,))) == (
        "พร้อมเพย์ ••••••••••••• ย้ำ ••••••••••••• จำนวน 500"
    )


def test_a_number_of_a_paper_is_masked_within_longer_ones_too_and_words_without_numbers_are_not():
    text = f"passport AB1234567, and noAB1234567no. {'a' * 50_000} AB12345 abcdef"
    paper = Entity("ID_DOCUMENT", 9, 18, "AB1234567", None, {}, "unknown", 0.9, "rule", "pattern")
    two = Entity("ID_DOCUMENT", 0, 8, "passport", None, {}, "unknown", 0.9, "rule", "pattern")

    shown = shown_text(text, replace(record(), entities=(two, paper)))

    assert shown == f"passport •••••••••, and no•••••••••no. {'a' * 50_000} AB12345 abcdef"
