"""What a frozen encoder says of a whole text, kept by its weights: a head is fitted on it in seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from tokenizers import Tokenizer

from models.artifact import Artifact, load_artifact
from models.encoded import FloatArray, IntArray, Window
from models.encoder import BATCH_TOKENS, like_length_batches, pad, windows, without_control_tokens
from models.openvino_network import best_precision, bound_model
from models.taxonomy import LABELS
from models.text import normalize
from training.kept_rows import kept_rows
from training.predict import weights_sha256

if TYPE_CHECKING:
    import openvino as ov

_BLOCK: Final = 16
"""Lengths of batches are multiples of this: no answer then depends on its batch (`openvino_network`)."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """What the encoder says of texts.

    Attributes:
        vectors: (n, width) float32: the normalised mean of a text's token vectors, from which the artefact's
            head reads labels; of a text of several windows their mean, weighted by their tokens.
        label_logits: (n, n_labels) float32: what that head reads; of several windows the largest.
    """

    vectors: FloatArray
    label_logits: FloatArray


def pooled(artifact: Artifact, texts: Sequence[str], cache: Path, *, name: str) -> Pooled:
    """Return what the encoder says of texts; each is read once for an artefact and a cache.

    Args:
        artifact: whose encoder.
        texts: as received.
        cache: folder of what can be computed again.
        name: of the texts, for the progress bar.
    """
    if not texts:
        return Pooled(np.zeros((0, 0), dtype=np.float32), np.zeros((0, len(LABELS)), dtype=np.float32))

    def said(some: list[str]) -> FloatArray:
        encoded = encoder_of(artifact).encode(some)
        return np.concatenate([encoded.label_logits, encoded.vectors], axis=1)

    ready = [normalize(text).text for text in texts]
    rows = kept_rows(cache / f"pooled-{weights_sha256(artifact)[:20]}.sqlite3", ready, said, name=name)
    return Pooled(rows[:, len(LABELS) :], rows[:, : len(LABELS)])


class PooledEncoder:
    """Runs an artefact's network as far as its labels; the token heads are left out."""

    def __init__(self, artifact: Artifact) -> None:
        """Compile the network."""
        import openvino as ov  # after models.openvino_network, which keeps it from telling of itself

        self._config = artifact.config
        self._tokenizer = Tokenizer.from_file(str(artifact.folder / "tokenizer.json"))
        options = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_PRECISION_HINT": best_precision(),
            "ENABLE_CPU_PINNING": False,
        }
        compiled = ov.Core().compile_model(_as_far_as_labels(bound_model(artifact)), "CPU", options)
        self._queue = ov.AsyncInferQueue(compiled)

    def encode(self, texts: Sequence[str]) -> Pooled:
        """Return what the encoder says of normalised texts, in order; not for two threads at once."""
        read = self._tokenizer.encode_batch(
            [without_control_tokens(text) for text in texts], add_special_tokens=False
        )
        of_text = [
            windows(_ids(one.ids), np.array(one.offsets, dtype=np.int64).reshape(-1, 2), self._config)
            for one in read
        ]
        logits, vectors = self._run([window.ids for some in of_text for window in some])
        starts = np.concatenate([[0], np.cumsum([len(some) for some in of_text])]).astype(np.int64)
        parts = [slice(starts[row], starts[row + 1]) for row in range(len(of_text))]
        return Pooled(
            np.array(
                [_mean(vectors[part], some) for part, some in zip(parts, of_text, strict=True)],
                dtype=np.float32,
            ),
            np.array([logits[part].max(0) for part in parts], dtype=np.float32),
        )

    def _run(self, rows: Sequence[IntArray]) -> tuple[FloatArray, FloatArray]:
        """Return label logits (n_windows, n_labels) and pooled vectors (n_windows, width)."""
        logits: dict[int, FloatArray] = {}
        vectors: dict[int, FloatArray] = {}

        def store(request: "ov.InferRequest", batch: list[int]) -> None:
            of_batch = (request.get_output_tensor(0).data, request.get_output_tensor(1).data)
            for row, index in enumerate(batch):
                logits[index], vectors[index] = of_batch[0][row].copy(), of_batch[1][row].copy()

        self._queue.set_callback(store)
        lengths = [-(-len(ids) // _BLOCK) * _BLOCK for ids in rows]
        for batch in like_length_batches(lengths, BATCH_TOKENS):
            ids, mask = pad([rows[index] for index in batch], self._config.pad_id, _BLOCK)
            self._queue.start_async({"input_ids": ids, "attention_mask": mask}, batch)
        self._queue.wait_all()
        order = range(len(rows))
        return (
            np.array([logits[index] for index in order], dtype=np.float32),
            np.array([vectors[index] for index in order], dtype=np.float32),
        )


def _as_far_as_labels(model: "ov.Model") -> "ov.Model":
    """Return the network with two outputs: the label logits, and the vector that their head reads."""
    for result in list(model.get_results()):
        if "label_logits" not in result.input(0).get_source_output().get_names():
            model.remove_result(result)
    [logits] = model.get_results()
    node = logits.input(0).get_source_output().get_node()
    while node.get_type_name() != "MatMul":
        node = node.input(0).get_source_output().get_node()
    model.add_outputs(node.input(0).get_source_output())
    model.validate_nodes_and_infer_types()
    return model


def _mean(vectors: FloatArray, of_text: Sequence[Window]) -> FloatArray:
    weights = [len(window.ids) for window in of_text]
    return np.asarray(np.average(vectors, axis=0, weights=weights), dtype=np.float32)


def _ids(ids: Sequence[int]) -> IntArray:
    return np.array(ids, dtype=np.int64)


def encoder_of(artifact: Artifact) -> PooledEncoder:
    """Return the encoder of an artefact, compiled once in this process."""
    return _encoder(artifact.folder, weights_sha256(artifact))


@lru_cache(maxsize=2)
def _encoder(folder: Path, _weights: str) -> PooledEncoder:
    return PooledEncoder(load_artifact(folder))
