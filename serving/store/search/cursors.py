"""Where a search goes on: sealed, so that a caller learns nothing of it and can make none himself."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from serving.store.errors import InvalidCursorError, SealError
from serving.store.sealing import Keyring


def sealed_cursor(keyring: Keyring, organisation_id: int, query: str, place: Sequence[int | str]) -> str:
    """Return a cursor that goes on from a place.

    Args:
        keyring: of the store.
        organisation_id: the only one that can use it.
        query: what was searched for, in one way of writing: only the same search goes on with it.
        place: numbers and short strings.
    """
    content = json.dumps(list(place), separators=(",", ":")).encode()
    return _written(keyring.seal(content, _bound_to(organisation_id, query)))


def opened_cursor(keyring: Keyring, organisation_id: int, query: str, cursor: str) -> list[Any]:
    """Return the place a cursor goes on from.

    Raises:
        InvalidCursorError: it was changed, or belongs to another search or organisation.
    """
    try:
        sealed = base64.urlsafe_b64decode(cursor.encode("ascii"))
        if _written(sealed) != cursor:  # the last sign has bits that decoding drops
            raise ValueError
        content = keyring.open(sealed, _bound_to(organisation_id, query))
    except (SealError, ValueError, binascii.Error):
        raise InvalidCursorError("the cursor is not one of this search: begin again without it") from None
    place: list[Any] = json.loads(content)
    return place


def _bound_to(organisation_id: int, query: str) -> str:
    return f"cursor {organisation_id} {hashlib.sha256(query.encode()).hexdigest()}"


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode("ascii")
