"""What people say they lost: the sums of money that stand in reports of losses, as a machine reads them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select

from serving.store.overview.records import newest_records
from serving.store.sealing import Keyring
from serving.store.tables import REPORT

MOST_READ: Final = 2_000
_LABEL: Final = "loss_report"
_MONEY: Final = "MONEY"
UNKNOWN: Final = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost in a currency.

    Attributes:
        currency: ISO 4217, or of a crypto currency; `UNKNOWN` if none was told.
        total: of all amounts, of a range its lower end.
        largest: in one report.
        reports: that name an amount in it.
    """

    currency: str
    total: float
    largest: float
    reports: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What was lost.

    Attributes:
        read: how many reports were read.
        is_cut: there are more, older ones that were not.
    """

    sums: tuple[Loss, ...]
    read: int
    is_cut: bool


def sum_losses(connection: Connection, keyring: Keyring, condition: ColumnElement[bool]) -> Losses:
    """Return what the newest reports of losses that meet a condition name; copies are read once."""
    newest = (
        select(REPORT.c.serial)
        .where(condition, REPORT.c.flags.contains(f" {_LABEL} "), REPORT.c.duplicate_of.is_(None))
        .order_by(REPORT.c.serial.desc())
        .limit(MOST_READ + 1)
    )
    serials = connection.execute(newest).scalars().all()
    amounts: defaultdict[str, list[float]] = defaultdict(list)
    read = 0
    for _, record in newest_records(connection, keyring, serials[:MOST_READ]):
        read += 1
        for currency, amount in amounts_of(record).items():
            amounts[currency].append(amount)
    sums = [Loss(currency, sum(of_one), max(of_one), len(of_one)) for currency, of_one in amounts.items()]
    return Losses(
        tuple(sorted(sums, key=lambda one: (-one.reports, one.currency))), read, len(serials) > MOST_READ
    )


def amounts_of(record: Mapping[str, Any]) -> dict[str, float]:
    """Return the sum of money that a record names, by currency.

    An amount that stands in the text twice counts once; one by the day or the month is pay, and no loss.
    """
    told = [one["attributes"] for one in record.get("entities", ()) if one["type"] == _MONEY]
    distinct = {
        (one.get("currency") or UNKNOWN, one["amount_min"])
        for one in told
        if one.get("amount_min") and not one.get("period")
    }
    sums: defaultdict[str, float] = defaultdict(float)
    for currency, amount in distinct:
        sums[currency] += amount
    return dict(sums)
