"""Logits -> calibrated probabilities -> flags. Pure numpy; nothing is learned here."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.encoded import FloatArray
from models.errors import ArtifactIncompatibleError
from models.screening import OPERATING_POINTS, OperatingPoint, Priority
from models.taxonomy import LABELS

AT_RISK = "person_at_risk"
_ROUNDING = 0.01  # `over` rounds: a probability a little below a threshold reaches it
_LEAST_PROBA = 1e-6
NOT_OFFENCES = frozenset({AT_RISK, "loss_report"})
ALWAYS_HIGH = frozenset({"loss_report", "trafficking_recruitment", "extortion"})
NEUTRAL = "commercial_sex_ad"  # alone it never raises priority
NEVER_HIGH_BY_SCORE = frozenset({"commercial_sex_ad", "online_gambling"})
ROLES_TO_REVIEW = frozenset({"victim_account", "enquiry"})


@dataclass(frozen=True, slots=True)
class Calibration:
    """Per-label temperature and bias, and the thresholds of the three operating points.

    Attributes:
        temperature: (n_labels,) float32, each > 0.
        bias: (n_labels,) float32, added after the division.
        role_temperature: one number for all roles, > 0.
        thresholds: operating point -> label code -> threshold in [0, 1.01], two decimals; of languages
            without a certificate.
        certified: language -> its own `balanced` thresholds, label code -> threshold, under certificate.
    """

    temperature: FloatArray
    bias: FloatArray
    role_temperature: float
    thresholds: Mapping[OperatingPoint, Mapping[str, float]]
    certified: Mapping[str, Mapping[str, float]]

    def least_logits(self) -> FloatArray:
        """Return (n_labels,) float32: below its own no label is flagged, in any language at any point."""
        tables = [*self.thresholds.values(), *self.certified.values()]
        lowest = np.array([min(table[code] for table in tables) for code in LABELS])
        proba = np.clip(lowest - _ROUNDING, _LEAST_PROBA, 1 - _LEAST_PROBA)
        logits = (np.log(proba / (1 - proba)) - self.bias) * self.temperature
        return np.asarray(logits, dtype=np.float32)

    def of_language(self, language: str) -> Mapping[OperatingPoint, Mapping[str, float]]:
        """Return the thresholds that hold for texts of a language.

        Where a language is certified, `strict` is never below its own `balanced`, `screening` never above: a
        point that finds more flags everything a stricter one does.
        """
        own = self.certified.get(language)
        if own is None:
            return self.thresholds
        return {
            "screening": {
                code: min(value, own[code]) for code, value in self.thresholds["screening"].items()
            },
            "balanced": own,
            "strict": {code: max(value, own[code]) for code, value in self.thresholds["strict"].items()},
        }


@dataclass(frozen=True, slots=True)
class TokenCalibration:
    """When a finding of the token heads counts, and how sure it is.

    Attributes:
        entity_thresholds: entity type -> least mean probability; types that are not there are left to rules.
        indicator_thresholds: (n_indicators,) float32 logits; infinite for indicators the head cannot find.
        indicator_scale, indicator_bias: (n_indicators,) float32; a span's probability is the sigmoid of its
            highest logit times scale plus bias.
    """

    entity_thresholds: Mapping[str, float]
    indicator_thresholds: FloatArray
    indicator_scale: FloatArray
    indicator_bias: FloatArray


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from the probabilities of one text; see `Screening` for the fields."""

    flags: tuple[str, ...]
    context_labels: tuple[str, ...]
    uncertified: tuple[str, ...]
    thresholds: Mapping[str, float]
    priority: Priority
    priority_reason: str


def label_proba(logits: FloatArray, calibration: Calibration) -> FloatArray:
    """Turn label logits into calibrated probabilities, label by label.

    Args:
        logits: (n_texts, n_labels) float32, columns in `taxonomy.LABELS` order.
        calibration: temperature and bias per label.

    Returns:
        (n_texts, n_labels) float32 in [0, 1]; rows need not sum to 1 (multi-label).

    Raises:
        ArtifactIncompatibleError: the label counts differ.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", section 4.2; Platt 1999 (bias).
    """
    if logits.shape[-1] != len(calibration.temperature):
        raise ArtifactIncompatibleError(
            f"logits have {logits.shape[-1]} labels, the calibration {len(calibration.temperature)}"
        )
    scaled = logits / calibration.temperature + calibration.bias
    return np.asarray(1.0 / (1.0 + np.exp(-scaled)), dtype=np.float32)


def role_proba(logits: FloatArray, calibration: Calibration) -> FloatArray:
    """Turn role logits (n_texts, n_roles) into probabilities that sum to 1 per row."""
    scaled = logits / calibration.role_temperature
    scaled = scaled - scaled.max(axis=-1, keepdims=True)
    exponentials = np.exp(scaled)
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), dtype=np.float32)


def over(proba: float, threshold: float) -> bool:
    """Compare as records do: probabilities rounded to two decimals, so that batch noise moves no flag."""
    return round(float(proba), 2) >= threshold


def decide(
    proba: FloatArray,
    calibration: Calibration,
    *,
    operating_point: OperatingPoint,
    language: str,
    role: str,
    needs_eyes: str | None = None,
    urgent_indicator: str | None = None,
) -> Decision:
    """Decide flags and priority of one text.

    Args:
        proba: (n_labels,) calibrated probabilities in `taxonomy.LABELS` order.
        calibration: thresholds and certificates.
        operating_point: which thresholds raise a flag.
        language: BCP-47 primary tag; a language without a certificate leaves its flags uncertified.
        role: the most probable role.
        needs_eyes: why a person must look whatever the scores (truncated, unsupported language), or None.
        urgent_indicator: `self_harm` or `possible_minor` if the text shows one.
    """
    by_label = dict(zip(LABELS, (float(value) for value in proba), strict=True))
    of_language = calibration.of_language(language)
    thresholds = of_language[operating_point]
    flagged = [code for code in LABELS if over(by_label[code], thresholds[code])]
    pooled = calibration.thresholds
    noted = [  # a language's certificate may withhold a flag; it never lowers a priority
        code for code in LABELS if code in flagged or over(by_label[code], pooled[operating_point][code])
    ]
    may_be_at_risk = over(by_label[AT_RISK], of_language["screening"][AT_RISK])
    if may_be_at_risk or AT_RISK in flagged:
        flags = tuple(code for code in flagged if code in NOT_OFFENCES)
        context_labels = tuple(code for code in flagged if code not in NOT_OFFENCES)
    else:
        flags, context_labels = tuple(flagged), ()
    balanced = of_language["balanced"]
    uncertified = tuple(
        code
        for code in LABELS
        if code in flagged
        and (language not in calibration.certified or not over(by_label[code], balanced[code]))
    )
    priority, reason = _priority(
        by_label,
        of_language["screening"][AT_RISK],
        pooled["strict"],
        noted,
        role=role,
        needs_eyes=needs_eyes,
        urgent_indicator=urgent_indicator,
    )
    return Decision(
        flags=flags,
        context_labels=context_labels,
        uncertified=uncertified,
        thresholds={code: thresholds[code] for code in flagged},
        priority=priority,
        priority_reason=reason,
    )


def _priority(  # noqa: PLR0911 (one return per rule, in the order of the design)
    by_label: Mapping[str, float],
    at_risk: float,
    strict: Mapping[str, float],
    noted: list[str],
    *,
    role: str,
    needs_eyes: str | None,
    urgent_indicator: str | None,
) -> tuple[Priority, str]:
    """Return the priority and the reason a person reads; rules of the design, first that holds wins."""
    if over(by_label[AT_RISK], at_risk) or AT_RISK in noted:
        return "urgent", "person_at_risk"
    if urgent_indicator:
        return "urgent", urgent_indicator
    for code in noted:
        if code in ALWAYS_HIGH:
            return "high", code
    for code in LABELS:
        if code not in NEVER_HIGH_BY_SCORE and over(by_label[code], strict[code]):
            return "high", f"{code} over its strict threshold"
    for code in noted:
        if code != NEUTRAL:
            return "review", code
    if needs_eyes:
        return "review", needs_eyes
    if role in ROLES_TO_REVIEW:
        return "review", f"role {role}"
    return "low", f"{NEUTRAL} alone" if noted else "nothing flagged"


def validate_thresholds(
    thresholds: Mapping[str, Mapping[str, float]],
) -> Mapping[OperatingPoint, Mapping[str, float]]:
    """Return the thresholds of a manifest, complete for every operating point and label.

    Raises:
        ArtifactIncompatibleError: a point or a label is absent.
    """
    complete: dict[OperatingPoint, Mapping[str, float]] = {}
    for point in OPERATING_POINTS:
        of_point = thresholds.get(point, {})
        missing = [code for code in LABELS if code not in of_point]
        if missing:
            raise ArtifactIncompatibleError(f"manifest has no {point} threshold for {', '.join(missing)}")
        complete[point] = {code: float(of_point[code]) for code in LABELS}
    return complete
