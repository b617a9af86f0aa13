"""Triggers that keep trail, chain and published heads append-only, for both databases."""

from __future__ import annotations

import sqlalchemy as sa

from app.audit.models import AuditEvent, AuditHead, AuditLink

TABLES = tuple(kind.__tablename__ for kind in (AuditEvent, AuditLink, AuditHead))
REFUSE = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
)


def _create(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        REFUSE,
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ]


CREATE = {
    dialect: [statement for table in TABLES for statement in _create(dialect, table)]
    for dialect in ("sqlite", "postgresql")
}
DROP = {
    "sqlite": [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete")],
    "postgresql": [
        *(f"DROP TRIGGER {table}_no_change ON {table}" for table in TABLES),
        "DROP FUNCTION audit_refuse()",
    ],
}


@sa.event.listens_for(AuditEvent.__table__, "after_create")
@sa.event.listens_for(AuditLink.__table__, "after_create")
@sa.event.listens_for(AuditHead.__table__, "after_create")
def _after_create(table: sa.Table, connection: sa.Connection, **_: object) -> None:
    for statement in _create(connection.dialect.name, table.name):
        connection.exec_driver_sql(statement)
