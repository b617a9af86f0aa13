"""The authority keeps the categories: other names, and one category in place of another.

What ships stays as it is; a change is a row laid over it, and a job lets every process, the search index and the model
know. New categories: ``additions``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import OrganizationCategory
from app.audit import service as audit
from app.catalog.models import ChipProduct
from app.catalog.service.save import chain_tag
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.core.upsert import insert_into
from app.demands.models import Need, NeedCategory
from app.matchmaking import policy
from app.matchmaking.categories import KINDS, categories_of, category_of, check_names, checked_keys
from app.matchmaking.models import CategoryChange, LexiconEntry
from app.outbox.service import publish
from app.taxonomy.knowledge import Knowledge, Taught
from matching.taxonomy import Changes

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from typing import Any

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import RenameCategory

LOCK = 0x7461786F
"""Number of the advisory lock: "taxo"."""


def rename_category(
    session: Session, *, actor: Actor, code: str, command: RenameCategory, now: dt.datetime
) -> CategoryChange:
    """Give a category other names, or those that ship again; and other parameters, if it was added.

    Raises NotFound, NotAllowed, Conflict (changed meanwhile, merged or withdrawn) or RuleViolation.
    """
    author = author_of(actor)
    hold_names(session)
    category = category_of(session, code)
    change = lock_changes(session, code, author=author, now=now)[code]
    if command.version is not None and command.version != change.version:
        raise Conflict("Somebody else has changed this category meanwhile.", code="changed_meanwhile")
    refuse_if_gone(change)
    zh, en = " ".join(command.zh.split()), " ".join(command.en.split())
    check_names(categories_of(session, code[0]), code, zh, en)
    before = [category.zh, category.en]
    if category.shipped is None:
        if not zh:
            raise RuleViolation("Write the name.", code="names", field="zh")
        change.keys = checked_keys(code, command.keys)
    is_shipped = category.shipped is not None and (zh, en) == (category.shipped.zh, category.shipped.en)
    change.zh, change.en = ("", "") if is_shipped else (zh, en)
    touch(change, author, now)
    after = [zh, en] if zh else [category.shipped.zh, category.shipped.en] if category.shipped else before
    audit.record(session, actor, "taxonomy.rename", "category", None, label=code, before=before, after=after)
    announce(session, actor, code, now)
    return change


def merge_category(session: Session, *, actor: Actor, code: str, into: str, now: dt.datetime) -> dict[str, int]:
    """Let one category take the place of another, everywhere; return how many things moved, by kind.

    Raises NotFound, NotAllowed, Conflict (merged already, or withdrawn) or RuleViolation.
    """
    author, category = author_of(actor), category_of(session, code)
    target = {one.code: one for one in categories_of(session, code[0])}.get(into)
    if target is None or not target.parent or not category.parent:
        raise RuleViolation("Choose a category of the second level and of the same kind.", code="into", field="into")
    if into == code:
        raise RuleViolation("A category cannot take its own place.", code="into", field="into")
    changes = lock_changes(session, code, into, author=author, now=now)
    refuse_if_gone(changes[code])
    if changes[into].merged_into:
        raise RuleViolation("That category was merged into another one itself.", code="into", field="into")
    if changes[into].withdrawn_at:
        raise RuleViolation("That category was withdrawn.", code="into", field="into")
    changes[code].merged_into = into
    touch(changes[code], author, now)
    followers = sa.update(CategoryChange).where(CategoryChange.merged_into == code)
    session.execute(followers.values(merged_into=into, version=CategoryChange.version + 1))
    moved = move(session, code, into)
    audit.record(session, actor, "taxonomy.merge", "category", None, label=code, into=into, moved=moved)
    announce(session, actor, into, now)
    return moved


def restore_category(session: Session, *, actor: Actor, code: str, now: dt.datetime) -> None:
    """Let a merged category be chosen again; what has moved stays where it is.

    Raises NotFound, NotAllowed or Conflict (not merged).
    """
    author = author_of(actor)
    category_of(session, code)
    change = lock_changes(session, code, author=author, now=now)[code]
    if not change.merged_into:
        raise Conflict("This category is not merged.", code="not_merged")
    before, change.merged_into = change.merged_into, ""
    touch(change, author, now)
    audit.record(session, actor, "taxonomy.restore", "category", None, label=code, before=before)
    announce(session, actor, code, now)


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
    own = [one for one in categories_of(session, *KINDS) if one.change]
    added = [one for one in own if one.is_added and not one.is_withdrawn]
    words = session.scalars(sa.select(LexiconEntry).order_by(LexiconEntry.created_at, LexiconEntry.id))
    return Knowledge(
        Changes(
            {one.code: (one.zh, one.en) for one in own if one.is_renamed},
            {one.code: one.merged_into for one in own if one.merged_into},
            {one.code: (one.zh, one.en) for one in added},
            {one.code: one.keys for one in added if one.keys},
            frozenset(one.code for one in own if one.is_withdrawn),
        ),
        tuple(Taught(tuple(one.zh.splitlines()), tuple(one.en.splitlines()), one.code) for one in words),
    )


def author_of(actor: Actor) -> uuid.UUID:
    """Return who changes categories. Raises NotAllowed."""
    policy.can_edit_taxonomy(actor).enforce()
    if actor.user_id is None:
        raise NotAllowed("Only the authority changes categories.", code="not_allowed")
    return actor.user_id


def hold_names(session: Session) -> None:
    """Let nobody else give names or codes before this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def lock_changes(session: Session, *codes: str, author: uuid.UUID, now: dt.datetime) -> dict[str, CategoryChange]:
    """Return the changes of these categories FOR UPDATE, made first where there is none; always in one order."""
    rows = [
        {"code": code, "zh": "", "en": "", "merged_into": "", "updated_by": author, "updated_at": now, "version": 1}
        for code in sorted(codes)
    ]
    session.execute(insert_into(session, CategoryChange).values(rows).on_conflict_do_nothing())
    query = sa.select(CategoryChange).where(CategoryChange.code.in_(codes)).order_by(CategoryChange.code)
    fresh = query.with_for_update().execution_options(populate_existing=True)
    return {change.code: change for change in session.scalars(fresh)}


def refuse_if_gone(change: CategoryChange) -> None:
    """Raise Conflict for a category that nobody can choose any more."""
    if change.merged_into:
        raise Conflict("This category was merged into another one.", code="merged")
    if change.withdrawn_at:
        raise Conflict("This category was withdrawn.", code="withdrawn")


def touch(change: CategoryChange, author: uuid.UUID, now: dt.datetime) -> None:
    """Note who changed a category last."""
    change.updated_by, change.updated_at = author, now


def announce(session: Session, actor: Actor, code: str, now: dt.datetime) -> None:
    """Queue what lets everybody know: first the names and the index, then a fit of the model."""
    publish(session, "taxonomy.apply", now=now, key=f"taxonomy.apply:{code}", code=code)
    publish(
        session, "matching.recompute", now=now, key="matching.recompute", trigger="taxonomy",
        requested_by=str(actor.user_id) if actor.user_id else None,
    )  # fmt: skip


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


__all__ = [
    "announce", "author_of", "hold_names", "load_knowledge", "lock_changes", "merge_category", "move", "refuse_if_gone",
    "rename_category", "restore_category", "touch",
]  # fmt: skip
