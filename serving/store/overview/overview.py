"""All numbers of a period, as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from serving.store.organisations import Actor
from serving.store.overview.arrivals import Arrivals, count_arrivals, of_period
from serving.store.overview.decisions import count_decided
from serving.store.overview.losses import Losses, sum_losses
from serving.store.overview.periods import Period
from serving.store.overview.rankings import Places, RankedContact, rank_contacts, rank_places
from serving.store.overview.waiting import Waiting, undecided, unscreened
from serving.store.sealing import Keyring


@dataclass(frozen=True, slots=True)
class Overview:
    """What came in over a period and what was done with it, and what waits now.

    Attributes:
        decided: how many reports, by day from 1970 in Bangkok.
        undecided: by priority, the worst first.
        contacts, places: None to who may not read words.
    """

    period: Period
    arrivals: Arrivals
    decided: Mapping[int, int]
    unscreened: Waiting
    undecided: tuple[Waiting, ...]
    losses: Losses
    contacts: tuple[RankedContact, ...] | None = field(repr=False)
    places: Places | None = field(repr=False)


def overview_of(
    connection: Connection, keyring: Keyring, actor: Actor, period: Period, *, with_words: bool
) -> Overview:
    """Return the overview of the actor's organisation; `with_words` with contacts and places."""
    condition = of_period(connection, actor, period)
    return Overview(
        period=period,
        arrivals=count_arrivals(connection, condition),
        decided=count_decided(connection, actor, period),
        unscreened=unscreened(connection, actor),
        undecided=undecided(connection, actor),
        losses=sum_losses(connection, keyring, condition),
        contacts=tuple(rank_contacts(connection, keyring, actor, condition)) if with_words else None,
        places=rank_places(connection, keyring, condition) if with_words else None,
    )
