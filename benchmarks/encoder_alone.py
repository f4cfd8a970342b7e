"""The network alone, on the very batches a screener gives it: reaches into `models.encoder` on purpose."""

import time
from collections import deque
from collections.abc import Sequence
from math import prod
from pathlib import Path
from unittest.mock import patch

import numpy as np
from safetensors import safe_open

import models.encoder
from benchmarks.screening import CHUNK, screen
from models.artifact import SCALE_SUFFIX
from models.encoded import IntArray
from models.network import Request
from models.screener import Screener
from models.screening import Document
from models.text import normalize

Batch = tuple[IntArray, IntArray]
EVEN_TOKENS, EVEN_ROWS = 64, 32


def batches_of(screener: Screener, documents: Sequence[Document], per_call: int = CHUNK) -> list[Batch]:
    """Return ids and mask of every batch the network computes while the documents are screened."""
    batches: list[Batch] = []
    padded = models.encoder.pad

    def noting(rows: Sequence[IntArray], pad_id: int, multiple: int = 1) -> Batch:
        batch = padded(rows, pad_id, multiple)
        batches.append(batch)
        return batch

    with patch.object(models.encoder, "pad", noting):
        for _ in screen(screener, documents, per_call):
            pass
    return batches


def padding(batches: Sequence[Batch]) -> float:
    """Return the share of the network's tokens that are padding."""
    computed = sum(mask.size for _, mask in batches)
    return 1 - sum(int(mask.sum()) for _, mask in batches) / computed


def network_seconds(screener: Screener, batches: Sequence[Batch]) -> float:
    """Return how long the network takes for the batches, with as many at once as the screener has."""
    requests = deque(screener._encoder._network.requests)
    running: deque[Request] = deque()
    started = time.perf_counter()
    for ids, mask in batches:
        if not requests:
            requests.append(running.popleft())
            requests[-1].outputs()
        running.append(requests.popleft())
        running[-1].start(ids, mask)
    for request in running:
        request.outputs()
    return time.perf_counter() - started


def token_counts(screener: Screener, documents: Sequence[Document]) -> list[int]:
    """Return how many tokens the network reads of every document, special tokens included."""
    read = screener._encoder.read([normalize(document.text).text for document in documents])
    return [sum(len(window.ids) for window in of_text) for of_text in read]


def on_even_texts(screener: Screener, seconds: float, *, seed: int = 0) -> float:
    """Return the most tokens a second of five goes at batches of 32 texts of 64 tokens each."""
    rng = np.random.default_rng(seed)
    mask = np.ones((EVEN_ROWS, EVEN_TOKENS), dtype=np.int64)

    def batches(count: int) -> list[Batch]:
        pieces = _vocabulary_size(screener)
        return [(rng.integers(4, pieces - 1, mask.shape, dtype=np.int64), mask) for _ in range(count)]

    few = batches(8)
    network_seconds(screener, few)
    each = network_seconds(screener, few) / len(few)
    many = batches(max(8, round(seconds / 5 / each)))
    tokens = len(many) * EVEN_ROWS * EVEN_TOKENS
    return max(tokens / network_seconds(screener, many) for _ in range(5))


def flops_per_token(folder: Path) -> float:
    """Return 2 x the weights of all matrices a token passes through: all but the embeddings."""
    with safe_open(str(folder / "weights.safetensors"), framework="numpy") as file:
        shapes = {
            name: file.get_slice(name).get_shape()
            for name in file.keys()  # noqa: SIM118 (no mapping)
            if ".embeddings." not in name and not name.endswith(SCALE_SUFFIX)
        }
    return float(2 * sum(prod(shape) for shape in shapes.values() if len(shape) == 2))


def _vocabulary_size(screener: Screener) -> int:
    return int(screener._encoder._tokenizer.get_vocab_size())
