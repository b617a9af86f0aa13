"""Objections: of one challenge, of one company, and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Organization
from app.awards import policy
from app.awards.models import Objection
from app.awards.queries.views import ObjectionView, objection_view
from app.awards.workflow import OPEN_OBJECTIONS, ObjectionState
from app.bids.models import Bid
from app.core.actor import StaffRole
from app.core.errors import NotFound
from app.core.paging import paginate_rows

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.core.paging import Page


def of_challenge(session: Session, challenge_id: uuid.UUID, *, is_staff: bool) -> tuple[ObjectionView, ...]:
    """Return the objections to a challenge's notices, newest first; their authors are shown to the desk."""
    query = _query().where(Objection.challenge_id == challenge_id).order_by(Objection.received_at.desc(), Objection.id)
    return tuple(_view(row, is_author_shown=is_staff, is_staff=is_staff) for row in session.execute(query))


def of_company(session: Session, *, actor: Actor) -> tuple[ObjectionView, ...]:
    """Return what the actor's company has objected to, newest first."""
    query = _query().where(Objection.organization_id == actor.organization_id).order_by(Objection.received_at.desc())
    return tuple(_view(row, is_author_shown=True, is_staff=False) for row in session.execute(query))


def objection_page(session: Session, *, actor: Actor, objection_id: uuid.UUID) -> ObjectionView:
    """Return one objection; raise NotFound for everybody but its company, the authority and the supervisor."""
    row = session.execute(_query().where(Objection.id == objection_id)).one_or_none()
    if row is None or not policy.can_read_objection(actor, organization_id=row[0].organization_id):
        raise NotFound("There is no such objection.", code="objection_not_found")
    is_staff = actor.is_authority or StaffRole.SUPERVISOR in actor.roles
    return _view(row, is_author_shown=True, is_staff=is_staff)


def queue(session: Session, *, actor: Actor, tab: str, page: int) -> Page[ObjectionView]:
    """Return one page of objections for the desk: those that are due first; nothing for who may not decide them."""
    if not (actor.is_authority or StaffRole.SUPERVISOR in actor.roles):
        raise NotFound("The page does not exist, or it is not open to you.", code="not_staff")
    is_open = Objection.state.in_(OPEN_OBJECTIONS)
    wanted = is_open if tab == "open" else ~is_open
    due = case((Objection.state == ObjectionState.RECEIVED, Objection.accept_by), else_=Objection.decide_by)
    query = _query().where(wanted).order_by(due, Objection.id)
    return paginate_rows(session, query, number=page).map(lambda row: _view(row, is_author_shown=True, is_staff=True))


def _query() -> Any:
    again, struck = aliased(Objection), aliased(Organization)
    return (
        select(Objection, struck.legal_name_zh, again.id)
        .outerjoin(again, again.reconsiders_id == Objection.id)
        .outerjoin(Bid, Bid.id == Objection.bid_id)
        .outerjoin(struck, struck.id == Bid.organization_id)
        .options(joinedload(Objection.challenge), joinedload(Objection.organization), selectinload(Objection.files))
    )


def _view(row: Any, *, is_author_shown: bool, is_staff: bool) -> ObjectionView:
    objection, about, again_id = row
    return objection_view(
        objection,
        about=about or "",
        is_asked_again=again_id is not None,
        is_author_shown=is_author_shown,
        is_staff=is_staff,
    )
