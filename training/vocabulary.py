"""Vocabulary trimming: keep the pieces our languages use, drop the rest of 250,000.

XLM-R's vocabulary covers 100 languages and is four fifths of the parameters of a small model
(Abdaoui et al. 2020, "Load What You Need", arXiv 2010.05609).
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers.utils import cached_file

from models.errors import RecipeError
from models.text import normalize
from training.network import Network

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class TrimmedVocabulary:
    """A smaller tokenizer and which rows of the old embedding it keeps, in order.

    Attributes:
        tokenizer_json: content of tokenizer.json.
        kept: (n_pieces,) old ids.
    """

    tokenizer_json: str
    kept: tuple[int, ...]

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer."""
        return Tokenizer.from_str(self.tokenizer_json)


def tokenizer_file(base: str) -> Path:
    """Return the tokenizer.json of a base: a folder's, or a hub model's (needs a network)."""
    if (Path(base) / "tokenizer.json").is_file():
        return Path(base) / "tokenizer.json"
    return Path(cached_file(base, "tokenizer.json"))


def trim_vocabulary(base: str, texts: Iterable[str], size: int) -> TrimmedVocabulary:
    """Keep special tokens, single characters seen in the texts and the most used pieces, `size` in all.

    Scores stay as they are, so a text whose pieces were all kept is cut exactly as before.
    """
    stored: dict[str, Any] = json.loads(tokenizer_file(base).read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(tokenizer_file(base)))
    pieces: list[list[Any]] = stored["model"]["vocab"]
    special = [token["id"] for token in stored["added_tokens"]]
    if len(special) > size:
        raise RecipeError(f"vocabulary.size {size} is smaller than the {len(special)} special tokens")
    counts: Counter[int] = Counter()
    characters: set[str] = set()
    for batch in _batches(normalize(text).text for text in texts):
        characters.update("".join(batch))
        for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    singles = [
        index
        for index, (piece, _) in enumerate(pieces)
        if len(piece.lstrip("▁")) <= 1 and piece.lstrip("▁") in characters | {""}
    ]
    keep = dict.fromkeys([*special, *singles])
    for index, _ in counts.most_common():
        if len(keep) >= size:
            break
        keep.setdefault(index)
    # Special tokens keep their ids; <mask> moves to the end of the smaller list.
    kept = sorted(keep)
    new_id = {old: new for new, old in enumerate(kept)}
    stored["model"]["vocab"] = [pieces[old] for old in kept]
    stored["model"]["unk_id"] = new_id[stored["model"]["unk_id"]]
    for token in stored["added_tokens"]:
        token["id"] = new_id[token["id"]]
    for token in (stored.get("post_processor") or {}).get("special_tokens", {}).values():
        token["ids"] = [new_id[old] for old in token["ids"]]
    return TrimmedVocabulary(json.dumps(stored, ensure_ascii=False), tuple(kept))


def whole_vocabulary(tokenizer_json: Path) -> TrimmedVocabulary:
    """Return a vocabulary as it is."""
    content = tokenizer_json.read_text(encoding="utf-8")
    return TrimmedVocabulary(content, tuple(range(len(json.loads(content)["model"]["vocab"]))))


def apply_trim(network: Network, vocabulary: TrimmedVocabulary) -> None:
    """Shrink the word embeddings of a network to the kept pieces, in place."""
    old = network.encoder.get_input_embeddings().weight.data
    embedding = torch.nn.Embedding(
        len(vocabulary.kept), old.shape[1], padding_idx=network.encoder.config.pad_token_id
    )
    embedding.weight.data = old[torch.tensor(vocabulary.kept)].clone()
    network.encoder.set_input_embeddings(embedding)
    network.encoder.config.vocab_size = len(vocabulary.kept)


def tokens_per_word(tokenizer: Tokenizer, words_of: dict[str, list[str]]) -> dict[str, float]:
    """Return the mean number of tokens per word, or per 5 characters where no blanks separate words.

    Args:
        tokenizer: which cuts.
        words_of: language -> texts.
    """
    unspaced = {"th", "lo", "km", "my", "zh", "ja"}
    result = {}
    for language, texts in words_of.items():
        tokens = sum(
            len(encoding.ids) for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)
        )
        words = sum(len(text) / 5 if language in unspaced else len(text.split()) for text in texts)
        result[language] = round(tokens / max(words, 1), 3)
    return result


def _batches(texts: Iterable[str]) -> Iterable[list[str]]:
    iterator = iter(texts)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
