"""What the public reads of a result: names and titles, never prices, scores or contacts (domain §5.5)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.awards.commands import Outcome
from app.awards.models import Objection, Publicity
from app.awards.rules import notice_ends
from app.awards.workflow import OPEN_OBJECTIONS, ObjectionState
from app.challenges.standing import rules_of
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from app.awards.models import AwardProposal, ProposedVerdict
    from app.bids.models import Bid
    from app.challenges.models import Challenge


def begin_notice(
    session: Session, challenge: Challenge, proposal: AwardProposal, bids: Mapping[uuid.UUID, Bid], now: dt.datetime
) -> Publicity:
    """Put a confirmed proposal in public notice and let everybody be told."""
    publicity = new_notice(challenge, proposal, bids, now)
    session.add(publicity)
    session.flush()
    _carry_over(session, publicity, now)
    publish(session, "award.noticed", now=now, key=f"award.noticed:{publicity.id}", publicity_id=publicity.id)
    return publicity


def _carry_over(session: Session, publicity: Publicity, now: dt.datetime) -> None:
    """Let objections to an earlier notice that wait for a decision stand against the new one, too.

    Otherwise an award could be made over them once the notice they were handed in against has ended.
    """
    query = select(Objection).where(
        Objection.challenge_id == publicity.challenge_id, Objection.state.in_(OPEN_OBJECTIONS)
    )
    for objection in session.scalars(query):
        objection.publicity_id = publicity.id
        if objection.state is ObjectionState.INVESTIGATING:
            publicity.frozen_at = now
    session.flush()


def new_notice(
    challenge: Challenge, proposal: AwardProposal, bids: Mapping[uuid.UUID, Bid], now: dt.datetime
) -> Publicity:
    """Return the notice of a confirmed proposal, as many working days long as the programme says.

    The public result of the challenge is set to it.
    """
    working_days = rules_of(challenge).publicity_working_days
    publicity = Publicity(
        challenge_id=challenge.id,
        proposal_id=proposal.id,
        number=f"{challenge.code}-N{proposal.round}",
        working_days=working_days,
        starts_at=now,
        ends_at=notice_ends(now, working_days),
        content=public_content(challenge, proposal.verdicts, bids),
    )
    challenge.outcome = {name: publicity.content[name] for name in ("winners", "reserve")}
    return publicity


def public_content(
    challenge: Challenge, verdicts: Iterable[ProposedVerdict], bids: Mapping[uuid.UUID, Bid]
) -> dict[str, Any]:
    """Return the frozen text of a notice; bids must have their firms loaded."""
    told = sorted(verdicts, key=lambda verdict: verdict.place)
    programme = challenge.programme
    return {
        "code": challenge.code or "",
        "title": challenge.title,
        "edition": challenge.edition,
        "programme": programme.name if programme else "",
        "batch": programme.batch if programme else "",
        "owner": challenge.organization.legal_name_zh if challenge.is_owner_shown else "",
        "public_fund_wan": str(challenge.public_fund_wan) if challenge.public_fund_wan else "",
        "winners": [_firm(bids[one.bid_id]) for one in told if one.outcome is Outcome.SELECTED],
        "reserve": [_firm(bids[one.bid_id]) for one in told if one.outcome is Outcome.RESERVE],
    }


def _firm(bid: Bid) -> dict[str, Any]:
    members = [str(member.get("name", "")) for member in bid.details.get("members", ()) if member.get("name")]
    return {
        "bid_id": str(bid.id),
        "organization_id": str(bid.organization_id),
        "name": bid.organization.legal_name_zh if bid.organization else "",
        "members": members,
        "project": bid.project_name,
    }


def standing_result(outcome: Mapping[str, Any], *, without: uuid.UUID) -> dict[str, Any]:
    """Return the public result of a competition in which one winner is a winner no longer."""
    winners = [firm for firm in outcome.get("winners", ()) if firm.get("bid_id") != str(without)]
    return {"winners": winners, "reserve": list(outcome.get("reserve", ()))}
