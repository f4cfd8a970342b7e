"""What routes answer with: what the desk of stored reports returns, or the problem it met."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel

from models.errors import ScamScreenError
from serving.outbound import RefusedAddressError
from serving.reports.desk import Desk
from serving.schemas.problems import ENDING, Problem, ProblemResponse, problem
from serving.store.access.callers import Caller
from serving.store.errors import (
    ChangedMeanwhileError,
    HeldError,
    InvalidCursorError,
    NotFoundError,
    NotGrantedError,
    RefusedChangeError,
    ReusedKeyError,
    StoreUnavailableError,
    TooManyError,
    TooShortError,
)
from serving.telling.feed import TooManyStreamsError

Work = Callable[[Desk], Awaitable[Response]]
NOT_JSON: Final = problem(400, "not_json", "the body is not readable JSON")
CHANGED_MEANWHILE: Final = problem(
    412, "changed_meanwhile", "the report was changed meanwhile, and nothing by this request: read it again"
)


def caller_of(request: Request) -> Caller:
    """Return who asks: `AccessMiddleware` has let them in."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


async def answered(request: Request, work: Work) -> Response:
    """Return the answer of a function of the desk, or the problem it met."""
    desk: Desk | None = getattr(request.app.state, "desk", None)
    if desk is None:
        return ProblemResponse(ENDING)
    try:
        return await work(desk)
    except ScamScreenError as error:
        refused = problem_of(error)
        if refused is None:
            raise
        return ProblemResponse(refused)


def problem_of(error: ScamScreenError) -> Problem | None:  # noqa: PLR0911, PLR0912 (one per error)
    """Return what a caller is told of an error, or None of one that is the service's own fault."""
    match error:
        case NotFoundError():
            return problem(404, "not_found", str(error))
        case NotGrantedError():
            return problem(422, "not_granted", str(error))
        case ChangedMeanwhileError():
            return CHANGED_MEANWHILE
        case RefusedChangeError():
            return problem(409, error.code, str(error))
        case ReusedKeyError():
            return problem(409, "key_reused", str(error))
        case HeldError():
            return problem(409, "held", str(error))
        case TooManyError():
            return problem(409, "too_many", str(error))
        case InvalidCursorError():
            return problem(422, "invalid_cursor", f"cursor: {error}")
        case TooShortError():
            return problem(422, "too_short", f"words, entities: {error}")
        case RefusedAddressError():
            return problem(422, "refused_address", f"url: {error}")
        case TooManyStreamsError():
            return problem(503, "too_many_streams", "too many streams are open: send the request again")
        case StoreUnavailableError():
            again = "the store does not answer: send the request again"
            return problem(503, "store_unavailable", f"{again}, with the same Idempotency-Key if it had one")
        case _:
            return None


def report_answer(
    told: Mapping[str, Any], status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a report or what belongs to it, with the ETag that a change has to name."""
    return json_answer(told, status_code, headers={"ETag": f'"{told["version"]}"', **(headers or {})})


def json_answer(
    content: object, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return JSON in ASCII: a text may hold half a surrogate pair, which UTF-8 cannot."""
    return Response(json.dumps(content), status_code, headers, media_type="application/json")


def model_answer(
    content: BaseModel, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a model as JSON."""
    return Response(content.model_dump_json(), status_code, headers, media_type="application/json")
