"""Keeping, changing and removing searches."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.upsert import insert_into
from app.saved import policy
from app.saved.addresses import MAX_QUERY, normalised
from app.saved.models import SavedSearch

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.saved.commands import SaveSearch

MOST = 50


def save_search(session: Session, *, actor: Actor, command: SaveSearch, now: dt.datetime) -> uuid.UUID:
    """Keep a search of the actor and return its id; from now on what is new in it is noted.

    Raises NotAllowed, Conflict when the actor has kept it already, or RuleViolation.
    """
    policy.can_save(actor).enforce()
    if command.is_shared:
        policy.can_share(actor).enforce()
    query = normalised(command.kind, command.query)
    if len(query) > MAX_QUERY:
        raise RuleViolation("This search has too many conditions to be kept.", code="search_too_long")
    n_kept = session.scalar(sa.select(sa.func.count()).where(SavedSearch.user_id == actor.user_id)) or 0
    if n_kept >= MOST:
        raise RuleViolation("You keep 50 searches already. Remove one first.", code="too_many_searches")
    row = {
        "id": uuid.uuid4(),
        "user_id": actor.user_id,
        "organization_id": actor.organization_id if command.is_shared else None,
        "kind": command.kind,
        "title": command.title,
        "query": query,
        "is_shared": command.is_shared,
        "has_mail": command.has_mail,
        "looked_until": now,
        "created_at": now,
    }
    fresh = insert_into(session, SavedSearch).values(row)
    fresh = fresh.on_conflict_do_nothing(index_elements=["user_id", "kind", "query"])
    kept: uuid.UUID | None = session.scalar(fresh.returning(SavedSearch.id))
    if kept is None:
        raise Conflict("You have kept this search already.", code="search_kept")
    details = {"is_shared": command.is_shared, "has_mail": command.has_mail}
    audit.record(session, actor, "search.save", "saved_search", kept, label=command.title, **details)
    return kept


def set_mail(session: Session, *, actor: Actor, search_id: uuid.UUID, has_mail: bool) -> None:
    """Let the digest name what is new in a search, or not. Raises NotFound or NotAllowed."""
    search = _lock(session, actor, search_id)
    search.has_mail = has_mail
    audit.record(session, actor, "search.set_mail", "saved_search", search.id, label=search.title, has_mail=has_mail)


def remove_search(session: Session, *, actor: Actor, search_id: uuid.UUID) -> None:
    """Forget a search, for everybody with whom it is shared. Raises NotFound or NotAllowed."""
    search = _lock(session, actor, search_id)
    audit.record(session, actor, "search.remove", "saved_search", search.id, label=search.title)
    session.delete(search)


def _lock(session: Session, actor: Actor, search_id: uuid.UUID) -> SavedSearch:
    search = session.get(SavedSearch, search_id, with_for_update=True)
    is_shown = search is not None and (
        search.user_id == actor.user_id
        or (search.is_shared and search.organization_id is not None and search.organization_id == actor.organization_id)
    )
    if search is None or not is_shown:
        raise NotFound("There is no such search.", code="search_not_found")
    policy.can_change(actor, search).enforce()
    return search
