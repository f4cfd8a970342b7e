"""What the service counts for Prometheus: numbers by fixed codes, never a text, a name or a path."""

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from models.screening import Screening, ScreeningError
from serving.drift_window import DriftWindow

__all__ = [
    "CONTENT_TYPE_LATEST",
    "FAILED_BATCHES",
    "REFUSED",
    "bounded_language",
    "count_delivery",
    "count_escalated",
    "count_ignored",
    "count_model_switch",
    "count_records",
    "count_request",
    "count_shadow",
    "count_shadow_disagreements",
    "exposition",
    "observe",
    "observe_batch",
    "set_model_refused",
    "set_stored",
    "set_waiting",
    "timed",
    "watch",
]

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
SCREENINGS = Counter(
    "scamscreen_screenings_total",
    "Documents screened, by what answered: model, cache or cascade.",
    ("stage",),
)
REFUSED = Counter("scamscreen_refused_requests_total", "Requests asked to come back, since too much waited.")
FAILED_BATCHES = Counter(
    "scamscreen_failed_batches_total",
    "Batches that failed; what they held is tried again part by part.",
)
WAITING_DOCUMENTS = Gauge(
    "scamscreen_waiting_documents", "Documents that wait to be screened.", multiprocess_mode="mostrecent"
)
WAITING_TOKENS = Gauge(
    "scamscreen_waiting_tokens", "Their tokens, estimated.", multiprocess_mode="mostrecent"
)
QUEUE_SECONDS = Histogram(
    "scamscreen_queue_seconds",
    "Seconds that a request waited until its first document was begun.",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BATCH_DOCUMENTS = Histogram(
    "scamscreen_batch_documents",
    "Documents screened together, of all requests.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
NETWORK_BATCH_TOKENS = Histogram(
    "scamscreen_network_batch_tokens",
    "Tokens that the network read at once, padding included.",
    buckets=(32, 64, 128, 256, 512, 1024, 1536, 2048, 4096, 8192),
)
NETWORK_BATCH_PADDING = Histogram(
    "scamscreen_network_batch_padding_ratio",
    "Share of those tokens that was padding.",
    buckets=(0.01, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5, 1),
)
DRIFT = Gauge(
    "scamscreen_drift_bits",
    "How far languages and flags of the last 1,000 documents are from those of the 1,000 before: "
    "Jensen-Shannon divergence, 0 alike, 1 nothing in common.",
    ("of",),
    multiprocess_mode="mostrecent",
)
IGNORED = Counter(
    "scamscreen_channel_ignored_total",
    "What came over a channel and is no report: stickers, people who join.",
    ("channel", "kind"),
)
UNSCREENED_REPORTS = Gauge(
    "scamscreen_unscreened_reports",
    "Stored reports that wait to be screened, of the whole store.",
    multiprocess_mode="mostrecent",
)
UNANSWERED_REPORTS = Gauge(
    "scamscreen_unanswered_reports",
    "Reports that are or seem urgent, not acknowledged and not escalated, of the whole store.",
    multiprocess_mode="mostrecent",
)
STORE_SEEN = Gauge(
    "scamscreen_store_seen_timestamp_seconds",
    "When the store last answered the look for urgent reports, every five seconds.",
    multiprocess_mode="mostrecent",
)
ESCALATED = Counter(
    "scamscreen_escalated_reports_total", "Urgent reports that nobody acknowledged in time, by this service."
)
DELIVERIES = Counter(
    "scamscreen_deliveries_total",
    "Attempts to tell a webhook: taken, failed (tried again), dead (given up) or gone (answered 410).",
    ("outcome",),
)
MODEL_SWITCHES = Counter(
    "scamscreen_model_switches_total", "How often another model was put to work, by this service."
)
MODEL_REFUSED = Gauge(
    "scamscreen_model_refused",
    "1 while the model that was chosen cannot be loaded and another one answers.",
    multiprocess_mode="mostrecent",
)
SHADOW_TEXTS = Counter(
    "scamscreen_shadow_texts_total",
    "Texts offered to the candidate beside the live model: compared, dropped for lack of time, or too long.",
    ("outcome",),
)
SHADOW_DISAGREEMENTS = Counter(
    "scamscreen_shadow_disagreements_total",
    "Labels that one of the two found and the other did not; `by` says which: live or candidate.",
    ("label", "language", "by"),
)
STAGE_SECONDS = Histogram(
    "scamscreen_stage_seconds",
    "Seconds that a batch (serialise: an answer) spent in a stage.",
    ("stage",),
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
_DRIFT_OF = ("languages", "flags")
_WINDOW = DriftWindow()


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
            SCREENINGS.labels(record.stage).inc()
            watch(record, languages)
            for label in record.flags:
                FLAGS.labels(label, bounded_language(record.language, languages)).inc()


def watch(record: Screening, languages: Collection[str]) -> None:
    """Add a record to the window that tells of drift; a language outside `languages` counts as `other`."""
    flags = (*record.flags, *record.context_labels)
    moved = _WINDOW.add(bounded_language(record.language, languages), flags)
    if moved is not None:
        for of, bits in zip(_DRIFT_OF, moved, strict=True):
            DRIFT.labels(of).set(bits)


def count_ignored(channel: str, kind: str) -> None:
    """Add something that came over a channel and is no report; `kind` is a name of ours."""
    IGNORED.labels(channel, kind).inc()


def count_delivery(outcome: str) -> None:
    """Add an attempt to tell a webhook; `outcome` is a name of ours."""
    DELIVERIES.labels(outcome).inc()


def count_escalated(reports: int) -> None:
    """Add reports that were escalated."""
    ESCALATED.inc(reports)


def count_model_switch() -> None:
    """Add that another model was put to work."""
    MODEL_SWITCHES.inc()


def set_model_refused(*, refused: bool) -> None:
    """Set whether the model that was chosen cannot be loaded."""
    MODEL_REFUSED.set(refused)


def count_shadow(outcome: str, texts: int = 1) -> None:
    """Add texts that were offered to the candidate; `outcome` is a name of ours."""
    SHADOW_TEXTS.labels(outcome).inc(texts)


def count_shadow_disagreements(labels: Iterable[str], language: str, by: str) -> None:
    """Add labels that one alone found; `language` is a bounded one, `by` `live` or `candidate`."""
    for label in labels:
        SHADOW_DISAGREEMENTS.labels(label, language, by).inc()


def set_stored(unscreened: int, unanswered: int) -> None:
    """Set what waits in the store, which has just told it."""
    UNSCREENED_REPORTS.set(unscreened)
    UNANSWERED_REPORTS.set(unanswered)
    STORE_SEEN.set_to_current_time()


def set_waiting(documents: int, tokens: int) -> None:
    """Set what waits now."""
    WAITING_DOCUMENTS.set(documents)
    WAITING_TOKENS.set(tokens)


def observe_batch(documents: int, waits_seconds: Iterable[float]) -> None:
    """Add a batch that is begun, and how long the requests waited that it is the first for."""
    BATCH_DOCUMENTS.observe(documents)
    for seconds in waits_seconds:
        QUEUE_SECONDS.observe(seconds)


def observe(name: str, value: float) -> None:
    """Add what a screener measured: `batch_tokens`, `batch_padding` (0 to 1), or a stage's seconds."""
    match name:
        case "batch_tokens":
            NETWORK_BATCH_TOKENS.observe(value)
        case "batch_padding":
            NETWORK_BATCH_PADDING.observe(value)
        case _:
            STAGE_SECONDS.labels(name).observe(value)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Add the seconds of a block to those of a stage."""
    started = perf_counter()
    try:
        yield
    finally:
        observe(stage, perf_counter() - started)


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
