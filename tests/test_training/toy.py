"""Sixteen texts that a two-layer network learns by heart."""

import torch
from tokenizers import Tokenizer

from models.taxonomy import LABELS
from training.network import Network, tiny_network
from training.texts import UNMARKED, TrainingTexts, role_index

TASK, LOAN, PRIZE, OTHER = (
    LABELS.index(code) for code in ("task_scam", "loan_scam", "prize_scam", "other_scam")
)
SCAMS = [
    f"{words} {money}"
    for words in ("easy work", "งานสบาย รายได้ดี", "高薪工作", "Gaji besar")
    for money in ("pay in dollars", "free ticket")
]
ORDINARY = [
    f"{words} {place}"
    for words in ("the library opens", "พรุ่งนี้ประชุม", "明天下午三点在图书馆见面", "Chiều mai họp")
    for place in ("at nine", "on weekdays")
]
TEXTS = SCAMS + ORDINARY
COUNTS = {"toy": len(TEXTS)}


def toy() -> TrainingTexts:
    """Return 8 scams (4 known as task_scam, 4 only as "loan or prize scam") and 8 ordinary texts.

    Nobody knows `other_scam` of any text, though `labels` holds a 1 there: the mask must hide it.
    """
    labels = torch.zeros(16, len(LABELS))
    mask = torch.ones(16, len(LABELS))
    any_of = torch.zeros(16, len(LABELS))
    labels[:4, TASK] = 1
    any_of[4:8, [LOAN, PRIZE]] = 1
    mask[4:8] = 0
    labels[:, OTHER], mask[:, OTHER] = 1, 0
    roles = torch.tensor([role_index("offer")] * 8 + [role_index("ordinary")] * 6 + [role_index("")] * 2)
    return TrainingTexts(
        texts=TEXTS,
        labels=labels,
        mask=mask,
        any_of=any_of,
        roles=roles,
        sources=["toy"] * 16,
        strata=["en+"] * 8 + ["en-"] * 8,
        languages=["en"] * 16,
        pairs=[""] * 16,
        marks=[UNMARKED] * 16,
    )


def new_network(tokenizer: Tokenizer) -> Network:
    return tiny_network(tokenizer.get_vocab_size())
