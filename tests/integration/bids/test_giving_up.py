"""A bid that nobody can open: repaired in time, or given up by two officers; nothing is decided before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.audit.models import AuditEvent
from app.awards.service import propose_award
from app.bids import service
from app.bids.models import Bid, BidEnding, Opening
from app.bids.ownership import firm_tag
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder, KeyHolder
from app.notifications.competition_readers import read
from app.notifications.telling import CompetitionEvent
from app.outbox.models import Job
from app.reviews.commands import FormPanel
from app.reviews.service import form_panel
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator, tied_officer
from tests.factories.awards import as_ranked, owner_of
from tests.factories.awards import ranked as ranked_competition
from tests.factories.bids import BidFactory
from tests.support.clock import NOON
from tests.support.opening import damaged, pass_deadline, release, sealed_bids
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

REASON = "两次修复均失败，密文经三方见证确认损坏。"


def holders(session: Session, challenge_id: Any) -> list[KeyHolder]:
    query = (
        sa.select(KeyHolder)
        .join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
        .where(ChallengeKeyHolder.challenge_id == challenge_id)
        .order_by(KeyHolder.id)
    )
    return list(session.scalars(query))


@pytest.fixture
def bids(session: Session) -> list[Bid]:
    """An unreadable bid and one that is open."""
    found = sealed_bids(session)
    found[0].ciphertext = damaged(found[0].ciphertext)
    session.commit()
    challenge = session.get_one(Challenge, found[0].challenge_id)
    pass_deadline(session, challenge)
    first, second, *_ = holders(session, challenge.id)
    release(session, first, challenge)
    release(session, second, challenge)
    return found


def propose(session: Session, bid: Bid, person: Any = None, reason: str = REASON) -> BidEnding:
    ending = service.propose_giving_up(
        session, actor=(person or officer()).as_actor(), bid_id=bid.id, reason=reason, now=NOON
    )
    session.commit()
    return ending


def confirm(session: Session, bid: Bid, person: Any = None) -> Bid:
    done = service.confirm_giving_up(session, actor=(person or officer()).as_actor(), bid_id=bid.id, now=NOON)
    session.commit()
    return done


def told(session: Session, kind: str) -> int:
    return session.scalar(sa.select(sa.func.count()).where(Job.kind == kind)) or 0


def test_proposing_changes_nothing_but_asks_for_a_second_officer(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])

    assert bids[0].state is BidState.SEALED
    assert told(session, "bid.unreadable") == 1


def test_two_officers_give_an_unreadable_bid_up(session: Session, bids: list[Bid]) -> None:
    ending = propose(session, bids[0])

    confirm(session, bids[0])

    assert (bids[0].state, bids[0].end_reason) == (BidState.WITHDRAWN, "unreadable")
    assert ending.confirmed_by not in (None, ending.proposed_by)
    assert session.get_one(Challenge, bids[0].challenge_id).ended_bids == {"unreadable": 1}


def test_what_is_stored_of_it_stays_as_evidence(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])

    confirm(session, bids[0])

    assert bids[0].ciphertext
    session.refresh(bids[0], ["shares"])
    assert bids[0].shares


def test_the_public_record_and_the_trail_tell_it(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])

    confirm(session, bids[0])

    record = session.get_one(Opening, bids[0].challenge_id).record
    assert record["bids"][bids[0].content_hash]["given_up_at"] == NOON.isoformat()
    actions = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(2)).all()
    assert actions == ["bid.give_up", "bid.propose_giving_up"]


def test_its_firm_is_told_though_no_row_names_it(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])
    confirm(session, bids[0])

    news = read(session, CompetitionEvent.BID_GIVEN_UP, bids[0].id)

    assert news is not None
    firms = {one.organization_id for one in news.told if one.organization_id}
    assert firms == {firm_of(session, bids[0])}


def firm_of(session: Session, bid: Bid) -> Any:
    ids = session.scalars(sa.select(Organization.id))
    return next(one for one in ids if firm_tag(bid.challenge_id, one) == bid.firm_tag)


def test_whoever_proposed_it_does_not_confirm_it(session: Session, bids: list[Bid]) -> None:
    person = officer()
    propose(session, bids[0], person)

    with pytest.raises(NotAllowed, match="Another officer"):
        confirm(session, bids[0], person)


def test_nothing_is_confirmed_that_nobody_proposed(session: Session, bids: list[Bid]) -> None:
    with pytest.raises(Conflict, match="Nobody proposes"):
        confirm(session, bids[0])


def test_it_is_proposed_once(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])

    with pytest.raises(Conflict, match="already"):
        propose(session, bids[0])


def test_a_reason_is_needed(session: Session, bids: list[Bid]) -> None:
    with pytest.raises(RuleViolation, match="why it is given up"):
        propose(session, bids[0], reason=" ")


def test_only_the_authority_gives_a_bid_up(session: Session, bids: list[Bid]) -> None:
    with pytest.raises(NotAllowed):
        propose(session, bids[0], operator())


def test_an_officer_with_an_interest_does_not_give_a_bid_up(session: Session, bids: list[Bid]) -> None:
    person = tied_officer(bids[1].organization_id)

    with pytest.raises(NotAllowed, match="declared an interest"):
        propose(session, bids[0], person)


@pytest.mark.parametrize("state", [one for one in BidState if one is not BidState.SEALED])
def test_a_bid_in_any_other_state_is_not_given_up(session: Session, bids: list[Bid], state: BidState) -> None:
    challenge = session.get_one(Challenge, bids[0].challenge_id)
    other = BidFactory(challenge=challenge, organization=OrganizationFactory(chip=True), state=state)

    with pytest.raises(Conflict):
        propose(session, other)


@pytest.mark.parametrize("state", [PostingState.CLOSED, PostingState.PUBLICITY, PostingState.AWARDED])
def test_it_is_given_up_only_under_evaluation(session: Session, bids: list[Bid], state: PostingState) -> None:
    session.get_one(Challenge, bids[0].challenge_id).state = state
    session.commit()

    with pytest.raises(Conflict):
        propose(session, bids[0])


def test_a_bid_that_is_not_there_is_not_given_up(session: Session) -> None:
    with pytest.raises(NotFound):
        service.propose_giving_up(session, actor=officer().as_actor(), bid_id=officer().id, reason=REASON, now=NOON)


def test_a_second_officer_can_have_it_repaired_instead(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])

    service.keep_trying(session, actor=officer().as_actor(), bid_id=bids[0].id, now=NOON)

    assert session.get(BidEnding, bids[0].id) is None
    assert bids[0].state is BidState.SEALED


def try_again(session: Session, bid: Bid) -> Opening:
    return service.open_again(session, actor=officer().as_actor(), challenge_id=bid.challenge_id, now=NOON)


def test_a_repair_overtakes_the_proposal(session: Session) -> None:
    bid = sealed_bids(session, 1)[0]
    whole = bid.ciphertext
    bid.ciphertext = damaged(whole)
    challenge = session.get_one(Challenge, bid.challenge_id)
    pass_deadline(session, challenge)
    first, second, *_ = holders(session, challenge.id)
    release(session, first, challenge)
    release(session, second, challenge)
    propose(session, bid)

    bid.ciphertext = whole
    session.commit()
    try_again(session, bid)

    assert bid.state is BidState.OPENED
    assert session.get(BidEnding, bid.id) is None


def test_a_bid_that_was_given_up_is_not_opened_later(session: Session, bids: list[Bid]) -> None:
    propose(session, bids[0])
    confirm(session, bids[0])

    with pytest.raises(Conflict):
        try_again(session, bids[0])


@pytest.mark.parametrize("state", [BidState.UNDER_REVIEW, BidState.SHORTLISTED, BidState.DEFENDED])
def test_once_bids_are_judged_no_further_one_is_opened(session: Session, bids: list[Bid], state: BidState) -> None:
    bids[1].state = state
    session.commit()

    with pytest.raises(Conflict, match="review has begun"):
        try_again(session, bids[0])


@pytest.mark.parametrize("state", [PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD])
def test_after_the_ranking_no_further_one_is_opened(session: Session, bids: list[Bid], state: PostingState) -> None:
    session.get_one(Challenge, bids[0].challenge_id).state = state
    session.commit()

    with pytest.raises(Conflict, match="review has begun"):
        try_again(session, bids[0])


def test_no_third_key_opens_it_once_bids_are_judged(session: Session, bids: list[Bid]) -> None:
    challenge = session.get_one(Challenge, bids[0].challenge_id)
    bids[1].state = BidState.UNDER_REVIEW
    session.commit()

    with pytest.raises(Conflict, match="review has begun"):
        release(session, holders(session, challenge.id)[2], challenge)


def test_no_panel_is_formed_while_it_is_undecided(session: Session, bids: list[Bid]) -> None:
    bids[1].state = BidState.VALID
    session.commit()

    with pytest.raises(RuleViolation, match="could not be opened"):
        form_panel(
            session, actor=officer().as_actor(), challenge_id=bids[0].challenge_id, command=FormPanel("owner", 0),
            now=NOON,
        )  # fmt: skip


def test_a_panel_is_formed_once_it_has_been_given_up(session: Session, bids: list[Bid]) -> None:
    bids[1].state = BidState.VALID
    session.commit()
    propose(session, bids[0])
    confirm(session, bids[0])

    panel = form_panel(
        session, actor=officer().as_actor(), challenge_id=bids[0].challenge_id, command=FormPanel("owner", 0), now=NOON
    )

    assert [entry.bid_id for entry in panel.entries] == [bids[1].id]


def test_no_award_is_proposed_while_it_is_undecided(session: Session) -> None:
    challenge = ranked_competition(2)
    command = as_ranked(challenge)
    BidFactory(challenge=challenge, sealed=True, opening_error="ciphertext")

    with pytest.raises(RuleViolation, match="could not be opened"):
        propose_award(
            session, actor=owner_of(challenge).as_actor(), challenge_id=challenge.id, command=command, now=NOON
        )


@pytest.mark.real_clock
def test_of_giving_up_and_keeping_it_one_happens(own_app: Flask, own_session: Session) -> None:
    challenge = ranked_competition(1)
    bid = BidFactory(challenge=challenge, sealed=True, opening_error="ciphertext")
    own_session.add(Opening(challenge_id=challenge.id, closed_at=NOON, list_hash="0" * 64, record={}))
    propose(own_session, bid)
    people, bid_id = [officer().as_actor(), officer().as_actor()], bid.id
    own_session.commit()

    refused = at_once(
        own_app,
        lambda session: service.confirm_giving_up(session, actor=people[0], bid_id=bid_id, now=NOON),
        lambda session: service.keep_trying(session, actor=people[1], bid_id=bid_id, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]


def test_the_page_leads_two_officers_through_it(
    app: Flask, session: Session, login: Callable[..., FlaskClient], bids: list[Bid]
) -> None:
    url = f"/openings/{bids[0].challenge_id}"
    first, second = (login(app.test_client(), officer(locale="en")) for _ in range(2))
    step = f"{url}/bids/{bids[0].id}"

    proposed = first.post(f"{step}/propose", data={"reason": REASON})
    own = first.post(f"{step}/confirm")
    page = second.get(url).text
    done = second.post(f"{step}/confirm")

    assert (proposed.status_code, own.status_code, done.status_code) == (303, 403, 303)
    assert REASON in page
    assert "given up, as it could not be opened" in second.get(url).text


def test_once_bids_are_judged_the_page_offers_to_give_up_and_nothing_else(
    app: Flask, session: Session, login: Callable[..., FlaskClient], bids: list[Bid]
) -> None:
    bids[1].state = BidState.UNDER_REVIEW
    session.commit()

    page = login(app.test_client(), officer(locale="en")).get(f"/openings/{bids[0].challenge_id}").text

    assert "can only be given up" in page
    assert "Try again…" not in page


def test_how_many_were_given_up_is_public(
    app: Flask, session: Session, login: Callable[..., FlaskClient], bids: list[Bid]
) -> None:
    propose(session, bids[0])
    confirm(session, bids[0])
    reader = login(app.test_client(), UserFactory(locale="en"))

    page = reader.get(f"/challenges/{bids[0].challenge_id}").text

    assert "given up, as it could not be opened" in page
