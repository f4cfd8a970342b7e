"""Groups of texts -> `train`, `tune`, `certify`, `test`; a group is never divided."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from training.example import Split

SPLITS: tuple[Split, ...] = ("train", "tune", "certify", "test")
_LARGE_SHARE = 0.04  # of its source: such a group is placed where most is missing, not by chance


def assign_splits(
    groups: Sequence[int],
    names: Sequence[str],
    sources: Sequence[str],
    parts: Mapping[str, tuple[float, float, float, float]],
) -> list[Split]:
    """Return the split of every text.

    Small groups are placed by a hash of their name, so that adding data moves no text from one split to
    another. Large ones (a whole run of dialogues) go where their source lacks most.

    Args:
        groups: (n_texts,) group of each text.
        names: (n_texts,) a stable name of each text; the smallest of a group names the group.
        sources: (n_texts,) source of each text.
        parts: source -> shares of train, tune, certify, test.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group].append(index)
    totals = Counter(sources)
    filled: dict[str, list[int]] = {source: [0, 0, 0, 0] for source in totals}
    chosen: dict[int, int] = {}
    for group, indices in sorted(members.items(), key=lambda item: -len(item[1])):
        main_source = min(Counter(sources[i] for i in indices).items(), key=lambda pair: (-pair[1], pair[0]))[
            0
        ]
        shares = parts[main_source]
        if len(indices) >= _LARGE_SHARE * totals[main_source] and len(indices) > 1:
            wanted = [
                share * totals[main_source] - have
                for share, have in zip(shares, filled[main_source], strict=True)
            ]
            split = max((i for i in range(4) if shares[i] > 0), key=lambda i: wanted[i])
        else:
            split = _by_hash(min(names[i] for i in indices), shares)
        chosen[group] = split
        filled[main_source][split] += len(indices)
    return [SPLITS[chosen[group]] for group in groups]


def _by_hash(name: str, shares: tuple[float, float, float, float]) -> int:
    point = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") / 2**64
    for index, share in enumerate(shares):
        point -= share
        if point < 0:
            return index
    return max(index for index, share in enumerate(shares) if share > 0)
