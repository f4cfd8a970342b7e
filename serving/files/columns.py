"""Which column is the text, and names for columns that have none of their own."""

import re
from collections.abc import Sequence

from models.errors import InputError
from serving.files.values import whole_characters

TEXT_NAMES = ("text", "message", "content", "body", "ข้อความ")
_SHOWN_COLUMNS = 20
_NAME = re.compile(r"(?!.*\d{3})[A-Za-z_][A-Za-z0-9_.-]{0,23}")


def choose_text_column(header: Sequence[str], wanted: str | None, *, name: str) -> int:
    """Return the index of the text column: the one asked for, or the only one with a usual name.

    Raises:
        InputError: it is absent, or several have usual names; the message lists the columns.
    """
    if wanted is not None:
        for names in (header, unique_names(header)):
            if wanted in names:
                return names.index(wanted)
        raise InputError(f"{name} has no column {wanted!r}: its columns are {listed(header)}")
    usual = [index for index, column in enumerate(header) if column.strip().casefold() in TEXT_NAMES]
    if len(usual) == 1:
        return usual[0]
    found = "several columns" if usual else "no column"
    raise InputError(
        f"{name} has {found} named {', '.join(TEXT_NAMES)}: pass --text-column; it has {listed(header)}"
    )


def listed(header: Sequence[str]) -> str:
    """Return the column names for a message; only their number where one may be a text (no header?)."""
    if not all(is_plain_name(column) for column in header if column):
        return f"({len(header):,} names, not shown: they may be texts)"
    shown = [repr(column) for column in header[:_SHOWN_COLUMNS]]
    if len(header) > _SHOWN_COLUMNS:
        shown.append(f"{len(header) - _SHOWN_COLUMNS} more")
    return ", ".join(shown) or "none"


def is_plain_name(name: str) -> bool:
    """Whether a name is short and made like an identifier, so that it can be shown in a message."""
    return _NAME.fullmatch(name) is not None or name.strip().casefold() in TEXT_NAMES


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header with all names different: a second `a` becomes `a_2`, no name `column_3`."""
    names: list[str] = []
    for number, column in enumerate(header, start=1):
        wanted = whole_characters(column) if column.strip() else f"column_{number}"
        name, copy = wanted, 2
        while name in names:
            name, copy = f"{wanted}_{copy}", copy + 1
        names.append(name)
    return tuple(names)
