"""A lead asks firms to take part; each answers for itself before the bid can be sealed."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select

from app.accounts.models import Organization
from app.audit import service as audit
from app.bids import consortium, policy
from app.bids.consortium import Member
from app.bids.content import read
from app.bids.models import Bid, BidMember
from app.bids.ownership import firm_tag
from app.bids.service.edit import lock_draft
from app.bids.service.locked import check_open, lock_any_challenge, lock_firm
from app.bids.workflow import MEMBER_WORKFLOW, BidState, MemberEvent
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.core.text import one_line
from app.outbox.service import publish_sealed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.commands import InviteMember
    from app.core.actor import Actor

MISSING = "There is no such invitation."


def invite_member(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, command: InviteMember, now: dt.datetime
) -> BidMember:
    """Ask a firm to take part in a draft.

    Raises NotFound, NotAllowed, Conflict (no draft) or RuleViolation (no such firm, no room, the wrong share).
    """
    bid = lock_draft(session, actor, bid_id)
    rows = members_of(session, bid_id)
    consortium.check_size(bid.challenge, len(rows) + 1)
    firm = _firm(session, command.firm)
    _check_firm(bid, firm, actor)
    member = Member(
        organization_id=str(firm.id),
        name=firm.legal_name_zh,
        lead=actor.organization_name,
        part=_part(command),
        share=str(command.share) if command.share is not None else "",
    )
    consortium.check_shares([*map(consortium.unlock, rows), member])
    tag = firm_tag(bid.challenge_id, firm.id)
    if any(row.firm_tag == tag for row in rows):
        raise RuleViolation("This firm has been asked already.", code="asked_already", field="firm")
    row = BidMember(id=uuid.uuid4(), bid_id=bid.id, challenge_id=bid.challenge_id, firm_tag=tag)
    consortium.lock(row, member)
    session.add(row)
    bid.updated_at = now
    session.flush()
    _record(session, actor, bid, "bid.invite")
    _ask(session, row, member, now)
    return row


def change_member(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, member_id: uuid.UUID, command: InviteMember, now: dt.datetime
) -> BidMember:
    """Change a member's part or share; it has to consent anew. Raises NotFound, NotAllowed, Conflict, RuleViolation."""
    bid = lock_draft(session, actor, bid_id)
    rows = members_of(session, bid_id)
    row = _of(rows, member_id)
    share = str(command.share) if command.share is not None else ""
    member = replace(consortium.unlock(row), part=_part(command), share=share, answered_by="", answered_at="")
    consortium.check_shares([*(consortium.unlock(one) for one in rows if one is not row), member])
    row.state = MEMBER_WORKFLOW.step(row.state, MemberEvent.CHANGE)
    consortium.lock(row, member)
    bid.updated_at = now
    session.flush()
    _record(session, actor, bid, "bid.invite")
    _ask(session, row, member, now)
    return row


def remove_member(session: Session, *, actor: Actor, bid_id: uuid.UUID, member_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Go on without a firm. Raises NotFound, NotAllowed, Conflict or RuleViolation (closed)."""
    bid = lock_draft(session, actor, bid_id)
    session.delete(_of(members_of(session, bid_id), member_id))
    bid.updated_at = now
    session.flush()
    _record(session, actor, bid, "bid.remove_member")
    return bid


def answer_invitation(
    session: Session, *, actor: Actor, member_id: uuid.UUID, is_consenting: bool, now: dt.datetime
) -> BidMember:
    """Answer for the actor's own firm; a consent is what the seal will vouch for.

    Raises NotFound (also for somebody else's invitation), NotAllowed, Conflict (sealed, or answered) or RuleViolation
    (closed).
    """
    found = session.execute(
        select(BidMember.challenge_id, BidMember.bid_id, BidMember.firm_tag).where(BidMember.id == member_id)
    ).one_or_none()
    if found is None or found.firm_tag != firm_tag(found.challenge_id, actor.own_organization_id()):
        raise NotFound(MISSING, code="invitation_not_found")
    policy.can_answer_invitation(actor).enforce()
    challenge = lock_any_challenge(session, found.challenge_id)
    bid = lock_one(session, select(Bid).where(Bid.id == found.bid_id), of=[Bid], missing=MISSING)
    row = lock_one(session, select(BidMember).where(BidMember.id == member_id), of=[BidMember], missing=MISSING)
    if bid.state is not BidState.DRAFT:
        raise Conflict("The bid has been submitted already, so nothing about its members changes.", code="sealed")
    instant = check_open(session, challenge)
    event = MemberEvent.CONSENT if is_consenting else MemberEvent.DECLINE
    row.state = MEMBER_WORKFLOW.step(row.state, event)
    consortium.lock(row, consortium.answered(consortium.unlock(row), actor.name, instant))
    session.flush()
    action = "bid.consent" if is_consenting else "bid.decline"
    audit.record_sealed(
        session, actor, action, "bid", bid.id, label=challenge.title, sealed_by=challenge.id, member=str(row.id)
    )
    lead = read(bid).organization_id
    publish_sealed(session, occasion=f"{action}:{row.id}", organization_id=lead, sealed_by=challenge.id, now=now)
    return row


def agreed_members(session: Session, bid: Bid, lead_id: uuid.UUID) -> list[Member]:
    """Return the members of a draft that is about to be sealed.

    Raises RuleViolation when one has not consented, there are too many, or the programme lets a firm take part in
    one bid for a challenge only and one of them takes part in another.
    """
    rows = members_of(session, bid.id)
    if rows:
        consortium.check_size(bid.challenge, len(rows))
    consortium.check_consents(row.state for row in rows)
    members = [consortium.unlock(row) for row in rows]
    programme = bid.challenge.programme
    if programme is not None and programme.is_single_unit_bid:
        _check_single(session, bid, [lead_id, *(one.firm for one in members)])
    return members


def members_of(session: Session, bid_id: uuid.UUID) -> list[BidMember]:
    """Return the rows of a bid's members in the order in which they were asked."""
    return list(session.scalars(select(BidMember).where(BidMember.bid_id == bid_id).order_by(BidMember.id)))


def forget_members(session: Session, bid_id: uuid.UUID) -> None:
    """Leave nothing of who was asked to take part in a bid that ends."""
    session.execute(delete(BidMember).where(BidMember.bid_id == bid_id))


def _check_single(session: Session, bid: Bid, firms: list[uuid.UUID]) -> None:
    # Two bids that are sealed at once must not share a firm: whoever comes second waits here and then sees the first.
    for firm_id in sorted(firms):
        lock_firm(session, firm_id)
    tags = [firm_tag(bid.challenge_id, firm_id) for firm_id in firms]
    sealed = (Bid.challenge_id == bid.challenge_id, Bid.id != bid.id, Bid.state == BidState.SEALED)
    leads = select(Bid.id).where(*sealed, Bid.firm_tag.in_(tags))
    others = select(Bid.id).join(BidMember, BidMember.bid_id == Bid.id).where(*sealed, BidMember.firm_tag.in_(tags))
    if session.scalars(leads.union(others)).first() is not None:
        raise RuleViolation(
            "In this programme a firm takes part in one bid for a challenge only, as lead or as member. One of the "
            "firms of this bid is in another one already.",
            code="single_unit",
        )


def _of(rows: list[BidMember], member_id: uuid.UUID) -> BidMember:
    row = next((one for one in rows if one.id == member_id), None)
    if row is None:
        raise NotFound("There is no such member.", code="member_not_found")
    return row


def _firm(session: Session, told: str) -> Organization:
    told = one_line(told)
    is_it = or_(Organization.uscc == told.upper(), Organization.legal_name_zh == told)
    query = select(Organization).where(is_it, Organization.verified_at.is_not(None))
    found = session.scalars(query.limit(2)).all() if told else ()
    if len(found) != 1:
        message = (
            "Several companies have this name. Enter the credit code."
            if found
            else "No verified company of the portal has this credit code or full name."
        )
        raise RuleViolation(message, code="no_such_firm", field="firm")
    return found[0]


def _check_firm(bid: Bid, firm: Organization, actor: Actor) -> None:
    if actor.belongs_to(firm.id):
        raise RuleViolation("Your own company leads this bid.", code="own_firm", field="firm")
    if firm.id == bid.challenge.organization_id:
        raise RuleViolation("Nobody bids for an own challenge, not even as a member.", code="owner", field="firm")


def _part(command: InviteMember) -> str:
    part = command.part.strip()
    if not part or len(part) > consortium.MAX_PART:
        raise RuleViolation("Say in at most 500 characters what the firm does.", code="no_part", field="part")
    return part


def _ask(session: Session, row: BidMember, member: Member, now: dt.datetime) -> None:
    occasion = f"bid.invite:{row.id}:{row.version}"
    publish_sealed(session, occasion=occasion, organization_id=member.firm, sealed_by=row.challenge_id, now=now)


def _record(session: Session, actor: Actor, bid: Bid, action: str) -> None:
    audit.record_sealed(session, actor, action, "bid", bid.id, label=bid.challenge.title, sealed_by=bid.challenge_id)
