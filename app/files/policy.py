"""Who may open a file: decided by what it was uploaded for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.models import StoredFile

Rule = Callable[["Session", "Actor", "StoredFile"], Decision]
"""Reads what it needs and answers; slices register one for each purpose of theirs."""

_RULES: dict[str, Rule] = {}


def register_purpose(purpose: str, rule: Rule) -> str:
    """Let ``rule`` decide about files of this purpose; return the purpose, for use as a constant."""
    _RULES[purpose] = rule
    return purpose


def can_open(session: Session, actor: Actor, file: StoredFile) -> Decision:
    """Ask the rule of the file's purpose; without one, only the members of its organisation may open it."""
    return _RULES.get(file.purpose, own_members)(session, actor, file)


def own_members(_session: Session, actor: Actor, file: StoredFile) -> Decision:
    """Members of the organisation that uploaded it."""
    return YES if actor.belongs_to(file.organization_id) else no("This file belongs to another organisation.")


def own_members_and_staff(session: Session, actor: Actor, file: StoredFile) -> Decision:
    """Members of the organisation, and the authority that checks it."""
    return YES if actor.is_staff else own_members(session, actor, file)
