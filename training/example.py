"""One labelled text, and the source it comes from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Split = Literal["train", "tune", "certify", "test"]

BENIGN_PARTS = (0.40, 0.10, 0.25, 0.25)
LABELLED_PARTS = (0.60, 0.10, 0.15, 0.15)
TEST_ONLY_PARTS = (0.0, 0.0, 0.0, 1.0)
HELD: Final = 0.5
"""From this share of those who were asked, a label counts as one that holds."""


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A marked stretch of a text: `code` is one of its kind; `[start, end)` in code points.

    `label` stands in labelled datasets alone: what people marked as showing a label; no `Example` holds it.
    """

    kind: Literal["indicator", "entity", "label"]
    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled text.

    Attributes:
        text: as received; never normalised here.
        labels: label codes that hold.
        known: label codes the source can speak about; all others are masked in the loss and in scores.
        any_of: at least one of these holds, the source does not say which (a set that knows only "scam").
            Disjoint from `labels` and `known`; empty when the labels are exact.
        role: a role code, or None when the source does not tell.
        language: BCP-47 primary tag of the main language, e.g. `th`, `zh`, `tl`.
        source: name of the `Source`.
        key: identifies the text within its source, e.g. `12` or `th-031`.
        aligned: texts with the same non-empty value go to the same split whatever their words
            (translations of one document, members of a minimal pair, dialogues of one run).
        scheme: the modus operandi within a label, or "".
        pair: id of a minimal pair, or "".
        spans: marked indicators and entities; empty for sources without markup.
        shares: label code -> share, in [0, 1], of those who labelled the text that said it holds; of known
            labels. What is not in it is 1 or 0, as `labels` says.
    """

    text: str
    labels: frozenset[str]
    known: frozenset[str]
    role: str | None
    language: str
    source: str
    key: str
    aligned: str = ""
    scheme: str = ""
    pair: str = ""
    any_of: frozenset[str] = frozenset()
    spans: tuple[MarkedSpan, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One data set: where it lies, how it is read and what it may be used for.

    Attributes:
        name: also the name of its module and of its data card.
        folder: path under the data root (`SCAMSCREEN_DATA`), "" for texts inside the package.
        read: yields the examples of a data root.
        parts: shares of train, tune, certify, test; `TEST_ONLY_PARTS` for everything under `eval_only`.
        measure: how it is scored. `two_class`: average precision of the scam score over `mapped`;
            `recall` and `false_alarms`: share flagged at the shipped threshold; `labels`: label by label;
            `none`: not scored on its own.
        mapped: labels that make up the scam score of a two-class or recall set.
        register: what its texts are; a certificate needs `messages` (chats, calls, comments, mail, reviews)
            or `adverts`, which are what people report, beside `other` (news, encyclopaedias, sentences).
        entity_types: types of which every mention is marked in its texts.
        sha256: of what is read, where no file under the data root is: a kept corpus is read anew if it
            changes.
    """

    name: str
    folder: str
    read: Callable[[Path], Iterator[Example]]
    parts: tuple[float, float, float, float]
    measure: Literal["two_class", "recall", "false_alarms", "labels", "none"]
    mapped: frozenset[str] = frozenset()
    register: Literal["messages", "adverts", "other"] = "other"
    entity_types: frozenset[str] = frozenset()
    sha256: str = ""
