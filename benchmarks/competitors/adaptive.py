"""Our own records behind BentoML's adaptive batching: the alternative to a queue in the process.

`bentoml serve benchmarks.competitors.adaptive:Adaptive`: an inner batchable service on a bare list, which
takes the documents of several requests together, and an outer one with the body of `/v1/screen`.
"""

from typing import Any

import bentoml

from models.artifact import DEFAULT_ARTIFACT
from models.loading import load_screener
from models.screening import Document
from serving.settings import Settings

MOST_DOCUMENTS, MOST_LATENCY_MS = (
    256,
    10_000,
)  # the latter ends requests as well: it cannot be the wait aimed at


@bentoml.service(workers=1, traffic={"timeout": 120})
class Inner:
    """Screens the documents of several requests together."""

    def __init__(self) -> None:
        settings = Settings.from_environment()
        self._screener = load_screener(settings.artifact or DEFAULT_ARTIFACT, threads=settings.threads)
        self._screener.screen([Document(id="warm-up", text="Hello")])

    @bentoml.api(  # type: ignore[untyped-decorator]
        batchable=True, max_batch_size=MOST_DOCUMENTS, max_latency_ms=MOST_LATENCY_MS
    )
    def screen(self, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one record per document."""
        sent = [Document(id=document["id"], text=document["text"]) for document in documents]
        return [record.to_dict() for record in self._screener.screen(sent)]


@bentoml.service(workers=1, traffic={"timeout": 120})
class Adaptive:
    """Answers as `/v1/screen` does."""

    inner = bentoml.depends(Inner)

    @bentoml.api(route="/v1/screen")  # type: ignore[untyped-decorator]
    async def screen(self, documents: list[dict[str, Any]]) -> dict[str, Any]:
        """Return one record per document, in order."""
        return {"results": await self.inner.to_async.screen(documents)}
