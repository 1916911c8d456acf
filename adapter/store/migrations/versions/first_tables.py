"""The first tables: resource versions, events, cases, inbox, work, quarantine, workers."""

import sqlalchemy as sa
from alembic import op

from adapter.store.columns import UtcMoment

revision = "0001"
down_revision = None

_APPEND_ONLY = ("resource_version", "case_event")


def upgrade() -> None:
    """Create the tables."""
    _create_truth()
    _create_derived()
    _create_node()
    for table in _APPEND_ONLY:
        _forbid_updates(table)


def _create_truth() -> None:
    op.create_table(
        "resource_version",
        sa.Column("org", sa.String, primary_key=True),
        sa.Column("type", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("resource_version_of_case", "resource_version", ["org", "case_id"])
    op.create_table(
        "case_event",
        sa.Column("org", sa.String, primary_key=True),
        sa.Column("case_id", sa.String, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )


def _create_derived() -> None:
    op.create_table(
        "case_view",
        sa.Column("org", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("partner", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("business_status", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", UtcMoment, nullable=False),
        sa.Column("changed_at", UtcMoment, nullable=False),
        sa.Column("closed_at", UtcMoment),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.UniqueConstraint("org", "role", "partner", "number", name="case_view_number"),
        sa.UniqueConstraint("org", "role", "partner", "request_id", name="case_view_request"),
    )
    op.create_index("case_view_newest", "case_view", ["org", "opened_at", "id"])


def _create_node() -> None:
    op.create_table(
        "inbox",
        sa.Column("org", sa.String, primary_key=True),
        sa.Column("sender", sa.String, primary_key=True),
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("body_sha256", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("blob_sha256", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("answer_media_type", sa.String, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("case_id", sa.String),
    )
    op.create_table(
        "work",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("org", sa.String, nullable=False),
        sa.Column("lane", sa.String, nullable=False),
        sa.Column("case_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", UtcMoment, nullable=False),
        sa.Column("last_error", sa.String),
        sa.Column("created_at", UtcMoment, nullable=False),
        sa.Column("finished_at", UtcMoment),
        sa.UniqueConstraint("id", name="work_id"),
    )
    op.create_index("work_due", "work", ["state", "next_attempt_at", "seq"])
    op.create_index("work_lane", "work", ["org", "lane", "state", "seq"])
    op.create_table(
        "original",
        sa.Column("org", sa.String, primary_key=True),
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("org", sa.String, nullable=False),
        sa.Column("sender", sa.String, nullable=False),
        sa.Column("at", UtcMoment, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("blob_sha256", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_index("quarantine_of_org", "quarantine", ["org", "seq"])
    op.create_table(
        "worker",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("seen_at", UtcMoment),
    )


def _forbid_updates(table: str) -> None:
    """Let the database itself refuse to change what is append-only; deleting stays possible for lawful erasure."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()",
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        )
