"""Times of the store -> times people and programs read."""

from datetime import UTC, datetime


def iso(ms: int) -> str:
    """Return milliseconds since 1970 as ISO 8601, UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def iso_or_none(ms: int | None) -> str | None:
    """Return a time as `iso` does, or None."""
    return None if ms is None else iso(ms)
