"""The authority's pages about organisations."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Organization, UsccCheck, Verification
from app.accounts.workflow import ANSWER_WITHIN_DAYS, VerificationState
from app.core.calendar import add_working_days
from app.core.paging import Page, paginate
from app.taxonomy import places, uscc

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.queries.views import PublicCompany

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the case officer wants to see; empty means everything."""

    text: str = ""
    city: str = ""
    state: str = VerificationState.SUBMITTED
    uscc_check: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One request in the queue."""

    verification_id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    uscc: str
    city_code: str
    capacities: tuple[str, ...]
    state: VerificationState
    uscc_check: UsccCheck
    submitted_at: dt.datetime
    due_at: dt.datetime
    decided_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class CodeReview:
    """What can be read from a credit code without asking anybody, beside what the profile says."""

    result: uscc.UsccResult
    is_inner_digit_right: bool
    """The check character of the organisation code inside the credit code."""
    is_type_right: bool
    region_code: str
    is_city_same: bool


def review_code(company: PublicCompany) -> CodeReview | None:
    """Return what the credit code of a company says; None for organisations without one."""
    if not company.uscc:
        return None
    region = uscc.region_of(company.uscc)
    return CodeReview(
        result=uscc.check(company.uscc),
        is_inner_digit_right=uscc.has_valid_organization_code(company.uscc),
        is_type_right=uscc.suits(company.uscc, company.org_type),
        region_code=region,
        is_city_same=places.city_of(region) == company.city_code,
    )


def queue(session: Session, *, wanted: QueueFilter, page: int) -> Page[QueueRow]:
    """Return one page of requests; what waits longest comes first."""
    query = (
        select(Verification)
        .join(Verification.organization)
        .options(contains_eager(Verification.organization))
        .order_by(Verification.decided_at.is_not(None), Verification.submitted_at, Verification.id)
    )
    if wanted.state:
        query = query.where(Verification.state == wanted.state)
    if wanted.uscc_check:
        query = query.where(Verification.uscc_check == wanted.uscc_check)
    if wanted.city:
        query = query.where(Organization.city_code == wanted.city)
    if wanted.text:
        query = query.where(
            Organization.legal_name_zh.contains(wanted.text, autoescape=True)
            | Organization.name_en.icontains(wanted.text, autoescape=True)
            | Organization.uscc.startswith(wanted.text.upper(), autoescape=True)
        )
    return paginate(session, query, number=page, size=PAGE_SIZE).map(_row)


def counts(session: Session) -> dict[str, int]:
    """Return how many requests there are in each state."""
    rows = session.execute(select(Verification.state, func.count()).group_by(Verification.state))
    return {str(state): n for state, n in rows}


def _row(row: Verification) -> QueueRow:
    organization = row.organization
    return QueueRow(
        verification_id=row.id,
        organization_id=organization.id,
        name=organization.legal_name_zh,
        uscc=organization.uscc or organization.other_registration,
        city_code=organization.city_code,
        capacities=tuple(sorted(organization.capacities)),
        state=row.state,
        uscc_check=row.uscc_check,
        submitted_at=row.submitted_at,
        due_at=add_working_days(row.submitted_at, ANSWER_WITHIN_DAYS),
        decided_at=row.decided_at,
    )
