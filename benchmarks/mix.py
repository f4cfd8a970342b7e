"""`mix.json`: which texts are measured: their lengths, languages and share of positives."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

MIX_FILE = Path(__file__).with_name("mix.json")


@dataclass(frozen=True, slots=True)
class Mix:
    """What a set of texts is made of.

    Attributes:
        median_words: of the log-normal lengths.
        mean_words: of the same; larger than the median.
        languages: tag -> share; they sum to 1.
        positives: share of texts made of texts that carry a label.
        characters_per_word: languages written without blanks -> how many characters count as one word,
            blanks aside. A convention that makes lengths comparable, not a claim about grammar.
    """

    median_words: float
    mean_words: float
    languages: Mapping[str, float]
    positives: float
    characters_per_word: Mapping[str, float]

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm of the lengths, from mean = median * exp(sigma^2 / 2)."""
        return math.sqrt(2 * math.log(self.mean_words / self.median_words))

    def length(self, share: float) -> float:
        """Return how many words a text has at most for a share of the texts in (0, 1): their quantile."""
        return self.median_words * math.exp(self.sigma * NormalDist().inv_cdf(share))

    def words(self, text: str, language: str) -> float:
        """Return how many words long a text is."""
        per_word = self.characters_per_word.get(language)
        pieces = text.split()
        return len(pieces) if per_word is None else sum(map(len, pieces)) / per_word


def load_mix(path: Path = MIX_FILE) -> Mix:
    """Return the mix every measurement uses."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Mix(
        median_words=content["words"]["median"],
        mean_words=content["words"]["mean"],
        languages={tag: share / 100 for tag, share in content["languages_percent"].items()},
        positives=content["positives_percent"] / 100,
        characters_per_word=content["characters_per_word"],
    )
