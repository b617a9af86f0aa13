"""The migrations give what the models say, and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.migrate import configuration, downgrade, upgrade
from app.search.ddl import is_generated
from app.tables import metadata
from tests.support.postgres import postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Checks = dict[str, dict[str, str]]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}", connect_args={"isolation_level": None})
        yield engine
        engine.dispose()
        return
    with postgres_database() as url:
        engine = sa.create_engine(url)
        yield engine
        engine.dispose()


def _checks(engine: sa.Engine) -> Checks:
    """Return the definition of every CHECK constraint by table and name."""
    inspector = sa.inspect(engine)
    return {
        table: {str(check["name"]): str(check["sqltext"]) for check in inspector.get_check_constraints(table)}
        for table in inspector.get_table_names()
        if not is_generated(table) and table != "alembic_version"
    }


def _differences(engine: sa.Engine) -> list[object]:
    def _include(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return not (kind in ("table", "index") and name is not None and is_generated(name))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _include})
        return list(compare_metadata(context, metadata))


def test_there_is_one_head(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        heads = ScriptDirectory.from_config(configuration(connection)).get_heads()

    assert len(heads) == 1


def test_the_schema_goes_up_down_and_up_again(engine: sa.Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    left = set(sa.inspect(engine).get_table_names())
    upgrade(engine)

    assert left <= {"alembic_version"}
    assert set(metadata.tables) <= set(sa.inspect(engine).get_table_names())


def test_the_migrated_schema_is_that_of_the_models(engine: sa.Engine) -> None:
    upgrade(engine)

    assert _differences(engine) == []


def test_the_checks_of_the_database_are_those_of_the_models(engine: sa.Engine) -> None:
    upgrade(engine)
    migrated = _checks(engine)
    downgrade(engine, "base")
    metadata.create_all(engine)

    assert migrated == _checks(engine)
