"""Beginning and saving a bid."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.bids import service
from app.bids.commands import Commitment, Contact, SaveBid
from app.bids.content import filled, read
from app.bids.models import Bid
from app.bids.ownership import bidder_of
from app.bids.workflow import BidState
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.bids import CODE
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.bidding import PLAN, complete_bid, content_of, open_challenge
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def editor(firm: Any = None, role: MemberRole = MemberRole.EDITOR) -> Actor:
    actor: Actor = UserFactory(organization=firm or OrganizationFactory(chip=True), role=role).as_actor()
    return actor


def test_a_firm_begins_a_draft_for_the_edition_it_reads(session: Session) -> None:
    actor, challenge = editor(), open_challenge(edition=3)

    bid = service.create_bid(session, actor=actor, challenge_id=challenge.id, now=NOON)

    assert (bid.state, bid.organization_id, bid.challenge_edition) == (BidState.DRAFT, None, 3)
    assert read(bid).organization_id == actor.organization_id
    assert bidder_of(actor, bid) == actor.organization_id
    assert bidder_of(editor(), bid) is None


def test_whoever_begins_a_bid_is_proposed_as_its_contact(session: Session) -> None:
    actor = editor()

    bid = service.create_bid(session, actor=actor, challenge_id=open_challenge().id, now=NOON)

    assert read(bid).command.contact == Contact(name=actor.name, email=actor.email)


def test_a_firm_has_one_bid_for_a_challenge(session: Session) -> None:
    actor, challenge = editor(), open_challenge()
    service.create_bid(session, actor=actor, challenge_id=challenge.id, now=NOON)

    with pytest.raises(Conflict, match="already has a bid"):
        service.create_bid(session, actor=actor, challenge_id=challenge.id, now=NOON)


def test_after_withdrawing_a_firm_may_begin_again(session: Session) -> None:
    bid = complete_bid()
    actor = editor(bid.firm)
    service.withdraw_bid(session, actor=actor, bid_id=bid.id, now=NOON)

    again = service.create_bid(session, actor=actor, challenge_id=bid.challenge_id, now=NOON)

    assert again.id != bid.id


def test_nobody_bids_for_an_own_challenge(session: Session) -> None:
    firm = OrganizationFactory()
    challenge = open_challenge(organization=firm)

    with pytest.raises(NotAllowed, match="own company"):
        service.create_bid(session, actor=editor(firm), challenge_id=challenge.id, now=NOON)


@pytest.mark.parametrize(
    ("firm", "role"),
    [
        ({"chip": True, "unverified": True}, MemberRole.OWNER),
        ({"terminal": True}, MemberRole.OWNER),
        ({"chip": True}, MemberRole.VIEWER),
    ],
)
def test_who_may_not_bid_begins_nothing(session: Session, firm: dict[str, bool], role: MemberRole) -> None:
    challenge = open_challenge()

    with pytest.raises(NotAllowed):
        service.create_bid(
            session, actor=editor(OrganizationFactory(**firm), role), challenge_id=challenge.id, now=NOON
        )

    assert session.scalar(select(func.count()).select_from(Bid)) == 0


@pytest.mark.parametrize("trait", ["draft", "submitted"])
def test_a_challenge_that_is_not_public_does_not_exist_for_bidders(session: Session, trait: str) -> None:
    challenge = ChallengeFactory(**{trait: True})

    with pytest.raises(NotFound):
        service.create_bid(session, actor=editor(), challenge_id=challenge.id, now=NOON)


def test_a_closed_challenge_takes_no_drafts(session: Session) -> None:
    challenge = ChallengeFactory(closed=True)

    with pytest.raises(RuleViolation, match="deadline"):
        service.create_bid(session, actor=editor(), challenge_id=challenge.id, now=NOON)


def test_what_is_saved_comes_back(session: Session) -> None:
    bid = complete_bid()
    product = ProductFactory(organization=bid.firm)
    first, second = filled(bid).commitments[:2]
    command = replace(
        filled(bid),
        approach="改为两级校准。",
        product_id=product.id,
        commitments=(
            Commitment(first.kpi_id, "1.5", "mV", "1.9", "自测", "低温"),
            Commitment(second.kpi_id, unit="mA"),
        ),
    )

    service.save_bid(session, actor=editor(bid.firm), bid_id=bid.id, command=command, now=NOON)
    session.commit()

    kept = content_of(session, bid)
    assert kept.approach == "改为两级校准。"
    assert kept.product_id == product.id
    assert kept.commitments == (Commitment(first.kpi_id, "1.5", "mV", "1.9", "自测", "低温"),)


def test_saving_keeps_what_the_form_does_not_know(session: Session) -> None:
    bid = complete_bid(details={"budget_lines": [{"item": "流片"}], **PLAN})

    service.save_bid(session, actor=editor(bid.firm), bid_id=bid.id, command=filled(bid), now=NOON)

    assert read(bid).details == {"budget_lines": [{"item": "流片"}]}


def test_an_older_version_of_the_form_is_a_conflict(session: Session) -> None:
    bid = complete_bid()
    stale = filled(bid)
    fresh = replace(stale, approach="同事改过了。")
    service.save_bid(session, actor=editor(bid.firm), bid_id=bid.id, command=fresh, now=NOON)

    with pytest.raises(Conflict, match="What you typed is still here"):
        service.save_bid(session, actor=editor(bid.firm), bid_id=bid.id, command=stale, now=NOON)


def test_a_contradiction_is_not_saved(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(RuleViolation) as refusal:
        service.save_bid(
            session,
            actor=editor(bid.firm),
            bid_id=bid.id,
            command=replace(filled(bid), tech_readiness=10),
            now=NOON,
        )

    assert refusal.value.field == "tech_readiness"


@pytest.mark.parametrize("attributes", [{}, {"draft": True}])
def test_only_own_published_products_are_built_on(session: Session, attributes: dict[str, bool]) -> None:
    bid = complete_bid()
    foreign = ProductFactory(**attributes)

    with pytest.raises(RuleViolation, match="published products"):
        service.save_bid(
            session,
            actor=editor(bid.firm),
            bid_id=bid.id,
            command=SaveBid(product_id=foreign.id),
            now=NOON,
        )


def test_a_bid_of_another_firm_does_not_exist(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(NotFound):
        service.save_bid(session, actor=editor(), bid_id=bid.id, command=SaveBid(), now=NOON)


@pytest.mark.parametrize(
    ("verb", "given"),
    [(service.seal_bid, {"code": CODE}), (service.revise_bid, {"code": CODE}), (service.withdraw_bid, {})],
)
def test_the_authority_can_do_nothing_with_a_bid(session: Session, verb: Any, given: dict[str, str]) -> None:
    bid = complete_bid()

    with pytest.raises(NotFound):
        verb(session, actor=officer().as_actor(), bid_id=bid.id, now=NOON, **given)


def test_a_bid_that_never_was_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        service.seal_bid(session, actor=editor(), bid_id=uuid.uuid4(), code=CODE, now=NOON + dt.timedelta(0))
