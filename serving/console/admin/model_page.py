"""The model that runs: what it is, where it speaks up, what it is worth, and its card."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from models.taxonomy import LABELS
from serving.console.admin.model_documents import read_documents
from serving.console.languages import Language
from serving.console.visit import PageRoute, Visit
from serving.screening.live_model import LiveModel


def model_router() -> APIRouter:
    """Return the route."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/admin/model", show_model, methods=["GET"])
    return router


async def show_model(request: Request) -> Response:
    """Show what the running model's folder says of it, and whether that is still the running model's."""
    visit = Visit(request)
    live: LiveModel = request.app.state.live
    running = live.info
    documents = await asyncio.to_thread(read_documents, live.folder)
    thresholds = documents.manifest.get("thresholds", {})
    certificates = documents.manifest.get("certificates", {})
    return visit.page(
        "admin_model.html",
        running=running,
        is_same=documents.sha256 == running.sha256,
        refused=live.refused,
        languages_read=[(tag, certificates.get(tag)) for tag in documents.manifest.get("languages", ())],
        thresholds=[
            (code, [values.get(code) for values in thresholds.values()]) for code in LABELS if thresholds
        ],
        points=list(thresholds),
        figures=documents.figures,
        figure_names=_figure_names(visit.language),
        card=documents.card,
    )


def _figure_names(language: Language) -> Mapping[str, str]:
    _ = language.text
    return {
        "written_test.macro_average_precision": _("Written test: average precision, mean of the labels"),
        "written_test.any_right_label": _("Written test: positives with a right label"),
        "written_test.false_alarms_hard": _("Written test: false alarms on hard negatives"),
        "written_test.false_alarms_on_warnings": _("Written test: false alarms on warnings"),
        "written_test.role_accuracy": _("Written test: right role"),
        "written_test.person_at_risk_screening": _("Written test: persons at risk found, early"),
        "test_split.macro_average_precision": _("Open sets: average precision, mean of the labels"),
        "test_split.person_at_risk_recall_screening": _("Open sets: persons at risk found, early"),
    }
