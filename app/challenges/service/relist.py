"""After no award: why firms did not bid, the challenge once more as a new one, or a need to be matched."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.content import fill, filled
from app.challenges.labels import AUTOPSY_REASONS
from app.challenges.models import AutopsyAnswer, Challenge
from app.challenges.service.appraise import need_of
from app.challenges.service.locked import lock_challenge
from app.challenges.standing import rules_of
from app.core.box import tag
from app.core.errors import Conflict, RuleViolation
from app.core.upsert import insert_into
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.models import Need


def relist_challenge(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Challenge:
    """Begin a draft that posts a challenge without an award again; its dates are open, and it names its parent.

    Raises NotFound, NotAllowed, Conflict (it has an award, or is posted again already) or RuleViolation (too often).
    """
    parent = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=parent.organization_id).enforce()
    _check_ended(session, parent)
    if parent.n_relistings >= limit_of(parent):
        message = "It was posted again as often as the programme allows. Turn it into a need instead."
        raise RuleViolation(message, code="relisted_out")
    command = filled(parent)
    fresh = replace(
        command,
        need=replace(command.need, version=None),
        kpis=tuple(replace(kpi, id=None) for kpi in command.kpis),
        question_deadline_at=None,
        bid_deadline_at=None,
        is_not_secret_declared=False,
        is_funding_pledged=False,
        relisting_note="",
    )
    child = Challenge(
        organization_id=parent.organization_id,
        created_by=actor.user_id,
        contact_user_id=actor.user_id,
        mode=parent.mode,
        parent_id=parent.id,
        n_relistings=parent.n_relistings + 1,
        params=[],
        categories=[],
        kpis=[],
    )
    fill(child, fresh, now)
    session.add(child)
    session.flush()
    audit.record(session, actor, "challenge.relist", "challenge", child.id, label=child.title, parent=str(parent.id))
    return child


def need_instead(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Need:
    """Begin a need to be matched from a challenge without an award. Raises NotFound, NotAllowed or Conflict."""
    parent = lock_challenge(session, actor, challenge_id)
    policy.can_end(actor, organization_id=parent.organization_id).enforce()
    _check_ended(session, parent)
    need = need_of(session, parent, now)
    audit.record(session, actor, "challenge.convert", "challenge", parent.id, label=parent.title, need=str(need.id))
    return need


def answer_autopsy(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, reason_code: str, now: dt.datetime
) -> None:
    """Keep why a firm did not bid; a second answer replaces the first, and no row names the firm.

    Raises NotFound, NotAllowed, RuleViolation (no such reason) or Conflict (not published).
    """
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_answer_autopsy(actor, organization_id=challenge.organization_id).enforce()
    if reason_code not in AUTOPSY_REASONS:
        raise RuleViolation("Choose the reason.", code="reason_code", field="reason_code")
    if challenge.code is None or challenge.state is PostingState.CANCELLED:
        raise Conflict("This challenge asks nobody.", code="not_asked")
    firm = tag("autopsy", str(challenge_id), str(actor.own_organization_id()))
    values = {"challenge_id": challenge_id, "firm_tag": firm, "reason_code": reason_code, "created_at": now}
    statement = insert_into(session, AutopsyAnswer).values(**values)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["challenge_id", "firm_tag"], set_={"reason_code": reason_code, "created_at": now}
        )
    )


def limit_of(challenge: Challenge) -> int:
    """Return how often a challenge may be posted again; its programme must be loaded."""
    return rules_of(challenge).max_relistings


def _check_ended(session: Session, parent: Challenge) -> None:
    if parent.state is not PostingState.NO_AWARD:
        raise Conflict("Only a challenge without an award is posted again.", code="not_ended")
    child = sa.select(Challenge.id).where(Challenge.parent_id == parent.id, Challenge.state != PostingState.CANCELLED)
    if session.scalar(child.limit(1)) is not None:
        raise Conflict("This challenge is being posted again already.", code="relisted")
