"""Texts -> token windows -> length-sorted batches of a token budget -> the network's outputs."""

import logging
import re
import threading
import unicodedata
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeAlias

import numpy as np
from tokenizers import Tokenizer

from models.artifact import Artifact, EncoderConfig
from models.encoded import Encoded, FloatArray, IntArray, Window, WindowOutput
from models.errors import ArtifactCorruptError, NotFiniteError
from models.network import Request, load_network
from models.output_cache import OutputCache

Observe: TypeAlias = Callable[[str, float], None]
"""Told the name and the value of something measured; never a text."""

BATCH_TOKENS = 1024
BATCH_COST_TOKENS = 20
"""What a batch costs beside its tokens, in tokens: a third batch is cheaper than more padding than that."""
_CONTROL = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
_TAG = re.compile(r"<[^\s<>]{1,5}>")
_TOKEN_OUTPUTS = (
    (
        "label_influence",
        np.float16,
    ),  # the precision the cache keeps it in: an answer does not tell which it was
    ("entity_logits", np.float32),
    ("indicator_logits", np.float32),
)
logger = logging.getLogger(__name__)


def unobserved(_: str, __: float) -> None:
    """Observe nothing."""


class Encoder:
    """Runs the network of an artefact. Safe to share between threads."""

    def __init__(
        self, artifact: Artifact, *, threads: int = 0, cache_bytes: int = 0, observe: Observe = unobserved
    ) -> None:
        """Compile the network.

        Args:
            artifact: a verified artefact.
            threads: processor threads to use; 0 lets the runtime choose.
            cache_bytes: memory for outputs of windows read before; 0 keeps none.
            observe: told `batch_tokens` and `batch_padding` (share in [0, 1)) of every batch.
        """
        self.config = artifact.config
        self._tokenizer = _load_tokenizer(artifact)
        self._network = load_network(artifact, threads=threads)
        self._cache = OutputCache(cache_bytes, artifact.calibration, artifact.tokens) if cache_bytes else None
        self._observe = observe
        self.precision = self._network.precision
        self._idle: SimpleQueue[Request] = SimpleQueue()
        for request in self._network.requests:
            self._idle.put(request)
        self._line = threading.Lock()
        logger.info("encoder ready: model %s, %s", artifact.info.sha256[:12], self._network.description)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the outputs of each text, in order. Texts must be normalised already."""
        return self.run(self.read(texts))

    def read(self, texts: Sequence[str]) -> list[tuple[Window, ...]]:
        """Return the windows of each normalised text, in order."""
        return [windows(ids, spans, self.config) for ids, spans in self._tokenize(texts)]

    def run(
        self, windows_of_text: Sequence[tuple[Window, ...]], owners: Sequence[str] | None = None
    ) -> list[Encoded]:
        """Return the outputs of each text, in order; of equal windows of one owner one is computed.

        Args:
            windows_of_text: of each text.
            owners: of each text; None: all are one's.
        """
        flat = [window for of_text in windows_of_text for window in of_text]
        if self._cache is None:
            outputs, remembered = self._run(flat), [False] * len(flat)
        else:
            keys = [
                self._cache.key(window.ids, is_whole=len(of_text) == 1, owner=owner)
                for of_text, owner in zip(windows_of_text, owners or [""] * len(windows_of_text), strict=True)
                for window in of_text
            ]
            is_whole = [len(of_text) == 1 for of_text in windows_of_text for _ in of_text]
            outputs, remembered = self._run_new(flat, keys, is_whole, self._cache)
        of_window = iter(zip(outputs, remembered, strict=True))
        encoded = []
        for of_text in windows_of_text:
            found = [next(of_window) for _ in of_text]
            encoded.append(
                Encoded(of_text, tuple(output for output, _ in found), all(known for _, known in found))
            )
        return encoded

    def _tokenize(self, texts: Sequence[str]) -> Iterator[tuple[IntArray, IntArray]]:
        for encoding in self._tokenizer.encode_batch(
            [without_control_tokens(text) for text in texts], add_special_tokens=False
        ):
            yield (
                np.array(encoding.ids, dtype=np.int64),
                np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2),
            )

    def _run_new(
        self, flat: Sequence[Window], keys: Sequence[bytes], is_whole: Sequence[bool], cache: OutputCache
    ) -> tuple[list[WindowOutput], list[bool]]:
        """Return the output of each window, and whether an equal one was read before it.

        Args:
            flat: windows.
            keys: of each, in the cache.
            is_whole: of each, whether it is the only one of its text.
            cache: of outputs.
        """
        outputs = {key: output for key in dict.fromkeys(keys) if (output := cache.get(key)) is not None}
        new = {key: index for index, key in reversed(list(enumerate(keys))) if key not in outputs}
        computed = self._run([flat[index] for index in new.values()])
        for (key, index), output in zip(new.items(), computed, strict=True):
            cache.put(key, output, is_whole=is_whole[index])
            outputs[key] = output
        return [outputs[key] for key in keys], [new.get(key) != index for index, key in enumerate(keys)]

    def _run(self, flat: Sequence[Window]) -> list[WindowOutput]:
        """Return the output of each window, computed in batches of like length, several at once."""
        results: dict[int, WindowOutput] = {}
        running: deque[tuple[Request, list[int]]] = deque()

        def collect() -> None:
            request, batch = running.popleft()
            try:
                self._store(request.outputs(), flat, batch, results)
            finally:
                self._idle.put(request)

        try:
            multiple = self._network.token_multiple
            lengths = [_rounded(len(window.ids), multiple) for window in flat]
            for batch in like_length_batches(lengths, BATCH_TOKENS):
                ids, mask = pad([flat[index].ids for index in batch], self.config.pad_id, multiple)
                running.append((self._request(running, collect), batch))
                running[-1][0].start(ids, mask)
                self._observe("batch_tokens", ids.size)
                self._observe("batch_padding", 1 - float(mask.mean()))
            while running:
                collect()
        finally:
            for request, _ in running:  # after a failure
                with suppress(Exception):
                    request.outputs()
                self._idle.put(request)
        return [results[index] for index in range(len(flat))]

    def _request(self, running: Sized, collect: Callable[[], None]) -> Request:
        """Return an idle request; calls from several threads stand in line for it.

        A call that has some itself never waits for another's: it collects its own first.
        """
        while True:
            if self._line.acquire(blocking=not running):
                try:
                    return self._idle.get(block=not running)
                except Empty:
                    pass
                finally:
                    self._line.release()
            collect()

    @staticmethod
    def _store(
        outputs: Mapping[str, FloatArray],
        flat: Sequence[Window],
        batch: Sequence[int],
        results: dict[int, WindowOutput],
    ) -> None:
        """Add the outputs of a batch to `results`, row by row without the padding."""
        if not (np.isfinite(outputs["label_logits"]).all() and np.isfinite(outputs["role_logits"]).all()):
            raise NotFiniteError("the network returned numbers that are none: is its device sound?")
        for row, index in enumerate(batch):
            length = len(flat[index].ids)
            of_tokens = [
                outputs[name][row, :length].astype(dtype).astype(np.float32)
                if name in outputs
                else np.zeros((length, 0), dtype=np.float32)
                for name, dtype in _TOKEN_OUTPUTS
            ]
            results[index] = WindowOutput(
                outputs["label_logits"][row].copy(), outputs["role_logits"][row].copy(), *of_tokens
            )


def without_control_tokens(text: str) -> str:
    """Return the text, as long as before, in which what the tokenizer would take for its own is none.

    The names of its control tokens are pieces of its vocabulary, and it reads them in look-alike letters too.
    """
    return _TAG.sub(_broken_up, text)


def _broken_up(tag: re.Match[str]) -> str:
    return f"‹{tag[0][1:]}" if unicodedata.normalize("NFKC", tag[0]) in _CONTROL else tag[0]


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


def like_length_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield batches of indices, longest first, as `token_budget_batches` does, of texts of like length.

    A length begins a batch of its own where its padding would cost more than a batch does.
    """
    texts = Counter(lengths)
    alike: list[set[int]] = []
    longest = 0
    for length in sorted(texts, reverse=True):
        if not alike or (longest - length) * texts[length] > BATCH_COST_TOKENS:
            alike.append(set())
            longest = length
        alike[-1].add(length)
    for some in alike:
        rows = [index for index, length in enumerate(lengths) if length in some]
        for batch in token_budget_batches([lengths[row] for row in rows], budget):
            yield [rows[index] for index in batch]


def pad(rows: Sequence[IntArray], pad_id: int, multiple: int = 1) -> tuple[IntArray, IntArray]:
    """Return ids and mask, both (n_rows, longest) int64; `longest` is rounded up to a multiple."""
    longest = _rounded(max(len(row) for row in rows), multiple)
    ids = np.full((len(rows), longest), pad_id, dtype=np.int64)
    mask = np.zeros((len(rows), longest), dtype=np.int64)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask


def _rounded(length: int, multiple: int) -> int:
    return -(-length // multiple) * multiple


def _load_tokenizer(artifact: Artifact) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(artifact.folder / "tokenizer.json"))
    except Exception as error:  # the library raises bare Exception
        raise ArtifactCorruptError("tokenizer.json is not a tokenizer: fetch the artefact again") from error
