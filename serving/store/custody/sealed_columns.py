"""Every column of sealed values, and the place each of its values is sealed for.

What purges, verifies or seals anew goes by this list; a test fails for a column that is not in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Row, Select, Table, select

from serving.store.access.people import place_of_code
from serving.store.casework.handovers import place_of_handover
from serving.store.casework.history import place_of_history
from serving.store.casework.referrals import place_of_referral
from serving.store.casework.saved_views import place_of_view
from serving.store.custody.holds import place_of_hold
from serving.store.fetches import place_of_fetch
from serving.store.intake import place_of_details
from serving.store.items import place_of_item
from serving.store.screening.findings import place_of_screening
from serving.store.tables import (
    CREDENTIAL,
    FETCH,
    HANDOVER,
    HISTORY,
    HOLD,
    ITEM,
    PURGE,
    REFERRAL,
    REPORT,
    SAVED_VIEW,
    SCREENING,
    SIGN_IN,
    UPLOAD,
    UPLOAD_CHUNK,
    WEBHOOK,
)
from serving.store.telling.webhooks import place_of_webhook
from serving.store.uploads.upload import place_of_choice, place_of_chunk, place_of_name


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values.

    Attributes:
        column: of a table whose primary key is one column.
        place: returns what a value is sealed for, from its row as `rows` selects it.
        named_by: columns of one other table, to which a foreign key leads; in a row they are `of_NAME`.
        of_report: the column that says whose words they are, and goes with that report's; None: they stay.
        is_always_there: whether only a purge leaves the column empty.
    """

    column: Column[bytes]
    place: Callable[[Row[Any]], str]
    named_by: tuple[Column[Any], ...] = ()
    of_report: Column[int] | None = None
    is_always_there: bool = False

    @property
    def table(self) -> Table:
        """The table it is a column of."""
        return self.column.table

    @property
    def key(self) -> Column[int]:
        """The primary key of its table."""
        [key] = self.table.primary_key
        return key

    def rows(self) -> Select[Any]:
        """Return the question for all rows, with `sealed` and `key`, in the order of the key."""
        asked = select(
            *self.table.c,
            self.column.label("sealed_value"),
            self.key.label("key_value"),
            *(column.label(f"of_{column.name}") for column in self.named_by),
        )
        if self.named_by:
            asked = asked.join_from(self.table, self.named_by[0].table)
        return asked.order_by(self.key)


def place_of_purge(report_id: str, at_ms: int) -> str:
    """Return the place the reason of a purge is sealed for."""
    return f"purge {report_id} {at_ms}"


_REPORT: Final = (REPORT.c.public_id, REPORT.c.case_ref, REPORT.c.purged_ms)
ITEMS: Final = SealedColumn(
    ITEM.c.sealed,
    lambda row: place_of_item(row.of_public_id, row.sha256),
    named_by=_REPORT,
    of_report=ITEM.c.report_serial,
    is_always_there=True,
)
SEALED: Final = (
    ITEMS,
    SealedColumn(
        REPORT.c.details_sealed,
        lambda row: place_of_details(row.public_id),
        of_report=REPORT.c.serial,
        is_always_there=True,
    ),
    SealedColumn(
        SCREENING.c.sealed,
        lambda row: place_of_screening(row.of_public_id, row.model_sha256),
        named_by=_REPORT,
        of_report=SCREENING.c.report_serial,
        is_always_there=True,
    ),
    SealedColumn(
        HISTORY.c.sealed,
        lambda row: place_of_history(row.of_public_id, row.version),
        named_by=_REPORT,
        of_report=HISTORY.c.report_serial,
    ),
    SealedColumn(
        HOLD.c.sealed,
        lambda row: place_of_hold(row.of_public_id, row.placed_ms),
        named_by=_REPORT,
        of_report=HOLD.c.report_serial,
        is_always_there=True,
    ),
    SealedColumn(
        REFERRAL.c.sealed,
        lambda row: place_of_referral(row.public_id),
        named_by=_REPORT,
        of_report=REFERRAL.c.report_serial,
        is_always_there=True,
    ),
    SealedColumn(
        PURGE.c.sealed,
        lambda row: place_of_purge(row.of_public_id, row.at_ms),
        named_by=_REPORT,
        is_always_there=True,
    ),
    SealedColumn(
        SIGN_IN.c.totp_sealed, lambda row: place_of_code(row.of_handle), named_by=(CREDENTIAL.c.handle,)
    ),
    SealedColumn(WEBHOOK.c.sealed, lambda row: place_of_webhook(row.public_id)),
    SealedColumn(UPLOAD.c.name_sealed, lambda row: place_of_name(row.public_id), is_always_there=True),
    SealedColumn(UPLOAD.c.choice_sealed, lambda row: place_of_choice(row.public_id)),
    SealedColumn(
        UPLOAD_CHUNK.c.sealed,
        lambda row: place_of_chunk(row.of_public_id, row.number),
        named_by=(UPLOAD.c.public_id,),
    ),
    SealedColumn(SAVED_VIEW.c.sealed, lambda row: place_of_view(row.public_id), is_always_there=True),
    SealedColumn(HANDOVER.c.sealed, lambda row: place_of_handover(row.public_id)),
    SealedColumn(FETCH.c.sealed, lambda row: place_of_fetch(row.channel, row.key_digest)),
)
