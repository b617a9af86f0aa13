"""The pool of experts as the desk sees it, and the own record as its expert sees it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import cast, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.types import String

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.reviews import policy
from app.reviews.candidates import load_of
from app.reviews.commands import SaveExpert, SaveOwnProfile, Tie
from app.reviews.models import Expert

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such expert."


@dataclass(frozen=True, slots=True)
class ExpertFilter:
    """How the pool is narrowed; empty values do not narrow."""

    side: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """One expert in the list of the desk."""

    id: uuid.UUID
    name: str
    email: str
    employers: tuple[str, ...]
    sides: tuple[str, ...]
    categories: tuple[str, ...]
    load: int
    load_limit: int
    is_available: bool
    confirmed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ExpertView:
    """One expert with what the form of the desk holds."""

    line: ExpertLine
    content: SaveExpert


def expert_list(session: Session, *, actor: Actor, wanted: ExpertFilter, page: int) -> Page[ExpertLine]:
    """Return one page of the pool by name, in five queries."""
    policy.can_read_reviews(actor).enforce()
    query = (
        select(Expert)
        .join(Expert.user)
        .options(contains_eager(Expert.user), selectinload(Expert.ties))
        .order_by(User.name, Expert.id)
    )
    if wanted.side:
        query = query.where(cast(Expert.sides, String).contains(f'"{wanted.side}"', autoescape=True))
    if wanted.text:
        columns = (User.name, User.email, Expert.expertise)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    loads = load_of(session)
    return paginate(session, query, number=page).map(lambda expert: expert_line(expert, loads.get(expert.id, 0)))


def expert_page(session: Session, *, actor: Actor, expert_id: uuid.UUID) -> ExpertView:
    """Return one expert; raise NotFound."""
    policy.can_read_reviews(actor).enforce()
    expert = _load(session, Expert.id == expert_id)
    content = SaveExpert(
        email=expert.user.email,
        name=expert.user.name,
        expertise=expert.expertise,
        sides=tuple(expert.sides),
        categories=tuple(expert.categories),
        load_limit=expert.load_limit,
        is_available=expert.is_available,
        ties=_ties(expert),
        version=expert.version,
    )
    return ExpertView(expert_line(expert, load_of(session).get(expert.id, 0)), content)


def n_of_category(session: Session, code: str) -> int:
    """Return how many experts of the pool stand for a category."""
    is_named = cast(Expert.categories, String).contains(f'"{code}"')
    return session.scalar(select(func.count()).select_from(Expert).where(is_named)) or 0


def own_profile(session: Session, *, actor: Actor) -> tuple[ExpertLine, SaveOwnProfile]:
    """Return the actor's own record; raise NotFound for everybody who is no expert."""
    expert = _load(session, Expert.user_id == actor.user_id)
    content = SaveOwnProfile(expert.expertise, expert.is_available, _ties(expert), expert.version)
    return expert_line(expert, 0), content


def expert_line(expert: Expert, load: int) -> ExpertLine:
    """Return one line; user and ties must be loaded."""
    employers = (tie.name for tie in expert.ties if tie.kind == "employer" and tie.until is None)
    return ExpertLine(
        id=expert.id,
        name=expert.user.name,
        email=expert.user.email,
        employers=tuple(employers),
        sides=tuple(expert.sides),
        categories=tuple(expert.categories),
        load=load,
        load_limit=expert.load_limit,
        is_available=expert.is_available,
        confirmed_at=expert.confirmed_at,
    )


def _load(session: Session, condition: object) -> Expert:
    query = select(Expert).where(condition)  # type: ignore[arg-type]  # a comparison of columns
    query = query.options(joinedload(Expert.user, innerjoin=True), selectinload(Expert.ties))
    expert = session.scalars(query).unique().one_or_none()
    if expert is None:
        raise NotFound(MISSING, code="expert_not_found")
    return expert


def _ties(expert: Expert) -> tuple[Tie, ...]:
    return tuple(Tie(tie.kind, tie.name, tie.uscc, tie.since, tie.until) for tie in expert.ties)
