"""What waits for the desk in the competitions: how much of each kind, and which is due first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.awards.models import AwardProposal, Objection, Publicity
from app.awards.queries.pages import DECIDERS
from app.awards.workflow import OPEN_OBJECTIONS, ObjectionState, ProposalState
from app.bids.models import Bid, Opening
from app.bids.queries.openings import TABS as OPENINGS
from app.bids.queries.prices import waiting_for_prices
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.challenges.queries.desk import select_tab
from app.clarifications.models import Amendment
from app.clarifications.workflow import AmendmentState
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder
from app.queues.waiting import Place, Waiting
from app.reviews.models import ReviewPanel

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


PLACES: dict[str, Place] = {
    "decide": Place(_l("Challenges to decide"), "desk_challenges.list", "decide"),
    "prefecture": Place(_l("Challenges before their prefecture"), "desk_challenges.list", "prefecture"),
    "appraising": Place(_l("Challenges before the experts"), "desk_challenges.list", "appraising"),
    "approved": Place(_l("Challenges to publish"), "desk_challenges.list", "approved"),
    "requests": Place(_l("Withdrawals and extensions to decide"), "desk_challenges.list", "requests"),
    "amendments": Place(_l("Amendments to decide"), "desk_amendments.list"),
    "openings": Place(_l("Openings to do"), "openings.list", "waiting"),
    "format": Place(_l("Format checks"), "desk_reviews.list"),
    "panels": Place(_l("Panels to form"), "desk_reviews.list"),
    "prices": Place(_l("Price envelopes to open"), "openings.list", "prices"),
    "proposals": Place(_l("Proposals of award to confirm"), "desk_awards.list", "evaluating"),
    "objections": Place(_l("Objections"), "desk_awards.objection_list"),
    "ready": Place(_l("Awards ready to be made"), "desk_awards.list", "publicity"),
}
"""In the order of a competition."""
ON_ITS_WAY = ("decide", "prefecture", "appraising", "approved", "requests")
OF_DECIDERS = ("proposals", "objections", "ready")
"""Shown to those who may see how competitions are decided."""
OF_PREFECTURES = ("prefecture",)
"""Shown to officers of a prefecture, who see their own city's business only."""
ANSWERED_IN_TIME = ("decide", "prefecture")


def competition_queues(session: Session, *, actor: Actor, now: dt.datetime) -> tuple[Waiting, ...]:
    """Return the queues that are the actor's business, in one query; those of their city for a prefecture's."""
    names = [name for name in PLACES if name not in OF_DECIDERS or actor.roles & DECIDERS]
    if not actor.is_staff:
        names = list(OF_PREFECTURES)
    arms = [_first(name, _select(name, actor, now)) for name in names]
    found = {row.name: row for row in session.execute(sa.union_all(*arms))}
    return tuple(_waiting(name, found.get(name)) for name in names)


def _waiting(name: str, row: Any) -> Waiting:
    place = PLACES[name]
    if row is None:
        return Waiting(*place)
    due = review_due(row.since) if name in ANSWERED_IN_TIME and row.since else row.due
    return Waiting(*place, row.n_waiting, row.title, row.since, due)


def _first(name: str, query: sa.Select[Any]) -> sa.Select[Any]:
    """Return a queue as one row: what is due first, and how many there are; no row when nothing waits."""
    waiting = query.subquery()
    first = (
        sa.select(
            sa.literal(name).label("name"), waiting.c.title, waiting.c.since, waiting.c.due,
            sa.func.count().over().label("n_waiting"),
        )
        .order_by(sa.func.coalesce(waiting.c.due, waiting.c.since), waiting.c.id)
        .limit(1)
        .subquery()
    )  # fmt: skip
    return sa.select(first)


def _columns(row_id: Any, since: Any, due: Any = None) -> tuple[Any, ...]:
    instant = Challenge.submitted_at.type
    no_limit = sa.cast(sa.null(), instant)
    return (
        row_id.label("id"),
        Challenge.title.label("title"),
        sa.type_coerce(since, instant).label("since"),
        sa.type_coerce(no_limit if due is None else due, instant).label("due"),
    )


def _select(name: str, actor: Actor, now: dt.datetime) -> sa.Select[Any]:
    if name in ON_ITS_WAY:
        columns = _columns(Challenge.id, Challenge.submitted_at)
        return select_tab(columns, actor=actor, tab=name, now=now)
    return _awards_ready(now) if name == "ready" else _SELECTS[name]()


def _amendments() -> sa.Select[Any]:
    query = sa.select(*_columns(Amendment.id, Amendment.proposed_at)).join(Challenge, _is_of(Amendment))
    return query.where(Amendment.state == AmendmentState.PROPOSED)


def _openings() -> sa.Select[Any]:
    keyed = sa.select(ChallengeKeyHolder.challenge_id)
    query = sa.select(*_columns(Challenge.id, Challenge.bid_deadline_at))
    return query.where(Challenge.state.in_(OPENINGS["waiting"]), Challenge.id.in_(keyed))


def _prices() -> sa.Select[Any]:
    query = sa.select(*_columns(Challenge.id, Opening.price_called_at)).join(Opening, _is_of(Opening))
    return query.where(Challenge.state == PostingState.EVALUATING, Challenge.id.in_(waiting_for_prices()))


def _format_checks() -> sa.Select[Any]:
    query = sa.select(*_columns(Bid.id, Bid.opened_at)).join(Challenge, _is_of(Bid))
    return query.where(Challenge.state == PostingState.EVALUATING, Bid.state == BidState.OPENED)


def _panels() -> sa.Select[Any]:
    """Select the challenges whose bids have all been checked and which nobody judges yet."""
    bids = sa.exists().where(Bid.challenge_id == Challenge.id)
    return (
        sa.select(*_columns(Challenge.id, Opening.opened_at))
        .join(Opening, Opening.challenge_id == Challenge.id)
        .where(
            Challenge.state == PostingState.EVALUATING,
            bids.where(Bid.state == BidState.VALID),
            ~bids.where(Bid.state == BidState.OPENED),
            ~sa.exists().where(ReviewPanel.challenge_id == Challenge.id),
        )
    )


def _proposals() -> sa.Select[Any]:
    query = sa.select(*_columns(AwardProposal.id, AwardProposal.proposed_at)).join(Challenge, _is_of(AwardProposal))
    return query.where(AwardProposal.state == ProposalState.PROPOSED)


def _objections() -> sa.Select[Any]:
    due = sa.case((Objection.state == ObjectionState.RECEIVED, Objection.accept_by), else_=Objection.decide_by)
    query = sa.select(*_columns(Objection.id, Objection.received_at, due)).join(Challenge, _is_of(Objection))
    return query.where(Objection.state.in_(OPEN_OBJECTIONS))


def _awards_ready(now: dt.datetime) -> sa.Select[Any]:
    """Select the notices that have ended with nothing left to decide."""
    of_notice = sa.exists().where(Objection.challenge_id == Publicity.challenge_id)
    is_open = of_notice.where(Objection.state.in_(OPEN_OBJECTIONS))
    again = sa.orm.aliased(Objection)
    can_be_asked_again = of_notice.where(
        Objection.state == ObjectionState.DISMISSED,
        Objection.again_by > now,
        Objection.waived_at.is_(None),
        ~sa.exists().where(again.reconsiders_id == Objection.id),
    )
    query = sa.select(*_columns(Publicity.id, Publicity.ends_at)).join(Challenge, _is_of(Publicity))
    return query.where(
        Challenge.state == PostingState.PUBLICITY,
        Publicity.ended_at.is_(None),
        Publicity.frozen_at.is_(None),
        Publicity.ends_at <= now,
        ~is_open,
        ~can_be_asked_again,
    )


def _is_of(model: Any) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = Challenge.id == model.challenge_id
    return condition


_SELECTS = {
    "amendments": _amendments,
    "openings": _openings,
    "prices": _prices,
    "format": _format_checks,
    "panels": _panels,
    "proposals": _proposals,
    "objections": _objections,
}
