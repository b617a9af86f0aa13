"""Writing, submitting, reviewing and ending a need."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.compliance import Asked
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands import service
from app.demands.commands import ReviewPosting, SaveNeed
from app.demands.models import Need
from app.demands.queries.needs import need_form
from app.demands.workflow import PostingState
from app.outbox.models import Job
from app.search.models import SearchDocument
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

OPINION = ReviewPosting("需求真实，指标可测。")
DRAFT = SaveNeed(title="储能电池包18串采样芯片", categories=("C0407",), params=(Asked("cell_err", "<=", "2", "mV"),))


def editor_of(need: Need) -> Actor:
    return UserFactory(organization=need.organization).as_actor()


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def jobs(session: Session) -> list[str]:
    return sorted(session.scalars(select(Job.kind)))


def test_a_draft_belongs_to_its_writer_and_their_company(session: Session) -> None:
    writer = UserFactory(organization=OrganizationFactory(terminal=True)).as_actor()

    need = service.create_need(session, actor=writer, command=DRAFT, now=NOON)

    assert (need.organization_id, need.created_by, need.contact_user_id) == (
        writer.organization_id, writer.user_id, writer.user_id,
    )  # fmt: skip
    assert need.state is PostingState.DRAFT
    assert actions(session) == ["need.create"]
    assert jobs(session) == []


def test_a_chip_firm_writes_no_need(session: Session) -> None:
    seller = UserFactory(organization=OrganizationFactory(chip=True)).as_actor()

    with pytest.raises(NotAllowed):
        service.create_need(session, actor=seller, command=DRAFT, now=NOON)


def test_a_contradictory_draft_is_not_kept(session: Session) -> None:
    writer = UserFactory(organization=OrganizationFactory(terminal=True)).as_actor()
    backwards = replace(DRAFT, temp_min=85.0, temp_max=-40.0)

    with pytest.raises(RuleViolation) as caught:
        service.create_need(session, actor=writer, command=backwards, now=NOON)

    assert caught.value.field == "temp_max"


def test_saving_replaces_everything_and_moves_the_version(session: Session) -> None:
    need = NeedFactory(draft=True)
    writer, before = editor_of(need), need.version

    service.save_need(session, actor=writer, need_id=need.id, command=replace(DRAFT, version=before), now=NOON)
    session.commit()

    _, stored = need_form(session, actor=writer, need_id=need.id)
    assert stored == replace(DRAFT, version=stored.version)
    assert stored.version is not None
    assert stored.version > before


def test_saving_the_same_again_moves_the_version_too(session: Session) -> None:
    need = NeedFactory(draft=True)
    writer = editor_of(need)
    _, stored = need_form(session, actor=writer, need_id=need.id)

    saved = service.save_need(
        session, actor=writer, need_id=need.id, command=stored, now=NOON + dt.timedelta(minutes=1)
    )

    assert saved.version == (stored.version or 0) + 1


def test_a_stale_form_overwrites_nothing(session: Session) -> None:
    need = NeedFactory(draft=True)

    with pytest.raises(Conflict):
        service.save_need(
            session, actor=editor_of(need), need_id=need.id, command=replace(DRAFT, version=need.version - 1), now=NOON
        )


@pytest.mark.parametrize("trait", ["submitted", "published"])
def test_what_was_handed_in_is_not_changed(session: Session, trait: str) -> None:
    need = NeedFactory(submitted=trait == "submitted")

    with pytest.raises(NotAllowed):
        service.save_need(session, actor=editor_of(need), need_id=need.id, command=DRAFT, now=NOON)


def test_another_company_does_not_learn_of_a_draft(session: Session) -> None:
    need, stranger = NeedFactory(draft=True), UserFactory(organization=OrganizationFactory(terminal=True)).as_actor()

    with pytest.raises(NotFound):
        service.save_need(session, actor=stranger, need_id=need.id, command=DRAFT, now=NOON)


@pytest.mark.parametrize("missing", [uuid.UUID(int=0), uuid.UUID(int=7)])
def test_a_need_that_does_not_exist_is_not_found(session: Session, missing: uuid.UUID) -> None:
    with pytest.raises(NotFound):
        service.publish_need(session, actor=officer().as_actor(), need_id=missing, command=OPINION, now=NOON)


def test_a_challenge_is_not_handled_as_a_need(session: Session) -> None:
    challenge = ChallengeFactory(submitted=True)

    with pytest.raises(NotFound):
        service.publish_need(session, actor=officer().as_actor(), need_id=challenge.id, command=OPINION, now=NOON)


def test_submitting_hands_a_whole_need_in(session: Session) -> None:
    need = NeedFactory(draft=True)

    service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert (need.state, need.submitted_at) == (PostingState.SUBMITTED, NOON)
    assert actions(session) == ["need.submit"]


def test_an_unverified_company_hands_nothing_in(session: Session) -> None:
    need = NeedFactory(draft=True, organization=OrganizationFactory(terminal=True, unverified=True))

    with pytest.raises(NotAllowed):
        service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)


def test_a_need_with_gaps_is_not_submitted(session: Session) -> None:
    need = NeedFactory(draft=True, end_product="")

    with pytest.raises(RuleViolation) as caught:
        service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert caught.value.field == "end_product"
    assert need.state is PostingState.DRAFT


def test_samples_are_not_needed_in_the_past(session: Session) -> None:
    need = NeedFactory(draft=True, sample_by=(NOON - dt.timedelta(days=1)).date())

    with pytest.raises(RuleViolation) as caught:
        service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert caught.value.field == "sample_by"


def test_samples_may_be_needed_today(session: Session) -> None:
    need = NeedFactory(draft=True, sample_by=NOON.date())

    service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert need.state is PostingState.SUBMITTED


def test_what_was_submitted_is_not_submitted_again(session: Session) -> None:
    need = NeedFactory(submitted=True)

    with pytest.raises(Conflict):
        service.submit_need(session, actor=editor_of(need), need_id=need.id, now=NOON)


def test_publication_makes_a_need_findable_matched_and_known(session: Session) -> None:
    need = NeedFactory(submitted=True)

    service.publish_need(session, actor=officer().as_actor(), need_id=need.id, command=OPINION, now=NOON)

    assert (need.state, need.published_at, need.review_opinion) == (PostingState.PUBLISHED, NOON, OPINION.opinion)
    assert session.scalars(select(SearchDocument.subject_id)).all() == [need.id]
    assert jobs(session) == ["need.changed", "need.published"]
    assert actions(session) == ["need.publish"]


def test_a_returned_need_counts_its_returns_and_can_be_handed_in_again(session: Session) -> None:
    need = NeedFactory(submitted=True)
    authority, writer = officer().as_actor(), editor_of(need)

    service.return_need(session, actor=authority, need_id=need.id, command=OPINION, now=NOON)
    service.submit_need(session, actor=writer, need_id=need.id, now=NOON)

    assert (need.state, need.n_returns) == (PostingState.SUBMITTED, 1)
    assert jobs(session) == ["need.returned"]


@pytest.mark.parametrize("decide", [service.publish_need, service.return_need])
def test_an_operator_decides_nothing(session: Session, decide: object) -> None:
    need = NeedFactory(submitted=True)

    with pytest.raises(NotAllowed):
        decide(session, actor=operator().as_actor(), need_id=need.id, command=OPINION, now=NOON)  # type: ignore[operator]


@pytest.mark.parametrize("opinion", ["", "长" * 1001])
@pytest.mark.parametrize("decide", [service.publish_need, service.return_need])
def test_a_decision_has_an_opinion_of_bearable_length(session: Session, decide: object, opinion: str) -> None:
    need = NeedFactory(submitted=True)

    with pytest.raises(RuleViolation) as caught:
        decide(session, actor=officer().as_actor(), need_id=need.id, command=ReviewPosting(opinion), now=NOON)  # type: ignore[operator]

    assert caught.value.field == "opinion"


def test_an_officer_decides_about_the_text_that_was_read(session: Session) -> None:
    need = NeedFactory(submitted=True)
    read = replace(OPINION, version=need.version - 1)

    with pytest.raises(Conflict):
        service.publish_need(session, actor=officer().as_actor(), need_id=need.id, command=read, now=NOON)

    assert need.state is PostingState.SUBMITTED


def test_a_closed_need_is_no_longer_found_or_matched(session: Session) -> None:
    need = NeedFactory(submitted=True)
    service.publish_need(session, actor=officer().as_actor(), need_id=need.id, command=OPINION, now=NOON)

    service.close_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert (need.state, need.closed_at) == (PostingState.CLOSED, NOON)
    assert session.scalars(select(SearchDocument.subject_id)).all() == []
    assert "need.changed" in jobs(session)


@pytest.mark.parametrize(("state", "tells"), [("draft", []), ("submitted", []), ("published", ["need.changed"])])
def test_a_need_is_taken_back(session: Session, state: str, tells: list[str]) -> None:
    need = NeedFactory(**({} if state == "published" else {state: True}))

    service.cancel_need(session, actor=editor_of(need), need_id=need.id, now=NOON)

    assert need.state is PostingState.CANCELLED
    assert jobs(session) == tells
    assert actions(session) == ["need.cancel"]


def test_a_draft_cannot_be_closed(session: Session) -> None:
    need = NeedFactory(draft=True)

    with pytest.raises(Conflict):
        service.close_need(session, actor=editor_of(need), need_id=need.id, now=NOON)


def test_a_hidden_name_cannot_be_searched(session: Session) -> None:
    shown, hidden = NeedFactory(), NeedFactory(is_owner_shown=False)

    assert shown.organization.legal_name_zh in service.search_text(shown)
    assert hidden.organization.legal_name_zh not in service.search_text(hidden)


@pytest.mark.parametrize("secret", ["KM7818A", "驱动库"])
def test_only_the_public_part_can_be_searched(session: Session, secret: str) -> None:
    need = NeedFactory(pin_compat_with="KM7818A", software_needs="驱动库")

    assert secret not in service.search_text(need)
