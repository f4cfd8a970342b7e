"""One labelled text, and the source it comes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Split = Literal["train", "tune", "certify", "test"]

BENIGN_PARTS = (0.40, 0.10, 0.25, 0.25)
LABELLED_PARTS = (0.60, 0.10, 0.15, 0.15)
TEST_ONLY_PARTS = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A marked stretch of a text: `code` is an indicator or an entity type; `[start, end)` in code points."""

    kind: Literal["indicator", "entity"]
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
    """

    name: str
    folder: str
    read: Callable[[Path], Iterator[Example]]
    parts: tuple[float, float, float, float]
    measure: Literal["two_class", "recall", "false_alarms", "labels", "none"]
    mapped: frozenset[str] = frozenset()
    register: Literal["messages", "adverts", "other"] = "other"
    entity_types: frozenset[str] = frozenset()
