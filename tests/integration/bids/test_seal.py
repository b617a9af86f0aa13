"""Submitting, taking back, withdrawing: the receipt, the deadline, and what stays."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.bids import receipt, service
from app.bids.commands import SaveBid
from app.bids.content import filled, statement
from app.bids.models import BidCommitment
from app.bids.service import locked
from app.bids.workflow import BidState
from app.challenges.clock import database_now
from app.core.actor import Actor
from app.core.errors import Conflict, RuleViolation
from app.drafts.models import FormDraft
from app.outbox.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.bids import BidFactory
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import complete_bid, content_of, move_deadline, open_challenge
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.models import Bid

MILLISECOND = dt.timedelta(milliseconds=1)


def editor(bid: Bid) -> Actor:
    actor: Actor = UserFactory(organization=bid.organization).as_actor()
    return actor


def seal(session: Session, bid: Bid) -> Bid:
    sealed = service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)
    session.commit()
    return sealed


@pytest.mark.real_clock
def test_a_sealed_bid_has_a_receipt_with_the_time_of_the_database(session: Session) -> None:
    bid = complete_bid()
    before = database_now(session)

    seal(session, bid)

    assert bid.state is BidState.SEALED
    assert bid.sealed_at is not None
    assert before <= bid.sealed_at <= database_now(session)
    assert len(bid.receipt_code or "") == 16


def test_the_receipt_names_the_edition_that_was_bid_for(session: Session) -> None:
    bid = complete_bid()
    bid.challenge.edition = 2
    session.commit()

    seal(session, bid)

    assert bid.challenge_edition == 2


def test_the_hash_is_that_of_the_content_and_can_be_computed_again(session: Session) -> None:
    bid = complete_bid()

    seal(session, bid)

    assert bid.content_hash == receipt.content_hash(statement(bid, []))


def test_a_changed_price_has_another_hash(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    bid.price_total_wan = Decimal("1199.99")

    assert receipt.content_hash(statement(bid, [])) != bid.content_hash


def test_an_incomplete_bid_is_refused_beside_its_field(session: Session) -> None:
    bid = complete_bid(supply_plan="")

    with pytest.raises(RuleViolation) as refusal:
        service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    assert refusal.value.field == "supply_plan"


def test_a_second_press_of_the_button_is_a_conflict(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    first = bid.receipt_code

    with pytest.raises(Conflict):
        service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    assert bid.receipt_code == first


def test_a_sealed_bid_is_not_saved_over(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    with pytest.raises(Conflict):
        service.save_bid(session, actor=editor(bid), bid_id=bid.id, command=SaveBid(), now=NOON)


@pytest.mark.parametrize(
    ("late_by", "is_taken"), [(-MILLISECOND, True), (dt.timedelta(0), False), (MILLISECOND, False)]
)
def test_the_last_millisecond_counts_and_the_deadline_itself_is_late(
    session: Session, monkeypatch: pytest.MonkeyPatch, late_by: dt.timedelta, is_taken: bool
) -> None:
    bid = complete_bid()
    deadline = bid.challenge.bid_deadline_at
    assert deadline is not None
    monkeypatch.setattr(locked, "database_now", lambda _session: deadline + late_by)

    outcome = _outcome(session, bid)

    assert outcome == ("sealed" if is_taken else "challenge_closed")


def _outcome(session: Session, bid: Bid) -> str:
    try:
        return service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON).state.value
    except RuleViolation as error:
        return error.code


@pytest.mark.parametrize(
    "verb", [service.seal_bid, service.revise_bid, service.withdraw_bid, service.save_bid, service.create_bid]
)
def test_after_the_deadline_by_the_clock_of_the_database_nothing_moves(session: Session, verb: Any) -> None:
    bid = complete_bid()
    move_deadline(session, bid.challenge, -MILLISECOND)
    what = {
        service.save_bid: {"bid_id": bid.id, "command": SaveBid()},
        service.create_bid: {"challenge_id": bid.challenge_id},
    }.get(verb, {"bid_id": bid.id})

    with pytest.raises(RuleViolation, match="deadline has passed"):
        verb(session, actor=editor(bid), now=NOON - dt.timedelta(days=365), **what)

    session.rollback()
    assert (bid.state, bid.sealed_at) == (BidState.DRAFT, None)
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_one_moment_before_the_deadline_a_bid_is_taken(session: Session) -> None:
    bid = complete_bid()
    move_deadline(session, bid.challenge, dt.timedelta(seconds=20))

    seal(session, bid)

    assert bid.state is BidState.SEALED


def test_a_challenge_that_is_not_published_takes_no_bid_however_late_its_deadline(session: Session) -> None:
    bid = complete_bid()
    bid.challenge.state = "closed"
    session.commit()

    with pytest.raises(RuleViolation, match="no longer takes bids"):
        service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)


def test_sealing_tells_the_firm_once(session: Session) -> None:
    bid = complete_bid()

    seal(session, bid)

    jobs = session.scalars(select(Job)).all()
    assert [(job.kind, job.payload, job.sealed_by) for job in jobs] == [
        ("bid.sealed", {"bid_id": str(bid.id)}, bid.challenge_id)
    ]


def test_everybodys_unsaved_input_goes_with_the_seal(session: Session) -> None:
    bid = complete_bid()
    colleague = UserFactory(organization=bid.organization)
    session.add(FormDraft(user_id=colleague.id, form="bid", subject=str(bid.id), values={"price_total_wan": ["1"]}))
    session.commit()

    seal(session, bid)

    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0


def test_a_programme_takes_so_many_bids_of_one_firm(session: Session) -> None:
    programme = ProgrammeFactory(max_projects_per_applicant=1)
    earlier = BidFactory(sealed=True, challenge=open_challenge(programme=programme))
    bid = complete_bid(open_challenge(programme=programme), organization=earlier.organization)

    with pytest.raises(RuleViolation, match="as many bids"):
        service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)


def test_drafts_and_withdrawn_bids_do_not_count(session: Session) -> None:
    programme = ProgrammeFactory(max_projects_per_applicant=1)
    draft = BidFactory(challenge=open_challenge(programme=programme))
    BidFactory(state=BidState.WITHDRAWN, challenge=open_challenge(programme=programme), organization=draft.organization)
    bid = complete_bid(open_challenge(programme=programme), organization=draft.organization)

    seal(session, bid)

    assert bid.state is BidState.SEALED


def test_taking_back_ends_the_receipt_and_keeps_the_content(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    old_hash = bid.content_hash

    service.revise_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)
    session.commit()

    assert (bid.state, bid.receipt_code, bid.sealed_at, bid.content_hash) == (BidState.DRAFT, None, None, "")
    assert content_of(session, bid).price_total_wan == Decimal(1200)
    kept = session.scalars(select(AuditEvent).where(AuditEvent.action == "bid.revise")).one()
    assert kept.details == {"content_hash": old_hash}


def test_a_bid_submitted_again_has_a_new_receipt(session: Session) -> None:
    bid = complete_bid()
    first = seal(session, bid).receipt_code
    service.revise_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    seal(session, bid)

    assert bid.receipt_code not in (None, first)


def test_a_draft_cannot_be_taken_back(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(Conflict):
        service.revise_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)


def test_a_withdrawn_bid_keeps_time_and_hash_but_nothing_of_its_content(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    sealed_at, content_hash = bid.sealed_at, bid.content_hash

    service.withdraw_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)
    session.commit()

    kept = content_of(session, bid)
    assert kept == SaveBid(version=kept.version)
    assert bid.details == {}
    assert session.scalar(select(func.count()).select_from(BidCommitment)) == 0
    assert (bid.state, bid.sealed_at, bid.content_hash) == (BidState.WITHDRAWN, sealed_at, content_hash)


def test_a_draft_is_withdrawn_too(session: Session) -> None:
    bid = complete_bid()

    service.withdraw_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    assert filled(bid).approach == ""


def test_a_withdrawn_bid_stays_withdrawn(session: Session) -> None:
    bid = complete_bid()
    service.withdraw_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    with pytest.raises(Conflict):
        service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)
