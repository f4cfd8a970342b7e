"""Calibration after data were added: labels they do not speak of keep meaning, whatever sources there are."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import Artifact, load_artifact
from models.taxonomy import LABELS
from tests.test_training.tables import table
from training.calibrate import fit_temperature
from training.calibrate_added import thresholds_by, truth_by
from training.table import Table

LOAN, JOB = LABELS.index("loan_scam"), LABELS.index("fraudulent_job_offer")
FREE = np.array([code == "loan_scam" for code in LABELS])


@pytest.fixture
def earlier(tiny_artifact: Path) -> Artifact:
    """Return an artefact that flags from 0.4, 0.6 and 0.9 on."""
    return load_artifact(tiny_artifact)


def rows(n: int = 400) -> Table:
    """Return harmless texts and, at the end, a quarter of loan scams."""
    scams = n // 4
    return table([str(row) for row in range(n)], [set()] * (n - scams) + [{"loan_scam"}] * scams)


def test_a_label_is_fitted_to_the_truth_only_where_added_data_speak_of_it_or_know_the_text() -> None:
    texts = rows(8)
    texts.mask[0, LOAN] = 0
    new = np.array([row >= 6 for row in range(8)])
    texts.mask[7, JOB] = 0
    before = np.full((8, len(LABELS)), 0.25, dtype=np.float32)
    truth, known = truth_by(texts, new, before, FREE)

    assert truth[:, LOAN].tolist() == [0.25, 0, 0, 0, 0, 0, 1, 1]
    assert known[:, LOAN].tolist() == [False] + [True] * 7
    assert truth[:, JOB].tolist() == [0.25] * 6 + [0, 0.25]
    assert known[:, JOB].all()


def test_probabilities_fitted_to_what_was_said_before_are_what_was_said_before() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(-1, 3, (4000, len(LABELS))).astype(np.float32)
    said = 1 / (1 + np.exp(-(logits / 1.7 - 0.6)))
    temperature, bias = fit_temperature(logits, said.astype(np.float32), np.ones(logits.shape, dtype=bool))

    np.testing.assert_allclose(temperature, 1.7, rtol=0.05)
    np.testing.assert_allclose(bias, -0.6, atol=0.05)


def scores(loud: float) -> np.ndarray:
    """Return (400, n_labels) probabilities: near 0, but one label loud on 40 texts, loan scams found."""
    rng = np.random.default_rng(1)
    proba = rng.uniform(0, 0.05, (400, len(LABELS))).astype(np.float32)
    proba[:40, JOB] = loud
    proba[300:, LOAN] = 0.8
    return proba


def test_thresholds_of_other_labels_stay_though_the_texts_at_hand_are_harder(earlier: Artifact) -> None:
    proba = scores(loud=0.7)
    found = thresholds_by(earlier, proba, proba, rows(), FREE)

    for point, limits in earlier.calibration.thresholds.items():
        assert {code: found[point][code] for code in LABELS if code != "loan_scam"} == {
            code: limits[code] for code in LABELS if code != "loan_scam"
        }


def test_a_label_of_added_data_gets_a_threshold_that_its_own_false_alarms_decide(earlier: Artifact) -> None:
    quiet = scores(loud=0.01)
    noisy = quiet.copy()
    noisy[:30, LOAN] = np.linspace(0.31, 0.6, 30)
    low, high = (thresholds_by(earlier, proba, proba, rows(), FREE)["balanced"] for proba in (quiet, noisy))

    assert low["loan_scam"] == pytest.approx(0.3)
    assert 0.55 < high["loan_scam"] <= 0.61
    assert low["fraudulent_job_offer"] == high["fraudulent_job_offer"] == 0.6


def test_what_the_earlier_artefact_flagged_wrongly_here_does_not_silence_an_added_label(
    earlier: Artifact,
) -> None:
    # One text in seven is flagged as a job offer, now as before: far more than 1 %, but not of loan scams.
    proba = scores(loud=0.7)
    proba[100:103, LOAN] = 0.75

    assert thresholds_by(earlier, proba, proba, rows(), FREE)["balanced"]["loan_scam"] < 0.75
    strict = thresholds_by(earlier, scores(loud=0.01), scores(loud=0.01), rows(), FREE)
    assert strict["balanced"]["loan_scam"] < 0.8


def test_a_plea_that_the_new_artefact_is_less_sure_of_is_still_found(earlier: Artifact) -> None:
    texts, column = rows(), LABELS.index("person_at_risk")
    texts.labels[200:260, column] = 1
    proba = scores(loud=0.01)
    proba[200:260, column] = np.linspace(0.25, 0.9, 60)
    found = thresholds_by(earlier, proba, proba, texts, FREE)

    assert earlier.calibration.thresholds["screening"]["person_at_risk"] == 0.4
    assert 0.2 < found["screening"]["person_at_risk"] < 0.28
    assert found["balanced"]["person_at_risk"] == 0.6


def test_source_and_language_make_a_stratum_each_of_the_same_weight(earlier: Artifact) -> None:
    proba = scores(loud=0.01)
    proba[:2, LOAN] = 0.7
    one_language = rows()
    apart = replace(one_language, language=np.array(["th"] * 3 + ["en"] * 397, dtype=object))
    together = thresholds_by(earlier, proba, proba, one_language, FREE)["balanced"]["loan_scam"]

    assert thresholds_by(earlier, proba, proba, apart, FREE)["balanced"]["loan_scam"] > together
