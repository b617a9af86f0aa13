"""Officers declare their interests in companies, and say when one is over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.accounts import policy
from app.accounts.models import OfficerInterest, Organization
from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.accounts.commands import DeclareInterest
    from app.core.actor import Actor

MIN_REASON = 4


def declare_interest(session: Session, *, actor: Actor, command: DeclareInterest, now: dt.datetime) -> OfficerInterest:
    """Put an interest of the actor in a company on record; from then on the actor decides nothing about it.

    Raises NotAllowed, RuleViolation (no such company, no reason) or Conflict (declared already).
    """
    policy.can_declare_interest(actor).enforce()
    wanted = command.company.strip()
    query = select(Organization).where(or_(Organization.legal_name_zh == wanted, Organization.uscc == wanted.upper()))
    firm = session.scalars(query.order_by(Organization.id).limit(1)).first() if wanted else None
    if firm is None:
        raise RuleViolation(
            "There is no company with this full name or credit code.", code="no_company", field="company"
        )
    if len(command.reason.strip()) < MIN_REASON:
        raise RuleViolation("Say in a few words what the interest is.", code="no_reason", field="reason")
    is_open = select(OfficerInterest.id).where(
        OfficerInterest.user_id == actor.user_id,
        OfficerInterest.organization_id == firm.id,
        OfficerInterest.ended_at.is_(None),
    )
    if session.scalars(is_open).first() is not None:
        raise Conflict("You have declared an interest in this company already.", code="declared_already")
    interest = OfficerInterest(
        user_id=actor.user_id, organization_id=firm.id, kind=command.kind, reason=command.reason.strip(),
        declared_at=now,
    )  # fmt: skip
    session.add(interest)
    session.flush()
    _record(session, actor, interest, firm, "interest.declare")
    return interest


def end_interest(session: Session, *, actor: Actor, interest_id: uuid.UUID, now: dt.datetime) -> OfficerInterest:
    """Say that an own interest is over; it counts for three years more.

    Raises NotAllowed, NotFound (or somebody else's) or Conflict (ended already).
    """
    policy.can_declare_interest(actor).enforce()
    query = select(OfficerInterest).where(OfficerInterest.id == interest_id, OfficerInterest.user_id == actor.user_id)
    missing = "There is no such declaration."
    interest = lock_one(session, query, of=[OfficerInterest], missing=missing, code="interest_not_found")
    if interest.ended_at is not None:
        raise Conflict("This interest has been ended already.", code="ended_already")
    interest.ended_at = now
    session.flush()
    firm = session.get(Organization, interest.organization_id)
    if firm is None:
        raise NotFound(missing, code="interest_not_found")
    _record(session, actor, interest, firm, "interest.end")
    return interest


def _record(session: Session, actor: Actor, interest: OfficerInterest, firm: Organization, action: str) -> None:
    audit.record(
        session, actor, action, "interest", interest.id, label=firm.legal_name_zh, kind=interest.kind,
        organization=str(firm.id),
    )  # fmt: skip
