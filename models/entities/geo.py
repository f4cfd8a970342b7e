"""Finds coordinates, links to a point on a map, plus codes and what3words addresses."""

import re
from collections.abc import Iterator
from itertools import islice

from models.entities.entity import Context, Entity, disjoint
from models.entities.words import Words, lower

# A pattern here consumes its first character before it looks at what stands before that one: `re` can then
# skip to the characters a match may begin with, where a look-behind in front makes it try every position.

_MOST = 2_000
"""How many candidates of a kind are looked at: a text with more of them is a table of figures."""
# Decimal degrees, latitude first, and degrees, minutes, seconds: ISO 6709:2022, annex D.
_DECIMAL = re.compile(
    r"(?P<lat>[-+\d](?<![\d.,\-+].)\d{0,2}(?<=\d)(?<!\d{3})\.\d{2,9}+)"
    r"(?P<lat_sign>\s?°?\s?[NSns](?![A-Za-z])|°)?+"
    r"(?P<gap>(?>\s{0,2}+[,，;/、]\s{0,2}|\s{1,2}))"
    r"(?P<lon>[-+]?\d{1,3}+\.\d{2,9}+)(?P<lon_sign>\s?°?\s?[EWew](?![A-Za-z])|°)?(?![\d]|[.,]\d|%)"
)
_SHORT_DECIMALS = 3  # fewer decimals than this need a context word or the neighbourhood of a place we serve
_DMS_PART = (
    r"(\d(?<![\d.].)\d{{0,2}})\s?[°º度]\s?(\d{{1,2}}(?:\.\d{{1,6}})?)\s?['′’分]\s?"
    r"(?:(\d{{1,2}}(?:\.\d{{1,6}})?)\s?(?:[\"″”秒]|''|′′)\s?)?([{hemisphere}])"
)
_DMS = re.compile(
    rf"{_DMS_PART.format(hemisphere='NSns')}[\s,;，]{{0,3}}{_DMS_PART.format(hemisphere='EWew')}(?![A-Za-z])"
)
_DEGREES = re.compile(r"[°º度]\s?\d")
_HEMISPHERE_FIRST = re.compile(
    r"([NS])(?<![A-Za-z].)\s?(\d{1,2}(?:\.\d{2,9})?)\s?°?[\s,;]{1,3}([EW])\s?(\d{1,3}(?:\.\d{2,9})?)(?![\d.])°?"
)
# Map services' own pages: Google Maps URLs, Apple Map Links, OpenStreetMap "Slippy map", Baidu and AMap
# URI APIs, Naver and Kakao map share links; and hosts that say map (maps.example, peta.example).
_MAP_LINK = re.compile(
    r"(?<![A-Za-z0-9@.\-])(?:(?:www\.)?google\.[a-z.]{2,6}/maps|maps\.google\.[a-z.]{2,6}|maps\.app\.goo\.gl"
    r"|goo\.gl/maps|g\.co/maps"
    r"|maps\.apple\.com|(?:www\.)?openstreetmap\.org|osm\.org|waze\.com|(?:www\.)?what3words\.com"
    r"|w3w\.co|plus\.codes"
    r"|map\.baidu\.com|(?:uri|surl)\.amap\.com|j\.map\.baidu\.com|map\.qq\.com|map\.naver\.com"
    r"|naver\.me|map\.kakao\.com|kko\.to"
    r"|(?:maps?|peta|ditu|map-[a-z]{2,8})\.[a-z0-9\-]{2,30}(?:\.[a-z]{2,6})?)"
    r"(?:[/?][^\s<>\"'，。、；）)ก-๛ກ-ໟក-៿က-႟一-鿿]{1,300})",
    re.IGNORECASE,
)
_MAP_HOSTS = Words(
    (
        *("www.google.", "google.", "maps.", "map.", "map-", "goo.gl/maps", "g.co/maps", "peta.", "ditu."),
        *("www.openstreetmap.org", "openstreetmap.org", "osm.org", "waze.com"),
        *("www.what3words.com", "what3words.com", "w3w.co", "plus.codes"),
        *("j.map.baidu.com", "uri.amap.com", "surl.amap.com", "naver.me", "kko.to"),
    )
)
"""What a link of `_MAP_LINK` may begin with, its scheme left out."""
_LINK_POINT = re.compile(
    r"(?<![\d.])(-?\d{1,2}\.\d{1,9})(?:,|%2C|/|&lon=|&lng=)\s?(-?\d{1,3}\.\d{1,9})(?!\d)", re.IGNORECASE
)
# Open Location Code specification: 8 digits of a 20-letter alphabet, +, 2 or 3 more; short: 4 to 6 before.
_PLUS_CODE = re.compile(
    r"[23456789C](?<![A-Za-z0-9].)[23456789CFGHJMPQRV][23456789CFGHJMPQRVWX]{6}\+[23456789CFGHJMPQRVWX]{2,3}"
    r"(?![A-Za-z0-9+])"
)
_SHORT_PLUS_CODE = re.compile(
    r"[23456789CFGHJMPQRVWX](?<![A-Za-z0-9].)[23456789CFGHJMPQRVWX]{3,5}\+[23456789CFGHJMPQRVWX]{2,3}(?![A-Za-z0-9+])"
)
# what3words.com, "What is what3words": three words of one language with dots between, after ///.
_THREE_WORDS = re.compile(r"///[^\W\d_]{3,20}\.[^\W\d_]{3,20}\.[^\W\d_]{3,20}(?![^\W_])")
_BARE_THREE_WORDS = re.compile(r"[a-z](?<![\w./@].)[a-z]{2,19}\.[a-z]{3,20}\.[a-z]{3,20}(?![\w./@])")
_THREE_WORDS_HINT = re.compile(r"what3words|w3w|three words", re.IGNORECASE)
_GEO_HINT = re.compile(
    r"พิกัด|แผนที่|ปักหมุด|หมุด|โลเคชั่น|โลเกชัน|โลเคชัน|ພິກັດ|ແຜນທີ່|ទីតាំង|ផែនទី|កូអរដោណេ|តាំង"
    r"|တည်နေရာ|မြေပုံ|လိုကေးရှင်း|坐标|座標|定位|经纬|經緯|位置"
    r"|좌표|위치|座標|位置情報|लोकेशन|निर्देशांक|स्थान|\bgps\b|\blat\b|\blat(?:itude)?|\blon(?:g"
    r"|gitude)?\b|\bloc(?:ation)?\b|coord|\bmap\b|\bpin\b"
    r"|koordinat|titik|lokasi|t[oọ]a độ|toa do|vị trí|vi tri|định vị|lokasyon",
    re.IGNORECASE,
)
_CONTEXT_CHARS = 30
# South, South-East and East Asia: short coordinates are believed without a context word only inside it.
_REGION_LATITUDE, _REGION_LONGITUDE = (-11.0, 54.0), (66.0, 146.0)


def _point(latitude: float, longitude: float) -> str | None:
    """Format a point as 'lat,lon' with up to 6 decimals; None if it is not on the globe."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return f"{_trim(latitude)},{_trim(longitude)}"


def _trim(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


def _signed(number: str, hemisphere: str | None) -> float:
    letter = (hemisphere or "").strip(" °").upper()
    return -abs(float(number)) if letter in {"S", "W"} else float(number)


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _in_region(latitude: float, longitude: float) -> bool:
    return (
        _REGION_LATITUDE[0] <= latitude <= _REGION_LATITUDE[1]
        and _REGION_LONGITUDE[0] <= longitude <= _REGION_LONGITUDE[1]
    )


def _hint(text: str, start: int, pattern: re.Pattern[str] = _GEO_HINT) -> re.Match[str] | None:
    return pattern.search(text, max(0, start - _CONTEXT_CHARS), start)


def _entity(start: int, end: int, value: str | None, kind: str, *, proba: float, reason: str) -> Entity:
    return Entity("GEO", start, end, value, {"kind": kind}, proba, reason=reason)


def _decimal(text: str) -> Iterator[Entity]:
    for match in islice(_DECIMAL.finditer(text), _MOST):
        latitude, longitude = (
            _signed(match["lat"], match["lat_sign"]),
            _signed(match["lon"], match["lon_sign"]),
        )
        point = _point(latitude, longitude)
        if point is None:
            continue
        letters = bool(match["lat_sign"] and match["lon_sign"])
        exact = max(_decimals(match["lat"]), _decimals(match["lon"])) >= _SHORT_DECIMALS
        comma = bool(match["gap"].strip())
        alone = letters or (comma and exact and _in_region(latitude, longitude))
        hint = _hint(text, match.start()) if alone or comma or exact else None
        if alone or hint:
            proba, reason = (0.95, f'context word "{hint.group()}"') if hint else (0.85, "pattern")
            yield _entity(*match.span(), point, "coordinates", proba=proba, reason=reason)


def _angle(degrees: str, minutes: str, seconds: str | None, hemisphere: str) -> float:
    angle = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -angle if hemisphere in "SWsw" else angle


def _sexagesimal(text: str) -> Iterator[Entity]:
    for match in islice(_DMS.finditer(text), _MOST):
        point = _point(_angle(*match.group(1, 2, 3, 4)), _angle(*match.group(5, 6, 7, 8)))
        if point:
            yield _entity(*match.span(), point, "coordinates", proba=0.97, reason="pattern")


def _hemisphere_first(text: str) -> Iterator[Entity]:
    for match in islice(_HEMISPHERE_FIRST.finditer(text), _MOST):
        point = _point(_signed(match[2], match[1]), _signed(match[4], match[3]))
        if point and ("." in match[2] or _hint(text, match.start())):
            yield _entity(*match.span(), point, "coordinates", proba=0.9, reason="pattern")


def _links(text: str, lowered: str) -> Iterator[Entity]:
    for host, _ in islice(_MAP_HOSTS.places(lowered), _MOST):
        match = _MAP_LINK.match(text, host)
        if match is None:
            continue
        start = _with_scheme(lowered, host)
        end = host + len(match.group().rstrip(".,;:!?"))
        numbers = _LINK_POINT.search(text, host, end)
        point = _point(float(numbers[1]), float(numbers[2])) if numbers else None
        yield _entity(start, end, point, "map_link", proba=0.95, reason="pattern")


def _with_scheme(lowered: str, host: int) -> int:
    """Return where a link begins whose host begins at `host`."""
    for scheme in ("https://", "http://"):
        if lowered.endswith(scheme, 0, host):
            return host - len(scheme)
    return host


def _plus_codes(text: str) -> Iterator[Entity]:
    for match in islice(_PLUS_CODE.finditer(text), _MOST):
        yield _entity(*match.span(), None, "plus_code", proba=0.95, reason="pattern")
    for match in islice(_SHORT_PLUS_CODE.finditer(text), _MOST):
        hint = _hint(text, match.start())
        if hint:
            reason = f'context word "{hint.group()}"'
            yield _entity(*match.span(), None, "plus_code", proba=0.85, reason=reason)


def _three_words(text: str) -> Iterator[Entity]:
    for match in islice(_THREE_WORDS.finditer(text), _MOST):
        yield _entity(*match.span(), None, "what3words", proba=0.95, reason="pattern")


def _bare_three_words(text: str) -> Iterator[Entity]:
    for match in islice(_BARE_THREE_WORDS.finditer(text), _MOST):
        hint = _hint(text, match.start(), _THREE_WORDS_HINT)
        if hint:
            reason = f'context word "{hint.group()}"'
            yield _entity(*match.span(), None, "what3words", proba=0.85, reason=reason)


def _candidates(text: str) -> list[Entity]:
    """List what each form finds, asked only where the signs stand without which it cannot be there."""
    found = [*_hemisphere_first(text)]
    if _DEGREES.search(text):
        found += _sexagesimal(text)
    if "+" in text:
        found += _plus_codes(text)
    if "." not in text:
        return found
    found += _decimal(text)
    lowered = lower(text)
    if "/" in text or "?" in text:
        found += _links(text, lowered)
    if "///" in text:
        found += _three_words(text)
    if "what3words" in lowered or "w3w" in lowered or "three words" in lowered:
        found += _bare_three_words(text)
    return found


def find(text: str, context: Context) -> list[Entity]:
    """Find points on the map.

    Args:
        text: normalised text.
        context: not used: coordinates look the same in every language.

    Returns:
        In order of start, without overlaps; `value` is 'lat,lon' in decimal degrees (WGS 84, up to 6
        decimals), None where a link or code does not show it. Attribute `kind`:
        coordinates | map_link | plus_code | what3words.
    """
    return disjoint(sorted(_candidates(text), key=lambda entity: (entity.start, -entity.end)))
