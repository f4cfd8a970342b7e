"""What one process does: whole records, beside the network alone and two classifiers on the same weights.

Run in a process of its own, so that nothing of it stays in memory while servers are measured.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import encoder_alone
from benchmarks.baselines import Pipeline, UnsortedBatches
from benchmarks.matrix_product import product_flops
from benchmarks.mix import load_mix
from benchmarks.outcome import Expected
from benchmarks.screening import CHUNK, expected_records, go_through, load_uncached, rate_of
from benchmarks.texts import MixText, build_texts, documents_of, written_pools
from models.openvino_network import best_precision
from models.screener import Screener
from models.screening import Document
from serving.files.screen import CHUNKS_AT_ONCE

BATCHES = (1, 8, 32, 256, CHUNK)
LENGTH_CLASSES = ((0, 10), (10, 25), (25, 50), (50, 1000))
"""Words, `[from, to)`."""
ROUNDS = 3
RECORDS, PIPELINE, UNSORTED, UNSORTED_IN_FLIGHT = (
    "whole records",
    "transformers pipeline",
    "OpenVINO, unsorted batches",
    "OpenVINO, unsorted batches in flight",
)


@dataclass(frozen=True, slots=True)
class Speed:
    """Documents and real tokens (of the artefact's tokenizer, special tokens included) a second."""

    documents_per_second: float
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class Alone:
    """Whole records in one process.

    Attributes:
        compared: side -> documents/s of every round; all sides take turns on the same texts.
        compared_texts: how many texts that was.
        by_length: "10-25" words -> speed.
        by_batch: documents per call -> speed.
        padding: share of the network's tokens that is padding, at 1,024 documents a call.
        outside_encoder: share of the time that the network alone does not need for the very same batches.
        encoder_tokens_per_second: the network alone, every text 64 tokens.
        encoder_flops: floating-point operations a second that this is.
        product_flops: precision -> of the best matrix product.
        precision: the network's.
        load_seconds: to load the screener.
        expected: what the service must say of every text.
    """

    compared: dict[str, list[float]]
    compared_texts: int
    by_length: dict[str, Speed]
    by_batch: dict[int, Speed]
    padding: float
    outside_encoder: float
    encoder_tokens_per_second: float
    encoder_flops: float
    product_flops: dict[str, float]
    precision: str
    load_seconds: float
    expected: list[Expected]

    def median(self, side: str) -> float:
        """Return the median documents/s of one side of the comparison."""
        return statistics.median(self.compared[side])

    @property
    def matrix_peak(self) -> tuple[str, float]:
        """The best product in the network's own precision, or in any other float that is faster here."""
        name = max(self.product_flops, key=lambda one: self.product_flops[one])
        return name, self.product_flops[name]


def measure(folder: Path, n_texts: int, seconds: float, threads: int) -> Alone:
    """Measure everything there is to measure in one process.

    Args:
        folder: the Hugging Face export with `model.onnx`.
        n_texts: how many texts of the mix.
        seconds: about how long each measurement takes; each round of the comparison twice that.
        threads: of every side.
    """
    texts = list(build_texts(n_texts, written_pools()))
    documents = documents_of(texts)
    started = time.perf_counter()
    screener = load_uncached(threads=threads)
    load_seconds = time.perf_counter() - started
    expected = expected_records(screener, documents)
    batches = encoder_alone.batches_of(screener, documents)
    outside = statistics.median(_outside(screener, documents, batches) for _ in range(ROUNDS))
    network = encoder_alone.on_even_texts(screener, seconds)
    by_batch = {size: _speed(screener, documents, size, seconds) for size in BATCHES}
    by_length = {
        f"{least}-{most}": _speed(screener, documents_of(some), CHUNK, seconds)
        for least, most in LENGTH_CLASSES
        if (some := _of_length(texts, least, most))
    }
    compared, compared_texts = _compare(screener, documents, folder, seconds, threads)
    return Alone(
        compared=compared,
        compared_texts=compared_texts,
        by_length=by_length,
        by_batch=by_batch,
        padding=encoder_alone.padding(batches),
        outside_encoder=outside,
        encoder_tokens_per_second=network,
        encoder_flops=network * encoder_alone.flops_per_token(screener.artifact.folder),
        product_flops={name: product_flops(name, threads) for name in ("bf16", "f32")},
        precision=best_precision(),
        load_seconds=load_seconds,
        expected=expected,
    )


def _outside(
    screener: Screener, documents: Sequence[Document], batches: Sequence[encoder_alone.Batch]
) -> float:
    started = time.perf_counter()
    go_through(screener, documents, CHUNK)
    whole = time.perf_counter() - started
    return 1 - encoder_alone.network_seconds(screener, batches) / whole


def _speed(screener: Screener, documents: Sequence[Document], per_call: int, seconds: float) -> Speed:
    """Return the speed over as many documents as take about `seconds`, all of them again if need be."""
    trial = documents[: max(per_call, 64)]
    started = time.perf_counter()
    go_through(screener, trial, per_call)
    affordable = int(seconds * len(trial) / (time.perf_counter() - started))
    some = documents[: max(len(trial), affordable)]
    rate = rate_of(lambda: go_through(screener, some, per_call), len(some), seconds)
    return Speed(rate, rate * statistics.mean(encoder_alone.token_counts(screener, some)))


def _of_length(texts: Sequence[MixText], least: int, most: int) -> list[MixText]:
    mix = load_mix()
    return [one for one in texts if least <= mix.words(one.text, one.language) < most]


def _compare(
    screener: Screener, documents: Sequence[Document], folder: Path, seconds: float, threads: int
) -> tuple[dict[str, list[float]], int]:
    """Return documents/s of every side and round, and how many texts each round has.

    The sides take turns, on as many texts as the slowest does in about twice `seconds`.
    """
    max_tokens = screener.artifact.config.window_tokens
    pipeline = Pipeline(folder, threads=threads)
    one_by_one, in_flight = (
        UnsortedBatches(
            folder, precision=best_precision(), threads=threads, max_tokens=max_tokens, in_flight=many
        )
        for many in (False, True)
    )
    texts = [document.text for document in documents]
    started = time.perf_counter()
    pipeline.classify(texts[:64])
    count = min(len(texts), max(64, int(2 * seconds * 64 / (time.perf_counter() - started))))
    sides: dict[str, Callable[[], object]] = {
        RECORDS: lambda: go_through(screener, documents[:count], -(-count // (2 * CHUNKS_AT_ONCE))),
        PIPELINE: lambda: pipeline.classify(texts[:count]),
        UNSORTED: lambda: one_by_one.classify(texts[:count]),
        UNSORTED_IN_FLIGHT: lambda: in_flight.classify(texts[:count]),
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, work in sides.items():
            started = time.perf_counter()
            work()
            rates[name].append(count / (time.perf_counter() - started))
    return rates, count
