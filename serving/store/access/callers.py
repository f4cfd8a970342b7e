"""Who asks, and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from models.errors import InputError
from serving.store.organisations import Actor

Scope = Literal["screen", "report", "review", "pii", "admin"]
"""`screen`: have texts screened, nothing stored; `report`: send reports; `review`: read and work on reports;
`pii`: see words and numbers in them, not only codes; `admin`: run the service. None includes another."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)


OF_SESSION: Final = "session"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in.

    Attributes:
        credential: public id of the key; `OF_SESSION` of somebody who signed in; "" in open mode.
    """

    actor: Actor
    scopes: frozenset[Scope]
    credential: str = ""

    @property
    def has_pii(self) -> bool:
        """Whether words and numbers of reports may be told to them."""
        return "pii" in self.scopes


def scopes_in(names: str) -> frozenset[Scope]:
    """Return the scopes that stand in a column, with blanks between them."""
    return frozenset(scope for scope in SCOPES if scope in names.split())


def column_of(scopes: Iterable[str]) -> str:
    """Return scopes as they stand in a column.

    Raises:
        InputError: one is none, or there is none.
    """
    asked = frozenset(scopes)
    if not asked or not asked <= frozenset(SCOPES):
        raise InputError(f"expected at least one scope of {', '.join(SCOPES)}, and no other")
    return " ".join(scope for scope in SCOPES if scope in asked)
