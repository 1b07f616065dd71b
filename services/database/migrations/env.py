"""Alembic's way in: migrates over the connection that head office hands it."""

from __future__ import annotations

from alembic import context

from services.database.headoffice import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
