"""What the network reads of a text and what it says of it: windows of tokens, and their outputs."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

OUTPUT_OF_HEAD: Final = {
    "labels": "label_logits",
    "roles": "role_logits",
    "influence": "label_influence",
    "entities": "entity_logits",
    "indicators": "indicator_logits",
}
"""What the graph calls the output of each head of an artefact."""


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
        influence: (n_tokens, n_labels) float32 (rounded to float16); how each token speaks for labels.
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
    """The windows of one text with their outputs, in reading order; never empty.

    Attributes:
        windows: what was read.
        outputs: one a window.
        remembered: whether all windows had been read before, in whatever texts, this call's included.
    """

    windows: tuple[Window, ...]
    outputs: tuple[WindowOutput, ...]
    remembered: bool = False

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
