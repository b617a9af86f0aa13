"""What a company's person should do next, most urgent first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Verification
from app.accounts.workflow import VerificationState
from app.bids.models import Bid
from app.bids.ownership import owned_by
from app.bids.workflow import BidState
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.challenges.models import Challenge
from app.core.actor import Capacity, StaffRole
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.events.queries import meetings
from app.reviews.queries.format import waiting_corrections
from app.reviews.queries.seats import my_seats
from app.reviews.workflow import SeatState
from app.web.pairing_todos import LISTED, Todo, pairing_todos

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

STALE_AFTER = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Start:
    """Something a company may begin at any time."""

    label: Any
    url: str
    icon: str


def starts(actor: Actor) -> list[Start]:
    """Return what the actor may begin, by the sides on which the company stands."""
    if not actor.can_edit:
        return []
    found = []
    if actor.has(Capacity.DEMAND):
        found += [
            Start(_l("Post a need"), url_for("workspace_needs.new"), "card-list"),
            Start(_l("Pose a challenge"), url_for("workspace_challenges.new"), "flag"),
        ]
    if actor.has(Capacity.SUPPLY):
        found += [
            Start(_l("Add a product"), url_for("workspace_products.new"), "cpu"),
            Start(_l("Find a challenge to bid for"), url_for("challenges.list"), "envelope-check"),
        ]
    return found


def todo_list(session: Session, *, actor: Actor, now: dt.datetime) -> list[Todo]:
    """Return the open tasks of the actor and of the actor's company, in at most eleven queries."""
    reviews = _reviews(session, actor) if StaffRole.EXPERT in actor.roles or actor.has(Capacity.DEMAND) else []
    if actor.organization_id is None and StaffRole.EXPERT in actor.roles:
        return reviews
    if actor.organization_id is None:
        return [
            Todo(
                _l("Create your company, or accept an invitation"),
                _l("Needs, products and bids belong to companies."),
                url_for("company.new"),
                _l("Create a company"),
                "building-add",
            )
        ]
    todos = [*_verification(session, actor), *pairing_todos(session, actor), *_meetings(session, actor, now), *reviews]
    if actor.has(Capacity.SUPPLY):
        todos += [*_corrections(session, actor), *_bids(session, actor, now), *_products(session, actor, now)]
    if actor.has(Capacity.DEMAND):
        todos += _postings(session, actor)
    # Python sorts stably: among equal dates the order above stays.
    return sorted(todos, key=lambda todo: todo.due or dt.datetime.max.replace(tzinfo=dt.UTC))


def _corrections(session: Session, actor: Actor) -> list[Todo]:
    return [
        Todo(
            _l("Correct your bid for “%(title)s”", title=title),
            _l("There is one chance; afterwards it is judged as it is."),
            url_for("workspace_format.show", bid_id=bid_id),
            _l("Continue"),
            "pencil-square",
            due_at,
        )
        for bid_id, title, due_at in waiting_corrections(session, actor=actor)
    ]


def _reviews(session: Session, actor: Actor) -> list[Todo]:
    todos = []
    for line in my_seats(session, actor=actor):
        if not line.is_open or (line.is_owner and not actor.can_edit):
            continue
        is_invited = line.state is SeatState.INVITED
        title = _l("Declare before you judge “%(title)s”", title=line.title) if is_invited else _l(
            "Judge the bids for “%(title)s”", title=line.title
        )  # fmt: skip
        reason = _l("Before the pledge no bid is shown.") if is_invited else _l("Scores are read once all are in.")
        url = url_for("workspace_reviews.show", seat_id=line.id)
        todos.append(Todo(title, reason, url, _l("Continue"), "clipboard-check", line.due_at))
    return todos


def _verification(session: Session, actor: Actor) -> list[Todo]:
    if actor.is_verified:
        return []
    last = session.scalars(
        select(Verification)
        .where(Verification.organization_id == actor.organization_id)
        .order_by(Verification.submitted_at.desc())
        .limit(1)
    ).first()
    if last is not None and last.state is VerificationState.SUBMITTED:
        return []
    is_rejected = last is not None and last.state is VerificationState.REJECTED
    title = _l("Correct your verification") if is_rejected else _l("Have your company verified")
    reason = _l("Verified companies publish needs and products, submit bids and are introduced to each other.")
    return [Todo(title, reason, url_for("company.verification"), _l("Go to verification"), "patch-check")]


def _meetings(session: Session, actor: Actor, now: dt.datetime) -> list[Todo]:
    return [
        Todo(
            _l("Answer the times that %(name)s proposes", name=meeting.other_name)
            if meeting.awaits_own_answer
            else _l("Say what came of your meeting with %(name)s", name=meeting.other_name),
            _l("Both calendars get the invitation.")
            if meeting.awaits_own_answer
            else _l("One minute is enough; the other company does not see it."),
            url_for("meetings.show", meeting_id=meeting.id),
            _l("Answer"),
            "calendar-check",
        )
        for meeting in meetings.waiting(session, actor=actor, now=now, limit=LISTED)
    ]


def _bids(session: Session, actor: Actor, now: dt.datetime) -> list[Todo]:
    query = (
        select(Bid)
        .join(Bid.challenge)
        .options(joinedload(Bid.challenge, innerjoin=True))
        .where(
            owned_by(session, actor.organization_id),
            Bid.state == BidState.DRAFT,
            Challenge.bid_deadline_at > now,
        )
        .order_by(Challenge.bid_deadline_at)
        .limit(LISTED)
    )
    return [
        Todo(
            _l("Submit your bid for “%(title)s”", title=bid.challenge.title),
            _l("It is still a draft; after the deadline it cannot be submitted."),
            url_for("workspace_bids.edit", bid_id=bid.id),
            _l("Continue"),
            "envelope-check",
            bid.challenge.bid_deadline_at,
        )
        for bid in session.scalars(query).unique()
    ]


def _products(session: Session, actor: Actor, now: dt.datetime) -> list[Todo]:
    stale_before = (now - STALE_AFTER).date()
    is_stale = or_(ChipProduct.confirmed_on.is_(None), ChipProduct.confirmed_on < stale_before)
    n_stale, n_products = session.execute(
        select(func.count().filter(is_stale), func.count()).where(
            ChipProduct.organization_id == actor.organization_id, ChipProduct.state == ProductState.PUBLISHED
        )
    ).one()
    url = url_for("workspace_products.list")
    if not n_products:
        reason = _l("The model finds needs for products with a sheet; a sheet takes minutes, or import your handbook.")
        return [Todo(_l("Publish your first product"), reason, url, _l("Go to products"), "cpu")]
    if not n_stale:
        return []
    title = ngettext("Confirm %(num)s product sheet", "Confirm %(num)s product sheets", n_stale)
    reason = _l("Sheets not confirmed for 180 days are marked as out of date.")
    return [Todo(title, reason, url, _l("Go to products"), "cpu")]


def _postings(session: Session, actor: Actor) -> list[Todo]:
    query = (
        select(Need.id, Need.kind, Need.title, Need.state)
        .where(
            Need.organization_id == actor.organization_id,
            Need.state.in_((PostingState.RETURNED, PostingState.DRAFT)),
        )
        .order_by(Need.state.desc(), Need.updated_at.desc(), Need.id)
        .limit(LISTED)
    )
    todos = []
    for need_id, kind, title, state in session.execute(query):
        is_challenge = kind == "challenge"
        endpoint = "workspace_challenges.edit" if is_challenge else "workspace_needs.edit"
        key = "challenge_id" if is_challenge else "need_id"
        if state is PostingState.RETURNED:
            what, why = _l("Revise “%(title)s”", title=title), _l("It was returned with an opinion.")
        else:
            what, why = _l("Finish “%(title)s”", title=title or "…"), _l("It is still a draft.")
        todos.append(Todo(what, why, url_for(endpoint, **{key: need_id}), _l("Continue"), "card-list"))
    return todos
