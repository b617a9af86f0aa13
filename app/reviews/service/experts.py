"""The pool of experts: registered by the desk, kept up to date by themselves."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Role, User
from app.audit import service as audit
from app.core.actor import StaffRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.core.locking import lock_one
from app.mail.service import queue_mail
from app.reviews import policy
from app.reviews.criteria import SIDES
from app.reviews.models import Expert, ExpertTie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.commands import SaveExpert, SaveOwnProfile, Tie

MAX_TIES, MAX_LOAD, MIN_EXPERTISE = 30, 20, 10
NOT_AN_EXPERT = "There is no such expert."
WRONG_PEOPLE = frozenset(StaffRole) - {StaffRole.EXPERT}
"""Whoever works for the portal or watches over it judges no bids."""


def register_expert(session: Session, *, actor: Actor, command: SaveExpert, now: dt.datetime) -> Expert:
    """Add a person to the pool, with an account where there is none, and write to them.

    ``command.email`` is normalised. Raises NotAllowed, RuleViolation or Conflict (is an expert already).
    """
    policy.can_manage_experts(actor).enforce()
    _check(command.expertise, command.sides, command.ties, command.load_limit)
    user = session.scalars(select(User).where(User.email == command.email)).unique().one_or_none()
    is_new = user is None
    if user is None:
        user = User(
            id=uuid.uuid4(), email=command.email, name=command.name, fs_uniquifier=uuid.uuid4().hex,
            confirmed_at=now, created_at=now, roles=[],
        )  # fmt: skip
        session.add(user)
    elif session.scalar(select(Expert.id).where(Expert.user_id == user.id)) is not None:
        raise Conflict("This person is in the pool already.", code="expert_exists", field="email")
    _give_role(session, user)
    expert = Expert(user=user, ties=[], created_at=now)
    _fill(expert, command)
    session.add(expert)
    session.flush()
    audit.record(session, actor, "expert.register", "expert", expert.id, label=user.name, sides=expert.sides)
    _write(session, user, is_new=is_new, now=now)
    return expert


def save_expert(
    session: Session, *, actor: Actor, expert_id: uuid.UUID, command: SaveExpert, now: dt.datetime
) -> Expert:
    """Change the desk's record of an expert. Raises NotFound, NotAllowed, RuleViolation or Conflict (stale)."""
    policy.can_manage_experts(actor).enforce()
    _check(command.expertise, command.sides, command.ties, command.load_limit)
    expert = _lock(session, Expert.id == expert_id)
    _check_version(expert, command.version)
    if command.name:
        expert.user.name = command.name
    _fill(expert, command)
    expert.updated_at = now
    session.flush()
    audit.record(session, actor, "expert.edit", "expert", expert.id, label=expert.user.name, sides=expert.sides)
    return expert


def save_own_profile(session: Session, *, actor: Actor, command: SaveOwnProfile, now: dt.datetime) -> Expert:
    """Let experts state what they know, whom they are bound to, and that all of it is right today.

    Raises NotFound, RuleViolation or Conflict (stale).
    """
    expert = _lock(session, Expert.user_id == actor.user_id)
    _check(command.expertise, expert.sides, command.ties, expert.load_limit)
    _check_version(expert, command.version)
    expert.expertise, expert.is_available = command.expertise, command.is_available
    expert.ties = _ties(command.ties)
    expert.confirmed_at = expert.updated_at = now
    session.flush()
    audit.record(session, actor, "expert.confirm", "expert", expert.id, label=expert.user.name)
    return expert


def _lock(session: Session, condition: object) -> Expert:
    query = select(Expert).where(condition)  # type: ignore[arg-type]  # a comparison of columns
    options = joinedload(Expert.user, innerjoin=True), selectinload(Expert.ties)
    return lock_one(session, query.options(*options), of=[Expert], missing=NOT_AN_EXPERT, code="expert_not_found")


def _check_version(expert: Expert, version: int | None) -> None:
    if version is not None and expert.version != version:
        raise Conflict(
            "Somebody has changed this record in the meantime. What you typed is still here: compare it with the "
            "current version before you save again.",
            code="stale",
        )


def _check(expertise: str, sides: Sequence[str], ties: Sequence[Tie], load_limit: int) -> None:
    if len(expertise) < MIN_EXPERTISE:
        raise RuleViolation("Describe the expertise in at least ten characters.", code="short", field="expertise")
    if not sides or not set(sides) <= set(SIDES):
        raise RuleViolation("Choose at least one kind of expertise.", code="no_side", field="sides")
    if not 0 <= load_limit <= MAX_LOAD:
        raise RuleViolation("An expert sits on at most 20 panels at a time.", code="load", field="load_limit")
    if len(ties) > MAX_TIES:
        raise RuleViolation("List at most 30 employers and interests.", code="too_many", field="ties")
    if any(tie.since and tie.until and tie.since > tie.until for tie in ties):
        raise RuleViolation("A period must not end before it begins.", code="order", field="ties")


def _fill(expert: Expert, command: SaveExpert) -> None:
    expert.expertise, expert.sides = command.expertise, list(command.sides)
    expert.categories, expert.load_limit = list(command.categories), command.load_limit
    expert.is_available, expert.ties = command.is_available, _ties(command.ties)


def _ties(ties: Sequence[Tie]) -> list[ExpertTie]:
    return [
        ExpertTie(position=place, kind=tie.kind, name=tie.name, uscc=tie.uscc, since=tie.since, until=tie.until)
        for place, tie in enumerate(ties)
    ]


def _give_role(session: Session, user: User) -> None:
    held = {role.name for role in user.roles}
    if held & WRONG_PEOPLE:
        raise NotAllowed("Whoever works for the authority, the operator or the supervision judges no bids.",
                         code="staff")  # fmt: skip
    if StaffRole.EXPERT not in held:
        role = session.scalars(select(Role).where(Role.name == StaffRole.EXPERT)).one_or_none()
        user.roles.append(role or Role(name=StaffRole.EXPERT))


def _write(session: Session, user: User, *, is_new: bool, now: dt.datetime) -> None:
    queue_mail(
        session,
        template="expert_registered",
        user_id=user.id,
        recipient=user.email,
        locale=user.locale,
        dedupe_key=f"expert_registered:{user.id}",
        context={"name": user.name, "is_new": is_new},
        now=now,
    )


def expert_of(session: Session, actor: Actor) -> Expert:
    """Return the actor's record with its ties; raise NotFound for everybody else."""
    query = select(Expert).where(Expert.user_id == actor.user_id)
    expert = session.scalars(query.options(joinedload(Expert.user), selectinload(Expert.ties))).one_or_none()
    if expert is None:
        raise NotFound(NOT_AN_EXPERT, code="expert_not_found")
    return expert
