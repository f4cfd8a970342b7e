"""EMV merchant-presented QR strings in a text: decoded, checked, and the account in them as BANK_ACCOUNT.

Sources: EMVCo, "QR Code Specification for Payment Systems, Merchant-Presented Mode" 1.1 (data objects, CRC in
object 63); Bank of Thailand, "Thai QR Code" (PromptPay, objects 29 and 30); NAPAS, "Technical Specifications
on NAPAS QR Switching" 1.5.2 (VietQR, object 38); National Bank of Cambodia, "KHQR Guideline" (29 and 30);
Bank Indonesia, PADG 21/18/2019 (QRIS, 26 and 51); PayNet, "DuitNow QR" (26); BSP Circular 1055 and PPMI (QR
Ph, 27 and 28); LAPNet, "Lao QR" (38).
"""

import re
from binascii import crc_hqx
from collections.abc import Mapping
from itertools import islice
from typing import Final, NamedTuple

from models.entities.entity import Context, Entity

_START = re.compile(r"(?<![0-9])00020[01](?=[0-9]{4})")
"""Object 00, payload format indicator: always first, length 02, value 01; 00 as a scanner may misread it."""
_OBJECT_HEAD = re.compile("[0-9]{4}")
_CRC_OBJECT = re.compile("6304([0-9A-Fa-f]{4})")
_MAX_STARTS: Final = 100
"""A text with more beginnings of payloads is not read further."""
_MAX_CHARS: Final = 512
"""Longest payload of the specification."""
_TEMPLATES: Final = range(26, 52)
"""Objects for merchant account information of any payment system."""
_BAKONG_OF_BANK = re.compile("[A-Z]{4}KHPP[A-Z0-9]{3}@[A-Z0-9]{2,8}")
"""A Bakong name that is the bank's own, its BIC: the customer's account is then in object 01."""
_CURRENCIES: Final = {
    "764": "THB",
    "704": "VND",
    "116": "KHR",
    "840": "USD",
    "360": "IDR",
    "458": "MYR",
    "608": "PHP",
    "418": "LAK",
}
"""ISO 4217, numeric to alphabetic."""

Objects = Mapping[str, str]


class _Account(NamedTuple):
    scheme: str
    value: str | None
    bank: str | None = None
    kind: str | None = None


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF (EMVCo, section 4.7.3.1)."""
    return crc_hqx(data, 0xFFFF)


def find(text: str, context: Context) -> list[Entity]:
    """EMV QR payloads of payment systems that we know, one BANK_ACCOUNT each.

    Attributes: `scheme`, `bank`, `checksum` ("valid" or "failed"), and if in the payload `kind` (what the
    number is: mobile, national_id, ewallet, account, card, biller, merchant), `merchant`, `amount` and
    `currency`. After a failed checksum the value is None: the payload was damaged or altered.
    """
    entities: list[Entity] = []
    if "00020" not in text:
        return entities
    end = 0
    for match in islice(_START.finditer(text), _MAX_STARTS):
        if match.start() < end:
            continue
        entity = _decoded(text, match.start())
        if entity is not None:
            entities.append(entity)
            end = entity.end
    return entities


def _decoded(text: str, start: int) -> Entity | None:
    """The payload that begins at `start`, if it has an account template of a known payment system."""
    objects, end = _read(text[start : start + _MAX_CHARS])
    damaged = "63" not in objects
    if damaged:
        closing = _CRC_OBJECT.search(text, start + end, start + _MAX_CHARS)
        end = closing.end() - start if closing else end
    account = _account(objects)
    if account is None:
        return None
    payload = text[start : start + end]
    valid = not damaged and payload[-4:].upper() == f"{crc16(payload[:-4].encode()):04X}"
    attributes: dict[str, str | None] = {
        "bank": account.bank,
        "scheme": account.scheme,
        "checksum": "valid" if valid else "failed",
        "kind": account.kind,
        "merchant": objects.get("59"),
        "amount": objects.get("54"),
        "currency": _CURRENCIES.get(objects.get("53", "")),
    }
    return Entity(
        type="BANK_ACCOUNT",
        start=start,
        end=start + end,
        value=account.value if valid else None,
        attributes={
            name: value
            for name, value in attributes.items()
            if value is not None or name in ("bank", "scheme")
        },
        proba=0.99 if valid else 0.9,
        reason="checksum" if valid else "pattern, checksum failed",
    )


def _read(payload: str) -> tuple[Objects, int]:
    """Data objects by id, up to the CRC or to the first one that is not whole, and where they end."""
    objects: dict[str, str] = {}
    at = 0
    while "63" not in objects and _OBJECT_HEAD.match(payload, at):
        length = int(payload[at + 2 : at + 4])
        value = payload[at + 4 : at + 4 + length]
        if not length or len(value) < length:
            break
        objects.setdefault(payload[at : at + 2], value)
        at += 4 + length
    return objects, at


def _account(objects: Objects) -> _Account | None:
    """The account of the first template that belongs to a payment system we know."""
    qris = any(value.upper().startswith("0014ID.CO.QRIS.WWW") for value in objects.values())
    for number in _TEMPLATES:
        parts, _ = _read(objects.get(str(number), ""))
        system = parts.get("00", "").upper()
        account = _of_system(system, parts)
        if account is None and qris and number < 51 and parts.get("01", "").isdigit():
            account = _Account("qris", parts["01"], kind="merchant")
        if account is not None:
            return account
    return None


def _of_system(system: str, parts: Objects) -> _Account | None:  # noqa: PLR0911 one return a system
    """The account in a template, by the globally unique identifier of its payment system."""
    match system:
        case "A000000677010111" | "A000000677010114":
            return _promptpay(parts)
        case "A000000677010112" | "A000000677012006":
            return _Account("promptpay", _digits(parts.get("01")), kind="biller")
        case "A000000727":
            return _vietqr(parts)
        case "ID.CO.QRIS.WWW":
            return _Account("qris", parts.get("01") or parts.get("02"), kind="merchant")
        case "A0000006150001":
            return _Account("duitnow", parts.get("02"), parts.get("01"), "merchant")
        case "COM.P2PQRPAY":
            return _Account("qrph", parts.get("04"), parts.get("01"), "account")
        case "PH.PPMI.P2M" | "PH.PPMI.P2MICRO":
            return _Account("qrph", parts.get("03"), parts.get("01"), "merchant")
        case "A005266284662577":
            return _Account("laoqr", parts.get("03"), parts.get("01"), "merchant")
    if re.fullmatch(r"[A-Z0-9._-]{1,28}@[A-Z0-9]{2,8}", system):
        own = None if _BAKONG_OF_BANK.fullmatch(system) else parts["00"].lower()
        return _Account("bakong", own or parts.get("01"), parts.get("02"), "account")
    return None


def _promptpay(parts: Objects) -> _Account:
    """A PromptPay credit transfer; a mobile number is written 0066 and nine digits."""
    if mobile := _digits(parts.get("01")):
        return _Account("promptpay", re.sub("^0066", "0", mobile), kind="mobile")
    if identity := _digits(parts.get("02")):
        return _Account("promptpay", identity, kind="national_id")
    if wallet := _digits(parts.get("03")):
        return _Account("promptpay", wallet, kind="ewallet")
    account = _digits(parts.get("04"))
    return (
        _Account("promptpay", account[3:], account[:3], "account") if account else _Account("promptpay", None)
    )


def _vietqr(parts: Objects) -> _Account:
    """A NAPAS transfer: object 01 holds the bank's BIN and the number; object 02 says what the number is."""
    consumer, _ = _read(parts.get("01", ""))
    kind = {"QRIBFTTC": "card", "QRPUSH": "merchant"}.get(parts.get("02", ""), "account")
    return _Account("vietqr", consumer.get("01"), consumer.get("00"), kind)


def _digits(value: str | None) -> str | None:
    return value if value and value.isdigit() else None
