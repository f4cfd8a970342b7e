"""The numbers of a period -> charts and tables, in the language of who reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from babel import Locale
from babel.dates import format_date, get_day_names

from models.screening import PRIORITIES
from serving.clock import DAY_MS
from serving.console.ages import age
from serving.console.drawing import Drawing, Series, draw_bars, draw_columns, draw_map
from serving.console.languages import Language
from serving.console.names import channel_names, priority_names
from serving.store.counting import MOST_COUNTED
from serving.store.overview.arrivals import Arrivals
from serving.store.overview.losses import MOST_READ as MOST_LOSSES
from serving.store.overview.losses import Losses
from serving.store.overview.overview import Overview
from serving.store.overview.periods import beginning_of
from serving.store.overview.rankings import MOST_READ as MOST_TEXTS
from serving.store.overview.rankings import Places, RankedContact
from serving.store.overview.waiting import Waiting
from serving.store.search.contacts import shown_contact

_SCREENED: Final = "screened"
_WEEK_DAYS: Final = 7
_DAY_HOURS: Final = 24
_FIRST_WEEKDAY: Final = 3
"""Of the year 1970: a Thursday."""
_MOST_BARS: Final = 24
Cell = str | int


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers with a name.

    Attributes:
        name: for programs.
        about: what is to be seen, for who cannot see it.
        note: what has to be known to read it right.
        rows: as `header` says; the first cell of each is its name.
        drawing: None of what is shown as a table alone.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = field(default=(), repr=False)
    drawing: Drawing | None = field(default=None, repr=False)
    about: str = ""
    note: str = ""


def charts_of(overview: Overview, language: Language, now_ms: int) -> dict[str, Chart]:
    """Return all charts of an overview by their names; those of contacts and places if it has them."""
    came = overview.arrivals
    charts = [
        _days(overview, language),
        _labels(came, language),
        _languages(came, language),
        _channels(came, language),
        _hours(came, language),
        _waiting(overview, language, now_ms),
        _losses(overview.losses, language),
    ]
    if overview.contacts is not None:
        charts.append(_contacts(overview.contacts, language))
    if overview.places is not None:
        charts.append(_places(overview.places, language))
    return {chart.name: chart for chart in charts}


def counted(waiting: Waiting) -> str:
    """Return how much waits, as far as it was counted."""
    return f"{MOST_COUNTED:,}+" if waiting.count > MOST_COUNTED else f"{waiting.count:,}"


def _labels(came: Arrivals, language: Language) -> Chart:
    _ = language.text
    rows = [(language.term(code), count) for code, count in sorted(came.labels.items(), key=_by_count)]
    note = _(
        "As the computer flagged them. A report can have several labels. Adverts of commercial sex are not "
        "ranked."
    )
    header = (_("Label"), _("Reports"))
    chart = Chart("labels", _("What reports show signs of"), header, note=note)
    return _drawn(chart, language, rows)


def _languages(came: Arrivals, language: Language) -> Chart:
    _ = language.text
    names: Mapping[str, str] = Locale.parse(language.tag).languages
    rows = [
        (names.get(tag, tag) if tag else _("not known yet"), count) for tag, count in came.languages.items()
    ]
    return _drawn(Chart("languages", _("Languages"), (_("Language"), _("Reports"))), language, rows)


def _channels(came: Arrivals, language: Language) -> Chart:
    _ = language.text
    names = channel_names(language)
    rows = [(names.get(code, code) or _("not told"), count) for code, count in came.channels.items()]
    return _drawn(Chart("channels", _("Channels"), (_("Channel"), _("Reports"))), language, rows)


def _days(overview: Overview, language: Language) -> Chart:
    """Return what came in, was screened and was decided, day by day."""
    _ = language.text
    days = overview.period.days
    came: dict[int, int] = dict.fromkeys(days, 0)
    for hour, count in overview.arrivals.hours.items():
        came[hour // _DAY_HOURS] += count
    screened = [overview.arrivals.works.get((day, _SCREENED), 0) for day in days]
    decided = [overview.decided.get(day, 0) for day in days]
    series = [
        Series(_("came in"), list(came.values())),
        Series(_("screened"), screened),
        Series(_("decided"), decided),
    ]
    short = [_short_day(day, language) for day in days]
    whole = [language.day(beginning_of(day)) for day in days]
    return Chart(
        "days",
        _("Day by day"),
        (_("Day"), _("came in"), _("screened"), _("decided")),
        tuple(zip(whole, came.values(), screened, decided, strict=True)),
        draw_columns(short, series),
        _("Columns for each day: how many reports came in, were screened and were decided."),
        _("“Screened” counts reports that came in on that day, “decided” all that people decided on it."),
    )


def _hours(came: Arrivals, language: Language) -> Chart:
    """Return when reports come in: weekdays and hours of Bangkok."""
    _ = language.text
    named = get_day_names("abbreviated", locale=language.tag)
    weekdays = [str(named[weekday]) for weekday in range(_WEEK_DAYS)]
    counts = [[0] * _DAY_HOURS for _weekday in weekdays]
    for at, count in came.hours.items():
        day, hour = divmod(at, _DAY_HOURS)
        counts[(day + _FIRST_WEEKDAY) % _WEEK_DAYS][hour] += count
    return Chart(
        "hours",
        _("Weekdays and hours"),
        (_("Hour"), *weekdays),
        tuple(
            (f"{hour:02}:00", *(of_day[hour] for of_day in counts))
            for hour in range(_DAY_HOURS)
            if came.total
        ),
        draw_map(list(zip(weekdays, counts, strict=True))),
        _("A cell for each hour of each weekday; the fuller it is, the more reports came in."),
    )


def _waiting(overview: Overview, language: Language, now_ms: int) -> Chart:
    """Return what waits now, and how long the oldest of it has."""
    _ = language.text
    names = priority_names(language)
    lines = [(_("to be screened"), overview.unscreened)]
    lines += [(names[name], one) for name, one in zip(PRIORITIES, overview.undecided, strict=True)]
    rows = [
        (name, counted(one), "–" if one.oldest_ms is None else age(language, now_ms - one.oldest_ms))
        for name, one in lines
    ]
    header = (_("Waits"), _("Reports"), _("The oldest for"))
    note = _("As it is now, whatever the period. A priority waits until a person has decided.")
    return Chart("waiting", _("What waits"), header, tuple(rows), note=note)


def _losses(losses: Losses, language: Language) -> Chart:
    _ = language.text
    note = _(
        "Sums that a machine read in reports of losses. It may count a sum twice, take a promise for a loss, "
        "or miss one: an order of magnitude, and no more."
    )
    rows = [
        (one.currency or _("no currency"), one.reports, _amount(one.total), _amount(one.largest))
        for one in losses.sums
    ]
    header = (_("Currency"), _("Reports"), _("In all"), _("The largest of a report"))
    note = f"{note} {_read(losses.read, MOST_LOSSES, language, is_cut=losses.is_cut)}"
    return Chart("losses", _("Reported losses"), header, tuple(rows), note=note)


def _contacts(contacts: tuple[RankedContact, ...], language: Language) -> Chart:
    _ = language.text
    rows = [
        (
            _contact(one, language),
            _kind(one, language),
            one.reports,
        )
        for one in contacts
    ]
    note = _(
        "Only contacts in adverts, messages and scripts that were flagged, never those of reporters or of "
        "people at risk. A contact here is a lead, and no proof: numbers are hired, stolen and forged."
    )
    header = (_("Contact"), _("Kind"), _("Reports"))
    return Chart("contacts", _("Contacts named most"), header, tuple(rows), note=note)


def _places(places: Places, language: Language) -> Chart:
    _ = language.text
    countries: Mapping[str, str] = Locale.parse(language.tag).territories
    rows = [(one.name, countries.get(one.country, one.country) or "–", one.reports) for one in places.ranked]
    note = _(
        "In flagged adverts, messages and scripts. That a place is named says nothing about who lives there."
    )
    return Chart(
        "places",
        _("Places named most"),
        (_("Place"), _("Country"), _("Reports")),
        tuple(rows),
        draw_bars([(name, count) for name, _country, count in rows]),
        _("A bar for each; its length is how many reports name it."),
        f"{note} {_read(places.read, MOST_TEXTS, language, is_cut=places.is_cut)}",
    )


def _drawn(chart: Chart, language: Language, rows: list[tuple[str, int]]) -> Chart:
    """Return a chart with a bar for each of its rows, at most `_MOST_BARS`."""
    _ = language.text
    about = _("A bar for each; its length is how many reports came in.")
    return replace(chart, about=about, rows=tuple(rows), drawing=draw_bars(rows[:_MOST_BARS]))


def _by_count(pair: tuple[str, int]) -> int:
    return -pair[1]


def _short_day(day: int, language: Language) -> str:
    date = datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date()
    return str(format_date(date, "d MMM", locale=language.tag))


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"


def _read(read: int, most: int, language: Language, *, is_cut: bool) -> str:
    """Return how many texts a number rests on."""
    _ = language.text
    if is_cut:
        return _("Read were the %(most)s newest; there are more.") % {"most": f"{most:,}"}
    return _("Read were %(read)s texts.") % {"read": f"{read:,}"}


def _contact(one: RankedContact, language: Language) -> str:
    _ = language.text
    return shown_contact(one.entity) if one.entity else _("its words were removed")


def _kind(one: RankedContact, language: Language) -> str:
    if one.entity is None:
        return "–"
    more = (one.entity.attributes.get(name) for name in ("platform", "bank", "chain"))
    return ", ".join((language.term(one.entity.type), *(str(told) for told in more if told)))
