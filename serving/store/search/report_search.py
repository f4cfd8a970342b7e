"""Reports by their columns, words and entities, page by page.

Words and entities are looked for by their tokens alone; nothing here reads a text. Pages are cut by keys, not
by counting rows: because of reports that are stored meanwhile none is skipped and none comes twice. One whose
priority changes meanwhile has a new place in the queue, before or after the page.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, exists, func, or_, select, tuple_

from models.screening import PRIORITIES
from serving.store.casework.states import STATES
from serving.store.errors import TooShortError
from serving.store.organisations import Actor
from serving.store.report_codes import URGENT
from serving.store.sealing import Keyring
from serving.store.search.cursors import opened_cursor, sealed_cursor
from serving.store.search.of_upload import of_upload
from serving.store.search.tokens import EntityQuery, token_key, tokens_of_query
from serving.store.tables import ACTOR, CAMPAIGN, REPORT, SEARCH_TOKEN

MOST_COUNTED: Final = 10_000
_FEW: Final = 100  # no rarer word is looked for
Sort = Literal["queue", "newest"]
_COLUMNS: Final = ("status", "work", "language", "role", "channel", "platform", "safe_to_contact")


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for: in each field any of its values, none asks for nothing; all fields must hold.

    Attributes:
        priority: ranks; of what is not screened yet its place in the queue.
        flags: codes.
        campaign_id: public id of any report of the campaign.
        upload_id: public id of the upload that it was a row of.
        assignee: name of an actor.
        stored_from, stored_before, received_from, received_before: milliseconds since 1970.
        duplicates: `only` copies, or reports `without` them; an urgent copy is never left out.
        words, entities: the report has all of them.
    """

    status: Sequence[str] = ()
    work: Sequence[str] = ()
    priority: Sequence[int] = ()
    flags: Sequence[str] = ()
    language: Sequence[str] = ()
    role: Sequence[str] = ()
    channel: Sequence[str] = ()
    platform: Sequence[str] = ()
    safe_to_contact: Sequence[str] = ()
    campaign_id: str | None = None
    upload_id: str | None = None
    assignee: str | None = None
    stored_from: int | None = None
    stored_before: int | None = None
    received_from: int | None = None
    received_before: int | None = None
    in_danger: bool | None = None
    duplicates: Literal["only", "without"] | None = None
    words: str = field(default="", repr=False)
    entities: Sequence[EntityQuery] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of reports.

    Attributes:
        reports: columns of `report`, with `campaign_public_id`, `campaign_reports`, `campaign_first_ms`,
            `campaign_last_ms`, `original_public_id` and the name `assignee`.
        next: cursor of the page after it, or None.
        count: of all pages when the first was asked for: a number, or "10,000+".
    """

    reports: Sequence[Any] = field(repr=False)
    next: str | None
    count: str


class _Place(NamedTuple):
    """Where a search goes on: after this report."""

    of_all: str  # the count of all pages
    rank: int
    serial: int


def search_reports(
    connection: Connection,
    keyring: Keyring,
    actor: Actor,
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None = None,
    is_folded: bool = False,
) -> Page:
    """Return a page of the reports of the actor's organisation.

    Folded, each campaign is one report, the first of those that match; urgent ones are never folded.

    Raises:
        InvalidCursorError: the cursor is none of this search.
        TooShortError: a word has too few letters to be found by.
    """
    query = json.dumps([sort, asdict(filters), *(["folded"] if is_folded else [])], sort_keys=True)
    place = _Place(*opened_cursor(keyring, actor.organisation_id, query, cursor)) if cursor else None
    matches = _matches(connection, keyring, actor, filters, REPORT)
    if is_folded:
        others = REPORT.alias("other")
        matches.append(
            _is_first_of_campaign(
                others, _matches(connection, keyring, actor, filters, others), filters, sort
            )
        )
    if sort == "newest":
        serials = _newest(connection, matches, place, limit + 1)
    else:
        serials = _queue(connection, matches, filters.status, place, limit + 1)
    count = place.of_all if place else _count(connection, matches, serials, limit)
    page = _rows(connection, serials[:limit])
    if len(serials) <= limit:
        return Page(page, None, count)
    following = (count, page[-1].queue_rank, page[-1].serial)
    return Page(page, sealed_cursor(keyring, actor.organisation_id, query, following), count)


def _matches(
    connection: Connection, keyring: Keyring, actor: Actor, filters: Filters, report: FromClause
) -> list[ColumnElement[bool]]:
    """Return what a report has to be, as conditions on `report`: the table, or another name of it."""
    conditions = [report.c.organisation_id == actor.organisation_id]
    conditions += [report.c[name].in_(values) for name in _COLUMNS if (values := getattr(filters, name))]
    if filters.priority:
        conditions.append(report.c.queue_rank.in_(filters.priority))  # the same, and indexed
    if filters.flags:
        conditions.append(
            or_(*(report.c.flags.contains(f" {code} ", autoescape=True) for code in filters.flags))
        )
    if filters.campaign_id is not None:
        conditions.append(report.c.campaign_id == _campaign(actor, filters.campaign_id))
    if filters.upload_id is not None:
        conditions += of_upload(connection, actor, filters.upload_id, report)
    if filters.assignee is not None:
        conditions.append(report.c.assignee_id == _assignee(actor, filters.assignee))
    if filters.in_danger is not None:
        conditions.append(report.c.in_danger == filters.in_danger)
    conditions += _between(report.c.stored_ms, filters.stored_from, filters.stored_before)
    conditions += _between(report.c.received_ms, filters.received_from, filters.received_before)
    if filters.duplicates == "only":
        conditions.append(report.c.duplicate_of.is_not(None))
    elif filters.duplicates == "without":
        urgent = or_(report.c.queue_rank == URGENT, report.c.in_danger.is_(True))
        conditions.append(or_(report.c.duplicate_of.is_(None), urgent))
    key = token_key(keyring, actor.organisation_id)
    sought, has_too_short = tokens_of_query(key, filters.words, filters.entities)
    if has_too_short:
        raise TooShortError(
            "expected at least three letters of a word in Thai, Lao, Khmer or Burmese, two of one in Chinese "
            "or Japanese, and three digits of a number"
        )
    return conditions + _named(connection, actor, sought, report)


def _is_first_of_campaign(
    others: FromClause, matches: Sequence[ColumnElement[bool]], filters: Filters, sort: Sort
) -> ColumnElement[bool]:
    """Return that no other matching report of its campaign comes before a report, or that it is urgent.

    Each status is asked for alone, for so an index leads to the first of a campaign.
    """
    if sort == "newest":
        is_before = others.c.serial + 0 > REPORT.c.serial  # or the index by serial is gone through instead
    else:
        is_before = tuple_(others.c.queue_rank, others.c.serial) < tuple_(
            REPORT.c.queue_rank, REPORT.c.serial
        )
    of_campaign = (others.c.campaign_id == REPORT.c.campaign_id, is_before, *matches)
    is_alone = [
        ~exists().where(*of_campaign, others.c.status == status)
        for status in dict.fromkeys(filters.status or STATES)
    ]
    never_folded = or_(
        REPORT.c.queue_rank == URGENT, REPORT.c.in_danger.is_(True), REPORT.c.campaign_id.is_(None)
    )
    return or_(never_folded, and_(*is_alone))


def _between(
    column: ColumnElement[int], first_ms: int | None, before_ms: int | None
) -> list[ColumnElement[bool]]:
    bounds = [] if first_ms is None else [column >= first_ms]
    return bounds if before_ms is None else [*bounds, column < before_ms]


def _campaign(actor: Actor, report_id: str) -> Any:  # noqa: ANN401 (a scalar subquery)
    return (
        select(REPORT.c.campaign_id)
        .where(REPORT.c.public_id == report_id, REPORT.c.organisation_id == actor.organisation_id)
        .scalar_subquery()
    )


def _assignee(actor: Actor, name: str) -> Any:  # noqa: ANN401 (a scalar subquery)
    of_name = ACTOR.c.organisation_id == actor.organisation_id, ACTOR.c.name == name
    return select(ACTOR.c.id).where(*of_name).scalar_subquery()


def _named(
    connection: Connection, actor: Actor, sought: Sequence[frozenset[bytes]], report: FromClause
) -> list[ColumnElement[bool]]:
    """Return the conditions that reports have, of each set of tokens, at least one.

    If one of the sets is rare the reports are looked up here, from it on; else the database looks, at every
    report that it meets, whether it has them.
    """
    if not sought:
        return []
    least, rarest = MOST_COUNTED + 1, sought[0]
    for tokens in sought:
        count = _bounded(connection, _having(actor, tokens))
        if count < least:
            least, rarest = count, tokens
        if count <= _FEW:
            break
    if least > MOST_COUNTED:
        return [
            exists().where(_has(actor, tokens), SEARCH_TOKEN.c.report_serial == report.c.serial)
            for tokens in sought
        ]
    found = set(connection.execute(_having(actor, rarest)).scalars())
    for tokens in sought:
        if found and tokens is not rarest:
            among = SEARCH_TOKEN.c.report_serial.in_(sorted(found))
            found = set(connection.execute(_having(actor, tokens).where(among)).scalars())
    return [report.c.serial.in_(sorted(found))]


def _having(actor: Actor, tokens: frozenset[bytes]) -> Select[tuple[int]]:
    return select(SEARCH_TOKEN.c.report_serial).where(_has(actor, tokens))


def _has(actor: Actor, tokens: frozenset[bytes]) -> ColumnElement[bool]:
    of_organisation = SEARCH_TOKEN.c.organisation_id == actor.organisation_id
    return and_(of_organisation, SEARCH_TOKEN.c.token.in_(sorted(tokens)))


def _newest(
    connection: Connection, matches: Sequence[ColumnElement[bool]], place: _Place | None, limit: int
) -> list[int]:
    found = select(REPORT.c.serial).where(*matches).order_by(REPORT.c.serial.desc()).limit(limit)
    if place:
        found = found.where(REPORT.c.serial < place.serial)
    return list(connection.execute(found).scalars())


def _queue(
    connection: Connection,
    matches: Sequence[ColumnElement[bool]],
    statuses: Sequence[str],
    place: _Place | None,
    limit: int,
) -> list[int]:
    """Return serials in the order of the queue.

    Each rank and each status is asked for alone, for so an index leads to the place in it.
    """
    serials: list[int] = []
    for rank in range(place.rank if place else URGENT, len(PRIORITIES)):
        of_rank = select(REPORT.c.serial).where(*matches, REPORT.c.queue_rank == rank)
        of_rank = of_rank.order_by(REPORT.c.serial)
        if place and rank == place.rank:
            of_rank = of_rank.where(REPORT.c.serial > place.serial)
        of_rank = of_rank.limit(limit - len(serials))
        of_status = [of_rank.where(REPORT.c.status == one) for one in dict.fromkeys(statuses)] or [of_rank]
        found = [serial for one in of_status for serial in connection.execute(one).scalars()]
        serials += sorted(found)[: limit - len(serials)]
        if len(serials) == limit:
            break
    return serials


def _count(
    connection: Connection, matches: Sequence[ColumnElement[bool]], serials: Sequence[int], limit: int
) -> str:
    """Return how many reports match; of the first page, which shows whether there are more at all."""
    if len(serials) <= limit:
        return str(len(serials))
    count = _bounded(connection, select(REPORT.c.serial).where(*matches))
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else str(count)


def _bounded(connection: Connection, rows: Select[tuple[int]]) -> int:
    """Return how many rows there are; one more than `MOST_COUNTED` if there are more."""
    most = rows.limit(MOST_COUNTED + 1).subquery()
    return connection.execute(select(func.count()).select_from(most)).scalar_one()


def _rows(connection: Connection, serials: Sequence[int]) -> list[Any]:
    """Return reports in the order of their serials here."""
    original, of_campaign = REPORT.alias(), REPORT.alias()
    found = connection.execute(
        select(
            REPORT,
            original.c.public_id.label("original_public_id"),
            of_campaign.c.public_id.label("campaign_public_id"),
            CAMPAIGN.c.reports.label("campaign_reports"),
            CAMPAIGN.c.first_ms.label("campaign_first_ms"),
            CAMPAIGN.c.last_ms.label("campaign_last_ms"),
            ACTOR.c.name.label("assignee"),
        )
        .outerjoin(original, original.c.serial == REPORT.c.duplicate_of)
        .outerjoin(CAMPAIGN, CAMPAIGN.c.serial == REPORT.c.campaign_id)
        .outerjoin(of_campaign, of_campaign.c.serial == CAMPAIGN.c.original_serial)
        .outerjoin(ACTOR, ACTOR.c.id == REPORT.c.assignee_id)
        .where(REPORT.c.serial.in_(serials))
    )
    rows = {row.serial: row for row in found}
    return [rows[serial] for serial in serials]
