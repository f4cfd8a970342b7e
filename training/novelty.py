"""Which texts are unlike everything a model was trained on: a campaign held out, whatever its label.

Near duplicates never straddle a split, but campaigns reuse sentences more loosely than that. A text counts as
new if its closest training text shares little with it, by the cosine of TF-IDF weighted character n-grams.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from models.text import normalize
from training.mask import mask_all
from training.metrics import Share, average_precision, scam_score
from training.scored import Scored, rounded
from training.table import Table

CLOSEST: Final = 0.3
TEXTS_PER_SOURCE: Final = 200
_ROWS: Final = 2000


def measure(scored: Scored, own: Table, train: Table) -> dict[str, Any]:
    """Average precision of the scam score on `test` texts unlike every training text, beside all of them."""
    told = own.where(own.positive | own.benign).at_most_per_source(TEXTS_PER_SOURCE)
    new = unlike(list(told.text), list(train.text))
    ours = scam_score(scored.proba(told)[0])
    flags = np.asarray(scored.flagged(told, "balanced").any(1))
    return {
        "closest": CLOSEST,
        **{
            name: {
                "n": int(rows.sum()),
                "positives": int(told.positive[rows].sum()),
                "average_precision": rounded(average_precision(told.positive[rows], ours[rows])),
                "recall": Share.of(flags, rows & told.positive).to_dict(),
                "false_alarms": Share.of(flags, rows & told.benign).to_dict(),
            }
            for name, rows in (("all", np.ones(len(told), dtype=bool)), ("new", new))
        },
    }


def unlike(texts: Sequence[str], training: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return (n,) whether each text's closest training text has a cosine under 0.3.

    Args:
        texts: (n,) to judge.
        training: (m,) texts a model has read.
    """
    hashing = HashingVectorizer(
        analyzer="char_wb", ngram_range=(4, 5), n_features=2**18, norm=None, alternate_sign=False
    )
    weights = TfidfTransformer(sublinear_tf=True)
    known = weights.fit_transform(hashing.transform([_plain(text) for text in training]))
    asked = weights.transform(hashing.transform([_plain(text) for text in texts]))
    closest = np.zeros(len(texts), dtype=np.float32)
    for start in range(0, known.shape[0], _ROWS):
        part = (asked @ known[start : start + _ROWS].T).max(axis=1)
        closest = np.maximum(closest, np.asarray(part.todense()).ravel())
    return np.asarray(closest < CLOSEST)


def _plain(text: str) -> str:
    return mask_all(normalize(text).text)
