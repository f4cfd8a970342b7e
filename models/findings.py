"""What a text names and shows: entities and indicators of the record, in characters of the original."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np

from models.calibration import NEUTRAL, NOT_OFFENCES, Decision, TokenCalibration
from models.entities import entity as by_recogniser
from models.entities.pipeline import find_entities
from models.entities.web_lookalikes import as_written
from models.screening import Entity, Indicator
from models.taxonomy import CONTACTS, INDICATORS
from models.text import NormalizedText
from models.tokens import Tokens, TokenSpan, entity_spans, indicator_spans

OFFENDING_ROLES: Final = frozenset({"offer", "approach", "operator_script"})
URGENT_INDICATORS: Final = frozenset({"self_harm", "possible_minor"})
SCAM_SITE: Final = "known_scam_site"


def entities_of(
    original: str,
    text: NormalizedText,
    tokens: Tokens | None,
    calibration: TokenCalibration | None,
    *,
    language: str,
    received_at: datetime | None,
) -> tuple[Entity, ...]:
    """Return what rules, gazetteer and the entity head find, none overlapping another; `party` is unknown.

    Args:
        original: as received.
        text: its normal form.
        tokens: of the normal form; None where the encoder has not read it.
        calibration: of the token heads; None where they are not trained.
        language: BCP-47 primary tag.
        received_at: when the text arrived, for relative dates.
    """
    thresholds = calibration.entity_thresholds if calibration else {}
    named = named_by_model(entity_spans(text.text, tokens), thresholds) if tokens and thresholds else []
    context = by_recogniser.Context(language, received_at)
    found = []
    for one in find_entities(text.text, context, named):
        start, end = text.original_span(one.start, one.end)
        if one.type in ("URL", "EMAIL"):
            one = as_written(one, original[start:end])  # noqa: PLW2901
        found.append(
            Entity(
                type=one.type,
                start=start,
                end=end,
                text=original[start:end],
                value=one.value,
                attributes=one.attributes,
                party="unknown",
                proba=one.proba,
                source=one.source,
                reason=one.reason,
            )
        )
    return tuple(found)


def named_by_model(spans: Iterable[TokenSpan], thresholds: Mapping[str, float]) -> list[by_recogniser.Entity]:
    """Return the spans of the entity head that are over the least probability of their type, as entities."""
    return [
        by_recogniser.Entity(
            span.code, span.start, span.end, None, proba=span.score, source="model", reason="model"
        )
        for span in spans
        if span.score >= thresholds.get(span.code, np.inf)
    ]


def indicators_of(
    original: str,
    text: NormalizedText,
    tokens: Tokens,
    calibration: TokenCalibration | None,
    entities: Sequence[Entity],
) -> tuple[Indicator, ...]:
    """Return the indicators the head finds, and every compound the gazetteer knows as reported, in order."""
    found = [
        Indicator(SCAM_SITE, one.start, one.end, one.text, one.proba)
        for one in entities
        if one.attributes.get("kind") == "scam_site"
    ]
    if calibration is None:
        return tuple(found)
    for span in indicator_spans(text.text, tokens, calibration.indicator_thresholds):
        if span.code == SCAM_SITE:  # the gazetteer's alone: shown with its source and date
            continue
        start, end = text.original_span(span.start, span.end)
        row = INDICATORS.index(span.code)
        logit = span.score * calibration.indicator_scale[row] + calibration.indicator_bias[row]
        proba = float(1.0 / (1.0 + np.exp(-logit)))
        found.append(Indicator(span.code, start, end, original[start:end], proba))
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.code)))


def with_party(entities: Sequence[Entity], role: str, decision: Decision) -> tuple[Entity, ...]:
    """Return entities of which the contacts are marked, if the text is a flagged offer, approach or script.

    Never of a text in which somebody may be at risk: no contact of theirs may enter a list of suspects.
    """
    offences = set(decision.flags) - NOT_OFFENCES - {NEUTRAL}
    if role not in OFFENDING_ROLES or not offences or decision.priority == "urgent":
        return tuple(entities)
    return tuple(
        replace(one, party="contact_in_flagged_text") if one.type in CONTACTS else one for one in entities
    )
