"""Asking for verification and deciding about it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts import policy
from app.accounts.models import Organization, UsccCheck, Verification
from app.accounts.service import locked
from app.accounts.workflow import VERIFICATION_WORKFLOW, VerificationEvent, VerificationState
from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.core.locking import lock_one
from app.outbox.service import publish
from app.taxonomy import uscc

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.models import StoredFile

MAX_REASON = 2000


def request_verification(
    session: Session,
    *,
    actor: Actor,
    organization_id: uuid.UUID,
    licence: StoredFile,
    authorisation: StoredFile | None,
    now: dt.datetime,
) -> Verification:
    """Hand in the licence for a check of the organisation's identity.

    A credit code whose check character is wrong goes the same way; whoever decides is told.
    Raises NotFound, NotAllowed or Conflict (a request is waiting, or the organisation is verified).
    """
    policy.can_edit_organization(actor, organization_id).enforce()
    organization = locked.organization(session, organization_id)
    waiting = select(Verification.id).where(
        Verification.organization_id == organization_id, Verification.state == VerificationState.SUBMITTED
    )
    decision = policy.can_request_verification(
        actor,
        organization_id,
        is_verified=organization.is_verified,
        is_waiting=session.scalar(waiting) is not None,
    )
    if not decision:
        raise Conflict(decision.reason, code="verification_not_due")
    verification = Verification(
        id=uuid.uuid4(),
        organization_id=organization.id,
        uscc_check=_checked(organization),
        licence_file_id=licence.id,
        authorisation_file_id=authorisation.id if authorisation else None,
        submitted_by=actor.user_id,
        submitted_at=now,
    )
    session.add(verification)
    session.flush()
    audit.record(
        session,
        actor,
        "verification.submit",
        "verification",
        verification.id,
        label=organization.legal_name_zh,
        uscc_check=verification.uscc_check,
    )
    return verification


def decide_verification(
    session: Session,
    *,
    actor: Actor,
    organization_id: uuid.UUID,
    verification_id: uuid.UUID,
    event: VerificationEvent,
    reason: str,
    now: dt.datetime,
) -> Verification:
    """Verify an organisation or reject its request; a rejection needs a reason, which the organisation reads.

    Raises NotFound, NotAllowed, RuleViolation beside ``reason``, or Conflict when it was decided before.
    """
    policy.can_decide_verification(actor).enforce()
    query = select(Verification).where(
        Verification.id == verification_id, Verification.organization_id == organization_id
    )
    verification = lock_one(session, query, of=[Verification], missing="There is no such request.")
    organization = locked.organization(session, organization_id)
    before = verification.state
    verification_state = VERIFICATION_WORKFLOW.step(before, event)
    if event is VerificationEvent.REJECT and not reason:
        raise RuleViolation("Say why, so that it can be corrected.", code="reason_missing", field="reason")
    verification.state = verification_state
    verification.decided_by, verification.decided_at = actor.user_id, now
    verification.reason = reason[:MAX_REASON]
    if event is VerificationEvent.VERIFY:
        organization.verified_at = now
    audit.record(
        session,
        actor,
        f"verification.{event}",
        "verification",
        verification.id,
        label=organization.legal_name_zh,
        before=before,
        after=verification_state,
        reason=verification.reason,
    )
    publish(session, f"organization.{verification_state}", now=now, organization_id=organization.id)
    return verification


def _checked(organization: Organization) -> UsccCheck:
    if not organization.uscc:
        return UsccCheck.NOT_APPLICABLE
    is_valid = uscc.check(organization.uscc) is uscc.UsccResult.VALID
    return UsccCheck.VALID if is_valid else UsccCheck.MISMATCH
