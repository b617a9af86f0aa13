"""New categories of the second level, and taking back those that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.core.actor import SYSTEM
from app.core.errors import Conflict, RuleViolation
from app.matchmaking.categories import KINDS, categories_of, category_of, check_names, checked_keys, next_code
from app.matchmaking.models import CategoryChange
from app.matchmaking.service.taxonomy import announce, author_of, hold_names, lock_changes, refuse_if_gone, touch
from app.matchmaking.uses import Uses, n_records, uses

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import AddCategory


def add_category(session: Session, *, actor: Actor, command: AddCategory, now: dt.datetime) -> CategoryChange:
    """Add a category below one of the first level, under the next free code. Raises NotAllowed or RuleViolation."""
    author, parent = author_of(actor), command.parent
    hold_names(session)
    known = categories_of(session, parent[0]) if parent.startswith(KINDS) else []
    if not any(one.code == parent and not one.parent for one in known):
        raise RuleViolation("Choose a category of the first level.", code="parent", field="parent")
    code = next_code(parent, known)
    if code is None:
        raise RuleViolation("This category has no codes left for new ones.", code="parent", field="parent")
    zh, en = " ".join(command.zh.split()), " ".join(command.en.split())
    for field, name in (("zh", zh), ("en", en)):
        if not name:
            raise RuleViolation("Write the name.", code="names", field=field)
    check_names(known, code, zh, en)
    keys = checked_keys(code, command.keys)
    change = CategoryChange(code=code, zh=zh, en=en, keys=keys, updated_by=author, updated_at=now)
    session.add(change)
    session.flush()
    audit.record(
        session, actor, "taxonomy.add", "category", None, label=code, zh=zh, en=en, parameters=keys.splitlines()
    )
    announce(session, actor, code, now)
    return change


def withdraw_category(session: Session, *, actor: Actor, code: str, n_mentions: int, now: dt.datetime) -> None:
    """Take back an added category that nothing uses; its code is not given again.

    ``n_mentions``: how many things name it that this slice does not know of.
    Raises NotFound, NotAllowed or Conflict (ships, is used, merged or withdrawn already).
    """
    author = author_of(actor)
    if not category_of(session, code).is_added:
        raise Conflict("Only a category that was added here can be withdrawn.", code="shipped")
    change = lock_changes(session, code, author=author, now=now)[code]
    refuse_if_gone(change)
    if n_mentions or n_records(session, code) or uses(session).get(code, Uses()).total:
        raise Conflict("Something uses this category. Merge it into another one instead.", code="in_use")
    change.withdrawn_at = now
    touch(change, author, now)
    audit.record(session, actor, "taxonomy.withdraw", "category", None, label=code, zh=change.zh, en=change.en)
    announce(session, actor, code, now)


def return_used(session: Session, *, now: dt.datetime) -> list[str]:
    """Bring back withdrawn categories that somebody still chose from a form opened before; return their codes."""
    withdrawn = sa.select(CategoryChange).where(CategoryChange.withdrawn_at.is_not(None)).order_by(CategoryChange.code)
    gone = session.scalars(withdrawn.with_for_update().execution_options(populate_existing=True)).all()
    used = uses(session) if gone else {}
    back = [change for change in gone if change.code in used]
    for change in back:
        change.withdrawn_at, change.updated_at = None, now
        audit.record(session, SYSTEM, "taxonomy.relist", "category", None, label=change.code)
        announce(session, SYSTEM, change.code, now)
    return [change.code for change in back]
