"""Probabilities -> flags, context and priority: every rule of the design, section 4."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.calibration import (
    AT_RISK,
    Calibration,
    Decision,
    decide,
    label_proba,
    over,
    role_proba,
    validate_thresholds,
)
from models.errors import ArtifactIncompatibleError
from models.screening import OPERATING_POINTS, OperatingPoint
from models.taxonomy import LABELS, ROLES

POINTS: dict[OperatingPoint, float] = {"screening": 0.3, "balanced": 0.6, "strict": 0.9}
AT_RISK_SCREENING = 0.2
SEX = "commercial_sex_ad"
OFFENCES = [code for code in LABELS if code not in {AT_RISK, "loss_report"}]


@pytest.fixture
def calibration() -> Calibration:
    thresholds: dict[OperatingPoint, dict[str, float]] = {
        point: dict.fromkeys(LABELS, value) for point, value in POINTS.items()
    }
    thresholds["screening"][AT_RISK] = AT_RISK_SCREENING
    return Calibration(
        temperature=np.ones(len(LABELS), dtype=np.float32),
        bias=np.zeros(len(LABELS), dtype=np.float32),
        role_temperature=1.0,
        thresholds=thresholds,
        certified={"en": thresholds["balanced"]},
    )


def decided(
    calibration: Calibration, probabilities: dict[str, float] | None = None, **given: Any
) -> Decision:
    """Decide a text with these probabilities, 0.01 for all others; English and `balanced` unless told."""
    proba = np.array([(probabilities or {}).get(code, 0.01) for code in LABELS], dtype=np.float32)
    settings = {"operating_point": "balanced", "language": "en", "role": "ordinary", **given}
    return decide(proba, calibration, **settings)


@pytest.mark.parametrize("point", OPERATING_POINTS)
def test_a_label_is_flagged_at_its_threshold_and_not_below(
    calibration: Calibration, point: OperatingPoint
) -> None:
    threshold = POINTS[point]

    assert decided(calibration, {"phishing": threshold}, operating_point=point).flags == ("phishing",)
    assert decided(calibration, {"phishing": threshold - 0.011}, operating_point=point).flags == ()


@pytest.mark.parametrize(
    ("proba", "flagged"), [(0.5951, True), (0.5999, True), (0.6001, True), (0.5949, False)]
)
def test_probabilities_are_rounded_to_two_decimals_before_they_are_compared(
    proba: float, flagged: bool
) -> None:
    assert over(proba, 0.6) is flagged


def test_flags_come_in_taxonomy_order_with_the_threshold_that_raised_them(calibration: Calibration) -> None:
    decision = decided(calibration, {"phishing": 0.7, "task_scam": 0.8})

    assert decision.flags == tuple(code for code in LABELS if code in {"phishing", "task_scam"})
    assert decision.thresholds == {"phishing": 0.6, "task_scam": 0.6}


def test_what_a_coerced_worker_was_made_to_do_is_context_not_a_flag(calibration: Calibration) -> None:
    decision = decided(
        calibration, {AT_RISK: 0.8, "romance_scam": 0.95, "loss_report": 0.7, "drug_trade": 0.7}
    )

    assert set(decision.flags) == {AT_RISK, "loss_report"}
    assert set(decision.context_labels) == {"romance_scam", "drug_trade"}
    assert set(decision.thresholds) == {AT_RISK, "loss_report", "romance_scam", "drug_trade"}
    assert decision.priority == "urgent"


@pytest.mark.parametrize("point", OPERATING_POINTS)
def test_a_possible_victim_under_the_flag_threshold_is_protected_all_the_same(
    calibration: Calibration, point: OperatingPoint
) -> None:
    decision = decided(calibration, {AT_RISK: AT_RISK_SCREENING, "romance_scam": 0.95}, operating_point=point)

    assert "romance_scam" not in decision.flags
    assert decision.context_labels == ("romance_scam",)
    assert (AT_RISK in decision.flags) == (point == "screening")


@pytest.mark.parametrize("code", OFFENCES)
def test_every_offence_label_moves_to_context_beside_a_person_at_risk(
    calibration: Calibration, code: str
) -> None:
    decision = decided(calibration, {AT_RISK: 0.9, code: 0.9})

    assert decision.flags == (AT_RISK,)
    assert decision.context_labels == (code,)


def test_without_a_person_at_risk_nothing_is_context(calibration: Calibration) -> None:
    decision = decided(calibration, {AT_RISK: AT_RISK_SCREENING - 0.02, "romance_scam": 0.95})

    assert decision.flags == ("romance_scam",)
    assert decision.context_labels == ()


def test_a_language_without_a_certificate_leaves_flags_and_context_uncertified(
    calibration: Calibration,
) -> None:
    probabilities = {AT_RISK: 0.8, "romance_scam": 0.95}

    assert set(decided(calibration, probabilities, language="lo").uncertified) == {AT_RISK, "romance_scam"}
    assert decided(calibration, probabilities, language="en").uncertified == ()


def test_at_screening_a_code_under_its_balanced_threshold_is_uncertified(calibration: Calibration) -> None:
    decision = decided(calibration, {"phishing": 0.4, "task_scam": 0.7}, operating_point="screening")

    assert set(decision.flags) == {"phishing", "task_scam"}
    assert decision.uncertified == ("phishing",)


def test_certificates_hold_at_strict(calibration: Calibration) -> None:
    assert decided(calibration, {"phishing": 0.95}, operating_point="strict").uncertified == ()


PRIORITIES: list[tuple[str, dict[str, float], dict[str, Any], str, str]] = [
    ("a flagged person at risk", {AT_RISK: 0.8}, {}, "urgent", AT_RISK),
    ("a possible person at risk", {AT_RISK: 0.2}, {"operating_point": "strict"}, "urgent", AT_RISK),
    ("an uncertified person at risk", {AT_RISK: 0.2}, {"language": "lo"}, "urgent", AT_RISK),
    ("a self-harm indicator", {}, {"urgent_indicator": "self_harm"}, "urgent", "self_harm"),
    ("a possible minor", {}, {"urgent_indicator": "possible_minor"}, "urgent", "possible_minor"),
    ("a loss report", {"loss_report": 0.6}, {}, "high", "loss_report"),
    ("trafficking recruitment", {"trafficking_recruitment": 0.6}, {}, "high", "trafficking_recruitment"),
    ("extortion", {"extortion": 0.6}, {}, "high", "extortion"),
    ("a very sure label", {"phishing": 0.9}, {}, "high", "phishing over its strict threshold"),
    ("any other flag", {"phishing": 0.6}, {}, "review", "phishing"),
    ("gambling however sure", {"online_gambling": 0.99}, {}, "review", "online_gambling"),
    ("a sex advert however sure", {SEX: 0.99}, {}, "low", f"{SEX} alone"),
    ("a sex advert and gambling", {SEX: 0.99, "online_gambling": 0.7}, {}, "review", "online_gambling"),
    ("a sex advert and extortion", {SEX: 0.99, "extortion": 0.7}, {}, "high", "extortion"),
    ("an unsupported language", {}, {"needs_eyes": "unsupported_language"}, "review", "unsupported_language"),
    ("a truncated text", {}, {"needs_eyes": "truncated"}, "review", "truncated"),
    ("a victim's account", {}, {"role": "victim_account"}, "review", "role victim_account"),
    ("an enquiry", {}, {"role": "enquiry"}, "review", "role enquiry"),
    ("an ordinary text", {}, {}, "low", "nothing flagged"),
    ("a warning about scams", {}, {"role": "warning"}, "low", "nothing flagged"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("probabilities", "given", "priority", "reason"),
    [case[1:] for case in PRIORITIES],
    ids=[c[0] for c in PRIORITIES],
)
def test_the_priority_is(
    calibration: Calibration,
    probabilities: dict[str, float],
    given: dict[str, Any],
    priority: str,
    reason: str,
) -> None:
    decision = decided(calibration, probabilities, **given)

    assert (decision.priority, decision.priority_reason) == (priority, reason)


ORDER = ("low", "review", "high", "urgent")


@pytest.mark.parametrize("case", PRIORITIES, ids=[case[0] for case in PRIORITIES])
def test_neither_role_nor_language_nor_doubt_lowers_a_priority(
    calibration: Calibration, case: tuple[str, dict[str, float], dict[str, Any], str, str]
) -> None:
    _, probabilities, given, priority, _ = case
    for role in (given.get("role"), *(r for r in ROLES if "role" not in given)):
        for doubt in (given.get("needs_eyes"), "unsupported_language"):
            for language in ("en", "lo", "und"):
                extra = {"role": role or "ordinary", "needs_eyes": doubt, "language": language}
                decision = decided(calibration, probabilities, **{**given, **extra})
                assert ORDER.index(decision.priority) >= ORDER.index(priority)


def test_calibration_divides_by_temperature_and_adds_bias(calibration: Calibration) -> None:
    warm = Calibration(
        temperature=np.full(len(LABELS), 2.0, dtype=np.float32),
        bias=np.full(len(LABELS), -1.0, dtype=np.float32),
        role_temperature=2.0,
        thresholds=calibration.thresholds,
        certified={},
    )
    proba = label_proba(np.full((3, len(LABELS)), 2.0, dtype=np.float32), warm)

    assert proba.shape == (3, len(LABELS))
    assert proba.dtype == np.float32
    assert np.all(proba == np.float32(0.5))


def test_logits_of_another_taxonomy_are_refused(calibration: Calibration) -> None:
    with pytest.raises(ArtifactIncompatibleError, match="logits have 5 labels, the calibration 22"):
        label_proba(np.zeros((1, 5), dtype=np.float32), calibration)


def test_roles_sum_to_one_even_for_huge_logits(calibration: Calibration) -> None:
    proba = role_proba(np.array([[1000.0, 0, 0, 0, 0, 0, -1000.0]], dtype=np.float32), calibration)

    assert proba.sum() == pytest.approx(1.0)
    assert proba[0, 0] == pytest.approx(1.0)


def test_thresholds_that_lack_a_label_or_a_point_are_refused() -> None:
    whole = {point: dict.fromkeys(LABELS, 0.5) for point in OPERATING_POINTS}
    assert validate_thresholds(whole) == whole

    lacking = {**whole, "strict": {code: 0.5 for code in LABELS if code != "phishing"}}
    with pytest.raises(ArtifactIncompatibleError, match="manifest has no strict threshold for phishing"):
        validate_thresholds(lacking)
    with pytest.raises(ArtifactIncompatibleError, match="manifest has no balanced threshold"):
        validate_thresholds({point: whole[point] for point in ("screening", "strict")})


def certified(calibration: Calibration, threshold: float) -> Calibration:
    """Return a calibration in which Thai has a certificate at this threshold."""
    return replace(calibration, certified={"th": dict.fromkeys(LABELS, threshold)})


def test_a_certified_language_is_flagged_at_its_own_threshold(calibration: Calibration) -> None:
    strict_thai = certified(calibration, 0.8)

    assert decided(strict_thai, {"phishing": 0.7}, language="th").flags == ()
    assert decided(strict_thai, {"phishing": 0.8}, language="th").flags == ("phishing",)
    assert decided(strict_thai, {"phishing": 0.8}, language="th").uncertified == ()
    assert decided(strict_thai, {"phishing": 0.7}, language="lo").flags == ("phishing",)


def test_a_certificate_that_withholds_a_flag_lowers_no_priority(calibration: Calibration) -> None:
    decision = decided(certified(calibration, 0.95), {"loss_report": 0.7}, language="th")

    assert decision.flags == ()
    assert (decision.priority, decision.priority_reason) == ("high", "loss_report")


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.95])
def test_a_point_that_finds_more_flags_whatever_a_stricter_one_does(
    calibration: Calibration, threshold: float
) -> None:
    thai = certified(calibration, threshold)
    for proba in (0.1, 0.25, 0.35, 0.65, 0.92, 0.96):
        flags = [
            set(decided(thai, {"phishing": proba}, language="th", operating_point=point).flags)
            for point in ("screening", "balanced", "strict")
        ]
        assert flags[0] >= flags[1] >= flags[2]
