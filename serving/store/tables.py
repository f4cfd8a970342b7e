"""The tables of the store. Words of people stand only in columns named `sealed`, encrypted (`sealing`).

Times are milliseconds since 1970, UTC. `serial` grows in the order rows were stored; what callers see of a
report is its `public_id` and its `case_ref`.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
    text,
)

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only what it calls INTEGER
DIGEST_BYTES: Final = 32


def _serial() -> Column[int]:
    return Column("serial", _SERIAL, primary_key=True, autoincrement=True)


def _organisation() -> Column[int]:
    return Column("organisation_id", ForeignKey("organisation.id"), nullable=False)


def _actor() -> Column[int]:
    return Column("actor_id", ForeignKey("actor.id"), nullable=False)


def _report(*, primary_key: bool = False) -> Column[int]:
    return Column("report_serial", ForeignKey("report.serial"), nullable=False, primary_key=primary_key)


def _ms(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


ORGANISATION: Final = Table(
    "organisation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("case_prefix", String, nullable=False, unique=True),
    Column("audit_serial", BigInteger, nullable=False),
    Column("audit_digest", LargeBinary, nullable=False),
    _ms("created_ms"),
)
"""Whom reports belong to. `audit_*`: the last link of its chain (`audit`)."""

ACTOR: Final = Table(
    "actor",
    METADATA,
    Column("id", Integer, primary_key=True),
    _organisation(),
    Column("kind", String, nullable=False),  # person, machine
    Column("name", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("role", String, nullable=False),
    _ms("created_ms"),
    _ms("disabled_ms", nullable=True),
    UniqueConstraint("organisation_id", "name"),
)
"""A person or a program that does something."""

CREDENTIAL: Final = Table(
    "credential",
    METADATA,
    Column("id", Integer, primary_key=True),
    _organisation(),
    _actor(),
    Column("kind", String, nullable=False),  # api_key, password
    Column("handle", String, nullable=False, unique=True),  # the public part: id of a key, name to sign in
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", String, nullable=False),  # with blanks between them
    Column("limits", String, nullable=False),  # as "60/minute; 5000/day"; "": those of the service
    _ms("created_ms"),
    _ms("expires_ms", nullable=True),
    _ms("revoked_ms", nullable=True),
)
"""What an actor shows to be let in; never the secret itself."""

CASE_SERIAL: Final = Table(
    "case_serial",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last case number given, by year."""

REPORT: Final = Table(
    "report",
    METADATA,
    _serial(),
    Column("public_id", String(32), nullable=False, unique=True),
    _organisation(),
    _actor(),
    Column("case_ref", String, nullable=False),
    _ms("stored_ms"),
    _ms("received_ms"),
    Column("version", Integer, nullable=False),
    # the screening that is to be done
    Column("work", String, nullable=False),  # waiting, screened, failed
    Column("lane", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String),  # name of a worker
    # what came of it
    Column("priority", Integer),  # 0 urgent, 1 high, 2 review, 3 low; None: not screened yet
    # its place in the queue of people: until it is screened as urgent in a first lane, else as to review
    Column(
        "queue_rank",
        Integer,
        Computed("coalesce(priority, CASE WHEN lane IN (1, 3) THEN 0 ELSE 2 END)", True),
    ),
    Column("language", String),
    Column("role", String),
    Column("flags", String, nullable=False),  # " code code "
    Column("campaign_id", BigInteger),
    Column("duplicate_of", ForeignKey("report.serial")),
    # what people do with it
    Column("status", String, nullable=False),
    Column("set_priority", Integer),  # what was set by hand; a screening may only raise it
    Column("assignee_id", ForeignKey("actor.id")),
    _ms("acknowledged_ms", nullable=True),
    _ms("escalated_ms", nullable=True),
    Column("channel", String, nullable=False),
    Column("platform", String, nullable=False),
    Column("safe_to_contact", String, nullable=False),  # yes, no, unknown
    Column("in_danger", Boolean, nullable=False),
    Column("details_sealed", LargeBinary),  # None once it was purged
    _ms("purged_ms", nullable=True),
    UniqueConstraint("organisation_id", "case_ref"),
    Index(
        "ix_report_kept",  # of what is not purged, the oldest
        "stored_ms",
        sqlite_where=text("purged_ms IS NULL"),
        postgresql_where=text("purged_ms IS NULL"),
    ),
)
"""One report: an envelope around its items. The columns from `priority` to `campaign_id` repeat its newest
screening, for queues and filters."""

_WAITS: Final = REPORT.c.work == literal_column("'waiting'")
UNTRIED: Final = and_(_WAITS, REPORT.c.attempts == literal_column("0"))
TRIED: Final = and_(_WAITS, REPORT.c.attempts > literal_column("0"))
"""Reports to be screened: those that nobody has leased yet, and those that are leased, or were and failed.

Written as their indexes have it, without parameters, so that these are used.
"""

Index("ix_report_untried", REPORT.c.lane, REPORT.c.serial, sqlite_where=UNTRIED, postgresql_where=UNTRIED)
Index(
    "ix_report_tried",
    *(REPORT.c.lane, REPORT.c.attempts, REPORT.c.serial),
    sqlite_where=TRIED,
    postgresql_where=TRIED,
)

ITEM: Final = Table(
    "item",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    _report(),
    Column("parent_serial", ForeignKey("item.serial")),
    Column("kind", String, nullable=False),  # original; ocr, normalised, redacted: derived from their parent
    Column("media_type", String, nullable=False),
    Column("encoding", String, nullable=False),  # of texts, else ""
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("tool", String, nullable=False),  # with its version; "" of an original
    _ms("stored_ms"),
    Column("sealed", LargeBinary),  # None once it was purged
    Index("ix_item_report", "report_serial"),
)
"""Bytes as they were received or derived; no row is ever changed but to purge it."""

SCREENING: Final = Table(
    "screening",
    METADATA,
    _serial(),
    _organisation(),
    _report(),
    Column("item_serial", ForeignKey("item.serial"), nullable=False),
    Column("model_sha256", String, nullable=False),
    _ms("screened_ms"),
    Column("priority", Integer, nullable=False),
    Column("sealed", LargeBinary),  # the record; None once it was purged
    UniqueConstraint("item_serial", "model_sha256"),
    Index("ix_screening_report", "report_serial"),
)
"""What a model said of an item; one row each, so that twice done is once in effect."""

HISTORY: Final = Table(
    "history",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    _report(),
    _ms("at_ms"),
    Column("action", String, nullable=False),
    Column("version", Integer),  # of the report from then on
    Column("changes", String),  # JSON: field -> before, after; codes and numbers, never words of people
    Column("sealed", LargeBinary),  # the words of notes and reasons, as JSON
    Index("ix_history_report", "report_serial"),
)
"""Who did what to a report."""

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _actor(),
    _ms("at_ms"),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),  # public id of what it was done to
    Column("detail", String, nullable=False),  # JSON; codes and digests, never words of people
    Column("digest", LargeBinary, nullable=False),
    Index("ix_audit_subject", "subject"),
)
"""The chain of all that was done, link by link (`audit`)."""

SENT_BEFORE: Final = Table(
    "sent_before",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("key_digest", LargeBinary, primary_key=True),
    Column("body_digest", LargeBinary, nullable=False),
    Column("answer", String, nullable=False),  # JSON: ids and case numbers
    _ms("at_ms"),
)
"""What was answered to a request with an `Idempotency-Key`."""

SIGN_IN: Final = Table(
    "sign_in",
    METADATA,
    Column("credential_id", ForeignKey("credential.id"), primary_key=True),
    _organisation(),
    _actor(),
    Column("wrong", Integer, nullable=False),  # attempts since the last that was right
    _ms("locked_until_ms", nullable=True),
    Column("totp_sealed", LargeBinary),  # None: the password alone lets in
    Column("totp_step", BigInteger, nullable=False),  # of the last code used; none is taken twice
)
"""How a person's password fares."""

WORKER: Final = Table(
    "worker",
    METADATA,
    Column("name", String, primary_key=True),
    Column("beats", BigInteger, nullable=False),
)
"""Who screens. `beats` grows as long as it lives, by which others tell: clocks may differ, and jump."""

HOLD: Final = Table(
    "hold",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    _report(),
    _ms("placed_ms"),
    _ms("until_ms", nullable=True),  # None: until it is released
    _ms("released_ms", nullable=True),
    Column("released_by", ForeignKey("actor.id")),
    Column("sealed", LargeBinary),  # why; None once its report was purged
    Index("ix_hold_report", "report_serial"),
)
"""What keeps a report from being purged."""

PURGE: Final = Table(
    "purge",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    _report(),
    _ms("at_ms"),
    Column("cause", String, nullable=False),  # age, request
    Column("sealed", LargeBinary),  # the reason given; stays, for it is why nothing else did
    Index("ix_purge_report", "report_serial"),
)
"""When and why the words of a report were removed."""

LABELLING: Final = Table(
    "labelling",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    _report(),
    _ms("at_ms"),
    Column("model_sha256", String),  # of the screening that was seen
    Column("labels", String, nullable=False),  # " code code "; " " of none
    Column("spans", String),  # JSON: [[code, start, end]]; code points of the original; None: not told
    Index("ix_labelling_report", "report_serial"),
)
"""What a person says that a text shows; the newest counts, and all are kept, for training."""

REFERRAL: Final = Table(
    "referral",
    METADATA,
    _serial(),
    Column("public_id", String(32), nullable=False, unique=True),
    _organisation(),
    _actor(),
    _report(),
    _ms("sent_ms"),
    Column("redaction", String, nullable=False),  # original, redacted, codes
    Column("is_police", Boolean, nullable=False),
    Column("basis", String, nullable=False),  # consent, child, imminent_danger
    _ms("acknowledged_ms", nullable=True),
    _ms("returned_ms", nullable=True),
    Column("sealed", LargeBinary),  # JSON: agency, reasons, partner's number, outcome; None after a purge
    Index("ix_referral_report", "report_serial"),
)
"""What was sent to another agency, and what that did with it."""

UNANSWERED: Final = and_(
    REPORT.c.acknowledged_ms.is_(None),
    REPORT.c.escalated_ms.is_(None),
    or_(
        REPORT.c.priority == literal_column("0"),
        *(REPORT.c.lane == literal_column(lane) for lane in ("1", "3")),  # `intake.FIRST_LANES`
    ),
)
"""Reports of people who may be in danger, that nobody has acknowledged or was called for yet."""

Index("ix_report_unanswered", REPORT.c.stored_ms, sqlite_where=UNANSWERED, postgresql_where=UNANSWERED)

CAMPAIGN: Final = Table(
    "campaign",
    METADATA,
    _serial(),
    _organisation(),
    Column("original_serial", ForeignKey("report.serial"), nullable=False),  # the first of its reports
    Column("reports", Integer, nullable=False),
    _ms("first_ms"),
    _ms("last_ms"),
    Index("ix_campaign_last", "organisation_id", "last_ms", "serial", "reports"),
)
"""Reports that belong together (`campaigns`); one that is alone is a campaign of one."""

SIGNATURE: Final = Table(
    "signature",
    METADATA,
    _report(primary_key=True),
    _organisation(),
    Column("minhash", LargeBinary, nullable=False),  # keyed; empty of a short text
)
"""What near-copies of a text are told by (`signatures`)."""

SIGNATURE_BAND: Final = Table(
    "signature_band",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("band", LargeBinary, primary_key=True),  # keyed digest
    _report(primary_key=True),
    Index("ix_signature_band_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""Where the signatures are that a signature may resemble."""

CONTACT: Final = Table(
    "contact",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("token", LargeBinary, primary_key=True),  # keyed digest
    Column("standing", Integer, primary_key=True, autoincrement=False),  # `contacts.Standing`
    _report(primary_key=True),
    Index("ix_contact_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""Contacts that reports name, by which campaigns are linked (`contacts`)."""

SEARCH_TOKEN: Final = Table(
    "search_token",
    METADATA,
    Column("organisation_id", ForeignKey("organisation.id"), primary_key=True),
    Column("token", LargeBinary, primary_key=True),  # keyed digest
    _report(primary_key=True),
    Index("ix_search_token_report", "report_serial"),
    sqlite_with_rowid=False,
)
"""What reports can be found by (`search_tokens`); purged with the text."""

_FILTERED: Final = (
    *(REPORT.c.work, REPORT.c.priority, REPORT.c.lane, REPORT.c.flags, REPORT.c.language),
    *(REPORT.c.role, REPORT.c.channel, REPORT.c.platform, REPORT.c.safe_to_contact, REPORT.c.in_danger),
    *(REPORT.c.assignee_id, REPORT.c.duplicate_of, REPORT.c.stored_ms, REPORT.c.received_ms),
)
_OF, _RANK, _SERIAL_OF_REPORT = REPORT.c.organisation_id, REPORT.c.queue_rank, REPORT.c.serial
Index("ix_report_by_rank", _OF, _RANK, _SERIAL_OF_REPORT, REPORT.c.status, *_FILTERED)
Index("ix_report_open", _OF, REPORT.c.status, _RANK, _SERIAL_OF_REPORT, *_FILTERED)
Index("ix_report_newest", _OF, _SERIAL_OF_REPORT, REPORT.c.status, REPORT.c.queue_rank, *_FILTERED)
Index("ix_report_of_campaign", _OF, REPORT.c.campaign_id, _RANK, _SERIAL_OF_REPORT)
Index("ix_report_duplicate_of", REPORT.c.duplicate_of)
"""What is filtered by stands in the indexes: the worst search reads one of them, never the reports."""

EVENT: Final = Table(
    "event",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    Column("kind", String, nullable=False),
    Column("report_id", String(32), nullable=False),
    Column("priority", Integer),
    _ms("at_ms"),
    Index("ix_event_organisation", "organisation_id", "serial"),
    sqlite_autoincrement=True,  # a serial is never given twice: streams go on from the last they saw
)
"""What happened to reports, in the order it was committed within an organisation (`events`)."""

WEBHOOK: Final = Table(
    "webhook",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(32), nullable=False, unique=True),
    _organisation(),
    _actor(),
    Column("kinds", String, nullable=False),  # with blanks between them
    Column("sealed", LargeBinary),  # URL and secret, as JSON; None once it was removed
    _ms("created_ms"),
    _ms("disabled_ms", nullable=True),
    Column("disabled_why", String, nullable=False),  # removed; gone: its receiver said so
    Index("ix_webhook_organisation", "organisation_id"),
)
"""Who is told of events by a request to a URL."""

DELIVERY: Final = Table(
    "delivery",
    METADATA,
    _serial(),
    Column("public_id", String(32), nullable=False, unique=True),
    _organisation(),
    _actor(),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("report_id", String(32), nullable=False),  # "" of a test
    Column("body", String, nullable=False),  # JSON: ids, codes and a time
    Column("rank", Integer, nullable=False),  # 0 goes first
    Column("state", String, nullable=False),  # waiting, delivered, dead
    Column("attempts", Integer, nullable=False),
    Column("last_status", Integer),  # of the last answer; None: there was none
    _ms("begun_ms"),  # a day after it no further attempt is made
    _ms("next_ms"),
    _ms("ended_ms", nullable=True),
    Column("leased_by", String),
    _ms("leased_until_ms", nullable=True),
    Index("ix_delivery_due", "state", "webhook_id", "next_ms"),
    Index("ix_delivery_webhook", "webhook_id", "serial"),
)
"""One event that one webhook is to be told of."""

FETCH: Final = Table(
    "fetch",
    METADATA,
    _serial(),
    _organisation(),
    _actor(),
    Column("channel", String, nullable=False),
    Column("key_digest", LargeBinary, nullable=False),  # of the channel's own id of what was sent
    Column("state", String, nullable=False),  # waiting, fetched, given_up
    Column("attempts", Integer, nullable=False),
    Column("report_id", String(32)),
    _ms("created_ms"),
    _ms("next_ms"),
    Column("leased_by", String),
    _ms("leased_until_ms", nullable=True),
    Column("sealed", LargeBinary),  # where it is and whose it is, as JSON; None once it is done
    UniqueConstraint("organisation_id", "channel", "key_digest"),
    Index("ix_fetch_due", "state", "next_ms"),
)
"""A picture sent over a channel that is yet to be fetched; it becomes a report, whatever comes of that."""

READ_GRANT: Final = Table(
    "read_grant",
    METADATA,
    _serial(),
    _organisation(),  # whose reports
    _actor(),
    Column("reader_id", ForeignKey("organisation.id"), nullable=False),
    Column("with_words", Boolean, nullable=False),
    _ms("granted_ms"),
    _ms("ended_ms", nullable=True),
    Column("ended_by", ForeignKey("actor.id")),
    Index("ix_read_grant_reader", "organisation_id", "reader_id"),
)
"""An organisation that may read the reports of another (`grants`)."""
