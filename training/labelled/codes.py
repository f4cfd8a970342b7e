"""Codes that people write: checked, and where one is wrong, what was probably meant."""

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from models.errors import TrainingDataError

_MOST_SHOWN_CHARS: Final = 40
_MAY_BE_A_TEXT: Final = re.compile(r"\d{3}|[@/\n]")


def checked_code(code: object, known: Collection[str], what: str) -> str:
    """Return a code that is known.

    Args:
        code: as it was found.
        known: all that there are.
        what: what it is one of, for the message, as `label`.

    Raises:
        TrainingDataError: it is none of them; the message names the nearest.
    """
    if isinstance(code, str) and code in known:
        return code
    near = nearest(code, known) if isinstance(code, str) else None
    hint = f": did you mean {near!r}?" if near else f": expected one of {', '.join(sorted(known))}"
    raise TrainingDataError(f"no {what} {shown(code)}{hint}")


def nearest(code: str, known: Collection[str]) -> str | None:
    """Return the known code that is most like one, whatever its case, or None if none is."""
    plain = {_plain(one): one for one in known}
    found = get_close_matches(_plain(code), plain, n=1, cutoff=0.7)
    return plain[found[0]] if found else None


def shown(value: object) -> str:
    """Return a value for a message: short words as they are, and of what may be a text only its length."""
    if not isinstance(value, str):
        return f"of type {type(value).__name__}"
    if len(value) > _MOST_SHOWN_CHARS or _MAY_BE_A_TEXT.search(value):
        return f"of {len(value):,} characters"
    return repr(value)


def _plain(code: str) -> str:
    return re.sub(r"[\s_-]+", "_", code.strip().casefold())
