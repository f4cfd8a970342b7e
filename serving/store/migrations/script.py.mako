"""${message[:1].upper() + message[1:]}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Change the store."""
    ${upgrades if upgrades else "pass"}
