"""What is left of two models' recall when addresses and numbers are masked, or the text is disguised."""

from typing import Any

import numpy as np

from training.attack import Attack, character_attacks, clean_lines, meaning_attacks, paraphrase_attack
from training.mask import mask_all
from training.metrics import scam_score
from training.prove.paired import paired_precision, paired_share
from training.prove.sides import Sides, held
from training.table import Table

STRENGTH = "30%"
"""Of attacks on characters only the stronger are compared."""


def masked(sides: Sides, rows: Table) -> dict[str, Any]:
    """Return what both find in texts whose URLs and digits are masked.

    Args:
        sides: the two models.
        rows: test texts of sets that training may read.
    """
    texts, languages = rows.text.tolist(), rows.language.tolist()
    proba = sides.proba(texts, name="masked", change=mask_all)
    right = held(rows)
    positives = np.asarray(right.any(1))
    if not positives.any():
        return {}
    old, new = (np.asarray((flags & right).any(1))[positives] for flags in sides.flags(proba, languages))
    judged = positives | rows.benign
    before, after = (scam_score(one[judged]) for one in proba)
    return {
        "recall": paired_share(old, new, rows.near[positives], worse="lower").to_dict(),
        "average_precision": paired_precision(positives[judged], before, after, rows.near[judged]).to_dict(),
    }


def attacked(sides: Sides, rows: Table) -> dict[str, Any]:
    """Return, per attack, how many positives of the written test both find with a right label.

    Of the texts an attack touches; as they are shipped, so disguise is undone first.
    """
    positives = rows.where(np.asarray(held(rows).any(1)))
    attacks = [
        *(attack for attack in character_attacks(positives) if attack.strength == STRENGTH),
        *meaning_attacks(positives, clean_lines()),
        paraphrase_attack(positives),
    ]
    return {attack.family: found for attack in attacks if (found := _attacked(sides, positives, attack))}


def _attacked(sides: Sides, rows: Table, attack: Attack) -> dict[str, Any] | None:
    if not attack.touched.any():
        return None
    touched = rows.where(attack.touched)
    texts = [text for text, is_touched in zip(attack.texts, attack.touched, strict=True) if is_touched]
    proba = sides.proba(texts, name=attack.family)
    right = held(touched)
    old, new = (np.asarray((flags & right).any(1)) for flags in sides.flags(proba, touched.language.tolist()))
    return paired_share(old, new, touched.near, worse="lower").to_dict()
