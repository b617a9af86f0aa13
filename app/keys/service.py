"""Making, using and retiring keys, and fixing who holds those of a competition."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from app.accounts.models import Membership, Role, User
from app.audit import service as audit
from app.core.actor import MemberRole, StaffRole
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.keys import crypto, policy
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose
from app.keys.rules import MAX_FAILURES, OWNER, flaw_of
from app.keys.workflow import KEY_WORKFLOW, KeyEvent, KeyState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

REST = dt.timedelta(minutes=15)
MISSING = "There is no such key."


def make_key(
    session: Session, *, actor: Actor, passphrase: str, now: dt.datetime, cost: crypto.Cost = crypto.STANDARD_COST
) -> KeyHolder:
    """Give the actor a pair of keys. Raises NotAllowed, RuleViolation (passphrase) or Conflict (has one already)."""
    policy.can_hold(actor).enforce()
    _check(passphrase, actor)
    role = policy.role_of(actor)
    organization_id = actor.organization_id if role == OWNER else None
    taken = [KeyHolder.user_id == actor.user_id]
    if organization_id is not None:
        taken.append(KeyHolder.organization_id == organization_id)
    if session.scalar(select(KeyHolder.id).where(or_(*taken), KeyHolder.state == KeyState.ACTIVE)) is not None:
        raise Conflict("You have a key already, or a colleague holds that of your company.", code="key_exists")
    public, private = crypto.new_pair()
    holder = KeyHolder(
        user_id=actor.user_id,
        organization_id=organization_id,
        role=role,
        city_code=actor.city_code if role == StaffRole.PREFECTURE_AUTHORITY else "",
        public_key=public,
        created_at=now,
    )
    _lock(holder, private, passphrase, cost)
    session.add(holder)
    session.flush()
    audit.record(session, actor, "key.make", "key", holder.id, label=actor.name, role=role)
    return holder


def try_passphrase(
    session: Session, *, actor: Actor, holder_id: uuid.UUID, passphrase: str, now: dt.datetime
) -> bytes | None:
    """Return the private key, or None for a wrong passphrase, which is counted: commit either way.

    Raises NotFound, NotAllowed or Conflict while the key rests after too many failures.
    """
    holder = lock_holder(session, actor, holder_id)
    if holder.locked_until is not None and holder.locked_until > now:
        raise Conflict("Too many wrong passphrases. Wait a quarter of an hour.", code="key_rests")
    try:
        private = _unlock(holder, passphrase)
    except crypto.CannotOpen:
        holder.failures += 1
        if holder.failures >= MAX_FAILURES:
            holder.failures, holder.locked_until = 0, now + REST
        audit.record(session, actor, "key.refuse", "key", holder.id, label=actor.name)
        session.flush()
        return None
    holder.failures, holder.locked_until = 0, None
    session.flush()
    return private


def change_passphrase(
    session: Session,
    *,
    actor: Actor,
    holder_id: uuid.UUID,
    private: bytes,
    passphrase: str,
    cost: crypto.Cost = crypto.STANDARD_COST,
) -> KeyHolder:
    """Lock a private key, just opened with the old passphrase, with another one. Raises RuleViolation, NotFound."""
    _check(passphrase, actor)
    holder = lock_holder(session, actor, holder_id)
    _lock(holder, private, passphrase, cost)
    session.flush()
    audit.record(session, actor, "key.change_passphrase", "key", holder.id, label=actor.name)
    return holder


def retire_key(session: Session, *, actor: Actor, holder_id: uuid.UUID, now: dt.datetime) -> KeyHolder:
    """Let no further competition rely on a key. Raises NotFound, NotAllowed or Conflict (retired already)."""
    holder = lock_holder(session, actor, holder_id)
    holder.state = KEY_WORKFLOW.step(holder.state, KeyEvent.RETIRE)
    holder.retired_at = now
    session.flush()
    audit.record(session, actor, "key.retire", "key", holder.id, label=actor.name)
    return holder


def lock_holder(session: Session, actor: Actor, holder_id: uuid.UUID) -> KeyHolder:
    """Load one of the actor's own keys FOR UPDATE. Raises NotFound: whose the others are is not told here."""
    query = select(KeyHolder).where(KeyHolder.id == holder_id)
    holder = lock_one(session, query, of=[KeyHolder], missing=MISSING, code="key_not_found")
    if not policy.can_use(actor, user_id=holder.user_id):
        raise NotFound(MISSING, code="key_not_found")
    return holder


def freeze_holders(
    session: Session,
    *,
    challenge_id: uuid.UUID,
    owner_id: uuid.UUID,
    threshold: int,
    viewer_role: str,
    now: dt.datetime,
) -> int:
    """Fix who will open the bids of a challenge; return how many those are.

    ``owner_id`` is the company that poses it, whose own key counts as a further one; ``viewer_role`` names those
    who may read bids before the deadline, empty: nobody. Raises RuleViolation when there are too few holders.
    """
    openers, viewers = _active(session, owner_id), _viewers(session, viewer_role)
    needed = max(threshold, 2)
    if len(openers) < needed:
        raise RuleViolation(
            "Too few people hold a key to open bids later, so this cannot be published yet. Let further holders make "
            "their keys first: each of them does it under “My key”.",
            code="too_few_holders",
        )
    frozen = [(holder, Purpose.OPEN) for holder in openers] + [(holder, Purpose.VIEW) for holder in viewers]
    session.add_all(
        ChallengeKeyHolder(
            challenge_id=challenge_id, holder_id=holder.id, purpose=purpose, threshold=needed, created_at=now
        )
        for holder, purpose in frozen
    )
    session.flush()
    return len(openers)


def _active(session: Session, owner_id: uuid.UUID) -> Sequence[KeyHolder]:
    """Lock the keys that would open, so that none of them is retired meanwhile."""
    query = (
        select(KeyHolder)
        .where(
            KeyHolder.state == KeyState.ACTIVE,
            or_(
                and_(KeyHolder.role.in_([role.value for role in policy.OPENERS]), _is_in_office()),
                and_(KeyHolder.organization_id == owner_id, _is_member()),
            ),
        )
        .order_by(KeyHolder.created_at, KeyHolder.id)
    )
    return session.scalars(query.with_for_update(read=True)).all()


def _viewers(session: Session, role: str) -> Sequence[KeyHolder]:
    query = select(KeyHolder).where(KeyHolder.state == KeyState.ACTIVE, KeyHolder.role == role, _is_in_office())
    return session.scalars(query.order_by(KeyHolder.id).with_for_update(read=True)).all() if role else ()


def _is_in_office() -> ColumnElement[bool]:
    """Return the condition of keys whose holders still work where they held them: whoever left can open nothing."""
    return KeyHolder.user.has(and_(User.active.is_(True), User.roles.any(Role.name == KeyHolder.role)))


def _is_member() -> ColumnElement[bool]:
    owns = User.membership.has(
        and_(Membership.organization_id == KeyHolder.organization_id, Membership.role == MemberRole.OWNER)
    )
    return KeyHolder.user.has(and_(User.active.is_(True), owns))


def _check(passphrase: str, actor: Actor) -> None:
    flaw = flaw_of(passphrase, actor.name, actor.email, actor.organization_name)
    if flaw:
        raise RuleViolation(flaw, code="weak_passphrase", field="passphrase")


def _lock(holder: KeyHolder, private: bytes, passphrase: str, cost: crypto.Cost) -> None:
    salt = os.urandom(crypto.SALT_BYTES)
    holder.kdf = {"salt": salt.hex(), "n": cost.n, "r": cost.r, "p": cost.p}
    holder.private_box = crypto.lock_private(private, passphrase, salt=salt, cost=cost)


def _unlock(holder: KeyHolder, passphrase: str) -> bytes:
    told = holder.kdf
    cost = crypto.Cost(n=told["n"], r=told["r"], p=told["p"])
    return crypto.unlock_private(holder.private_box, passphrase, salt=bytes.fromhex(told["salt"]), cost=cost)
