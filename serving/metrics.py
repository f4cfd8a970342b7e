"""What the service counts for Prometheus: numbers by fixed codes, never a text, a name or a path."""

import os
from collections.abc import Collection, Iterable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from models.screening import Screening, ScreeningError

__all__ = ["CONTENT_TYPE_LATEST", "bounded_language", "count_records", "count_request", "exposition"]

REQUESTS = Counter("scamscreen_requests_total", "Requests answered.", ("route", "status"))
SECONDS = Histogram(
    "scamscreen_request_seconds",
    "Seconds from the first byte of a request to the last of its answer.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
DOCUMENTS = Counter("scamscreen_documents_total", "Documents answered, errors included.")
DOCUMENT_ERRORS = Counter(
    "scamscreen_document_errors_total", "Documents that could not be screened.", ("code",)
)
FLAGS = Counter("scamscreen_flags_total", "Flags raised.", ("label", "language"))


def count_request(route: str, status: int, seconds: float) -> None:
    """Add one answered request."""
    REQUESTS.labels(route, status).inc()
    SECONDS.labels(route).observe(seconds)


def count_records(records: Iterable[Screening | ScreeningError], languages: Collection[str]) -> None:
    """Add the records of one request; a language outside `languages` counts as `other`."""
    for record in records:
        DOCUMENTS.inc()
        if isinstance(record, ScreeningError):
            DOCUMENT_ERRORS.labels(record.code).inc()
        else:
            for label in record.flags:
                FLAGS.labels(label, bounded_language(record.language, languages)).inc()


def bounded_language(language: str, languages: Collection[str]) -> str:
    """Return a language that may be counted and logged: a caller can send anything as its tag."""
    return language if language in languages else "other"


def exposition() -> bytes:
    """Return all metrics of all worker processes in Prometheus' text format."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
