"""Triggers that keep a sheet as it was handed in, for both databases."""

from __future__ import annotations

import sqlalchemy as sa

from app.reviews.models import ReviewScore

REFUSAL = "a score sheet that was handed in cannot be changed"
_LOCKED = "(SELECT locked_at FROM reviews WHERE id = {row}.review_id) IS NOT NULL"
CREATE = {
    "sqlite": [
        f"CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews WHEN OLD.locked_at IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews WHEN OLD.locked_at IS NOT NULL "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER review_scores_no_insert BEFORE INSERT ON review_scores WHEN {_LOCKED.format(row='NEW')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER review_scores_no_update BEFORE UPDATE ON review_scores WHEN {_LOCKED.format(row='OLD')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER review_scores_no_delete BEFORE DELETE ON review_scores WHEN {_LOCKED.format(row='OLD')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE FUNCTION review_scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (SELECT locked_at FROM reviews WHERE id = "
        "CASE WHEN TG_OP = 'INSERT' THEN NEW.review_id ELSE OLD.review_id END) IS NOT NULL "
        "THEN RAISE EXCEPTION 'a score sheet that was handed in cannot be changed'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER reviews_no_change BEFORE UPDATE OR DELETE ON reviews "
        "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION reviews_refuse()",
        "CREATE TRIGGER review_scores_no_change BEFORE INSERT OR UPDATE OR DELETE ON review_scores "
        "FOR EACH ROW EXECUTE FUNCTION review_scores_refuse()",
    ],
}
DROP = {
    "sqlite": [
        f"DROP TRIGGER {name}"
        for name in (
            "reviews_no_update", "reviews_no_delete", "review_scores_no_insert", "review_scores_no_update",
            "review_scores_no_delete",
        )
    ],
    "postgresql": [
        "DROP TRIGGER reviews_no_change ON reviews",
        "DROP TRIGGER review_scores_no_change ON review_scores",
        "DROP FUNCTION reviews_refuse()",
        "DROP FUNCTION review_scores_refuse()",
    ],
}  # fmt: skip


@sa.event.listens_for(ReviewScore.__table__, "after_create")
def _after_create(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    """Attach the triggers; the scores refer to the sheets, so that both tables are there."""
    for statement in CREATE[connection.dialect.name]:
        connection.exec_driver_sql(statement)
