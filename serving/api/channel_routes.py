"""The route of messengers, for the app of `serving.api.app`: open to all, for each body is signed."""

from fastapi import APIRouter, Request, Response

from serving.channels.channel import UnreadableBodyError
from serving.schemas.problems import ENDING, ProblemResponse, problem
from serving.store.errors import StoreError

_DESCRIBED = {
    "parameters": [
        {
            "name": "X-Line-Signature",
            "in": "header",
            "required": True,
            "description": "HMAC-SHA256 of the body with the channel secret, in base64",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"events": {"type": "array"}},
                    "required": ["events"],
                }
            }
        },
    },
}
_SIGNATURE_WRONG = problem(
    401, "wrong_signature", "expected X-Line-Signature of this account's channel secret"
)
_NOT_STORED = problem(503, "store_unavailable", "not all is stored: send it again")


def channel_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()

    @router.post("/v1/channels/line", summary="Events of a LINE Official Account", openapi_extra=_DESCRIBED)
    async def take_line_events(request: Request) -> Response:
        """For LINE's platform: answers 200 once every message is stored."""
        desk = getattr(request.app.state, "desk", None)
        if desk is None:
            return ProblemResponse(ENDING)
        if desk.line is None:
            return ProblemResponse(problem(404, "not_found", "no LINE account is set up"))
        body = await request.body()
        if not desk.line.channel.is_signed(body, request.headers):
            return ProblemResponse(_SIGNATURE_WRONG, headers={"WWW-Authenticate": "X-Line-Signature"})
        try:
            received = desk.line.channel.read(body)
            await desk.line.take(received)
        except UnreadableBodyError as error:
            return ProblemResponse(problem(400, "not_readable", str(error)))
        except StoreError:
            return ProblemResponse(_NOT_STORED)
        return Response("{}", media_type="application/json")

    return router
