"""No award, why, and what comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.challenges import service
from app.challenges.models import AutopsyAnswer, Challenge, ChallengeStep
from app.challenges.queries.process import autopsy
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.support.clock import NOON
from tests.support.process import DAY

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TEXT = "截至截榜时间无单位揭榜。"
ENDED = {"closed": True, "state": PostingState.NO_AWARD, "outcome": {"reasons": ["no_bid"], "text": TEXT}}


def owner(row: Challenge) -> Actor:
    return UserFactory(organization=row.organization).as_actor()


def end(session: Session, row: Challenge, actor: Actor | None = None, **changes: Any) -> None:
    given = {"reasons": ("no_bid",), "text": TEXT, **changes}
    authority = actor or officer().as_actor()
    service.declare_no_award(session, actor=authority, challenge_id=row.id, now=NOON, **given)
    session.commit()


@pytest.mark.parametrize("state", [PostingState.CLOSED, PostingState.EVALUATING])
def test_a_competition_ends_without_an_award_for_public_reasons(session: Session, state: PostingState) -> None:
    row = ChallengeFactory(**{**ENDED, "state": state, "outcome": {}})

    end(session, row, reasons=("no_bid", "none_valid", "no_bid"))

    assert row.state is PostingState.NO_AWARD
    assert row.outcome == {"reasons": ["no_bid", "none_valid"], "text": TEXT}
    assert session.scalars(select(ChallengeStep)).one().reason_code == "no_bid"


def test_a_result_in_public_notice_is_not_ended_by_one_person(session: Session) -> None:
    row = ChallengeFactory(**{**ENDED, "state": PostingState.PUBLICITY, "outcome": {}})

    with pytest.raises(Conflict, match="two people"):
        end(session, row)


@pytest.mark.parametrize(
    "changes", [{"reasons": ()}, {"reasons": ("bad_weather",)}, {"text": "无"}, {"text": "长" * 1001}]
)
def test_an_end_without_reasons_is_none(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(RuleViolation):
        end(session, ChallengeFactory(closed=True), **changes)


@pytest.mark.parametrize("state", [PostingState.PUBLISHED, PostingState.AWARDED, PostingState.NO_AWARD])
def test_what_runs_or_has_ended_does_not_end_without_an_award(session: Session, state: PostingState) -> None:
    with pytest.raises(Conflict):
        end(session, ChallengeFactory(**{**ENDED, "state": state}))


def test_the_operator_ends_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        end(session, ChallengeFactory(closed=True), operator().as_actor())


def relist(session: Session, row: Challenge) -> Challenge:
    child = service.relist_challenge(session, actor=owner(row), challenge_id=row.id, now=NOON)
    session.commit()
    return child


def test_posting_again_is_a_new_challenge_with_open_dates(session: Session) -> None:
    row = ChallengeFactory(**ENDED)

    child = relist(session, row)

    assert (child.parent_id, child.n_relistings, child.state) == (row.id, 1, PostingState.DRAFT)
    assert (child.title, child.code, child.bid_deadline_at) == (row.title, None, None)
    assert [kpi.name for kpi in child.kpis] == [kpi.name for kpi in row.kpis]
    assert {kpi.id for kpi in child.kpis}.isdisjoint({kpi.id for kpi in row.kpis})
    assert row.state is PostingState.NO_AWARD


def _ready(session: Session, child: Challenge, note: str) -> Challenge:
    child.bid_deadline_at, child.question_deadline_at = NOON + 30 * DAY, NOON + 20 * DAY
    child.is_not_secret_declared = child.is_funding_pledged = True
    child.relisting_note = note
    session.commit()
    return child


def test_what_is_posted_again_was_looked_at_once_more(session: Session) -> None:
    child = _ready(session, relist(session, ChallengeFactory(**ENDED)), "")

    with pytest.raises(RuleViolation) as refused:
        service.submit_challenge(session, actor=owner(child), challenge_id=child.id, now=NOON)

    assert refused.value.field == "relisting_note"


def test_with_a_word_on_indicators_price_and_term_it_is_handed_in(session: Session) -> None:
    note = "采样误差由2毫伏放宽至3毫伏，榜额增加二百万元，期限延长六个月。"
    child = _ready(session, relist(session, ChallengeFactory(**ENDED)), note)

    service.submit_challenge(session, actor=owner(child), challenge_id=child.id, now=NOON)

    assert child.state is PostingState.SUBMITTED


@pytest.mark.parametrize(("limit", "before", "may"), [(2, 0, True), (2, 1, True), (2, 2, False), (0, 0, False)])
def test_a_line_is_posted_again_as_often_as_its_programme_allows(
    session: Session, limit: int, before: int, may: bool
) -> None:
    parent = ChallengeFactory(**ENDED).id if before else None
    row = ChallengeFactory(
        **ENDED, programme=ProgrammeFactory(max_relistings=limit), n_relistings=before, parent_id=parent
    )

    refusal = None
    try:
        relist(session, row)
    except RuleViolation as error:
        refusal = error.code

    assert refusal == (None if may else "relisted_out")


def test_after_the_last_time_it_becomes_a_need(session: Session) -> None:
    row = ChallengeFactory(**ENDED, n_relistings=2, parent_id=ChallengeFactory(**ENDED).id)

    need = service.need_instead(session, actor=owner(row), challenge_id=row.id, now=NOON)

    assert (need.kind, need.state, need.title) == ("need", PostingState.DRAFT, row.title)


def test_a_challenge_is_posted_again_once(session: Session) -> None:
    row = ChallengeFactory(**ENDED)
    relist(session, row)

    with pytest.raises(Conflict, match="already"):
        relist(session, row)


@pytest.mark.parametrize("given", [{}, {"closed": True}])
def test_what_has_not_ended_is_not_posted_again(session: Session, given: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        relist(session, ChallengeFactory(**given))


# The autopsy.


def answer(session: Session, row: Challenge, actor: Actor, reason: str = "price") -> None:
    service.answer_autopsy(session, actor=actor, challenge_id=row.id, reason_code=reason, now=NOON)
    session.commit()


def firm() -> Actor:
    return UserFactory(organization=OrganizationFactory(chip=True)).as_actor()


def test_one_tap_says_why_a_firm_does_not_bid_and_no_row_names_it(session: Session) -> None:
    row, reader = ChallengeFactory(), firm()

    answer(session, row, reader)

    kept = session.scalars(select(AutopsyAnswer)).one()
    assert kept.reason_code == "price"
    assert str(reader.organization_id) not in {
        str(getattr(kept, column.key)) for column in AutopsyAnswer.__table__.columns
    }


def test_a_second_tap_replaces_the_first(session: Session) -> None:
    row, reader = ChallengeFactory(), firm()
    answer(session, row, reader)

    answer(session, row, reader, "term")
    answer(session, row, firm(), "term")

    assert autopsy(session, row.id) == {"term": 2}


def test_the_owner_is_not_asked(session: Session) -> None:
    row = ChallengeFactory()

    with pytest.raises(NotAllowed):
        answer(session, row, owner(row))


def test_an_unverified_firm_is_not_asked(session: Session) -> None:
    stranger = UserFactory(organization=OrganizationFactory(chip=True, unverified=True)).as_actor()

    with pytest.raises(NotAllowed):
        answer(session, ChallengeFactory(), stranger)


def test_an_unknown_reason_is_none(session: Session) -> None:
    with pytest.raises(RuleViolation):
        answer(session, ChallengeFactory(), firm(), "weather")


@pytest.mark.parametrize(("given", "is_told"), [({}, False), ({"closed": True}, True)])
def test_owner_and_desk_read_the_numbers_after_the_deadline_only(
    session: Session, client: FlaskClient, login: Any, given: dict[str, Any], is_told: bool
) -> None:
    row = ChallengeFactory(**given)
    answer(session, row, firm())
    reader = UserFactory(organization=row.organization, locale="en")

    own = login(client, reader).get(f"/workspace/challenges/{row.id}").text
    desk = login(client, officer(locale="en")).get(f"/desk/challenges/{row.id}").text

    assert ("The reward is too small · 1" in own, "The reward is too small · 1" in desk) == (is_told, is_told)
