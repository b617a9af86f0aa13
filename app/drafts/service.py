"""Keeping and dropping what people have typed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import delete, func, select, update

from app.core.errors import Conflict, NotAllowed, NotFound
from app.core.upsert import insert_into
from app.drafts.models import FormDraft, owner_tag, subject_tag
from app.drafts.registry import is_known, is_sealed, may_keep

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.engine import CursorResult
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MAX_DRAFTS = 100
"""Of one person; the oldest gives way."""
KEPT = dt.timedelta(days=180)
"""How long input may lie unsaved."""


def save(
    session: Session,
    *,
    actor: Actor,
    form_name: str,
    subject: str,
    values: dict[str, list[str]],
    now: dt.datetime,
) -> None:
    """Keep the input of one form, replacing what was kept before.

    ``subject`` is the id of what is edited, or ``new``. Raises NotFound for a form nobody registered,
    NotAllowed without a person, Conflict when the subject takes no more input.
    """
    if actor.user_id is None:
        raise NotAllowed("Please log in first.", code="anonymous")
    if not is_known(form_name, subject):
        raise NotFound("There is no such form.", code="form_not_found")
    if not may_keep(session, actor, form_name, subject):
        raise Conflict("This can no longer be changed.", code="form_closed")
    owner = owner_tag(actor.user_id, form_name, subject)
    # No audit row: nothing of the portal changes, and what was typed may be confidential.
    kept = session.execute(
        update(FormDraft)
        .where(FormDraft.owner == owner)
        .values(values=values, updated_at=now)
        .returning(FormDraft.id)
        .execution_options(synchronize_session=False)
    )
    if kept.first() is None:
        user_id = None if is_sealed(form_name) else actor.user_id
        _make_room(session, user_id)
        about = subject_tag(form_name, subject)
        _insert(session, owner=owner, subject=about, user_id=user_id, values=values, updated_at=now)


def discard(session: Session, actor: Actor, form_name: str, subject: str) -> None:
    """Forget the input of one form, if there is any; part of every saving transaction."""
    session.execute(
        delete(FormDraft)
        .where(FormDraft.owner == owner_tag(actor.user_id, form_name, subject))
        .execution_options(synchronize_session=False)
    )


def discard_all(session: Session, form_name: str, subject: str) -> None:
    """Forget everybody's input about one subject."""
    session.execute(
        delete(FormDraft)
        .where(FormDraft.subject == subject_tag(form_name, subject))
        .execution_options(synchronize_session=False)
    )


def _insert(session: Session, **row: Any) -> None:
    """Insert a draft; when another window of the same person was faster, the later text stays."""
    statement = insert_into(session, FormDraft).values(**row)
    later = {"values": statement.excluded["values"], "updated_at": statement.excluded.updated_at}
    session.execute(
        statement.on_conflict_do_update(index_elements=["owner"], set_=later).execution_options(
            synchronize_session=False
        )
    )


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete input that nobody has touched for ``KEPT``; return how many rows."""
    old = delete(FormDraft).where(FormDraft.updated_at < now - KEPT)
    found = session.execute(old.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", found).rowcount


def _make_room(session: Session, user_id: uuid.UUID | None) -> None:
    if user_id is None:
        return
    own = FormDraft.user_id == user_id
    excess = (session.scalar(select(func.count()).select_from(FormDraft).where(own)) or 0) - MAX_DRAFTS + 1
    if excess > 0:
        oldest = session.scalars(
            select(FormDraft.id).where(own).order_by(FormDraft.updated_at, FormDraft.id).limit(excess)
        )
        session.execute(
            delete(FormDraft).where(FormDraft.id.in_(list(oldest))).execution_options(synchronize_session=False)
        )
