"""Texts -> token windows -> length-sorted batches of a token budget -> the network's outputs, on OpenVINO."""

import logging
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import openvino as ov
from tokenizers import Tokenizer

from models.artifact import Artifact, EncoderConfig, read_weights
from models.errors import ArtifactCorruptError

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

BATCH_TOKENS = 2048
TURN_BATCHES = 8
"""How many batches a call computes before another may have the network."""
_CONTROL = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
_TAG = re.compile(r"<[^\s<>]{1,5}>")
_OUTPUT_OF_HEAD = {
    "labels": "label_logits",
    "roles": "role_logits",
    "influence": "label_influence",
    "entities": "entity_logits",
    "indicators": "indicator_logits",
}
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text as the network reads it.

    Attributes:
        ids: (n_tokens,) int64, special tokens included.
        spans: (n_tokens, 2) int64, `[start, end)` in the encoded text; special tokens have (0, 0).
    """

    ids: IntArray
    spans: IntArray


@dataclass(frozen=True, slots=True)
class WindowOutput:
    """What the network says of one window.

    Attributes:
        label_logits: (n_labels,) float32.
        role_logits: (n_roles,) float32.
        influence: (n_tokens, n_labels) float32; how much each token speaks for each label.
        entity_logits: (n_tokens, n_entity_tags) float32; of a head without training, no column.
        indicator_logits: (n_tokens, n_indicators) float32; of a head without training, no column.
    """

    label_logits: FloatArray
    role_logits: FloatArray
    influence: FloatArray
    entity_logits: FloatArray
    indicator_logits: FloatArray


@dataclass(frozen=True, slots=True)
class Encoded:
    """The windows of one text with their outputs, in reading order; never empty."""

    windows: tuple[Window, ...]
    outputs: tuple[WindowOutput, ...]

    @property
    def label_logits(self) -> FloatArray:
        """(n_labels,) float32: the largest logit of any window."""
        return np.asarray(np.max([output.label_logits for output in self.outputs], axis=0), dtype=np.float32)

    @property
    def role_logits(self) -> FloatArray:
        """(n_roles,) float32: mean over windows, weighted by their tokens."""
        weights = [len(window.ids) for window in self.windows]
        mean = np.average([output.role_logits for output in self.outputs], axis=0, weights=weights)
        return np.asarray(mean, dtype=np.float32)


class Encoder:
    """Runs the network of an artefact. Safe to share between threads."""

    def __init__(self, artifact: Artifact, *, threads: int = 0) -> None:
        """Compile the network.

        Args:
            artifact: a verified artefact.
            threads: processor threads to use; 0 lets OpenVINO choose.
        """
        self.config = artifact.config
        self._tokenizer = _load_tokenizer(artifact)
        self.precision = best_precision()
        compiled = _compile(artifact, self.precision, threads)
        self._outputs = {name: index for index, name in enumerate(_names(compiled))}
        self._queue = ov.AsyncInferQueue(compiled)
        self._next = threading.Lock()
        self._network = threading.Lock()
        logger.info(
            "encoder ready: model %s, OpenVINO %s, precision %s, %d requests in flight",
            artifact.info.sha256[:12],
            ov.__version__,
            self.precision,
            len(self._queue),
        )

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the outputs of each text, in order. Texts must be normalised already."""
        windows_of_text = [windows(ids, spans, self.config) for ids, spans in self._tokenize(texts)]
        flat = [window for of_text in windows_of_text for window in of_text]
        outputs = iter(self._run(flat))
        return [Encoded(of_text, tuple(next(outputs) for _ in of_text)) for of_text in windows_of_text]

    def _tokenize(self, texts: Sequence[str]) -> Iterator[tuple[IntArray, IntArray]]:
        for encoding in self._tokenizer.encode_batch(
            [without_control_tokens(text) for text in texts], add_special_tokens=False
        ):
            yield (
                np.array(encoding.ids, dtype=np.int64),
                np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2),
            )

    def _run(self, flat: Sequence[Window]) -> list[WindowOutput]:
        """Return the output of each window; calls from several threads take turns of `TURN_BATCHES`."""
        results: dict[int, WindowOutput] = {}
        batches = list(token_budget_batches([len(window.ids) for window in flat], BATCH_TOKENS))
        for start in range(0, len(batches), TURN_BATCHES):
            with self._turn():
                self._compute(flat, batches[start : start + TURN_BATCHES], results)
        return [results[index] for index in range(len(flat))]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the network; whoever waits for it comes before the one who just had it."""
        with self._next:
            self._network.acquire()
        try:
            yield
        finally:
            self._network.release()

    def _compute(
        self, flat: Sequence[Window], batches: Sequence[list[int]], results: dict[int, WindowOutput]
    ) -> None:
        """Add the outputs of some batches to `results`."""
        failures: list[Exception] = []

        def read(request: ov.InferRequest, batch: list[int]) -> None:
            labels = request.get_output_tensor(self._outputs["label_logits"]).data
            roles = request.get_output_tensor(self._outputs["role_logits"]).data
            of_tokens = [
                request.get_output_tensor(self._outputs[name]).data if name in self._outputs else None
                for name in ("label_influence", "entity_logits", "indicator_logits")
            ]
            for row, index in enumerate(batch):
                length = len(flat[index].ids)
                results[index] = WindowOutput(
                    labels[row].copy(),
                    roles[row].copy(),
                    *(
                        np.zeros((length, 0), dtype=np.float32)
                        if output is None
                        else output[row, :length].astype(np.float32)
                        for output in of_tokens
                    ),
                )

        def store(request: ov.InferRequest, batch: list[int]) -> None:
            try:
                read(request, batch)
            except Exception as error:  # one that leaves a callback ends the process
                failures.append(error)

        self._queue.set_callback(store)
        try:
            for batch in batches:
                ids, mask = pad([flat[index].ids for index in batch], self.config.pad_id)
                self._queue.start_async({"input_ids": ids, "attention_mask": mask}, userdata=batch)
        finally:
            self._queue.wait_all()
        if failures:
            raise failures[0]


def without_control_tokens(text: str) -> str:
    """Return the text, as long as before, in which what the tokenizer would take for its own is none.

    The names of its control tokens are pieces of its vocabulary, and it reads them in look-alike letters too.
    """
    return _TAG.sub(_broken_up, text)


def _broken_up(tag: re.Match[str]) -> str:
    return f"‹{tag[0][1:]}" if unicodedata.normalize("NFKC", tag[0]) in _CONTROL else tag[0]


def best_precision() -> str:
    """Return the precision this processor multiplies fastest in: `bf16` where it has it, else `f32`."""
    capabilities = ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "bf16" if "BF16" in capabilities else "f32"


def windows(ids: IntArray, spans: IntArray, config: EncoderConfig) -> tuple[Window, ...]:
    """Cut the tokens of one text into overlapping windows with special tokens; at least one.

    Args:
        ids: (n_tokens,) int64 without special tokens.
        spans: (n_tokens, 2) int64.
        config: window and stride.
    """
    room = config.window_tokens - 2
    starts = [0]
    while starts[-1] + room < len(ids):
        starts.append(starts[-1] + config.stride_tokens)
    none = np.zeros((1, 2), dtype=np.int64)
    return tuple(
        Window(
            ids=np.concatenate([[config.bos_id], ids[start : start + room], [config.eos_id]]).astype(
                np.int64
            ),
            spans=np.concatenate([none, spans[start : start + room], none]),
        )
        for start in starts
    )


def token_budget_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield batches of indices, longest first, each at most `budget` tokens with its padding."""
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    batch: list[int] = []
    for index in order:
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def pad(rows: Sequence[IntArray], pad_id: int) -> tuple[IntArray, IntArray]:
    """Return ids and mask, both (n_rows, longest) int64."""
    longest = max(len(row) for row in rows)
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask


def _load_tokenizer(artifact: Artifact) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(artifact.folder / "tokenizer.json"))
    except Exception as error:  # the library raises bare Exception
        raise ArtifactCorruptError("tokenizer.json is not a tokenizer: fetch the artefact again") from error


def _compile(artifact: Artifact, precision: str, threads: int) -> ov.CompiledModel:
    """Read the graph, put the weights in the place of its weight inputs, compile the trained heads."""
    core = ov.Core()
    try:
        model = core.read_model(str(artifact.folder / "graph.onnx"))
    except RuntimeError as error:
        raise ArtifactCorruptError("graph.onnx is not a readable graph: fetch the artefact again") from error
    weights = read_weights(artifact.folder)
    for parameter in list(model.get_parameters()):
        names = parameter.output(0).get_names() & weights.keys()
        if names:
            constant = ov.opset13.constant(weights.pop(names.pop()), shared_memory=True)
            for target in parameter.output(0).get_target_inputs():
                target.replace_source_output(constant.output(0))
            model.remove_parameter(parameter)
    left = {name for parameter in model.get_parameters() for name in parameter.output(0).get_names()}
    if left != {"input_ids", "attention_mask"}:
        raise ArtifactCorruptError("graph.onnx names weights that weights.safetensors lacks")
    wanted = {_OUTPUT_OF_HEAD[head] for head in artifact.config.trained_heads}
    for result in list(model.get_results()):
        if not result.input(0).get_source_output().get_names() & wanted:
            model.remove_result(result)
    model.validate_nodes_and_infer_types()
    options: dict[str, object] = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": precision,
    }
    if threads:
        options["INFERENCE_NUM_THREADS"] = threads
    return core.compile_model(model, "CPU", options)


def _names(compiled: ov.CompiledModel) -> list[str]:
    """Return the head output name of each output, in order."""
    known = set(_OUTPUT_OF_HEAD.values())
    return [next(iter(output.get_names() & known)) for output in compiled.outputs]
