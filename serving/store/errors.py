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


class NotGrantedError(StoreError):
    """Another organisation has not allowed it."""


class HeldError(StoreError):
    """A legal hold forbids it."""


class RefusedChangeError(StoreError):
    """Something, as it stands, does not allow a change."""

    def __init__(self, code: str, message: str) -> None:
        """Tell what is not allowed.

        Args:
            code: for programs.
            message: for people; quotes nothing that was sent or stored but codes.
        """
        super().__init__(message)
        self.code = code


class TakenError(StoreError):
    """A name belongs to somebody or something else."""


class InvalidCursorError(StoreError):
    """A cursor does not belong to the search it came with."""


class TooShortError(StoreError):
    """A word to look for is too short to be found by."""


class TooManyError(StoreError):
    """There are as many of these as there may be."""
