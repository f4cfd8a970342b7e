"""Checksums of the addresses of wallets.

Sources: Bitcoin wiki "Base58Check encoding"; BIP-173 and BIP-350 (bech32, bech32m); EIP-55 and the Keccak
reference, version 3.0 (Ethereum); TON TEP-2 and docs.ton.org "Address formats" (CRC-16/XMODEM).
"""

from base64 import urlsafe_b64decode
from binascii import crc_hqx
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

_BASE58: Final = {c: i for i, c in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32: Final = {c: i for i, c in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}


def base58(text: str) -> bytes | None:
    """The bytes that base58 stands for; None if a character is not in its alphabet."""
    number = 0
    for char in text:
        if char not in _BASE58:
            return None
        number = number * 58 + _BASE58[char]
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check(text: str) -> bytes | None:
    """The payload of base58 with a four-byte double SHA-256 checksum; None if it fails."""
    data = base58(text)
    if data is None or len(data) < 5:
        return None
    payload, checksum = data[:-4], data[-4:]
    return payload if sha256(sha256(payload).digest()).digest()[:4] == checksum else None


def is_segwit(address: str) -> bool:
    """Whether a bc1 address has a right length and checksum: bech32 for version 0, else bech32m."""
    prefix, _, data = address.lower().partition("1")
    if any(char not in _BECH32 for char in data) or len(data) < 8:
        return False
    values = [_BECH32[char] for char in data]
    expanded = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    version, program_bits = values[0], 5 * (len(values) - 7)
    constant = 1 if version == 0 else 0x2BC830A3
    size = program_bits // 8
    sized = size in (20, 32) if version == 0 else version <= 16 and 2 <= size <= 40
    return sized and program_bits % 8 < 5 and _bech32_polymod(expanded + values) == constant


def _bech32_polymod(values: list[int]) -> int:
    generator = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for i in range(5):
            checksum ^= generator[i] if top >> i & 1 else 0
    return checksum


def is_ton(token: str) -> bool:
    """Whether 36 bytes end in the CRC-16/XMODEM of the first 34 and begin with a known tag and workchain."""
    data = urlsafe_b64decode(token)
    return data[0] & 0x7F in (0x11, 0x51) and data[1] in (0x00, 0xFF) and crc_hqx(data, 0) == 0


def eip55(address: str) -> str:
    """An Ethereum address with the capitals of EIP-55."""
    digits = address[2:].lower()
    nibbles = keccak256(digits.encode()).hex()
    return "0x" + "".join(
        char.upper() if int(nibble, 16) >= 8 else char for char, nibble in zip(digits, nibbles, strict=False)
    )


_LANE: Final = (1 << 64) - 1
_ROTATIONS: Final = (
    0,
    1,
    62,
    28,
    27,
    36,
    44,
    6,
    55,
    20,
    3,
    10,
    43,
    25,
    39,
    41,
    45,
    15,
    21,
    8,
    18,
    2,
    61,
    56,
    14,
)
"""Keccak rho offsets, of lane x + 5 y."""
_MOVES: Final = tuple(
    (lane, lane % 5, _ROTATIONS[lane], 64 - _ROTATIONS[lane])
    for lane in sorted(range(25), key=lambda lane: lane // 5 + 5 * ((2 * (lane % 5) + 3 * (lane // 5)) % 5))
)
"""Keccak rho and pi: for each lane in its new order, where it was, its column, its two rotations."""


def _round_constants() -> Iterator[int]:
    """Keccak iota constants of 24 rounds, from the linear feedback shift register of the reference."""
    register = 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            constant |= (register & 1) << ((1 << j) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        yield constant


_ROUNDS: Final = tuple(_round_constants())


def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the padding before FIPS 202, as Ethereum has it (`hashlib.sha3_256` pads otherwise)."""
    rate = 136
    padded = bytearray(data) + b"\x01" + bytes(-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    lanes = [0] * 25  # column x, row y at x + 5 y
    for block in range(0, len(padded), rate):
        for i in range(rate // 8):
            lanes[i] ^= int.from_bytes(padded[block + 8 * i : block + 8 * i + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _permute(lanes: list[int]) -> None:
    """Keccak-f[1600], in place."""
    for constant in _ROUNDS:
        a, b, c, d, e = (
            lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)
        )
        change = (
            e ^ (b << 1 & _LANE | b >> 63),
            a ^ (c << 1 & _LANE | c >> 63),
            b ^ (d << 1 & _LANE | d >> 63),
            c ^ (e << 1 & _LANE | e >> 63),
            d ^ (a << 1 & _LANE | a >> 63),
        )
        mixed = []
        for lane, column, left, right in _MOVES:
            value = lanes[lane] ^ change[column]
            mixed.append(value << left & _LANE | value >> right)
        for y in range(0, 25, 5):
            a, b, c, d, e = mixed[y : y + 5]
            lanes[y : y + 5] = a ^ ~b & c, b ^ ~c & d, c ^ ~d & e, d ^ ~e & a, e ^ ~a & b
        lanes[0] ^= constant
