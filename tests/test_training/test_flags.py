"""Flags of many texts are those that `decide` gives one by one."""

import numpy as np
import pytest

from models.calibration import Calibration, decide
from models.screening import OPERATING_POINTS, OperatingPoint
from models.taxonomy import LABELS
from training.flags import flagged


@pytest.fixture
def calibration() -> Calibration:
    points: dict[OperatingPoint, float] = {"screening": 0.3, "balanced": 0.6, "strict": 0.9}
    thresholds = {point: dict.fromkeys(LABELS, value) for point, value in points.items()}
    return Calibration(
        temperature=np.ones(len(LABELS), dtype=np.float32),
        bias=np.zeros(len(LABELS), dtype=np.float32),
        role_temperature=1.0,
        thresholds=thresholds,
        certified={"th": dict.fromkeys(LABELS, 0.7), "en": dict.fromkeys(LABELS, 0.2)},
    )


@pytest.mark.parametrize("point", OPERATING_POINTS)
def test_many_texts_are_flagged_as_one_is(calibration: Calibration, point: OperatingPoint) -> None:
    rng = np.random.default_rng(0)
    proba = rng.random((60, len(LABELS))).astype(np.float32)
    languages = ["th", "en", "lo"] * 20
    together = flagged(proba, languages, calibration, point)

    for row, language in enumerate(languages):
        decision = decide(proba[row], calibration, operating_point=point, language=language, role="ordinary")
        alone = {*decision.flags, *decision.context_labels}
        assert {code for code, flag in zip(LABELS, together[row], strict=True) if flag} == alone
