"""Outputs of the network kept by what it read, so that the same advert is not computed five hundred times.

Bounded memory, no text: a key is a keyed hash (its key drawn anew for every cache) of the token ids, a value
what decoding reads of the outputs. Decoding, rules, spans and ids always run on the text at hand.
"""

import hashlib
import secrets
import struct
import threading
from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from models.calibration import Calibration, TokenCalibration
from models.encoded import FloatArray, IntArray, WindowOutput

_HEADER = struct.Struct("<8I")
_ENTRY_BYTES = 200  # key, links and object headers
_SURELY_OUTSIDE = 0.6
"""Probability of "outside" over which no decoding reads a token's entity tags (tokens.INSIDE is one half)."""


class OutputCache:
    """The outputs of the windows read last, at most `max_bytes` of them. Safe to share between threads."""

    def __init__(self, max_bytes: int, calibration: Calibration, tokens: TokenCalibration | None) -> None:
        """Begin empty.

        Args:
            max_bytes: how much memory it may take.
            calibration: of the labels: influence on those that cannot be flagged is not kept.
            tokens: calibration of the token heads: logits that it lets nothing read are not kept.
        """
        self._max_bytes = max_bytes
        self._least_label_logits = calibration.least_logits()
        self._thresholds = tokens.indicator_thresholds if tokens else None
        self._key = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def key(self, ids: IntArray, *, is_whole: bool, owner: str = "") -> bytes:
        """Return the key of the ids of a window of an owner; `is_whole`: it is the only one of its text."""
        person = b"whole" if is_whole else b"part"  # of a part more is kept
        content = ids.tobytes() + owner.encode()  # numbers of eight bytes, and a name that is none
        return hashlib.blake2b(content, key=self._key, digest_size=16, person=person).digest()

    def get(self, key: bytes) -> WindowOutput | None:
        """Return what is kept under a key: all that decoding reads is as it was computed."""
        with self._lock:
            packed = self._kept.get(key)
            if packed is None:
                return None
            self._kept.move_to_end(key)
        return _unpacked(packed)

    def put(self, key: bytes, output: WindowOutput, *, is_whole: bool) -> None:
        """Keep an output; those used least recently make room.

        Of a whole text, the influence on labels that it cannot be flagged with is not kept: nothing reads it.
        """
        labels = np.arange(len(output.label_logits))
        if is_whole:
            labels = labels[output.label_logits >= self._least_label_logits]
        packed = _packed(output, labels, self._thresholds)
        size = len(packed) + _ENTRY_BYTES
        if size > self._max_bytes:
            return
        with self._lock:
            replaced = self._kept.pop(key, None)
            if replaced is not None:
                self._bytes -= len(replaced) + _ENTRY_BYTES
            self._kept[key] = packed
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped) + _ENTRY_BYTES

    @property
    def nbytes(self) -> int:
        """How much memory the entries take."""
        return self._bytes


def _packed(output: WindowOutput, labels: IntArray, thresholds: FloatArray | None) -> bytes:
    """Return labels, roles, influence on some, tags of tokens that may be in an entity, indicators over."""
    entities, indicators = output.entity_logits, output.indicator_logits
    if thresholds is None or not entities.size:
        rows = np.zeros(0, dtype=np.uint32)
    else:
        exponentials = np.exp(entities - entities.max(1, keepdims=True))
        rows = np.flatnonzero(exponentials[:, 0] < _SURELY_OUTSIDE * exponentials.sum(1)).astype(np.uint32)
    if thresholds is None or not indicators.size:
        over = np.zeros(0, dtype=np.uint32)
    else:
        over = np.flatnonzero(indicators >= thresholds).astype(np.uint32)
    parts = (
        output.label_logits,
        output.role_logits,
        labels.astype(np.uint32),
        output.influence[:, labels].astype(np.float16),
        rows,
        entities[rows],
        over,
        indicators.reshape(-1)[over],
    )
    shape = _HEADER.pack(
        len(output.influence),
        len(output.label_logits),
        len(output.role_logits),
        entities.shape[1],
        indicators.shape[1],
        len(labels),
        len(rows),
        len(over),
    )
    return shape + b"".join(part.tobytes() for part in parts)


def _unpacked(packed: bytes) -> WindowOutput:
    tokens, n_labels, n_roles, n_tags, n_indicators, n_kept, n_rows, n_over = _HEADER.unpack_from(packed)
    at = _HEADER.size

    def take(count: int, dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
        nonlocal at
        part = np.frombuffer(packed, dtype=dtype, count=count, offset=at)
        at += part.nbytes
        return part

    labels = take(n_labels, np.float32)
    roles = take(n_roles, np.float32)
    kept = take(n_kept, np.uint32)
    influence = np.zeros((tokens, n_labels), dtype=np.float32)
    influence[:, kept] = take(tokens * n_kept, np.float16).reshape(tokens, n_kept)
    rows = take(n_rows, np.uint32)
    tags = take(n_rows * n_tags, np.float32)
    over = take(n_over, np.uint32)
    signs = take(n_over, np.float32)
    entities = np.full((tokens, n_tags), -np.inf, dtype=np.float32)
    entities[:, :1] = 0.0  # "outside"
    entities[rows] = tags.reshape(n_rows, n_tags)
    indicators = np.full(tokens * n_indicators, -np.inf, dtype=np.float32)
    indicators[over] = signs
    return WindowOutput(
        np.asarray(labels, dtype=np.float32),
        np.asarray(roles, dtype=np.float32),
        influence,
        entities,
        indicators.reshape(tokens, n_indicators),
    )
