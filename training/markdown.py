"""Tables and shares in Markdown, as the report and the model card print them."""

from collections.abc import Mapping, Sequence
from typing import Any


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return a Markdown table, a line end after its last row."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value: float | None) -> str:
    """Return three decimals, nothing of None."""
    return "" if value is None else f"{value:.3f}"


def share(entry: Mapping[str, Any]) -> str:
    """Return a `Share.to_dict` as per cent with its 95 % interval and n, e.g. `1.0 % [0.3, 2.5] of 407`."""
    if not entry["n"]:
        return "none"
    low, high = entry["interval95"]
    return f"{100 * entry['share']:.1f} % [{100 * low:.1f}, {100 * high:.1f}] of {entry['n']:,}"
