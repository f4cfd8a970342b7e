"""How much is measured, so that all of it ends in time on a machine of any speed."""

from dataclasses import asdict, dataclass
from typing import Any

FULL_SECONDS, FULL_ROWS, FULL_TEXTS = 8.0, 50_000, 2048
LEAST_SECONDS, LEAST_ROWS, LEAST_TEXTS = 1.0, 500, 256
MEASUREMENTS = 50
"""How many times `seconds` all measurements take together: rounds, loads and those before and after."""
_START_SECONDS = 140
"""Starting and ending every server, exports and matrix products, on any machine."""
_FIXED_DOCUMENTS = 18_000
"""Documents screened whatever the plan: warm-ups, texts beforehand, the breakdown."""
_SAFETY = 0.9
_MEASURED_SHARE = 0.7
"""Of the time left; the bulk run has the rest."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run measures.

    Attributes:
        seconds: of each load and measurement.
        texts: how many different texts.
        rows: of the bulk run.
        scaled: what is less than the full amount, in words; "" if nothing is.
    """

    seconds: float
    texts: int
    rows: int
    scaled: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self)


def plan_for(
    rate: float,
    budget_seconds: float,
    *,
    seconds: float | None = None,
    texts: int | None = None,
    rows: int | None = None,
) -> Plan:
    """Return what a machine that screens `rate` documents a second can measure in time.

    Args:
        rate: documents a second in one process.
        budget_seconds: for everything.
        seconds: of each measurement; None takes what there is time for, as for the two below.
        texts: how many different ones.
        rows: of the bulk run.
    """
    left = max(budget_seconds * _SAFETY - _START_SECONDS - _FIXED_DOCUMENTS / rate, 0.0)
    each = seconds or min(max(_MEASURED_SHARE * left / MEASUREMENTS, LEAST_SECONDS), FULL_SECONDS)
    bulk = rows or min(max(int(rate * (left - each * MEASUREMENTS)), LEAST_ROWS), FULL_ROWS)
    many = texts or min(max(int(rate * each), LEAST_TEXTS), FULL_TEXTS)
    scaled = [
        f"{what} {now:,.0f} instead of {full:,.0f}"
        for what, now, full in (
            ("seconds per measurement", each, FULL_SECONDS),
            ("texts", many, FULL_TEXTS),
            ("rows of the bulk run", bulk, FULL_ROWS),
        )
        if now < full
    ]
    return Plan(each, many, bulk, "; ".join(scaled))
