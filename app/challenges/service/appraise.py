"""Experts appraise a challenge: whether it is worth posting, is posted already, or can be bought."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.appraisals import latest_appraisal
from app.challenges.content import filled
from app.challenges.models import Appraisal, Challenge
from app.challenges.path import (
    ACCEPTED,
    ADEQUATE,
    BUYABLE,
    DECLINED,
    INADEQUATE,
    MERGE,
    can_take,
    standing_of,
)
from app.challenges.service.locked import lock_challenge
from app.challenges.service.recommend import refuse_step
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.demands import content as need_content
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.commands import ConcludeAppraisal, PanelMember
    from app.core.actor import Actor

MIN_EXPERTS, MIN_MINUTES, MAX_MINUTES = 3, 20, 4000
CONCLUSIONS = (ADEQUATE, INADEQUATE, MERGE, BUYABLE)


def start_appraisal(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, panel: Sequence[PanelMember], now: dt.datetime
) -> Appraisal:
    """Call at least three experts without a conflict, also for a reconsideration.

    Raises NotFound, NotAllowed, Conflict or RuleViolation.
    """
    policy.can_decide(actor).enforce()
    challenge = lock_challenge(session, actor, challenge_id)
    again = latest_appraisal(session, challenge_id)
    if challenge.state is PostingState.APPRAISING and (again is None or not again.panel):
        _check_panel(challenge, panel)
        return _call(session, actor, challenge, again or open_appraisal(session, actor, challenge, now), panel)
    refuse_step(can_take(ChallengeEvent.APPRAISE, standing_of(challenge, None, now)))
    _check_panel(challenge, panel)
    names = [member.name for member in panel]
    take_step(session, actor, challenge, ChallengeEvent.APPRAISE, now=now, checklist=names)
    return _call(session, actor, challenge, open_appraisal(session, actor, challenge, now), panel)


def conclude_appraisal(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ConcludeAppraisal, now: dt.datetime
) -> Appraisal:
    """Record what the experts found with their minutes. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    policy.can_decide(actor).enforce()
    challenge, appraisal = _lock_appraisal(session, actor, challenge_id)
    if appraisal.conclusion:
        raise Conflict("This appraisal has been concluded already.", code="concluded")
    if not appraisal.panel:
        raise Conflict("Call the experts first.", code="no_panel")
    _check_conclusion(command)
    appraisal.duplicate_of = _other(session, challenge, command.duplicate_of) if command.conclusion == MERGE else None
    appraisal.minutes, appraisal.conclusion = command.minutes, command.conclusion
    appraisal.concluded_at, appraisal.concluded_by = now, actor.user_id
    session.flush()
    details = {"conclusion": command.conclusion, "duplicate_of": command.duplicate_of}
    audit.record(session, actor, "challenge.appraise", "challenge", challenge.id, label=challenge.title, **details)
    if command.conclusion == MERGE:
        key = f"challenge.merge_proposed:{appraisal.id}"
        publish(session, "challenge.merge_proposed", now=now, key=key, need_id=challenge.id)
    return appraisal


def answer_merge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, accepts: bool, now: dt.datetime
) -> Appraisal:
    """Let the owner agree to a merger, which ends this challenge, or decline it, so that the province decides.

    Raises NotFound, NotAllowed or Conflict (nothing proposed, or answered already).
    """
    challenge, appraisal = _lock_appraisal(session, actor, challenge_id)
    policy.can_end(actor, organization_id=challenge.organization_id).enforce()
    if appraisal.conclusion != MERGE or appraisal.merge_answer:
        raise Conflict("No merger waits for an answer.", code="no_merger")
    appraisal.merge_answer = ACCEPTED if accepts else DECLINED
    if accepts:
        changes = {"closed_at": now}
        take_step(session, actor, challenge, ChallengeEvent.REJECT, now=now, changes=changes, reason_code="merged")
    session.flush()
    audit.record(
        session, actor, "challenge.answer_merge", "challenge", challenge.id, label=challenge.title, accepts=accepts
    )
    return appraisal


def convert_to_need(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Need:
    """End a challenge that can be bought off the shelf and leave its owner a draft of a need to be matched.

    Raises NotFound, NotAllowed or Conflict (the experts did not find that it can be bought).
    """
    policy.can_decide(actor).enforce()
    challenge, appraisal = _lock_appraisal(session, actor, challenge_id)
    if appraisal.conclusion != BUYABLE:
        raise Conflict("The experts did not find that it can be bought.", code="not_buyable")
    changes = {"closed_at": now, "review_opinion": appraisal.minutes}
    take_step(
        session,
        actor,
        challenge,
        ChallengeEvent.REJECT,
        now=now,
        changes=changes,
        reason_code=BUYABLE,
        text=appraisal.minutes,
    )
    need = need_of(session, challenge, now)
    audit.record(
        session, actor, "challenge.convert", "challenge", challenge.id, label=challenge.title, need=str(need.id)
    )
    publish(
        session,
        "challenge.rejected",
        now=now,
        key=f"challenge.rejected:{challenge.id}:{now.isoformat()}",
        need_id=challenge.id,
    )
    return need


def need_of(session: Session, challenge: Challenge, now: dt.datetime) -> Need:
    """Add a draft of a need with the first block of a loaded challenge; its owner hands it in."""
    need = Need(
        organization_id=challenge.organization_id,
        created_by=challenge.created_by,
        contact_user_id=challenge.contact_user_id,
        params=[],
        categories=[],
    )
    need_content.fill(need, filled(challenge).need, now)
    session.add(need)
    session.flush()
    return need


def open_appraisal(session: Session, actor: Actor, challenge: Challenge, now: dt.datetime) -> Appraisal:
    """Add an appraisal of a locked challenge to which no experts have been called yet."""
    appraisal = Appraisal(challenge_id=challenge.id, panel=[], started_at=now, started_by=actor.user_id)
    session.add(appraisal)
    session.flush()
    return appraisal


def _call(
    session: Session, actor: Actor, challenge: Challenge, appraisal: Appraisal, panel: Sequence[PanelMember]
) -> Appraisal:
    appraisal.panel = [{"name": m.name, "organization": m.organization, "expertise": m.expertise} for m in panel]
    session.flush()
    action, n_experts = "challenge.call_experts", len(panel)
    audit.record(session, actor, action, "challenge", challenge.id, label=challenge.title, n_experts=n_experts)
    return appraisal


def _lock_appraisal(session: Session, actor: Actor, challenge_id: uuid.UUID) -> tuple[Challenge, Appraisal]:
    challenge = lock_challenge(session, actor, challenge_id)
    appraisal = latest_appraisal(session, challenge_id)
    if challenge.state is not PostingState.APPRAISING or appraisal is None:
        raise Conflict("This challenge is not being appraised.", code="not_appraising")
    return challenge, appraisal


def _check_panel(challenge: Challenge, panel: Sequence[PanelMember]) -> None:
    if any(not member.name or not member.organization for member in panel):
        raise RuleViolation("Name every expert and the organisation they work for.", code="panel", field="panel")
    if any(member.organization == challenge.organization.legal_name_zh for member in panel):
        raise RuleViolation("An expert works for the owner and cannot judge.", code="conflict", field="panel")
    if any(not member.is_free_of_conflict for member in panel):
        message = "Every expert has to declare that there is no conflict of interest."
        raise RuleViolation(message, code="conflict", field="panel")
    if len({(member.name, member.organization) for member in panel}) < MIN_EXPERTS:
        raise RuleViolation("Call at least three experts.", code="panel_small", field="panel")


def _check_conclusion(command: ConcludeAppraisal) -> None:
    if command.conclusion not in CONCLUSIONS:
        raise RuleViolation("Choose what the experts found.", code="conclusion", field="conclusion")
    if not MIN_MINUTES <= len(command.minutes) <= MAX_MINUTES:
        message = "Write the minutes in 20 to 4000 characters."
        raise RuleViolation(message, code="minutes", field="minutes")


def _other(session: Session, challenge: Challenge, code: str) -> uuid.UUID:
    found = session.scalar(sa.select(Challenge.id).where(Challenge.code == code, Challenge.id != challenge.id))
    if found is None:
        raise RuleViolation("No other challenge has this number.", code="duplicate", field="duplicate_of")
    return found
