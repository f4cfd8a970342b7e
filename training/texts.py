"""The `train` split as arrays: what an epoch draws from."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from models.taxonomy import ROLES
from training.example import MarkedSpan

UNKNOWN = -100  # what the loss ignores


@dataclass(frozen=True, slots=True)
class Marks:
    """What somebody marked in a text.

    Attributes:
        spans: marked indicators and entities.
        indicators: whether every indicator is marked, be it none.
        entity_types: types of which every mention is marked, be it none.
    """

    spans: Sequence[MarkedSpan]
    indicators: bool
    entity_types: frozenset[str]


UNMARKED = Marks((), indicators=False, entity_types=frozenset())


@dataclass(frozen=True, slots=True)
class TrainingTexts:
    """The `train` split as arrays.

    Attributes:
        texts: (n,) as received.
        labels: (n, n_labels) float32 in [0, 1], between 0 and 1 where two readers differ.
        mask, any_of: (n, n_labels) float32 of 0 and 1.
        roles: (n,) int64 index into ROLES, -100 where unknown.
        sources, strata: (n,) for sampling.
        languages, pairs: (n,) main language, id of a minimal pair or "": what augmentation goes by.
        marks: (n,) what is marked in each.
    """

    texts: Sequence[str]
    labels: Tensor
    mask: Tensor
    any_of: Tensor
    roles: Tensor
    sources: Sequence[str]
    strata: Sequence[str]
    languages: Sequence[str]
    pairs: Sequence[str]
    marks: Sequence[Marks]

    @property
    def benign(self) -> Tensor:
        """(n,) bool, of which every label is known not to hold."""
        return (self.mask.amin(1) > 0) & (self.labels.amax(1) == 0)


@dataclass(frozen=True, slots=True)
class Taught:
    """What an earlier model says of the labels of training texts.

    Attributes:
        logits: (n, n_labels) float32.
        weight: (n, n_labels) float32, 1 where the new model is to say the same.
    """

    logits: Tensor
    weight: Tensor


def role_index(role: str) -> int:
    """Return the index of a role code, or the value the loss ignores."""
    return ROLES.index(role) if role else UNKNOWN
