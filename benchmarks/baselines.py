"""Two classifiers in process on the Hugging Face export: what `screen` is compared with."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino as ov
import torch
from tokenizers import Tokenizer
from transformers import pipeline

from benchmarks.onnx_export import ONNX_FILE
from models.taxonomy import LABELS

BATCH = 32


class Pipeline:
    """transformers' `pipeline("text-classification")`, fp32, batches of 32 as they come."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        torch.set_num_threads(threads)
        self._pipeline = pipeline(
            "text-classification",
            model=str(folder),
            batch_size=BATCH,
            top_k=None,
            function_to_apply="sigmoid",
            truncation=True,
        )

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return label -> probability of every text."""
        return [{one["label"]: one["score"] for one in scores} for scores in self._pipeline(list(texts))]


class UnsortedBatches:
    """OpenVINO in its best float precision, padded batches of 32 in the order in which texts come."""

    def __init__(
        self, folder: Path, *, precision: str, threads: int, max_tokens: int, in_flight: bool = False
    ) -> None:
        """Compile `model.onnx`; `in_flight` keeps as many batches at work as OpenVINO thinks best."""
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_padding(
            pad_id=self._tokenizer.token_to_id("<pad>"),
            pad_token="<pad>",  # noqa: S106
        )
        self._tokenizer.enable_truncation(max_tokens)
        options = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": "THROUGHPUT" if in_flight else "LATENCY",
        }
        compiled = ov.Core().compile_model(str(folder / ONNX_FILE), "CPU", options)
        self._queue = ov.AsyncInferQueue(compiled, 0 if in_flight else 1)
        self._in_flight = in_flight

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return label -> probability of every text."""
        starts = range(0, len(texts), BATCH)
        logits: dict[int, np.ndarray] = {}

        def keep(request: ov.InferRequest, start: int) -> None:
            logits[start] = request.get_output_tensor(0).data.copy()

        self._queue.set_callback(keep)
        for start in starts:
            encodings = self._tokenizer.encode_batch(list(texts[start : start + BATCH]))
            inputs = {
                "input_ids": np.array([one.ids for one in encodings], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in encodings], dtype=np.int64),
            }
            self._queue.start_async(inputs, start)
            if not self._in_flight:
                self._queue.wait_all()
        self._queue.wait_all()
        proba = 1 / (1 + np.exp(-np.concatenate([logits[start] for start in starts])))
        return [dict(zip(LABELS, row, strict=True)) for row in proba.tolist()]
