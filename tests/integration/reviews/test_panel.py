from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.accounts.models import Organization
from app.audit.models import AuditEvent
from app.bids.workflow import BidState
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingMode, PostingState
from app.outbox.models import Job
from app.reviews import service
from app.reviews.candidates import candidates
from app.reviews.commands import FormPanel
from app.reviews.models import Expert
from app.reviews.workflow import PanelState, ReviewMethod, SeatState
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.bids import BidFactory
from tests.factories.challenges import ProgrammeFactory
from tests.factories.reviews import (
    ExpertFactory,
    called,
    employed_by,
    experts_of,
    formed,
    pool,
    rules_of,
    under_evaluation,
)
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PANEL = FormPanel("panel", 5)


def _form(session: Session, challenge: Any, command: FormPanel = PANEL, actor: Any = None) -> Any:
    who = (actor or officer()).as_actor()
    return service.form_panel(session, actor=who, challenge_id=challenge.id, command=command, now=NOON)


def _sides(session: Session, panel: Any) -> set[str]:
    ids = [seat.expert_id for seat in panel.seats if seat.expert_id]
    return {side for expert in session.scalars(select(Expert).where(Expert.id.in_(ids))) for side in expert.sides}


def test_a_panel_has_as_many_experts_as_asked_and_every_side(session: Session) -> None:
    panel = formed()

    assert len(experts_of(panel)) == 5
    assert _sides(session, panel) >= {"application", "finance_ip"}


def test_every_bid_gets_a_letter_of_its_own(session: Session) -> None:
    panel = formed(3)

    assert sorted(entry.label for entry in panel.entries) == ["A", "B", "C"]


def test_the_rules_are_frozen_when_the_panel_is_formed(session: Session) -> None:
    programme = ProgrammeFactory(pass_line=75)
    panel = formed(programme=programme)

    programme.pass_line = 10
    session.commit()

    assert rules_of(panel).pass_line == 75


def test_the_seed_and_the_reasons_of_every_seat_are_on_the_trail(session: Session) -> None:
    panel = formed()

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "review.form_panel")).one()
    assert event.details["seed"] == panel.seed
    assert {seat["how"] for seat in event.details["drawn"]} == {"owner", "optimum"}


def test_nobody_bound_to_a_bidder_is_given_a_seat(session: Session) -> None:
    challenge, bids = under_evaluation()
    firm = session.get_one(Organization, bids[0].organization_id)
    bound = [ExpertFactory(sides=["application"], ties=[employed_by(firm.legal_name_zh)]) for _ in range(3)]
    pool(9)

    panel = _form(session, challenge)

    assert not {one.id for one in bound} & {seat.expert_id for seat in panel.seats}


def test_a_member_of_a_consortium_counts_as_a_bidder(session: Session) -> None:
    challenge, _ = under_evaluation(1)
    member = {"name": "珠海成员微电子有限公司", "uscc": "91440400MA4XX0020W"}
    BidFactory(challenge=challenge, state=BidState.VALID, details={"members": [member]})
    bound = ExpertFactory(sides=["finance_ip"], ties=[employed_by("改名前的公司", uscc="91440400MA4XX0020W")])
    pool(9)

    panel = _form(session, challenge)

    assert bound.id not in {seat.expert_id for seat in panel.seats}


def test_whoever_has_no_room_or_is_away_is_given_no_seat(session: Session) -> None:
    challenge, _ = under_evaluation()
    away = [ExpertFactory(is_available=False), ExpertFactory(load_limit=0)]
    pool(6)

    panel = _form(session, challenge)

    assert not {one.id for one in away} & {seat.expert_id for seat in panel.seats}


def test_an_expert_sits_on_no_more_panels_than_the_load_limit_says(session: Session) -> None:
    experts = [ExpertFactory(sides=["application", "finance_ip"], load_limit=1) for _ in range(5)]
    first, second = under_evaluation()[0], under_evaluation()[0]
    _form(session, first)
    session.commit()

    with pytest.raises(RuleViolation) as refusal:
        _form(session, second)

    assert refusal.value.context["shortages"] == [("", 5, 0), ("application", 1, 0), ("finance_ip", 1, 0)]
    assert len(experts) == 5


@pytest.mark.parametrize(("size", "code"), [(3, "too_small"), (6, "even"), (27, "too_large")])
def test_a_panel_of_another_size_is_refused(session: Session, size: int, code: str) -> None:
    challenge, _ = under_evaluation()

    with pytest.raises(RuleViolation) as refusal:
        _form(session, challenge, FormPanel("panel", size))

    assert refusal.value.code == code


def test_weights_that_do_not_add_up_to_a_hundred_are_refused(session: Session) -> None:
    programme = ProgrammeFactory(review_weights=[{"code": "a", "name": "甲", "max": 60}])
    challenge, _ = under_evaluation(programme=programme)

    with pytest.raises(RuleViolation, match="add up to 100"):
        _form(session, challenge)


def test_no_panel_is_formed_before_every_bid_is_checked(session: Session) -> None:
    challenge, _ = under_evaluation(state=BidState.OPENED)

    with pytest.raises(RuleViolation, match="format check"):
        _form(session, challenge)


def test_no_panel_is_formed_where_no_bid_is_in_order(session: Session) -> None:
    challenge, _ = under_evaluation(state=BidState.FORMAT_REJECTED)

    with pytest.raises(RuleViolation, match="nothing to judge"):
        _form(session, challenge)


def test_no_second_panel_is_formed_while_one_runs(session: Session) -> None:
    panel = formed()

    with pytest.raises(Conflict):
        _form(session, panel.challenge)


def test_no_panel_is_formed_before_the_opening(session: Session) -> None:
    challenge, _ = under_evaluation(state=BidState.VALID)
    challenge.state = PostingState.CLOSED
    session.commit()

    with pytest.raises(Conflict, match="not under evaluation"):
        _form(session, challenge)


def test_the_operator_forms_no_panel(session: Session) -> None:
    challenge, _ = under_evaluation()

    with pytest.raises(NotAllowed):
        _form(session, challenge, actor=operator())


def test_a_task_of_the_government_is_never_judged_by_its_owner_alone(session: Session) -> None:
    challenge, _ = under_evaluation(mode=PostingMode.GOVERNMENT_TASK)

    with pytest.raises(RuleViolation, match="panel of experts"):
        _form(session, challenge, FormPanel("owner", 0))


def test_an_owner_may_judge_its_own_challenge_alone(session: Session) -> None:
    challenge, _ = under_evaluation()

    panel = _form(session, challenge, FormPanel("owner", 0))

    assert panel.method is ReviewMethod.OWNER
    assert [seat.expert_id for seat in panel.seats] == [None]


def test_calling_a_panel_invites_everybody_and_puts_the_bids_under_review(session: Session) -> None:
    panel = called()

    session.refresh(panel, ["seats", "entries"])
    assert {seat.state for seat in panel.seats} == {SeatState.INVITED}
    assert session.query(Job).filter_by(kind="review.invited").count() == 6
    assert panel.due_at == NOON + dt.timedelta(days=14)


def test_a_seat_taken_away_is_given_to_another_by_lot_with_the_seed_on_record(session: Session) -> None:
    panel = called()
    seat = experts_of(panel)[0]

    fresh = service.replace_seat(session, actor=operator().as_actor(), seat_id=seat.id, reason="联系不上专家", now=NOON)

    assert fresh is not None
    assert (seat.state, fresh.state, fresh.replaces_id) == (SeatState.REMOVED, SeatState.INVITED, seat.id)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "review.draw")).one()
    assert event.details["seed"] == fresh.drawn["seed"]
    assert str(fresh.expert_id) in event.details["pool"]


def test_a_lot_keeps_the_composition_of_the_panel(session: Session) -> None:
    challenge, _ = under_evaluation()
    only = ExpertFactory(sides=["finance_ip"])
    spare = ExpertFactory(sides=["finance_ip"], is_available=False)
    [ExpertFactory(sides=["application"]) for _ in range(8)]
    panel = _form(session, challenge)
    spare.is_available = True
    session.commit()
    seat = next(seat for seat in panel.seats if seat.expert_id == only.id)

    fresh = service.replace_seat(session, actor=officer().as_actor(), seat_id=seat.id, reason="专家临时出差", now=NOON)

    assert fresh is not None
    assert fresh.expert_id == spare.id


def test_a_seat_stays_vacant_where_nobody_is_free_and_is_filled_later(session: Session) -> None:
    panel = formed(n_experts=5)
    seat = experts_of(panel)[0]
    boss = officer().as_actor()

    assert service.replace_seat(session, actor=boss, seat_id=seat.id, reason="专家临时出差", now=NOON) is None
    with pytest.raises(RuleViolation, match="lacks experts"):
        service.call_panel(session, actor=boss, panel_id=panel.id, now=NOON)
    session.rollback()
    service.replace_seat(session, actor=boss, seat_id=seat.id, reason="专家临时出差", now=NOON)
    session.commit()
    ExpertFactory(sides=["application", "finance_ip", "technical"])
    assert service.fill_seats(session, actor=boss, panel_id=panel.id, now=NOON) == 1
    session.commit()

    assert panel.state is PanelState.FORMING
    assert len([one for one in experts_of(panel) if one.state is SeatState.CHOSEN]) == 5


def test_a_stranger_takes_no_seat_away(session: Session) -> None:
    seat = experts_of(called())[0]

    with pytest.raises(NotAllowed):
        service.replace_seat(session, actor=UserFactory().as_actor(), seat_id=seat.id, reason="随便", now=NOON)


def test_nobody_bound_to_the_owner_is_given_a_seat(session: Session) -> None:
    challenge, bids = under_evaluation()
    bound = ExpertFactory(ties=[employed_by(challenge.organization.legal_name_zh)])

    found = candidates(session, challenge, bids, NOON)

    assert not next(one for one in found if one.expert.id == bound.id).is_free
