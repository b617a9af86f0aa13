"""Create everything.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The full-text index and the append-only audit trail belong to the database, so no model describes them.
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
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit "
        "events are append-only'); END",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'audit "
        "events are append-only'); END",
    ],
    "postgresql": [
        "CREATE INDEX ix_search_documents_terms ON search_documents USING gin "
        "(array_to_tsvector(string_to_array(tokens, ' ')))",
        "CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
        "EXCEPTION 'audit events are append-only'; END $$",
        "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events FOR "
        "EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()",
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
    ],
    "postgresql": [
        "DROP INDEX ix_search_documents_terms",
        "DROP TRIGGER audit_events_no_change ON audit_events",
        "DROP FUNCTION audit_events_refuse()",
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
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
    )
    op.create_index(op.f("ix_audit_events_action"), "audit_events", ["action"], unique=False)
    op.create_index(op.f("ix_audit_events_actor_id"), "audit_events", ["actor_id"], unique=False)
    op.create_index("ix_audit_events_created_at", "audit_events", ["created_at"], unique=False)
    op.create_index(op.f("ix_audit_events_organization_id"), "audit_events", ["organization_id"], unique=False)
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "challenge_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_challenge_numbers")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
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
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("min_bid_window_days", sa.Integer(), nullable=False),
        sa.Column("max_members", sa.Integer(), nullable=False),
        sa.Column("max_projects_per_applicant", sa.Integer(), nullable=False),
        sa.Column("first_payment_max_percent", sa.Integer(), nullable=False),
        sa.Column("is_price_above_reward_allowed", sa.Boolean(), nullable=False),
        sa.Column("publicity_working_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("min_bid_window_days > 0", name=op.f("ck_programmes_window_positive")),
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
        "form_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_form_drafts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_drafts")),
        sa.UniqueConstraint("user_id", "form", "subject", name=op.f("uq_form_drafts_user_id_form_subject")),
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
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (leased_until IS NOT NULL)", name=op.f("ck_mail_messages_lease_while_sending")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mail_messages_sent_at_when_sent")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_messages_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_messages")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_mail_messages_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_messages_message_id")),
    )
    op.create_index("ix_mail_messages_due", "mail_messages", ["state", "next_attempt_at"], unique=False)
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
            sa.Enum("daily", "weekly", "off", name="digest", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("has_event_mail", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
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
        "roles_users",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name=op.f("fk_roles_users_role_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roles_users_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("pk_roles_users")),
    )
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
        "challenges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("research_content", sa.Text(), nullable=False),
        sa.Column("deliverables", sa.JSON(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("reward_total_wan", sa.BigInteger(), nullable=True),
        sa.Column("owner_cash_wan", sa.BigInteger(), nullable=True),
        sa.Column("public_fund_wan", sa.BigInteger(), nullable=True),
        sa.Column("payment_plan", sa.JSON(), nullable=False),
        sa.Column("ip_terms", sa.String(length=20), nullable=False),
        sa.Column("ip_terms_text", sa.Text(), nullable=False),
        sa.Column("bidder_requirements", sa.Text(), nullable=False),
        sa.Column("is_consortium_allowed", sa.Boolean(), nullable=False),
        sa.Column("max_members", sa.Integer(), nullable=False),
        sa.Column("award_count", sa.Integer(), nullable=False),
        sa.Column("is_race", sa.Boolean(), nullable=False),
        sa.Column("question_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bid_deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_not_secret_declared", sa.Boolean(), nullable=False),
        sa.Column("is_funding_pledged", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.CheckConstraint("award_count BETWEEN 1 AND 3", name=op.f("ck_challenges_award_count_range")),
        sa.CheckConstraint(
            "question_deadline_at IS NULL OR bid_deadline_at IS NULL OR question_deadline_at < bid_deadline_at",
            name=op.f("ck_challenges_questions_before_bids"),
        ),
        sa.CheckConstraint(
            "reward_total_wan IS NULL OR reward_total_wan > 0", name=op.f("ck_challenges_reward_positive")
        ),
        sa.CheckConstraint(
            "term_months IS NULL OR term_months BETWEEN 1 AND 36", name=op.f("ck_challenges_term_range")
        ),
        sa.ForeignKeyConstraint(["id"], ["needs.id"], name=op.f("fk_challenges_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_challenges_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("code", name=op.f("uq_challenges_code")),
    )
    op.create_index("ix_challenges_bid_deadline_at", "challenges", ["bid_deadline_at"], unique=False)
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
        "bids",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
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
        sa.Column("project_name", sa.String(length=120), nullable=False),
        sa.Column("approach", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("tech_readiness", sa.Integer(), nullable=True),
        sa.Column("supply_plan", sa.Text(), nullable=False),
        sa.Column("ip_statement", sa.Text(), nullable=False),
        sa.Column("price_total_wan", sa.BigInteger(), nullable=True),
        sa.Column("self_funding_wan", sa.BigInteger(), nullable=True),
        sa.Column("is_pledged", sa.Boolean(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt_code", sa.String(length=40), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (sealed_at IS NOT NULL AND content_hash <> '')",
            name=op.f("ck_bids_receipt_when_sealed"),
        ),
        sa.CheckConstraint("price_total_wan IS NULL OR price_total_wan > 0", name=op.f("ck_bids_price_positive")),
        sa.CheckConstraint(
            "tech_readiness IS NULL OR tech_readiness BETWEEN 1 AND 9", name=op.f("ck_bids_readiness_range")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_bids_challenge_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_bids_created_by")),
        sa.ForeignKeyConstraint(["organization_id"], ["organizations.id"], name=op.f("fk_bids_organization_id")),
        sa.ForeignKeyConstraint(["product_id"], ["chip_products.id"], name=op.f("fk_bids_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bids")),
        sa.UniqueConstraint("receipt_code", name=op.f("uq_bids_receipt_code")),
    )
    op.create_index(op.f("ix_bids_challenge_id"), "bids", ["challenge_id"], unique=False)
    op.create_index(op.f("ix_bids_organization_id"), "bids", ["organization_id"], unique=False)
    op.create_index(
        "uq_bids_one_per_firm",
        "bids",
        ["challenge_id", "organization_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
        sqlite_where=sa.text("state <> 'withdrawn'"),
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
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
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
        "bid_files",
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bids.id"], name=op.f("fk_bid_files_bid_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_files.id"], name=op.f("fk_bid_files_file_id")),
        sa.PrimaryKeyConstraint("bid_id", "file_id", name=op.f("pk_bid_files")),
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
                "declined",
                "expired",
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
        sa.Column("declined_by_side", sa.String(length=10), nullable=False),
        sa.Column("decline_reason", sa.String(length=40), nullable=False),
        sa.Column("decline_text", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'introduced') = (introduced_at IS NOT NULL)",
            name=op.f("ck_pairings_introduced_at_when_introduced"),
        ),
        sa.CheckConstraint(
            "state <> 'declined' OR decline_reason <> ''", name=op.f("ck_pairings_reason_when_declined")
        ),
        sa.CheckConstraint(
            "state <> 'introduced' OR (demand_accepted_at IS NOT NULL AND supply_accepted_at IS NOT NULL)",
            name=op.f("ck_pairings_introduced_by_both"),
        ),
        sa.CheckConstraint("demand_id <> supplier_id", name=op.f("ck_pairings_two_parties")),
        sa.ForeignKeyConstraint(["approved_by"], ["users.id"], name=op.f("fk_pairings_approved_by")),
        sa.ForeignKeyConstraint(["demand_accepted_by"], ["users.id"], name=op.f("fk_pairings_demand_accepted_by")),
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("need_id", "supplier_id", name=op.f("uq_pairings_need_id_supplier_id")),
    )
    op.create_index(op.f("ix_pairings_demand_id"), "pairings", ["demand_id"], unique=False)
    op.create_index(op.f("ix_pairings_need_id"), "pairings", ["need_id"], unique=False)
    op.create_index(op.f("ix_pairings_supplier_id"), "pairings", ["supplier_id"], unique=False)
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
    for statement in CREATE[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in DROP[op.get_context().dialect.name]:
        op.execute(statement)
    op.drop_index(op.f("ix_digest_items_digest_id"), table_name="digest_items")
    op.drop_table("digest_items")
    op.drop_index(op.f("ix_pairings_supplier_id"), table_name="pairings")
    op.drop_index(op.f("ix_pairings_need_id"), table_name="pairings")
    op.drop_index(op.f("ix_pairings_demand_id"), table_name="pairings")
    op.drop_table("pairings")
    op.drop_table("bid_files")
    op.drop_index(op.f("ix_bid_commitments_kpi_id"), table_name="bid_commitments")
    op.drop_index(op.f("ix_bid_commitments_bid_id"), table_name="bid_commitments")
    op.drop_table("bid_commitments")
    op.drop_index(op.f("ix_suggestions_supplier_id"), table_name="suggestions")
    op.drop_index("ix_suggestions_state_score", table_name="suggestions")
    op.drop_index(op.f("ix_suggestions_product_id"), table_name="suggestions")
    op.drop_index(op.f("ix_suggestions_need_id"), table_name="suggestions")
    op.drop_table("suggestions")
    op.drop_index(op.f("ix_product_params_product_id"), table_name="product_params")
    op.drop_index("ix_product_params_low", table_name="product_params")
    op.drop_index("ix_product_params_key_product_id", table_name="product_params")
    op.drop_index("ix_product_params_high", table_name="product_params")
    op.drop_table("product_params")
    op.drop_index(op.f("ix_kpis_challenge_id"), table_name="kpis")
    op.drop_table("kpis")
    op.drop_index(op.f("ix_digest_deadlines_digest_id"), table_name="digest_deadlines")
    op.drop_table("digest_deadlines")
    op.drop_index(
        "uq_bids_one_per_firm",
        table_name="bids",
        postgresql_where=sa.text("state <> 'withdrawn'"),
        sqlite_where=sa.text("state <> 'withdrawn'"),
    )
    op.drop_index(op.f("ix_bids_organization_id"), table_name="bids")
    op.drop_index(op.f("ix_bids_challenge_id"), table_name="bids")
    op.drop_table("bids")
    op.drop_index(
        "uq_verifications_open",
        table_name="verifications",
        postgresql_where=sa.text("state = 'submitted'"),
        sqlite_where=sa.text("state = 'submitted'"),
    )
    op.drop_index(op.f("ix_verifications_organization_id"), table_name="verifications")
    op.drop_table("verifications")
    op.drop_index(op.f("ix_product_imports_organization_id"), table_name="product_imports")
    op.drop_table("product_imports")
    op.drop_index(op.f("ix_need_params_need_id"), table_name="need_params")
    op.drop_table("need_params")
    op.drop_index(op.f("ix_need_categories_code"), table_name="need_categories")
    op.drop_table("need_categories")
    op.drop_table("digests")
    op.drop_index("ix_chip_products_state_published_at", table_name="chip_products")
    op.drop_index("ix_chip_products_state_category", table_name="chip_products")
    op.drop_index(op.f("ix_chip_products_organization_id"), table_name="chip_products")
    op.drop_table("chip_products")
    op.drop_index(op.f("ix_challenges_programme_id"), table_name="challenges")
    op.drop_index("ix_challenges_bid_deadline_at", table_name="challenges")
    op.drop_table("challenges")
    op.drop_index(op.f("ix_stored_files_sha256"), table_name="stored_files")
    op.drop_index(op.f("ix_stored_files_organization_id"), table_name="stored_files")
    op.drop_table("stored_files")
    op.drop_table("roles_users")
    op.drop_table("organization_labels")
    op.drop_index(op.f("ix_organization_categories_code"), table_name="organization_categories")
    op.drop_table("organization_categories")
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
        "uq_invitations_open",
        table_name="invitations",
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        sqlite_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_invitations_email"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_table("form_drafts")
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
    op.drop_index(
        "uq_jobs_waiting_key",
        table_name="jobs",
        postgresql_where=sa.text("state = 'queued' AND key IS NOT NULL"),
        sqlite_where=sa.text("state = 'queued' AND key IS NOT NULL"),
    )
    op.drop_index(op.f("ix_jobs_kind"), table_name="jobs")
    op.drop_index("ix_jobs_due", table_name="jobs")
    op.drop_table("jobs")
    op.drop_table("challenge_numbers")
    op.drop_index("ix_audit_events_subject", table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_organization_id"), table_name="audit_events")
    op.drop_index("ix_audit_events_created_at", table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_actor_id"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_action"), table_name="audit_events")
    op.drop_table("audit_events")
