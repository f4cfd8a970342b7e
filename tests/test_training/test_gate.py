"""Fitting a gate on written labels, and what its certificate counts."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import copy_artifact, load_artifact
from models.errors import TrainingDataError
from models.text import normalize
from tests.test_training.tables import table
from tests.tiny import ALARM_WORDS, tiny_plea_gate
from training.certify import upper_bound
from training.certify_gate import ReadTexts, certificate, certificate_table, passing, positives_of, thresholds
from training.gate import BUCKETS, GRAMS, fit_gate, fit_gate_of, fit_plea_gate, gram_features, gram_matrix
from training.lanes import lanes_by_language, lanes_json, lanes_table, with_threshold
from training.table import Table

WORDS = ("garden", "market", "school", "river", "rice", "temple", "music", "window", "letter", "bicycle")
SCAM, PLEA = "deposit money today for guaranteed profit", "please help me they beat us and lock the door"
QUESTION = "is this message from the bank true or not"


def corpus(*, positives: int = 400, languages: tuple[str, ...] = ("en",)) -> Table:
    """Return harmless texts, scams, a few pleas and questions, in all splits, each a group of its own."""
    rng = np.random.default_rng(0)
    texts, labels = [], []
    for kind, count, codes in (
        ("", 2 * positives, set()),
        (SCAM, positives, {"investment_scam"}),
        (PLEA, positives // 5, {"person_at_risk"}),
        (QUESTION, positives // 5, set()),
    ):
        for _ in range(count):
            texts.append(f"{' '.join(rng.choice(WORDS, 8))} {kind} {' '.join(rng.choice(WORDS, 3))}")
            labels.append(codes)
    made = table(texts, labels)
    splits = np.array(["train", "tune", "certify", "test"], dtype=object)[np.arange(len(texts)) % 4]
    return replace(
        made,
        role=np.array(["enquiry" if QUESTION in text else "ordinary" for text in texts], dtype=object),
        split=splits,
        language=np.array([languages[i % len(languages)] for i in range(len(texts))]),
    )


def test_a_fitted_gate_tells_harmless_texts_from_scams_pleas_and_questions() -> None:
    rows = corpus()
    gate = fit_gate(gram_features(rows.where(rows.split == "train")))
    [harmless, scam, plea, question] = gate.scores(
        ["garden market school river temple", *(f"garden {kind} river" for kind in (SCAM, PLEA, QUESTION))]
    )

    assert harmless.max() < 0
    assert (scam > 0).tolist() == [True, False, False]
    assert (plea > 0).tolist() == [True, True, False]
    assert (question > 0).tolist() == [False, False, True]


def test_a_fitted_plea_gate_tells_pleas_from_scams_and_questions() -> None:
    rows = corpus()
    gate = with_threshold(
        fit_plea_gate(gram_features(rows.where(rows.split == "train"))), rows.where(rows.split == "tune")
    )

    assert gate.seem_urgent([f"garden {kind} river" for kind in (SCAM, PLEA, QUESTION)]) == [
        False,
        True,
        False,
    ]


def test_the_share_of_pleas_found_is_told_language_by_language() -> None:
    gate = replace(tiny_plea_gate(), threshold=0.0)
    texts = [f"they keep her as a {ALARM_WORDS[1]}", "we are locked in", "see you at noon", ALARM_WORDS[1]]
    rows = table(texts, [{"person_at_risk"}] * 2 + [set()] * 2, ["th", "en", "en", "en"])

    lanes = lanes_by_language(gate, rows)

    assert {name: (one.pleas.count, one.pleas.n) for name, one in lanes.items()} == {
        "all": (1, 2),
        "en": (0, 1),
        "th": (1, 1),
    }
    assert (lanes["en"].others.count, lanes["en"].others.n) == (1, 2)
    assert "| en | 0.0 %" in lanes_table(lanes_json(lanes))


def test_training_and_the_shipped_gate_read_the_same_features() -> None:
    rows = corpus(positives=40)
    gate = fit_gate(gram_features(rows.where(rows.split == "train")))
    texts = [normalize(text).text for text in rows.text[:20]]
    by_matrix = gram_matrix(texts) @ gate.weights.astype(np.float64) * gate.scale + gate.bias

    assert gate.scores(texts) == pytest.approx(by_matrix, abs=1e-3)
    assert (gate.grams, len(gate.weights)) == (GRAMS, BUCKETS)


def read(rows: Table, scores: np.ndarray, language: str = "en") -> ReadTexts:
    n = len(rows)
    return ReadTexts(
        table=rows,
        scores=np.stack([scores, *np.full((2, n), -100.0)], 1).astype(np.float32),
        language=np.array([language] * n, dtype=object),
        fit=np.ones(n, dtype=bool),
    )


def scored(
    positives: int, *, near: list[int] | None = None, language: str = "en"
) -> tuple[ReadTexts, ReadTexts]:
    """Return `tune` and held-out texts: harmless ones score under 0, positives 1, 2, 3 ..., pleas high."""
    tune = table(["t"] * 12, [{"phishing"}] * 10 + [{"person_at_risk"}] * 2)
    held = table(
        ["t"] * (positives + 60),
        [{"phishing"}] * (positives - 10) + [{"person_at_risk"}] * 10 + [set()] * 60,
        near=near,
    )
    values = np.concatenate([np.arange(1, positives + 1), -np.arange(60)])
    tune, held = (replace(rows, language=np.array([language] * len(rows))) for rows in (tune, held))
    tune_texts = read(tune, np.arange(12), language)
    tune_texts.scores[:, 1:] = 0
    tune_texts.table.role[0] = "enquiry"
    return tune_texts, read(held, values, language)


@pytest.mark.parametrize(("positives", "lost"), [(299, 0), (473, 1), (1000, 4)])
def test_no_more_positives_pass_than_their_number_allows(positives: int, lost: int) -> None:
    tune, held = scored(positives)
    found = certificate(held, thresholds(tune, held))

    assert found["pooled"]["lost"] == lost
    assert found["pooled"]["n"] == positives
    assert found["pooled"]["bound"] == pytest.approx(upper_bound(found["pooled"]["k"], positives), abs=1e-5)
    assert found["pooled"]["bound"] <= 0.01
    assert found["pooled"]["answered"] == found["pooled"]["benign"] == 60


def test_no_text_of_a_person_at_risk_passes_whatever_that_costs() -> None:
    tune, held = scored(1000)
    scores = held.scores.copy()
    plea = np.flatnonzero(held.table.labels.any(1))[-1]
    scores[plea, 0] = -30
    held = replace(held, scores=scores)
    limits = thresholds(tune, held)
    found = certificate(held, limits)

    assert not passing(held, limits)[plea]
    assert found["kinds"]["person_at_risk"] == {"n": 10, "lost": 0, "bound": pytest.approx(0.25887)}
    assert found["pooled"]["answered"] == 29  # the harmless texts that score below it


def test_a_language_with_too_few_positives_is_never_answered_for() -> None:
    tune, held = scored(298)

    assert thresholds(tune, held) == {}
    found = certificate(held, {})
    assert found["left_out"]["en"] == 298
    assert "en 298" in certificate_table(found)


def test_near_duplicates_count_once() -> None:
    tune, held = scored(400, near=[i // 2 for i in range(400)] + list(range(1000, 1060)))

    assert positives_of(held, "en") == 200
    assert thresholds(tune, held) == {}


def test_a_language_that_is_not_first_class_is_never_answered_for() -> None:
    tune, held = scored(400, language="de")

    assert thresholds(tune, held) == {}


def test_an_artefact_gets_a_gate_and_keeps_it_when_copied(tiny_artifact: Path, tmp_path: Path) -> None:
    found = fit_gate_of(tiny_artifact, corpus(positives=800), tmp_path / "gated")
    copy_artifact(tmp_path / "gated", tmp_path / "copy")
    before, after = load_artifact(tiny_artifact), load_artifact(tmp_path / "copy")

    assert before.gate is None
    assert after.gate is not None
    assert list(after.gate.thresholds) == ["en"]
    assert after.manifest["gate"]["certificate"] == json.loads(json.dumps(found))
    assert after.manifest["calibration"] == before.manifest["calibration"]
    assert found["pooled"]["answered"] > 0.9 * found["pooled"]["benign"]
    assert 0 < float(after.gate.labels.max()) < 0.05
    assert after.pleas is not None
    assert after.pleas.seem_urgent([f"garden {PLEA} river", "garden market school"]) == [True, False]
    assert after.manifest["gate"]["pleas"]["held_out"]["all"]["pleas"]["share"] == 1


def test_an_artefact_that_has_a_gate_gets_another(tiny_artifact: Path, tmp_path: Path) -> None:
    fit_gate_of(tiny_artifact, corpus(positives=800), tmp_path / "gated")
    fit_gate_of(tmp_path / "gated", corpus(positives=900), tmp_path / "again", version="2.0.0")
    first, second = load_artifact(tmp_path / "gated"), load_artifact(tmp_path / "again")

    assert first.gate is not None
    assert second.gate is not None
    assert not np.array_equal(first.gate.weights, second.gate.weights)
    assert second.info.version == "2.0.0"


def test_a_corpus_without_people_harmed_fits_no_gate(tiny_artifact: Path, tmp_path: Path) -> None:
    rows = corpus(positives=40)
    rows = rows.where(rows.labels[:, -1] == 0)

    with pytest.raises(TrainingDataError, match="people harmed"):
        fit_gate_of(tiny_artifact, rows, tmp_path / "gated")
