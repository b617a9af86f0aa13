"""Finding what somebody typed and did not save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.drafts.models import FormDraft, owner_tag

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved input as it was typed, and when it was last kept."""

    form_name: str
    subject: str
    values: MultiDict[str, str]
    saved_at: dt.datetime


def find(session: Session, actor: Actor, form_name: str, subject: str) -> Draft | None:
    """Return the actor's unsaved input with its time, for the notice above the form."""
    if actor.user_id is None:
        return None
    own = FormDraft.owner == owner_tag(actor.user_id, form_name, subject)
    row = session.scalars(select(FormDraft).where(own)).one_or_none()
    if row is None or not row.values:
        return None
    return Draft(form_name, subject, MultiDict(row.values), row.updated_at)


def restore(session: Session, actor: Actor, form_name: str, subject: str) -> MultiDict[str, str] | None:
    """Return the actor's unsaved input of one form, as a form takes it, or None."""
    draft = find(session, actor, form_name, subject)
    return None if draft is None else draft.values
