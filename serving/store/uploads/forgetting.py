"""The name of a file and those of its columns go with the words of its rows: people wrote them, too."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, or_, select, update

from serving.clock import DAY_MS
from serving.store import audit
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.tables import REPORT, UPLOAD, UPLOAD_ROW
from serving.store.uploads.upload import UNFINISHED, place_of_name

NO_NAME: Final = b""


def find_forgotten(connection: Connection, keyring: Keyring, *, days: int, now_ms: int) -> list[int]:
    """Return the uploads that ended, came more than so many days ago, and of whose rows none is kept."""
    empty_bytes = len(keyring.seal(NO_NAME, ""))
    is_kept = (
        select(UPLOAD_ROW.c.number)
        .join(REPORT, REPORT.c.serial == UPLOAD_ROW.c.report_serial)
        .where(UPLOAD_ROW.c.upload_serial == UPLOAD.c.serial, REPORT.c.purged_ms.is_(None))
        .exists()
    )
    asked = select(UPLOAD.c.serial).where(
        UPLOAD.c.created_ms < now_ms - days * DAY_MS,
        UPLOAD.c.state.not_in(UNFINISHED),
        or_(func.length(UPLOAD.c.name_sealed) > empty_bytes, UPLOAD.c.choice_sealed.is_not(None)),
        ~is_kept,
    )
    return list(connection.execute(asked.order_by(UPLOAD.c.serial)).scalars())


def forget_names(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    serials: Sequence[int],
    *,
    days: int,
    now_ms: int,
) -> None:
    """Remove what is left of these uploads in words; `actor` does it, in the audit of whose they are."""
    rows = connection.execute(
        select(UPLOAD.c.serial, UPLOAD.c.public_id, UPLOAD.c.organisation_id).where(
            UPLOAD.c.serial.in_(serials)
        )
    ).all()
    audit.take_chains(connection, (row.organisation_id for row in rows))
    for row in rows:
        sealed = keyring.seal(NO_NAME, place_of_name(row.public_id))
        of_upload = update(UPLOAD).where(UPLOAD.c.serial == row.serial)
        connection.execute(of_upload.values(name_sealed=sealed, choice_sealed=None))
        link = audit.Link(actor.id, now_ms, "upload.emptied", row.public_id, {"days": days})
        audit.append(connection, keyring, row.organisation_id, link)
