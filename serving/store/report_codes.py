"""What columns of `report` hold: lanes to be screened in, how far screening is, ranks of priorities."""

from typing import Final, Literal

from models.screening import PRIORITIES, Priority

FIRST_LANE: Final = 1
SECOND_LANE: Final = 2
TEXT_LANES: Final = (FIRST_LANE, SECOND_LANE)
IMAGE_LANES: Final = (3, 4)
"""The same two for images, which take seconds to read: no text waits behind them."""
FIRST_LANES: Final = (TEXT_LANES[0], IMAGE_LANES[0])

Work = Literal["waiting", "screened", "failed"]
"""What failed is for a person to look at."""
WAITING: Final = "waiting"
SCREENED: Final = "screened"
FAILED: Final = "failed"

URGENT: Final = PRIORITIES.index("urgent")
REVIEW: Final = PRIORITIES.index("review")
"""Ranks: places in `PRIORITIES`; the most urgent is 0."""

SafeToContact = Literal["yes", "no", "unknown"]


def priority_of(rank: int | None) -> Priority | None:
    """Return the priority of a rank; None of what is not screened yet."""
    return None if rank is None else PRIORITIES[rank]
