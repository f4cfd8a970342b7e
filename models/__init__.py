"""TEXT -> SCREENING: what a text shows signs of, how sure the model is, and which words show it.

What this package offers is imported when it is first asked for: the tables of the entity rules take a second,
which a command that screens nothing would wait for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.loading import load_screener
    from models.screener import Screener
    from models.screening import Document, Screening, ScreeningError

__all__ = ["Document", "Screener", "Screening", "ScreeningError", "load_screener"]
_HOMES = {
    "Document": "screening",
    "Screener": "screener",
    "Screening": "screening",
    "ScreeningError": "screening",
    "load_screener": "loading",
}


def __getattr__(name: str) -> object:
    """Return one of `__all__`."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
