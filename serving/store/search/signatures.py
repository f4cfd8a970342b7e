"""Which texts are nearly the same, told by signatures that say nothing without the key.

MinHash of the package `datasketch`, over characters five by five, which are keyed first: without the key
nobody can compute the signature of a text he supposes. Bands of a signature find those it may resemble.

Source: Broder 1997, "On the resemblance and containment of documents"; bands: Leskovec, Rajaraman & Ullman,
"Mining of Massive Datasets", section 3.4.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import CompoundSelect, Connection, bindparam, delete, select, union_all

from models.screening import Entity
from models.taxonomy import CONTACTS
from serving.store.many_rows import insert_rows
from serving.store.sealing import Keyring
from serving.store.search.letters import compact
from serving.store.tables import SIGNATURE, SIGNATURE_BAND

NEAR: Final = 0.55
"""Least estimated Jaccard of near-copies.

`python -m benchmarks.near_copies --texts 400`, 13 languages: it finds every copy with other figures or signs
strewn in, 89 to 99 of 100 that lost a tenth, and none of 750,000 pairs of unrelated texts;
of pairs of which one clause makes the one a scam, under 2 in 100 are taken for copies.
"""
LEAST_CHARS: Final = 24
"""A shorter text resembles too much; only one that is the same to the letter is its copy."""
LEAST_SAME_CHARS: Final = 12
"""And one that is shorter still resembles nothing: many people write it."""
MOST_CHARS: Final = 20_000
_SHINGLE_CHARS: Final = 5
_BANDS: Final = 20
_ROWS: Final = 5
_SEED: Final = 1
_SCHEME: Final = "affine32"  # another one makes other signatures
_BAND_BYTES: Final = 16
_MOST_OF_BAND: Final = 8
_NUMBER: Final = re.compile(r"\d+")
_HASH_BYTES: Final = 4
UIntArray = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature of a text.

    Attributes:
        minhash: little-endian uint32 each; empty of a text too short for one.
        bands: digests; texts that share one may be near-copies.
    """

    minhash: bytes = field(repr=False)
    bands: tuple[bytes, ...] = field(repr=False)

    def similarity(self, other: bytes) -> float:
        """Return the estimated Jaccard of the shingles of two texts, in [0, 1]."""
        if not self.minhash or not other:  # too short: the one band they have in common is the whole text
            return float(self.minhash == other)
        return float(np.mean(_hashes(self.minhash) == _hashes(other)))


def signature_key(keyring: Keyring, organisation_id: int) -> bytes:
    """Return the key of the signatures of an organisation."""
    return keyring.derived(f"signatures {organisation_id}")


def signature_of(key: bytes, text: str, entities: Iterable[Entity]) -> Signature | None:
    """Return the signature of a text without its contacts and figures; None if there is too little of it.

    Args:
        key: `signature_key`.
        text: as received.
        entities: of its record.
    """
    letters = _NUMBER.sub("0", compact(_without_contacts(text[:MOST_CHARS], entities)))
    if len(letters) < LEAST_SAME_CHARS:
        return None
    if len(letters) < LEAST_CHARS:
        return Signature(b"", (_keyed(key, b"whole\0" + letters.encode("utf-8", "replace"), _BAND_BYTES),))
    shingles = {
        letters[start : start + _SHINGLE_CHARS].encode("utf-8", "replace")
        for start in range(len(letters) - _SHINGLE_CHARS + 1)
    }
    hashes = _minhash([_keyed(key, shingle, _HASH_BYTES) for shingle in shingles])
    bands = hashes.reshape(_BANDS, _ROWS)
    return Signature(
        hashes.tobytes(),
        tuple(
            _keyed(key, b"band\0%d\0" % number + band.tobytes(), _BAND_BYTES)
            for number, band in enumerate(bands)
        ),
    )


def write_signatures(
    connection: Connection, organisation_id: int, signatures: Mapping[int, Signature]
) -> None:
    """Store the signatures of reports that have none, by the serial of their report."""
    insert_rows(
        connection,
        SIGNATURE,
        [
            {"report_serial": serial, "organisation_id": organisation_id, "minhash": one.minhash}
            for serial, one in signatures.items()
        ],
    )
    insert_rows(
        connection,
        SIGNATURE_BAND,
        [
            {"organisation_id": organisation_id, "band": band, "report_serial": serial}
            for serial, one in signatures.items()
            for band in sorted(one.bands)
        ],
    )


def remove_signature(connection: Connection, report_serial: int) -> None:
    """Recognise no more what resembles a report."""
    for table in (SIGNATURE_BAND, SIGNATURE):
        connection.execute(delete(table).where(table.c.report_serial == report_serial))


def near_copies(
    connection: Connection, organisation_id: int, report_serial: int, signature: Signature
) -> list[int]:
    """Return the serials of other reports that are near-copies, the first that were stored, in order."""
    bands = {f"band_{number}": band for number, band in enumerate(signature.bands)}
    sought = {"organisation_id": organisation_id, **bands}
    candidates = set(connection.execute(_first_of_bands(len(bands)), sought).scalars()) - {report_serial}
    if not candidates:
        return []
    stored = connection.execute(
        select(SIGNATURE.c.report_serial, SIGNATURE.c.minhash)
        .where(SIGNATURE.c.report_serial.in_(sorted(candidates)))
        .order_by(SIGNATURE.c.report_serial)
    )
    return [row.report_serial for row in stored if signature.similarity(row.minhash) >= NEAR]


@cache
def _first_of_bands(count: int) -> CompoundSelect[tuple[int]]:
    """Return the question for the first reports of each band; to make it takes longer than to answer it."""
    of_bands = [
        select(SIGNATURE_BAND.c.report_serial)
        .where(
            SIGNATURE_BAND.c.organisation_id == bindparam("organisation_id"),
            SIGNATURE_BAND.c.band == bindparam(f"band_{number}"),
        )
        .order_by(SIGNATURE_BAND.c.report_serial)
        .limit(_MOST_OF_BAND)
        .subquery()
        for number in range(count)
    ]
    return union_all(*(select(one) for one in of_bands))


def _without_contacts(text: str, entities: Iterable[Entity]) -> str:
    """Return a text without what changes from copy to copy."""
    contacts = sorted((one.start, one.end) for one in entities if one.type in CONTACTS)
    return "".join(_between(text, contacts))


def _between(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in spans:
        yield text[done:start]
        done = max(done, end)
    yield text[done:]


def _keyed(key: bytes, content: bytes, size: int) -> bytes:
    return hashlib.blake2b(content, key=key, digest_size=size).digest()


def _minhash(keyed: Sequence[bytes]) -> UIntArray:
    module, permutations = _datasketch()
    made = module.MinHash(
        num_perm=_BANDS * _ROWS,
        seed=_SEED,
        permutations=permutations,
        hashfunc=_little_endian,
        scheme=_SCHEME,
    )
    made.update_batch(keyed)
    return np.asarray(made.hashvalues, dtype="<u4")


@cache
def _datasketch() -> tuple[Any, Any]:
    """Return the package and its permutations; most of a second to import, which no start waits for."""
    import datasketch

    return datasketch, datasketch.MinHash(num_perm=_BANDS * _ROWS, seed=_SEED, scheme=_SCHEME).permutations


def _little_endian(keyed: bytes) -> int:
    return int.from_bytes(keyed, "little")


def _hashes(minhash: bytes) -> UIntArray:
    return np.frombuffer(minhash, dtype="<u4")
