"""The cascade: what the gate may answer, what always goes to the encoder, and what its records say."""

import shutil
from pathlib import Path

import pytest

from models.cascade import LEAST_WORDS, MOST_CHARS, NAMES_NOT_READ, has_fit_length
from models.errors import ArtifactCorruptError, ArtifactIncompatibleError
from models.gate import GATE_FILE
from models.loading import load_screener
from models.screener import Screener
from models.screening import OPERATING_POINTS, Document, Screening, ScreeningError
from models.taxonomy import LABELS, ROLES
from tests.tiny import ALARM_WORDS, write_tiny_gate

HARMLESS = "The library opens at nine and closes at five on weekdays, bring your card."


@pytest.fixture(scope="module")
def gated_artifact(tiny_artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gated") / "artifact"
    shutil.copytree(tiny_artifact, folder)
    return write_tiny_gate(folder)


@pytest.fixture(scope="module")
def screener(gated_artifact: Path) -> Screener:
    return load_screener(gated_artifact)


def record_of(screener: Screener, text: str, language: str | None = None) -> Screening:
    [record] = screener.screen([Document("1", text, language)], cascade=True)
    assert isinstance(record, Screening)
    return record


ANSWERED = {
    "English": HARMLESS,
    "Thai, which parts no words": "พรุ่งนี้ประชุมเก้าโมงที่ห้องสมุดแล้วไปกินข้าวด้วยกันนะ",
    "Chinese, which parts no words": (
        "明天下午三点在图书馆见面，然后我们一起去吃饭，你觉得怎么样？如果下雨的话就改到后天上午再说吧。"
    ),
}


@pytest.mark.parametrize("text", ANSWERED.values(), ids=ANSWERED.keys())
def test_a_harmless_text_is_answered_without_the_encoder(screener: Screener, text: str) -> None:
    assert record_of(screener, text).stage == "cascade"


ENCODED = {
    "fewer than eight words": "The library opens at nine on Mondays.",
    "eight numbers are no words": "1 2 3 4 5 6 7 8 9 10 11 12",
    "a short Thai text": "พรุ่งนี้ประชุมเก้าโมง",
    "a short Chinese text": "明天下午三点在图书馆见面。",
    "a text long enough to hide something in": f"{HARMLESS} " * 20,
    "a language without a threshold": "Chiều mai họp lúc ba giờ ở thư viện, nhớ mang theo thẻ của bạn nhé.",
    "an unsupported language": "Morgen um neun Uhr treffen wir uns alle in der Bibliothek und lesen Bücher.",
    "a sign that some label holds": f"{HARMLESS} You won the {ALARM_WORDS[0]}.",
    "a sign of somebody harmed": f"{HARMLESS} They keep her as a {ALARM_WORDS[1]}.",
    "a sign of somebody who asks": f"{HARMLESS} I would like to {ALARM_WORDS[2]} about it.",
    "a sign in capitals": f"{HARMLESS} They keep her as a {ALARM_WORDS[1].upper()}.",
    "a compound of the gazetteer": f"{HARMLESS} The job is at KK Park near Myawaddy.",
    "a minor": f"{HARMLESS} My daughter is 14 years old and works there.",
    "an address that hides another": f"{HARMLESS} See http://203.0.113.7/card for more.",
    "a room": f"{HARMLESS} We are in building B, floor 5, room 512.",
    "two languages": f"{HARMLESS} วันนี้อากาศดีมากเราไปเดินตลาดกันแล้วก็กลับบ้าน",
    "a sign in the middle of harmless words": f"{HARMLESS} They keep her as a {ALARM_WORDS[1]}. {HARMLESS}",
    "a bank account": f"{HARMLESS} Kasikorn bank account number 012-3-45678-9.",
}


@pytest.mark.parametrize("text", ENCODED.values(), ids=ENCODED.keys())
def test_the_gate_never_answers_for(screener: Screener, text: str) -> None:
    assert record_of(screener, text).stage == "model"


def test_a_language_its_sender_gets_wrong_is_encoded(screener: Screener) -> None:
    assert record_of(screener, HARMLESS, "en-GB").stage == "cascade"
    assert record_of(screener, HARMLESS, "th").stage == "model"


def test_without_the_cascade_everything_is_encoded(screener: Screener) -> None:
    [record] = screener.screen([Document("1", HARMLESS)])

    assert isinstance(record, Screening)
    assert record.stage == "model"


def test_a_record_of_the_gate_says_no_more_than_it_knows(screener: Screener) -> None:
    record = record_of(screener, HARMLESS)

    assert (record.flags, record.context_labels, record.uncertified, record.evidence) == ((), (), (), ())
    assert (record.priority, record.role, record.warnings) == ("low", "ordinary", (NAMES_NOT_READ,))
    assert tuple(record.labels) == LABELS
    assert tuple(record.role_proba) == ROLES
    assert set(record.to_dict()["labels"].values()) == {0.01}
    assert sum(record.role_proba.values()) == pytest.approx(1)
    assert record.model == screener.artifact.info


def test_rules_read_the_original_of_a_text_the_gate_answers_for(screener: Screener) -> None:
    text = f"{HARMLESS} Call ０８１-５５５-０１４３ on 3 May."
    record = record_of(screener, text)

    assert record.stage == "cascade"
    assert {"PHONE", "DATE"} <= {entity.type for entity in record.entities}
    for entity in record.entities:
        assert entity.text == text[entity.start : entity.end]
        assert entity.party == "unknown"


def test_records_stay_in_order_and_errors_in_their_place(screener: Screener) -> None:
    texts = [HARMLESS, "", ENCODED["a sign that some label holds"], HARMLESS, "short"]
    records = screener.screen([Document(str(i), text) for i, text in enumerate(texts)], cascade=True)

    assert [record.id for record in records] == ["0", "1", "2", "3", "4"]
    assert isinstance(records[1], ScreeningError)
    stages = [record.stage for record in records if isinstance(record, Screening)]
    assert stages == ["cascade", "model", "cascade", "model"]


def test_what_is_encoded_is_the_same_with_the_cascade_as_without(screener: Screener) -> None:
    document = Document("1", ENCODED["a sign of somebody harmed"])

    assert screener.screen([document], cascade=True) == screener.screen([document])


@pytest.mark.parametrize("point", OPERATING_POINTS)
def test_a_record_of_the_gate_is_unflagged_at_every_operating_point(screener: Screener, point) -> None:
    [record] = screener.screen([Document("1", HARMLESS)], point, cascade=True)

    assert isinstance(record, Screening)
    assert (record.stage, record.flags, record.operating_point) == ("cascade", (), point)


def test_the_cascade_of_a_model_without_a_gate_is_an_error(tiny_artifact: Path) -> None:
    with pytest.raises(ArtifactIncompatibleError, match="no gate"):
        load_screener(tiny_artifact).screen([Document("1", HARMLESS)], cascade=True)


def test_a_gate_is_part_of_what_a_model_is(
    gated_artifact: Path, tiny_artifact: Path, screener: Screener, tmp_path: Path
) -> None:
    assert screener.artifact.info.sha256 != load_screener(tiny_artifact).artifact.info.sha256

    changed = tmp_path / "changed"
    shutil.copytree(gated_artifact, changed)
    content = bytearray((changed / GATE_FILE).read_bytes())
    content[-1] ^= 1
    (changed / GATE_FILE).write_bytes(content)
    with pytest.raises(ArtifactCorruptError, match=GATE_FILE):
        load_screener(changed)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("word " * LEAST_WORDS, True),
        ("word " * (LEAST_WORDS - 1), False),
        ("ก" * 40, True),
        ("ก" * 39, False),
        ("ក" * 20 + " four words of English", True),
        ("word " * (MOST_CHARS // 5), True),
        ("word " * (MOST_CHARS // 5) + "x", False),
    ],
)
def test_a_length_the_gate_may_answer(text: str, fits: bool) -> None:
    assert has_fit_length(text) == fits
