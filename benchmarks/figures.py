"""One figure of the table: a value, and the least or most it should be where something was promised."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Bound = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised of a figure."""

    bound: Bound
    value: float

    def is_met(self, value: float) -> bool:
        """Tell whether a value keeps the promise."""
        return value >= self.value if self.bound == "at least" else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table.

    Attributes:
        section: heading it stands under.
        value: None where it could not be measured; the note says why.
        unit: `/s`, `ms`, `%` (the value is a share), `x` (a ratio), `MiB`, `s`, or "".
        note: what was scaled down, or what else must be known to read it.
    """

    section: str
    name: str
    value: float | None
    unit: str
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether its target is met; None without a target, or without a value."""
        if self.target is None or self.value is None:
            return None
        return self.target.is_met(self.value)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {**asdict(self), "met": self.met}


def at_least(value: float) -> Target:
    """Return a lower bound."""
    return Target("at least", value)


def at_most(value: float) -> Target:
    """Return an upper bound."""
    return Target("at most", value)


def ratio(value: float | None, base: float | None) -> float | None:
    """Return value / base, or None where one of them was not measured."""
    return value / base if value is not None and base else None


def sections(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    """Return section -> its figures, in order."""
    grouped: dict[str, list[Figure]] = {}
    for figure in figures:
        grouped.setdefault(figure.section, []).append(figure)
    return grouped


def written(value: float | None, unit: str) -> str:
    """Return a value as the table shows it."""
    match unit:
        case _ if value is None:
            return "not measured"
        case "%":
            return f"{value:.1%}"
        case "x":
            return f"{value:.1f} x"
        case "s":
            return f"{value:.1f} s"
        case "/s":
            return f"{value:,.0f}/s" if value >= 100 else f"{value:.1f}/s"
        case _:
            return f"{value:,.0f} {unit}".rstrip()
