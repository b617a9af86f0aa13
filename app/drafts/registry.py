"""Which forms keep what people type; a slice names its forms when it is imported."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

Guard = Callable[["Session", "Actor", str], bool]
"""Says whether this person may keep input about this subject now."""

_FORMS: dict[str, Guard | None] = {}
_SEALED: set[str] = set()
_SUBJECT = re.compile(r"new|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def register_form(name: str, guard: Guard | None = None, *, is_sealed: bool = False) -> str:
    """Let a form autosave, where its ``guard`` agrees; return its name, for use as a constant.

    Of a sealed form the database must not tell who types; its guard, and no count of rows, limits what is kept.
    """
    _FORMS[name] = guard
    if is_sealed:
        _SEALED.add(name)
    return name


def is_sealed(form_name: str) -> bool:
    """Return whether nobody may learn who fills this form in."""
    return form_name in _SEALED


def is_known(form_name: str, subject: str) -> bool:
    """Return whether a draft of this form about this subject may be kept; a subject is an id or ``new``."""
    return form_name in _FORMS and _SUBJECT.fullmatch(subject) is not None


def may_keep(session: Session, actor: Actor, form_name: str, subject: str) -> bool:
    """Ask the guard of a known form; a form without one keeps everything."""
    guard = _FORMS[form_name]
    return guard is None or guard(session, actor, subject)
