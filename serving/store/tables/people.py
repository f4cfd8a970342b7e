"""Tables of organisations, who acts for them, and how they are let in."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

ORGANISATION: Final = Table(
    "organisation",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("case_prefix", String, nullable=False, unique=True),
    Column("audit_serial", BigInteger, nullable=False),
    Column("audit_digest", LargeBinary, nullable=False),
    ms_column("created_ms"),
)
"""Whom reports belong to. `audit_*`: the last link of its chain (`audit`)."""

ACTOR: Final = Table(
    "actor",
    METADATA,
    Column("id", Integer, primary_key=True),
    organisation_column(),
    Column("kind", String, nullable=False),  # person, machine
    Column("name", String, nullable=False),
    Column("locale", String, nullable=False),
    Column("role", String, nullable=False),
    ms_column("created_ms"),
    ms_column("disabled_ms", nullable=True),
    UniqueConstraint("organisation_id", "name"),
)
"""A person or a program that does something."""

CREDENTIAL: Final = Table(
    "credential",
    METADATA,
    Column("id", Integer, primary_key=True),
    organisation_column(),
    actor_column(),
    Column("kind", String, nullable=False),  # api_key, password
    Column("handle", String, nullable=False, unique=True),  # the public part: id of a key, name to sign in
    Column("digest", LargeBinary, nullable=False),
    Column("scopes", String, nullable=False),  # with blanks between them
    Column("limits", String, nullable=False),  # as "60/minute; 5000/day"; "": those of the service
    ms_column("created_ms"),
    ms_column("expires_ms", nullable=True),
    ms_column("revoked_ms", nullable=True),
)
"""What an actor shows to be let in; never the secret itself."""

SIGN_IN: Final = Table(
    "sign_in",
    METADATA,
    Column("credential_id", ForeignKey("credential.id"), primary_key=True),
    organisation_column(),
    actor_column(),
    Column("wrong", Integer, nullable=False),  # attempts since the last that was right
    ms_column("locked_until_ms", nullable=True),
    Column("totp_sealed", LargeBinary),  # None: the password alone lets in
    Column("totp_step", BigInteger, nullable=False),  # of the last code used; none is taken twice
)
"""How a person's password fares."""

SESSION: Final = Table(
    "session",
    METADATA,
    Column("id", Integer, primary_key=True),
    organisation_column(),
    actor_column(),
    Column("credential_id", ForeignKey("credential.id")),  # None: by a link that the terminal showed
    Column("digest", LargeBinary, nullable=False, unique=True),
    ms_column("begun_ms"),
    ms_column("seen_ms"),
    ms_column("locked_ms", nullable=True),
    ms_column("ended_ms", nullable=True),
    Index("ix_session_actor", "actor_id"),
)
"""A person who is signed in to the console (`sessions`)."""

SIGN_IN_LINK: Final = Table(
    "sign_in_link",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    organisation_column(),
    actor_column(),  # who signs in with it
    ms_column("made_ms"),
)
"""Links that let somebody in once; gone when they did."""

READ_GRANT: Final = Table(
    "read_grant",
    METADATA,
    serial_column(),
    organisation_column(),  # whose reports
    actor_column(),
    Column("reader_id", ForeignKey("organisation.id"), nullable=False),
    Column("with_words", Boolean, nullable=False),
    ms_column("granted_ms"),
    ms_column("ended_ms", nullable=True),
    Column("ended_by", ForeignKey("actor.id")),
    Index("ix_read_grant_reader", "organisation_id", "reader_id"),
)
"""An organisation that may read the reports of another (`grants`)."""
