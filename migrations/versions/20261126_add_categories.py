"""Add categories.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Let a row be a category that the desk added, with its parameters, and withdrew."""
    op.add_column("category_changes", sa.Column("keys", sa.Text(), server_default="", nullable=False))
    op.add_column("category_changes", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget parameters and withdrawals; what was added is a change of a category that does not ship."""
    op.drop_column("category_changes", "withdrawn_at")
    op.drop_column("category_changes", "keys")
