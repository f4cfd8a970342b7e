"""A compared artefact -> the live one of this machine, with a note of what was compared and why.

The note stands in the card and in promotion.json, which are no part of the model: its sha256 stays.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from models.artifact import Artifact, load_artifact
from models.errors import TrainingDataError
from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from models.shelf import Shelf
from training.files import json_text
from training.prove.compare_markdown import summary
from training.prove.verdict import broken_rules

_CARD: Final = "MODEL_CARD.md"
_HEADING: Final = "## Promotion\n"


def promote(new: Path, comparison: Mapping[str, Any], shelf: Shelf, *, because: str, promoted_at: str) -> str:
    """Keep a copy of an artefact, make it the live one and return its name.

    Args:
        new: its folder.
        comparison: of it with the live model, as `compare` returns it.
        shelf: of this machine.
        because: why, though it breaks a rule; "" if it breaks none.
        promoted_at: ISO 8601.

    Raises:
        ArtifactError: the artefact is absent or not whole.
        TrainingDataError: the comparison is of other models, or a rule is broken and no reason given.
    """
    artifact = load_artifact(new)
    live = shelf.load(shelf.live()[0])
    _check_compared(comparison, live, artifact)
    broken, reason = broken_rules(dict(comparison)), " ".join(because.split())
    if broken and not reason:
        raise TrainingDataError(
            f"{len(broken)} rules are broken, the first: {broken[0]}. Train again, or say with --because why "
            "it is to be promoted all the same: its card will tell"
        )
    note = {
        "promoted_at": promoted_at,
        "replaces": dict(comparison["old"]),
        "because": reason,
        "broken": broken,
        "verdict": comparison["verdict"],
    }
    documents = {
        _CARD: _card(artifact, _promotion(note, comparison)),
        "promotion.json": json_text(note),
    }
    name = shelf.add(new, documents)
    shelf.use(name)
    return name


def _check_compared(comparison: Mapping[str, Any], old: Artifact, new: Artifact) -> None:
    for one, which in ((new, "new"), (old, "old")):
        compared = comparison[which]["sha256"]
        if compared != one.info.sha256:
            raise TrainingDataError(
                f"the comparison is of another {which} model ({compared[:16]}, not {one.info.sha256[:16]}): "
                "run scamscreen-train compare live NEW"
            )


def _promotion(note: Mapping[str, Any], comparison: Mapping[str, Any]) -> str:
    """Return the section of the card that tells of the promotion."""
    replaced = note["replaces"]
    reason = (
        f"Rules are broken, and it was promoted all the same, because: {note['because']}\n\n"
        if note["broken"]
        else f"Why: {note['because']}\n\n"
        if note["because"]
        else ""
    )
    verdict = summary(dict(comparison)).replace("## Verdict", "### Verdict")
    return (
        f"{_HEADING}\nPut to work on {note['promoted_at']} in the place of {replaced['name']} "
        f"{replaced['version']} (`{replaced['sha256'][:16]}`).\n\n{reason}{verdict}"
    )


def _card(artifact: Artifact, promotion: str) -> str:
    """Return the artefact's card, or a short one, with the section on its promotion, which comes last."""
    path = artifact.folder / _CARD
    card = path.read_text(encoding="utf-8") if path.is_file() else _short_card(artifact)
    return f"{card.partition(_HEADING)[0].rstrip()}\n\n{promotion}"


def _short_card(artifact: Artifact) -> str:
    started = artifact.manifest.get("started_from", {})
    origin = f"Trained on from {started['artifact']} {started['version']}.\n" if "artifact" in started else ""
    return (
        f"# {artifact.info.name} {artifact.info.version}\n\n{DISCLAIMER_EN}\n\n{DISCLAIMER_TH}\n\n{origin}"
        "`manifest.json` holds its recipe. It was compared, not released: what is known of it is below.\n"
    )
