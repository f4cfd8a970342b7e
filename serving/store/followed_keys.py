"""The keys of a key file as they stand in it now: a service that runs seals with a new key at once."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.errors import InputError
from serving.store.sealing import Keyring, read_keyring


def followed_keyring(path: Path) -> Keyring:
    """Return the keyring in a file; keys that are added to the file later are in it as well.

    Raises:
        InputError: there is no such file, others can read it, or it is no key file.
    """
    return Keyring(_FollowedSeals(path), read_keyring(path).index)


class _FollowedSeals(Mapping[bytes, bytes]):
    """The `seal` keys of a file; read again when it changes, and kept while it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = _state(path)
        self._seals = read_keyring(path).seals

    def __getitem__(self, key_id: bytes) -> bytes:
        return self._now()[key_id]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    def _now(self) -> Mapping[bytes, bytes]:
        try:
            state = _state(self._path)
            if state != self._state:
                self._seals = read_keyring(self._path).seals
                self._state = state
        except (OSError, InputError):
            return self._seals
        return self._seals


def _state(path: Path) -> tuple[int, int, int]:
    status = os.stat(path)  # noqa: PTH116 (twice as fast, and asked at every value sealed)
    return status.st_ino, status.st_mtime_ns, status.st_size
