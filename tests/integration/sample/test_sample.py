"""The sample: all of it, once."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization, UsccCheck, User, Verification
from app.accounts.workflow import ANSWER_WITHIN_DAYS, VerificationState
from app.audit.models import AuditEvent
from app.awards.models import AwardProposal, ProposedVerdict
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.catalog.models import ChipProduct
from app.challenges.editions import hash_of
from app.challenges.models import Appraisal, Challenge, ChallengeEdition, ChallengeStep, Programme
from app.core.calendar import add_working_days
from app.core.clock import SHANGHAI
from app.core.models import Model
from app.db import transaction
from app.demands.models import Need
from app.demands.rules import review_due
from app.demands.workflow import PostingMode, PostingState
from app.files.models import StoredFile
from app.files.service import read_file
from app.jobs.matching import recompute_all
from app.matchmaking.models import Pairing, Suggestion
from app.reviews.queries import ranking_of
from app.sample import loader, pairings
from app.sample.licence import HEIGHT, WIDTH
from app.sample.people import DEMO_PEOPLE, Account
from app.sample.source import sample_id
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from sqlalchemy.orm import Session


def ignore(_accounts: list[Account]) -> None:
    """Tell nobody."""


def rows(session: Session) -> dict[str, int]:
    """Return how many rows every table has."""
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Model.metadata.sorted_tables
    }


def test_the_sample_is_complete(own_session: Session) -> None:
    counts = {
        "organizations": own_session.query(Organization).count(),
        "products": own_session.query(ChipProduct).count(),
        "needs": own_session.query(Need).filter_by(mode=PostingMode.MATCHING_NEED).count(),
        "challenges": own_session.query(Challenge).count(),
        "bids": own_session.query(Bid).count(),
    }

    assert counts == {"organizations": 60, "products": 180, "needs": 70, "challenges": 16, "bids": 24}


def test_log_ins_are_told_once(own_app: Flask, told: Sequence[Account]) -> None:
    again: list[Account] = []

    with own_app.app_context():
        loader.load(now=NOON, announce=again.extend)

    assert [account.email for account in told] == [person.email for person in DEMO_PEOPLE]
    assert len({account.password for account in told}) == len(DEMO_PEOPLE)
    assert again == []


def test_loading_again_changes_nothing(own_app: Flask, own_session: Session) -> None:
    before = rows(own_session)
    own_session.rollback()

    with own_app.app_context():
        loader.load(now=NOON, announce=ignore)

    assert rows(own_session) == before


def test_only_told_people_can_log_in(own_session: Session, told: Sequence[Account]) -> None:
    with_password = {user.email for user in own_session.query(User).filter(User.password.is_not(None))}

    assert with_password == {account.email for account in told}


def test_sealed_bids_stay_sealed_until_their_deadline(own_session: Session) -> None:
    early = (
        own_session.query(Bid)
        .join(Bid.challenge)
        .filter(Challenge.bid_deadline_at > NOON, Bid.state.not_in((BidState.DRAFT, BidState.SEALED)))
    )

    assert early.count() == 0


def test_what_waits_for_review_was_handed_in_lately_and_is_not_overdue(own_session: Session) -> None:
    waiting = own_session.query(Need).filter(
        Need.state.in_((PostingState.SUBMITTED, PostingState.APPRAISING, PostingState.APPROVED))
    )

    handed_in = [need.submitted_at for need in waiting if need.submitted_at]

    days = {instant.astimezone(SHANGHAI).date().isoformat() for instant in handed_in}
    assert len(handed_in) == waiting.count() == 7
    assert days == {"2026-11-19", "2026-11-20", "2026-11-23"}
    assert all(need.created_at < need.submitted_at == need.updated_at for need in waiting if need.submitted_at)
    assert min(map(review_due, handed_in)) > NOON


def test_two_laboratories_wait_for_verification(own_session: Session) -> None:
    waiting = own_session.query(Verification).order_by(Verification.submitted_at).all()

    unverified = own_session.query(Organization).filter(Organization.verified_at.is_(None)).all()
    assert {one.organization_id for one in waiting} == {one.id for one in unverified}
    assert [one.state for one in waiting] == [VerificationState.SUBMITTED] * 2
    assert {one.is_service and not one.is_supply and not one.is_demand for one in unverified} == {True}
    assert [one.uscc_check for one in waiting] == [UsccCheck.VALID] * 2
    assert add_working_days(waiting[0].submitted_at, ANSWER_WITHIN_DAYS) > NOON


def test_their_licences_are_pictures_that_can_be_opened(own_app: Flask, own_session: Session) -> None:
    query = sa.select(StoredFile).join(Verification, Verification.licence_file_id == StoredFile.id)
    files = own_session.scalars(query).all()

    with own_app.app_context():
        pictures = [read_file(file) for file in files]

    heads = {struct.unpack(">8x4x4sII", picture[:24]) for picture in pictures}
    assert heads == {(b"IHDR", WIDTH, HEIGHT)}
    assert len(set(pictures)) == len(files) == 2
    assert all("fictional" in file.filename for file in files)


def test_suggestions_are_computed_and_some_are_decided(own_app: Flask, own_session: Session) -> None:
    with own_app.app_context():
        n = recompute_all(lambda _done, _total: None, trigger="sample")
        with transaction() as session:
            n_approved = pairings.decide_some(session, now=NOON)

    states = {pairing.state for pairing in own_session.query(Pairing)}
    assert n == own_session.query(Suggestion).count() > 100
    assert n_approved == own_session.query(Pairing).count() > 10
    assert states >= {"proposed", "introduced", "declined"}
    assert any(one.introduced_at for one in own_session.query(Pairing).filter_by(demand_id=sample_id("ORG001")))
    assert own_session.query(AuditEvent).filter_by(action="suggestion.approve").count() == n_approved


def test_what_was_published_has_an_edition_whose_hash_is_that_of_its_document(own_session: Session) -> None:
    editions = {one.challenge_id: one for one in own_session.query(ChallengeEdition)}
    published = own_session.query(Challenge).filter(Challenge.code.is_not(None)).all()

    hashes = {one.id: hash_of(editions[one.id].snapshot["document"]) for one in published}

    assert hashes == {key: edition.hash for key, edition in editions.items()}


def test_every_challenge_stands_where_its_last_step_led(own_session: Session) -> None:
    steps = own_session.query(ChallengeStep).order_by(ChallengeStep.at, ChallengeStep.event)
    last = {step.challenge_id: step.to_state for step in steps}

    states = {one.id: one.state for one in own_session.query(Challenge)}

    assert last == states


@pytest.mark.parametrize("name", ["CH2026-002", "CH2026-003"])
def test_a_settled_ranking_says_what_was_then_awarded(own_session: Session, name: str) -> None:
    challenge_id = sample_id(name)
    proposal = own_session.query(AwardProposal).filter_by(challenge_id=challenge_id).one()
    verdicts = own_session.query(ProposedVerdict).filter_by(proposal_id=proposal.id).order_by(ProposedVerdict.place)

    ranking = ranking_of(own_session, challenge_id)

    assert ranking is not None
    assert [line.bid_id for line in ranking.lines] == [verdict.bid_id for verdict in verdicts]
    assert len(ranking.proposed) == sum(verdict.outcome == "selected" for verdict in verdicts)


def test_a_challenge_without_an_award_is_posted_again(own_session: Session) -> None:
    again = own_session.query(Challenge).filter(Challenge.parent_id == sample_id("CH2026-011")).one()

    assert (again.state, again.n_relistings) == (PostingState.PUBLISHED, 1)
    assert again.relisting_note


def test_one_challenge_waits_for_its_prefecture_and_one_for_its_appraisal(own_session: Session) -> None:
    waiting = own_session.get_one(Challenge, sample_id("CH2026-016"))
    appraised = own_session.get_one(Challenge, sample_id("CH2026-012"))

    assert waiting.state is PostingState.SUBMITTED
    assert own_session.get_one(Programme, waiting.programme_id).requires_recommendation
    assert own_session.query(Appraisal).filter_by(challenge_id=appraised.id, conclusion="").count() == 1
