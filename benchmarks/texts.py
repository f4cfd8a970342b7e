"""Seeded texts of the mix, put together from sentences of texts of one language and class.

A text begins with a sentence of a random text, goes on with those after it and then with further texts, and
is cut at the length drawn for it. Positive texts are made of texts that carry a label, all others of texts
that carry none; whether the cut leaves the words that show it is not checked: these texts measure speed.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.mix import Mix, load_mix
from models.evidence import passages
from models.screening import Document
from models.text.clusters import whole_clusters
from training.example import Example
from training.sources import authored, everyday

SEED = 25
_TRIES = 20
"""How often a text that was made before is made anew; the shortest may then stay the same."""
_LEAST_WORDS = 0.5
"""What a sentence counts at least, a mark for instance; a gap shorter than that stays open."""
Pools = Mapping[tuple[str, bool], Sequence["Passages"]]


@dataclass(frozen=True, slots=True)
class Passages:
    """The sentences of one text, and the labels it carries.

    Attributes:
        labels: that hold or of which, as its source says, some hold.
        sure: those of them that hold for sure.
    """

    sentences: tuple[str, ...]
    labels: tuple[str, ...]
    sure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MixText:
    """One text of the mix.

    Attributes:
        labels: of the text it begins with; empty for the others and for none but them.
        sure: those of them that hold for sure.
        repeats: whether it is a copy of one before it.
    """

    id: str
    text: str
    language: str
    labels: tuple[str, ...]
    sure: tuple[str, ...] = ()
    repeats: bool = False


def written_pools() -> Pools:
    """Return the sentences of the texts written for this project, which any clone has."""
    return pools_of([*authored.read(Path()), *everyday.read(Path())])


def pools_of(examples: Iterable[Example]) -> Pools:
    """Return (language, carries a label) -> the sentences of its texts.

    Texts of which no label is known are left out.
    """
    pools: dict[tuple[str, bool], list[Passages]] = defaultdict(list)
    for example in examples:
        labels = tuple(sorted(example.labels | example.any_of))
        if labels or example.known:
            sentences = tuple(example.text[start:end] for start, end in passages(example.text))
            if sentences:
                pools[example.language, bool(labels)].append(
                    Passages(sentences, labels, tuple(sorted(example.labels)))
                )
    return pools


def build_texts(
    count: int, pools: Pools, mix: Mix | None = None, *, seed: int = SEED, repeats: float = 0.0
) -> Iterator[MixText]:
    """Yield texts in random order; shares and quantiles of the mix are kept as exactly as `count` allows.

    Args:
        count: how many texts.
        pools: what they are made of, for every language of the mix.
        mix: default: `mix.json`.
        seed: the same texts for the same seed, count and pools.
        repeats: share of texts that repeat one of those before, drawn evenly: some come back often.
    """
    mix = mix or load_mix()
    rng = np.random.default_rng(seed)
    languages = _quotas(mix.languages, count, rng)
    positives = rng.permutation(np.arange(count) < round(count * mix.positives))
    lengths = rng.permutation([mix.length((index + 0.5) / count) for index in range(count)])
    composer = _Composer(pools, mix, rng)
    made: list[MixText] = []
    for index in range(count):
        if made and rng.random() < repeats:
            first = made[int(rng.integers(len(made)))]
            one = MixText(str(index), first.text, first.language, first.labels, first.sure, repeats=True)
        else:
            language = languages[index]
            text, begins = composer.text(language, bool(positives[index]), float(lengths[index]))
            one = MixText(str(index), text, language, begins.labels, begins.sure)
        made.append(one)
        yield one


def documents_of(texts: Iterable[MixText]) -> list[Document]:
    """Return the texts as documents whose language is not told."""
    return [Document(id=text.id, text=text.text) for text in texts]


def write_rows(texts: Iterable[MixText], path: Path) -> None:
    """Write the texts as JSONL rows with the columns id and text."""
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"id": text.id, "text": text.text}, ensure_ascii=False) + "\n")


def write_answers(texts: Iterable[MixText], path: Path) -> None:
    """Write what is known of the texts, beside `write_rows`: all but the texts."""
    with path.open("w", encoding="utf-8") as file:
        for text in texts:
            known = asdict(text)
            del known["text"]
            file.write(json.dumps(known) + "\n")


def _quotas(shares: Mapping[str, float], count: int, rng: np.random.Generator) -> list[str]:
    """Return `count` languages in random order, each as often as its share says (by largest remainder)."""
    exact = {tag: share * count for tag, share in shares.items()}
    whole = {tag: int(number) for tag, number in exact.items()}
    by_remainder = sorted(exact, key=lambda tag: whole[tag] - exact[tag])
    for tag in by_remainder[: count - sum(whole.values())]:
        whole[tag] += 1
    return [
        str(tag) for tag in rng.permutation([tag for tag, number in whole.items() for _ in range(number)])
    ]


class _Composer:
    """Makes texts of the sentences of some pools, as a rule never the same twice."""

    def __init__(self, pools: Pools, mix: Mix, rng: np.random.Generator) -> None:
        self._pools, self._mix, self._rng = pools, mix, rng
        self._seen: set[str] = set()

    def text(self, language: str, positive: bool, words: float) -> tuple[str, Passages]:
        """Return a text of about `words` words, at least one, and what it begins with."""
        pool = self._pools[language, positive]
        for _ in range(_TRIES):
            text, begins = self._compose(pool, language, words)
            if text not in self._seen:
                break
        self._seen.add(text)
        return text, begins

    def _compose(self, pool: Sequence[Passages], language: str, words: float) -> tuple[str, Passages]:
        first = pool[int(self._rng.integers(len(pool)))]
        left = list(first.sentences[int(self._rng.integers(len(first.sentences))) :])
        taken: list[str] = []
        missing = max(words, 1.0)
        while not taken or missing >= _LEAST_WORDS:
            if not left:
                left = list(pool[int(self._rng.integers(len(pool)))].sentences)
            sentence = _cut(left.pop(0), language, missing, self._mix)
            taken.append(sentence)
            missing -= max(self._mix.words(sentence, language), _LEAST_WORDS)
        return " ".join(taken), first


def _cut(sentence: str, language: str, words: float, mix: Mix) -> str:
    """Return the beginning of a sentence that has at most about `words` words; no letter cluster is cut."""
    per_word = mix.characters_per_word.get(language)
    if mix.words(sentence, language) <= words:
        return sentence
    if per_word is None:
        return " ".join(sentence.split()[: max(round(words), 1)])
    return sentence[: whole_clusters(sentence, 0, max(round(words * per_word), 1))[1]]
