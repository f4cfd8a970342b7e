"""Windows, batches and padding: every token is read, every output comes back to its text."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.encoder
import models.network
from models.artifact import EncoderConfig, load_artifact
from models.encoder import (
    Encoder,
    like_length_batches,
    pad,
    token_budget_batches,
    windows,
    without_control_tokens,
)
from models.errors import NotFiniteError
from models.network import load_network
from models.onnx_network import OnnxNetwork
from models.openvino_network import OpenVinoNetwork
from models.taxonomy import LABELS, ROLES
from tests.tiny import random_texts

CONFIG = EncoderConfig(
    window_tokens=10,
    stride_tokens=5,
    bos_id=0,
    eos_id=2,
    pad_id=1,
    trained_heads=("labels", "roles", "influence"),
)


def cut(n: int) -> tuple[np.ndarray, tuple[object, ...]]:
    ids = np.arange(100, 100 + n, dtype=np.int64)
    return ids, windows(ids, np.stack([np.arange(n), np.arange(n) + 1], axis=1), CONFIG)


@pytest.mark.parametrize(
    ("tokens", "expected"), [(0, 1), (1, 1), (8, 1), (9, 2), (13, 2), (14, 3), (18, 3), (40, 8)]
)
def test_a_text_has_as_many_windows_as_it_needs(tokens: int, expected: int) -> None:
    assert len(cut(tokens)[1]) == expected


@given(st.integers(0, 200))
def test_windows_read_every_token_and_none_is_too_long(tokens: int) -> None:
    ids, found = cut(tokens)
    read: set[int] = set()
    for window in found:
        assert 2 <= len(window.ids) <= CONFIG.window_tokens
        assert len(window.spans) == len(window.ids)
        assert (window.ids[0], window.ids[-1]) == (CONFIG.bos_id, CONFIG.eos_id)
        assert window.spans[0].tolist() == window.spans[-1].tolist() == [0, 0]
        assert [100 + start for start, _ in window.spans[1:-1]] == window.ids[1:-1].tolist()
        read.update(window.ids[1:-1].tolist())

    assert read == set(ids.tolist())


@pytest.mark.parametrize("tokens", [9, 30, 77])
def test_neighbouring_windows_overlap_so_that_no_phrase_is_only_ever_cut(tokens: int) -> None:
    _, found = cut(tokens)
    overlap = CONFIG.window_tokens - 2 - CONFIG.stride_tokens

    for one, following in pairwise(found):
        assert len(set(one.ids[1:-1]) & set(following.ids[1:-1])) == overlap


@given(st.lists(st.integers(1, 60), max_size=60), st.integers(60, 300))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(token_budget_batches(lengths, budget))

    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert max(lengths[index] for index in batch) * len(batch) <= budget


def test_a_text_longer_than_the_budget_is_a_batch_of_its_own() -> None:
    assert list(token_budget_batches([500, 3, 3], 100)) == [[0], [1, 2]]


def test_texts_of_like_length_share_a_batch_so_that_little_is_padding() -> None:
    lengths = [5, 50, 6, 48, 5, 49, 6, 50] * 8
    padded = sum(max(lengths[i] for i in batch) * len(batch) for batch in token_budget_batches(lengths, 400))

    assert padded < 1.15 * sum(lengths)


@given(st.lists(st.integers(1, 20), max_size=60), st.integers(20, 90))
def test_batches_of_like_length_hold_every_text_once_within_the_budget(
    lengths: list[int], budget: int
) -> None:
    batches = list(like_length_batches(lengths, budget))

    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        assert max(lengths[index] for index in batch) * len(batch) <= budget


def test_a_few_texts_of_unlike_length_are_not_padded_to_the_longest() -> None:
    lengths = [256, 16, 32, 16, 64, 16, 48, 32]

    assert list(like_length_batches(lengths, 1024)) == [[0], [4, 6], [2, 7], [1, 3, 5]]


def test_padding_is_masked() -> None:
    ids, mask = pad([np.array([0, 7, 2]), np.array([0, 2])], pad_id=1)

    assert ids.tolist() == [[0, 7, 2], [0, 2, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]


def test_batches_are_as_long_as_the_network_asks() -> None:
    ids, mask = pad([np.array([0, 7, 2]), np.array([0, 2])], pad_id=1, multiple=4)

    assert ids.tolist() == [[0, 7, 2, 1], [0, 2, 1, 1]]
    assert mask.tolist() == [[1, 1, 1, 0], [1, 1, 0, 0]]


@pytest.fixture(scope="module")
def encoder(tiny_artifact: Path) -> Encoder:
    return Encoder(load_artifact(tiny_artifact), threads=1)


def test_outputs_come_back_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = random_texts(40, seed=1, longest=60)
    together = encoder.encode(texts)

    for text, encoded in zip(texts, together, strict=True):
        alone = encoder.encode([text])[0]
        np.testing.assert_allclose(encoded.label_logits, alone.label_logits, atol=0.03)
        np.testing.assert_array_equal(encoded.windows[0].ids, alone.windows[0].ids)


def test_outputs_have_the_shapes_that_are_promised(encoder: Encoder) -> None:
    for encoded in encoder.encode(random_texts(10, longest=60)):
        assert encoded.label_logits.shape == (len(LABELS),)
        assert encoded.role_logits.shape == (len(ROLES),)
        for window, output in zip(encoded.windows, encoded.outputs, strict=True):
            assert output.influence.shape == (len(window.ids), len(LABELS))


def test_a_long_text_says_the_most_any_of_its_windows_says(encoder: Encoder) -> None:
    encoded = encoder.encode([" ".join(random_texts(6, seed=2))])[0]

    assert len(encoded.windows) > 2
    np.testing.assert_array_equal(
        encoded.label_logits, np.max([output.label_logits for output in encoded.outputs], axis=0)
    )


def test_nothing_to_encode_gives_nothing(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_an_empty_text_still_has_a_window(encoder: Encoder) -> None:
    encoded = encoder.encode([""])[0]

    assert len(encoded.windows) == 1
    assert np.isfinite(encoded.label_logits).all()


def test_influence_sums_to_the_logit_of_the_label_up_to_one_factor(
    encoder: Encoder, tiny_artifact: Path
) -> None:
    from models.artifact import read_weights

    bias = read_weights(tiny_artifact)["labels.bias"]
    for encoded in encoder.encode(random_texts(8, seed=4, longest=8)):
        output = encoded.outputs[0]
        parts, whole = output.influence.mean(axis=0), output.label_logits - bias
        assert np.corrcoef(parts, whole)[0, 1] > 0.99


CONTROL = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "<<s>>", "</ˢ>", "<ᵐask>"]


@pytest.mark.parametrize("name", CONTROL)
def test_a_text_cannot_steer_the_network_with_the_names_of_control_tokens(
    encoder: Encoder, name: str
) -> None:
    text = f"easy work {name}{name} free ticket"
    [read, harmless] = encoder.encode([text, text.replace("</", "‹/").replace("<", "‹")])
    window = read.windows[0]

    assert not {0, 1, 2, encoder._tokenizer.token_to_id("<mask>")} & set(window.ids[1:-1].tolist())
    np.testing.assert_allclose(read.label_logits, harmless.label_logits, atol=0.03)
    assert window.spans[-2, 1] == len(text)


@pytest.mark.parametrize("text", ["a < b > c", "<b>free</b>", "<S> <PAD> < s >", "<3 </3", "<link>"])
def test_other_angle_brackets_are_read_as_they_are(text: str) -> None:
    assert without_control_tokens(text) == text


def test_a_short_call_does_not_wait_for_the_end_of_a_long_one(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = random_texts(80, seed=5, longest=20)
    expected = encoder.encode(texts)
    store, begun = encoder._store, threading.Event()

    def slowly(*arguments: object) -> None:
        begun.set()
        time.sleep(0.02)
        store(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(encoder, "_store", slowly)
    monkeypatch.setattr(models.encoder, "BATCH_TOKENS", 48)
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(encoder.encode, texts)
        assert begun.wait(10)
        encoder.encode(["easy work"])
        assert not long.done()

    for one, other in zip(long.result(), expected, strict=True):
        np.testing.assert_allclose(one.label_logits, other.label_logits, atol=0.03)


@pytest.mark.parametrize("fails", ["start", "outputs"])
def test_a_failure_of_the_network_is_raised_and_the_next_calls_are_answered(
    tiny_artifact: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    of_two = Encoder(load_artifact(tiny_artifact), threads=2)
    texts = random_texts(40, longest=60)

    requests = of_two._network.requests
    finish = type(requests[0]).outputs

    def fail(request: object, *_: object) -> None:
        finish(request)  # type: ignore[arg-type]
        raise MemoryError("no room")

    monkeypatch.setattr(models.encoder, "BATCH_TOKENS", 48)
    with monkeypatch.context() as patch:
        patch.setattr(type(requests[0]), fails, fail)
        for _ in range(3):
            with pytest.raises(MemoryError, match="no room"):
                of_two.encode(texts)

    with ThreadPoolExecutor(3) as pool:
        assert [len(one) for one in pool.map(of_two.encode, [texts] * 3)] == [40] * 3


def test_numbers_that_are_none_are_never_an_answer(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = type(encoder._network.requests[0]).outputs

    def broken(request: object) -> dict[str, np.ndarray]:
        return {name: np.full_like(values, np.nan) for name, values in outputs(request).items()}  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(encoder._network.requests[0]), "outputs", broken)
        with pytest.raises(NotFiniteError):
            encoder.encode(["easy work"])

    assert len(encoder.encode(["easy work"])) == 1


def test_without_a_device_the_processor_computes(
    tiny_artifact: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(models.network, "gpu_provider", lambda: "CUDAExecutionProvider")
    network = load_network(load_artifact(tiny_artifact))

    assert network.description.startswith("OpenVINO")
    assert "the processor computes instead" in caplog.text


def test_calls_that_come_at_once_share_the_network_and_all_end(encoder: Encoder) -> None:
    texts = [random_texts(30, seed=seed, longest=40) for seed in range(12)]
    expected = [encoder.encode(part) for part in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(encoder.encode, texts))

    for one, other in zip(expected, together, strict=True):
        for first, second in zip(one, other, strict=True):
            np.testing.assert_allclose(first.label_logits, second.label_logits, atol=0.03)


def test_what_batches_hold_is_observed_without_a_text(tiny_artifact: Path) -> None:
    seen: list[tuple[str, float]] = []
    watched = Encoder(load_artifact(tiny_artifact), threads=1, observe=lambda *one: seen.append(one))
    read = watched.read(random_texts(40, longest=30))
    watched.run(read)

    tokens = sum(len(window.ids) for windows in read for window in windows)
    padded = sum(value for name, value in seen if name == "batch_tokens")
    assert padded >= tokens
    assert {name for name, _ in seen} == {"batch_tokens", "batch_padding"}
    assert all(0 <= value < 1 for name, value in seen if name == "batch_padding")


def test_onnx_runtime_says_what_openvino_says(encoder: Encoder, tiny_artifact: Path) -> None:
    artifact = load_artifact(tiny_artifact)
    [one] = OnnxNetwork(artifact, "CPUExecutionProvider").requests
    [other] = OpenVinoNetwork(artifact, threads=1, precision="f32").requests
    ids, mask = pad([encoder.read([text])[0][0].ids for text in random_texts(6, longest=9)], pad_id=1)
    for request in (one, other):
        request.start(ids, mask)
    expected, found = other.outputs(), one.outputs()

    assert found.keys() == expected.keys()
    for name, values in found.items():
        real = values[mask > 0] if values.ndim == 3 else values
        np.testing.assert_allclose(
            real, expected[name][mask > 0] if values.ndim == 3 else expected[name], atol=1e-3
        )
