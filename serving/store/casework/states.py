"""What becomes of a report, step by step, and which step may follow which.

A state tells what people did with a report. None says that anybody is a victim, or guilty of anything.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

State = Literal[
    "new",  # nobody has looked at it
    "acknowledged",  # somebody has, and it will be worked on
    "in_review",
    "needs_information",  # somebody is asked for more
    "labels_agreed",  # a person agrees with what the screening says of the text
    "labels_rejected",
    "referred",  # to another agency
    "accepted_by_partner",  # that agency will work on it
    "returned",  # that agency will not
    "closed",
]
STATES: Final[tuple[State, ...]] = get_args(State)

OPEN: Final[tuple[State, ...]] = ("new", "acknowledged", "in_review", "needs_information", "returned")
"""Those in which somebody has still to decide."""

MAY_FOLLOW: Final[Mapping[State, tuple[State, ...]]] = {
    "new": ("acknowledged", "in_review", "referred"),
    "acknowledged": ("in_review", "needs_information", "referred", "closed"),
    "in_review": ("needs_information", "labels_agreed", "labels_rejected", "referred", "closed"),
    "needs_information": ("in_review", "referred", "closed"),
    "labels_agreed": ("in_review", "needs_information", "labels_rejected", "referred", "closed"),
    "labels_rejected": ("in_review", "needs_information", "labels_agreed", "referred", "closed"),
    "referred": ("accepted_by_partner", "returned", "in_review", "referred", "closed"),
    "accepted_by_partner": ("returned", "in_review", "referred", "closed"),
    "returned": ("accepted_by_partner", "in_review", "needs_information", "referred", "closed"),
    "closed": ("in_review", "returned"),  # what a partner gives back is opened again
}
"""State -> those that may follow it. Nothing is closed that nobody has looked at."""

BY_REFERRAL: Final[frozenset[State]] = frozenset({"referred", "accepted_by_partner", "returned"})
"""Those that only a referral brings about: they say what another agency was sent, or did with it."""


def may_follow(before: State, after: State) -> bool:
    """Whether a report may go from one state into another."""
    return after in MAY_FOLLOW[before]


def next_by_hand(before: State) -> tuple[State, ...]:
    """Return the states that somebody may set a report to."""
    return tuple(state for state in MAY_FOLLOW[before] if state not in BY_REFERRAL)
