"""The BentoML service: `bentoml serve serving.service:ScamScreen`.

Four middlewares, outermost first, do what BentoML 1.4 leaves no choice in: one harmless log line per
request (its own access log and metrics carry raw paths, so they are off), a default-deny gate (its index,
docs and schema pages answer anybody), an entrance that is closed while too much waits (its own limit counts
requests, whatever their length), and RFC 9457 bodies for its errors.
"""

import asyncio
import gc
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import bentoml
from starlette.responses import Response

import models
from models.errors import ScamScreenError
from models.redaction import Redacted, Redactor
from models.screening import Document, OperatingPoint, Screening, ScreeningError
from models.shelf import shelf_in
from serving import metrics
from serving.access.gate import AccessMiddleware, asking
from serving.access.http_heads import bound_heads
from serving.api.app import create_app
from serving.api.foreign_errors import ProblemMiddleware
from serving.api.request_log import REQUEST_SECONDS, RequestLogMiddleware, request_summary
from serving.commands.links import tell_link
from serving.console.app import console_router
from serving.end_with_server import end_with_server
from serving.log import configure_logging
from serving.outbound import Outbound
from serving.reports.desk import Desk
from serving.reports.disagreements import SHADOW_FOLDER
from serving.reports.shadow import Shadow
from serving.schemas.documents import RedactRequest, ScreenRequest
from serving.schemas.problems import NO_REDACTION_KEY, ProblemResponse
from serving.schemas.records import RedactResponse, ScreenResponse, screen_json
from serving.screening.batcher import Batcher
from serving.screening.entrance import EntranceMiddleware, unless_refused
from serving.screening.live_model import check_live, load_live
from serving.screening.model_watch import ModelWatch
from serving.settings import Settings
from serving.store.home import check_store, keys_made, open_store
from serving.terminal import say

if TYPE_CHECKING:
    from models.screener import Screener

APP = create_app()
APP.include_router(console_router())
bound_heads()


@bentoml.service(
    name="scamscreen",
    workers=1,
    traffic={"timeout": REQUEST_SECONDS + 30},  # ours comes first, with a body of ours
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
    envs=[{"name": "BENTOML_DO_NOT_TRACK", "value": "True"}],
)
@bentoml.asgi_app(APP, path="/")
class ScamScreen:
    """Screens texts for signs of scams and trafficking; ready once it has screened a first one."""

    def __init__(self) -> None:
        configure_logging()
        if bentoml.server_context.worker_index is not None:
            end_with_server()
        self._settings = settings = Settings.from_environment()
        shelf = shelf_in(settings.home)
        seen = shelf.stamp()
        self.live = load_live(settings.artifact, shelf, self._load)
        gc.freeze()  # the tables of the rules stay: to look through them holds every request up for 0.1 s
        self.batcher = Batcher(lambda: self.live.screener.screen, max_wait_seconds=settings.max_wait_seconds)
        APP.state.screen = self.batcher.submit
        APP.state.settings, APP.state.live = settings, self.live
        store = open_store(settings.store, settings.key_file)
        self._shadow = (
            Shadow(settings.shadow, self.live, store.keyring, settings.home / SHADOW_FOLDER)
            if settings.shadow
            else None
        )
        self.desk = APP.state.desk = Desk(
            store,
            self.live,
            also_told=self._shadow.offer if self._shadow else None,
            retention_days=settings.retention_days,
            event_days=settings.event_days,
            key_limits=settings.key_limits,
            escalate_minutes=settings.escalate_minutes,
            outbound=Outbound(allow_private=settings.webhook_private),
            line=settings.line,
        )
        self._watch = (
            None
            if settings.artifact
            else ModelWatch(self.live, shelf, self._load, seen, self.desk.note_model)
        )
        if self._shadow:
            self._shadow.start(_load_small, lambda: self.batcher.is_idle and self.desk.is_idle)

    def _load(self, folder: Path) -> "Screener":
        return models.load_screener(
            folder,
            threads=self._settings.threads,
            cache_bytes=self._settings.cache_bytes,
            observe=metrics.observe,
        )

    @bentoml.on_deployment  # type: ignore[untyped-decorator]
    @staticmethod
    def check() -> None:
        """End the server before it starts, with one line, if its settings, model or store cannot be used."""
        try:
            settings = Settings.from_environment()
            check_live(settings.artifact, shelf_in(settings.home))
            has_keys = settings.key_file.exists()
            check_store(settings.store, settings.key_file)
        except ScamScreenError as error:
            raise SystemExit(f"scamscreen: {error}") from None
        if not has_keys:
            say(keys_made(settings.key_file))
        if settings.open:
            tell_link()

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    async def finish(self) -> None:
        """Answer what was accepted; the server waits for it, as for every request that it has begun."""
        if self._watch:
            await asyncio.to_thread(self._watch.close)
        if self._shadow:
            await asyncio.to_thread(self._shadow.close)
        await self.batcher.close()
        await asyncio.to_thread(self.desk.close)

    @bentoml.api(route="/v1/screen", output_spec=ScreenResponse)  # type: ignore[untyped-decorator]
    async def screen(self, request: ScreenRequest, /) -> Response:
        """Return one record per document, in order; screening runs beside the event loop."""
        return await unless_refused(self._screen(request))

    @bentoml.api(route="/v1/redact", output_spec=RedactResponse)  # type: ignore[untyped-decorator]
    async def redact(self, request: RedactRequest, /) -> Response:
        """Return one redacted text per document, in order."""
        return await unless_refused(self._redact(request))

    async def _screen(self, request: ScreenRequest) -> Response:
        records = request.with_warnings(await self._in_place(request.in_order(), request.operating_point))
        languages = self.live.screener.artifact.languages
        request_summary.get().add(records, languages)
        metrics.count_records(records, languages)
        with metrics.timed("serialise"):
            return Response(screen_json(records), media_type="application/json")

    async def _redact(self, request: RedactRequest) -> Response:
        key = self._settings.redaction_key
        if request.style == "token" and key is None:
            return ProblemResponse(NO_REDACTION_KEY)
        redactor = Redactor(request.types, request.style, key=key)
        sent = request.in_order()
        unread_types = self.live.screener.unread_types
        records = await self._in_place(sent, "balanced")
        screener = self.live.screener  # may be another: one of the two has read them
        request_summary.get().add(records, screener.artifact.languages)
        texts = [item.text if isinstance(item, Document) else "" for item in sent]
        redacted = await asyncio.to_thread(redact_records, redactor, records, texts)
        unread = (unread_types | screener.unread_types) & {*request.types}
        return Response(RedactResponse.of(redacted, unread).model_dump_json(), media_type="application/json")

    async def _in_place(
        self, sent: Sequence[Document | ScreeningError], operating_point: OperatingPoint
    ) -> list[Screening | ScreeningError]:
        """Screen what can be screened, together with the documents of others; every error keeps its place."""
        owner = str(asking.get())
        documents = [replace(document, owner=owner) for document in sent if isinstance(document, Document)]
        screened = iter(await self.batcher.submit(documents, operating_point))
        return [next(screened) if isinstance(item, Document) else item for item in sent]


def _load_small(folder: Path) -> "Screener":
    """Return a screener that takes one stream of the network, and remembers and counts nothing."""
    return models.load_screener(folder, threads=1, cache_bytes=0, observe=lambda *_: None)


def redact_records(
    redactor: Redactor, records: Sequence[Screening | ScreeningError], texts: Sequence[str]
) -> list[tuple[str, Redacted] | ScreeningError]:
    """Return the id and the redacted text of every record, or why there is none."""
    return [
        record if isinstance(record, ScreeningError) else (record.id, redactor.redact(text, record.entities))
        for record, text in zip(records, texts, strict=True)
    ]


# mypy sees the class where BentoML's decorator leaves a service.
ScamScreen.add_asgi_middleware(RequestLogMiddleware)  # type: ignore[attr-defined]
ScamScreen.add_asgi_middleware(  # type: ignore[attr-defined]
    AccessMiddleware,
    read_settings=Settings.from_environment,
    find_gatekeeper=lambda: bentoml.get_current_service().desk.gatekeeper,
    find_session_keeper=lambda: bentoml.get_current_service().desk.session_keeper,
)
ScamScreen.add_asgi_middleware(  # type: ignore[attr-defined]
    EntranceMiddleware, find_batcher=lambda: bentoml.get_current_service().batcher
)
ScamScreen.add_asgi_middleware(ProblemMiddleware)  # type: ignore[attr-defined]
