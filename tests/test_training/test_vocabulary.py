"""A trimmed vocabulary cuts texts as before where it can, and keeps ids that others rely on."""

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from models.errors import RecipeError
from tests.tiny import MASK, SENTENCES, SPECIAL, random_texts, tiny_tokenizer_json
from training.network import tiny_network
from training.vocabulary import apply_trim, tokens_per_word, trim_vocabulary

USED = [sentence for sentence in SENTENCES if sentence.isascii()]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    (folder / "tokenizer.json").write_text(tiny_tokenizer_json(), encoding="utf-8")
    return folder


def size(tokenizer: Tokenizer) -> int:
    return int(tokenizer.get_vocab_size())


def test_texts_whose_pieces_are_kept_are_cut_as_before(base: Path) -> None:
    before = Tokenizer.from_file(str(base / "tokenizer.json"))
    after = trim_vocabulary(str(base), USED, 10_000).tokenizer()

    assert size(after) < size(before)
    for text in USED:
        assert after.encode(text).tokens == before.encode(text).tokens
        assert after.encode(text).offsets == before.encode(text).offsets


def test_offsets_of_a_trimmed_tokenizer_still_point_at_the_words(base: Path) -> None:
    tokenizer = trim_vocabulary(str(base), SENTENCES, 10_000).tokenizer()
    text = "free ticket งานสบาย 高薪工作 ฟรีตั๋ว"
    encoding = tokenizer.encode(text, add_special_tokens=False)

    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        assert text[start:end].strip() in ("", token.lstrip("▁"))
    assert "".join(text[start:end] for start, end in encoding.offsets).replace(" ", "") == text.replace(
        " ", ""
    )


def test_special_tokens_keep_their_ids_and_the_mask_is_last(base: Path) -> None:
    tokenizer = trim_vocabulary(str(base), USED, 120).tokenizer()

    assert [tokenizer.token_to_id(token) for token in SPECIAL] == [0, 1, 2, 3]
    assert tokenizer.token_to_id(MASK) == size(tokenizer) - 1
    ids = tokenizer.encode("free ticket").ids
    assert (ids[0], ids[-1]) == (0, 2)


def test_an_unknown_letter_becomes_the_unknown_token_not_another_piece(base: Path) -> None:
    tokenizer = trim_vocabulary(str(base), USED, 10_000).tokenizer()

    assert tokenizer.encode("ሰላም", add_special_tokens=False).tokens[-1] in {"ሰላም", "<unk>"}
    assert 3 in tokenizer.encode("ሰላም", add_special_tokens=False).ids


def test_the_size_is_kept_and_rare_pieces_go_before_frequent_ones(base: Path) -> None:
    texts = ["dollars"] * 50 + ["weekdays."]
    full = trim_vocabulary(str(base), texts, 10_000)
    short = trim_vocabulary(str(base), texts, len(full.kept) - 1)
    lost = set(full.tokenizer().get_vocab()) - set(short.tokenizer().get_vocab())

    assert len(short.kept) == len(full.kept) - 1
    assert lost == {"▁weekdays."}


def test_a_size_below_the_special_tokens_is_a_recipe_error(base: Path) -> None:
    with pytest.raises(RecipeError, match=r"vocabulary\.size 3 is smaller than the 5 special tokens"):
        trim_vocabulary(str(base), USED, 3)


def test_a_trimmed_network_says_the_same_of_a_text_whose_pieces_are_kept(base: Path) -> None:
    before = Tokenizer.from_file(str(base / "tokenizer.json"))
    vocabulary = trim_vocabulary(str(base), USED, 10_000)
    whole = tiny_network(size(before)).eval()
    trimmed = tiny_network(size(before)).eval()
    apply_trim(trimmed, vocabulary)

    assert trimmed.encoder.get_input_embeddings().weight.shape[0] == len(vocabulary.kept)
    assert trimmed.encoder.config.vocab_size == len(vocabulary.kept)
    for text in USED:
        old, new = (
            torch.tensor([tokenizer.encode(text).ids]) for tokenizer in (before, vocabulary.tokenizer())
        )
        torch.testing.assert_close(
            trimmed(new, torch.ones_like(new)).label_logits, whole(old, torch.ones_like(old)).label_logits
        )


def test_kept_rows_follow_the_new_ids(base: Path) -> None:
    vocabulary = trim_vocabulary(str(base), USED, 150)
    old = Tokenizer.from_file(str(base / "tokenizer.json"))
    new = vocabulary.tokenizer()

    for index, kept in enumerate(vocabulary.kept):
        assert new.id_to_token(index) == old.id_to_token(kept)


def test_losing_pieces_makes_texts_longer_never_shorter(base: Path) -> None:
    words = {"en": random_texts(20, seed=5)}
    before = tokens_per_word(Tokenizer.from_file(str(base / "tokenizer.json")), words)
    after = tokens_per_word(trim_vocabulary(str(base), SENTENCES, 200).tokenizer(), words)

    assert after["en"] >= before["en"] > 0


def test_the_trimmed_file_is_a_tokenizer_json_that_names_no_lost_piece(base: Path) -> None:
    vocabulary = trim_vocabulary(str(base), USED, 100)
    stored = json.loads(vocabulary.tokenizer_json)

    assert len(stored["model"]["vocab"]) == len(vocabulary.kept)
    assert max(token["id"] for token in stored["added_tokens"]) < len(vocabulary.kept)
