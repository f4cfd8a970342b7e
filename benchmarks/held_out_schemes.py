"""Two kinds of scam that a base model is kept from, and the spreadsheet a researcher would bring of each."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from models.errors import TrainingDataError
from training.duplicates import fingerprints_of, group_duplicates, sign
from training.example import Example, Source
from training.left_out import LeftOut
from training.sources import burmese_moneyscam_nuwai, id_judol_comments_gbennnn

ROWS: Final = 1000
TEST_TEXTS: Final = 2000
_SEED: Final = 8
_TEST_SHARE: Final = 0.3
_MAPPING: Final = """\
[dataset]
name = "{name}"
licence = "unknown"
consent = "Drawn from a public set, to measure."
language = "{language}"

[columns]
text = "text"
key = "key"
labels = "label"

[labels]
asked = ["{label}"]

[labels.codes]
"scam" = ["{label}"]
"harmless" = "none"
"""


@dataclass(frozen=True, slots=True)
class HeldOutScheme:
    """A kind of scam in one language.

    Attributes:
        name: of it.
        source: the set that shows it.
        language: of its texts.
        label: what a spreadsheet calls its positives.
        codes: labels any of which finds it.
        remark: what its labels are worth.
    """

    name: str
    source: Source
    language: str
    label: str
    codes: frozenset[str]
    remark: str

    @property
    def left_out(self) -> LeftOut:
        """What no training but that on the spreadsheet may see, beside the set itself."""
        return LeftOut(self.language, self.codes)

    def texts(self, data_root: Path) -> Iterator[tuple[Example, bool]]:
        """Yield its texts, and whether each is a positive; what is neither is left out."""
        for one in self.source.read(data_root):
            positive = bool((one.labels | one.any_of) & self.codes)
            if one.language == self.language and (positive or _is_negative(one)):
                yield one, positive


def _is_negative(one: Example) -> bool:
    """Whether a text is harmless; of the Burmese set advertisements alone, which the scams are like."""
    if one.labels or one.any_of:
        return False
    is_burmese = one.source == burmese_moneyscam_nuwai.SOURCE.name
    return one.scheme.startswith("non scam advertisements") if is_burmese else True


SCHEMES: Final = (
    HeldOutScheme(
        name="gambling-id",
        source=id_judol_comments_gbennnn.SOURCE,
        language="id",
        label="online_gambling",
        codes=frozenset({"online_gambling"}),
        remark="labelled comment by comment, by hand",
    ),
    HeldOutScheme(
        name="money-scams-my",
        source=burmese_moneyscam_nuwai.SOURCE,
        language="my",
        label="other_scam",
        codes=burmese_moneyscam_nuwai.MAPPED,
        remark="the file a post came from is its label: some of it is learning which group wrote",
    ),
)


def check_present(data_root: Path) -> None:
    """Check, before hours are spent, that the sets of all schemes are under the data root.

    Raises:
        TrainingDataError: one is not.
    """
    for folder in (scheme.source.folder for scheme in SCHEMES):
        if not (data_root / folder).is_dir():
            raise TrainingDataError(
                f"{data_root} has no {folder}: data_cards/{Path(folder).name}.md says where it is from"
            )


def write_spreadsheet(scheme: HeldOutScheme, data_root: Path, folder: Path) -> dict[str, int]:
    """Write labels.csv, mapping.toml and test.jsonl; return how many texts there are of each kind.

    A near-duplicate group is in the pool or in the test as a whole, and one text of it is drawn. Half of the
    spreadsheet is positive.

    Raises:
        TrainingDataError: a file of the set is absent or malformed.
    """
    told = [*scheme.texts(data_root)]
    fingerprints = fingerprints_of([one.text for one, _ in told])
    groups = group_duplicates(fingerprints, sign(fingerprints))
    rng = np.random.default_rng(_SEED)
    names = np.unique(groups)
    tested = set(names[rng.random(len(names)) < _TEST_SHARE].tolist())
    distinct: dict[tuple[bool, bool], list[Example]] = {}
    for row, group in enumerate(groups):
        if group == row:  # the first of its group stands for it
            one, positive = told[row]
            distinct.setdefault((group in tested, positive), []).append(one)
    counts = {}
    rows: dict[bool, list[tuple[Example, bool]]] = {False: [], True: []}
    for is_test, budget in ((False, ROWS), (True, TEST_TEXTS)):
        for positive in (True, False):
            pool = distinct.get((is_test, positive), [])
            drawn = [pool[at] for at in rng.permutation(len(pool))[: budget // 2]]
            rows[is_test] += [(one, positive) for one in drawn]
            counts[f"{'test' if is_test else 'rows'}_{'positive' if positive else 'harmless'}"] = len(drawn)
    write_labels(scheme, rows[False], folder)
    write_test(rows[True], folder)
    return counts


def write_labels(scheme: HeldOutScheme, told: Iterable[tuple[Example, bool]], folder: Path) -> None:
    """Write labels.csv (texts and whether each is a positive) and mapping.toml, which imports it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("key", "text", "label"))
        table.writerows((one.key, one.text, "scam" if positive else "harmless") for one, positive in told)
    mapping = _MAPPING.format(name=f"held_out_{scheme.name}", language=scheme.language, label=scheme.label)
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")


def write_test(told: Iterable[tuple[Example, bool]], folder: Path) -> None:
    """Write texts and whether each is a positive as test.jsonl."""
    with (folder / "test.jsonl").open("w", encoding="utf-8") as file:
        for one, positive in told:
            file.write(json.dumps({"key": one.key, "text": one.text, "positive": positive}) + "\n")
