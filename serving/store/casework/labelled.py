"""Texts that people labelled, of those who agree to research -> what researchers train with."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from serving.store import audit
from serving.store.casework.changes import consents_to
from serving.store.casework.labellings import Labelling, newest
from serving.store.items import original_text
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import LABELLING, ORGANISATION, REPORT

NO_CONSENT: Final = "without consent to research"
NO_TEXT: Final = "without a text: images, what was purged, and what is withheld"
_RESEARCH: Final = "research"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what a person says that it shows; spans count its code points.

    Attributes:
        report_id: public id.
        organisation_id: whose report it is.
        language: BCP-47 primary tag; "" if nobody knows.
    """

    report_id: str
    organisation_id: int
    text: str = field(repr=False)
    language: str
    labelling: Labelling


def labelled(connection: Connection, keyring: Keyring, organisation: str | None) -> Iterator[Labelled | str]:
    """Yield each report that a person has labelled, as it was labelled last, or why it is left out.

    Args:
        connection: in a transaction.
        keyring: of the store.
        organisation: name of the one whose reports they are; None: of all.
    """
    has_labels = select(LABELLING.c.serial).where(LABELLING.c.report_serial == REPORT.c.serial).exists()
    reports = select(REPORT).where(has_labels).order_by(REPORT.c.serial)
    if organisation is not None:
        of_name = select(ORGANISATION.c.id).where(ORGANISATION.c.name == organisation).scalar_subquery()
        reports = reports.where(REPORT.c.organisation_id == of_name)
    for report in connection.execute(reports).all():
        yield _labelled(connection, keyring, report)


def write_down(
    connection: Connection, keyring: Keyring, actor: Actor, exported: Counter[int], *, now_ms: int
) -> None:
    """Add to the audit of each organisation how many of its texts were handed out."""
    for organisation_id, count in sorted(exported.items()):
        link = audit.Link(actor.id, now_ms, "labels.exported", detail={"reports": count})
        audit.append(connection, keyring, organisation_id, link)


def _labelled(connection: Connection, keyring: Keyring, report: Row[Any]) -> Labelled | str:
    if consents_to(keyring, report).get(_RESEARCH) != "yes":
        return NO_CONSENT
    text = original_text(connection, keyring, report)
    labelling = newest(connection, report)
    if text is None or report.withheld_ms is not None or labelling is None:
        return NO_TEXT
    return Labelled(report.public_id, report.organisation_id, text, report.language or "", labelling)
