"""The documents of a passport, as bytes by file name."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import queries as trail
from app.audit.chain import columns_of
from app.awards.models import Award, AwardProposal, Objection, Publicity
from app.bids import commitments
from app.bids.models import Bid, Opening
from app.bids.ownership import bidder_of
from app.bids.queries.bids import own_price_statement, own_statement
from app.bids.workflow import PriceState
from app.challenges.editions import canonical
from app.challenges.models import ChallengeEdition
from app.clarifications.models import Amendment, Question
from app.clarifications.workflow import QuestionState
from app.reviews.queries import feedback_of, ranking_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


class Level(IntEnum):
    """How much of a competition somebody may have."""

    PUBLIC = 0
    PARTY = 1
    AUTHORITY = 2


def collect(session: Session, *, actor: Actor, challenge: Challenge, level: Level) -> dict[str, bytes]:
    """Return every document that belongs to the level, and what concerns the actor's own bid."""
    files = dict(_editions(session, challenge))
    files |= dict(_commitments(session, challenge))
    files |= {
        "questions.json": _json(_questions(session, challenge)),
        "amendments.json": _json(_amendments(session, challenge)),
        "notices.json": _json(_notices(session, challenge)),
        "objections.json": _json(_objections(session, challenge, level)),
        "awards.json": _json(_awards(session, challenge)),
        "audit.json": _json(_trail(session, challenge, level)),
    }
    if level >= Level.PARTY:
        files["ranking.json"] = _json(_ranking(session, challenge))
        files["proposals.json"] = _json(_proposals(session, challenge))
    return files | dict(_own_bid(session, actor, challenge))


def _editions(session: Session, challenge: Challenge) -> Iterator[tuple[str, bytes]]:
    query = select(ChallengeEdition).where(ChallengeEdition.challenge_id == challenge.id)
    listed = []
    for edition in session.scalars(query.order_by(ChallengeEdition.number)):
        yield f"editions/edition-{edition.number:02d}.json", canonical(edition.snapshot["document"])
        listed.append(
            {
                "number": edition.number,
                "sha256": edition.hash,
                "reason": edition.reason,
                "changes": edition.diff,
                "published_at": _at(edition.created_at),
            }
        )
    yield "editions.json", _json(listed)


def _commitments(session: Session, challenge: Challenge) -> Iterator[tuple[str, bytes]]:
    opening = session.get(Opening, challenge.id)
    if opening is None:
        return
    yield "commitments.json", commitments.listing(challenge.id, challenge.bid_deadline_at, opening.commitments)
    yield (
        "opening.json",
        _json(
            {
                "list_sha256": opening.list_hash,
                "closed_at": _at(opening.closed_at),
                "opened_at": _at(opening.opened_at),
                "record": opening.record,
                **({"prices": opening.price_record} if opening.price_record else {}),
            }
        ),
    )


def _questions(session: Session, challenge: Challenge) -> list[dict[str, Any]]:
    query = select(Question).where(Question.challenge_id == challenge.id, Question.state == QuestionState.ANSWERED)
    return [
        {
            "number": one.number,
            "question": one.text,
            "asked_at": _at(one.asked_at),
            "answer": one.answer,
            "answered_at": _at(one.answered_at),
        }
        for one in session.scalars(query.order_by(Question.number))
    ]


def _amendments(session: Session, challenge: Challenge) -> list[dict[str, Any]]:
    query = select(Amendment).where(Amendment.challenge_id == challenge.id, Amendment.edition.is_not(None))
    return [
        {"number": one.number, "edition": one.edition, "reason": one.reason, "is_core": one.is_core,
         "in_force_since": _at(one.decided_at)}
        for one in session.scalars(query.order_by(Amendment.number))
    ]  # fmt: skip


def _notices(session: Session, challenge: Challenge) -> list[dict[str, Any]]:
    query = select(Publicity).where(Publicity.challenge_id == challenge.id).order_by(Publicity.starts_at)
    return [
        {"number": one.number, "working_days": one.working_days, "starts_at": _at(one.starts_at),
         "ends_at": _at(one.ends_at), "ended_at": _at(one.ended_at), "content": one.content}
        for one in session.scalars(query)
    ]  # fmt: skip


def _objections(session: Session, challenge: Challenge, level: Level) -> list[dict[str, Any]]:
    """Tell what was objected and decided; who objected is told to the authority only."""
    query = select(Objection).where(Objection.challenge_id == challenge.id).order_by(Objection.received_at)
    told = []
    for one in session.scalars(query):
        entry = {"ground": one.ground, "received_at": _at(one.received_at), "state": one.state.value,
                 "remedy": one.remedy.value if one.remedy else None, "decided_at": _at(one.decided_at)}  # fmt: skip
        if level >= Level.AUTHORITY:
            entry |= {"organization_id": str(one.organization_id), "text": one.text, "decision": one.decision}
        told.append(entry)
    return told


def _awards(session: Session, challenge: Challenge) -> dict[str, Any]:
    query = select(Award).where(Award.challenge_id == challenge.id).order_by(Award.number)
    return {
        "state": challenge.state.value,
        "result": challenge.outcome,
        "bids_without_a_verdict": challenge.ended_bids,
        "awards": [
            {"number": one.number, "bid_id": str(one.bid_id), "state": one.state.value,
             "awarded_at": _at(one.awarded_at), "ended_at": _at(one.ended_at), "end_reason": one.end_reason}
            for one in session.scalars(query)
        ],
    }  # fmt: skip


def _ranking(session: Session, challenge: Challenge) -> dict[str, Any] | None:
    ranking = ranking_of(session, challenge.id)
    if ranking is None:
        return None
    return {
        "round": ranking.round,
        "ranked_at": _at(ranking.ranked_at),
        "pass_line": str(ranking.pass_line),
        "n_reviewers": ranking.n_reviewers,
        "minutes": ranking.minutes,
        "lines": [
            {"bid_id": str(line.bid_id), "firm": line.organization_name, "label": line.label, "place": line.place,
             "outcome": line.outcome.value, "mean": str(line.mean), "equalised": str(line.equalised)}
            for line in ranking.lines
        ],
    }  # fmt: skip


def _proposals(session: Session, challenge: Challenge) -> list[dict[str, Any]]:
    query = select(AwardProposal).where(AwardProposal.challenge_id == challenge.id).order_by(AwardProposal.round)
    return [
        {
            "round": one.round,
            "kind": one.kind.value,
            "state": one.state.value,
            "reasons": one.reasons,
            "proposed_at": _at(one.proposed_at),
            "confirmed_at": _at(one.confirmed_at),
            "opinion": one.opinion,
            "verdicts": [
                {"bid_id": str(verdict.bid_id), "place": verdict.place, "outcome": verdict.outcome.value,
                 "reason": verdict.reason}
                for verdict in one.verdicts
            ],
        }
        for one in session.scalars(query.options(selectinload(AwardProposal.verdicts)))
    ]  # fmt: skip


def _trail(session: Session, challenge: Challenge, level: Level) -> list[dict[str, Any]]:
    """Return the events about the challenge with their hashes; for the authority with everything that is hashed."""
    told = []
    for event in trail.stream(session, wanted=trail.AuditFilter(subject_id=challenge.id)):
        if event.link is None:
            continue
        entry = {"number": event.link.number, "at": _at(event.created_at), "action": event.action,
                 "previous": event.link.previous, "hash": event.link.hash}  # fmt: skip
        told.append(entry | ({"columns": columns_of(event)} if level >= Level.AUTHORITY else {}))
    return told


def _own_bid(session: Session, actor: Actor, challenge: Challenge) -> Iterator[tuple[str, bytes]]:
    """Yield the statement of the actor's own opened bid, whose hash is on the list, and what was found about it."""
    bids = session.scalars(select(Bid).where(Bid.challenge_id == challenge.id, Bid.organization_id.is_not(None)))
    for bid in bids:
        if not actor.belongs_to(bidder_of(actor, bid)):
            continue
        yield f"bids/{bid.receipt_code}/statement.json", own_statement(session, actor=actor, bid_id=bid.id, code="")
        if bid.price_state is PriceState.OPENED:
            price = own_price_statement(session, actor=actor, bid_id=bid.id, code="")
            yield f"bids/{bid.receipt_code}/price-statement.json", price
        found = feedback_of(session, bid.id)
        if found is not None:
            criteria = [{"name": one.name, "mean": str(one.mean), "max": str(one.maximum)} for one in found.criteria]
            told = {"place": found.place, "mean": str(found.mean), "line": str(found.pass_line), "criteria": criteria,
                    "remarks": [remark.text for remark in found.remarks]}  # fmt: skip
            yield f"bids/{bid.receipt_code}/feedback.json", _json(told)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _at(instant: dt.datetime | None) -> str | None:
    return instant.isoformat() if instant else None
