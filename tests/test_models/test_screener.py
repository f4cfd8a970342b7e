"""The screener on a tiny artefact: every document answered in its place, every flag with words to show."""

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.loading import load_screener
from models.screener import Screener
from models.screening import OPERATING_POINTS, Document, OperatingPoint, Screening, ScreeningError
from models.taxonomy import LABELS, ROLES
from models.validation import MAX_TEXT_CHARS
from tests.tiny import SENTENCES, random_texts

SENTINEL = "sentinel-words-of-a-private-message"


@pytest.fixture(scope="module")
def screener(tiny_artifact: Path) -> Screener:
    return load_screener(tiny_artifact)


def documents(texts: list[str]) -> list[Document]:
    return [Document(id=str(index), text=text) for index, text in enumerate(texts)]


def screened(screener: Screener, texts: list[str], point: OperatingPoint = "screening") -> list[Screening]:
    records = screener.screen(documents(texts), point)
    assert all(isinstance(record, Screening) for record in records)
    return [record for record in records if isinstance(record, Screening)]


def test_records_come_in_the_order_of_the_documents(screener: Screener) -> None:
    texts = random_texts(60, longest=50)

    assert [record.id for record in screener.screen(documents(texts))] == [str(i) for i in range(60)]


def test_a_record_has_every_label_and_role(screener: Screener) -> None:
    record = screened(screener, [SENTENCES[0]])[0]

    assert tuple(record.labels) == LABELS
    assert tuple(record.role_proba) == ROLES
    assert all(0 <= proba <= 1 for proba in record.labels.values())
    assert sum(record.role_proba.values()) == pytest.approx(1, abs=1e-3)
    assert record.role == max(record.role_proba, key=lambda code: record.role_proba[code])
    assert record.model == screener.artifact.info


BAD: dict[str, tuple[object, str]] = {
    "an empty text": ("", "empty_text"),
    "blanks only": (" \n\t\u3000", "empty_text"),
    "invisible characters only": ("\u200b\u2060\u200d", "empty_text"),
    "a NUL": (f"{SENTINEL}\0", "invalid_text"),
    "half a surrogate pair": (f"{SENTINEL}\ud83d", "invalid_text"),
    "a text too long": (SENTINEL * 1000, "text_too_long"),
    "one character too long": ("ก" * (MAX_TEXT_CHARS + 1), "text_too_long"),
    "a number instead of a text": (7, "invalid_text"),
    "nothing at all": (None, "invalid_text"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_document_is_an_error_in_its_place_and_the_rest_is_answered(
    screener: Screener, case: str
) -> None:
    text, code = BAD[case]
    given = [Document("first", SENTENCES[0]), Document("bad", text), Document("last", SENTENCES[1])]  # type: ignore[arg-type]
    first, bad, last = screener.screen(given)

    assert isinstance(first, Screening)
    assert isinstance(last, Screening)
    assert isinstance(bad, ScreeningError)
    assert (first.id, bad.id, last.id) == ("first", "bad", "last")
    assert bad.code == code
    assert SENTINEL not in bad.message
    assert bad.priority == "review"


def test_only_bad_documents_are_all_answered(screener: Screener) -> None:
    records = screener.screen(documents(["", "\0", " "]))

    assert [record.id for record in records] == ["0", "1", "2"]
    assert all(isinstance(record, ScreeningError) for record in records)


def test_no_documents_give_no_records(screener: Screener) -> None:
    assert screener.screen([]) == []


def test_the_longest_text_allowed_is_read_to_its_end(screener: Screener) -> None:
    text = ("ok " * MAX_TEXT_CHARS)[: MAX_TEXT_CHARS - 1] + "."
    record = screened(screener, [text])[0]

    assert "truncated" not in record.warnings


@pytest.mark.parametrize("text", ["🎉", "....", "1", "ሰላም", "𝐏𝐑𝟎", "\ufeff", "a\u0301" * 30])
def test_a_strange_text_is_screened_without_a_crash(screener: Screener, text: str) -> None:
    record = screener.screen([Document("1", text)])[0]

    if isinstance(record, Screening):
        assert all(np.isfinite(list(record.labels.values())))


def test_the_same_text_has_the_same_probabilities_in_any_batch(screener: Screener) -> None:
    texts = random_texts(50, seed=3, longest=60)
    alone = [screened(screener, [text])[0] for text in texts[:20]]
    together = screened(screener, texts)
    backwards = screened(screener, texts[::-1])[::-1]

    for one, in_batch, in_other in zip(alone, together, backwards, strict=False):
        for other in (in_batch, in_other):
            np.testing.assert_allclose(list(one.labels.values()), list(other.labels.values()), atol=0.005)
            np.testing.assert_allclose(
                list(one.role_proba.values()), list(other.role_proba.values()), atol=0.005
            )


def test_a_sign_at_the_end_of_a_long_text_counts_as_much_as_alone(screener: Screener) -> None:
    alone = screened(screener, [SENTENCES[0]])[0]
    opening = " ".join(["the library opens at nine on weekdays."] * 40)
    long = screened(screener, [f"{opening} {SENTENCES[0]}"])[0]
    before = screened(screener, [opening])[0]

    # A label of a long text is the highest of any window, so more text can lower none.
    assert all(long.labels[code] >= before.labels[code] - 0.15 for code in LABELS)
    assert max(abs(long.labels[code] - before.labels[code]) for code in LABELS) > 0.005
    assert alone.labels.keys() == long.labels.keys()


@pytest.mark.parametrize("point", OPERATING_POINTS)
def test_every_flag_has_evidence_inside_the_text(screener: Screener, point: OperatingPoint) -> None:
    texts = [*SENTENCES, *random_texts(20, seed=6, longest=90)]
    records = screened(screener, texts, point)

    assert point != "screening" or sum(len(record.flags) for record in records) > 50
    for text, record in zip(texts, records, strict=True):
        assert {one.flag for one in record.evidence} == {*record.flags, *record.context_labels}
        for one in record.evidence:
            assert 0 <= one.start < one.end <= len(text)
            assert text[one.start : one.end].strip() == text[one.start : one.end]


def test_flags_follow_the_thresholds_of_the_operating_point(screener: Screener) -> None:
    texts = random_texts(30, seed=8)
    flags = {
        point: [{*record.flags, *record.context_labels} for record in screened(screener, texts, point)]
        for point in OPERATING_POINTS
    }
    for screening, balanced, strict in zip(*(flags[point] for point in OPERATING_POINTS), strict=True):
        assert strict <= balanced <= screening
    assert flags["screening"] != flags["strict"]
    thresholds = screener.artifact.calibration.thresholds["balanced"]
    for record in screened(screener, texts, "balanced"):
        assert record.operating_point == "balanced"
        assert dict(record.thresholds) == {
            code: thresholds[code] for code in LABELS if code in {*record.flags, *record.context_labels}
        }


DISGUISED = [
    ("zero-width characters", "e\u200basy wo\u200drk"),
    ("full-width letters", "ｅａｓｙ ｗｏｒｋ"),
    ("styled letters", "𝐞𝐚𝐬𝐲 𝐰𝐨𝐫𝐤"),
]


@pytest.mark.parametrize(("how", "words"), DISGUISED, ids=[how for how, _ in DISGUISED])
def test_disguised_words_are_read_as_plain_ones_and_spans_point_at_the_original(
    screener: Screener, how: str, words: str
) -> None:
    plain_text = "The library opens. easy work free ticket pay in dollars."
    disguised_text = plain_text.replace("easy work", words)
    plain, disguised = screened(screener, [plain_text, disguised_text])

    np.testing.assert_allclose(list(disguised.labels.values()), list(plain.labels.values()), atol=0.005)
    assert plain.evidence
    spans = {
        (plain_text[one.start : one.end], disguised_text[other.start : other.end])
        for one, other in zip(plain.evidence, disguised.evidence, strict=True)
    }
    assert all(original == shown.replace("easy work", words) for shown, original in spans)


def test_the_language_is_the_callers_if_given_and_detected_otherwise(screener: Screener) -> None:
    thai = SENTENCES[3]
    detected, given = screener.screen([Document("1", thai), Document("2", thai, language="lo")])

    assert isinstance(detected, Screening)
    assert isinstance(given, Screening)
    assert detected.language == "th"
    assert (given.language, given.language_proba) == ("lo", 1.0)


def test_a_language_the_model_was_not_made_for_is_said_and_seen_by_a_person(screener: Screener) -> None:
    record = screener.screen([Document("1", SENTENCES[0], language="fr")], "strict")[0]

    assert isinstance(record, Screening)
    assert record.warnings == ("unsupported_language",)
    assert record.priority != "low"


@pytest.mark.parametrize("tag", ["cmn", "yue", "zh-Hant", "zh_CN", "ZH-hans-CN"])
def test_a_variety_of_a_language_the_model_knows_is_supported(screener: Screener, tag: str) -> None:
    record = screener.screen([Document("1", SENTENCES[5], language=tag)])[0]

    assert isinstance(record, Screening)
    assert (record.language, record.warnings) == ("zh", ())


def test_a_language_without_a_certificate_has_every_flag_uncertified(screener: Screener) -> None:
    certified, uncertified = screener.screen(
        [Document("1", SENTENCES[0], language="en"), Document("2", SENTENCES[0], language="th")]
    )

    assert isinstance(certified, Screening)
    assert isinstance(uncertified, Screening)
    assert {*uncertified.flags, *uncertified.context_labels}
    assert set(uncertified.uncertified) == {*uncertified.flags, *uncertified.context_labels}
    assert certified.uncertified == ()


def test_four_threads_get_the_answers_of_one(screener: Screener) -> None:
    batches = [random_texts(25, seed=seed, longest=40) for seed in range(12)]
    alone = [screened(screener, batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda batch: screened(screener, batch), batches))

    for one, other in zip(alone, together, strict=True):
        for first, second in zip(one, other, strict=True):
            assert first.id == second.id
            np.testing.assert_allclose(list(first.labels.values()), list(second.labels.values()), atol=0.005)


def test_no_text_reaches_the_log(
    screener: Screener, tiny_artifact: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        load_screener(tiny_artifact).screen(documents([SENTINEL, f"{SENTINEL}\0", SENTINEL * 1000]))

    assert "precision" in caplog.text
    assert SENTINEL not in caplog.text
