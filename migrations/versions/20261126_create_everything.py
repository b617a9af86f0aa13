"""Create everything.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The full-text index and the triggers belong to the database, so no model describes them.
CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_documents_fts USING fts5(tokens, content='search_documents', "
        "content_rowid='id', tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\", prefix='2 3')",
        "CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN INSERT INTO "
        "search_documents_fts (rowid, tokens) VALUES (new.id, new.tokens); END",
        "CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN INSERT INTO "
        "search_documents_fts (search_documents_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
        "CREATE TRIGGER search_documents_changed AFTER UPDATE ON search_documents BEGIN INSERT INTO "
        "search_documents_fts (search_documents_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
        "INSERT INTO search_documents_fts (rowid, tokens) VALUES (new.id, new.tokens); END",
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER audit_links_no_update BEFORE UPDATE ON audit_links BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER audit_links_no_delete BEFORE DELETE ON audit_links BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER audit_heads_no_update BEFORE UPDATE ON audit_heads BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER audit_heads_no_delete BEFORE DELETE ON audit_heads BEGIN SELECT RAISE(ABORT, 'the "
        "audit trail is append-only'); END",
        "CREATE TRIGGER challenge_editions_no_update BEFORE UPDATE ON challenge_editions BEGIN SELECT "
        "RAISE(ABORT, 'challenge_editions are append-only'); END",
        "CREATE TRIGGER challenge_editions_no_delete BEFORE DELETE ON challenge_editions BEGIN SELECT "
        "RAISE(ABORT, 'challenge_editions are append-only'); END",
        "CREATE TRIGGER challenge_steps_no_update BEFORE UPDATE ON challenge_steps BEGIN SELECT RAISE(ABORT, "
        "'challenge_steps are append-only'); END",
        "CREATE TRIGGER challenge_steps_no_delete BEFORE DELETE ON challenge_steps BEGIN SELECT RAISE(ABORT, "
        "'challenge_steps are append-only'); END",
        "CREATE TRIGGER challenges_deadline_later BEFORE UPDATE OF bid_deadline_at ON challenges WHEN OLD.code "
        "IS NOT NULL AND (NEW.bid_deadline_at IS NULL OR NEW.bid_deadline_at < OLD.bid_deadline_at OR "
        "(OLD.keys_released_at IS NOT NULL AND NEW.bid_deadline_at <> OLD.bid_deadline_at)) BEGIN SELECT "
        "RAISE(ABORT, 'a published deadline can only move later'); END",
        "CREATE TRIGGER challenges_code_stays BEFORE UPDATE OF code ON challenges WHEN OLD.code IS NOT NULL "
        "AND (NEW.code IS NULL OR NEW.code <> OLD.code) BEGIN SELECT RAISE(ABORT, 'a public number stays'); "
        "END",
        "CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews WHEN OLD.locked_at IS NOT NULL BEGIN SELECT "
        "RAISE(ABORT, 'a score sheet that was handed in cannot be changed'); END",
        "CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews WHEN OLD.locked_at IS NOT NULL BEGIN SELECT "
        "RAISE(ABORT, 'a score sheet that was handed in cannot be changed'); END",
        "CREATE TRIGGER review_scores_no_insert BEFORE INSERT ON review_scores WHEN (SELECT locked_at FROM "
        "reviews WHERE id = NEW.review_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a score sheet that was "
        "handed in cannot be changed'); END",
        "CREATE TRIGGER review_scores_no_update BEFORE UPDATE ON review_scores WHEN (SELECT locked_at FROM "
        "reviews WHERE id = OLD.review_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a score sheet that was "
        "handed in cannot be changed'); END",
        "CREATE TRIGGER review_scores_no_delete BEFORE DELETE ON review_scores WHEN (SELECT locked_at FROM "
        "reviews WHERE id = OLD.review_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a score sheet that was "
        "handed in cannot be changed'); END",
    ],
    "postgresql": [
        "CREATE INDEX ix_search_documents_terms ON search_documents USING gin "
        "(array_to_tsvector(string_to_array(tokens, ' ')))",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR "
        "EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_links_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_links FOR EACH "
        "STATEMENT EXECUTE FUNCTION audit_refuse()",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_heads_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads FOR EACH "
        "STATEMENT EXECUTE FUNCTION audit_refuse()",
        "CREATE FUNCTION challenge_editions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'challenge_editions are append-only'; END $$",
        "CREATE TRIGGER challenge_editions_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "
        "challenge_editions FOR EACH STATEMENT EXECUTE FUNCTION challenge_editions_refuse()",
        "CREATE FUNCTION challenge_steps_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'challenge_steps are append-only'; END $$",
        "CREATE TRIGGER challenge_steps_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON challenge_steps "
        "FOR EACH STATEMENT EXECUTE FUNCTION challenge_steps_refuse()",
        "CREATE FUNCTION challenges_deadline_later_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a published deadline can only move later'; END $$",
        "CREATE TRIGGER challenges_deadline_later BEFORE UPDATE OF bid_deadline_at ON challenges FOR EACH "
        "ROW WHEN (OLD.code IS NOT NULL AND (NEW.bid_deadline_at IS NULL OR NEW.bid_deadline_at < "
        "OLD.bid_deadline_at OR (OLD.keys_released_at IS NOT NULL AND NEW.bid_deadline_at <> "
        "OLD.bid_deadline_at))) EXECUTE FUNCTION challenges_deadline_later_refuse()",
        "CREATE FUNCTION challenges_code_stays_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'a public number stays'; END $$",
        "CREATE TRIGGER challenges_code_stays BEFORE UPDATE OF code ON challenges FOR EACH ROW WHEN "
        "(OLD.code IS NOT NULL AND (NEW.code IS NULL OR NEW.code <> OLD.code)) EXECUTE FUNCTION "
        "challenges_code_stays_refuse()",
        "CREATE FUNCTION reviews_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a "
        "score sheet that was handed in cannot be changed'; END $$",
        "CREATE FUNCTION review_scores_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT "
        "locked_at FROM reviews WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.review_id ELSE "
        "OLD.review_id END) IS NOT NULL THEN RAISE EXCEPTION 'a score sheet that was handed in cannot be "
        "changed'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER reviews_no_change BEFORE UPDATE OR DELETE ON reviews FOR EACH ROW WHEN "
        "(OLD.locked_at IS NOT NULL) EXECUTE FUNCTION reviews_refuse()",
        "CREATE TRIGGER review_scores_no_change BEFORE INSERT OR UPDATE OR DELETE ON review_scores FOR "
        "EACH ROW EXECUTE FUNCTION review_scores_refuse()",
    ],
}
DROP = {
    "sqlite": [
        "DROP TRIGGER search_documents_changed",
        "DROP TRIGGER search_documents_removed",
        "DROP TRIGGER search_documents_added",
        "DROP TABLE search_documents_fts",
        "DROP TRIGGER audit_events_no_update",
        "DROP TRIGGER audit_events_no_delete",
        "DROP TRIGGER audit_links_no_update",
        "DROP TRIGGER audit_links_no_delete",
        "DROP TRIGGER audit_heads_no_update",
        "DROP TRIGGER audit_heads_no_delete",
        "DROP TRIGGER reviews_no_update",
        "DROP TRIGGER reviews_no_delete",
        "DROP TRIGGER review_scores_no_insert",
        "DROP TRIGGER review_scores_no_update",
        "DROP TRIGGER review_scores_no_delete",
        "DROP TRIGGER challenge_editions_no_update",
        "DROP TRIGGER challenge_editions_no_delete",
        "DROP TRIGGER challenge_steps_no_update",
        "DROP TRIGGER challenge_steps_no_delete",
        "DROP TRIGGER challenges_deadline_later",
        "DROP TRIGGER challenges_code_stays",
    ],
    "postgresql": [
        "DROP INDEX ix_search_documents_terms",
        "DROP TRIGGER audit_events_no_change ON audit_events",
        "DROP TRIGGER audit_links_no_change ON audit_links",
        "DROP TRIGGER audit_heads_no_change ON audit_heads",
        "DROP FUNCTION audit_refuse()",
        "DROP TRIGGER reviews_no_change ON reviews",
        "DROP TRIGGER review_scores_no_change ON review_scores",
        "DROP FUNCTION reviews_refuse()",
        "DROP FUNCTION review_scores_refuse()",
        "DROP TRIGGER challenge_editions_no_change ON challenge_editions",
        "DROP FUNCTION challenge_editions_refuse()",
        "DROP TRIGGER challenge_steps_no_change ON challenge_steps",
        "DROP FUNCTION challenge_steps_refuse()",
        "DROP TRIGGER challenges_deadline_later ON challenges",
        "DROP FUNCTION challenges_deadline_later_refuse()",
        "DROP TRIGGER challenges_code_stays ON challenges",
        "DROP FUNCTION challenges_code_stays_refuse()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("subject_label", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("discloses", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "box IS NULL OR (sealed_by IS NOT NULL AND actor_id IS NULL AND organization_id IS NULL AND subject_id IS NULL AND actor_name = '' AND subject_label = '' AND request_id = '' AND ip = '')",
            name=op.f("ck_audit_events_nobody_named_while_sealed"),
        ),
        sa.ForeignKeyConstraint(["discloses"], ["audit_events.seq"], name=op.f("fk_audit_events_discloses")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("discloses", name=op.f("uq_audit_events_discloses")),
    )
    op.create_index(op.f("ix_audit_events_action"), "audit_events", ["action"], unique=False)
    op.create_index(op.f("ix_audit_events_actor_id"), "audit_events", ["actor_id"], unique=False)
    op.create_index("ix_audit_events_created_at", "audit_events", ["created_at"], unique=False)
    op.create_index(op.f("ix_audit_events_organization_id"), "audit_events", ["organization_id"], unique=False)
    op.create_index(
        "ix_audit_events_sealed",
        "audit_events",
        ["sealed_by"],
        unique=False,
        postgresql_where=sa.text("box IS NOT NULL"),
        sqlite_where=sa.text("box IS NOT NULL"),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "audit_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chains", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_heads")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_heads_hash")),
    )
    op.create_table(
        "challenge_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_challenge_numbers")),
    )
    op.create_table(
        "digest_clicks",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_digest_clicks_n_positive")),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_digest_clicks")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("occasion", sa.String(length=120), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=80), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (leased_until IS NOT NULL)", name=op.f("ck_jobs_lease_while_running")
        ),
        sa.CheckConstraint("progress_done >= 0 AND progress_total >= 0", name=op.f("ck_jobs_progress_not_negative")),
        sa.CheckConstraint("sealed_by IS NULL OR requested_by IS NULL", name=op.f("ck_jobs_nobody_named_while_sealed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "run_at"], unique=False)
    op.create_index(op.f("ix_jobs_kind"), "jobs", ["kind"], unique=False)
    op.create_index(
        "uq_jobs_waiting_key",
        "jobs",
        ["key"],
        unique=True,
        postgresql_where=sa.text("state = 'queued' AND key IS NOT NULL"),
        sqlite_where=sa.text("state = 'queued' AND key IS NOT NULL"),
    )
    op.create_table(
        "mail_suppressions",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column(
            "reason",
            sa.Enum("bounce", "complaint", name="reason", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_mail_suppressions")),
    )
    op.create_table(
        "match_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("trigger", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("n_needs", sa.Integer(), nullable=False),
        sa.Column("n_products", sa.Integer(), nullable=False),
        sa.Column("n_suggestions", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("legal_name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=True),
        sa.Column("other_registration", sa.String(length=80), nullable=False),
        sa.Column("org_type", sa.String(length=40), nullable=False),
        sa.Column("is_demand", sa.Boolean(), nullable=False),
        sa.Column("is_supply", sa.Boolean(), nullable=False),
        sa.Column("is_service", sa.Boolean(), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("city_code", sa.String(length=6), nullable=False),
        sa.Column("industry_code", sa.String(length=4), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("registered_capital_wan", sa.BigInteger(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("rnd_staff", sa.Integer(), nullable=True),
        sa.Column("revenue_band_wan", sa.String(length=20), nullable=False),
        sa.Column("size_class", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("legal_rep", sa.String(length=60), nullable=False),
        sa.Column("agent_name", sa.String(length=60), nullable=False),
        sa.Column("agent_post", sa.String(length=60), nullable=False),
        sa.Column("agent_mobile", sa.String(length=20), nullable=False),
        sa.Column("agent_email", sa.String(length=254), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_fictional", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_demand OR is_supply OR is_service", name=op.f("ck_organizations_some_capacity")),
        sa.CheckConstraint(
            "registered_capital_wan IS NULL OR registered_capital_wan >= 0",
            name=op.f("ck_organizations_capital_not_negative"),
        ),
        sa.CheckConstraint(
            "rnd_staff IS NULL OR employees IS NULL OR rnd_staff <= employees",
            name=op.f("ck_organizations_rnd_within_staff"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organizations_uscc")),
    )
    op.create_index(op.f("ix_organizations_city_code"), "organizations", ["city_code"], unique=False)
    op.create_index(op.f("ix_organizations_legal_name_zh"), "organizations", ["legal_name_zh"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "matching_need",
                "enterprise_posed",
                "government_task",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("requires_recommendation", sa.Boolean(), nullable=False),
        sa.Column("requires_appraisal", sa.Boolean(), nullable=False),
        sa.Column("min_bid_window_days", sa.Integer(), nullable=False),
        sa.Column("question_cutoff_days", sa.Integer(), nullable=False),
        sa.Column("answer_last_days", sa.Integer(), nullable=False),
        sa.Column("amendment_keep_days", sa.Integer(), nullable=False),
        sa.Column("max_members", sa.Integer(), nullable=False),
        sa.Column("is_single_unit_bid", sa.Boolean(), nullable=False),
        sa.Column("max_projects_per_applicant", sa.Integer(), nullable=False),
        sa.Column("max_active_bids_per_leader", sa.Integer(), nullable=True),
        sa.Column("award_max", sa.Integer(), nullable=False),
        sa.Column("shortlist_max", sa.Integer(), nullable=True),
        sa.Column("is_race_allowed", sa.Boolean(), nullable=False),
        sa.Column("min_valid_bids", sa.Integer(), nullable=False),
        sa.Column("key_threshold", sa.Integer(), nullable=False),
        sa.Column("has_price_envelope", sa.Boolean(), nullable=False),
        sa.Column("pre_deadline_viewer", sa.String(length=40), nullable=False),
        sa.Column("review_weights", sa.JSON(), nullable=False),
        sa.Column("panel_min", sa.Integer(), nullable=False),
        sa.Column("pass_line", sa.Integer(), nullable=False),
        sa.Column("spread_alert", sa.Integer(), nullable=False),
        sa.Column("drop_high_low_from", sa.Integer(), nullable=False),
        sa.Column("publicity_working_days", sa.Integer(), nullable=False),
        sa.Column("objection_accept_wd", sa.Integer(), nullable=False),
        sa.Column("objection_decide_wd", sa.Integer(), nullable=False),
        sa.Column("is_price_above_reward_allowed", sa.Boolean(), nullable=False),
        sa.Column("first_payment_max_percent", sa.Integer(), nullable=False),
        sa.Column("max_term_months", sa.Integer(), nullable=False),
        sa.Column("quota", sa.JSON(), nullable=False),
        sa.Column("co_funding", sa.JSON(), nullable=False),
        sa.Column("max_relistings", sa.Integer(), nullable=False),
        sa.Column("required_roles", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "pre_deadline_viewer IN ('', 'prefecture_authority')", name=op.f("ck_programmes_pre_deadline_viewer_known")
        ),
        sa.CheckConstraint("amendment_keep_days >= 0", name=op.f("ck_programmes_amendment_not_negative")),
        sa.CheckConstraint("award_max BETWEEN 1 AND 3", name=op.f("ck_programmes_award_range")),
        sa.CheckConstraint("drop_high_low_from >= 3", name=op.f("ck_programmes_drop_leaves_one")),
        sa.CheckConstraint(
            "first_payment_max_percent BETWEEN 0 AND 100", name=op.f("ck_programmes_first_payment_range")
        ),
        sa.CheckConstraint("key_threshold BETWEEN 2 AND 9", name=op.f("ck_programmes_key_threshold_range")),
        sa.CheckConstraint(
            "max_active_bids_per_leader IS NULL OR max_active_bids_per_leader > 0",
            name=op.f("ck_programmes_leader_positive"),
        ),
        sa.CheckConstraint("max_members BETWEEN 0 AND 20", name=op.f("ck_programmes_members_range")),
        sa.CheckConstraint("max_projects_per_applicant > 0", name=op.f("ck_programmes_projects_positive")),
        sa.CheckConstraint("max_relistings BETWEEN 0 AND 9", name=op.f("ck_programmes_relistings_range")),
        sa.CheckConstraint("max_term_months BETWEEN 1 AND 36", name=op.f("ck_programmes_term_range")),
        sa.CheckConstraint("min_bid_window_days > 0", name=op.f("ck_programmes_window_positive")),
        sa.CheckConstraint("min_valid_bids > 0", name=op.f("ck_programmes_bids_positive")),
        sa.CheckConstraint(
            "objection_accept_wd > 0 AND objection_decide_wd > 0", name=op.f("ck_programmes_objection_positive")
        ),
        sa.CheckConstraint("panel_min BETWEEN 3 AND 25", name=op.f("ck_programmes_panel_range")),
        sa.CheckConstraint("pass_line BETWEEN 0 AND 100", name=op.f("ck_programmes_pass_line_range")),
        sa.CheckConstraint("publicity_working_days > 0", name=op.f("ck_programmes_publicity_positive")),
        sa.CheckConstraint(
            "question_cutoff_days >= 0 AND answer_last_days BETWEEN 0 AND question_cutoff_days",
            name=op.f("ck_programmes_answers_in_time"),
        ),
        sa.CheckConstraint(
            "shortlist_max IS NULL OR shortlist_max >= award_max", name=op.f("ck_programmes_shortlist_holds_awards")
        ),
        sa.CheckConstraint("spread_alert BETWEEN 1 AND 100", name=op.f("ck_programmes_spread_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", name=op.f("uq_programmes_code")),
    )
    op.create_table(
        "ranker_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("base_version", sa.String(length=80), nullable=False),
        sa.Column("shipped_version", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "better", "not_better", "too_few", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("n_needs", sa.Integer(), nullable=False),
        sa.Column("n_judgements", sa.Integer(), nullable=False),
        sa.Column("quality_before", sa.Float(), nullable=True),
        sa.Column("quality_after", sa.Float(), nullable=True),
        sa.Column("gain", sa.Float(), nullable=True),
        sa.Column("gain_low", sa.Float(), nullable=True),
        sa.Column("gain_high", sa.Float(), nullable=True),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("weights_before", sa.JSON(), nullable=False),
        sa.Column("intercept", sa.Float(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(gain IS NULL) = (outcome = 'too_few')", name=op.f("ck_ranker_proposals_gain_when_tried")),
        sa.CheckConstraint("is_adopted = (outcome = 'better')", name=op.f("ck_ranker_proposals_adopted_when_better")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranker_proposals")),
    )
    op.create_index("ix_ranker_proposals_created_at", "ranker_proposals", ["created_at"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "name",
            sa.Enum(
                "provincial_authority",
                "prefecture_authority",
                "operator",
                "expert",
                "test_lab",
                "supervisor",
                "sys_admin",
                "sec_admin",
                "audit_admin",
                name="name",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_roles_name")),
    )
    op.create_table(
        "schedules",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
    )
    op.create_table(
        "search_documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_documents_kind_subject_id")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("post", sa.String(length=60), nullable=False),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("city_code", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("mf_recovery_codes", sa.JSON(), nullable=True),
        sa.CheckConstraint("locale IN ('zh_Hans_CN', 'en')", name=op.f("ck_users_locale_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_users_fs_uniquifier")),
    )
    op.create_table(
        "audit_links",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit_events.seq"], name=op.f("fk_audit_links_seq")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_links_seq")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
    )
    op.create_table(
        "category_changes",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("zh", sa.String(length=60), nullable=False),
        sa.Column("en", sa.String(length=60), nullable=False),
        sa.Column("merged_into", sa.String(length=10), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(zh = '') = (en = '')", name=op.f("ck_category_changes_both_names")),
        sa.CheckConstraint("merged_into <> code", name=op.f("ck_category_changes_another_category")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_category_changes_updated_by")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category_changes")),
    )
    op.create_index(op.f("ix_category_changes_merged_into"), "category_changes", ["merged_into"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "scheduled",
                "held",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title_zh", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("video_url", sa.String(length=500), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("pause_minutes", sa.Integer(), nullable=False),
        sa.Column("lunch_from", sa.Time(), nullable=True),
        sa.Column("lunch_until", sa.Time(), nullable=True),
        sa.Column("rooms", sa.JSON(), nullable=False),
        sa.Column("most_in_row", sa.Integer(), nullable=False),
        sa.Column("registers_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registers_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inputs", sa.Integer(), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name=op.f("ck_events_reason_when_cancelled")),
        sa.CheckConstraint(
            "state IN ('draft', 'cancelled') OR opened_at IS NOT NULL", name=op.f("ck_events_opened_when_public")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_events_day_order")),
        sa.CheckConstraint("most_in_row >= 0", name=op.f("ck_events_row_not_negative")),
        sa.CheckConstraint("registers_from < registers_until", name=op.f("ck_events_window_order")),
        sa.CheckConstraint(
            "slot_minutes BETWEEN 5 AND 240 AND pause_minutes BETWEEN 0 AND 120", name=op.f("ck_events_slot_length")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_events_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_state_first_day", "events", ["state", "first_day"], unique=False)
    op.create_table(
        "experts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expertise", sa.Text(), nullable=False),
        sa.Column("sides", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("load_limit", sa.Integer(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("load_limit BETWEEN 0 AND 20", name=op.f("ck_experts_load_range")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_experts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
        sa.UniqueConstraint("user_id", name=op.f("uq_experts_user_id")),
    )
    op.create_table(
        "form_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_form_drafts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint("owner", name=op.f("uq_form_drafts_owner")),
    )
    op.create_index(op.f("ix_form_drafts_subject"), "form_drafts", ["subject"], unique=False)
    op.create_index(op.f("ix_form_drafts_user_id"), "form_drafts", ["user_id"], unique=False)
    op.create_table(
        "group_robots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("url_tag", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.String(length=300), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("max_daily", sa.Integer(), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "off_reason",
            sa.Enum(
                "unresolved",
                "unreachable",
                "busy",
                "invalid_key",
                "refused",
                "redirect",
                "unreadable",
                "host",
                "inward",
                "no_answer",
                "stopped",
                "enough",
                "switched_off",
                name="off_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("locale IN ('zh_Hans_CN', 'en')", name=op.f("ck_group_robots_locale_known")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_group_robots_quiet_from_and_until")
        ),
        sa.CheckConstraint("max_daily > 0", name=op.f("ck_group_robots_max_daily_positive")),
        sa.CheckConstraint("n_failures >= 0", name=op.f("ck_group_robots_n_failures_not_negative")),
        sa.CheckConstraint("off_reason IS NULL OR off_at IS NOT NULL", name=op.f("ck_group_robots_off_with_reason")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_group_robots_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_robots")),
        sa.UniqueConstraint("organization_id", "url_tag", name=op.f("uq_group_robots_organization_id_url_tag")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "editor", "viewer", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_invitations_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_email"), "invitations", ["email"], unique=False)
    op.create_index(
        "uq_invitations_open",
        "invitations",
        ["organization_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.create_table(
        "key_holders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("city_code", sa.String(length=6), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("private_box", sa.LargeBinary(), nullable=False),
        sa.Column("kdf", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "retired", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'retired') = (retired_at IS NOT NULL)", name=op.f("ck_key_holders_retired_at_when_retired")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_key_holders_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_key_holders_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_holders")),
    )
    op.create_index(op.f("ix_key_holders_user_id"), "key_holders", ["user_id"], unique=False)
    op.create_index(
        "uq_key_holders_active_organization",
        "key_holders",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
        sqlite_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
    )
    op.create_index(
        "uq_key_holders_active_user",
        "key_holders",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
        sqlite_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "lexicon_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "code <> '' OR (zh <> '' AND en <> '')", name=op.f("ck_lexicon_entries_category_or_both_languages")
        ),
        sa.CheckConstraint("zh <> '' OR en <> ''", name=op.f("ck_lexicon_entries_some_form")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_lexicon_entries_created_by")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_lexicon_entries_updated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexicon_entries")),
    )
    op.create_index(op.f("ix_lexicon_entries_code"), "lexicon_entries", ["code"], unique=False)
    op.create_table(
        "mail_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "suppressed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_bulk", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=80), server_default="", nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("box", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name=op.f("ck_mail_messages_lease_while_sending")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_messages_sent_at_when_sent")),
        sa.CheckConstraint(
            "box IS NULL OR (sealed_by IS NOT NULL AND user_id IS NULL AND recipient = '' AND subject = '')",
            name=op.f("ck_mail_messages_nobody_named_while_sealed"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_messages_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_mail_messages_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_messages_message_id")),
    )
    op.create_index("ix_mail_messages_due", "mail_messages", ["state", "is_bulk", "next_attempt_at"], unique=False)
    op.create_index(op.f("ix_mail_messages_recipient"), "mail_messages", ["recipient"], unique=False)
    op.create_index(op.f("ix_mail_messages_template"), "mail_messages", ["template"], unique=False)
    op.create_index(op.f("ix_mail_messages_user_id"), "mail_messages", ["user_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("owner", "editor", "viewer", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_memberships_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("user_id", name=op.f("uq_memberships_user_id")),
    )
    op.create_index(op.f("ix_memberships_organization_id"), "memberships", ["organization_id"], unique=False)
    op.create_table(
        "needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "matching_need",
                "enterprise_posed",
                "government_task",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                "closed",
                "cancelled",
                "recommended",
                "appraising",
                "approved",
                "rejected",
                "suspended",
                "evaluating",
                "publicity",
                "awarded",
                "no_award",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("is_owner_shown", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("terminal_category", sa.String(length=8), nullable=False),
        sa.Column("end_product", sa.String(length=120), nullable=False),
        sa.Column("subsystem", sa.String(length=120), nullable=False),
        sa.Column("use_description", sa.Text(), nullable=False),
        sa.Column("quality_grade", sa.String(length=20), nullable=False),
        sa.Column("temp_min", sa.Float(), nullable=True),
        sa.Column("temp_max", sa.Float(), nullable=True),
        sa.Column("qual_standards", sa.JSON(), nullable=False),
        sa.Column("package_pref", sa.String(length=120), nullable=False),
        sa.Column("pin_compat_with", sa.String(length=120), nullable=False),
        sa.Column("annual_volume_kpcs", sa.Integer(), nullable=True),
        sa.Column("target_price_cny", sa.BigInteger(), nullable=True),
        sa.Column("sample_by", sa.Date(), nullable=True),
        sa.Column("sop_on", sa.Date(), nullable=True),
        sa.Column("current_supply", sa.String(length=20), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("software_needs", sa.Text(), nullable=False),
        sa.Column("contact_user_id", sa.Uuid(), nullable=True),
        sa.Column("review_opinion", sa.Text(), nullable=False),
        sa.Column("n_returns", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "mode <> 'matching_need' OR state IN ('draft', 'submitted', 'returned', 'published', 'closed', 'cancelled')",
            name=op.f("ck_needs_need_states"),
        ),
        sa.CheckConstraint("state <> 'returned' OR review_opinion <> ''", name=op.f("ck_needs_opinion_when_returned")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'recommended', 'appraising', 'approved', 'rejected', 'cancelled') OR published_at IS NOT NULL",
            name=op.f("ck_needs_published_at_when_public"),
        ),
        sa.CheckConstraint(
            "sample_by IS NULL OR sop_on IS NULL OR sample_by < sop_on", name=op.f("ck_needs_sample_before_sop")
        ),
        sa.CheckConstraint("target_price_cny IS NULL OR target_price_cny > 0", name=op.f("ck_needs_price_positive")),
        sa.CheckConstraint(
            "temp_min IS NULL OR temp_max IS NULL OR temp_min < temp_max", name=op.f("ck_needs_temperature_order")
        ),
        sa.CheckConstraint("urgency IS NULL OR urgency BETWEEN 1 AND 5", name=op.f("ck_needs_urgency_range")),
        sa.ForeignKeyConstraint(["contact_user_id"], ["users.id"], name=op.f("fk_needs_contact_user_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_needs_created_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_needs_organization_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
    )
    op.create_index("ix_needs_mode_state_published_at", "needs", ["mode", "state", "published_at"], unique=False)
    op.create_index(op.f("ix_needs_organization_id"), "needs", ["organization_id"], unique=False)
    op.create_index(op.f("ix_needs_terminal_category"), "needs", ["terminal_category"], unique=False)
    op.create_table(
        "notification_preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "digest",
            sa.Enum(
                "daily", "weekly", "monthly", "off", name="digest", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("has_event_mail", sa.Boolean(), nullable=False),
        sa.Column("no_mail", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("max_daily", sa.Integer(), nullable=True),
        sa.Column("counts_clicks", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)",
            name=op.f("ck_notification_preferences_quiet_from_and_until"),
        ),
        sa.CheckConstraint(
            "max_daily IS NULL OR max_daily > 0", name=op.f("ck_notification_preferences_max_daily_positive")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_preferences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_preferences")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("user_id", "event_key", name=op.f("uq_notifications_user_id_event_key")),
    )
    op.create_index("ix_notifications_user_id_created_at", "notifications", ["user_id", "created_at"], unique=False)
    op.create_table(
        "officer_interests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employment",
                "kinship",
                "shares",
                "advice",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_officer_interests_says_why")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_officer_interests_organization_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_officer_interests_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_interests")),
    )
    op.create_index(
        op.f("ix_officer_interests_organization_id"), "officer_interests", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_officer_interests_user_id"), "officer_interests", ["user_id"], unique=False)
    op.create_index(
        "uq_officer_interests_open",
        "officer_interests",
        ["user_id", "organization_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "organization_categories",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_categories_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "code", name=op.f("pk_organization_categories")),
    )
    op.create_index(op.f("ix_organization_categories_code"), "organization_categories", ["code"], unique=False)
    op.create_table(
        "organization_labels",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_organization_labels_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "code", name=op.f("pk_organization_labels")),
    )
    op.create_table(
        "pair_exclusions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_pair_exclusions_reason_given")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_pair_exclusions_created_by")),
        sa.ForeignKeyConstraint(["demand_id"], ["organizations.id"], name=op.f("fk_pair_exclusions_demand_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["organizations.id"], name=op.f("fk_pair_exclusions_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_exclusions")),
        sa.UniqueConstraint("demand_id", "supplier_id", name=op.f("uq_pair_exclusions_demand_id_supplier_id")),
    )
    op.create_index(op.f("ix_pair_exclusions_supplier_id"), "pair_exclusions", ["supplier_id"], unique=False)
    op.create_table(
        "queue_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_queue_views_name_given")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_queue_views_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_queue_views_user_id_name")),
    )
    op.create_table(
        "roles_users",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_roles_users_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roles_users_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_roles_users")),
    )
    op.create_table(
        "run_configurations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "computed",
                "infeasible",
                "deployed",
                "retired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deployed_by", sa.Uuid(), nullable=True),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'deployed' OR deployed_at IS NOT NULL",
            name=op.f("ck_run_configurations_deployed_at_when_deployed"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_run_configurations_created_by")),
        sa.ForeignKeyConstraint(["deployed_by"], ["users.id"], name=op.f("fk_run_configurations_deployed_by")),
        sa.ForeignKeyConstraint(
            ["replaced_id"], ["run_configurations.id"], name=op.f("fk_run_configurations_replaced_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_configurations")),
        sa.UniqueConstraint("name", name=op.f("uq_run_configurations_name")),
    )
    op.create_index(
        "uq_run_configurations_one_deployed",
        "run_configurations",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'deployed'"),
        sqlite_where=sa.text("state = 'deployed'"),
    )
    op.create_table(
        "saved_search_told",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_saved_search_told_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "subject_id", name=op.f("pk_saved_search_told")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "products", "needs", "challenges", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=800), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("has_mail", sa.Boolean(), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "NOT is_shared OR organization_id IS NOT NULL", name=op.f("ck_saved_searches_shared_within_organization")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_saved_searches_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_searches_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("user_id", "kind", "query", name=op.f("uq_saved_searches_user_id_kind_query")),
    )
    op.create_index(op.f("ix_saved_searches_organization_id"), "saved_searches", ["organization_id"], unique=False)
    op.create_index(op.f("ix_saved_searches_user_id"), "saved_searches", ["user_id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "scan_state",
            sa.Enum(
                "unscanned",
                "clean",
                "infected",
                name="scan_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_stored_files_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_stored_files_organization_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_stored_files_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_organization_id"), "stored_files", ["organization_id"], unique=False)
    op.create_index(op.f("ix_stored_files_sha256"), "stored_files", ["sha256"], unique=False)
    op.create_table(
        "working_day_overrides",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_working_day_overrides_created_by")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_working_day_overrides")),
    )
    op.create_table(
        "challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reconfirm_from_edition", sa.Integer(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("research_content", sa.Text(), nullable=False),
        sa.Column("deliverables", sa.JSON(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("reward_total_wan", sa.BigInteger(), nullable=True),
        sa.Column("owner_cash_wan", sa.BigInteger(), nullable=True),
        sa.Column("public_fund_wan", sa.BigInteger(), nullable=True),
        sa.Column("rnd_budget_wan", sa.BigInteger(), nullable=True),
        sa.Column("payment_plan", sa.JSON(), nullable=False),
        sa.Column("ip_terms", sa.String(length=20), nullable=False),
        sa.Column("ip_terms_text", sa.Text(), nullable=False),
        sa.Column("bidder_requirements", sa.Text(), nullable=False),
        sa.Column("restrictions", sa.JSON(), nullable=False),
        sa.Column("is_consortium_allowed", sa.Boolean(), nullable=False),
        sa.Column("max_members", sa.Integer(), nullable=False),
        sa.Column("award_count", sa.Integer(), nullable=False),
        sa.Column("is_race", sa.Boolean(), nullable=False),
        sa.Column("question_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bid_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_not_secret_declared", sa.Boolean(), nullable=False),
        sa.Column("is_funding_pledged", sa.Boolean(), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keys_released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_request", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("n_relistings", sa.Integer(), nullable=False),
        sa.Column("relisting_note", sa.Text(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("ended_bids", sa.JSON(), nullable=False),
        sa.CheckConstraint("(parent_id IS NULL) = (n_relistings = 0)", name=op.f("ck_challenges_relisting_has_parent")),
        sa.CheckConstraint("award_count BETWEEN 1 AND 3", name=op.f("ck_challenges_award_count_range")),
        sa.CheckConstraint("n_relistings BETWEEN 0 AND 9", name=op.f("ck_challenges_relistings_range")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_challenges_parent_is_another")),
        sa.CheckConstraint(
            "question_deadline_at IS NULL OR bid_deadline_at IS NULL OR question_deadline_at < bid_deadline_at",
            name=op.f("ck_challenges_questions_before_bids"),
        ),
        sa.CheckConstraint(
            "reward_total_wan IS NULL OR reward_total_wan > 0", name=op.f("ck_challenges_reward_positive")
        ),
        sa.CheckConstraint("rnd_budget_wan IS NULL OR rnd_budget_wan > 0", name=op.f("ck_challenges_budget_positive")),
        sa.CheckConstraint(
            "term_months IS NULL OR term_months BETWEEN 1 AND 36", name=op.f("ck_challenges_term_range")
        ),
        sa.ForeignKeyConstraint(["id"], ["needs.id"], name=op.f("fk_challenges_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["challenges.id"], name=op.f("fk_challenges_parent_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_challenges_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("code", name=op.f("uq_challenges_code")),
    )
    op.create_index("ix_challenges_bid_deadline_at", "challenges", ["bid_deadline_at"], unique=False)
    op.create_index(op.f("ix_challenges_parent_id"), "challenges", ["parent_id"], unique=False)
    op.create_index(op.f("ix_challenges_programme_id"), "challenges", ["programme_id"], unique=False)
    op.create_table(
        "chip_products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "archived", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("part_number", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("interfaces", sa.JSON(), nullable=False),
        sa.Column("package", sa.String(length=60), nullable=False),
        sa.Column("size_mm", sa.String(length=30), nullable=False),
        sa.Column("pins", sa.Integer(), nullable=True),
        sa.Column("pin_map", sa.Text(), nullable=False),
        sa.Column("temp_min", sa.Float(), nullable=True),
        sa.Column("temp_max", sa.Float(), nullable=True),
        sa.Column("quality_grade", sa.String(length=20), nullable=False),
        sa.Column("qualifications", sa.JSON(), nullable=False),
        sa.Column("functional_safety", sa.String(length=20), nullable=False),
        sa.Column("lifecycle_stage", sa.String(length=30), nullable=False),
        sa.Column("stage_since", sa.String(length=7), nullable=False),
        sa.Column("mp_since", sa.String(length=7), nullable=False),
        sa.Column("process_node_nm", sa.Float(), nullable=True),
        sa.Column("foundry_region", sa.String(length=20), nullable=False),
        sa.Column("osat_region", sa.String(length=20), nullable=False),
        sa.Column("monthly_capacity_kpcs", sa.String(length=20), nullable=False),
        sa.Column("lead_time_weeks", sa.Integer(), nullable=True),
        sa.Column("moq", sa.Integer(), nullable=True),
        sa.Column("price_1k_cny", sa.BigInteger(), nullable=True),
        sa.Column("price_10k_cny", sa.BigInteger(), nullable=True),
        sa.Column("price_100k_cny", sa.BigInteger(), nullable=True),
        sa.Column("benchmark_parts", sa.JSON(), nullable=False),
        sa.Column("ip_core", sa.String(length=20), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.Column("reference_customers", sa.JSON(), nullable=False),
        sa.Column("cumulative_shipment_wan", sa.String(length=20), nullable=False),
        sa.Column("datasheet_url", sa.String(length=300), nullable=False),
        sa.Column("datasheet_file_id", sa.Uuid(), nullable=True),
        sa.Column("is_sample_available", sa.Boolean(), nullable=True),
        sa.Column("data_source", sa.String(length=20), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("chain_tag", sa.String(length=2), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_chip_products_published_at_when_published"),
        ),
        sa.CheckConstraint(
            "lead_time_weeks IS NULL OR lead_time_weeks >= 0", name=op.f("ck_chip_products_lead_time_not_negative")
        ),
        sa.CheckConstraint(
            "temp_min IS NULL OR temp_max IS NULL OR temp_min <= temp_max",
            name=op.f("ck_chip_products_temperature_order"),
        ),
        sa.ForeignKeyConstraint(
            ["datasheet_file_id"], ["stored_files.id"], name=op.f("fk_chip_products_datasheet_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_chip_products_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chip_products")),
        sa.UniqueConstraint(
            "organization_id", "part_number", name=op.f("uq_chip_products_organization_id_part_number")
        ),
    )
    op.create_index(op.f("ix_chip_products_organization_id"), "chip_products", ["organization_id"], unique=False)
    op.create_index("ix_chip_products_state_category", "chip_products", ["state", "category"], unique=False)
    op.create_index(
        "ix_chip_products_state_published_at", "chip_products", ["state", "published_at", "id"], unique=False
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("n_items", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mail_messages.id"], name=op.f("fk_digests_mail_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_digests_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("user_id", "period", name=op.f("uq_digests_user_id_period")),
    )
    op.create_table(
        "event_participants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("exhibitor", "visitor", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("most_meetings", sa.Integer(), nullable=False),
        sa.Column("busy_slots", sa.JSON(), nullable=False),
        sa.Column("offer", sa.String(length=300), nullable=False),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("most_meetings BETWEEN 1 AND 200", name=op.f("ck_event_participants_limit_range")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_participants_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_event_participants_organization_id")
        ),
        sa.ForeignKeyConstraint(["registered_by"], ["users.id"], name=op.f("fk_event_participants_registered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_participants")),
        sa.UniqueConstraint("event_id", "organization_id", name=op.f("uq_event_participants_event_id_organization_id")),
    )
    op.create_index(
        op.f("ix_event_participants_organization_id"), "event_participants", ["organization_id"], unique=False
    )
    op.create_table(
        "event_schedule_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("waiting", "done", "refused", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("n_wanted", sa.Integer(), nullable=False),
        sa.Column("n_meetings", sa.Integer(), nullable=False),
        sa.Column("n_musts", sa.Integer(), nullable=False),
        sa.Column("n_musts_met", sa.Integer(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("bound", sa.Float(), nullable=False),
        sa.Column("gap", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("flaws", sa.JSON(), nullable=False),
        sa.Column("unmet", sa.JSON(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (finished_at IS NULL)", name=op.f("ck_event_schedule_runs_finished_at_when_over")
        ),
        sa.CheckConstraint("gap BETWEEN 0 AND 1", name=op.f("ck_event_schedule_runs_gap_range")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_schedule_runs_event_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"], name=op.f("fk_event_schedule_runs_requested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_schedule_runs")),
    )
    op.create_index(op.f("ix_event_schedule_runs_event_id"), "event_schedule_runs", ["event_id"], unique=False)
    op.create_table(
        "event_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_slots_time_order")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_slots_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_slots")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_event_slots_event_id_number")),
    )
    op.create_table(
        "event_wishes",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum("must", "like", "no", name="wish", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_event_wishes_two_parties")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_wishes_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_id"], ["organizations.id"], name=op.f("fk_event_wishes_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["organizations.id"], name=op.f("fk_event_wishes_to_id")),
        sa.PrimaryKeyConstraint("event_id", "from_id", "to_id", name=op.f("pk_event_wishes")),
    )
    op.create_index(op.f("ix_event_wishes_to_id"), "event_wishes", ["to_id"], unique=False)
    op.create_table(
        "expert_ties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_expert_ties_in_order")),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_expert_ties_expert_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_ties")),
    )
    op.create_index(op.f("ix_expert_ties_expert_id"), "expert_ties", ["expert_id"], unique=False)
    op.create_table(
        "mail_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bounce", "delay", "complaint", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("diagnostic", sa.String(length=500), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mail_messages.id"], name=op.f("fk_mail_reports_mail_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reports")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mail_reports_fingerprint")),
    )
    op.create_index(op.f("ix_mail_reports_address"), "mail_reports", ["address"], unique=False)
    op.create_index(op.f("ix_mail_reports_mail_id"), "mail_reports", ["mail_id"], unique=False)
    op.create_table(
        "need_categories",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_categories_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("need_id", "code", name=op.f("pk_need_categories")),
    )
    op.create_index(op.f("ix_need_categories_code"), "need_categories", ["code"], unique=False)
    op.create_table(
        "need_params",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("op", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("is_must", sa.Boolean(), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "op IN ('>=', '<=', '=', 'covers', 'has', 'in')", name=op.f("ck_need_params_operator_known")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_need_params_need_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_params")),
    )
    op.create_index(op.f("ix_need_params_need_id"), "need_params", ["need_id"], unique=False)
    op.create_table(
        "product_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checked",
                "committed",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("n_committed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'committed') = (committed_at IS NOT NULL)",
            name=op.f("ck_product_imports_committed_at_when_committed"),
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_product_imports_file_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_product_imports_organization_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name=op.f("fk_product_imports_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_imports")),
    )
    op.create_index(op.f("ix_product_imports_organization_id"), "product_imports", ["organization_id"], unique=False)
    op.create_table(
        "robot_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("robot_id", sa.Uuid(), nullable=False),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "unknown",
                "skipped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "unresolved",
                "unreachable",
                "busy",
                "invalid_key",
                "refused",
                "redirect",
                "unreadable",
                "host",
                "inward",
                "no_answer",
                "stopped",
                "enough",
                "switched_off",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_robot_messages_attempts_not_negative")),
        sa.ForeignKeyConstraint(
            ["robot_id"], ["group_robots.id"], name=op.f("fk_robot_messages_robot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_messages")),
        sa.UniqueConstraint("robot_id", "event_key", name=op.f("uq_robot_messages_robot_id_event_key")),
    )
    op.create_index("ix_robot_messages_robot_id_created_at", "robot_messages", ["robot_id", "created_at"], unique=False)
    op.create_index(
        "ix_robot_messages_robot_id_state_due_at", "robot_messages", ["robot_id", "state", "due_at"], unique=False
    )
    op.create_table(
        "saved_search_finds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_searches.id"], name=op.f("fk_saved_search_finds_search_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_finds")),
        sa.UniqueConstraint("search_id", "subject_id", name=op.f("uq_saved_search_finds_search_id_subject_id")),
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted", "verified", "rejected", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "uscc_check",
            sa.Enum(
                "valid",
                "mismatch",
                "not_applicable",
                name="uscc_check",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("licence_file_id", sa.Uuid(), nullable=False),
        sa.Column("authorisation_file_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)", name=op.f("ck_verifications_decided_unless_submitted")
        ),
        sa.CheckConstraint("state <> 'rejected' OR reason <> ''", name=op.f("ck_verifications_reason_when_rejected")),
        sa.ForeignKeyConstraint(
            ["authorisation_file_id"], ["stored_files.id"], name=op.f("fk_verifications_authorisation_file_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_verifications_decided_by")),
        sa.ForeignKeyConstraint(
            ["licence_file_id"], ["stored_files.id"], name=op.f("fk_verifications_licence_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_verifications_organization_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["users.id"], name=op.f("fk_verifications_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(op.f("ix_verifications_organization_id"), "verifications", ["organization_id"], unique=False)
    op.create_index(
        "uq_verifications_open",
        "verifications",
        ["organization_id"],
        unique=True,
        postgresql_where=sa.text("state = 'submitted'"),
        sqlite_where=sa.text("state = 'submitted'"),
    )
    op.create_table(
        "appraisals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.String(length=20), nullable=False),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("merge_answer", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(conclusion = '') = (concluded_at IS NULL)", name=op.f("ck_appraisals_concluded_with_conclusion")
        ),
        sa.CheckConstraint(
            "conclusion <> 'merge' OR duplicate_of IS NOT NULL", name=op.f("ck_appraisals_merge_names_other")
        ),
        sa.CheckConstraint("conclusion = '' OR minutes <> ''", name=op.f("ck_appraisals_minutes_kept")),
        sa.CheckConstraint(
            "conclusion IN ('', 'adequate', 'inadequate', 'merge', 'buyable')",
            name=op.f("ck_appraisals_conclusion_known"),
        ),
        sa.CheckConstraint("merge_answer = '' OR conclusion = 'merge'", name=op.f("ck_appraisals_answer_to_merge")),
        sa.CheckConstraint(
            "merge_answer IN ('', 'accepted', 'declined')", name=op.f("ck_appraisals_merge_answer_known")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_appraisals_challenge_id")),
        sa.ForeignKeyConstraint(["concluded_by"], ["users.id"], name=op.f("fk_appraisals_concluded_by")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["challenges.id"], name=op.f("fk_appraisals_duplicate_of")),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name=op.f("fk_appraisals_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisals")),
    )
    op.create_index(op.f("ix_appraisals_challenge_id"), "appraisals", ["challenge_id"], unique=False)
    op.create_table(
        "autopsy_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("firm_tag", sa.String(length=64), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_autopsy_answers_challenge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopsy_answers")),
        sa.UniqueConstraint("challenge_id", "firm_tag", name=op.f("uq_autopsy_answers_challenge_id_firm_tag")),
    )
    op.create_index(op.f("ix_autopsy_answers_challenge_id"), "autopsy_answers", ["challenge_id"], unique=False)
    op.create_table(
        "bids",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("firm_tag", sa.String(length=64), nullable=False),
        sa.Column("leader_tag", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sealed",
                "opened",
                "format_rejected",
                "valid",
                "under_review",
                "shortlisted",
                "defended",
                "selected",
                "reserve",
                "not_selected",
                "withdrawn",
                "disqualified",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("challenge_edition", sa.Integer(), nullable=False),
        sa.Column("content_box", sa.LargeBinary(), nullable=True),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("reopening_box", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt_code", sa.String(length=40), nullable=True),
        sa.Column(
            "price_state",
            sa.Enum(
                "none",
                "sealed",
                "due",
                "opened",
                "kept",
                name="price_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("price_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("price_reopening_box", sa.LargeBinary(), nullable=True),
        sa.Column("price_hash", sa.String(length=64), nullable=False),
        sa.Column("price_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price_error", sa.String(length=40), nullable=False),
        sa.Column("price_give_up_by", sa.Uuid(), nullable=True),
        sa.Column("price_give_up_reason", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opening_error", sa.String(length=40), nullable=False),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("project_name", sa.String(length=120), nullable=False),
        sa.Column("approach", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("tech_readiness", sa.Integer(), nullable=True),
        sa.Column("supply_plan", sa.Text(), nullable=False),
        sa.Column("ip_statement", sa.Text(), nullable=False),
        sa.Column("price_total_wan", sa.BigInteger(), nullable=True),
        sa.Column("self_funding_wan", sa.BigInteger(), nullable=True),
        sa.Column("price_breakdown", sa.Text(), nullable=False),
        sa.Column("price_salt", sa.String(length=32), nullable=False),
        sa.Column("is_pledged", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(price_state = 'opened') = (price_opened_at IS NOT NULL)", name=op.f("ck_bids_price_opened_at")
        ),
        sa.CheckConstraint("(state = 'draft') = (content_box IS NOT NULL)", name=op.f("ck_bids_box_of_draft")),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR (organization_id IS NULL AND created_by IS NULL AND product_id IS NULL AND price_total_wan IS NULL AND self_funding_wan IS NULL AND tech_readiness IS NULL AND NOT is_pledged AND project_name = '' AND approach = '' AND supply_plan = '' AND ip_statement = '' AND salt = '' AND price_breakdown = '' AND price_salt = '')",
            name=op.f("ck_bids_nothing_plain_before_opening"),
        ),
        sa.CheckConstraint(
            "price_state IN ('none', 'opened') OR (price_ciphertext IS NOT NULL AND price_hash <> '')",
            name=op.f("ck_bids_envelope_of_price"),
        ),
        sa.CheckConstraint(
            "price_state IN ('none', 'opened') OR (price_total_wan IS NULL AND self_funding_wan IS NULL AND price_breakdown = '' AND price_salt = '')",
            name=op.f("ck_bids_no_price_before_its_opening"),
        ),
        sa.CheckConstraint(
            "state <> 'sealed' OR (ciphertext IS NOT NULL AND reopening_box IS NOT NULL)",
            name=op.f("ck_bids_ciphertext_of_sealed"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sealed', 'withdrawn') OR opened_at IS NOT NULL", name=op.f("ck_bids_opened_first")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (sealed_at IS NOT NULL AND content_hash <> '')",
            name=op.f("ck_bids_receipt_when_sealed"),
        ),
        sa.CheckConstraint("opened_at IS NULL OR organization_id IS NOT NULL", name=op.f("ck_bids_bidder_once_opened")),
        sa.CheckConstraint("price_total_wan IS NULL OR price_total_wan > 0", name=op.f("ck_bids_price_positive")),
        sa.CheckConstraint(
            "tech_readiness IS NULL OR tech_readiness BETWEEN 1 AND 9", name=op.f("ck_bids_readiness_range")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_bids_challenge_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_bids_created_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_bids_organization_id")),
        sa.ForeignKeyConstraint(["price_give_up_by"], ["users.id"], name=op.f("fk_bids_price_give_up_by")),
        sa.ForeignKeyConstraint(["product_id"], ["chip_products.id"], name=op.f("fk_bids_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bids")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_bids_receipt_code")),
    )
    op.create_index(op.f("ix_bids_challenge_id"), "bids", ["challenge_id"], unique=False)
    op.create_index(op.f("ix_bids_firm_tag"), "bids", ["firm_tag"], unique=False)
    op.create_index(op.f("ix_bids_leader_tag"), "bids", ["leader_tag"], unique=False)
    op.create_index(op.f("ix_bids_organization_id"), "bids", ["organization_id"], unique=False)
    op.create_index(
        "uq_bids_one_per_firm",
        "bids",
        ["challenge_id", "firm_tag"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
        sqlite_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_table(
        "challenge_editions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_challenge_editions_hash_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_challenge_editions_number_positive")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_editions_challenge_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_challenge_editions_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_editions")),
        sa.UniqueConstraint("challenge_id", "number", name=op.f("uq_challenge_editions_challenge_id_number")),
    )
    op.create_table(
        "challenge_follows",
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_follows_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_challenge_follows_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("challenge_id", "user_id", name=op.f("pk_challenge_follows")),
    )
    op.create_index(op.f("ix_challenge_follows_user_id"), "challenge_follows", ["user_id"], unique=False)
    op.create_table(
        "challenge_key_holders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("open", "price", "view", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("threshold >= 2", name=op.f("ck_challenge_key_holders_never_one_alone")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_key_holders_challenge_id")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["key_holders.id"], name=op.f("fk_challenge_key_holders_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_key_holders")),
        sa.UniqueConstraint(
            "challenge_id", "holder_id", "purpose", name=op.f("uq_challenge_key_holders_challenge_id_holder_id_purpose")
        ),
    )
    op.create_index(
        op.f("ix_challenge_key_holders_challenge_id"), "challenge_key_holders", ["challenge_id"], unique=False
    )
    op.create_index(op.f("ix_challenge_key_holders_holder_id"), "challenge_key_holders", ["holder_id"], unique=False)
    op.create_table(
        "challenge_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asker_tag", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                "merged",
                "declined",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("alters_requirement", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'answered') = (answered_at IS NOT NULL)", name=op.f("ck_challenge_questions_answered_when_dated")
        ),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_challenge_questions_merged_into_another")
        ),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'declined') OR answer <> ''", name=op.f("ck_challenge_questions_answer_is_said")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name=op.f("fk_challenge_questions_answered_by")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_questions_challenge_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["challenge_questions.id"], name=op.f("fk_challenge_questions_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_questions")),
        sa.UniqueConstraint("challenge_id", "number", name=op.f("uq_challenge_questions_challenge_id_number")),
    )
    op.create_index(op.f("ix_challenge_questions_asker_tag"), "challenge_questions", ["asker_tag"], unique=False)
    op.create_index(op.f("ix_challenge_questions_challenge_id"), "challenge_questions", ["challenge_id"], unique=False)
    op.create_table(
        "challenge_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "submit",
                "return",
                "recommend",
                "appraise",
                "approve",
                "reject",
                "reconsider",
                "publish",
                "suspend",
                "resume",
                "close",
                "extend",
                "open",
                "propose",
                "reopen",
                "award",
                "replace",
                "no_award",
                "cancel",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "from_state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                "closed",
                "cancelled",
                "recommended",
                "appraising",
                "approved",
                "rejected",
                "suspended",
                "evaluating",
                "publicity",
                "awarded",
                "no_award",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "published",
                "closed",
                "cancelled",
                "recommended",
                "appraising",
                "approved",
                "rejected",
                "suspended",
                "evaluating",
                "publicity",
                "awarded",
                "no_award",
                name="to_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_steps_challenge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_steps")),
    )
    op.create_index("ix_challenge_steps_challenge_id_at", "challenge_steps", ["challenge_id", "at"], unique=False)
    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("old_deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new_deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('extension', 'outage')", name=op.f("ck_deadline_extensions_kind_known")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_deadline_extensions_confirmed_with_time")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_deadline_extensions_two_people")
        ),
        sa.CheckConstraint("new_deadline_at > old_deadline_at", name=op.f("ck_deadline_extensions_only_later")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_deadline_extensions_challenge_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_deadline_extensions_confirmed_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_deadline_extensions_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
    )
    op.create_index(op.f("ix_deadline_extensions_challenge_id"), "deadline_extensions", ["challenge_id"], unique=False)
    op.create_index(
        "uq_deadline_extensions_open",
        "deadline_extensions",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
        sqlite_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
    )
    op.create_table(
        "digest_deadlines",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_digest_deadlines_challenge_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_deadlines_digest_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_digest_deadlines_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "challenge_id", name=op.f("pk_digest_deadlines")),
    )
    op.create_index(op.f("ix_digest_deadlines_digest_id"), "digest_deadlines", ["digest_id"], unique=False)
    op.create_table(
        "kpis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("operator", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("baseline", sa.String(length=300), nullable=False),
        sa.Column("test_method", sa.String(length=300), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("sample_n", sa.Integer(), nullable=True),
        sa.Column("verifier", sa.String(length=20), nullable=False),
        sa.Column("is_veto", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("param_key", sa.String(length=40), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("public", "nda", name="visibility", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.CheckConstraint("weight BETWEEN 0 AND 1000000", name=op.f("ck_kpis_weight_range")),
        sa.ForeignKeyConstraint(
            ["challenge_id"], ["challenges.id"], name=op.f("fk_kpis_challenge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpis")),
        sa.UniqueConstraint("challenge_id", "code", name=op.f("uq_kpis_challenge_id_code")),
    )
    op.create_index(op.f("ix_kpis_challenge_id"), "kpis", ["challenge_id"], unique=False)
    op.create_table(
        "opening_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("holder_name", sa.String(length=120), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shares_box", sa.LargeBinary(), nullable=False),
        sa.Column("n_shares", sa.Integer(), nullable=False),
        sa.Column("n_damaged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_opening_releases_challenge_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["key_holders.id"], name=op.f("fk_opening_releases_holder_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_opening_releases_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_releases")),
        sa.UniqueConstraint(
            "challenge_id", "round", "holder_id", name=op.f("uq_opening_releases_challenge_id_round_holder_id")
        ),
        sa.UniqueConstraint(
            "challenge_id", "round", "user_id", name=op.f("uq_opening_releases_challenge_id_round_user_id")
        ),
    )
    op.create_index(op.f("ix_opening_releases_challenge_id"), "opening_releases", ["challenge_id"], unique=False)
    op.create_table(
        "openings",
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commitments", sa.JSON(), nullable=False),
        sa.Column("list_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("price_round", sa.Integer(), nullable=False),
        sa.Column("price_called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("price_record", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(list_hash) = 64", name=op.f("ck_openings_hash_length")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_openings_challenge_id")),
        sa.PrimaryKeyConstraint("challenge_id", name=op.f("pk_openings")),
    )
    op.create_table(
        "product_params",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("min", sa.Float(), nullable=True),
        sa.Column("typ", sa.Float(), nullable=True),
        sa.Column("max", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("condition", sa.String(length=200), nullable=False),
        sa.Column("value_text", sa.String(length=300), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("base_low", sa.Float(), nullable=True),
        sa.Column("base_high", sa.Float(), nullable=True),
        sa.CheckConstraint(
            '"min" IS NULL OR "max" IS NULL OR "min" <= "max"', name=op.f("ck_product_params_min_max_order")
        ),
        sa.CheckConstraint(
            '"min" IS NULL OR typ IS NULL OR "min" <= typ', name=op.f("ck_product_params_min_typ_order")
        ),
        sa.CheckConstraint(
            'typ IS NULL OR "max" IS NULL OR typ <= "max"', name=op.f("ck_product_params_typ_max_order")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["chip_products.id"], name=op.f("fk_product_params_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_params")),
    )
    op.create_index(
        "ix_product_params_high", "product_params", ["key", "dimension", "base_high", "product_id"], unique=False
    )
    op.create_index("ix_product_params_key_product_id", "product_params", ["key", "product_id"], unique=False)
    op.create_index(
        "ix_product_params_low", "product_params", ["key", "dimension", "base_low", "product_id"], unique=False
    )
    op.create_index(op.f("ix_product_params_product_id"), "product_params", ["product_id"], unique=False)
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.String(length=6), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opinion <> ''", name=op.f("ck_recommendations_opinion_given")),
        sa.CheckConstraint("rank > 0", name=op.f("ck_recommendations_rank_positive")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_recommendations_challenge_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_recommendations_created_by")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_recommendations_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
    )
    op.create_index(op.f("ix_recommendations_challenge_id"), "recommendations", ["challenge_id"], unique=False)
    op.create_index(
        "uq_recommendations_current",
        "recommendations",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_recommendations_rank",
        "recommendations",
        ["programme_id", "body", "rank"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "review_panels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "forming",
                "scoring",
                "consensus",
                "pricing",
                "ranked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum("panel", "owner", name="method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("ranked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ranked_by", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("method <> 'panel' OR (size & 1) = 1", name=op.f("ck_review_panels_odd")),
        sa.CheckConstraint(
            "state <> 'pricing' OR (minutes <> '' AND closed_at IS NOT NULL)",
            name=op.f("ck_review_panels_minutes_when_closed"),
        ),
        sa.CheckConstraint(
            "state <> 'ranked' OR (minutes <> '' AND ranked_at IS NOT NULL)",
            name=op.f("ck_review_panels_minutes_when_ranked"),
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_review_panels_challenge_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name=op.f("fk_review_panels_closed_by")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_review_panels_created_by")),
        sa.ForeignKeyConstraint(["ranked_by"], ["users.id"], name=op.f("fk_review_panels_ranked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_panels")),
        sa.UniqueConstraint("challenge_id", "round", name=op.f("uq_review_panels_challenge_id_round")),
    )
    op.create_index(op.f("ix_review_panels_challenge_id"), "review_panels", ["challenge_id"], unique=False)
    op.create_index(
        "uq_review_panels_running",
        "review_panels",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'ranked'"),
        sqlite_where=sa.text("state <> 'ranked'"),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "suggested",
                "approved",
                "rejected",
                "deferred",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("n_musts", sa.Integer(), nullable=False),
        sa.Column("n_musts_met", sa.Integer(), nullable=False),
        sa.Column("n_musts_violated", sa.Integer(), nullable=False),
        sa.Column("n_musts_unknown", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deferred_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'deferred') = (deferred_until IS NOT NULL)", name=op.f("ck_suggestions_day_when_deferred")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)",
            name=op.f("ck_suggestions_decided_at_when_decided"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR reason_code <> ''", name=op.f("ck_suggestions_reason_when_rejected")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_suggestions_score_range")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_suggestions_decided_by")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_suggestions_need_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["chip_products.id"], name=op.f("fk_suggestions_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["organizations.id"], name=op.f("fk_suggestions_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("need_id", "supplier_id", name=op.f("uq_suggestions_need_id_supplier_id")),
    )
    op.create_index(op.f("ix_suggestions_need_id"), "suggestions", ["need_id"], unique=False)
    op.create_index(op.f("ix_suggestions_product_id"), "suggestions", ["product_id"], unique=False)
    op.create_index("ix_suggestions_state_score", "suggestions", ["state", "score"], unique=False)
    op.create_index(op.f("ix_suggestions_supplier_id"), "suggestions", ["supplier_id"], unique=False)
    op.create_table(
        "award_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "returned",
                "confirmed",
                "overturned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("award", "replace", "no_award", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("replaces_bid_id", sa.Uuid(), nullable=True),
        sa.Column("reason_codes", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'replace') = (replaces_bid_id IS NOT NULL)", name=op.f("ck_award_proposals_replaces_an_award")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'returned') OR confirmed_by IS NOT NULL",
            name=op.f("ck_award_proposals_somebody_confirmed"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_award_proposals_two_people")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_award_proposals_challenge_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_award_proposals_confirmed_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_award_proposals_proposed_by")),
        sa.ForeignKeyConstraint(["replaces_bid_id"], ["bids.id"], name=op.f("fk_award_proposals_replaces_bid_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_proposals")),
        sa.UniqueConstraint("challenge_id", "round", name=op.f("uq_award_proposals_challenge_id_round")),
    )
    op.create_index(op.f("ix_award_proposals_challenge_id"), "award_proposals", ["challenge_id"], unique=False)
    op.create_index(
        "uq_award_proposals_in_force",
        "award_proposals",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
        sqlite_where=sa.text("state = 'confirmed'"),
    )
    op.create_index(
        "uq_award_proposals_waiting",
        "award_proposals",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
        sqlite_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "bid_blobs",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_blobs_bid_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("bid_id", "sha256", name=op.f("pk_bid_blobs")),
    )
    op.create_table(
        "bid_commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("committed", sa.String(length=120), nullable=False),
        sa.Column("measured", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_commitments_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_bid_commitments_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_commitments")),
        sa.UniqueConstraint("bid_id", "kpi_id", name=op.f("uq_bid_commitments_bid_id_kpi_id")),
    )
    op.create_index(op.f("ix_bid_commitments_bid_id"), "bid_commitments", ["bid_id"], unique=False)
    op.create_index(op.f("ix_bid_commitments_kpi_id"), "bid_commitments", ["kpi_id"], unique=False)
    op.create_table(
        "bid_endings",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("unreadable", "firm", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind = 'unreadable' OR confirmed_by IS NULL", name=op.f("ck_bid_endings_firm_alone")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_bid_endings_has_reason")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_bid_endings_confirmed_at_by")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_bid_endings_two_people")
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_endings_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["confirmed_by"], ["users.id"], name=op.f("fk_bid_endings_confirmed_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_bid_endings_proposed_by")),
        sa.PrimaryKeyConstraint("bid_id", name=op.f("pk_bid_endings")),
    )
    op.create_table(
        "bid_files",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("is_price", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_files_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_bid_files_file_id")),
        sa.PrimaryKeyConstraint("bid_id", "file_id", name=op.f("pk_bid_files")),
    )
    op.create_table(
        "bid_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("firm_tag", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited", "consented", "declined", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_members_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_bid_members_challenge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_members")),
        sa.UniqueConstraint("bid_id", "firm_tag", name=op.f("uq_bid_members_bid_id_firm_tag")),
    )
    op.create_index(op.f("ix_bid_members_bid_id"), "bid_members", ["bid_id"], unique=False)
    op.create_index(op.f("ix_bid_members_challenge_id"), "bid_members", ["challenge_id"], unique=False)
    op.create_index(op.f("ix_bid_members_firm_tag"), "bid_members", ["firm_tag"], unique=False)
    op.create_table(
        "bid_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column("reader_name", sa.String(length=120), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_readings_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["holder_id"], ["key_holders.id"], name=op.f("fk_bid_readings_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_readings")),
    )
    op.create_index(op.f("ix_bid_readings_bid_id"), "bid_readings", ["bid_id"], unique=False)
    op.create_table(
        "bid_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("open", "price", "view", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_shares_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["holder_id"], ["key_holders.id"], name=op.f("fk_bid_shares_holder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_shares")),
        sa.UniqueConstraint("bid_id", "holder_id", "purpose", name=op.f("uq_bid_shares_bid_id_holder_id_purpose")),
    )
    op.create_index(op.f("ix_bid_shares_bid_id"), "bid_shares", ["bid_id"], unique=False)
    op.create_index(op.f("ix_bid_shares_holder_id"), "bid_shares", ["holder_id"], unique=False)
    op.create_table(
        "challenge_amendments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "returned",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_core", sa.Boolean(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (edition IS NOT NULL)", name=op.f("ck_challenge_amendments_edition_when_approved")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by <> proposed_by", name=op.f("ck_challenge_amendments_two_people")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_amendments_challenge_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_challenge_amendments_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_challenge_amendments_proposed_by")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["challenge_questions.id"], name=op.f("fk_challenge_amendments_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_amendments")),
        sa.UniqueConstraint("challenge_id", "number", name=op.f("uq_challenge_amendments_challenge_id_number")),
    )
    op.create_index(
        op.f("ix_challenge_amendments_challenge_id"), "challenge_amendments", ["challenge_id"], unique=False
    )
    op.create_index(
        "uq_challenge_amendments_open",
        "challenge_amendments",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
        sqlite_where=sa.text("state = 'proposed'"),
    )
    op.create_table(
        "format_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "checking",
                "correcting",
                "prepared",
                "accepted",
                "rejected",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correction_file_id", sa.Uuid(), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'correcting' OR correction_due_at IS NOT NULL", name=op.f("ck_format_checks_due_when_correcting")
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'rejected') OR signed_by IS NOT NULL",
            name=op.f("ck_format_checks_signed_when_decided"),
        ),
        sa.CheckConstraint("signed_by IS NULL OR signed_by <> prepared_by", name=op.f("ck_format_checks_two_people")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_format_checks_bid_id")),
        sa.ForeignKeyConstraint(
            ["correction_file_id"], ["stored_files.id"], name=op.f("fk_format_checks_correction_file_id")
        ),
        sa.ForeignKeyConstraint(["prepared_by"], ["users.id"], name=op.f("fk_format_checks_prepared_by")),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_format_checks_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_format_checks")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_format_checks_bid_id")),
    )
    op.create_table(
        "pairings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("suggestion_id", sa.Uuid(), nullable=True),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("demand_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "introduced",
                "nda_signed",
                "disclosed",
                "sample_requested",
                "sample_shipped",
                "evaluating",
                "design_in",
                "pilot",
                "mass_production",
                "declined",
                "expired",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model_version", sa.String(length=80), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demand_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demand_accepted_by", sa.Uuid(), nullable=True),
        sa.Column("supply_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supply_accepted_by", sa.Uuid(), nullable=True),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demand_contact_id", sa.Uuid(), nullable=True),
        sa.Column("supply_contact_id", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by_side", sa.String(length=10), nullable=False),
        sa.Column("decline_reason", sa.String(length=40), nullable=False),
        sa.Column("decline_text", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'expired' OR (state IN ('proposed', 'declined')) = (introduced_at IS NULL)",
            name=op.f("ck_pairings_introduced_at_from_introduction"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('declined', 'dropped') OR decline_reason <> ''", name=op.f("ck_pairings_reason_when_ended")
        ),
        sa.CheckConstraint("demand_id <> supplier_id", name=op.f("ck_pairings_two_parties")),
        sa.CheckConstraint(
            "introduced_at IS NULL OR (demand_accepted_at IS NOT NULL AND supply_accepted_at IS NOT NULL)",
            name=op.f("ck_pairings_introduced_by_both"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_pairings_approved_by")),
        sa.ForeignKeyConstraint(["demand_accepted_by"], ["users.id"], name=op.f("fk_pairings_demand_accepted_by")),
        sa.ForeignKeyConstraint(["demand_contact_id"], ["users.id"], name=op.f("fk_pairings_demand_contact_id")),
        sa.ForeignKeyConstraint(["demand_id"], ["organizations.id"], name=op.f("fk_pairings_demand_id")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_pairings_need_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["chip_products.id"], name=op.f("fk_pairings_product_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestions.id"], name=op.f("fk_pairings_suggestion_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["organizations.id"], name=op.f("fk_pairings_supplier_id")),
        sa.ForeignKeyConstraint(["supply_accepted_by"], ["users.id"], name=op.f("fk_pairings_supply_accepted_by")),
        sa.ForeignKeyConstraint(["supply_contact_id"], ["users.id"], name=op.f("fk_pairings_supply_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("need_id", "supplier_id", name=op.f("uq_pairings_need_id_supplier_id")),
    )
    op.create_index(op.f("ix_pairings_demand_id"), "pairings", ["demand_id"], unique=False)
    op.create_index(op.f("ix_pairings_need_id"), "pairings", ["need_id"], unique=False)
    op.create_index("ix_pairings_state_moved_at", "pairings", ["state", "moved_at"], unique=False)
    op.create_index(op.f("ix_pairings_supplier_id"), "pairings", ["supplier_id"], unique=False)
    op.create_table(
        "review_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "chosen",
                "invited",
                "active",
                "recused",
                "declined",
                "removed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("order_seed", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pledged_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'active' OR pledged_at IS NOT NULL", name=op.f("ck_review_assignments_pledged_when_active")
        ),
        sa.CheckConstraint(
            "state NOT IN ('recused', 'removed') OR reason <> ''", name=op.f("ck_review_assignments_reason_when_gone")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_review_assignments_expert_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["review_panels.id"], name=op.f("fk_review_assignments_panel_id")),
        sa.ForeignKeyConstraint(["pledged_by"], ["users.id"], name=op.f("fk_review_assignments_pledged_by")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["review_assignments.id"], name=op.f("fk_review_assignments_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignments")),
        sa.UniqueConstraint("panel_id", "expert_id", name=op.f("uq_review_assignments_panel_id_expert_id")),
    )
    op.create_index(op.f("ix_review_assignments_expert_id"), "review_assignments", ["expert_id"], unique=False)
    op.create_index(op.f("ix_review_assignments_panel_id"), "review_assignments", ["panel_id"], unique=False)
    op.create_index(
        "uq_review_assignments_owner",
        "review_assignments",
        ["panel_id"],
        unique=True,
        postgresql_where=sa.text("expert_id IS NULL"),
        sqlite_where=sa.text("expert_id IS NULL"),
    )
    op.create_table(
        "review_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("panel_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=2), nullable=False),
        sa.Column("discussion", sa.Text(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("defence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("defence_minutes", sa.Integer(), nullable=True),
        sa.Column("defence_place", sa.String(length=200), nullable=False),
        sa.Column("mean", sa.BigInteger(), nullable=True),
        sa.Column("equalised", sa.BigInteger(), nullable=True),
        sa.Column("price_points", sa.BigInteger(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "proposed",
                "reserve",
                "below_line",
                "vetoed",
                "unpriced",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "defence_minutes IS NULL OR defence_minutes BETWEEN 5 AND 240",
            name=op.f("ck_review_entries_defence_minutes"),
        ),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_review_entries_votes_not_negative")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_review_entries_bid_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["review_panels.id"], name=op.f("fk_review_entries_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_entries")),
        sa.UniqueConstraint("panel_id", "bid_id", name=op.f("uq_review_entries_panel_id_bid_id")),
        sa.UniqueConstraint("panel_id", "label", name=op.f("uq_review_entries_panel_id_label")),
        sa.UniqueConstraint("panel_id", "place", name=op.f("uq_review_entries_panel_id_place")),
    )
    op.create_index(op.f("ix_review_entries_bid_id"), "review_entries", ["bid_id"], unique=False)
    op.create_index(op.f("ix_review_entries_panel_id"), "review_entries", ["panel_id"], unique=False)
    op.create_table(
        "award_verdicts",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "selected",
                "reserve",
                "not_selected",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'not_selected' OR reason <> ''", name=op.f("ck_award_verdicts_refusal_has_reason")
        ),
        sa.CheckConstraint("place > 0", name=op.f("ck_award_verdicts_place_positive")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_award_verdicts_bid_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["award_proposals.id"], name=op.f("fk_award_verdicts_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "bid_id", name=op.f("pk_award_verdicts")),
        sa.UniqueConstraint("proposal_id", "place", name=op.f("uq_award_verdicts_proposal_id_place")),
    )
    op.create_table(
        "digest_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_items_digest_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_digest_items_pairing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_digest_items_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_items")),
        sa.UniqueConstraint("user_id", "pairing_id", name=op.f("uq_digest_items_user_id_pairing_id")),
    )
    op.create_index(op.f("ix_digest_items_digest_id"), "digest_items", ["digest_id"], unique=False)
    op.create_table(
        "meetings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("event", "personal", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "set",
                "declined",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("pairing_id", sa.Uuid(), nullable=True),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("guest_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("video_url", sa.String(length=500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("announced", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_next_day_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_next_month_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'event') = (event_id IS NOT NULL)", name=op.f("ck_meetings_event_of_its_kind")),
        sa.CheckConstraint(
            "(kind = 'personal') = (pairing_id IS NOT NULL)", name=op.f("ck_meetings_pairing_of_its_kind")
        ),
        sa.CheckConstraint(
            "state <> 'set' OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)", name=op.f("ck_meetings_time_when_set")
        ),
        sa.CheckConstraint("announced IS NULL OR announced <= sequence", name=op.f("ck_meetings_announced_in_order")),
        sa.CheckConstraint("host_id <> guest_id", name=op.f("ck_meetings_two_parties")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meetings_time_order")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_meetings_created_by")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_meetings_event_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["organizations.id"], name=op.f("fk_meetings_guest_id")),
        sa.ForeignKeyConstraint(["host_id"], ["organizations.id"], name=op.f("fk_meetings_host_id")),
        sa.ForeignKeyConstraint(["pairing_id"], ["pairings.id"], name=op.f("fk_meetings_pairing_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["organizations.id"], name=op.f("fk_meetings_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("event_id", "host_id", "guest_id", name=op.f("uq_meetings_event_id_host_id_guest_id")),
    )
    op.create_index(op.f("ix_meetings_guest_id"), "meetings", ["guest_id"], unique=False)
    op.create_index(op.f("ix_meetings_host_id"), "meetings", ["host_id"], unique=False)
    op.create_index(op.f("ix_meetings_pairing_id"), "meetings", ["pairing_id"], unique=False)
    op.create_index("ix_meetings_state_ends_at", "meetings", ["state", "ends_at"], unique=False)
    op.create_table(
        "pairing_blocks",
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("demand", "supply", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("blocked_by", sa.Uuid(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blocked_by"], ["users.id"], name=op.f("fk_pairing_blocks_blocked_by")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_blocks_pairing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pairing_id", "side", name=op.f("pk_pairing_blocks")),
    )
    op.create_table(
        "pairing_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("demand", "supply", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_pairing_messages_author_id")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_messages_pairing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_messages")),
    )
    op.create_index(op.f("ix_pairing_messages_author_id"), "pairing_messages", ["author_id"], unique=False)
    op.create_index(
        "ix_pairing_messages_pairing_id_sent_at", "pairing_messages", ["pairing_id", "sent_at"], unique=False
    )
    op.create_table(
        "pairing_reads",
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_reads_pairing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_pairing_reads_user_id")),
        sa.PrimaryKeyConstraint("pairing_id", "user_id", name=op.f("pk_pairing_reads")),
    )
    op.create_table(
        "pairing_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pairing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "introduce",
                "sign_nda",
                "disclose",
                "request_sample",
                "ship_sample",
                "evaluate",
                "report",
                "design_in",
                "pilot",
                "mass_produce",
                "decline",
                "expire",
                "drop",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("demand", "supply", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "reached",
            sa.Enum(
                "proposed",
                "introduced",
                "nda_signed",
                "disclosed",
                "sample_requested",
                "sample_shipped",
                "evaluating",
                "design_in",
                "pilot",
                "mass_production",
                "declined",
                "expired",
                "dropped",
                name="reached",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairings.id"], name=op.f("fk_pairing_steps_pairing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["users.id"], name=op.f("fk_pairing_steps_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_steps")),
    )
    op.create_index("ix_pairing_steps_pairing_id_at", "pairing_steps", ["pairing_id", "at"], unique=False)
    op.create_index(
        "uq_pairing_steps_one_confirmation",
        "pairing_steps",
        ["pairing_id", "event", "side"],
        unique=True,
        postgresql_where=sa.text("event IN ('sign_nda', 'design_in', 'pilot', 'mass_produce')"),
        sqlite_where=sa.text("event IN ('sign_nda', 'design_in', 'pilot', 'mass_produce')"),
    )
    op.create_table(
        "publicities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_publicities_lasts")),
        sa.CheckConstraint("frozen_at IS NULL OR ended_at IS NULL", name=op.f("ck_publicities_frozen_or_ended")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_publicities_challenge_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["award_proposals.id"], name=op.f("fk_publicities_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicities")),
        sa.UniqueConstraint("number", name=op.f("uq_publicities_number")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_publicities_proposal_id")),
    )
    op.create_index(op.f("ix_publicities_challenge_id"), "publicities", ["challenge_id"], unique=False)
    op.create_index(
        "uq_publicities_running",
        "publicities",
        ["challenge_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "review_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("viewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["review_entries.id"], name=op.f("fk_review_views_entry_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["review_assignments.id"], name=op.f("fk_review_views_seat_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_views")),
    )
    op.create_index(op.f("ix_review_views_seat_id"), "review_views", ["seat_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum("individual", "consensus", name="phase", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("veto", sa.String(length=20), nullable=False),
        sa.Column("veto_reason", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "locked_at IS NULL OR veto = '' OR veto_reason <> ''", name=op.f("ck_reviews_veto_has_reason")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["review_entries.id"], name=op.f("fk_reviews_entry_id")),
        sa.ForeignKeyConstraint(["locked_by"], ["users.id"], name=op.f("fk_reviews_locked_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["review_assignments.id"], name=op.f("fk_reviews_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("seat_id", "entry_id", "phase", name=op.f("uq_reviews_seat_id_entry_id_phase")),
    )
    op.create_index(op.f("ix_reviews_entry_id"), "reviews", ["entry_id"], unique=False)
    op.create_index(op.f("ix_reviews_seat_id"), "reviews", ["seat_id"], unique=False)
    op.create_table(
        "awards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("publicity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "confirmed", "cancelled", "replaced", name="state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("awarded_by", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'confirmed') = (ended_at IS NULL)", name=op.f("ck_awards_ended_when_not_confirmed")
        ),
        sa.CheckConstraint("declined_at IS NULL OR decline_reason <> ''", name=op.f("ck_awards_decline_has_reason")),
        sa.CheckConstraint("state = 'confirmed' OR end_reason <> ''", name=op.f("ck_awards_end_has_reason")),
        sa.ForeignKeyConstraint(["awarded_by"], ["users.id"], name=op.f("fk_awards_awarded_by")),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_awards_bid_id")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_awards_challenge_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_awards_ended_by")),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicities.id"], name=op.f("fk_awards_publicity_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["awards.id"], name=op.f("fk_awards_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sa.UniqueConstraint("bid_id", name=op.f("uq_awards_bid_id")),
        sa.UniqueConstraint("number", name=op.f("uq_awards_number")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_awards_replaces_id")),
    )
    op.create_index(op.f("ix_awards_challenge_id"), "awards", ["challenge_id"], unique=False)
    op.create_table(
        "event_seats",
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("exhibitor", "visitor", name="role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("table_no", sa.Integer(), nullable=False),
        sa.CheckConstraint("table_no >= 0", name=op.f("ck_event_seats_table_not_negative")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_event_seats_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_event_seats_organization_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["event_slots.id"], name=op.f("fk_event_seats_slot_id")),
        sa.PrimaryKeyConstraint("meeting_id", "role", name=op.f("pk_event_seats")),
        sa.UniqueConstraint("slot_id", "organization_id", name=op.f("uq_event_seats_slot_id_organization_id")),
        sa.UniqueConstraint("slot_id", "table_no", "role", name=op.f("uq_event_seats_slot_id_table_no_role")),
    )
    op.create_table(
        "meeting_options",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_options_time_order")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_options_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_options")),
        sa.UniqueConstraint("meeting_id", "starts_at", name=op.f("uq_meeting_options_meeting_id_starts_at")),
    )
    op.create_table(
        "meeting_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_meeting_outcomes_rating_range")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_outcomes_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_meeting_outcomes_organization_id")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["users.id"], name=op.f("fk_meeting_outcomes_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_outcomes")),
        sa.UniqueConstraint(
            "meeting_id", "organization_id", name=op.f("uq_meeting_outcomes_meeting_id_organization_id")
        ),
    )
    op.create_index(op.f("ix_meeting_outcomes_organization_id"), "meeting_outcomes", ["organization_id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("publicity_id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("contact_name", sa.String(length=60), nullable=False),
        sa.Column("contact_phone", sa.String(length=30), nullable=False),
        sa.Column("ground", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "not_accepted",
                "investigating",
                "upholding",
                "upheld",
                "dismissed",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "remedy",
            sa.Enum(
                "review_again",
                "next_reserve",
                "no_award",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconsiders_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accept_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state IN ('upholding', 'upheld')) = (remedy IS NOT NULL)", name=op.f("ck_objections_remedy_when_upheld")
        ),
        sa.CheckConstraint(
            "proposed_by IS NULL OR state <> 'upheld' OR decided_by <> proposed_by",
            name=op.f("ck_objections_two_people"),
        ),
        sa.CheckConstraint(
            "state IN ('received', 'investigating', 'withdrawn') OR decision <> ''",
            name=op.f("ck_objections_decision_has_reasons"),
        ),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_objections_bid_id")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_objections_challenge_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_objections_decided_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_objections_organization_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["users.id"], name=op.f("fk_objections_proposed_by")),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicities.id"], name=op.f("fk_objections_publicity_id")),
        sa.ForeignKeyConstraint(["reconsiders_id"], ["objections.id"], name=op.f("fk_objections_reconsiders_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_objections_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("reconsiders_id", name=op.f("uq_objections_reconsiders_id")),
    )
    op.create_index(op.f("ix_objections_challenge_id"), "objections", ["challenge_id"], unique=False)
    op.create_index(op.f("ix_objections_organization_id"), "objections", ["organization_id"], unique=False)
    op.create_index(op.f("ix_objections_publicity_id"), "objections", ["publicity_id"], unique=False)
    op.create_index(op.f("ix_objections_state"), "objections", ["state"], unique=False)
    op.create_table(
        "pairing_message_files",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_pairing_message_files_file_id")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["pairing_messages.id"],
            name=op.f("fk_pairing_message_files_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", "file_id", name=op.f("pk_pairing_message_files")),
    )
    op.create_index(op.f("ix_pairing_message_files_file_id"), "pairing_message_files", ["file_id"], unique=False)
    op.create_table(
        "pairing_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "upheld", "dismissed", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_pairing_reports_decided_at_when_decided")
        ),
        sa.CheckConstraint("state = 'open' OR decision <> ''", name=op.f("ck_pairing_reports_decision_when_decided")),
        sa.ForeignKeyConstraint(["decided_by"], ["users.id"], name=op.f("fk_pairing_reports_decided_by")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["pairing_messages.id"], name=op.f("fk_pairing_reports_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["reported_by"], ["users.id"], name=op.f("fk_pairing_reports_reported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_reports")),
        sa.UniqueConstraint("message_id", name=op.f("uq_pairing_reports_message_id")),
    )
    op.create_index("ix_pairing_reports_state_reported_at", "pairing_reports", ["state", "reported_at"], unique=False)
    op.create_table(
        "review_scores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "value IS NULL OR (value BETWEEN 0 AND 1000000 AND value % 5000 = 0)",
            name=op.f("ck_review_scores_value_in_half_points"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.id"], name=op.f("fk_review_scores_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_scores")),
        sa.UniqueConstraint("review_id", "criterion", name=op.f("uq_review_scores_review_id_criterion")),
    )
    op.create_index(op.f("ix_review_scores_review_id"), "review_scores", ["review_id"], unique=False)
    op.create_table(
        "objection_files",
        sa.Column("objection_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_objection_files_file_id")),
        sa.ForeignKeyConstraint(
            ["objection_id"], ["objections.id"], name=op.f("fk_objection_files_objection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("objection_id", "file_id", name=op.f("pk_objection_files")),
    )
    for statement in CREATE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROP[op.get_context().dialect.name]:
        op.execute(statement)
    op.drop_table("objection_files")
    op.drop_index(op.f("ix_review_scores_review_id"), table_name="review_scores")
    op.drop_table("review_scores")
    op.drop_index("ix_pairing_reports_state_reported_at", table_name="pairing_reports")
    op.drop_table("pairing_reports")
    op.drop_index(op.f("ix_pairing_message_files_file_id"), table_name="pairing_message_files")
    op.drop_table("pairing_message_files")
    op.drop_index(op.f("ix_objections_state"), table_name="objections")
    op.drop_index(op.f("ix_objections_publicity_id"), table_name="objections")
    op.drop_index(op.f("ix_objections_organization_id"), table_name="objections")
    op.drop_index(op.f("ix_objections_challenge_id"), table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_meeting_outcomes_organization_id"), table_name="meeting_outcomes")
    op.drop_table("meeting_outcomes")
    op.drop_table("meeting_options")
    op.drop_table("event_seats")
    op.drop_index(op.f("ix_awards_challenge_id"), table_name="awards")
    op.drop_table("awards")
    op.drop_index(op.f("ix_reviews_seat_id"), table_name="reviews")
    op.drop_index(op.f("ix_reviews_entry_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_review_views_seat_id"), table_name="review_views")
    op.drop_table("review_views")
    op.drop_index(
        "uq_publicities_running",
        table_name="publicities",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_publicities_challenge_id"), table_name="publicities")
    op.drop_table("publicities")
    op.drop_index(
        "uq_pairing_steps_one_confirmation",
        table_name="pairing_steps",
        postgresql_where=sa.text("event IN ('sign_nda', 'design_in', 'pilot', 'mass_produce')"),
        sqlite_where=sa.text("event IN ('sign_nda', 'design_in', 'pilot', 'mass_produce')"),
    )
    op.drop_index("ix_pairing_steps_pairing_id_at", table_name="pairing_steps")
    op.drop_table("pairing_steps")
    op.drop_table("pairing_reads")
    op.drop_index("ix_pairing_messages_pairing_id_sent_at", table_name="pairing_messages")
    op.drop_index(op.f("ix_pairing_messages_author_id"), table_name="pairing_messages")
    op.drop_table("pairing_messages")
    op.drop_table("pairing_blocks")
    op.drop_index("ix_meetings_state_ends_at", table_name="meetings")
    op.drop_index(op.f("ix_meetings_pairing_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_host_id"), table_name="meetings")
    op.drop_index(op.f("ix_meetings_guest_id"), table_name="meetings")
    op.drop_table("meetings")
    op.drop_index(op.f("ix_digest_items_digest_id"), table_name="digest_items")
    op.drop_table("digest_items")
    op.drop_table("award_verdicts")
    op.drop_index(op.f("ix_review_entries_panel_id"), table_name="review_entries")
    op.drop_index(op.f("ix_review_entries_bid_id"), table_name="review_entries")
    op.drop_table("review_entries")
    op.drop_index(
        "uq_review_assignments_owner",
        table_name="review_assignments",
        postgresql_where=sa.text("expert_id IS NULL"),
        sqlite_where=sa.text("expert_id IS NULL"),
    )
    op.drop_index(op.f("ix_review_assignments_panel_id"), table_name="review_assignments")
    op.drop_index(op.f("ix_review_assignments_expert_id"), table_name="review_assignments")
    op.drop_table("review_assignments")
    op.drop_index(op.f("ix_pairings_supplier_id"), table_name="pairings")
    op.drop_index("ix_pairings_state_moved_at", table_name="pairings")
    op.drop_index(op.f("ix_pairings_need_id"), table_name="pairings")
    op.drop_index(op.f("ix_pairings_demand_id"), table_name="pairings")
    op.drop_table("pairings")
    op.drop_table("format_checks")
    op.drop_index(
        "uq_challenge_amendments_open",
        table_name="challenge_amendments",
        postgresql_where=sa.text("state = 'proposed'"),
        sqlite_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(op.f("ix_challenge_amendments_challenge_id"), table_name="challenge_amendments")
    op.drop_table("challenge_amendments")
    op.drop_index(op.f("ix_bid_shares_holder_id"), table_name="bid_shares")
    op.drop_index(op.f("ix_bid_shares_bid_id"), table_name="bid_shares")
    op.drop_table("bid_shares")
    op.drop_index(op.f("ix_bid_readings_bid_id"), table_name="bid_readings")
    op.drop_table("bid_readings")
    op.drop_index(op.f("ix_bid_members_firm_tag"), table_name="bid_members")
    op.drop_index(op.f("ix_bid_members_challenge_id"), table_name="bid_members")
    op.drop_index(op.f("ix_bid_members_bid_id"), table_name="bid_members")
    op.drop_table("bid_members")
    op.drop_table("bid_files")
    op.drop_table("bid_endings")
    op.drop_index(op.f("ix_bid_commitments_kpi_id"), table_name="bid_commitments")
    op.drop_index(op.f("ix_bid_commitments_bid_id"), table_name="bid_commitments")
    op.drop_table("bid_commitments")
    op.drop_table("bid_blobs")
    op.drop_index(
        "uq_award_proposals_waiting",
        table_name="award_proposals",
        postgresql_where=sa.text("state = 'proposed'"),
        sqlite_where=sa.text("state = 'proposed'"),
    )
    op.drop_index(
        "uq_award_proposals_in_force",
        table_name="award_proposals",
        postgresql_where=sa.text("state = 'confirmed'"),
        sqlite_where=sa.text("state = 'confirmed'"),
    )
    op.drop_index(op.f("ix_award_proposals_challenge_id"), table_name="award_proposals")
    op.drop_table("award_proposals")
    op.drop_index(op.f("ix_suggestions_supplier_id"), table_name="suggestions")
    op.drop_index("ix_suggestions_state_score", table_name="suggestions")
    op.drop_index(op.f("ix_suggestions_product_id"), table_name="suggestions")
    op.drop_index(op.f("ix_suggestions_need_id"), table_name="suggestions")
    op.drop_table("suggestions")
    op.drop_index(
        "uq_review_panels_running",
        table_name="review_panels",
        postgresql_where=sa.text("state <> 'ranked'"),
        sqlite_where=sa.text("state <> 'ranked'"),
    )
    op.drop_index(op.f("ix_review_panels_challenge_id"), table_name="review_panels")
    op.drop_table("review_panels")
    op.drop_index(
        "uq_recommendations_rank",
        table_name="recommendations",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(
        "uq_recommendations_current",
        table_name="recommendations",
        postgresql_where=sa.text("withdrawn_at IS NULL"),
        sqlite_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_recommendations_challenge_id"), table_name="recommendations")
    op.drop_table("recommendations")
    op.drop_index(op.f("ix_product_params_product_id"), table_name="product_params")
    op.drop_index("ix_product_params_low", table_name="product_params")
    op.drop_index("ix_product_params_key_product_id", table_name="product_params")
    op.drop_index("ix_product_params_high", table_name="product_params")
    op.drop_table("product_params")
    op.drop_table("openings")
    op.drop_index(op.f("ix_opening_releases_challenge_id"), table_name="opening_releases")
    op.drop_table("opening_releases")
    op.drop_index(op.f("ix_kpis_challenge_id"), table_name="kpis")
    op.drop_table("kpis")
    op.drop_index(op.f("ix_digest_deadlines_digest_id"), table_name="digest_deadlines")
    op.drop_table("digest_deadlines")
    op.drop_index(
        "uq_deadline_extensions_open",
        table_name="deadline_extensions",
        postgresql_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
        sqlite_where=sa.text("confirmed_at IS NULL AND dropped_at IS NULL"),
    )
    op.drop_index(op.f("ix_deadline_extensions_challenge_id"), table_name="deadline_extensions")
    op.drop_table("deadline_extensions")
    op.drop_index("ix_challenge_steps_challenge_id_at", table_name="challenge_steps")
    op.drop_table("challenge_steps")
    op.drop_index(op.f("ix_challenge_questions_challenge_id"), table_name="challenge_questions")
    op.drop_index(op.f("ix_challenge_questions_asker_tag"), table_name="challenge_questions")
    op.drop_table("challenge_questions")
    op.drop_index(op.f("ix_challenge_key_holders_holder_id"), table_name="challenge_key_holders")
    op.drop_index(op.f("ix_challenge_key_holders_challenge_id"), table_name="challenge_key_holders")
    op.drop_table("challenge_key_holders")
    op.drop_index(op.f("ix_challenge_follows_user_id"), table_name="challenge_follows")
    op.drop_table("challenge_follows")
    op.drop_table("challenge_editions")
    op.drop_index(
        "uq_bids_one_per_firm",
        table_name="bids",
        postgresql_where=sa.text("state <> 'withdrawn'"),
        sqlite_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(op.f("ix_bids_organization_id"), table_name="bids")
    op.drop_index(op.f("ix_bids_leader_tag"), table_name="bids")
    op.drop_index(op.f("ix_bids_firm_tag"), table_name="bids")
    op.drop_index(op.f("ix_bids_challenge_id"), table_name="bids")
    op.drop_table("bids")
    op.drop_index(op.f("ix_autopsy_answers_challenge_id"), table_name="autopsy_answers")
    op.drop_table("autopsy_answers")
    op.drop_index(op.f("ix_appraisals_challenge_id"), table_name="appraisals")
    op.drop_table("appraisals")
    op.drop_index(
        "uq_verifications_open",
        table_name="verifications",
        postgresql_where=sa.text("state = 'submitted'"),
        sqlite_where=sa.text("state = 'submitted'"),
    )
    op.drop_index(op.f("ix_verifications_organization_id"), table_name="verifications")
    op.drop_table("verifications")
    op.drop_table("saved_search_finds")
    op.drop_index("ix_robot_messages_robot_id_state_due_at", table_name="robot_messages")
    op.drop_index("ix_robot_messages_robot_id_created_at", table_name="robot_messages")
    op.drop_table("robot_messages")
    op.drop_index(op.f("ix_product_imports_organization_id"), table_name="product_imports")
    op.drop_table("product_imports")
    op.drop_index(op.f("ix_need_params_need_id"), table_name="need_params")
    op.drop_table("need_params")
    op.drop_index(op.f("ix_need_categories_code"), table_name="need_categories")
    op.drop_table("need_categories")
    op.drop_index(op.f("ix_mail_reports_mail_id"), table_name="mail_reports")
    op.drop_index(op.f("ix_mail_reports_address"), table_name="mail_reports")
    op.drop_table("mail_reports")
    op.drop_index(op.f("ix_expert_ties_expert_id"), table_name="expert_ties")
    op.drop_table("expert_ties")
    op.drop_index(op.f("ix_event_wishes_to_id"), table_name="event_wishes")
    op.drop_table("event_wishes")
    op.drop_table("event_slots")
    op.drop_index(op.f("ix_event_schedule_runs_event_id"), table_name="event_schedule_runs")
    op.drop_table("event_schedule_runs")
    op.drop_index(op.f("ix_event_participants_organization_id"), table_name="event_participants")
    op.drop_table("event_participants")
    op.drop_table("digests")
    op.drop_index("ix_chip_products_state_published_at", table_name="chip_products")
    op.drop_index("ix_chip_products_state_category", table_name="chip_products")
    op.drop_index(op.f("ix_chip_products_organization_id"), table_name="chip_products")
    op.drop_table("chip_products")
    op.drop_index(op.f("ix_challenges_programme_id"), table_name="challenges")
    op.drop_index(op.f("ix_challenges_parent_id"), table_name="challenges")
    op.drop_index("ix_challenges_bid_deadline_at", table_name="challenges")
    op.drop_table("challenges")
    op.drop_table("working_day_overrides")
    op.drop_index(op.f("ix_stored_files_sha256"), table_name="stored_files")
    op.drop_index(op.f("ix_stored_files_organization_id"), table_name="stored_files")
    op.drop_table("stored_files")
    op.drop_index(op.f("ix_saved_searches_user_id"), table_name="saved_searches")
    op.drop_index(op.f("ix_saved_searches_organization_id"), table_name="saved_searches")
    op.drop_table("saved_searches")
    op.drop_table("saved_search_told")
    op.drop_index(
        "uq_run_configurations_one_deployed",
        table_name="run_configurations",
        postgresql_where=sa.text("state = 'deployed'"),
        sqlite_where=sa.text("state = 'deployed'"),
    )
    op.drop_table("run_configurations")
    op.drop_table("roles_users")
    op.drop_table("queue_views")
    op.drop_index(op.f("ix_pair_exclusions_supplier_id"), table_name="pair_exclusions")
    op.drop_table("pair_exclusions")
    op.drop_table("organization_labels")
    op.drop_index(op.f("ix_organization_categories_code"), table_name="organization_categories")
    op.drop_table("organization_categories")
    op.drop_index(
        "uq_officer_interests_open",
        table_name="officer_interests",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_officer_interests_user_id"), table_name="officer_interests")
    op.drop_index(op.f("ix_officer_interests_organization_id"), table_name="officer_interests")
    op.drop_table("officer_interests")
    op.drop_index("ix_notifications_user_id_created_at", table_name="notifications")
    op.drop_table("notifications")
    op.drop_table("notification_preferences")
    op.drop_index(op.f("ix_needs_terminal_category"), table_name="needs")
    op.drop_index(op.f("ix_needs_organization_id"), table_name="needs")
    op.drop_index("ix_needs_mode_state_published_at", table_name="needs")
    op.drop_table("needs")
    op.drop_index(op.f("ix_memberships_organization_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_mail_messages_user_id"), table_name="mail_messages")
    op.drop_index(op.f("ix_mail_messages_template"), table_name="mail_messages")
    op.drop_index(op.f("ix_mail_messages_recipient"), table_name="mail_messages")
    op.drop_index("ix_mail_messages_due", table_name="mail_messages")
    op.drop_table("mail_messages")
    op.drop_index(op.f("ix_lexicon_entries_code"), table_name="lexicon_entries")
    op.drop_table("lexicon_entries")
    op.drop_index(
        "uq_key_holders_active_user",
        table_name="key_holders",
        postgresql_where=sa.text("state = 'active'"),
        sqlite_where=sa.text("state = 'active'"),
    )
    op.drop_index(
        "uq_key_holders_active_organization",
        table_name="key_holders",
        postgresql_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
        sqlite_where=sa.text("state = 'active' AND organization_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_key_holders_user_id"), table_name="key_holders")
    op.drop_table("key_holders")
    op.drop_index(
        "uq_invitations_open",
        table_name="invitations",
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_invitations_email"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_table("group_robots")
    op.drop_index(op.f("ix_form_drafts_user_id"), table_name="form_drafts")
    op.drop_index(op.f("ix_form_drafts_subject"), table_name="form_drafts")
    op.drop_table("form_drafts")
    op.drop_table("experts")
    op.drop_index("ix_events_state_first_day", table_name="events")
    op.drop_table("events")
    op.drop_index(op.f("ix_category_changes_merged_into"), table_name="category_changes")
    op.drop_table("category_changes")
    op.drop_table("calendar_feeds")
    op.drop_table("audit_links")
    op.drop_table("users")
    op.drop_table("search_documents")
    op.drop_table("schedules")
    op.drop_table("roles")
    op.drop_index("ix_ranker_proposals_created_at", table_name="ranker_proposals")
    op.drop_table("ranker_proposals")
    op.drop_table("programmes")
    op.drop_index(op.f("ix_organizations_legal_name_zh"), table_name="organizations")
    op.drop_index(op.f("ix_organizations_city_code"), table_name="organizations")
    op.drop_table("organizations")
    op.drop_table("match_runs")
    op.drop_table("mail_suppressions")
    op.drop_index(
        "uq_jobs_waiting_key",
        table_name="jobs",
        postgresql_where=sa.text("state = 'queued' AND key IS NOT NULL"),
        sqlite_where=sa.text("state = 'queued' AND key IS NOT NULL"),
    )
    op.drop_index(op.f("ix_jobs_kind"), table_name="jobs")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("digest_clicks")
    op.drop_table("challenge_numbers")
    op.drop_table("audit_heads")
    op.drop_index("ix_audit_events_subject", table_name="audit_events")
    op.drop_index(
        "ix_audit_events_sealed",
        table_name="audit_events",
        postgresql_where=sa.text("box IS NOT NULL"),
        sqlite_where=sa.text("box IS NOT NULL"),
    )
    op.drop_index(op.f("ix_audit_events_organization_id"), table_name="audit_events")
    op.drop_index("ix_audit_events_created_at", table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_actor_id"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_action"), table_name="audit_events")
    op.drop_table("audit_events")
