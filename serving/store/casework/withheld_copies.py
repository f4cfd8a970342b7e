"""What is byte for byte an image that is withheld is withheld as well: nobody is to look at it a second time.

Only images and PDF: the same words are sent by many, and one seal by mistake would hide a whole campaign.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Row, literal_column, select

from serving.store.casework import history
from serving.store.casework.history import Difference, Step
from serving.store.casework.versions import give_version
from serving.store.items import ORIGINAL
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import ITEM, REPORT

MOST_COPIES: Final = 500
_IS_IMAGE: Final = (ITEM.c.kind == ORIGINAL, ITEM.c.encoding == literal_column("''"))
"""Written as its index has it, without a parameter, so that it is used."""


def copies_of(connection: Connection, report: Row[Any], *, are_withheld: bool) -> Sequence[Row[Any]]:
    """Return the other reports of an organisation that are the same image, the oldest `MOST_COPIES`."""
    of_report = select(ITEM.c.sha256).where(ITEM.c.report_serial == report.serial, *_IS_IMAGE)
    sha256 = connection.execute(of_report).scalar()
    if sha256 is None:
        return ()
    is_so = REPORT.c.withheld_ms.is_not(None) if are_withheld else REPORT.c.withheld_ms.is_(None)
    same = (
        select(REPORT)
        .join(ITEM, ITEM.c.report_serial == REPORT.c.serial)
        .where(ITEM.c.sha256 == sha256, *_IS_IMAGE, is_so)
        .where(REPORT.c.organisation_id == report.organisation_id, REPORT.c.serial != report.serial)
    )
    return connection.execute(same.order_by(REPORT.c.serial).limit(MOST_COPIES)).all()


def withhold_known(
    connection: Connection, keyring: Keyring, organisation_id: int, items: Sequence[Mapping[str, Any]]
) -> None:
    """Withhold, of reports that were just stored, the images that are withheld already.

    Args:
        connection: in the transaction that stored them.
        keyring: of the store.
        organisation_id: whose they are.
        items: rows of their originals.
    """
    images = [item for item in items if not item["encoding"]]
    if not images:
        return
    known = (
        select(ITEM.c.sha256)
        .join(REPORT, REPORT.c.serial == ITEM.c.report_serial)
        .where(REPORT.c.organisation_id == organisation_id, REPORT.c.withheld_ms.is_not(None), *_IS_IMAGE)
    )
    hashes = set(connection.execute(known).scalars())
    for item in images:
        if item["sha256"] in hashes:
            of_item = select(REPORT).where(REPORT.c.serial == item["report_serial"])
            sender = Actor(item["actor_id"], organisation_id)
            withhold_one(
                connection,
                keyring,
                sender,
                connection.execute(of_item).one(),
                now_ms=item["stored_ms"],
                why="the same image as one that is withheld",
            )


def withhold_one(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    report: Row[Any],
    *,
    now_ms: int,
    why: str = "",
    columns: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Withhold a report that was taken, and write it down.

    Args:
        connection: in a transaction.
        keyring: of the store.
        actor: who withholds it.
        report: its row.
        now_ms: the time.
        why: in words.
        columns: what else is changed of it.
    """
    version = give_version(connection, report, withheld_ms=now_ms, **columns)
    changes = {"withheld": Difference(False, True)}
    step = Step("withheld", version, changes, {"reason": why} if why else {})
    history.write(connection, keyring, actor, report, step, now_ms=now_ms)
