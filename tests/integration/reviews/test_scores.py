from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import selectinload

from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.outbox.models import Job
from app.reviews import service
from app.reviews.commands import Conclude, Declare, FormPanel, SaveReview, Score
from app.reviews.models import Expert, Review, ReviewScore
from app.reviews.queries import feedback_of, ranking_of, seats
from app.reviews.scoring import Outcome
from app.reviews.workflow import PanelState, Phase, SeatState
from tests.factories.accounts import UserFactory, officer
from tests.factories.reviews import (
    MINUTES,
    called,
    employed_by,
    experts_of,
    handed_in,
    holder,
    meeting,
    pool,
    ranked,
    scoring,
    sheet,
    under_evaluation,
)
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOTE = "专家讨论后认为差异来自对量产经验的不同判断。"


def _submit(session: Session, seat: Any, entry: Any, command: SaveReview | None = None) -> Review:
    actor = holder(seat).as_actor()
    return service.submit_review(
        session, actor=actor, seat_id=seat.id, entry_id=entry.id, command=command or sheet(), now=NOON
    )


def _rank(session: Session, panel: Any, **given: Any) -> Any:
    command = Conclude(**{"minutes": MINUTES, **given})
    return service.rank_bids(session, actor=officer().as_actor(), panel_id=panel.id, command=command, now=NOON)


def _declare(session: Session, seat: Any, command: Declare) -> Any:
    return service.declare(session, actor=holder(seat).as_actor(), seat_id=seat.id, command=command, now=NOON)


def test_nobody_judges_before_the_pledge(session: Session) -> None:
    panel = called()
    seat = experts_of(panel)[0]
    session.refresh(panel, ["entries"])

    with pytest.raises(NotAllowed, match="pledge"):
        _submit(session, seat, panel.entries[0])


def test_the_pledge_must_be_given(session: Session) -> None:
    with pytest.raises(RuleViolation, match="pledge"):
        _declare(session, experts_of(called())[0], Declare(has_conflict=False))


def test_whoever_declares_a_conflict_is_replaced_by_lot(session: Session) -> None:
    panel = called()
    seat = experts_of(panel)[0]

    _declare(session, seat, Declare(has_conflict=True, reason="曾与投标单位合作发表论文"))
    session.commit()

    assert (seat.state, seat.grounds) == (SeatState.RECUSED, ["declared"])
    assert [one.replaces_id for one in experts_of(panel)].count(seat.id) == 1


def test_a_conflict_that_came_up_meanwhile_is_found_at_the_pledge(session: Session) -> None:
    panel = called()
    seat = experts_of(panel)[0]
    session.refresh(panel, ["entries"])
    _employ(session, seat, panel.entries[0].bid_id)

    _declare(session, seat, Declare(has_conflict=False, is_pledged=True))

    assert (seat.state, seat.grounds) == (SeatState.RECUSED, ["employer"])


def test_a_conflict_that_came_up_meanwhile_stops_a_score(session: Session) -> None:
    panel = scoring()
    seat = experts_of(panel)[0]
    session.refresh(panel, ["entries"])
    _employ(session, seat, panel.entries[0].bid_id)

    with pytest.raises(NotAllowed, match="conflict of interest"):
        _submit(session, seat, panel.entries[0])


def _employ(session: Session, seat: Any, bid_id: Any) -> None:
    from app.accounts.models import Organization

    firm = session.get_one(Organization, session.get_one(Bid, bid_id).organization_id)
    expert = session.get_one(Expert, seat.expert_id)
    tie = employed_by(firm.legal_name_zh)
    tie.expert_id = expert.id
    session.add(tie)
    session.commit()


def test_an_expert_without_time_is_replaced(session: Session) -> None:
    panel = called()
    seat = experts_of(panel)[0]

    service.decline(session, actor=holder(seat).as_actor(), seat_id=seat.id, reason="", now=NOON)
    session.commit()

    assert seat.state is SeatState.DECLINED
    assert len([one for one in experts_of(panel) if one.state is SeatState.INVITED]) == 5


def test_another_experts_seat_does_not_exist(session: Session) -> None:
    panel = scoring()
    first, second = experts_of(panel)[:2]
    session.refresh(panel, ["entries"])

    with pytest.raises(NotFound):
        service.submit_review(
            session, actor=holder(second).as_actor(), seat_id=first.id, entry_id=panel.entries[0].id,
            command=sheet(), now=NOON,
        )  # fmt: skip


def test_a_sheet_can_be_kept_unfinished(session: Session) -> None:
    panel = scoring()
    seat = experts_of(panel)[0]
    session.refresh(panel, ["entries"])
    half = SaveReview({"kpi_fit": Score(Decimal(3))})

    review = service.save_review(
        session, actor=holder(seat).as_actor(), seat_id=seat.id, entry_id=panel.entries[0].id, command=half, now=NOON
    )

    assert review.locked_at is None


def test_an_unfinished_sheet_is_not_handed_in(session: Session) -> None:
    panel = scoring()
    session.refresh(panel, ["entries"])

    with pytest.raises(RuleViolation, match="points"):
        _submit(session, experts_of(panel)[0], panel.entries[0], SaveReview({"kpi_fit": Score(Decimal(20))}))


def test_a_sheet_handed_in_is_locked_for_its_reviewer(session: Session) -> None:
    panel = scoring()
    seat = experts_of(panel)[0]
    session.refresh(panel, ["entries"])
    _submit(session, seat, panel.entries[0])
    session.commit()

    with pytest.raises(Conflict, match="can no longer be changed"):
        _submit(session, seat, panel.entries[0], sheet(0.7))


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(ReviewScore).values(comment="改"),
        sa.delete(ReviewScore),
        sa.update(Review).values(locked_at=None),
        sa.delete(Review),
    ],
    ids=str,
)
def test_a_sheet_handed_in_is_locked_in_the_database(session: Session, statement: Any) -> None:
    panel = scoring()
    session.refresh(panel, ["entries"])
    _submit(session, experts_of(panel)[0], panel.entries[0])
    session.commit()

    with pytest.raises(DatabaseError, match="cannot be changed"):
        session.execute(statement)


def test_the_discussion_waits_for_every_score(session: Session) -> None:
    panel = scoring()

    with pytest.raises(RuleViolation, match="handed in"):
        service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)


def test_the_discussion_is_told_to_every_expert(session: Session) -> None:
    panel = meeting()

    assert panel.state is PanelState.CONSENSUS
    assert session.query(Job).filter_by(kind="review.meeting").count() == 5


def test_scores_far_apart_must_be_discussed(session: Session) -> None:
    panel = meeting(1, {"A": [0.9, 0.9, 0.9, 0.9, 0.5]})

    with pytest.raises(RuleViolation, match="far apart"):
        _rank(session, panel)


def test_after_the_discussion_originals_are_preserved(session: Session) -> None:
    panel = meeting(1, {"A": [0.9, 0.9, 0.9, 0.9, 0.5]})
    seat = experts_of(panel)[4]
    session.refresh(panel, ["entries"])

    _submit(session, seat, panel.entries[0], sheet(0.9))
    _rank(session, panel, notes={panel.entries[0].id: NOTE})
    session.commit()

    phases = session.scalars(sa.select(Review.phase).where(Review.seat_id == seat.id)).all()
    assert sorted(phases) == [Phase.CONSENSUS, Phase.INDIVIDUAL]
    ranking = ranking_of(session, panel.challenge_id)
    assert ranking is not None
    assert ranking.lines[0].mean == Decimal(90)


def test_scores_that_agree_are_not_opened_again(session: Session) -> None:
    panel = meeting(1, {"A": [0.9] * 5})
    session.refresh(panel, ["entries"])

    with pytest.raises(Conflict, match="not under discussion"):
        _submit(session, experts_of(panel)[0], panel.entries[0], sheet(0.7))


def test_whoever_steps_back_during_the_discussion_is_replaced_and_the_rest_waits(session: Session) -> None:
    panel = meeting(1, {"A": [0.9] * 5})
    seat = experts_of(panel)[0]

    _declare(session, seat, Declare(has_conflict=True, reason="会上发现与投标单位有合作"))
    session.commit()

    assert panel.state is PanelState.SCORING
    with pytest.raises(RuleViolation, match="handed in"):
        service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)


def test_a_veto_of_most_reviewers_puts_a_bid_out(session: Session) -> None:
    panel = scoring(1)
    veto = {"veto": "false_material", "veto_reason": "检测报告编号在检测机构查无记录，疑似伪造材料。"}
    handed_in(panel, **veto)
    service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)

    _rank(session, panel)
    session.commit()

    ranking = ranking_of(session, panel.challenge_id)
    assert ranking is not None
    assert ranking.lines[0].outcome is Outcome.VETOED


def test_a_ranking_names_the_proposed_the_reserve_and_those_below_the_line(session: Session) -> None:
    panel = ranked(3, {"A": [0.9] * 5, "B": [0.8] * 5, "C": [0.6] * 5})

    ranking = ranking_of(session, panel.challenge_id)

    assert ranking is not None
    assert [(line.label, line.outcome, line.place) for line in ranking.lines] == [
        ("A", Outcome.PROPOSED, 1),
        ("B", Outcome.RESERVE, 2),
        ("C", Outcome.BELOW_LINE, None),
    ]


def test_equals_need_a_vote(session: Session) -> None:
    panel = meeting(2, {"A": [0.8] * 5, "B": [0.8] * 5})
    session.refresh(panel, ["entries"])
    first, second = panel.entries

    with pytest.raises(RuleViolation, match="vote"):
        _rank(session, panel)
    session.rollback()
    _rank(session, panel, votes={second.id: 3, first.id: 2})
    session.commit()

    ranking = ranking_of(session, panel.challenge_id)
    assert ranking is not None
    assert [line.label for line in ranking.lines] == ["B", "A"]


def test_there_are_no_more_votes_than_reviewers(session: Session) -> None:
    panel = meeting(2, {"A": [0.8] * 5, "B": [0.8] * 5})
    session.refresh(panel, ["entries"])

    with pytest.raises(RuleViolation, match="more votes"):
        _rank(session, panel, votes={entry.id: 3 for entry in panel.entries})


def test_no_ranking_without_minutes(session: Session) -> None:
    with pytest.raises(RuleViolation, match="minutes"):
        _rank(session, meeting(), minutes="已评")


def test_a_settled_ranking_is_not_settled_again(session: Session) -> None:
    panel = ranked()

    with pytest.raises(Conflict):
        _rank(session, panel)


def test_a_bidder_reads_its_own_means_and_remarks_without_names(session: Session) -> None:
    panel = ranked()
    names = [holder(seat).name for seat in experts_of(panel)]

    feedback = feedback_of(session, panel.entries[0].bid_id)

    assert feedback is not None
    assert len(feedback.criteria) == 7
    assert feedback.remarks
    assert not [name for name in names if name in str(feedback)]


def test_a_bid_that_promises_less_learns_the_gap_of_every_indicator(session: Session) -> None:
    panel = ranked()
    bid = session.get_one(Bid, panel.entries[0].bid_id)
    session.refresh(bid, ["commitments"])
    next(one for one in bid.commitments if one.unit == "mV").committed = "5"
    session.commit()

    feedback = feedback_of(session, bid.id)

    assert feedback is not None
    assert [gap.status for gap in feedback.gaps] == ["violated"]


def test_there_is_no_feedback_before_the_ranking(session: Session) -> None:
    panel = meeting()
    session.refresh(panel, ["entries"])

    assert feedback_of(session, panel.entries[0].bid_id) is None
    assert ranking_of(session, panel.challenge_id) is None


def test_a_ranking_is_read_in_few_queries(session: Session) -> None:
    challenge_id = ranked(3, {"A": [0.9] * 5, "B": [0.8] * 5, "C": [0.6] * 5}).challenge_id
    session.expire_all()

    with count_queries() as statements:
        ranking_of(session, challenge_id)

    assert len(statements) <= 7


def test_an_owner_who_judges_alone_settles_the_ranking(session: Session) -> None:
    challenge, _ = under_evaluation(1)
    boss = officer().as_actor()
    panel = service.form_panel(session, actor=boss, challenge_id=challenge.id, command=FormPanel("owner", 0), now=NOON)
    service.call_panel(session, actor=boss, panel_id=panel.id, now=NOON)
    session.commit()
    owner = UserFactory(organization=challenge.organization).as_actor()
    seat, entry = panel.seats[0], panel.entries[0]
    service.declare(session, actor=owner, seat_id=seat.id, command=Declare(False, is_pledged=True), now=NOON)
    service.submit_review(session, actor=owner, seat_id=seat.id, entry_id=entry.id, command=sheet(), now=NOON)
    session.commit()

    service.open_meeting(session, actor=boss, panel_id=panel.id, now=NOON)
    _rank(session, panel)

    assert entry.outcome is Outcome.PROPOSED


def test_beside_a_panel_the_owners_scores_do_not_count(session: Session) -> None:
    panel = scoring(1)
    handed_in(panel, {"A": [0.9] * 5})
    session.refresh(panel, ["seats", "entries"])
    owner = UserFactory(organization=panel.challenge.organization).as_actor()
    seat = next(seat for seat in panel.seats if seat.expert_id is None)
    service.declare(session, actor=owner, seat_id=seat.id, command=Declare(False, is_pledged=True), now=NOON)
    entry = panel.entries[0]
    service.submit_review(session, actor=owner, seat_id=seat.id, entry_id=entry.id, command=sheet(0.8), now=NOON)
    session.commit()

    service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)
    _rank(session, panel)

    assert entry.mean == Decimal(90)


def test_an_expert_cannot_open_the_discussion(session: Session) -> None:
    panel = scoring()
    expert = holder(experts_of(panel)[0]).as_actor()
    pool(1)

    with pytest.raises(NotAllowed):
        service.open_meeting(session, actor=expert, panel_id=panel.id, now=NOON)


def test_what_is_said_to_the_indicators_stands_in_their_order(session: Session) -> None:
    panel = scoring()
    session.refresh(panel, ["entries"])
    seat, bid = experts_of(panel)[0], session.get_one(Bid, panel.entries[0].bid_id)
    kpis = list(session.get_one(Challenge, bid.challenge_id, options=[selectinload(Challenge.kpis)]).kpis)
    session.refresh(bid, ["commitments"])
    for one in bid.commitments:
        one.evidence = "实测报告"
    session.commit()

    view = seats.entry_page(session, actor=holder(seat).as_actor(), seat_id=seat.id, entry_id=panel.entries[0].id)

    assert [one.name for one in view.content.promised] == [kpi.name for kpi in kpis]
