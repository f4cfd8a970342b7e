"""Stored reports and campaigns as people look for them at the desk, page by page."""

from sqlalchemy import Connection

from serving.access.record import Access
from serving.reports.desk import Desk
from serving.store.access.grants import Reading, reading_of_organisation
from serving.store.errors import NotGrantedError
from serving.store.organisations import Actor
from serving.store.sealing import Keyring
from serving.store.search import campaign_search, report_search
from serving.store.search.campaign_search import CampaignPage
from serving.store.search.report_search import Filters, Page, Sort


async def search_reports(
    desk: Desk,
    actor: Actor,
    filters: Filters,
    *,
    sort: Sort,
    limit: int,
    cursor: str | None,
    organisation: str | None = None,
    is_folded: bool = False,
) -> Page:
    """Return a page of the reports of the actor's organisation, or of one that lets it read its own.

    Raises:
        NotGrantedError: there is no such organisation, or it does not let the actor.
        InvalidCursorError: the cursor is none of this search.
        TooShortError: a word has too few letters to be found by.
        StoreUnavailableError: the database does not answer.
    """

    def found(connection: Connection, keyring: Keyring) -> tuple[Page, Reading]:
        reading = reading_of_organisation(connection, actor, organisation)
        if (filters.words or filters.entities) and not reading.with_words:
            raise NotGrantedError("words, entities: this organisation does not let yours look for words")
        page = report_search.search_reports(
            connection,
            keyring,
            reading.actor,
            filters,
            sort=sort,
            limit=limit,
            cursor=cursor,
            is_folded=is_folded,
        )
        return page, reading

    page, reading = await desk.read(found)
    what = "words" if filters.words or filters.entities else "codes"
    for reader in {actor, reading.actor}:  # in the audit of both organisations
        desk.note(Access(reader, "reports.searched", ""), what)
    return page


async def search_campaigns(
    desk: Desk, actor: Actor, *, least_reports: int, limit: int, cursor: str | None
) -> CampaignPage:
    """Return a page of the campaigns of the actor's organisation.

    Raises:
        InvalidCursorError: the cursor is none of this search.
        StoreUnavailableError: the database does not answer.
    """
    return await desk.read(
        lambda connection, keyring: campaign_search.search_campaigns(
            connection, keyring, actor, least_reports=least_reports, limit=limit, cursor=cursor
        )
    )
