"""The key that a request shows -> its caller, or why there is none.

A key that was checked is remembered for a second, so that the store is asked once a second whatever comes in;
one that is revoked, and an actor that is disabled, stop within that second. Who guesses is locked out for a
while, by address and by key; who has just been let in with a key goes on from where they are, so that nobody
can lock others out by guessing beside them.
"""

import asyncio
import ipaddress
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from serving.access.key_limits import parsed_limits
from serving.access.record import Access, AccessRecord
from serving.clock import now_ms
from serving.schemas.problems import Problem, problem
from serving.store.access.callers import OF_SESSION, SCOPES, Caller
from serving.store.access.credentials import PURPOSE, Checked, ShownKey, check_key, shown_key
from serving.store.engine import Database
from serving.store.organisations import Actor
from serving.store.sealing import Keyring

REMEMBERED_SECONDS: Final = 1.0
MOST_WRONG: Final = 10
_WRONG: Final = RateLimitItemPerMinute(MOST_WRONG, 5, namespace="wrong")
MOST_BY_PERSON: Final = RateLimitItemPerMinute(6_000, namespace="person")
"""Requests of somebody signed in, those of their pages among them: nobody asks so often by hand."""
_MOST_REMEMBERED: Final = 10_000
_IPV6_NETWORK: Final = 64  # what one customer of a provider has
NO_KEY: Final = problem(
    401, "no_key", "this service answers only to a valid key: send Authorization: Bearer ssk_..."
)


class RefusedError(Exception):
    """A request is not let in.

    Attributes:
        problem: what it is told.
        retry_after_seconds: when it may try again, or None.
    """

    def __init__(self, refusal: Problem, retry_after_seconds: int | None = None) -> None:
        super().__init__(refusal.code)
        self.problem = refusal
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class _Remembered:
    answer: "asyncio.Future[Checked]"
    until: float


class Gatekeeper:
    """Lets in who shows a good key; to be used in one event loop."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        record: AccessRecord,
        *,
        local: Actor,
        service: Actor,
        limits: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to let in.

        Args:
            database: of the store.
            keyring: of the store.
            record: takes down who was let in and who was not.
            local: who asks in open mode; may do everything.
            service: whose audit tells of keys that are nobody's.
            limits: of keys that have none of their own, as "600/minute; 50000/day".
            clock: seconds that never go back.
        """
        self.local = Caller(local, frozenset(SCOPES))
        self._database, self._pepper, self._record = database, keyring.derived(PURPOSE), record
        self._service, self._limits, self._clock = service, limits, clock
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._remembered: dict[bytes, _Remembered] = {}
        self._let_in: dict[tuple[str, bytes], None] = {}

    async def caller(self, authorization: Sequence[str], address: str) -> Caller:
        """Return who shows a key.

        Args:
            authorization: the headers of this name.
            address: of the client.

        Raises:
            RefusedError: the key is not good, comes too often, or somebody guesses.
            StoreUnavailableError: the database does not answer.
        """
        if not authorization:
            raise RefusedError(NO_KEY)
        place = _network(address)
        key = self._shown(authorization)
        if key is None or (place, key.digest) not in self._let_in:
            self._refuse_guessing(place, key)
        checked = await self._checked(key) if key else Checked("unknown")
        if key is None or checked.owner is None or checked.verdict != "good":
            self._refuse(place, key, checked)
        self._remember_let_in(place, key)
        caller = Caller(checked.owner, checked.scopes, key.id)
        self._refuse_too_often(caller, checked.limits or self._limits)
        self._record.note(Access(caller.actor, "key.used", key.id), "good", place)
        return caller

    async def check_again(self, authorization: Sequence[str]) -> None:
        """Look whether a key that was let in is good still; counts nothing.

        Raises:
            RefusedError: it is not.
            StoreUnavailableError: the database does not answer.
        """
        key = self._shown(authorization)
        if key is None or (await self._checked(key)).verdict != "good":
            raise RefusedError(NO_KEY)

    def count_person(self, caller: Caller) -> None:
        """Count what somebody who is signed in asks for.

        Raises:
            RefusedError: it is more than a person does.
        """
        self._count(caller, MOST_BY_PERSON, str(caller.actor.id), "you ask too often: try again")

    def note_refusal(self, caller: Caller, reason: str) -> None:
        """Take down that somebody who was let in was turned away for what they asked."""
        action = "session.refused" if caller.credential == OF_SESSION else "key.refused"
        self._record.note(Access(caller.actor, action, caller.credential), reason)

    def note_wrong_sign_in(self, address: str) -> None:
        """Take down from where somebody tried to sign in whom the service does not know, name or no name."""
        self._record.note(Access(self._service, "person.refused", ""), "wrong", _network(address))

    def _shown(self, authorization: Sequence[str]) -> ShownKey | None:
        scheme, _, token = authorization[0].partition(" ")
        if len(authorization) != 1 or scheme.lower() != "bearer":
            return None
        return shown_key(self._pepper, token.strip())

    async def _checked(self, key: ShownKey) -> Checked:
        """Return what the store says of a key, or said within the last second."""
        now = self._clock()
        known = self._remembered.get(key.digest)
        if known is None or now >= known.until:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered = {
                    digest: one for digest, one in self._remembered.items() if now < one.until
                }
            asked = asyncio.ensure_future(
                asyncio.to_thread(
                    self._database.read, lambda connection: check_key(connection, key, now_ms=now_ms())
                )
            )
            known = self._remembered[key.digest] = _Remembered(asked, now + REMEMBERED_SECONDS)
        return await asyncio.shield(known.answer)  # a client that leaves takes no answer from others

    def _refuse(self, place: str, key: ShownKey | None, checked: Checked) -> NoReturn:
        """Count a credential that is not good; say the same whatever is wrong with it."""
        self._limiter.hit(_WRONG, "address", place)
        if key:
            self._limiter.hit(_WRONG, "key", key.id)
            self._let_in.pop((place, key.digest), None)
        if checked.owner and key:
            self._record.note(Access(checked.owner, "key.refused", key.id), checked.verdict, place)
        else:
            self._record.note(Access(self._service, "key.refused", ""), checked.verdict, place)
        raise RefusedError(NO_KEY)

    def _refuse_guessing(self, place: str, key: ShownKey | None) -> None:
        guessed = [("address", place), *([("key", key.id)] if key else [])]
        for of in guessed:
            if not self._limiter.test(_WRONG, *of):
                self._record.note(Access(self._service, "key.refused", ""), "locked_out", place)
                seconds = self._seconds_left(_WRONG, *of)
                raise RefusedError(
                    problem(429, "locked_out", f"too many wrong keys: try again in {seconds} seconds"),
                    seconds,
                )

    def _refuse_too_often(self, caller: Caller, limits: str) -> None:
        for limit in parsed_limits(limits):
            self._count(caller, limit, caller.credential, "this key asks too often: send the request again")

    def _count(self, caller: Caller, limit: RateLimitItem, of: str, told: str) -> None:
        if not self._limiter.hit(limit, of):
            self.note_refusal(caller, "too_often")
            seconds = self._seconds_left(limit, of)
            raise RefusedError(problem(429, "too_often", f"{told} in {seconds} seconds"), seconds)

    def _seconds_left(self, limit: RateLimitItem, *of: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(limit, *of).reset_time - time.time()))

    def _remember_let_in(self, place: str, key: ShownKey) -> None:
        pair = (place, key.digest)
        self._let_in.pop(pair, None)
        self._let_in[pair] = None
        if len(self._let_in) > _MOST_REMEMBERED:
            del self._let_in[next(iter(self._let_in))]


def _network(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the IPv6 network of one customer."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
