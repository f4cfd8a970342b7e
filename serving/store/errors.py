"""What can go wrong with the store; part of the tree in `models.errors`."""

from models.errors import ScamScreenError


class StoreError(ScamScreenError):
    """Something is wrong with the store or with what is asked of it."""


class StoreUnavailableError(StoreError):
    """The database does not answer."""


class StoreDamagedError(StoreUnavailableError):
    """The file of the store is not what was written; a copy of it must be brought back."""


class SealError(StoreError):
    """Sealed bytes cannot be opened."""


class ReusedKeyError(StoreError):
    """An `Idempotency-Key` came back with another body."""


class ChangedMeanwhileError(StoreError):
    """Somebody else changed what was to be changed."""


class NotFoundError(StoreError):
    """There is no such thing, or not for this caller."""


class TooManyError(StoreError):
    """There are as many of these as there may be."""
