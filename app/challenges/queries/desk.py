"""Challenges as the desk and the prefectures work through them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import Organization
from app.challenges import policy
from app.challenges.models import Challenge, DeadlineExtension, Programme, Recommendation
from app.challenges.path import late_before, standing_of
from app.challenges.queries.pages import MISSING, load_challenge
from app.challenges.queries.process import Process, appraisal, process
from app.challenges.queries.views import ChallengeView, challenge_view
from app.core.errors import NotFound
from app.core.paging import Page, paginate_rows
from app.demands.rules import review_due
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

PREFECTURE_TABS = ("check", "passed_on", "ended")
PROVINCE_TABS = ("decide", "prefecture", "appraising", "approved", "running", "requests", "after", "ended")
_AFTER = (PostingState.CLOSED, PostingState.EVALUATING, PostingState.PUBLICITY)
_ENDED = (PostingState.AWARDED, PostingState.NO_AWARD, PostingState.CANCELLED, PostingState.REJECTED)
_RUNNING = (PostingState.PUBLISHED, PostingState.SUSPENDED)
_HIDDEN = (PostingState.DRAFT,)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One challenge in the list of the desk."""

    id: uuid.UUID
    code: str
    title: str
    state: PostingState
    owner: str
    city_code: str
    programme: str
    reward_total_wan: Decimal | None
    submitted_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    n_returns: int
    rank: int | None
    is_waiting: bool
    """Whether the check of the prefecture is awaited."""
    due_at: dt.datetime | None
    """Until when whoever is next answers what was handed in."""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """One challenge with its process, as the desk or the owner's prefecture reads it."""

    challenge: ChallengeView
    process: Process
    city_code: str
    quota: int | None
    n_recommended: int


def tabs_of(actor: Actor) -> tuple[str, ...]:
    """Return the tabs of the list that are the actor's business."""
    return PROVINCE_TABS if actor.is_staff else PREFECTURE_TABS


def desk_challenges(session: Session, *, actor: Actor, tab: str, page: int, now: dt.datetime) -> Page[DeskLine]:
    """Return one page of a tab, what waits longest first, in two queries."""
    columns = (
        Challenge.id, Challenge.code, Challenge.title, Challenge.state, Organization.legal_name_zh,
        Organization.city_code, Programme.name, Challenge.reward_total_wan, Challenge.submitted_at,
        Challenge.bid_deadline_at, Challenge.n_returns, Recommendation.rank, Programme.requires_recommendation,
    )  # fmt: skip
    query = select_tab(columns, actor=actor, tab=tab, now=now)
    query = query.order_by(Challenge.submitted_at, Challenge.id)
    return paginate_rows(session, query, number=page).map(_line)


def select_tab(columns: Sequence[Any], *, actor: Actor, tab: str, now: dt.datetime) -> sa.Select[Any]:
    """Select columns of what a tab holds for the actor."""
    return _scoped(sa.select(*columns), actor).where(_condition(actor, tab, now))


def tab_counts(session: Session, *, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Return how many challenges each tab holds, in one query."""
    tabs = tabs_of(actor)
    counts = (sa.func.count(sa.case((_condition(actor, tab, now), 1))) for tab in tabs)
    row = session.execute(_scoped(sa.select(*counts), actor)).one()
    return dict(zip(tabs, row, strict=True))


def desk_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> DeskPage:
    """Return one challenge with its process; raise NotFound when the actor may not know of it."""
    challenge = load_challenge(session, actor, challenge_id)
    city_code = challenge.organization.city_code
    if not (actor.is_staff or policy.is_own_city(actor, city_code)):
        raise NotFound(MISSING, code="challenge_not_found")
    programme = challenge.programme
    found = appraisal(session, challenge_id)
    standing = standing_of(challenge, found, now)
    return DeskPage(
        challenge=challenge_view(challenge, actor, now),
        process=process(session, challenge, standing, found),
        city_code=city_code,
        quota=programme.quota_of(city_code) if programme else None,
        n_recommended=_n_recommended(session, programme, city_code) if standing.is_at_prefecture else 0,
    )


def _n_recommended(session: Session, programme: Programme | None, body: str) -> int:
    if programme is None or not programme.requires_recommendation:
        return 0
    query = sa.select(sa.func.count()).where(
        Recommendation.programme_id == programme.id,
        Recommendation.body == body,
        Recommendation.withdrawn_at.is_(None),
    )
    return session.scalar(query) or 0


def _scoped(columns: sa.Select[Any], actor: Actor) -> sa.Select[Any]:
    in_force = sa.and_(Recommendation.challenge_id == Challenge.id, Recommendation.withdrawn_at.is_(None))
    query = (
        columns.select_from(Challenge)
        .join(Organization, Organization.id == Challenge.organization_id)
        .outerjoin(Programme, Programme.id == Challenge.programme_id)
        .outerjoin(Recommendation, in_force)
        .where(Challenge.state.not_in(_HIDDEN))
    )
    if actor.is_staff:
        return query
    return query.where(Organization.city_code == actor.city_code, Programme.requires_recommendation)


def _condition(actor: Actor, tab: str, now: dt.datetime) -> sa.ColumnElement[bool]:
    return _province(tab, now) if actor.is_staff else _prefecture(tab)


def _prefecture(tab: str) -> sa.ColumnElement[bool]:
    if tab == "check":
        return Challenge.state == PostingState.SUBMITTED
    if tab == "ended":
        return Challenge.state.in_(_ENDED)
    return Challenge.state.not_in((PostingState.SUBMITTED, PostingState.RETURNED, *_ENDED))


def _province(tab: str, now: dt.datetime) -> sa.ColumnElement[bool]:
    is_submitted = Challenge.state == PostingState.SUBMITTED
    asks_prefecture = sa.func.coalesce(Programme.requires_recommendation, sa.false())
    is_late = Challenge.submitted_at < late_before(now)
    conditions = {
        "decide": sa.or_(
            Challenge.state == PostingState.RECOMMENDED,
            sa.and_(is_submitted, sa.or_(~asks_prefecture, is_late)),
        ),
        "prefecture": sa.and_(is_submitted, asks_prefecture, ~is_late),
        "appraising": Challenge.state == PostingState.APPRAISING,
        "approved": Challenge.state == PostingState.APPROVED,
        "running": Challenge.state.in_(_RUNNING),
        "requests": sa.or_(
            sa.and_(Challenge.cancel_requested_at.is_not(None), Challenge.state.in_(_RUNNING)),
            Challenge.id.in_(
                sa.select(DeadlineExtension.challenge_id).where(
                    DeadlineExtension.confirmed_at.is_(None), DeadlineExtension.dropped_at.is_(None)
                )
            ),
        ),
        "after": Challenge.state.in_(_AFTER),
        "ended": Challenge.state.in_(_ENDED),
    }
    return conditions[tab]


def _line(row: Any) -> DeskLine:
    *_, state, _owner, _city, _programme, _reward, submitted_at, _deadline, _returns, _rank, asks_prefecture = row
    is_open = state in (PostingState.SUBMITTED, PostingState.RECOMMENDED)
    is_waiting = bool(asks_prefecture) and state is PostingState.SUBMITTED
    due_at = review_due(submitted_at) if is_open and submitted_at else None
    values: tuple[Any, ...] = (*row[:-1], is_waiting, due_at)
    return DeskLine(*values)
