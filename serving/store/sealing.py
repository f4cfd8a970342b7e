"""Encryption of what people wrote, and the keys of everything that is derived from it.

AES-256-GCM of the package `cryptography`. A sealed value names its key, so that old ones can be read after
the key was changed, and is bound to its place: moved to another row it cannot be opened.

The key file has a line for each key: `<kind> <id> <base64>`. Of the `seal` keys the first seals and all open;
the one `index` key stays, for tokens cannot be computed anew once their text was purged.
"""

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import InputError
from serving.store.disk import flush_folder
from serving.store.errors import SealError

KEY_BYTES: Final = 32
ID_BYTES: Final = 4
ID_START: Final = 1
"""Where the id of its key stands in a sealed value."""
_NONCE_BYTES: Final = 12
_FORMAT: Final = b"\x01"
_SEAL, _INDEX = "seal", "index"
_HOW_TO_BACK_UP: Final = "without it nothing in the store can be read: copy it to a safe place apart from it"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a store.

    Attributes:
        seals: id -> key; the first seals.
        index: what tokens, signatures and the audit chain are derived from.
    """

    seals: Mapping[bytes, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    _derived: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def sealing_id(self) -> bytes:
        """The id of the key that seals."""
        return next(iter(self.seals))

    def seal(self, plain: bytes, place: str) -> bytes:
        """Return bytes encrypted for a place, such as `item 17`, where alone they can be opened."""
        key_id, key = next(iter(self.seals.items()))
        nonce = os.urandom(_NONCE_BYTES)
        return _FORMAT + key_id + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed for a place.

        Raises:
            SealError: it was changed, belongs elsewhere, or its key is not in the key file.
        """
        key_id, rest = sealed[ID_START : ID_START + ID_BYTES], sealed[ID_START + ID_BYTES :]
        key = self.seals.get(key_id)
        if sealed[:ID_START] != _FORMAT or key is None:
            raise SealError(f"{place}: no key of the key file opens it: is it the file of this store?")
        try:
            return AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
        except InvalidTag as error:
            raise SealError(f"{place}: its bytes are not those that were stored") from error

    def has_key_of(self, sealed: bytes) -> bool:
        """Whether the key that sealed this is in the key file."""
        return sealed[ID_START : ID_START + ID_BYTES] in self.seals

    def derived(self, purpose: str) -> bytes:
        """Return the key of a purpose, such as `tokens`: of one nothing can be told about another."""
        if purpose not in self._derived:
            hkdf = HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode())
            self._derived[purpose] = hkdf.derive(self.index)
        return self._derived[purpose]

    def digest(self, purpose: str, content: bytes) -> bytes:
        """Return an HMAC-SHA-256 with the key of a purpose, which nobody makes without the key file."""
        return hmac.digest(self.derived(purpose), content, "sha256")


def new_keyring() -> Keyring:
    """Return a keyring of new keys."""
    return with_new_seal(Keyring({}, secrets.token_bytes(KEY_BYTES)))


def with_new_seal(keyring: Keyring) -> Keyring:
    """Return a keyring that seals with a new key and opens with all the old ones."""
    return Keyring(
        {secrets.token_bytes(ID_BYTES): secrets.token_bytes(KEY_BYTES), **keyring.seals}, keyring.index
    )


def write_keyring(path: Path, keyring: Keyring) -> None:
    """Write a key file that only its owner can read; one that is there is replaced as a whole."""
    lines = [_line(_SEAL, key_id, key) for key_id, key in keyring.seals.items()]
    lines.append(_line(_INDEX, b"\0" * ID_BYTES, keyring.index))
    content = f"# The keys of a ScamScreen store; {_HOW_TO_BACK_UP}.\n" + "".join(lines)
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    opened = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "w", encoding="ascii") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    flush_folder(path.parent)  # before anything is sealed with its keys


def read_keyring(path: Path) -> Keyring:
    """Return the keys in a file.

    Raises:
        InputError: there is no such file, others can read it, or it is no key file.
    """
    if not path.is_file():
        raise InputError(f"{path}: expected the key file of the store, found none; {_HOW_TO_BACK_UP}")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise InputError(f"{path} can be read by others: chmod 600 {path}")
    seals: dict[bytes, bytes] = {}
    index = b""
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, key_id, key = _read_line(path, line)
        if kind == _SEAL:
            seals[key_id] = key
        else:
            index = key
    if not seals or not index:
        raise InputError(f"{path} lacks keys: {_HOW_TO_BACK_UP}, and bring the whole of it back")
    return Keyring(seals, index)


def _line(kind: str, key_id: bytes, key: bytes) -> str:
    return f"{kind} {key_id.hex()} {base64.b64encode(key).decode()}\n"


def _read_line(path: Path, line: str) -> tuple[str, bytes, bytes]:
    damaged = InputError(f"{path} is not a whole key file: bring a copy of it back")  # never quote a line
    try:
        kind, key_id, key = line.split()
        read = kind, bytes.fromhex(key_id), base64.b64decode(key, validate=True)
    except (ValueError, binascii.Error):
        raise damaged from None
    if kind not in (_SEAL, _INDEX) or len(read[1]) != ID_BYTES or len(read[2]) != KEY_BYTES:
        raise damaged
    return read
