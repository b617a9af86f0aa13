"""The authority keeps the categories: other names, and one category in place of another.

What ships stays as it is; a change is a row laid over it, and a job lets every process, the search index and the model
know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import OrganizationCategory
from app.audit import service as audit
from app.catalog.models import ChipProduct
from app.catalog.service.save import chain_tag
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.core.upsert import insert_into
from app.demands.models import Need, NeedCategory
from app.matchmaking import policy
from app.matchmaking.models import CategoryChange, LexiconEntry
from app.outbox.service import publish
from app.taxonomy.knowledge import Knowledge, Taught
from matching.taxonomy import Changes, shipped_categories

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from typing import Any

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import RenameCategory
    from matching.taxonomy import Category

MAX_NAME = 60


def rename_category(
    session: Session, *, actor: Actor, code: str, command: RenameCategory, now: dt.datetime
) -> CategoryChange:
    """Give a category other names, or those that ship again.

    Raises NotFound, NotAllowed, Conflict (changed meanwhile, or merged) or RuleViolation.
    """
    author, shipped = _author(actor), _shipped(code)
    change = _lock(session, code, author=author, now=now)[code]
    if command.version is not None and command.version != change.version:
        raise Conflict("Somebody else has changed this category meanwhile.", code="changed_meanwhile")
    if change.merged_into:
        raise Conflict("This category was merged into another one.", code="merged")
    zh, en = command.zh.strip(), command.en.strip()
    _check_names(session, code, zh, en)
    is_shipped = (zh, en) == (shipped.zh, shipped.en)
    before = [change.zh or shipped.zh, change.en or shipped.en]
    change.zh, change.en = ("", "") if is_shipped else (zh, en)
    _touch(change, author, now)
    after = [zh or shipped.zh, en or shipped.en]
    audit.record(session, actor, "taxonomy.rename", "category", None, label=code, before=before, after=after)
    _publish(session, actor, code, now)
    return change


def merge_category(session: Session, *, actor: Actor, code: str, into: str, now: dt.datetime) -> dict[str, int]:
    """Let one category take the place of another, everywhere; return how many things moved, by kind.

    Raises NotFound, NotAllowed, Conflict (merged already) or RuleViolation.
    """
    author, shipped = _author(actor), _shipped(code)
    target = {**shipped_categories("C"), **shipped_categories("T")}.get(into)
    if target is None or not target.parent or not shipped.parent or target.code[0] != code[0]:
        raise RuleViolation("Choose a category of the second level and of the same kind.", code="into", field="into")
    if into == code:
        raise RuleViolation("A category cannot take its own place.", code="into", field="into")
    changes = _lock(session, code, into, author=author, now=now)
    if changes[code].merged_into:
        raise Conflict("This category was merged into another one.", code="merged")
    if changes[into].merged_into:
        raise RuleViolation("That category was merged into another one itself.", code="into", field="into")
    changes[code].merged_into = into
    _touch(changes[code], author, now)
    followers = sa.update(CategoryChange).where(CategoryChange.merged_into == code)
    session.execute(followers.values(merged_into=into, version=CategoryChange.version + 1))
    moved = move(session, code, into)
    audit.record(session, actor, "taxonomy.merge", "category", None, label=code, into=into, moved=moved)
    _publish(session, actor, into, now)
    return moved


def restore_category(session: Session, *, actor: Actor, code: str, now: dt.datetime) -> None:
    """Let a merged category be chosen again; what has moved stays where it is.

    Raises NotFound, NotAllowed or Conflict (not merged).
    """
    author = _author(actor)
    _shipped(code)
    change = _lock(session, code, author=author, now=now)[code]
    if not change.merged_into:
        raise Conflict("This category is not merged.", code="not_merged")
    before, change.merged_into = change.merged_into, ""
    _touch(change, author, now)
    audit.record(session, actor, "taxonomy.restore", "category", None, label=code, before=before)
    _publish(session, actor, code, now)


def move(session: Session, code: str, into: str) -> dict[str, int]:
    """Put everything that names a category under another; return how many rows of each kind did."""
    moved = {
        "products": _update(
            session, ChipProduct.category, code, into, version=ChipProduct.version + 1, chain_tag=chain_tag(into)
        ),
        "needs": _move_links(session, NeedCategory.need_id, NeedCategory.code, code, into)
        + _update(session, Need.terminal_category, code, into),
        "companies": _move_links(session, OrganizationCategory.organization_id, OrganizationCategory.code, code, into),
        "words": _update(session, LexiconEntry.code, code, into, version=LexiconEntry.version + 1),
    }
    session.expire_all()
    return moved


def load_knowledge(session: Session) -> Knowledge:
    """Return everything the desk taught, as every process needs it."""
    changes = session.scalars(sa.select(CategoryChange).order_by(CategoryChange.code)).all()
    words = session.scalars(sa.select(LexiconEntry).order_by(LexiconEntry.created_at, LexiconEntry.id))
    return Knowledge(
        Changes(
            {change.code: (change.zh, change.en) for change in changes if change.zh},
            {change.code: change.merged_into for change in changes if change.merged_into},
        ),
        tuple(Taught(tuple(one.zh.splitlines()), tuple(one.en.splitlines()), one.code) for one in words),
    )


def _author(actor: Actor) -> uuid.UUID:
    policy.can_edit_taxonomy(actor).enforce()
    if actor.user_id is None:
        raise NotAllowed("Only the authority changes categories.", code="not_allowed")
    return actor.user_id


def _shipped(code: str) -> Category:
    found = {**shipped_categories("C"), **shipped_categories("T")}.get(code)
    if found is None:
        raise NotFound("There is no such category.", code="category_not_found")
    return found


def _lock(session: Session, *codes: str, author: uuid.UUID, now: dt.datetime) -> dict[str, CategoryChange]:
    """Return the changes of these categories FOR UPDATE, made first where there is none; always in one order."""
    rows = [
        {"code": code, "zh": "", "en": "", "merged_into": "", "updated_by": author, "updated_at": now, "version": 1}
        for code in sorted(codes)
    ]
    session.execute(insert_into(session, CategoryChange).values(rows).on_conflict_do_nothing())
    query = sa.select(CategoryChange).where(CategoryChange.code.in_(codes)).order_by(CategoryChange.code)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return {change.code: change for change in session.scalars(fresh)}


def _check_names(session: Session, code: str, zh: str, en: str) -> None:
    """Raise RuleViolation unless both names are given, short and nobody else's, or neither is."""
    if bool(zh) != bool(en):
        raise RuleViolation("Give both names, or leave both empty.", code="names", field="en" if zh else "zh")
    for field, name in (("zh", zh), ("en", en)):
        if len(name) > MAX_NAME:
            raise RuleViolation("At most 60 characters.", code="names", field=field)
    renamed = {row.code: (row.zh, row.en) for row in session.scalars(sa.select(CategoryChange)) if row.zh}
    for other in shipped_categories(code[0]).values():
        if zh and other.code != code and bool(other.parent) == (len(code) > 3):
            taken = renamed.get(other.code, (other.zh, other.en))
            for field, name, theirs in (("zh", zh, taken[0]), ("en", en, taken[1])):
                if name.casefold() == theirs.casefold():
                    raise RuleViolation("Another category has this name.", code="names", field=field)


def _touch(change: CategoryChange, author: uuid.UUID, now: dt.datetime) -> None:
    change.updated_by, change.updated_at = author, now


def _update(session: Session, column: Any, code: str, into: str, **values: Any) -> int:
    statement = sa.update(column.class_).where(column == code).values({column.key: into, **values})
    found = session.execute(statement.execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]  # of an UPDATE


def _move_links(session: Session, owner: Any, column: Any, code: str, into: str) -> int:
    """Move the rows of a table whose key is (owner, code); whoever has both loses the old one."""
    has_both = sa.select(owner).where(column == into)
    both = sa.delete(column.class_).where(column == code, owner.in_(has_both))
    n_dropped = session.execute(both.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
    return int(n_dropped) + _update(session, column, code, into)


def _publish(session: Session, actor: Actor, code: str, now: dt.datetime) -> None:
    """Queue what lets everybody know: first the names and the index, then a fit of the model."""
    publish(session, "taxonomy.apply", now=now, key=f"taxonomy.apply:{code}", code=code)
    publish(
        session, "matching.recompute", now=now, key="matching.recompute", trigger="taxonomy",
        requested_by=str(actor.user_id),
    )  # fmt: skip


__all__ = ["load_knowledge", "merge_category", "move", "rename_category", "restore_category"]
