"""What all plots share: they need no screen, the new is green and the old grey, and they become PNG files."""

from pathlib import Path
from typing import Final

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

NEW: Final = "#0b6e4f"
OLD: Final = "#b0b0b0"


def save(figure: Figure, path: Path) -> None:
    """Write a figure and forget it."""
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
