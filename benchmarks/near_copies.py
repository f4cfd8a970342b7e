"""What a threshold of `serving.store.search.signatures` finds of near-copies, and of unrelated texts.

`python -m benchmarks.near_copies [--texts N]`: the written texts of the project, by language; near-copies are
made of each as senders make them, unrelated are pairs of texts of another scheme.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from models.taxonomy import CONTACTS
from serving.store.sealing import new_keyring
from serving.store.search.letters import compact
from serving.store.search.signatures import LEAST_CHARS, Signature, signature_key, signature_of
from training.example import Example
from training.sources import authored

THRESHOLDS: Final = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
PAIRS: Final = 200
Signed = tuple[Example, str, Signature]
SIGNS: Final = "🔥✨💰❗️ .\n"


def _other_figures(text: str, rng: random.Random) -> str:
    return "".join(str(rng.randrange(10)) if sign.isdecimal() else sign for sign in text)


def _strewn(text: str, rng: random.Random) -> str:
    return "".join(sign + (rng.choice(SIGNS) if rng.random() < 0.05 else "") for sign in text)


def _without_a_tenth(text: str, rng: random.Random) -> str:
    length = len(text) // 10
    start = rng.randrange(len(text) - length + 1)
    return text[:start] + text[start + length :]


def _without_a_quarter(text: str, rng: random.Random) -> str:
    length = len(text) // 4
    start = rng.randrange(len(text) - length + 1)
    return text[:start] + text[start + length :]


def _with_a_fifth_more(text: str, rng: random.Random) -> str:
    return text + " " + "".join(rng.sample(text, len(text) // 5))


CHANGES: Final[tuple[tuple[str, Callable[[str, random.Random], str]], ...]] = (
    ("other figures", _other_figures),
    ("signs strewn in", _strewn),
    ("a tenth left out", _without_a_tenth),
    ("a quarter left out", _without_a_quarter),
    ("a fifth put on", _with_a_fifth_more),
)


def main() -> None:
    """Print, by language and threshold, shares of near-copies found and of unrelated pairs taken for some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=300, help="of each language")
    options = parser.parse_args()
    key = signature_key(new_keyring(), 1)
    rng = random.Random(0)  # noqa: S311 (a sample)
    examples = sorted(authored.SOURCE.read(authored.AUTHORED_FOLDER), key=lambda one: one.language)
    _print("language", "pairs", *(f"{threshold:.2f}" for threshold in THRESHOLDS), "candidates")
    for language, of_language in groupby(examples, key=lambda one: one.language):
        long_enough = [one for one in of_language if len(compact(one.text)) >= LEAST_CHARS]
        sample = rng.sample(long_enough, min(options.texts, len(long_enough)))
        bare = [(one, _without_contacts(one)) for one in sample]
        signed = [(one, text, made) for one, text in bare if (made := signature_of(key, text, ()))]
        for name, change in CHANGES:
            _print_row(f"{language}, {name}", list(_copies(key, signed, change, rng)))
        _print_row(f"{language}, one clause changed", list(_pairs(key, long_enough)))
        _print_row(f"{language}, unrelated", list(_unrelated(signed)))


def _copies(
    key: bytes,
    signed: Sequence[Signed],
    change: Callable[[str, random.Random], str],
    rng: random.Random,
) -> Iterator[tuple[Signature, Signature]]:
    for _, text, signature in signed:
        if copy := signature_of(key, change(text, rng), ()):
            yield signature, copy


def _pairs(key: bytes, examples: Sequence[Example]) -> Iterator[tuple[Signature, Signature]]:
    """Yield the two texts of every minimal pair, of which one is a scam and one is none."""
    in_pairs = sorted((one for one in examples if one.pair), key=lambda one: one.pair)
    for _, members in groupby(in_pairs, key=lambda one: one.pair):
        made = [signature_of(key, _without_contacts(one), ()) for one in members]
        if len(made) == 2 and made[0] and made[1]:
            yield made[0], made[1]


def _without_contacts(example: Example) -> str:
    contacts = sorted((one.start, one.end) for one in example.spans if one.code in CONTACTS)
    text, done = "", 0
    for start, end in contacts:
        text, done = text + example.text[done:start], max(done, end)
    return text + example.text[done:]


def _unrelated(signed: Sequence[Signed]) -> Iterator[tuple[Signature, Signature]]:
    for number, (example, _, signature) in enumerate(signed):
        for other, _, other_signature in signed[number + 1 : number + 1 + PAIRS]:
            if example.scheme != other.scheme and (not example.pair or example.pair != other.pair):
                yield signature, other_signature


def _print_row(name: str, pairs: Sequence[tuple[Signature, Signature]]) -> None:
    similarities = [one.similarity(other.minhash) for one, other in pairs]
    met = [bool(set(one.bands) & set(other.bands)) for one, other in pairs]
    found = [
        sum(similarity >= threshold and meet for similarity, meet in zip(similarities, met, strict=True))
        for threshold in THRESHOLDS
    ]
    _print(
        name, str(len(pairs)), *(f"{one / len(pairs):.4f}" for one in found), f"{sum(met) / len(pairs):.4f}"
    )


def _print(name: str, *cells: str) -> None:
    sys.stdout.write(f"{name:28}" + "".join(f"{cell:>11}" for cell in cells) + "\n")


if __name__ == "__main__":
    main()
