"""The tables as SQLAlchemy Core sees them; the migrations make them, and a test holds the two together.

The organisation opens every key and every index that a caller's query uses. Two tables are the node's own:
`work` is read across organisations by the worker that serves them all, and `worker` names no organisation.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

from adapter.store.columns import UtcMoment

metadata = MetaData()

resource_version = Table(
    "resource_version",
    metadata,
    Column("org", String, primary_key=True),
    Column("type", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("resource_version_of_case", "org", "case_id"),
)

case_event = Table(
    "case_event",
    metadata,
    Column("org", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcMoment, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("detail", JSON, nullable=False),
)

# partner is "" where the domain says None: NULLs would never be equal in the unique constraints.
case_view = Table(
    "case_view",
    metadata,
    Column("org", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("request_id", String, nullable=False),
    Column("role", String, nullable=False),
    Column("partner", String, nullable=False),
    Column("status", String, nullable=False),
    Column("business_status", String),
    Column("reason", String),
    Column("version", Integer, nullable=False),
    Column("opened_at", UtcMoment, nullable=False),
    Column("changed_at", UtcMoment, nullable=False),
    Column("closed_at", UtcMoment),
    Column("detail", JSON, nullable=False),
    UniqueConstraint("org", "role", "partner", "number", name="case_view_number"),
    UniqueConstraint("org", "role", "partner", "request_id", name="case_view_request"),
    Index("case_view_newest", "org", "opened_at", "id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("org", String, primary_key=True),
    Column("sender", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("body_sha256", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("blob_sha256", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer_media_type", String, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("case_id", String),
)

work = Table(
    "work",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("org", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("case_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", UtcMoment, nullable=False),
    Column("last_error", String),
    Column("created_at", UtcMoment, nullable=False),
    Column("finished_at", UtcMoment),
    UniqueConstraint("id", name="work_id"),
    Index("work_due", "state", "next_attempt_at", "seq"),
    Index("work_lane", "org", "lane", "state", "seq"),
)

original = Table(
    "original",
    metadata,
    Column("org", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("at", UtcMoment, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("org", String, nullable=False),
    Column("sender", String, nullable=False),
    Column("at", UtcMoment, nullable=False),
    Column("media_type", String, nullable=False),
    Column("blob_sha256", String, nullable=False),
    Column("reason", String, nullable=False),
    Index("quarantine_of_org", "org", "seq"),
)

worker = Table(
    "worker",
    metadata,
    Column("name", String, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("seen_at", UtcMoment),
)
