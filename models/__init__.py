"""TEXT -> SCREENING: what a text shows signs of, how sure the model is, and which words show it."""

from models.screener import Screener, load_screener
from models.screening import Document, Screening, ScreeningError

__all__ = ["Document", "Screener", "Screening", "ScreeningError", "load_screener"]
