"""Script-safe normalisation with an offset map."""

from models.text.normalize import NormalizedText, normalize

__all__ = ["NormalizedText", "normalize"]
