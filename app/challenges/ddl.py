"""Triggers that no program gets past: records that stay as they are, deadlines that move later only."""

from __future__ import annotations

import sqlalchemy as sa

from app.challenges.models import Challenge, ChallengeEdition, ChallengeStep

_FIXED = (ChallengeEdition.__tablename__, ChallengeStep.__tablename__)
_SHORTER = (
    "OLD.code IS NOT NULL AND (NEW.bid_deadline_at IS NULL OR NEW.bid_deadline_at < OLD.bid_deadline_at "
    "OR (OLD.keys_released_at IS NOT NULL AND NEW.bid_deadline_at <> OLD.bid_deadline_at))"
)
"""A published deadline never moves earlier, and not at all once a key has been released."""
_OTHER_CODE = "OLD.code IS NOT NULL AND (NEW.code IS NULL OR NEW.code <> OLD.code)"
"""Otherwise a deadline could be moved by taking the number away."""
_TOLD = {"challenges_deadline_later": ("bid_deadline_at", _SHORTER, "a published deadline can only move later"),
         "challenges_code_stays": ("code", _OTHER_CODE, "a public number stays")}  # fmt: skip


def _sqlite_fixed(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} are append-only'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _sqlite_moves() -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON challenges WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        for name, (column, condition, message) in _TOLD.items()
    ]


def _postgresql_fixed(table: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} are append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _postgresql_moves() -> list[str]:
    statements = []
    for name, (column, condition, message) in _TOLD.items():
        statements += [
            f"CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE OF {column} ON challenges "
            f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}_refuse()",
        ]
    return statements


FIXED = {table: {"sqlite": _sqlite_fixed(table), "postgresql": _postgresql_fixed(table)} for table in _FIXED}
MOVES = {"sqlite": _sqlite_moves(), "postgresql": _postgresql_moves()}
DROP_MOVES = {
    "sqlite": [f"DROP TRIGGER {name}" for name in _TOLD],
    "postgresql": [
        statement
        for name in _TOLD
        for statement in (f"DROP TRIGGER {name} ON challenges", f"DROP FUNCTION {name}_refuse()")
    ],
}
CREATE = {
    dialect: [statement for table in _FIXED for statement in FIXED[table][dialect]] + MOVES[dialect]
    for dialect in ("sqlite", "postgresql")
}
DROP = {
    "sqlite": [f"DROP TRIGGER {table}_no_{event}" for table in _FIXED for event in ("update", "delete")]
    + DROP_MOVES["sqlite"],
    "postgresql": [
        statement
        for table in _FIXED
        for statement in (f"DROP TRIGGER {table}_no_change ON {table}", f"DROP FUNCTION {table}_refuse()")
    ]
    + DROP_MOVES["postgresql"],
}


def _attach(table: sa.FromClause, statements: dict[str, list[str]]) -> None:
    def create(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
        for statement in statements[connection.dialect.name]:
            connection.exec_driver_sql(statement)

    sa.event.listen(table, "after_create", create)


for _model in (ChallengeEdition, ChallengeStep):
    _attach(_model.__table__, FIXED[_model.__tablename__])
_attach(Challenge.__table__, MOVES)
