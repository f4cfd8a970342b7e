"""Numbering plans of telephone numbers, those of the library `phonenumbers`.

Google libphonenumber has them from the national plans under ITU-T E.164.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata

REGIONS_OF: Final[dict[str, tuple[str, ...]]] = {
    "th": ("TH",),
    "lo": ("LA",),
    "km": ("KH",),
    "my": ("MM",),
    "vi": ("VN",),
    "zh": ("CN",),
    "id": ("ID",),
    "ms": ("MY",),
    "tl": ("PH",),
    "ko": ("KR",),
    "hi": ("IN",),
    "ja": ("JP",),
}
"""The plan a number without a country code follows, unless the text names another place."""

REGIONS: Final = ("TH", "LA", "KH", "MM", "VN", "CN", "MY", "ID", "PH", "KR", "IN", "JP", "TW", "HK", "SG")


ALONE: Final[dict[str, str]] = {
    "CN": r"1[3-9]\d{9}|[48]00\d{7}",
    "IN": r"[6-9]\d{9}|1800\d{6,7}",
    "HK": r"[235-9]\d{7}",
    "SG": r"[3689]\d{7}",
    "MY": r"1[3578]00\d{6}",
    "VN": r"1[89]00\d{4,6}",
    "TH": r"1[89]00\d{6}",
    "KR": r"1[568]\d{6}",
    "PH": r"8\d{7}|1800\d{7,9}",
}
"""Numbers of a region that are dialled without a trunk prefix: mobiles, toll-free and universal ones."""


_ASSIGNED_LATER: Final = {"MY": r"1[0246789]\d{7}|11\d{8}"}
"""Mobiles of blocks the library does not list yet. Source: MCMC, numbering plan (010 to 019)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbering plan of one region.

    Attributes:
        code: country calling code.
        trunk: prefix of calls within the country, mostly 0; empty if there is none.
        valid, mobile: patterns of national (significant) numbers.
        dialled: pattern of those after the trunk prefix.
        announced: pattern of those that need a word before them: mobiles after the country calling code, and
            what is dialled without a trunk prefix.
    """

    code: str
    trunk: str
    valid: re.Pattern[str]
    mobile: re.Pattern[str]
    dialled: re.Pattern[str]
    announced: re.Pattern[str]


@cache
def plan_of(region: str) -> Plan:
    """The plan of an ISO 3166 region the library knows."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        raise KeyError(f"expected a region of phonenumbers, found {region}")
    kinds = (
        "fixed_line",
        "mobile",
        "toll_free",
        "shared_cost",
        "uan",
        "voip",
        "personal_number",
        "premium_rate",
    )
    patterns = {kind: getattr(getattr(metadata, kind), "national_number_pattern", None) for kind in kinds}
    code, trunk, mobile = (
        str(metadata.country_code),
        metadata.national_prefix or "",
        "|".join(filter(None, (patterns["mobile"], _ASSIGNED_LATER.get(region)))) or "(?!)",
    )
    patterns["mobile"] = mobile
    valid = "|".join(f"(?:{pattern})" for pattern in patterns.values() if pattern)
    return Plan(
        code=code,
        trunk=trunk,
        valid=re.compile(valid),
        mobile=re.compile(mobile),
        dialled=re.compile(rf"{trunk}(?:{valid})" if trunk else "(?!)"),
        announced=re.compile(rf"(?:{code})?(?:{mobile})|{ALONE.get(region, '(?!)')}"),
    )


class Reading(NamedTuple):
    """One way to dial some digits, and whether that is with the trunk prefix, and to a mobile.

    Attributes:
        value: E.164; None if the words around speak of another country, which has no such number.
    """

    value: str | None
    trunk: bool
    mobile: bool


def national(digits: str, region: str) -> Reading | None:
    """`digits` as dialled within `region`, if its plan has such a number."""
    plan = plan_of(region)
    trunk = bool(plan.trunk) and digits.startswith(plan.trunk)
    number = digits[len(plan.trunk) :] if trunk else digits
    if plan.valid.fullmatch(number) is None:
        return None
    return Reading(f"+{plan.code}{number}", trunk, plan.mobile.fullmatch(number) is not None)


def international(digits: str) -> tuple[str, bool] | None:
    """(E.164, whether its plan has it) of digits after a plus; None if no country has the length."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return value, phonenumbers.is_valid_number(number)


def is_near(digits: str) -> bool:
    """Whether the digits after 00 begin with the code of a country of the region: 0066, not 001."""
    return any(digits.startswith(plan_of(region).code) for region in REGIONS)


def is_abroad(digits: str) -> bool:
    """Whether the digits are a number of a country of the region with its code."""
    found = international(digits) if is_near(digits) else None
    return found is not None and found[1]


@cache
def dialled_in(regions: tuple[str, ...]) -> re.Pattern[str]:
    """Where the numbers begin that are dialled abroad, or with a trunk prefix in any of some regions."""
    plans = [plan_of(region).dialled.pattern for region in regions]
    return re.compile(f"(?={'|'.join(['00[1-9]', *plans])})")


@cache
def announced_in(regions: tuple[str, ...]) -> re.Pattern[str]:
    """The numbers that need a word before them in any of some regions."""
    return re.compile("|".join(f"(?:{plan_of(region).announced.pattern})" for region in regions))
