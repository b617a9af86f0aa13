"""Bids."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import fields
from decimal import Decimal
from typing import Any

import factory
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.bids import content, document, people
from app.bids.commands import Commitment, SaveBid
from app.bids.document import Content
from app.bids.models import Bid
from app.bids.receipt import new_code
from app.bids.workflow import BidState
from app.challenges.standing import rules_of
from app.keys.models import ChallengeKeyHolder
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory, current
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import freeze
from tests.support.clock import NOON

CODE = "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG"
"""The reopening code of every bid that a factory seals."""
UNOPENED = (BidState.DRAFT, BidState.SEALED, BidState.WITHDRAWN)
_COMMAND = {one.name for one in fields(SaveBid)} - {"milestones", "leader", "team", "contact", "avoid_experts"}


def one_for_each(challenge: Any) -> tuple[Commitment, ...]:
    """Return a commitment to the very target of every indicator."""
    return tuple(Commitment(kpi.id, committed=kpi.target, unit=kpi.unit) for kpi in challenge.kpis)


class BidFactory(Factory):
    """A complete draft; ``sealed`` for one that was submitted, another ``state`` for one that was opened.

    Whose it is stands in no column before the opening, but in the attribute ``firm``.
    """

    class Meta:
        model = Bid

    class Params:
        sealed = factory.Trait(state=BidState.SEALED)

    challenge = factory.SubFactory(ChallengeFactory)
    organization = factory.SubFactory(OrganizationFactory, chip=True)
    state = BidState.DRAFT
    created_by: Any = None
    sealed_at = factory.LazyAttribute(lambda one: None if one.state is BidState.DRAFT else NOON - dt.timedelta(hours=2))
    project_name, approach = "18串采样芯片攻关", "以已量产的14串产品为基础扩展通道。"
    price_total_wan, tech_readiness = Decimal(1200), 6
    supply_plan, ip_statement, is_pledged = "月产能200千颗", "自有知识产权", True
    commitments: Any = factory.LazyAttribute(lambda bid: one_for_each(bid.challenge))
    details: Any = factory.Dict({})

    @classmethod
    def _create(cls, model_class: type[Bid], *args: Any, **given: Any) -> Bid:
        firm, state = given.pop("organization"), given.pop("state")
        details = dict(given.pop("details"))
        command = SaveBid(
            **people.taken(details),
            **{name: given.pop(name) for name in _COMMAND & given.keys()},
            milestones=document.from_plan(details.pop("milestones", ())),
        )
        written = Content(firm.id, given.pop("created_by"), command, details)
        challenge, sealed_at = given.pop("challenge"), given.pop("sealed_at")
        bid = Bid(
            **{"id": uuid.uuid4(), "challenge_edition": challenge.edition, **given},
            challenge=challenge, challenge_id=challenge.id, commitments=[], files=[], shares=[],
        )  # fmt: skip
        content.begin(bid, firm.id, None)
        content.write(bid, written, NOON)
        _bring_to(bid, state, written, sealed_at)
        current().add(bid)
        current().flush()
        bid.firm = firm
        return bid


def _bring_to(bid: Bid, state: BidState, written: Content, sealed_at: dt.datetime | None) -> None:
    bid.state = state
    if state is BidState.DRAFT:
        return
    bid.sealed_at, bid.receipt_code = sealed_at, new_code()
    is_parted = rules_of(bid.challenge).has_price_envelope
    content.seal(bid, written, code=CODE, holders=_holders(bid), city_code="", is_parted=is_parted)
    if state is BidState.WITHDRAWN:
        content.destroy(bid, NOON)
    elif state not in UNOPENED:
        kpis = frozenset(kpi.id for kpi in bid.challenge.kpis)
        content.reveal(bid, content.unseal_with_code(bid, CODE), known_kpis=kpis, now=NOON)


def _holders(bid: Bid) -> list[ChallengeKeyHolder]:
    """Return the holders of the bid's challenge; three are made for one that has none."""
    query = sa.select(ChallengeKeyHolder).where(ChallengeKeyHolder.challenge_id == bid.challenge_id)
    query = query.options(joinedload(ChallengeKeyHolder.holder))
    if not (found := current().scalars(query).all()):
        freeze(bid.challenge)
        found = current().scalars(query).all()
    return list(found)
