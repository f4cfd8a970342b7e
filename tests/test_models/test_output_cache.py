"""What was computed is not computed again, and an answer from memory is the answer."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.calibration import Calibration, TokenCalibration
from models.encoded import WindowOutput
from models.loading import load_screener
from models.output_cache import OutputCache
from models.screener import Screener
from models.screening import Document, Screening
from models.taxonomy import ENTITY_TAGS, INDICATORS, LABELS, ROLES
from tests.tiny import SENTENCES

N_TOKENS = 40
TOKENS = TokenCalibration(
    {"PERSON": 0.5},
    np.full(len(INDICATORS), 0.5, dtype=np.float32),
    np.ones(len(INDICATORS), dtype=np.float32),
    np.zeros(len(INDICATORS), dtype=np.float32),
)
HALF = dict.fromkeys(LABELS, 0.5)
CALIBRATION = Calibration(
    np.ones(len(LABELS), dtype=np.float32),
    np.zeros(len(LABELS), dtype=np.float32),
    1.0,
    {"screening": {**HALF, "phishing": 0.2}, "balanced": HALF, "strict": dict.fromkeys(LABELS, 0.9)},
    {"th": {**HALF, "prize_scam": 0.3}},
)


def output(seed: int) -> WindowOutput:
    rng = np.random.default_rng(seed)

    def logits(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32) * 3

    return WindowOutput(
        logits(len(LABELS)),
        logits(len(ROLES)),
        logits(N_TOKENS, len(LABELS)).astype(np.float16).astype(np.float32),
        logits(N_TOKENS, len(ENTITY_TAGS)),
        logits(N_TOKENS, len(INDICATORS)),
    )


def proba(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(1, keepdims=True))


def test_all_that_decoding_reads_comes_back_as_it_was() -> None:
    cache = OutputCache(1_000_000, CALIBRATION, TOKENS)
    put = output(1)
    put.entity_logits[::3, 0] += 12  # surely outside
    cache.put(b"key", put, is_whole=False)
    got = cache.get(b"key")

    assert got is not None
    np.testing.assert_array_equal(got.label_logits, put.label_logits)
    np.testing.assert_array_equal(got.role_logits, put.role_logits)
    np.testing.assert_array_equal(got.influence, put.influence)
    inside = proba(put.entity_logits)[:, 0] < 0.5
    assert 5 < inside.sum() < N_TOKENS
    np.testing.assert_array_equal(got.entity_logits[inside], put.entity_logits[inside])
    np.testing.assert_array_equal(proba(got.entity_logits)[:, 0] < 0.5, inside)
    over = put.indicator_logits >= 0.5
    np.testing.assert_array_equal(got.indicator_logits >= 0.5, over)
    np.testing.assert_array_equal(got.indicator_logits[over], put.indicator_logits[over])


def test_of_a_whole_text_influence_is_kept_where_a_label_may_be_flagged_and_nowhere_else() -> None:
    cache = OutputCache(1_000_000, CALIBRATION, TOKENS)
    put = output(1)
    least = {"phishing": 0.2, "prize_scam": 0.3}
    may_be_flagged = np.array(
        [
            round(float(1 / (1 + np.exp(-logit))), 2) >= least.get(code, 0.5)
            for code, logit in zip(LABELS, put.label_logits, strict=True)
        ]
    )
    assert 3 < may_be_flagged.sum() < len(LABELS) - 3
    cache.put(b"key", put, is_whole=True)
    got = cache.get(b"key")

    assert got is not None
    np.testing.assert_array_equal(got.influence[:, may_be_flagged], put.influence[:, may_be_flagged])
    assert (got.influence[:, put.label_logits < -2] == 0).all()
    np.testing.assert_array_equal(got.label_logits, put.label_logits)


def test_a_text_alone_and_the_same_words_as_part_of_a_longer_one_are_kept_apart() -> None:
    cache = OutputCache(1_000_000, CALIBRATION, TOKENS)
    ids = np.arange(9, dtype=np.int64)

    assert cache.key(ids, is_whole=True) != cache.key(ids, is_whole=False)


def test_memory_stays_within_its_bound_and_what_was_used_last_stays() -> None:
    one = OutputCache(10_000_000, CALIBRATION, TOKENS)
    one.put(b"0", output(0), is_whole=False)
    room = OutputCache(one.nbytes * 4, CALIBRATION, TOKENS)
    for seed in range(12):
        room.put(str(seed).encode(), output(0), is_whole=False)
        assert room.get(b"0") is not None
        assert room.nbytes <= one.nbytes * 4

    assert room.get(b"11") is not None
    assert room.get(b"5") is None


def test_an_output_larger_than_the_cache_is_not_kept() -> None:
    cache = OutputCache(300, CALIBRATION, TOKENS)
    cache.put(b"key", output(0), is_whole=False)

    assert (cache.get(b"key"), cache.nbytes) == (None, 0)


def test_the_key_of_a_text_is_another_in_every_cache() -> None:
    ids = np.arange(9, dtype=np.int64)

    first, second = OutputCache(1000, CALIBRATION, None), OutputCache(1000, CALIBRATION, None)
    assert first.key(ids, is_whole=True) != second.key(ids, is_whole=True)


@pytest.fixture(scope="module")
def remembering(tiny_artifact: Path) -> Screener:
    return load_screener(tiny_artifact, threads=1, cache_bytes=10_000_000)


def screened(screener: Screener, *texts: str) -> list[Screening]:
    records = screener.screen([Document(str(index), text) for index, text in enumerate(texts)], "screening")
    return [record for record in records if isinstance(record, Screening)]


def test_a_text_seen_before_has_the_same_record_marked_as_remembered(remembering: Screener) -> None:
    first = screened(remembering, *SENTENCES)
    again = screened(remembering, *SENTENCES)

    assert {record.stage for record in first} == {"model"}
    assert {record.stage for record in again} == {"cache"}
    assert [replace(record, stage="model") for record in again] == first


def test_a_text_twice_in_one_call_is_computed_once(remembering: Screener) -> None:
    text = f"{SENTENCES[0]} {SENTENCES[1]}"
    stages = [record.stage for record in screened(remembering, text, SENTENCES[2] * 2, text)]

    assert stages == ["model", "model", "cache"]


def test_a_text_disguised_otherwise_is_remembered_and_its_spans_are_its_own(remembering: Screener) -> None:
    plain = "Easy work in a big office, call 081-555-0143 today."
    disguised = plain.replace("Easy work", "\u200bEa\u200bsy wo\u200drk")
    [first] = screened(remembering, plain)
    [second] = screened(remembering, disguised)

    assert (first.stage, second.stage) == ("model", "cache")
    assert [disguised[one.start : one.end] for one in second.entities] == ["081-555-0143", "today"]
    assert [one.start for one in second.entities] == [one.start + 3 for one in first.entities]


def test_without_memory_every_text_is_computed(tiny_artifact: Path) -> None:
    screener = load_screener(tiny_artifact, threads=1)

    assert [record.stage for record in screened(screener, SENTENCES[0], SENTENCES[0])] == ["model", "model"]


def test_no_record_tells_that_somebody_else_had_the_same_text_screened(remembering: Screener) -> None:
    text = "They took our telephones on Monday and nobody may leave the fourth floor."

    def stages(*owners: str) -> list[str]:
        documents = [Document(str(number), text, owner=owner) for number, owner in enumerate(owners)]
        return [one.stage for one in remembering.screen(documents) if isinstance(one, Screening)]

    assert stages("reports of 1", "2", "3") == ["model"] * 3
    assert stages("2", "4") == ["cache", "model"]
