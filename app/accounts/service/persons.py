"""People's own data, and the people of the authority."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.models import Role, User
from app.audit import service as audit
from app.core.actor import DECIDING, SYSTEM, StaffRole
from app.core.errors import RuleViolation
from app.core.locking import lock_one
from app.taxonomy.places import guangdong_cities

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

    ``email`` is normalised; ``password_hash`` comes from Flask-Security's ``hash_password``. Raises RuleViolation for
    a person of a company.
    """
    user = _staff_member(session, email, name, password_hash, StaffRole.PROVINCIAL_AUTHORITY, now)
    audit.record(session, SYSTEM, "user.make_administrator", "user", user.id, label=user.name)
    return user


def make_staff(
    session: Session,
    *,
    email: str,
    name: str,
    role: StaffRole,
    city_code: str = "",
    password_hash: str,
    now: dt.datetime,
) -> User:
    """Give a person, new or known, a role outside of the companies and this password; the address is confirmed.

    Officers of a prefecture decide for one city of Guangdong; nobody else has one. Raises RuleViolation.
    """
    is_prefecture = role is StaffRole.PREFECTURE_AUTHORITY
    if is_prefecture and city_code not in guangdong_cities():
        raise RuleViolation("An officer of a prefecture needs a city of Guangdong.", code="city", field="city_code")
    if city_code and not is_prefecture:
        raise RuleViolation("Only officers of a prefecture have a city.", code="city", field="city_code")
    user = _staff_member(session, email, name, password_hash, role, now)
    if is_prefecture:
        user.city_code = city_code
    session.flush()
    audit.record(session, SYSTEM, "user.make_staff", "user", user.id, label=user.name, role=role, city=city_code)
    return user


def _staff_member(
    session: Session, email: str, name: str, password_hash: str, role: StaffRole, now: dt.datetime
) -> User:
    user = session.scalars(select(User).where(User.email == email)).unique().one_or_none()
    if user is None:
        user = User(id=uuid.uuid4(), email=email, name=name, active=True, created_at=now, roles=[])
        session.add(user)
    elif role in DECIDING and user.membership is not None:
        raise RuleViolation(
            "This person belongs to a company. Whoever decides for the authority belongs to none.", code="two_hats"
        )
    user.name = name or user.name
    user.password, user.fs_uniquifier = password_hash, uuid.uuid4().hex
    user.confirmed_at = user.confirmed_at or now
    user.failed_logins, user.locked_until = 0, None
    held = _role(session, role)
    if held not in user.roles:
        user.roles.append(held)
    session.flush()
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
