"""Rows of figures, one a text, kept in a file, so that nothing is ever computed twice for a text."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from tqdm import tqdm

from training.metrics import FloatArray

_CHUNK = 2000


def kept_rows(
    file: Path, texts: Sequence[str], compute: Callable[[list[str]], FloatArray], *, name: str
) -> FloatArray:
    """Return a row of float32 for each text, those that the file lacks computed and put there.

    They are written every 2,000 texts, so that a run broken off goes on where it was. The file holds no text,
    only its sha256.

    Args:
        file: what computes belongs into its name; SQLite, made if it is not there.
        texts: as `compute` reads them.
        compute: returns (n, width) float32 of n texts; called for what is missing alone.
        name: of the texts, for the progress bar.
    """
    keys = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as store:
        store.execute("CREATE TABLE IF NOT EXISTS scores (text BLOB PRIMARY KEY, logits BLOB) WITHOUT ROWID")
        rows = {
            key: np.frombuffer(stored, dtype=np.float32)
            for key in dict.fromkeys(keys)
            for (stored,) in store.execute("SELECT logits FROM scores WHERE text = ?", (key,))
        }
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if missing:
            rows |= _computed(compute, missing, store, name)
    return np.array([rows[key] for key in keys], dtype=np.float32)


def _computed(
    compute: Callable[[list[str]], FloatArray], texts: dict[bytes, str], store: sqlite3.Connection, name: str
) -> dict[bytes, FloatArray]:
    """Return and store key -> row."""
    keys = list(texts)
    rows: dict[bytes, FloatArray] = {}
    with tqdm(total=len(keys), unit="text", desc=name) as bar:
        for start in range(0, len(keys), _CHUNK):
            part = keys[start : start + _CHUNK]
            found = np.asarray(compute([texts[key] for key in part]), dtype=np.float32)
            rows |= dict(zip(part, found, strict=True))
            store.executemany(
                "INSERT OR REPLACE INTO scores VALUES (?, ?)", [(key, rows[key].tobytes()) for key in part]
            )
            store.commit()
            bar.update(len(part))
    return rows
