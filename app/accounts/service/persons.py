"""People's own data, and the people of the authority."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.models import Role, User
from app.audit import service as audit
from app.core.actor import SYSTEM, StaffRole
from app.core.locking import lock_one

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.accounts.commands import SaveSettings
    from app.core.actor import Actor


def save_settings(session: Session, *, actor: Actor, command: SaveSettings) -> User:
    """Change what the actor says of themselves. Raises NotFound without a person."""
    query = select(User).where(User.id == actor.user_id)
    user = lock_one(session, query, of=[User], missing="There is no such account.")
    before = (user.name, user.post, user.mobile, user.locale)
    user.name, user.post, user.mobile, user.locale = (
        command.name,
        command.post,
        command.mobile,
        command.locale,
    )
    after = (user.name, user.post, user.mobile, user.locale)
    changed = [n for n, old, new in zip(("name", "post", "mobile", "locale"), before, after, strict=True) if old != new]
    audit.record(session, actor, "user.save", "user", user.id, label=user.name, fields=changed)
    return user


def make_administrator(session: Session, *, email: str, name: str, password_hash: str, now: dt.datetime) -> User:
    """Give a person, new or known, the authority's role and this password; the address counts as confirmed.

    ``email`` is normalised; ``password_hash`` comes from Flask-Security's ``hash_password``.
    """
    user = session.scalars(select(User).where(User.email == email)).unique().one_or_none()
    if user is None:
        user = User(id=uuid.uuid4(), email=email, name=name, active=True, created_at=now, roles=[])
        session.add(user)
    user.name = name or user.name
    user.password, user.fs_uniquifier = password_hash, uuid.uuid4().hex
    user.confirmed_at = user.confirmed_at or now
    user.failed_logins, user.locked_until = 0, None
    role = _role(session, StaffRole.PROVINCIAL_AUTHORITY)
    if role not in user.roles:
        user.roles.append(role)
    session.flush()
    audit.record(session, SYSTEM, "user.make_administrator", "user", user.id, label=user.name)
    return user


def set_password(session: Session, *, email: str, password_hash: str) -> User:
    """Give a known person another password and end the sessions of the old one. Raises NotFound."""
    query = select(User).where(User.email == email)
    user = lock_one(session, query, of=[User], missing="There is no such account.")
    user.password, user.fs_uniquifier = password_hash, uuid.uuid4().hex
    user.failed_logins, user.locked_until = 0, None
    audit.record(session, SYSTEM, "user.set_password", "user", user.id, label=user.name)
    return user


def _role(session: Session, name: StaffRole) -> Role:
    role = session.scalars(select(Role).where(Role.name == name)).one_or_none()
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role
