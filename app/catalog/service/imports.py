"""Taking a file of products through the wizard; the file itself is read before the transaction begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.catalog import policy
from app.catalog.importing import layout
from app.catalog.importing.source import MAX_BYTES
from app.catalog.importing.survey import Mapping, Survey
from app.catalog.importing.upload import ALLOWED
from app.catalog.models import ProductImport
from app.catalog.service.takeover import take_over
from app.catalog.workflow import IMPORT_WORKFLOW, ImportEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.files.service import store_upload
from app.outbox import service as outbox
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.catalog.importing.judge import TakeOver
    from app.catalog.importing.reader import Reading
    from app.catalog.importing.report import Report
    from app.catalog.importing.upload import Examined
    from app.core.actor import Actor

PURPOSE = "product_import"
SUBJECT = "product_import"
NOT_THERE = "There is no such import."
CHECK_JOB = "products.check_import"
COMMIT_JOB = "products.commit_import"
OPEN = (JobState.QUEUED, JobState.RUNNING)


def start_import(session: Session, *, actor: Actor, upload: Examined, now: dt.datetime) -> ProductImport:
    """Store a file that has been looked at. Raises NotAllowed or RuleViolation."""
    policy.can_keep_products(actor).enforce()
    file = store_upload(
        session, actor=actor, upload=upload, purpose=PURPOSE, allowed=ALLOWED, max_bytes=MAX_BYTES, now=now
    )
    started = ProductImport(
        organization_id=actor.own_organization_id(),
        file_id=file.id,
        filename=file.filename,
        uploaded_by=actor.user_id,
        state=IMPORT_WORKFLOW.initial,
        headers=upload.survey.to_json(),
        mapping=upload.survey.guess().to_json(),
        report={},
        created_at=now,
    )
    session.add(started)
    session.flush()
    audit.record(session, actor, "product_import.start", SUBJECT, started.id, label=file.filename)
    return started


def check_import(
    session: Session,
    *,
    actor: Actor,
    import_id: uuid.UUID,
    mapping: Mapping,
    report: Report,
    now: dt.datetime,
    job_id: uuid.UUID | None = None,
) -> ProductImport:
    """Keep the result of a dry run under ``mapping``. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    found = _own_import(session, actor, import_id, job_id)
    check_mapping(Survey.from_json(found.headers), mapping)
    found.state = IMPORT_WORKFLOW.step(found.state, ImportEvent.CHECK)
    found.mapping, found.report = mapping.to_json(), report.to_json()
    counts = {"n_rows": report.n_rows, "n_findings": report.n_findings}
    audit.record(session, actor, "product_import.check", SUBJECT, found.id, label=found.filename, **counts)
    return found


def commit_import(
    session: Session,
    *,
    actor: Actor,
    import_id: uuid.UUID,
    reading: Reading,
    mapping: Mapping,
    choice: TakeOver,
    now: dt.datetime,
    job_id: uuid.UUID | None = None,
) -> ProductImport:
    """Write what is right into the catalogue, all of it or nothing; ``reading`` is the file under ``mapping``.

    What has changed in the catalogue since the dry run is judged anew. Raises NotFound, NotAllowed, RuleViolation
    (no row can be taken over) or Conflict (taken over already, or mapped differently since).
    """
    found = _own_import(session, actor, import_id, job_id)
    state = IMPORT_WORKFLOW.step(found.state, ImportEvent.COMMIT)
    if Mapping.from_json(found.mapping) != mapping:
        raise Conflict("The columns have been mapped differently meanwhile.", code="mapping_changed")
    report = take_over(session, actor=actor, reading=reading, choice=choice, now=now)
    if not report.n_taken:
        raise RuleViolation("No row of the file can be taken over.", code="nothing_to_import")
    found.state, found.committed_at, found.report = state, now, report.to_json()
    found.n_committed = report.n_taken
    audit.record(session, actor, "product_import.commit", SUBJECT, found.id, label=found.filename, **report.result)
    if report.n_written:
        outbox.publish(
            session, "products.imported", now=now, key="products.imported", import_id=found.id,
            requested_by=actor.user_id,
        )  # fmt: skip
    return found


def discard_import(session: Session, *, actor: Actor, import_id: uuid.UUID) -> ProductImport:
    """Give an import up. Raises NotFound, NotAllowed or Conflict (taken over or discarded already)."""
    found = _own_import(session, actor, import_id, None)
    found.state = IMPORT_WORKFLOW.step(found.state, ImportEvent.DISCARD)
    audit.record(session, actor, "product_import.discard", SUBJECT, found.id, label=found.filename)
    return found


def queue_check(
    session: Session, *, actor: Actor, import_id: uuid.UUID, mapping: Mapping, now: dt.datetime
) -> uuid.UUID:
    """Leave the dry run of a large file to a job; return its id. Raises what ``check_import`` raises."""
    found = _own_import(session, actor, import_id, None)
    check_mapping(Survey.from_json(found.headers), mapping)
    IMPORT_WORKFLOW.step(found.state, ImportEvent.CHECK)
    return _queue(session, found, CHECK_JOB, actor, now, {"mapping": mapping.to_json()})


def queue_commit(
    session: Session, *, actor: Actor, import_id: uuid.UUID, choice: TakeOver, now: dt.datetime
) -> uuid.UUID:
    """Leave the commit of a large file to a job; return its id. Raises what ``commit_import`` raises."""
    found = _own_import(session, actor, import_id, None)
    IMPORT_WORKFLOW.step(found.state, ImportEvent.COMMIT)
    if choice.is_published:
        policy.can_publish(actor).enforce()
    return _queue(session, found, COMMIT_JOB, actor, now, {"choice": choice.to_json()})


def check_mapping(survey: Survey, mapping: Mapping) -> None:
    """Raise RuleViolation when columns do not suffice, or two of them mean the same."""
    tables = [("products", mapping.products, survey.products, survey.columns)]
    if survey.params:
        tables.append(("params", mapping.params, survey.params, layout.PARAM_COLUMNS))
    for field, keys, table, columns in tables:
        named = [key for key in keys if key]
        if len(keys) != len(table.titles) or not set(named) <= {column.key for column in columns}:
            raise RuleViolation("The columns of the file are others.", code="mapping_foreign", field=field)
        if len(set(named)) != len(named):
            raise RuleViolation("Two columns have the same meaning.", code="mapping_twice", field=field)
        if "part_number" not in named:
            raise RuleViolation("Say which column holds the part number.", code="mapping_incomplete", field=field)


def _own_import(session: Session, actor: Actor, import_id: uuid.UUID, job_id: uuid.UUID | None) -> ProductImport:
    """Lock an import of the actor's firm that no other job is working on."""
    query = select(ProductImport).where(ProductImport.id == import_id)
    found = lock_one(session, query, of=[ProductImport], missing=NOT_THERE, code="import_not_found")
    if not actor.belongs_to(found.organization_id):
        raise NotFound(NOT_THERE, code="import_not_found")
    policy.can_edit(actor, found.organization_id).enforce()
    if found.job_id is not None and found.job_id != job_id and is_open(session, found.job_id):
        raise Conflict("The file is being worked on. Wait until that is done.", code="import_busy")
    return found


def is_open(session: Session, job_id: uuid.UUID) -> bool:
    """Return whether a job is still to be done."""
    return session.scalar(select(Job.state).where(Job.id == job_id)) in OPEN


def _queue(
    session: Session, found: ProductImport, kind: str, actor: Actor, now: dt.datetime, payload: dict[str, object]
) -> uuid.UUID:
    found.job_id = outbox.enqueue(
        session, kind, now=now, requested_by=actor.user_id, payload={"import_id": found.id, **payload}
    )
    return found.job_id
