"""Which labels a calibration flags, for many texts at once; `models.calibration.decide` does it for one."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from models.calibration import Calibration
from models.screening import OperatingPoint
from models.taxonomy import LABELS
from training.metrics import Share
from training.table import Table


def right_and_wrong(rows: Table, flags: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Return the share of positives with a right label flagged, and of benign texts with any flag."""
    return {
        "any_right_label": Share.of((flags & rows.held).any(1), rows.positive).to_dict(),
        "false_alarms": Share.of(flags.any(1), rows.benign).to_dict(),
    }


def flagged(
    proba: npt.NDArray[np.float32], languages: Sequence[str], calibration: Calibration, point: OperatingPoint
) -> npt.NDArray[np.bool_]:
    """Return (n, n_labels) labels over their threshold, in `flags` or `context_labels` alike.

    Args:
        proba: (n, n_labels) calibrated probabilities.
        languages: (n,) whose thresholds hold.
        calibration: thresholds, pooled and of certified languages.
        point: operating point.
    """
    limits = {
        language: np.array([calibration.of_language(language)[point][code] for code in LABELS])
        for language in set(languages)
    }
    of_text = np.array([limits[language] for language in languages]).reshape(-1, len(LABELS))
    return np.asarray(np.round(proba.astype(np.float64), 2) >= of_text - 1e-9)
