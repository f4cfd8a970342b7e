"""How a call can fail; part of the tree in `models.errors`.

    ClientError
      NotAnsweredError          no answer came: nobody knows whether the call was done
      UnexpectedAnswerError     what answered is not this service
      StreamLostError           the stream of events could not be taken up again
      RefusedError              the service said no, with a problem (RFC 9457)
        InvalidRequestError     400, 405, 413, 415, 422, 428: the call is wrong
        NotAllowedError         401, 403: the key is wrong, or may not do this
        NotFoundError           404
        ConflictError           409: the report, as it stands, does not allow it
        ChangedMeanwhileError   412: somebody changed it first
        TooManyRequestsError    429, after all attempts
        UnavailableError        500 and over, after all attempts

Messages quote nothing that was sent.
"""

from collections.abc import Mapping
from typing import Final

from models.errors import ScamScreenError


class ClientError(ScamScreenError):
    """A call failed.

    Attributes:
        idempotency_key: of reports that may not be stored: send the same ones with it again, and none is
            stored twice; None if the call carried none.
    """

    def __init__(self, message: str, *, idempotency_key: str | None = None) -> None:
        super().__init__(message)
        self.idempotency_key = idempotency_key


class NotAnsweredError(ClientError):
    """No answer came: nobody knows whether the call was done."""


class UnexpectedAnswerError(ClientError):
    """What answered is not this service, or not this version of it."""


class StreamLostError(ClientError):
    """The stream of events could not be taken up again.

    Attributes:
        last_event_id: go on after it, and nothing is missed; None if the stream never began.
    """

    def __init__(self, message: str, *, last_event_id: int | None) -> None:
        super().__init__(message)
        self.last_event_id = last_event_id


class RefusedError(ClientError):
    """The service said no.

    Attributes:
        status: of HTTP.
        code: the service's word for it, as `wrong_state`; "" if a proxy answered.
        detail: what it expected; quotes nothing that was sent.
        retry_after_seconds: when to come again, if it said so.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        detail: str,
        retry_after_seconds: float | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        super().__init__(message, idempotency_key=idempotency_key)
        self.status, self.code, self.detail = status, code, detail
        self.retry_after_seconds = retry_after_seconds


class InvalidRequestError(RefusedError):
    """The call is wrong: it would be refused again."""


class NotAllowedError(RefusedError):
    """The key is wrong, or may not do this."""


class NotFoundError(RefusedError):
    """There is no such report, or not for this key."""


class ConflictError(RefusedError):
    """The report, as it stands, does not allow it; or the Idempotency-Key came before with other reports."""


class ChangedMeanwhileError(RefusedError):
    """The report has another version than the one that was seen: read it again.

    Attributes:
        maybe_by_this_call: an earlier attempt of the same call was not answered, and may be what changed it.
    """

    maybe_by_this_call = False


class TooManyRequestsError(RefusedError):
    """The service has too much to do, or the key asks too often."""


class UnavailableError(RefusedError):
    """The service cannot answer now."""


OF_STATUS: Final[Mapping[int, type[RefusedError]]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    412: ChangedMeanwhileError,
    429: TooManyRequestsError,
}


def error_of(status: int) -> type[RefusedError]:
    """Return what a refusal of this status, 400 or over, is raised as."""
    return OF_STATUS.get(status, UnavailableError if status >= 500 else InvalidRequestError)
