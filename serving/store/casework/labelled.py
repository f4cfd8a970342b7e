"""Texts that people labelled, of those who agree to research -> what researchers may train with.

A victim's account is handed out only for a written reason; it stands, sealed, in the history of each.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from models.calibration import AT_RISK
from models.screening import Entity
from serving.store import audit
from serving.store.casework import history
from serving.store.casework.changes import consents_to
from serving.store.casework.history import Difference, Step
from serving.store.casework.labellings import Labelling, of_everybody
from serving.store.casework.versions import give_version, take
from serving.store.items import original_text
from serving.store.organisations import Actor
from serving.store.screening.findings import place_of_screening
from serving.store.sealing import Keyring
from serving.store.tables import LABELLING, ORGANISATION, REPORT, SCREENING

NO_CONSENT: Final = "without consent to research"
NO_TEXT: Final = "without a text: images, what was purged, and what is withheld"
CHANGED: Final = "that somebody changed meanwhile: run it again"
NOT_SCREENED: Final = "that were not screened: what leads to people in them is not known"
VICTIMS: Final = "that tell of a victim: --victim-accounts takes them along, for a reason"
_RESEARCH: Final = "research"
_VICTIM_ACCOUNT: Final = "victim_account"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what people say that it shows; spans count its code points.

    Attributes:
        report_id: public id.
        version: that the report had.
        organisation_id: whose report it is.
        language: BCP-47 primary tag; "" if nobody knows.
        campaign_id: that it was found to be part of, or None.
        entities: that the newest screening found in it.
        labellings: what each person said last.
        of_victim: it is a victim's account, or tells of somebody at risk.
    """

    report_id: str
    version: int
    organisation_id: int
    text: str = field(repr=False)
    language: str
    campaign_id: int | None
    entities: tuple[Entity, ...] = field(repr=False)
    labellings: tuple[Labelling, ...]
    of_victim: bool


def labelled(
    connection: Connection, keyring: Keyring, organisation: str | None, *, with_victims: bool
) -> Iterator[Labelled | str]:
    """Yield each report that a person has labelled, or why it is left out.

    Args:
        connection: in a transaction.
        keyring: of the store.
        organisation: name of the one whose reports they are; None: of all.
        with_victims: victims' accounts too.
    """
    has_labels = select(LABELLING.c.serial).where(LABELLING.c.report_serial == REPORT.c.serial).exists()
    reports = select(REPORT).where(has_labels).order_by(REPORT.c.serial)
    if organisation is not None:
        of_name = select(ORGANISATION.c.id).where(ORGANISATION.c.name == organisation).scalar_subquery()
        reports = reports.where(REPORT.c.organisation_id == of_name)
    for report in connection.execute(reports).all():
        found = _labelled(connection, keyring, report)
        yield VICTIMS if isinstance(found, Labelled) and found.of_victim and not with_victims else found


def write_down(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    read: Sequence[Labelled | str],
    reason: str,
    *,
    now_ms: int,
) -> list[Labelled | str]:
    """Write down that texts are handed out: how many in the audit, victims' accounts in the history of each.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who hands them out.
        read: what `labelled` yielded.
        reason: why victims' accounts are among it; "" if none are.
        now_ms: the time.

    Returns:
        what is handed out, and why the others are not: consent may be withdrawn, and words purged, meanwhile.
    """
    organisations = {one.organisation_id for one in read if isinstance(one, Labelled)}
    audit.take_chains(connection, organisations)
    told = [one if isinstance(one, str) or _is_unchanged(connection, one) else CHANGED for one in read]
    exported = [one for one in told if isinstance(one, Labelled)]
    reports = Counter(one.organisation_id for one in exported)
    victims = Counter(one.organisation_id for one in exported if one.of_victim)
    for one in exported:
        if one.of_victim:
            _write_reason(connection, keyring, actor, one, reason, now_ms=now_ms)
    for organisation_id, count in sorted(reports.items()):
        detail = {"reports": count, "victim_accounts": victims[organisation_id]}
        link = audit.Link(actor.id, now_ms, "labels.exported", detail=detail)
        audit.append(connection, keyring, organisation_id, link)
    return told


def _is_unchanged(connection: Connection, one: Labelled) -> bool:
    version = select(REPORT.c.version).where(REPORT.c.public_id == one.report_id)
    return connection.execute(version).scalar_one_or_none() == one.version


def _write_reason(
    connection: Connection, keyring: Keyring, actor: Actor, exported: Labelled, reason: str, *, now_ms: int
) -> None:
    by = Actor(actor.id, exported.organisation_id)
    report = take(connection, by, exported.report_id, {exported.version})
    step = Step(
        "exported_for_research",
        give_version(connection, report),
        {"researchers": Difference(False, True)},
        {"reason": reason},
    )
    history.write(connection, keyring, by, report, step, now_ms=now_ms)


def _labelled(connection: Connection, keyring: Keyring, report: Row[Any]) -> Labelled | str:
    if consents_to(keyring, report).get(_RESEARCH) != "yes":
        return NO_CONSENT
    text = original_text(connection, keyring, report)
    if text is None or report.withheld_ms is not None:
        return NO_TEXT
    entities = _entities(connection, keyring, report)
    if entities is None:
        return NOT_SCREENED
    labellings = tuple(of_everybody(connection, report))
    at_risk = AT_RISK in report.flags.split() or any(AT_RISK in one.labels for one in labellings)
    return Labelled(
        report_id=report.public_id,
        version=report.version,
        organisation_id=report.organisation_id,
        text=text,
        language=report.language or "",
        campaign_id=report.campaign_id,
        entities=entities,
        labellings=labellings,
        of_victim=at_risk or report.role == _VICTIM_ACCOUNT,
    )


def _entities(connection: Connection, keyring: Keyring, report: Row[Any]) -> tuple[Entity, ...] | None:
    """Return what the newest screening found in a text, or None if there is none that could read it."""
    newest = connection.execute(
        select(SCREENING)
        .where(SCREENING.c.report_serial == report.serial, SCREENING.c.sealed.is_not(None))
        .order_by(SCREENING.c.serial.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return None
    place = place_of_screening(report.public_id, newest.model_sha256)
    record = json.loads(keyring.open(newest.sealed, place))
    return None if "entities" not in record else tuple(Entity(**one) for one in record["entities"])
