"""CRYPTO_WALLET: Bitcoin, Ethereum, TRON, TON and Solana addresses with their checksums, damaged ones too.

Sources: those of `wallet_checksums`; TRON developer docs "Account" (prefix byte 0x41); Solana docs "Accounts"
(32 bytes in base58, no checksum).
"""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from models.entities.entity import Context, Entity, disjoint
from models.entities.wallet_checksums import base58, base58check, eip55, is_segwit, is_ton

Checksum = Literal["valid", "none", "failed"]

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
    if _TON.fullmatch(token) and is_ton(token):
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
