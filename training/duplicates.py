"""Which texts are the same message: exact and near duplicates, in groups that never straddle a split."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from datasketch import MinHash, MinHashLSH

from models.text import normalize
from training.mask import URL

SHINGLE_CHARS = 5
PERMUTATIONS = 64
JACCARD = 0.7
_MIN_SHINGLES = 12
_WORTH_PROCESSES = 20_000
_DIGITS = re.compile(r"\d[\d\s.,:/-]*")
_BLANKS = re.compile(r"[\s\W_]+")

Result = TypeVar("Result")


def fingerprint(text: str) -> str:
    """Return the text with obfuscation undone, URLs and numbers masked, case and punctuation dropped.

    Two texts with one fingerprint are the same message sent to different people.
    """
    plain = normalize(text).text.lower()
    plain = URL.sub(" urlmask ", plain)
    plain = _DIGITS.sub(" 0 ", plain)
    return _BLANKS.sub(" ", plain).strip()


def shingles(masked: str) -> set[bytes]:
    """Return the set of character 5-grams, which need no word boundaries."""
    return {
        masked[i : i + SHINGLE_CHARS].encode("utf-8", "replace")
        for i in range(len(masked) - SHINGLE_CHARS + 1)
    }


def fingerprints_of(texts: Sequence[str]) -> list[str]:
    """Return the fingerprint of every text, computed on all processors where there are many."""
    return list(_on_all_processors(fingerprint, texts))


def sign(fingerprints: Iterable[str]) -> dict[str, MinHash]:
    """Return fingerprint -> MinHash signature; those too short to resemble anything are left out."""
    distinct = list(dict.fromkeys(fingerprints))
    signed = zip(distinct, _on_all_processors(_signature, distinct), strict=True)
    return {masked: signature for masked, signature in signed if signature is not None}


def _signature(masked: str) -> MinHash | None:
    grams = shingles(masked)
    if len(grams) < _MIN_SHINGLES:
        return None
    signature = MinHash(num_perm=PERMUTATIONS, hashfunc=zlib.crc32)
    signature.update_batch(list(grams))
    return signature


def _on_all_processors(function: Callable[[str], Result], texts: Sequence[str]) -> Iterator[Result]:
    if len(texts) < _WORTH_PROCESSES:
        yield from map(function, texts)
        return
    with ProcessPoolExecutor() as pool:
        yield from pool.map(function, texts, chunksize=2000)


def group_duplicates(
    fingerprints: Sequence[str], signatures: Mapping[str, MinHash], tied: Iterable[Sequence[int]] = ()
) -> list[int]:
    """Put texts into groups of near duplicates.

    Args:
        fingerprints: of every text, see `fingerprint`.
        signatures: of at least these fingerprints, see `sign`.
        tied: further lists of indices that belong together whatever the words (translations, minimal pairs).

    Returns:
        (n_texts,) the smallest index of each text's group.

    Source: Broder 1997, "On the resemblance and containment of documents" (MinHash; Jaccard >= 0.7, 5-grams).
    """
    groups = DisjointSets(len(fingerprints))
    first: dict[str, int] = {}
    for index, masked in enumerate(fingerprints):
        groups.join(first.setdefault(masked, index), index)
    for indices in tied:
        for index in indices[1:]:
            groups.join(indices[0], index)
    lsh = MinHashLSH(threshold=JACCARD, num_perm=PERMUTATIONS)
    for masked, index in first.items():
        signature = signatures.get(masked)
        if signature is None:
            continue
        for candidate in lsh.query(signature):
            apart = groups.root(candidate) != groups.root(index)
            if apart and signature.jaccard(signatures[fingerprints[candidate]]) >= JACCARD:
                groups.join(candidate, index)
        lsh.insert(index, signature, check_duplication=False)
    return [groups.root(index) for index in range(len(fingerprints))]


def near_groups(texts: Sequence[str], groups: Sequence[str] = ()) -> list[int]:
    """Return (n,) which texts are near duplicates or belong to one group; "" belongs to none."""
    tied: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        if group:
            tied.setdefault(group, []).append(index)
    fingerprints = fingerprints_of(texts)
    return group_duplicates(fingerprints, sign(fingerprints), tied.values())


class DisjointSets:
    """Union-find; the root of a set is its smallest member."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, index: int) -> int:
        """Return the smallest member of the set that holds an index."""
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, a: int, b: int) -> None:
        """Make one set of the two that hold these."""
        a, b = self.root(a), self.root(b)
        self._parent[max(a, b)] = min(a, b)
