"""The routes of webhooks and of the stream of events, for the app of `serving.api.app`."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from sqlalchemy import Row

from serving.api.answers import NOT_JSON, answered, caller_of, model_answer
from serving.moment import iso, iso_or_none
from serving.reports.desk import Desk
from serving.schemas.problems import ProblemResponse, problem
from serving.schemas.webhooks import (
    DeliveryList,
    DeliveryQueued,
    DeliveryRecord,
    EventRecord,
    WebhookAdded,
    WebhookIn,
    WebhookList,
    WebhookRecord,
)
from serving.store.telling.events import KINDS, WAITING
from serving.store.telling.webhooks import Webhook

_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": WebhookIn.model_json_schema()}},
    }
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events as they happen",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "description": "of each event",
                    "properties": {
                        "id": {"type": "string", "description": "for Last-Event-ID"},
                        "event": {"type": "string", "enum": [*KINDS]},
                        "data": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "contentSchema": EventRecord.model_json_schema(),
                        },
                    },
                }
            }
        },
    }
}
_EXPECTED = f'expected {{"url": "https://...", "kinds": [...]}} with kinds of {", ".join(KINDS)}'


def webhook_router() -> APIRouter:
    """Return the routes; they work at the desk in the state of their app."""
    router = APIRouter()

    @router.post(
        "/v1/webhooks",
        status_code=201,
        response_model=WebhookAdded,
        summary="Have a URL told of events",
        openapi_extra=_BODY,
    )
    async def add_webhook(request: Request) -> Response:
        """It is sent id, case number, kind, priority and time, signed; never a word of a report."""
        try:
            sent = WebhookIn.of_body(await request.body())
        except ValidationError:
            return ProblemResponse(problem(422, "invalid_request", _EXPECTED))
        except ValueError:
            return ProblemResponse(NOT_JSON)

        async def added(desk: Desk) -> Response:
            new = await desk.telling.add_webhook(
                caller_of(request).actor, sent.url, [*dict.fromkeys(sent.kinds)]
            )
            where = {"Location": f"/v1/webhooks/{new.id}"}
            return model_answer(WebhookAdded(id=new.id, secret=new.secret), 201, where)

        return await answered(request, added)

    @router.get("/v1/webhooks", response_model=WebhookList, summary="Who is told of events")
    async def list_webhooks(request: Request) -> Response:
        """The webhooks of the caller's organisation, oldest first."""

        async def listed(desk: Desk) -> Response:
            found = await desk.telling.webhooks(caller_of(request).actor)
            return model_answer(WebhookList(webhooks=[_webhook(one) for one in found]))

        return await answered(request, listed)

    @router.delete("/v1/webhooks/{webhook_id}", status_code=204, summary="Tell a URL nothing any more")
    async def remove_webhook(request: Request, webhook_id: str) -> Response:
        """What it was told stays on record."""

        async def removed(desk: Desk) -> Response:
            await desk.telling.remove_webhook(caller_of(request).actor, webhook_id)
            return Response(status_code=204)

        return await answered(request, removed)

    @router.post(
        "/v1/webhooks/{webhook_id}/test",
        status_code=202,
        response_model=DeliveryQueued,
        summary="Have a webhook told of a test",
    )
    async def test_webhook(request: Request, webhook_id: str) -> Response:
        """What comes of it is seen among its deliveries."""

        async def queued(desk: Desk) -> Response:
            return model_answer(
                DeliveryQueued(id=await desk.telling.test_webhook(caller_of(request).actor, webhook_id)), 202
            )

        return await answered(request, queued)

    @router.get(
        "/v1/webhooks/{webhook_id}/deliveries", response_model=DeliveryList, summary="What a webhook was told"
    )
    async def list_deliveries(request: Request, webhook_id: str) -> Response:
        """The newest deliveries, dead ones included, newest first."""

        async def listed(desk: Desk) -> Response:
            rows = await desk.telling.deliveries(caller_of(request).actor, webhook_id)
            return model_answer(DeliveryList(deliveries=[_delivery(row) for row in rows]))

        return await answered(request, listed)

    @router.post(
        "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
        status_code=202,
        response_model=DeliveryQueued,
        summary="Make a delivery again",
    )
    async def retry_delivery(request: Request, webhook_id: str, delivery_id: str) -> Response:
        """At once, and for a day if need be."""

        async def queued(desk: Desk) -> Response:
            await desk.telling.retry(caller_of(request).actor, webhook_id, delivery_id)
            return model_answer(DeliveryQueued(id=delivery_id), 202)

        return await answered(request, queued)

    @router.get(
        "/v1/events", response_class=StreamingResponse, responses=_STREAM, summary="Events as they happen"
    )
    async def stream_events(
        request: Request,
        last_event_id: Annotated[
            str, Header(pattern="^[0-9]{1,18}$", description="go on after this event")
        ] = "",
    ) -> Response:
        """Server-sent events of the caller's organisation; their data are what webhooks are sent.

        The stream ends after some minutes; its client comes again with `Last-Event-ID` and misses nothing.
        """

        async def followed(desk: Desk) -> Response:
            after = int(last_event_id) if last_event_id else None
            events = await desk.telling.feed.stream(caller_of(request), after)
            return StreamingResponse(
                events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
            )

        return await answered(request, followed)

    return router


def _webhook(one: Webhook) -> WebhookRecord:
    return WebhookRecord(
        id=one.id,
        host=one.host,
        kinds=[*one.kinds],  # type: ignore[list-item]  # they were checked when it was added
        created_at=iso(one.created_ms),
        disabled_at=iso_or_none(one.disabled_ms),
    )


def _delivery(row: Row[Any]) -> DeliveryRecord:
    return DeliveryRecord(
        id=row.public_id,
        kind=row.kind,
        report_id=row.report_id or None,
        state=row.state,
        attempts=row.attempts,
        last_status=row.last_status,
        begun_at=iso(row.begun_ms),
        next_at=iso(row.next_ms) if row.state == WAITING else None,
        ended_at=iso_or_none(row.ended_ms),
    )
