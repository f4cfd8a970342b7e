"""What people say that texts show: label codes, and spans in code points of the original; kept for training.

A person in danger is often made to commit what the text shows. Where somebody says that a person is at risk,
all that would be an offence is told as context, as in screening itself.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from models.calibration import AT_RISK, NOT_OFFENCES
from models.taxonomy import LABELS
from serving.store.errors import RefusedChangeError
from serving.store.items import original_text
from serving.store.organisations import Actor
from serving.store.report_codes import SCREENED
from serving.store.sealing import Keyring
from serving.store.tables import ACTOR, LABELLING, SCREENING


@dataclass(frozen=True, slots=True)
class LabelSpan:
    """Where a text shows what a label, an indicator or an entity type says: [start, end) in code points."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelling:
    """What a person says that a text shows.

    Attributes:
        labels: codes in taxonomy order; of a person at risk and of losses alone if somebody is at risk.
        context_labels: those of offences then.
        spans: None if nothing was said of them.
        actor: name of who said so.
    """

    labels: tuple[str, ...]
    context_labels: tuple[str, ...]
    spans: tuple[LabelSpan, ...] | None
    actor: str
    at_ms: int


def newest(connection: Connection, report: Row[Any]) -> Labelling | None:
    """Return what was said last of a report, or None."""
    row = connection.execute(
        select(LABELLING, ACTOR.c.name)
        .join(ACTOR, ACTOR.c.id == LABELLING.c.actor_id)
        .where(LABELLING.c.report_serial == report.serial)
        .order_by(LABELLING.c.serial.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _labelling(row)


def of_everybody(connection: Connection, report: Row[Any]) -> list[Labelling]:
    """Return what each person and program said last of a report, who spoke first comes first."""
    rows = connection.execute(
        select(LABELLING, ACTOR.c.name)
        .join(ACTOR, ACTOR.c.id == LABELLING.c.actor_id)
        .where(LABELLING.c.report_serial == report.serial)
        .order_by(LABELLING.c.serial)
    )
    return [*{row.actor_id: _labelling(row) for row in rows}.values()]


def in_context(codes: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return labels, and what is context alone since somebody is at risk; both in taxonomy order."""
    context = {code for code in codes if code not in NOT_OFFENCES} if AT_RISK in codes else set()
    return (
        tuple(code for code in LABELS if code in codes and code not in context),
        tuple(code for code in LABELS if code in context),
    )


def known_labels(connection: Connection, report: Row[Any]) -> tuple[str, ...] | None:
    """Return the labels of a report, those in context as well: a person's, else the newest screening's.

    None if there are neither.
    """
    said = newest(connection, report)
    if said:
        return (*said.labels, *said.context_labels)
    return tuple(report.flags.split()) if report.work == SCREENED else None


def keep(
    connection: Connection,
    actor: Actor,
    report: Row[Any],
    labels: Collection[str],
    spans: Sequence[LabelSpan] | None,
    *,
    now_ms: int,
) -> None:
    """Store what an actor says of a report."""
    model_sha256 = connection.execute(
        select(SCREENING.c.model_sha256)
        .where(SCREENING.c.report_serial == report.serial)
        .order_by(SCREENING.c.serial.desc())
        .limit(1)
    ).scalar()
    connection.execute(
        insert(LABELLING).values(
            organisation_id=report.organisation_id,
            actor_id=actor.id,
            report_serial=report.serial,
            at_ms=now_ms,
            model_sha256=model_sha256,
            labels=f" {' '.join(code for code in LABELS if code in labels)} ",
            spans=None if spans is None else json.dumps(as_lists(spans)),
        )
    )


def check_spans(
    connection: Connection,
    keyring: Keyring,
    report: Row[Any],
    spans: Sequence[LabelSpan],
) -> None:
    """Check that spans are of the text of a report.

    Raises:
        RefusedChangeError: they are not, or the report has no text any more, or never had.
    """
    text = original_text(connection, keyring, report)
    if text is None:
        raise RefusedChangeError("no_text", "spans: the report has no text that they could be of")
    length = len(text)
    if any(not 0 <= span.start < span.end <= length for span in spans):
        raise RefusedChangeError(
            "span_outside",
            f"spans: expected 0 <= start < end <= {length}, in Unicode code points of the text as received",
        )


def as_lists(spans: Sequence[LabelSpan]) -> list[list[object]]:
    """Return spans as they are stored."""
    return [[span.code, span.start, span.end] for span in spans]


def _labelling(row: Row[Any]) -> Labelling:
    labels, context_labels = in_context(row.labels.split())
    spans = None if row.spans is None else tuple(LabelSpan(*span) for span in json.loads(row.spans))
    return Labelling(labels, context_labels, spans, row.name, row.at_ms)
