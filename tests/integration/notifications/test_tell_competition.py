"""Who is told what happens in a competition."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.clarifications.models import ChallengeFollow
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder, KeyHolder
from app.mail.models import MailMessage
from app.notifications.competition import TELLINGS
from app.notifications.labels import line
from app.notifications.models import Notification
from app.notifications.service import tell_competition
from app.notifications.telling import CompetitionEvent, Place, path
from tests.factories import awards as make
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, prefecture_officer
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def tell(session: Session, event: CompetitionEvent, subject_id: uuid.UUID) -> int:
    return tell_competition(session, event=event, subject_id=subject_id, key=f"{event}:1", now=NOON)


def told(session: Session) -> dict[str, str]:
    """Return where the line of each person leads."""
    return {str(one.user_id): one.url for one in session.scalars(sa.select(Notification))}


def test_owner_and_followers_are_told_and_led_to_their_own_pages(session: Session) -> None:
    challenge = ChallengeFactory()
    owner = UserFactory(organization=challenge.organization)
    follower = UserFactory(organization=OrganizationFactory(chip=True))
    session.add(ChallengeFollow(challenge_id=challenge.id, user_id=follower.id))
    session.commit()

    tell(session, CompetitionEvent.SUSPENDED, challenge.id)

    assert told(session) == {
        str(owner.id): f"/workspace/challenges/{challenge.id}",
        str(follower.id): f"/challenges/{challenge.id}",
    }


def test_a_colleague_of_a_follower_is_not_told(session: Session) -> None:
    challenge = ChallengeFactory()
    follower = UserFactory(organization=OrganizationFactory(chip=True))
    UserFactory(organization=follower.membership.organization)
    session.add(ChallengeFollow(challenge_id=challenge.id, user_id=follower.id))
    session.commit()

    tell(session, CompetitionEvent.EXTENDED, challenge.id)

    assert list(told(session)) == [str(follower.id)]


def test_the_firm_of_a_sealed_bid_is_only_asked_to_log_in(session: Session) -> None:
    bid = BidFactory(sealed=True)
    bidder = UserFactory(organization=bid.firm)

    n_told = tell(session, CompetitionEvent.SUSPENDED, bid.challenge_id)

    mail = session.scalars(sa.select(MailMessage)).one()
    assert n_told == 1
    assert str(bidder.id) not in told(session)
    assert (mail.sealed_by, mail.user_id) == (bid.challenge_id, None)
    assert bidder.email not in str(mail.recipient)


def test_after_the_opening_every_bidder_is_told_by_name(session: Session) -> None:
    publicity = make.noticed(2)
    firms = sa.select(Bid.organization_id).where(Bid.challenge_id == publicity.challenge_id)
    people = [
        UserFactory(organization=one)
        for one in session.scalars(sa.select(Organization).where(Organization.id.in_(firms)))
    ]

    tell(session, CompetitionEvent.NOTICED, publicity.id)

    notice = f"/challenges/{publicity.challenge_id}/notice/"
    assert [told(session)[str(one.id)] for one in people] == [notice, notice]


def test_an_objector_is_led_to_the_objection_and_bidders_to_the_notice(session: Session) -> None:
    objection = make.objection(make.noticed(1))

    tell(session, CompetitionEvent.OBJECTION_RECEIVED, objection.id)

    assert told(session)[str(objection.user_id)] == f"/workspace/objections/{objection.id}"


def test_the_authorities_of_the_province_and_of_its_city_learn_of_a_challenge(session: Session) -> None:
    challenge = ChallengeFactory(submitted=True)
    provincial, own = officer(), prefecture_officer(challenge.organization.city_code)
    prefecture_officer("441900")

    tell(session, CompetitionEvent.SUBMITTED, challenge.id)

    page = f"/desk/challenges/{challenge.id}"
    assert told(session) == {str(provincial.id): page, str(own.id): page}


@pytest.mark.parametrize("event", [
    CompetitionEvent.APPROVED, CompetitionEvent.REJECTED, CompetitionEvent.LISTED, CompetitionEvent.SUSPENDED,
    CompetitionEvent.RESUMED, CompetitionEvent.EXTENDED, CompetitionEvent.CANCELLED, CompetitionEvent.OPENED,
    CompetitionEvent.NO_AWARD,
])  # fmt: skip
def test_the_authority_of_its_city_follows_a_challenge_to_its_end(session: Session, event: CompetitionEvent) -> None:
    challenge = ChallengeFactory()
    own = prefecture_officer(challenge.organization.city_code)
    other = prefecture_officer("441900")

    tell(session, event, challenge.id)

    assert told(session)[str(own.id)] == f"/desk/challenges/{challenge.id}"
    assert str(other.id) not in told(session)


@pytest.mark.parametrize("event", [CompetitionEvent.NOTICED, CompetitionEvent.AWARDED])
def test_the_authority_of_its_city_is_led_to_the_public_notice(session: Session, event: CompetitionEvent) -> None:
    publicity = make.noticed(1)
    own = prefecture_officer(session.get_one(Challenge, publicity.challenge_id).organization.city_code)
    subject = {"need_id": publicity.challenge_id}.get(TELLINGS[event].subject, publicity.id)

    tell(session, event, subject)

    assert told(session)[str(own.id)] == f"/challenges/{publicity.challenge_id}/notice/"


def test_an_officer_does_not_read_that_a_challenge_is_theirs(session: Session) -> None:
    challenge = ChallengeFactory()
    owner = UserFactory(organization=challenge.organization)
    own = prefecture_officer(challenge.organization.city_code)

    tell(session, CompetitionEvent.APPROVED, challenge.id)

    said = {one.user_id: one.payload["headline"] for one in session.scalars(sa.select(Notification))}
    assert said == {owner.id: "Your challenge was approved.", own.id: "A challenge of your city was approved."}


def test_the_authority_learns_of_an_objection_and_is_led_to_it(session: Session) -> None:
    objection = make.objection(make.noticed(1))
    provincial = officer()

    tell(session, CompetitionEvent.OBJECTION_RECEIVED, objection.id)

    assert told(session)[str(provincial.id)] == f"/desk/awards/objections/{objection.id}"


def test_before_a_deadline_the_firm_of_a_draft_is_only_asked_to_log_in(session: Session) -> None:
    bid = BidFactory()
    bidder = UserFactory(organization=bid.firm)

    tell(session, CompetitionEvent.CLOSING, bid.challenge_id)

    assert str(bidder.id) not in told(session)
    assert session.scalars(sa.select(MailMessage.template)).all() == ["notice"]


def test_nobody_is_asked_for_a_key_before_the_deadline(session: Session) -> None:
    bid = BidFactory(sealed=True)

    assert tell(session, CompetitionEvent.KEYS_NEEDED, bid.challenge_id) == 0


def holders_of(session: Session, bid: Bid) -> list[uuid.UUID]:
    query = (
        sa.select(KeyHolder.user_id)
        .join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
        .where(ChallengeKeyHolder.challenge_id == bid.challenge_id)
    )
    return list(session.scalars(query))


def test_key_holders_are_asked_when_bids_wait_to_be_opened(session: Session) -> None:
    bid = BidFactory(sealed=True)
    bid.challenge.state = PostingState.CLOSED
    session.commit()

    tell(session, CompetitionEvent.KEYS_NEEDED, bid.challenge_id)

    assert told(session) == {str(one): f"/openings/{bid.challenge_id}" for one in holders_of(session, bid)}


def test_nobody_is_asked_to_open_prices_when_none_is_due(session: Session) -> None:
    bid = BidFactory(sealed=True)

    assert tell(session, CompetitionEvent.PRICES_NEEDED, bid.challenge_id) == 0


def test_the_same_occurrence_tells_nobody_twice(session: Session) -> None:
    challenge = ChallengeFactory()
    UserFactory(organization=challenge.organization)

    tell(session, CompetitionEvent.CANCELLED, challenge.id)
    tell(session, CompetitionEvent.CANCELLED, challenge.id)

    assert session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == 1


@pytest.mark.parametrize("event", CompetitionEvent)
def test_an_event_whose_subject_is_gone_tells_nobody(session: Session, event: CompetitionEvent) -> None:
    assert tell(session, event, uuid.UUID(int=1)) == 0


@pytest.mark.parametrize("place", [one for one in Place if one is not Place.BID])
def test_every_message_leads_to_a_page(app: Flask, place: Place) -> None:
    adapter = app.url_map.bind("localhost")

    assert adapter.match(path(place, uuid.uuid4(), uuid.uuid4()))


@pytest.mark.parametrize("event", CompetitionEvent)
def test_every_event_has_its_line(app: Flask, event: CompetitionEvent) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert "芯片" in line(event.value, {"title": "芯片"})
    assert TELLINGS[event].to


def test_the_firm_of_a_bid_that_ended_with_its_challenge_is_asked_to_log_in(session: Session) -> None:
    bid = BidFactory(sealed=True)
    UserFactory(organization=bid.firm)
    bid.state, bid.end_reason = BidState.WITHDRAWN, "cancelled"
    session.commit()

    assert tell(session, CompetitionEvent.CANCELLED, bid.challenge_id) == 1


def owner_of_bid(session: Session, bid_id: uuid.UUID) -> str:
    firm = session.get_one(Bid, bid_id).organization_id
    return str(UserFactory(organization=session.get_one(Organization, firm)).id)


def test_a_firm_whose_award_ends_is_told(session: Session) -> None:
    (award,) = make.awarded(2)
    winner = owner_of_bid(session, award.bid_id)
    make.confirm(make.replacement(award))

    tell(session, CompetitionEvent.AWARD_ENDED, award.id)

    assert told(session)[winner] == "/workspace/bids/"


def test_the_firm_that_moves_up_is_told_and_no_other_bidder(session: Session) -> None:
    (award,) = make.awarded(3)
    proposal = make.replacement(award)
    make.confirm(proposal)
    query = sa.select(Bid).where(Bid.challenge_id == award.challenge_id).order_by(Bid.state)
    people = {bid.state.value: owner_of_bid(session, bid.id) for bid in session.scalars(query)}

    tell(session, CompetitionEvent.MOVED_UP, proposal.id)

    assert people["selected"] in told(session)
    assert not {people["reserve"], people["withdrawn"]} & set(told(session))


@pytest.mark.parametrize("event", [CompetitionEvent.BID_WITHDRAWN, CompetitionEvent.BID_UNREADABLE])
def test_the_authority_is_told_what_becomes_of_a_bid(session: Session, event: CompetitionEvent) -> None:
    person, bid = officer(), BidFactory(challenge__closed=True, state=BidState.OPENED)

    tell(session, event, bid.id)

    assert str(person.id) in told(session)


def test_a_second_officer_is_asked_to_confirm_a_finding(session: Session) -> None:
    person, objection = officer(), make.objection(make.noticed(2))

    tell(session, CompetitionEvent.OBJECTION_FOUND_RIGHT, objection.id)

    assert told(session)[str(person.id)] == f"/desk/awards/objections/{objection.id}"
