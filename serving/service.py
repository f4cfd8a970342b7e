"""The BentoML service: `bentoml serve serving.service:ScamScreen`.

Three middlewares, outermost first, do what BentoML 1.4 leaves no choice in: one harmless log line per
request (its own access log and metrics carry raw paths, so they are off), a default-deny gate (its index,
docs and schema pages answer anybody), and RFC 9457 bodies for its errors.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import bentoml
from bentoml.exceptions import ServiceUnavailable, UnprocessableEntity

from models.artifact import load_artifact
from models.errors import ScamScreenError
from models.redaction import Redacted, Redactor
from models.screener import load_screener
from models.screening import Document, OperatingPoint, Screening, ScreeningError
from serving.access import AccessMiddleware
from serving.http import create_app
from serving.log import REQUEST_SECONDS, RequestLogMiddleware, configure_logging, request_summary
from serving.metrics import count_records
from serving.problems import ProblemMiddleware
from serving.schemas import RedactRequest, RedactResponse, ScreenRequest, ScreenResponse
from serving.settings import Settings

WARM_UP = Document(id="warm-up", text="Hello")
CONCURRENT_SCREENINGS = 2  # one tokenises while the other computes
MAX_REQUESTS = 32  # in screening at once; one more is asked to come back
SLICE_CHARS = 20_000  # screened at a time, so that a short request gets in between those of a long one


@bentoml.service(
    name="scamscreen",
    workers=1,
    traffic={"timeout": REQUEST_SECONDS + 30},  # ours comes first, with a body of ours
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
    tracing={"excluded_urls": ".*"},
    envs=[{"name": "BENTOML_DO_NOT_TRACK", "value": "True"}],
)
@bentoml.asgi_app(create_app(), path="/")
class ScamScreen:
    """Screens texts for signs of scams and trafficking; ready once it has screened a first one."""

    def __init__(self) -> None:
        configure_logging()
        self._settings = Settings.from_environment()
        self._screener = load_screener(self._settings.artifact, threads=self._settings.threads)
        self._screener.screen([WARM_UP])
        self._requests = 0
        self._threads = ThreadPoolExecutor(CONCURRENT_SCREENINGS, thread_name_prefix="screening")

    @bentoml.on_deployment  # type: ignore[untyped-decorator]
    @staticmethod
    def check() -> None:
        """End the server before it starts, with one line, if its settings or its model cannot be used."""
        try:
            load_artifact(Settings.from_environment().artifact)
        except ScamScreenError as error:
            raise SystemExit(f"scamscreen: {error}") from None

    @bentoml.api(route="/v1/screen")  # type: ignore[untyped-decorator]
    async def screen(self, request: ScreenRequest, /) -> ScreenResponse:
        """Return one record per document, in order; screening runs beside the event loop."""
        sent = request.in_order()
        records = request.with_warnings(await self._in_place(sent, request.operating_point))
        languages = self._screener.artifact.languages
        request_summary.get().add(records, languages)
        count_records(records, languages)
        return ScreenResponse.of(records)

    @bentoml.api(route="/v1/redact")  # type: ignore[untyped-decorator]
    async def redact(self, request: RedactRequest, /) -> RedactResponse:
        """Return one redacted text per document, in order."""
        key = self._settings.redaction_key
        if request.style == "token" and key is None:
            raise UnprocessableEntity("no key for tokens")  # ProblemMiddleware words the answer
        redactor = Redactor(request.types, request.style, key=key)
        sent = request.in_order()
        records = await self._in_place(sent, "balanced")
        request_summary.get().add(records, self._screener.artifact.languages)
        texts = [item.text if isinstance(item, Document) else "" for item in sent]
        loop = asyncio.get_running_loop()
        redacted = await loop.run_in_executor(self._threads, redact_records, redactor, records, texts)
        return RedactResponse.of(redacted, self._screener.unread_types & {*request.types})

    async def _in_place(
        self, sent: Sequence[Document | ScreeningError], operating_point: OperatingPoint
    ) -> list[Screening | ScreeningError]:
        """Screen what can be screened, unless too many requests wait already; every error keeps its place."""
        if self._requests >= MAX_REQUESTS:
            raise ServiceUnavailable("too many requests wait")  # ProblemMiddleware words the answer
        self._requests += 1
        try:
            documents = [document for document in sent if isinstance(document, Document)]
            screened = iter(await self._screen(documents, operating_point))
        finally:
            self._requests -= 1
        return [next(screened) if isinstance(item, Document) else item for item in sent]

    async def _screen(
        self, documents: Sequence[Document], operating_point: OperatingPoint
    ) -> list[Screening | ScreeningError]:
        """Screen slice by slice, each queueing anew; a request whose time is over ends between two."""
        loop = asyncio.get_running_loop()
        records: list[Screening | ScreeningError] = []
        for part in slices(documents):
            records += await loop.run_in_executor(self._threads, self._screener.screen, part, operating_point)
        return records


def redact_records(
    redactor: Redactor, records: Sequence[Screening | ScreeningError], texts: Sequence[str]
) -> list[tuple[str, Redacted] | ScreeningError]:
    """Return the id and the redacted text of every record, or why there is none."""
    return [
        record if isinstance(record, ScreeningError) else (record.id, redactor.redact(text, record.entities))
        for record, text in zip(records, texts, strict=True)
    ]


def slices(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield the documents in lists of at most `SLICE_CHARS`; a text longer than that is alone in its own."""
    part: list[Document] = []
    chars = 0
    for document in documents:
        if part and chars + len(document.text) > SLICE_CHARS:
            yield part
            part, chars = [], 0
        part.append(document)
        chars += len(document.text)
    if part:
        yield part


# mypy sees the class where BentoML's decorator leaves a service.
ScamScreen.add_asgi_middleware(RequestLogMiddleware)  # type: ignore[attr-defined]
ScamScreen.add_asgi_middleware(  # type: ignore[attr-defined]
    AccessMiddleware, read_settings=Settings.from_environment
)
ScamScreen.add_asgi_middleware(ProblemMiddleware)  # type: ignore[attr-defined]
