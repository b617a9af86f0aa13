"""Submitting: the bid is complete, in time by the database's clock, and sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.accounts.models import Organization
from app.audit import service as audit
from app.bids import content, receipt
from app.bids.consortium import told
from app.bids.models import Bid
from app.bids.ownership import owned_by
from app.bids.people import leader_tag
from app.bids.service.consortium import agreed_members
from app.bids.service.edit import FORM, check, lock_draft
from app.bids.service.locked import check_open, lock_firm
from app.bids.workflow import BID_WORKFLOW, RUNNING, BidEvent, BidState
from app.challenges.models import Challenge
from app.challenges.standing import rules_of
from app.core.errors import RuleViolation
from app.drafts.service import discard_all
from app.keys.models import Purpose
from app.keys.queries import holders_of
from app.outbox.service import publish_sealed

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.bids.document import Content
    from app.core.actor import Actor
    from app.keys.models import ChallengeKeyHolder


def seal_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str, now: dt.datetime) -> Bid:
    """Submit a draft; its receipt carries the database's time. ``now`` dates the events only.

    ``code`` (``app.keys.crypto.new_code``) reopens the bid for the firm and is kept nowhere. Raises NotFound,
    NotAllowed, Conflict (submitted already) or RuleViolation (incomplete, late, too many bids, no key holders).
    """
    bid = lock_draft(session, actor, bid_id)
    state, written = BID_WORKFLOW.step(bid.state, BidEvent.SEAL), content.read(bid)
    check(written.command, bid.challenge, complete=True)
    _check_quota(session, bid, written.organization_id)
    members = agreed_members(session, bid, written.organization_id)
    written = replace(written, details={**written.details, "members": told(members)})
    lock_away(session, bid, written, code)
    bid.state = state
    session.flush()
    discard_all(session, FORM, str(bid.id))
    tell(session, actor, bid, "bid.seal", now)
    return bid


def lock_away(session: Session, bid: Bid, written: Content, code: str) -> None:
    """Seal a content for the current edition with a new receipt. Raises RuleViolation.

    It is late, has no key holders, or its project leader leads too many.
    """
    holders = _holders(session, bid)
    city_code = session.scalar(select(Organization.city_code).where(Organization.id == written.organization_id)) or ""
    bid.leader_tag = _checked_leader(session, bid, written)
    bid.sealed_at = check_open(session, bid.challenge)
    bid.challenge_edition = bid.challenge.edition
    bid.receipt_code = receipt.new_code()
    is_parted = rules_of(bid.challenge).has_price_envelope
    content.seal(bid, written, code=code, holders=holders, city_code=city_code, is_parted=is_parted)


def _holders(session: Session, bid: Bid) -> Sequence[ChallengeKeyHolder]:
    """Return for whom the bid is locked; without a threshold of holders nobody could ever open it."""
    holders = holders_of(session, bid.challenge_id)
    openers = [one for one in holders if one.purpose is Purpose.OPEN]
    if not openers or len(openers) < openers[0].threshold:
        raise RuleViolation(
            "This challenge has no key holders, so no bid can be sealed for it. Please tell the authority; your draft "
            "stays as it is.",
            code="no_holders",
        )
    return holders


def _check_quota(session: Session, bid: Bid, firm_id: uuid.UUID) -> None:
    """Raise RuleViolation when the firm has as many bids in the programme as one applicant may have."""
    programme = bid.challenge.programme
    if programme is None:
        return
    # Two bids of one firm for two challenges must not both be its last one.
    lock_firm(session, firm_id)
    counted = (
        select(func.count())
        .select_from(Bid)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(
            owned_by(session, firm_id),
            Challenge.programme_id == programme.id,
            Bid.state.not_in((BidState.DRAFT, BidState.WITHDRAWN)),
        )
    )
    if (session.scalar(counted) or 0) >= programme.max_projects_per_applicant:
        raise RuleViolation(
            "Your company already has as many bids in this programme as one applicant may have.", code="quota"
        )


def _checked_leader(session: Session, bid: Bid, written: Content) -> str:
    """Return the tag of the project leader. Raises RuleViolation when the firm has enough running bids under it.

    Bids of other firms are left to the check after the opening: a refusal would tell whom they have named.
    """
    programme, name = bid.challenge.programme, written.command.leader.name
    if programme is None or programme.max_active_bids_per_leader is None:
        return ""
    lock_firm(session, written.organization_id)
    tag = leader_tag(programme.id, name)
    own = owned_by(session, written.organization_id)
    others = (own, Bid.id != bid.id, Bid.leader_tag == tag, Bid.state.in_(RUNNING))
    counted = select(func.count()).select_from(Bid).where(*others)
    if (session.scalar(counted) or 0) >= programme.max_active_bids_per_leader:
        raise RuleViolation(
            "This project leader already leads as many running bids in this programme as one leader may.",
            code="leader_quota",
            field="leader_name",
        )
    return tag


def tell(session: Session, actor: Actor, bid: Bid, action: str, now: dt.datetime) -> None:
    """Put a seal on the trail, and tell the firm's people that something happened to their bid."""
    audit.record_sealed(
        session,
        actor,
        action,
        "bid",
        bid.id,
        label=bid.challenge.title,
        sealed_by=bid.challenge_id,
        edition=bid.challenge_edition,
        content_hash=bid.content_hash,
    )
    publish_sealed(
        session,
        occasion=f"{action}:{bid.id}",
        organization_id=actor.own_organization_id(),
        sealed_by=bid.challenge_id,
        now=now,
    )
