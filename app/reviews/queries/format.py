"""The format check of one bid: the list, what the portal has found itself, and what its firm sees of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.bids.models import Bid, BidFile
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.reviews import policy
from app.reviews.commands import ItemResult
from app.reviews.models import FormatCheck
from app.reviews.rules import ITEMS
from app.reviews.workflow import FormatState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such bid."


@dataclass(frozen=True, slots=True)
class Found:
    """What the portal found about an item: None where a person must look; ``n`` of ``of`` where it counted."""

    is_ok: bool | None
    n: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class CheckView:
    """A format check with the facts about its bid that need no reading of the bid."""

    bid_id: uuid.UUID
    challenge_id: uuid.UUID
    challenge_title: str
    firm: str
    bid_state: BidState
    state: FormatState
    items: tuple[ItemResult, ...]
    found: Mapping[str, Found]
    files: tuple[tuple[str, uuid.UUID], ...]
    sealed_at: dt.datetime | None
    version: int | None
    prepared_by: uuid.UUID | None
    prepared_by_name: str
    prepared_at: dt.datetime | None
    correction_due_at: dt.datetime | None
    correction_asked_at: dt.datetime | None
    correction: str
    corrected_at: dt.datetime | None
    correction_file: tuple[uuid.UUID, str] | None
    signed_by_name: str
    signed_at: dt.datetime | None
    opinion: str
    notes: tuple[ItemResult, ...] = field(default=())
    """The items that are not in order."""


def check_page(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> CheckView:
    """Return the format check of an opened bid for the desk, in at most seven queries; raise NotFound."""
    policy.can_read_reviews(actor).enforce()
    return _view(session, _load(session, bid_id))


def own_check(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> CheckView:
    """Return the format check of one of the actor's own bids, its findings once they concern the firm.

    Raises NotFound for bids of others and before the opening.
    """
    bid = _load(session, bid_id)
    if not policy.can_read_own_result(actor, organization_id=bid.organization_id):
        raise NotFound(MISSING, code="bid_not_found")
    view = _view(session, bid)
    is_told = view.correction_asked_at is not None or view.signed_at is not None
    return view if is_told else replace(view, notes=(), opinion="")


def waiting_corrections(session: Session, *, actor: Actor) -> list[tuple[uuid.UUID, str, dt.datetime | None]]:
    """Return the actor's bids that wait for a correction: id, title of the challenge, until when."""
    query = (
        select(Bid.id, Challenge.title, FormatCheck.correction_due_at)
        .join(FormatCheck, FormatCheck.bid_id == Bid.id)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(Bid.organization_id == actor.organization_id, FormatCheck.state == FormatState.CORRECTING)
        .order_by(FormatCheck.correction_due_at)
    )
    return [(bid_id, title, due_at) for bid_id, title, due_at in session.execute(query)]


def _load(session: Session, bid_id: uuid.UUID) -> Bid:
    query = (
        select(Bid)
        .where(Bid.id == bid_id, Bid.organization_id.is_not(None))
        .options(
            joinedload(Bid.organization),
            joinedload(Bid.challenge, innerjoin=True).options(
                selectinload(Challenge.kpis), joinedload(Challenge.programme)
            ),
            selectinload(Bid.commitments),
            selectinload(Bid.files).joinedload(BidFile.file),
        )
    )
    bid = session.scalars(query).unique().one_or_none()
    if bid is None:
        raise NotFound(MISSING, code="bid_not_found")
    return bid


def _view(session: Session, bid: Bid) -> CheckView:
    query = select(FormatCheck).where(FormatCheck.bid_id == bid.id).options(joinedload(FormatCheck.correction_file))
    check = session.scalars(query).one_or_none() or FormatCheck(state=FormatState.CHECKING, items=[], correction="",
                                                                opinion="")  # fmt: skip
    names = _names(session, check)
    stored = {item["code"]: item for item in check.items}
    items = tuple(ItemResult(code, *_told(stored.get(code, {}))) for code in ITEMS)
    file = check.correction_file
    return CheckView(
        bid_id=bid.id,
        challenge_id=bid.challenge_id,
        challenge_title=bid.challenge.title,
        firm=bid.organization.legal_name_zh if bid.organization else "",
        bid_state=bid.state,
        state=check.state,
        items=items,
        found=dict(_found(bid)),
        files=tuple(sorted((annex.file.filename, annex.file_id) for annex in bid.files)),
        sealed_at=bid.sealed_at,
        version=check.version,
        prepared_by=check.prepared_by,
        prepared_by_name=names.get(check.prepared_by, ""),
        prepared_at=check.prepared_at,
        correction_due_at=check.correction_due_at,
        correction_asked_at=check.correction_asked_at,
        correction=check.correction,
        corrected_at=check.corrected_at,
        correction_file=(file.id, file.filename) if file else None,
        signed_by_name=names.get(check.signed_by, ""),
        signed_at=check.signed_at,
        opinion=check.opinion,
        notes=tuple(item for item in items if item.verdict not in ("", "ok")),
    )


def _told(item: Mapping[str, Any]) -> tuple[str, str]:
    return str(item.get("verdict", "")), str(item.get("note", ""))


def _names(session: Session, check: FormatCheck) -> dict[uuid.UUID | None, str]:
    ids = [one for one in (check.prepared_by, check.signed_by) if one is not None]
    if not ids:
        return {}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).tuples().all())


def _found(bid: Bid) -> Iterator[tuple[str, Found]]:
    """Yield what can be found without reading: no price, no value, no text leaves this function."""
    challenge = bid.challenge
    deadline, programme = challenge.bid_deadline_at, challenge.programme
    yield "in_time", Found(bid.sealed_at is not None and deadline is not None and bid.sealed_at < deadline)
    yield "pledge", Found(bid.is_pledged)
    yield "identity", Found(bid.organization is not None and bid.organization.is_verified)
    n_members = len(bid.details.get("members", ()))
    yield "consortium", Found(n_members <= challenge.max_members, n_members, challenge.max_members)
    stated = {one.kpi_id for one in bid.commitments if one.committed}
    n_stated = sum(kpi.id in stated for kpi in challenge.kpis)
    yield "commitments", Found(n_stated == len(challenge.kpis), n_stated, len(challenge.kpis))
    reward = challenge.reward_total_wan
    is_free = reward is None or (programme is not None and programme.is_price_above_reward_allowed)
    price = bid.price_total_wan
    if bid.price_hash:
        yield "price", Found(is_ok=True, n=1)
    else:
        yield "price", Found(price is not None and (is_free or (reward is not None and price <= reward)))
    plan = bid.details.get("milestones", ())
    shares = sum(int(one.get("payment_percent") or one.get("percent") or 0) for one in plan)
    yield "plan", Found(len(plan) >= 2 and shares == 100, len(plan), shares)
    yield "documents", Found(None, len(bid.files))
