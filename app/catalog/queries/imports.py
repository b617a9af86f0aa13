"""A firm's imports, and its products as files tell them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import Organization, User
from app.catalog.content import as_input
from app.catalog.importing.report import Report
from app.catalog.importing.sheets import Firm, Listed
from app.catalog.importing.survey import Mapping, Survey
from app.catalog.models import ChipProduct, ProductImport
from app.catalog.workflow import ImportState, ProductState
from app.core.errors import NotFound
from app.core.paging import Page
from app.files import sniff
from app.files.models import StoredFile
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

RECENT = 20
BATCH = 200
PAGE = 50
IN_REQUEST_BYTES = {sniff.XLSX: 150_000, sniff.CSV: 600_000}
"""Larger files are left to a job: reading them takes longer than people like to wait."""


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An import in the list."""

    id: uuid.UUID
    filename: str
    state: ImportState
    n_committed: int
    uploaded_by: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """The job that works on a file, or that could not."""

    state: JobState
    done: int
    total: int
    error: str

    @property
    def is_open(self) -> bool:
        """Whether the work goes on."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import with what is known of its file."""

    id: uuid.UUID
    organization_id: uuid.UUID
    filename: str
    state: ImportState
    file: StoredFile
    survey: Survey
    mapping: Mapping
    report: Report
    committed_at: dt.datetime | None
    progress: Progress | None

    @property
    def is_workbook(self) -> bool:
        """Whether the file is a workbook, not text."""
        return self.file.media_type == sniff.XLSX

    @property
    def is_large(self) -> bool:
        """Whether the file is left to a job."""
        return self.file.size_bytes > IN_REQUEST_BYTES[self.file.media_type]


def recent_imports(session: Session, *, actor: Actor) -> list[ImportLine]:
    """Return the firm's last imports, in one query."""
    columns = (
        ProductImport.id, ProductImport.filename, ProductImport.state, ProductImport.n_committed, User.name,
        ProductImport.created_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(User, User.id == ProductImport.uploaded_by)
        .where(ProductImport.organization_id == actor.organization_id)
        .order_by(ProductImport.created_at.desc(), ProductImport.id)
        .limit(RECENT)
    )
    return [ImportLine(*row) for row in session.execute(query)]


def import_view(session: Session, *, actor: Actor, import_id: uuid.UUID) -> ImportView:
    """Return one import of the actor's firm, in two queries. Raises NotFound."""
    query = (
        select(ProductImport, StoredFile)
        .join(StoredFile, StoredFile.id == ProductImport.file_id)
        .where(ProductImport.id == import_id, ProductImport.organization_id == actor.organization_id)
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such import.", code="import_not_found")
    found, file = row
    return ImportView(
        id=found.id,
        organization_id=found.organization_id,
        filename=found.filename,
        state=found.state,
        file=file,
        survey=Survey.from_json(found.headers),
        mapping=Mapping.from_json(found.mapping),
        report=Report.from_json(found.report),
        committed_at=found.committed_at,
        progress=_progress(session, found.job_id),
    )


def _progress(session: Session, job_id: uuid.UUID | None) -> Progress | None:
    if job_id is None:
        return None
    columns = (Job.state, Job.progress_done, Job.progress_total, Job.last_error)
    row = session.execute(select(*columns).where(Job.id == job_id)).one_or_none()
    return Progress(*row) if row else None


def own_firm(session: Session, *, actor: Actor) -> Firm:
    """Return how the actor's firm is named in files."""
    columns = (Organization.legal_name_zh, Organization.uscc)
    row = session.execute(select(*columns).where(Organization.id == actor.organization_id)).one_or_none()
    return Firm(row[0], row[1] or "") if row else Firm("", "")


def own_sheets(session: Session, *, actor: Actor) -> Iterator[Listed]:
    """Yield the firm's products that are not archived, by category and part number, a few hundred at a time."""
    query = (
        select(ChipProduct)
        .where(ChipProduct.organization_id == actor.organization_id, ChipProduct.state != ProductState.ARCHIVED)
        .options(selectinload(ChipProduct.params))
        .order_by(ChipProduct.category, ChipProduct.part_number)
        .execution_options(yield_per=BATCH)
    )
    for product in session.scalars(query):
        yield Listed(as_input(product), product.data_source, product.confirmed_on)


def page_of(items: Sequence[object], number: int) -> Page[object]:
    """Return one page of what a report lists; a number past the end gives the last page."""
    number = min(max(1, number), max(1, -(-len(items) // PAGE)))
    return Page(items[(number - 1) * PAGE : number * PAGE], number, PAGE, len(items))
