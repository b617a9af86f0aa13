from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import FileStorage

from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge, ChallengeStep
from app.challenges.workflow import ChallengeEvent
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.models import Job
from app.reviews import service
from app.reviews.commands import CheckFormat
from app.reviews.models import FormatCheck
from app.reviews.rules import MAJOR, MINOR
from app.reviews.workflow import FormatEvent, FormatState
from tests.factories.accounts import UserFactory, officer, operator
from tests.factories.bids import BidFactory
from tests.factories.reviews import formed, in_order, ranked, under_evaluation
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.models import Bid

MB = 1024 * 1024


def _opened() -> Bid:
    return under_evaluation(1, BidState.OPENED)[1][0]


def _prepare(session: Session, bid: Bid, command: CheckFormat | None = None, actor: Any = None) -> FormatCheck:
    who = (actor or operator()).as_actor()
    return service.prepare_check(session, actor=who, bid_id=bid.id, command=command or in_order(), now=NOON)


def _sign(session: Session, bid: Bid, event: FormatEvent, actor: Any = None, opinion: str = "") -> FormatCheck:
    who = (actor or officer()).as_actor()
    return service.sign_check(session, actor=who, bid_id=bid.id, event=event, opinion=opinion, now=NOON)


def _ask(session: Session, bid: Bid) -> FormatCheck:
    command = in_order(documents=MINOR)
    return service.ask_correction(session, actor=operator().as_actor(), bid_id=bid.id, command=command, now=NOON)


def _correct(session: Session, bid: Bid, actor: Any, upload: Any = None, now: dt.datetime = NOON) -> FormatCheck:
    return service.correct_bid(
        session, actor=actor, bid_id=bid.id, text="已补齐联合体协议盖章页。", upload=upload, max_bytes=MB, now=now
    )


def _member(session: Session, bid: Bid) -> Any:
    from app.accounts.models import Organization

    return UserFactory(organization=session.get_one(Organization, bid.organization_id)).as_actor()


def test_a_bid_in_order_is_valid_once_a_second_person_has_signed(session: Session) -> None:
    bid = _opened()

    _prepare(session, bid)
    check = _sign(session, bid, FormatEvent.ACCEPT)

    assert (check.state, bid.state) == (FormatState.ACCEPTED, BidState.VALID)
    assert session.query(Job).filter_by(kind="bid.format_decided").count() == 1


def test_nobody_signs_what_the_same_person_has_prepared(session: Session) -> None:
    bid, one = _opened(), officer()
    _prepare(session, bid, actor=one)

    with pytest.raises(NotAllowed, match="second person"):
        _sign(session, bid, FormatEvent.ACCEPT, actor=one)


def test_the_operator_signs_nothing(session: Session) -> None:
    bid = _opened()
    _prepare(session, bid)

    with pytest.raises(NotAllowed):
        _sign(session, bid, FormatEvent.ACCEPT, actor=operator())


def test_a_rejection_gives_its_reasons(session: Session) -> None:
    bid = _opened()
    _prepare(session, bid, in_order(price=MAJOR))

    with pytest.raises(RuleViolation, match="reasons"):
        _sign(session, bid, FormatEvent.REJECT)
    _sign(session, bid, FormatEvent.REJECT, opinion="报价超过榜单金额，计划不允许。")

    assert bid.state is BidState.FORMAT_REJECTED


@pytest.mark.parametrize(
    ("command", "event"),
    [(in_order(), FormatEvent.REJECT), (in_order(price=MAJOR), FormatEvent.ACCEPT)],
)
def test_nobody_decides_against_the_list(session: Session, command: CheckFormat, event: FormatEvent) -> None:
    bid = _opened()
    _prepare(session, bid, command)

    with pytest.raises(RuleViolation):
        _sign(session, bid, event, opinion="理由充分，经集体研究决定。")


def test_a_list_sent_back_can_be_prepared_again(session: Session) -> None:
    bid = _opened()
    _prepare(session, bid)

    check = _sign(session, bid, FormatEvent.SEND_BACK, opinion="请核对联合体成员数量。")

    assert (check.state, bid.state) == (FormatState.CHECKING, BidState.OPENED)


def test_a_firm_has_three_working_days_to_correct_what_is_not_of_substance(session: Session) -> None:
    bid = _opened()

    check = _ask(session, bid)

    assert check.correction_due_at == add_working_days(NOON, 3)
    assert session.query(Job).filter_by(kind="bid.correction_asked").count() == 1


def test_what_is_of_substance_is_never_corrected(session: Session) -> None:
    bid = _opened()

    with pytest.raises(RuleViolation, match="substantive"):
        service.ask_correction(
            session, actor=operator().as_actor(), bid_id=bid.id, command=in_order(price=MINOR), now=NOON
        )


def test_a_bid_with_a_defect_beyond_correction_is_not_sent_back(session: Session) -> None:
    bid = _opened()

    with pytest.raises(RuleViolation, match="can all be corrected"):
        service.ask_correction(
            session, actor=operator().as_actor(), bid_id=bid.id, command=in_order(plan=MINOR, price=MAJOR), now=NOON
        )


def test_the_firm_corrects_with_words_and_a_file(session: Session) -> None:
    bid = _opened()
    _ask(session, bid)
    upload = FileStorage(io.BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"), filename="协议.pdf")

    check = _correct(session, bid, _member(session, bid), upload)

    assert check.state is FormatState.CHECKING
    assert check.correction_file_id is not None


def test_there_is_one_chance_only(session: Session) -> None:
    bid = _opened()
    _ask(session, bid)
    _correct(session, bid, _member(session, bid))

    with pytest.raises(Conflict, match="had its chance"):
        _ask(session, bid)


def test_the_chance_comes_before_the_rejection(session: Session) -> None:
    bid = _opened()

    with pytest.raises(RuleViolation, match="chance"):
        _prepare(session, bid, in_order(documents=MINOR))


def test_another_firm_corrects_nothing(session: Session) -> None:
    bid, other = _opened(), under_evaluation(1)[1][0]
    _ask(session, bid)

    with pytest.raises(NotFound):
        _correct(session, bid, _member(session, other))


def test_a_chance_that_was_let_pass_goes_back_to_the_operator(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bid = _opened()
    check = _ask(session, bid)
    check.correction_due_at = NOON - dt.timedelta(seconds=1)
    session.flush()

    with pytest.raises(Conflict, match="over"):
        _correct(session, bid, _member(session, bid))

    assert service.expire_corrections(session, NOON) == 1
    assert check.state is FormatState.CHECKING


def test_a_rejected_bid_is_reinstated_while_no_panel_has_been_formed(session: Session) -> None:
    bid, boss = _opened(), officer()
    _prepare(session, bid, in_order(price=MAJOR))
    _sign(session, bid, FormatEvent.REJECT, opinion="报价超过榜单金额，计划不允许。")

    service.reinstate_bid(session, actor=boss.as_actor(), bid_id=bid.id, reason="异议成立，报价系笔误。", now=NOON)

    assert bid.state is BidState.VALID


def test_nothing_is_reinstated_once_a_panel_has_been_formed(session: Session) -> None:
    panel = formed()
    bid = panel.entries[0].bid

    with pytest.raises(Conflict):
        service.reinstate_bid(
            session, actor=officer().as_actor(), bid_id=bid.id, reason="异议成立，报价系笔误。", now=NOON
        )


def test_nothing_is_reinstated_into_a_ranking_that_stands(session: Session) -> None:
    panel = ranked()
    bid = rejected_in(session, panel.challenge_id)

    with pytest.raises(Conflict, match="ranked already"):
        service.reinstate_bid(
            session, actor=officer().as_actor(), bid_id=bid.id, reason="异议成立，报价系笔误。", now=NOON
        )

    assert bid.state is BidState.FORMAT_REJECTED


def test_a_rejected_bid_comes_back_when_an_upheld_objection_has_opened_the_review_again(session: Session) -> None:
    panel = ranked()
    bid = rejected_in(session, panel.challenge_id)
    session.add(reopened(panel.challenge_id))
    session.commit()

    service.reinstate_bid(session, actor=officer().as_actor(), bid_id=bid.id, reason="异议成立，报价系笔误。", now=NOON)

    assert bid.state is BidState.VALID


def rejected_in(session: Session, challenge_id: uuid.UUID) -> Bid:
    """Return a bid that failed the format check of a competition whose other bids are ranked."""
    bid: Bid = BidFactory(challenge=session.get_one(Challenge, challenge_id), state=BidState.FORMAT_REJECTED)
    prepared = {"prepared_by": operator().id, "prepared_at": NOON}
    signed = {"signed_by": officer().id, "signed_at": NOON, "opinion": "报价超过榜单金额，计划不允许。"}
    session.add(FormatCheck(bid_id=bid.id, state=FormatState.REJECTED, items=[], **prepared, **signed))
    session.commit()
    return bid


def reopened(challenge_id: uuid.UUID) -> ChallengeStep:
    """Return the record that an objection has opened a review again."""
    return ChallengeStep(
        challenge_id=challenge_id,
        event=ChallengeEvent.REOPEN,
        from_state=PostingState.PUBLICITY,
        to_state=PostingState.EVALUATING,
        capacity="provincial_authority",
        at=NOON + dt.timedelta(hours=1),
        edition=1,
        reason_code="objection_upheld",
    )


def test_a_checklist_changed_by_somebody_else_is_not_overwritten(session: Session) -> None:
    bid = _opened()
    check = service.save_check(session, actor=operator().as_actor(), bid_id=bid.id, command=in_order(), now=NOON)
    stale = CheckFormat(in_order().items, version=check.version - 1)

    with pytest.raises(Conflict):
        service.save_check(session, actor=operator().as_actor(), bid_id=bid.id, command=stale, now=NOON)


def test_whoever_prepared_a_check_does_not_reinstate_the_bid(session: Session) -> None:
    bid, boss = _opened(), officer()
    service.prepare_check(
        session, actor=boss.as_actor(), bid_id=bid.id, command=CheckFormat(in_order(price=MAJOR).items), now=NOON
    )
    _sign(session, bid, FormatEvent.REJECT, opinion="报价超过榜单金额，计划不允许。")

    with pytest.raises(NotAllowed):
        service.reinstate_bid(session, actor=boss.as_actor(), bid_id=bid.id, reason="异议成立，报价系笔误。", now=NOON)
