"""What came in and what became of it, in charts and numbers, and a report of a week to print."""

import asyncio
import csv
from dataclasses import dataclass
from io import StringIO
from textwrap import wrap
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from models.screening import DISCLAIMER_EN, DISCLAIMER_TH
from serving.access.record import Access
from serving.clock import now_ms
from serving.console.overview_charts import Chart, charts_of
from serving.console.periods import CHOICES, Asked, asked_period, asked_week, date_of, week_before
from serving.console.rendering import rendered
from serving.console.visit import HEADERS, PageRoute, Visit
from serving.files.flat import without_formula
from serving.store.overview.arrivals import Arrivals, count_arrivals, of_period
from serving.store.overview.decisions import count_decided
from serving.store.overview.overview import Overview, overview_of
from serving.store.overview.periods import Period, day_of

_POLICY: Final = "Content-Security-Policy"
_WITH_PICTURES: Final = {_POLICY: HEADERS[_POLICY].replace("img-src 'self'", "img-src 'self' blob:")}
"""A page that draws a chart of its own as a picture."""
_LINE_CHARS: Final = 100
_COUNTING: Final = asyncio.Semaphore(2)
"""A year takes seconds: the threads that check who asks must not all be busy with it."""
_OF_CONTACTS: Final = ("contacts", "places")


@dataclass(frozen=True, slots=True)
class WeekBefore:
    """What a week is compared with."""

    arrivals: Arrivals
    decided: int


def overview_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(route_class=PageRoute, include_in_schema=False)
    router.add_api_route("/overview", show_overview, methods=["GET"])
    router.add_api_route("/overview", show_overview, methods=["POST"])
    router.add_api_route("/overview/file", give_file, methods=["POST"])
    router.add_api_route("/overview/week", show_week, methods=["GET"])
    router.add_api_route("/overview/week", show_week, methods=["POST"])
    return router


async def show_overview(request: Request) -> Response:
    """Show the numbers of a period; of the last seven days if none was asked for."""
    visit = Visit(request)
    form = await visit.form() if request.method == "POST" else {}
    at_ms = now_ms()
    asked = asked_period(form, at_ms)
    shown: dict[str, Any] = {"asked": asked, "choices": CHOICES, "today": date_of(day_of(at_ms))}
    if asked.period is None:
        return visit.page("overview.html", status_code=422, overview=None, **shown)
    overview = await _overview(visit, asked.period, with_words=visit.caller.has_pii)
    charts = charts_of(overview, visit.language, at_ms)
    shown |= {"charts": charts, "decided": _decided(overview), "days": _days(visit, asked.period)}
    page = visit.page("overview.html", overview=overview, **shown)
    page.headers.update(_WITH_PICTURES)
    return page


async def give_file(request: Request) -> Response:
    """Return a chart as an SVG, or its numbers as CSV."""
    visit = Visit(request)
    form = await visit.form()
    at_ms = now_ms()
    asked = asked_period(form, at_ms)
    name, kind = str(form.get("chart") or ""), str(form.get("kind") or "")
    if asked.period is None:
        return _none_such()
    with_words = visit.caller.has_pii and name in _OF_CONTACTS
    overview = await _overview(visit, asked.period, with_words=with_words)
    chart = charts_of(overview, visit.language, at_ms).get(name)
    if chart is None or kind not in ("csv", "svg") or (kind == "svg" and chart.drawing is None):
        return _none_such()
    visit.desk.note(Access(visit.caller.actor, "overview.exported", ""), f"{chart.name} {kind}")
    days = _days(visit, asked.period)
    if kind == "csv":
        return _file(csv_of(chart, days), f"{chart.name}.csv", "text/csv; charset=utf-8")
    return _file(_svg(chart, days, visit), f"{chart.name}.svg", "image/svg+xml")


async def show_week(request: Request) -> Response:
    """Show the report of a week: of that a form names, or of the last whole one."""
    visit = Visit(request)
    form = await visit.form() if request.method == "POST" else {}
    at_ms = now_ms()
    asked = asked_week(form, at_ms)
    if asked.period is None:
        return visit.page("week.html", status_code=422, overview=None, asked=asked)
    with_words = visit.caller.has_pii and bool(form.get("with_words"))
    overview = await _overview(visit, asked.period, with_words=with_words)
    return visit.page(
        "week.html",
        overview=overview,
        asked=asked,
        charts=charts_of(overview, visit.language, at_ms),
        decided=_decided(overview),
        before=await _week_before(visit, asked),
        with_words=with_words,
        made_ms=at_ms,
        days=_days(visit, asked.period),
        disclaimers=(DISCLAIMER_EN, DISCLAIMER_TH),
    )


async def _overview(visit: Visit, period: Period, *, with_words: bool) -> Overview:
    actor = visit.caller.actor
    async with _COUNTING:
        overview = await visit.desk.read(
            lambda connection, keyring: overview_of(connection, keyring, actor, period, with_words=with_words)
        )
    visit.desk.note(Access(actor, "overview.read", ""), "words" if with_words else "counts")
    return overview


async def _week_before(visit: Visit, asked: Asked) -> WeekBefore | None:
    if asked.period is None:
        return None
    actor, period = visit.caller.actor, week_before(asked.period)
    return await visit.desk.read(
        lambda connection, _: WeekBefore(
            count_arrivals(connection, of_period(connection, actor, period)),
            count_decided(connection, actor, period).total(),
        )
    )


def _decided(overview: Overview) -> int:
    return sum(overview.decided.values())


def _days(visit: Visit, period: Period) -> str:
    """Return the first and the last day of a period, in words."""
    first, last = visit.language.day(period.from_ms), visit.language.day(period.before_ms - 1)
    return first if first == last else f"{first} – {last}"


def csv_of(chart: Chart, days: str) -> bytes:
    """Return the numbers as a file that a spreadsheet opens as it is, with what has to be known of them."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    for row in (chart.header, *chart.rows):
        writer.writerow([without_formula(cell) if isinstance(cell, str) else cell for cell in row])
    writer.writerow([])
    for line in (f"{chart.title}, {days}", chart.note, DISCLAIMER_EN, DISCLAIMER_TH):
        writer.writerow([line])
    return file.getvalue().encode("utf-8-sig", "replace")


def _svg(chart: Chart, days: str, visit: Visit) -> bytes:
    """Return a chart as it can stand alone."""
    assert chart.drawing is not None  # noqa: S101 (looked at before)
    title = f"{chart.title}, {days}"
    notes = (chart.note, DISCLAIMER_EN, DISCLAIMER_TH)
    lines = [line for note in notes for line in wrap(note, _LINE_CHARS, break_long_words=False)]
    framed = chart.drawing.with_frame(title, lines)
    context = {"drawing": framed, "name": chart.name, "title": title, "about": chart.about}
    return rendered("chart_file.html", visit.language, **context).strip().encode("utf-8", "replace")


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type=media_type)


def _none_such() -> Response:
    return Response(status_code=422, media_type="text/html")
