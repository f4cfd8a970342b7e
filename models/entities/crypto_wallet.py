"""CRYPTO_WALLET: Bitcoin, Ethereum, TRON, TON and Solana addresses with their checksums, damaged ones too.

Sources: Bitcoin wiki "Base58Check encoding"; BIP-173 and BIP-350 (bech32, bech32m); EIP-55 and the Keccak
reference, version 3.0 (Ethereum); TRON developer docs "Account" (prefix byte 0x41); TON TEP-2 and
docs.ton.org "Address formats" (CRC-16/XMODEM); Solana docs "Accounts" (32 bytes in base58, no checksum).
"""

import re
from base64 import urlsafe_b64decode
from binascii import crc_hqx
from collections.abc import Iterator
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from models.entities.entity import Context, Entity, disjoint

Checksum = Literal["valid", "none", "failed"]

_BASE58: Final = {c: i for i, c in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
_BECH32: Final = {c: i for i, c in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_-])(?:-1:|0:)?[A-Za-z0-9_-]{6,100}(?:(?:\.{2,3}|…)[A-Za-z0-9]{3,8})?(?![A-Za-z0-9_-])"
)
_LONG = re.compile("[A-Za-z0-9_-]{10}")
_MIXED = re.compile("[0-9](?:[A-Za-z_:-]|(?<=[A-Za-z_:-].))")
"""What a text with a whole address has: many characters in a row, a digit against a letter."""

_BITCOIN_LOOK = re.compile("[13][A-Za-z0-9]{25,34}")
_SEGWIT_LOOK = re.compile("bc1[a-z0-9]{8,87}|BC1[A-Z0-9]{8,87}")
_TRON_LOOK = re.compile("T[A-Za-z0-9]{11,40}")
_ETHEREUM = re.compile("0x[0-9a-fA-F]{40}")
_ETHEREUM_LOOK = re.compile("0x[0-9A-Za-z]{8,50}")
_TON = re.compile("[EUk0][Qf][A-Za-z0-9_-]{46}")
_TON_RAW = re.compile("(?:-1|0):[0-9a-fA-F]{64}")
_SOLANA = re.compile("[1-9A-HJ-NP-Za-km-z]{32,44}")
_SHORTENED = re.compile(
    r"(?:T[A-Za-z0-9]{3,}|0x[0-9a-fA-F]{4,}|bc1[a-z0-9]{4,})(?:\.{2,3}|…)[A-Za-z0-9]{3,8}"
)

_MARKS: Final = r"[\s.,*|/-]"
"""What an address may be cut with; one of TON only with spaces, as it may hold a hyphen itself."""


def _taken_apart(prefix: str, letter: str, more: int, mark: str = _MARKS) -> tuple[re.Pattern[str], str]:
    """A pattern of an address of one length, cut anywhere, and of what cuts it."""
    cut = f"{mark}{{0,3}}"
    pattern = f"{cut.join(prefix.split())}(?:{cut}{letter}){{{more}}}(?![A-Za-z0-9])"
    return re.compile(pattern), mark


_BASE58_LETTER: Final = "[1-9A-HJ-NP-Za-km-z]"
_START: Final = re.compile(f"(?<![A-Za-z0-9])[T13bB0EUk](?=(?:{_MARKS}{{0,3}}[A-Za-z0-9_]){{25}})")
_LEAST_DISTINCT: Final = 9
"""Different characters where an address begins, at the least."""
_TAKEN_APART: Final = (
    _taken_apart("T", _BASE58_LETTER, 33),
    *(_taken_apart("[13]", _BASE58_LETTER, more) for more in (33, 32)),
    *(_taken_apart("b c 1", "[ac-hj-np-z02-9]", more) for more in (59, 39)),
    *(_taken_apart("B C 1", "[AC-HJ-NP-Z02-9]", more) for more in (59, 39)),
    _taken_apart("0 x", "[0-9a-fA-F]", 40),
    _taken_apart("[EUk0] [Qf]", "[A-Za-z0-9_-]", 46, r"\s"),
)

_CUE_WORDS: Final = (
    "usdt|usdc|trc ?-?20|erc ?-?20|bep ?-?20|tron|trx|btc|bitcoin|eth|ethereum|ton|toncoin|sol|solana|phantom"
    "|crypto|wallet|dompet|binance|metamask|tronlink|blockchain|address|alamat|coin"
)
_NATIVE_CUES: Final = (
    "วอลเล็ต|กระเป๋า|คริปโต|คริปโท|บิตคอยน์|เหรียญ|ที่อยู่|ví|địa chỉ|tiền ảo"
    "|钱包|錢包|地址|比特币|比特幣|泰达|打[Uu]|虚拟币"
    "|지갑|코인|비트코인|ウォレット|アドレス|ビットコイン|仮想通貨|កាបូប|ກະເປົ໋າ|ထည့်|လိပ်စာ|ပိုက်ဆံအိတ်|वॉलेट|पता|बिटकॉइन"
)
_CUE = re.compile(f"(?<![A-Za-z])(?:{_CUE_WORDS})(?![A-Za-z])|{_NATIVE_CUES}", re.IGNORECASE)
_SOLANA_CUE = re.compile(r"(?<![A-Za-z])(?:sol|solana|phantom|spl)(?![A-Za-z])|โซลานา|索拉纳", re.IGNORECASE)
_BEFORE_CHARS: Final = 80
_AFTER_CHARS: Final = 30


class _Address(NamedTuple):
    chain: str
    checksum: Checksum
    value: str | None
    needs_cue: bool = False


def find(text: str, context: Context) -> list[Entity]:
    """Wallet addresses in a text.

    Attributes: `chain` (bitcoin, ethereum, tron, ton, solana) and `checksum`: `none` where the form has none
    or does not use it (Ethereum in one case, TON raw, Solana, shortened addresses). A failed one has no
    value: damage by OCR or by hand is evidence, but nothing to match on. Values: Ethereum (and other EVM
    chains) in EIP-55 capitals, bech32 in small letters, others as written.
    """
    return disjoint([*_in_pieces(text), *_in_one(text)])


def _in_pieces(text: str) -> Iterator[Entity]:
    """Addresses cut by spaces, line ends or marks, where a checksum or a word proves that they are one."""
    if len(set(text)) < _LEAST_DISTINCT:
        return
    for start in _START.finditer(text):
        if len(set(text[start.start() : start.end() + 60])) < _LEAST_DISTINCT:
            continue
        for pattern, mark in _TAKEN_APART:
            match = pattern.match(text, start.start())
            token = re.sub(mark, "", match.group()) if match else ""
            if match is None or token == match.group():
                continue
            address, cue = _read(token), _cue(text, *match.span())
            if address and (address.checksum == "valid" or (address.checksum == "none" and cue)):
                yield _entity(match.start(), match.group(), address, cue)


def _in_one(text: str) -> Iterator[Entity]:
    """Addresses written as one word."""
    if not _may_hold_address(text):
        return
    for start, token in _tokens(text):
        address = _read(token) or _solana(text, start, token)
        if address is None:
            continue
        cue = _cue(text, start, start + len(token))
        if cue or not address.needs_cue:
            yield _entity(start, token, address, cue)


def _may_hold_address(text: str) -> bool:
    """Whether a text has what every address has, whole or shortened; most texts do not."""
    whole = _MIXED.search(text) and _LONG.search(text)
    return bool(whole) or ".." in text or "…" in text


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    for match in _TOKEN.finditer(text):
        token = match.group()
        shortened = ".." in token or "…" in token
        if (shortened or any("0" <= char <= "9" for char in token)) and not token.isdigit():
            yield match.start(), token


def _entity(start: int, token: str, address: _Address, cue: str | None) -> Entity:
    proba, reason = {
        "valid": (0.99, "checksum"),
        "none": (0.85, f'context word "{cue}"') if address.needs_cue else (0.95, "pattern"),
        "failed": (0.85, f'context word "{cue}", checksum failed' if cue else "pattern, checksum failed"),
    }[address.checksum]
    return Entity(
        type="CRYPTO_WALLET",
        start=start,
        end=start + len(token),
        value=address.value,
        attributes={"chain": address.chain, "checksum": address.checksum},
        proba=proba,
        reason=reason,
    )


def _cue(text: str, start: int, end: int) -> str | None:
    """The word about cryptocurrency nearest before an address, or else after it."""
    before = [match.group() for match in _CUE.finditer(text, max(0, start - _BEFORE_CHARS), start)]
    after = _CUE.search(text, end, end + _AFTER_CHARS)
    return before[-1] if before else (after.group() if after else None)


def _read(token: str) -> _Address | None:  # noqa: PLR0911 one return a form
    """The address that a token is, or was before it was damaged or shortened."""
    if _ETHEREUM.fullmatch(token):
        return _ethereum(token)
    if _TON_RAW.fullmatch(token):
        return _Address("ton", "none", token.lower(), needs_cue=True)
    if _TON.fullmatch(token) and _is_ton(token):
        return _Address("ton", "valid", token)
    if _SHORTENED.fullmatch(token):
        return _Address(_chain_of(token), "none", None, needs_cue=True)
    if _SEGWIT_LOOK.fullmatch(token):
        valid = is_segwit(token)
        return _Address("bitcoin", "valid" if valid else "failed", token.lower() if valid else None)
    if _TRON_LOOK.fullmatch(token):
        return _tron(token)
    if _BITCOIN_LOOK.fullmatch(token):
        return _old_bitcoin(token)
    if _ETHEREUM_LOOK.fullmatch(token):
        return _Address("ethereum", "failed", None, needs_cue=True)
    if _TON.fullmatch(token):
        return _Address("ton", "failed", None, needs_cue=True)
    return None


def _chain_of(token: str) -> str:
    return "tron" if token[0] == "T" else "ethereum" if token[0] == "0" else "bitcoin"


def _is_mixed(token: str) -> bool:
    """Whether a token has capitals, small letters and a digit, as base58 of random bytes has."""
    return token != token.lower() and token != token.upper() and any(char.isdigit() for char in token)


def _is_random(token: str) -> bool:
    """Whether a token is too long and mixed to be a word or a code."""
    capitals, digits = sum(char.isupper() for char in token), sum(char.isdigit() for char in token)
    return len(token) >= 14 and capitals >= 3 and digits >= 3 and len(token) - capitals - digits >= 3


def _tron(token: str) -> _Address | None:
    payload = base58check(token) if len(token) == 34 else None
    if payload is not None and len(payload) == 21 and payload[0] == 0x41:
        return _Address("tron", "valid", token)
    return _Address("tron", "failed", None, needs_cue=not _is_random(token)) if _is_mixed(token) else None


def _old_bitcoin(token: str) -> _Address | None:
    payload = base58check(token)
    if payload is not None and len(payload) == 21 and payload[0] in (0x00, 0x05):
        return _Address("bitcoin", "valid", token)
    return _Address("bitcoin", "failed", None, needs_cue=True) if _is_mixed(token) else None


def _ethereum(token: str) -> _Address:
    digits = token[2:]
    right = eip55(token)
    if digits in (digits.lower(), digits.upper()):
        return _Address("ethereum", "none", right)
    return _Address("ethereum", "valid", token) if token == right else _Address("ethereum", "failed", None)


def _solana(text: str, start: int, token: str) -> _Address | None:
    """32 bytes in base58: without a checksum, believed only near words about Solana."""
    if not _SOLANA.fullmatch(token) or not _is_mixed(token):
        return None
    around = max(0, start - _BEFORE_CHARS), start + len(token) + _AFTER_CHARS
    if not _SOLANA_CUE.search(text, *around) or len(base58(token) or b"") != 32:
        return None
    return _Address("solana", "none", token, needs_cue=True)


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


def _is_ton(token: str) -> bool:
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
