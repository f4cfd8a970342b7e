"""Tables of what administrators set: how people come by a password, and what an organisation tells them."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from serving.store.tables.columns import METADATA, actor_column, ms_column, organisation_column, serial_column

PASSWORD_LINK: Final = Table(
    "password_link",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    organisation_column(),
    actor_column(),
    Column("person_id", ForeignKey("actor.id"), nullable=False),  # who chooses a password with it
    ms_column("made_ms"),
    Index("ix_password_link_person", "person_id"),
)
"""Links by which a person chooses their own password; gone when they did."""

GUIDANCE: Final = Table(
    "guidance",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("topic", String, nullable=False),
    Column("language", String, nullable=False),  # BCP-47
    Column("text", String, nullable=False),  # of the organisation, for its people; "": what is built in
    ms_column("set_ms"),
    Index("ix_guidance_organisation", "organisation_id"),
)
"""What an organisation has its people told to do next; the newest row of a topic and language holds."""

OPERATING_POINT: Final = Table(
    "operating_point",
    METADATA,
    serial_column(),
    organisation_column(),
    actor_column(),
    Column("value", String, nullable=False),
    ms_column("set_ms"),
    Index("ix_operating_point_organisation", "organisation_id"),
)
"""Where the model speaks up when people of an organisation screen a text; the newest row holds."""
