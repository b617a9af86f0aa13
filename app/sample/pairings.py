"""Decisions and answers on the sample's suggestions, through the same services that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.accounts.models import Membership, User
from app.audit import service as audit
from app.core.actor import SYSTEM, Actor, MemberRole
from app.core.errors import DomainError
from app.matchmaking import service
from app.matchmaking.commands import DeclinePairing, RejectSuggestion, TakeStep
from app.matchmaking.embargo import embargo_of
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import PairingEvent, SuggestionState
from app.sample.people import DEMO_PEOPLE, officer_id
from app.sample.source import sample_id

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

N_APPROVED, N_REJECTED = 28, 4
"""Of the best suggestions; the rest waits in the queue."""
DEMO_MAKER = "ORG001"
INTRODUCED = 1
"""Place of the first pairing that both companies accept."""
MAKER, FIRM = 0, 1
BOTH = (MAKER, FIRM)
VOLUME = {"volume": "100k_1m"}
WAY: tuple[tuple[PairingEvent, tuple[int, ...], dict[str, Any]], ...] = (
    (PairingEvent.SIGN_NDA, BOTH, {"kind": "template", "reference": "", "is_authorised": True}),
    (PairingEvent.DISCLOSE, (MAKER,), {}),
    (PairingEvent.REQUEST_SAMPLE, (MAKER,), {"quantity": 20, "day": "", "purpose": "评估板两套，常温与高温各一轮。"}),
    (
        PairingEvent.SHIP_SAMPLE,
        (FIRM,),
        {"quantity": 20, "day": "", "lot": "B2611", "tracking": "", "engineer": "陈工 13800000000"},
    ),
    (PairingEvent.EVALUATE, (MAKER,), {"day": "", "plan": "先测精度与功耗，两周内给出结论。"}),
    (PairingEvent.DESIGN_IN, BOTH, VOLUME),
    (PairingEvent.PILOT, BOTH, VOLUME),
    (PairingEvent.MASS_PRODUCE, BOTH, VOLUME),
)
"""Event, who takes it, and what is said."""


def decide_some(session: Session, *, now: dt.datetime) -> int:
    """Let the sample's officer decide on some suggestions and companies answer a few; return how many pairings."""
    officer = _actor(session, officer_id())
    best = _suggestions(session)
    pairings = [
        service.approve_suggestion(session, actor=officer, suggestion_id=one, now=now) for one in best[:N_APPROVED]
    ]
    for one in best[N_APPROVED : N_APPROVED + N_REJECTED]:
        command = RejectSuggestion("thin_evidence", "样品数据尚不足以判断，待企业补充参数后再议。")
        service.reject_suggestion(session, actor=officer, suggestion_id=one, command=command, now=now)
    for place, pairing in enumerate(_ordered(pairings)):
        _answer(session, pairing, place, now)
    audit.record(session, SYSTEM, "sample.load", "sample", None, label="pairings")
    return len(pairings)


def _suggestions(session: Session) -> Sequence[uuid.UUID]:
    """Return the best suggestion of each need, those of the demo companies first, then by score."""
    demo = {sample_id(person.organization) for person in DEMO_PEOPLE if person.organization}
    query = (
        sa.select(Suggestion)
        .where(Suggestion.state == SuggestionState.SUGGESTED, Suggestion.rank <= 2)
        .options(joinedload(Suggestion.need, innerjoin=True))
        .order_by(Suggestion.score.desc(), Suggestion.id)
    )
    found = session.scalars(query).all()
    return [
        suggestion.id
        for suggestion in sorted(
            found,
            key=lambda one: (one.need.organization_id not in demo and one.supplier_id not in demo, one.rank),
        )
    ]


def _ordered(pairings: list[Pairing]) -> list[Pairing]:
    """Give the best pairing of the demo maker the first place that is introduced, whatever the model prefers."""
    maker = sample_id(DEMO_MAKER)
    own = [pairing for pairing in pairings if pairing.demand_id == maker][:1]
    others = [pairing for pairing in pairings if pairing not in own]
    return [*others[:INTRODUCED], *own, *others[INTRODUCED:]]


def _answer(session: Session, pairing: Pairing, place: int, now: dt.datetime) -> None:
    """Let every third pairing be accepted by its chip firm, every sixth by both, every ninth declined."""
    demand, supply = _owner(session, pairing.demand_id), _owner(session, pairing.supplier_id)
    if place % 9 == 8:
        command = DeclinePairing("price", "目标价与我们的成本差距较大。")
        service.decline_pairing(session, actor=supply, pairing_id=pairing.id, command=command, now=now)
        return
    if place % 3 == 1:
        service.accept_pairing(session, actor=supply, pairing_id=pairing.id, now=now)
    if place % 6 == INTRODUCED:
        service.accept_pairing(session, actor=demand, pairing_id=pairing.id, now=now)
        if embargo_of(session, pairing.demand_id, now=now) is None:
            _go_on(session, pairing, WAY[: place // 6 * 2], (demand, supply), now)


def _go_on(
    session: Session, pairing: Pairing, way: Sequence[Sequence[Any]], sides: tuple[Actor, Actor], now: dt.datetime
) -> None:
    """Take the first steps of the way from an introduction to mass production."""
    for event, takers, details in way:
        for taker in takers:
            dated = {**details, "day": now.date().isoformat()} if "day" in details else details
            command = TakeStep(event, dated)
            service.take_step(session, actor=sides[taker], pairing_id=pairing.id, command=command, now=now)


def _owner(session: Session, organization_id: uuid.UUID) -> Actor:
    owner = session.scalar(
        sa.select(Membership.user_id).where(
            Membership.organization_id == organization_id, Membership.role == MemberRole.OWNER
        )
    )
    if owner is None:
        raise DomainError("The sample's organisations have owners.", code="sample_owner")
    return _actor(session, owner)


def _actor(session: Session, user_id: uuid.UUID) -> Actor:
    return session.scalars(sa.select(User).where(User.id == user_id)).unique().one().as_actor()
