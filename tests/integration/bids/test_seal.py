"""Submitting, taking back, withdrawing: the receipt, the deadline, and what stays."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.audit.sealed import opened
from app.bids import service
from app.bids.commands import SaveBid
from app.bids.content import filled, unseal_with_code
from app.bids.models import Bid, BidShare
from app.bids.service import locked
from app.bids.service.edit import FORM
from app.bids.workflow import BidState
from app.challenges.clock import database_now
from app.core import box
from app.core.errors import Conflict, RuleViolation
from app.demands.workflow import PostingState
from app.drafts.models import FormDraft, owner_tag, subject_tag
from app.keys.crypto import new_code
from app.outbox.models import Job
from app.outbox.service import NEWS
from tests.factories.accounts import UserFactory
from tests.factories.bids import CODE, BidFactory
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import complete_bid, content_of, editor_of, move_deadline, open_challenge, seal
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MILLISECOND = dt.timedelta(milliseconds=1)


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

    assert bid.content_hash == hashlib.sha256(unseal_with_code(bid, CODE).statement).hexdigest()


def test_the_same_bid_sealed_twice_has_another_hash_because_of_its_salt(session: Session) -> None:
    bid = complete_bid()
    first = seal(session, bid).content_hash
    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    assert seal(session, bid).content_hash != first


def test_the_row_of_a_sealed_bid_says_neither_what_nor_whose_it_is(session: Session) -> None:
    bid = complete_bid()
    text, firm_id = filled(bid).approach, bid.firm.id

    seal(session, bid)

    row = session.execute(select(Bid.__table__).where(Bid.id == bid.id)).mappings().one()
    told = repr(dict(row)) + repr([share.sealed for share in bid.shares])
    assert (row["organization_id"], row["created_by"], row["content_box"]) == (None, None, None)
    assert not [word for word in (text, "1200", str(firm_id), firm_id.hex) if word in told]


def test_the_installations_key_does_not_open_a_sealed_bid(session: Session) -> None:
    bid = complete_bid()

    seal(session, bid)

    with pytest.raises(box.BoxError):
        box.unlock(bid.ciphertext or b"", about=f"bid {bid.id}")
    with pytest.raises(ValueError, match="sealed"):
        filled(bid)


def test_without_enough_key_holders_nothing_can_be_sealed(session: Session) -> None:
    bid = complete_bid(open_challenge(holders=1))

    with pytest.raises(RuleViolation) as refusal:
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    assert refusal.value.code == "no_holders"


def test_an_incomplete_bid_is_refused_beside_its_field(session: Session) -> None:
    bid = complete_bid(supply_plan="")

    with pytest.raises(RuleViolation) as refusal:
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    assert refusal.value.field == "supply_plan"


def test_a_second_press_of_the_button_is_a_conflict(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    first = bid.receipt_code

    with pytest.raises(Conflict):
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    assert bid.receipt_code == first


def test_a_sealed_bid_is_not_saved_over(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    with pytest.raises(Conflict):
        service.save_bid(session, actor=editor_of(bid), bid_id=bid.id, command=SaveBid(), now=NOON)


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
        return service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON).state.value
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
        service.seal_bid: {"bid_id": bid.id, "code": CODE},
        service.revise_bid: {"bid_id": bid.id, "code": CODE},
    }.get(verb, {"bid_id": bid.id})

    with pytest.raises(RuleViolation, match="deadline has passed"):
        verb(session, actor=editor_of(bid), now=NOON - dt.timedelta(days=365), **what)

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
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_sealing_tells_the_firm_once(session: Session) -> None:
    bid = complete_bid()

    seal(session, bid)

    jobs = session.scalars(select(Job)).all()
    assert [(job.kind, job.payload, job.sealed_by) for job in jobs] == [
        (NEWS, {"organization_id": str(bid.firm.id)}, bid.challenge_id)
    ]


def test_everybodys_unsaved_input_goes_with_the_seal(session: Session) -> None:
    bid = complete_bid()
    colleague = UserFactory(organization=bid.firm)
    owner, subject = owner_tag(colleague.id, FORM, str(bid.id)), subject_tag(FORM, str(bid.id))
    session.add(FormDraft(owner=owner, subject=subject, values={"price_total_wan": ["1"]}))
    session.commit()

    seal(session, bid)

    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0


def test_a_programme_takes_so_many_bids_of_one_firm(session: Session) -> None:
    programme = ProgrammeFactory(max_projects_per_applicant=1)
    earlier = BidFactory(sealed=True, challenge=open_challenge(programme=programme))
    bid = complete_bid(open_challenge(programme=programme), organization=earlier.firm)

    with pytest.raises(RuleViolation, match="as many bids"):
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_drafts_and_withdrawn_bids_do_not_count(session: Session) -> None:
    programme = ProgrammeFactory(max_projects_per_applicant=1)
    draft = BidFactory(challenge=open_challenge(programme=programme))
    BidFactory(state=BidState.WITHDRAWN, challenge=open_challenge(programme=programme), organization=draft.firm)
    bid = complete_bid(open_challenge(programme=programme), organization=draft.firm)

    seal(session, bid)

    assert bid.state is BidState.SEALED


def test_taking_back_ends_the_receipt_and_keeps_the_content(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    old_hash = bid.content_hash

    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)
    session.commit()

    assert (bid.state, bid.receipt_code, bid.sealed_at, bid.content_hash) == (BidState.DRAFT, None, None, "")
    assert content_of(session, bid).price_total_wan == Decimal(1200)
    told = [opened(event) for event in session.scalars(select(AuditEvent).where(AuditEvent.box.is_not(None)))]
    assert {"content_hash": old_hash} in [one["details"] for one in told if one["action"] == "bid.revise"]


def test_a_bid_submitted_again_has_a_new_receipt(session: Session) -> None:
    bid = complete_bid()
    first = seal(session, bid).receipt_code
    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    seal(session, bid)

    assert bid.receipt_code not in (None, first)


def test_a_draft_cannot_be_taken_back(session: Session) -> None:
    bid = complete_bid()

    with pytest.raises(Conflict):
        service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_a_bid_is_not_taken_back_with_another_code(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    with pytest.raises(RuleViolation) as refusal:
        service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=new_code(), now=NOON)

    assert (refusal.value.code, refusal.value.field) == ("wrong_code", "code")


def test_taking_back_destroys_the_key_so_that_an_old_copy_of_the_ciphertext_stays_closed(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)
    session.commit()

    assert (bid.ciphertext, bid.reopening_box) == (None, None)
    assert session.scalar(select(func.count()).select_from(BidShare)) == 0


def test_a_withdrawn_bid_keeps_time_and_hash_but_nothing_of_its_content(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)
    sealed_at, content_hash = bid.sealed_at, bid.content_hash

    service.withdraw_bid(session, actor=editor_of(bid), bid_id=bid.id, now=NOON)
    session.commit()

    assert (bid.content_box, bid.ciphertext, bid.reopening_box) == (None, None, None)
    assert session.scalar(select(func.count()).select_from(BidShare)) == 0
    assert (bid.state, bid.sealed_at, bid.content_hash) == (BidState.WITHDRAWN, sealed_at, content_hash)


def test_a_draft_is_withdrawn_too(session: Session) -> None:
    bid = complete_bid()

    service.withdraw_bid(session, actor=editor_of(bid), bid_id=bid.id, now=NOON)

    assert (bid.state, bid.content_box) == (BidState.WITHDRAWN, None)


def test_a_challenge_that_is_suspended_takes_nothing_and_says_so(session: Session) -> None:
    bid = complete_bid()
    bid.challenge.state, bid.challenge.suspended_at = PostingState.SUSPENDED, NOON
    session.commit()

    with pytest.raises(RuleViolation, match="suspended, so nothing was stored"):
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_a_challenge_that_was_taken_back_takes_nothing_and_says_so(session: Session) -> None:
    bid = complete_bid()
    bid.challenge.state = PostingState.CANCELLED
    session.commit()

    with pytest.raises(RuleViolation, match="taken back, so nothing was stored"):
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)


def test_a_withdrawn_bid_stays_withdrawn(session: Session) -> None:
    bid = complete_bid()
    service.withdraw_bid(session, actor=editor_of(bid), bid_id=bid.id, now=NOON)

    with pytest.raises(Conflict):
        service.seal_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)
