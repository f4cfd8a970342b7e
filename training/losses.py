"""What a batch costs: labels and roles, indicators, entities, and what an earlier model said of labels."""

from collections.abc import Sequence

import torch
from torch import Tensor

from training.network import Outputs
from training.reading import Reading
from training.texts import UNKNOWN


def masked_loss(
    outputs: Outputs,
    labels: Tensor,
    mask: Tensor,
    any_of: Tensor,
    roles: Tensor,
    *,
    positive_weight: float,
    role_weight: float,
) -> Tensor:
    """Return the mean loss of a batch, a scalar.

    Labels a text's source cannot speak about are masked. Where a source says only "one of these", the loss is
    the negative log of the probability that at least one holds (noisy-or; Zhang et al. 2005,
    multiple-instance boosting).

    Args:
        outputs: of the network.
        labels: (batch, n_labels) in [0, 1].
        mask: (batch, n_labels) 1 where `labels` is known.
        any_of: (batch, n_labels) 1 where at least one of the row holds.
        roles: (batch,) int64, -100 where unknown.
        positive_weight: weight of known positives.
        role_weight: weight of the role loss against the label loss.
    """
    logits = outputs.label_logits.float()
    weight = mask * (1 + (positive_weight - 1) * labels)
    exact = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, labels, weight=weight, reduction="none"
    ).sum(1)
    log_none = (torch.nn.functional.logsigmoid(-logits) * any_of).sum(1)  # log P(none of them)
    vague = -torch.log(-torch.expm1(log_none.clamp(max=-1e-6))) * any_of.amax(1)
    role_logits = outputs.role_logits.float()
    known = roles != UNKNOWN
    role = (
        torch.nn.functional.cross_entropy(role_logits[known], roles[known])
        if known.any()
        else role_logits.sum() * 0
    )
    return (exact + vague).mean() + role_weight * role


def indicator_loss(logits: Tensor, readings: Sequence[Reading]) -> Tensor:
    """Return the mean loss of the indicator head over the tokens of marked texts, a scalar.

    The words that show why a text is a scam teach the encoder where to look (Zaidan et al. 2007, "Using
    Annotator Rationales").

    Args:
        logits: (batch, tokens, n_indicators).
        readings: (batch,) with their marks; those without are left out.
    """
    losses = [
        torch.nn.functional.binary_cross_entropy_with_logits(
            logits[row, : len(one.ids)].float(),
            torch.from_numpy(one.indicators).to(logits.device).float(),
            reduction="none",
        ).sum(-1)
        for row, one in enumerate(readings)
        if one.indicators is not None
    ]
    return torch.cat(losses).mean() if losses else logits.sum() * 0


def entity_loss(logits: Tensor, readings: Sequence[Reading]) -> Tensor:
    """Return the mean loss of the entity head over the tokens of marked texts, a scalar.

    Where only some types are marked, a token outside them may be of any other: its loss is the negative log
    of the probability of "O" and of every tag nobody marked (Greenberg et al. 2018, "Marginal Likelihood
    Training of BiLSTM-CRF for Biomedical Named Entity Recognition from Disjoint Label Sets").

    Args:
        logits: (batch, tokens, n_entity_tags).
        readings: (batch,) with their tags; those without are left out.
    """
    losses = []
    for row, one in enumerate(readings):
        if one.entities is None:
            continue
        tags = torch.from_numpy(one.entities).to(logits.device)
        known = tags != UNKNOWN
        log_proba, tags = logits[row, : len(one.ids)].float().log_softmax(-1)[known], tags[known]
        named = log_proba.gather(1, tags.unsqueeze(1)).squeeze(1)
        none = log_proba[:, torch.from_numpy(one.outside).to(logits.device)].logsumexp(-1)
        losses.append(-torch.where(tags == 0, none, named))
    found = torch.cat(losses) if losses else logits.new_zeros(0)
    return found.mean() if len(found) else logits.sum() * 0


def kept_loss(logits: Tensor, taught: Tensor, weight: Tensor) -> Tensor:
    """Return how far label logits are from those of an earlier model, a scalar, 0 where they say the same.

    Args:
        logits: (batch, n_labels).
        taught: (batch, n_labels) logits of the earlier model.
        weight: (batch, n_labels) 1 where its word counts.

    Source: Li & Hoiem 2016, "Learning without Forgetting", arXiv 1606.09282.
    """
    theirs = taught.sigmoid()
    difference = torch.nn.functional.binary_cross_entropy_with_logits(
        logits.float(), theirs, reduction="none"
    ) - torch.nn.functional.binary_cross_entropy_with_logits(taught, theirs, reduction="none")
    return (difference * weight).sum(1).mean()
