"""The two companies answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import DeclinePairing
from app.matchmaking.models import Pairing
from app.matchmaking.queries.pairings import contacts, pairing_for
from app.matchmaking.workflow import PairingState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TOO_DEAR = DeclinePairing("price", "Twice the budget.")


@pytest.fixture
def pairing(session: Session) -> Pairing:
    """A pairing that waits for both."""
    proposed: Pairing = PairingFactory()
    return proposed


@pytest.fixture
def maker(pairing: Pairing) -> Actor:
    """Somebody of the terminal maker."""
    return UserFactory(organization=pairing.demand, mobile="13900000001", post="采购经理").as_actor()


@pytest.fixture
def firm(pairing: Pairing) -> Actor:
    """Somebody of the chip firm."""
    return UserFactory(organization=pairing.supplier, mobile="13900000002", post="销售工程师").as_actor()


def accept(session: Session, actor: Actor, pairing: Pairing, now: dt.datetime = NOON) -> None:
    service.accept_pairing(session, actor=actor, pairing_id=pairing.id, now=now)
    session.flush()


def decline(session: Session, actor: Actor, pairing: Pairing, command: DeclinePairing = TOO_DEAR) -> None:
    service.decline_pairing(session, actor=actor, pairing_id=pairing.id, command=command, now=NOON)
    session.flush()


def known_contacts(session: Session, actor: Actor, pairing: Pairing) -> list[str]:
    return [one.mobile for one in contacts(session, pairing_for(session, actor=actor, pairing_id=pairing.id))]


def test_one_yes_is_not_enough(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    accept(session, maker, pairing)

    assert (pairing.state, pairing.demand_accepted_by) == (PairingState.PROPOSED, maker.user_id)
    assert known_contacts(session, maker, pairing) == known_contacts(session, firm, pairing) == []


def test_the_second_yes_introduces_both(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    accept(session, maker, pairing)
    accept(session, firm, pairing)

    assert (pairing.state, pairing.introduced_at) == (PairingState.INTRODUCED, NOON)
    assert known_contacts(session, maker, pairing) == ["13900000001", "13900000002"]
    assert known_contacts(session, firm, pairing) == ["13900000001", "13900000002"]


def test_the_chip_firm_may_be_first(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    accept(session, firm, pairing)
    accept(session, maker, pairing)

    assert pairing.state is PairingState.INTRODUCED


def test_answers_are_on_the_trail_and_told(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    accept(session, maker, pairing)
    accept(session, firm, pairing)

    events = session.query(AuditEvent).all()
    assert [event.action for event in events] == ["pairing.accept"] * 2
    assert {event.details["basis"] for event in events} == {"pipl_article_23_consent"}
    assert {job.kind: job.payload["side"] for job in session.query(Job)} == {
        "pairing.accepted": "demand",
        "pairing.introduced": "supply",
    }


def test_a_company_says_yes_once(session: Session, pairing: Pairing, maker: Actor) -> None:
    accept(session, maker, pairing)

    with pytest.raises(Conflict, match="already accepted"):
        accept(session, maker, pairing)


def test_a_no_ends_the_pairing_with_its_reason(session: Session, pairing: Pairing, firm: Actor) -> None:
    decline(session, firm, pairing)

    assert (pairing.state, pairing.declined_by_side, pairing.ended_at) == (PairingState.DECLINED, "supply", NOON)
    assert (pairing.decline_reason, pairing.decline_text) == ("price", "Twice the budget.")
    assert session.query(Job).one().kind == "pairing.declined"


def test_a_yes_may_be_taken_back_until_the_other_side_has_answered(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    accept(session, maker, pairing)
    decline(session, maker, pairing)

    with pytest.raises(Conflict, match="answered already"):
        accept(session, firm, pairing)
    assert pairing.state is PairingState.DECLINED


@pytest.mark.parametrize(
    ("command", "field"),
    [(DeclinePairing(""), "reason_code"), (DeclinePairing("?"), "reason_code"), (DeclinePairing("other"), "text")],
)
def test_a_no_needs_a_reason(
    session: Session, pairing: Pairing, firm: Actor, command: DeclinePairing, field: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        decline(session, firm, pairing, command)

    assert refused.value.field == field


def test_an_introduction_cannot_be_undone(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    accept(session, maker, pairing)
    accept(session, firm, pairing)

    with pytest.raises(Conflict):
        decline(session, maker, pairing)


def test_a_viewer_reads_but_does_not_answer(session: Session, pairing: Pairing) -> None:
    viewer = UserFactory(organization=pairing.demand, role=MemberRole.VIEWER).as_actor()

    with pytest.raises(NotAllowed):
        accept(session, viewer, pairing)
    with pytest.raises(NotAllowed):
        decline(session, viewer, pairing)

    assert pairing_for(session, actor=viewer, pairing_id=pairing.id) is pairing


def test_a_company_that_lost_its_verification_does_not_answer(session: Session) -> None:
    pairing = PairingFactory(product__organization__unverified=True)
    actor = UserFactory(organization=pairing.supplier).as_actor()

    with pytest.raises(NotAllowed, match="not been verified"):
        accept(session, actor, pairing)


def test_a_third_company_learns_nothing(session: Session, pairing: Pairing) -> None:
    stranger = UserFactory(organization=OrganizationFactory()).as_actor()

    with pytest.raises(NotFound):
        accept(session, stranger, pairing)
    with pytest.raises(NotFound):
        pairing_for(session, actor=stranger, pairing_id=pairing.id)


def test_the_desk_reads_but_does_not_answer(session: Session, pairing: Pairing) -> None:
    authority = officer().as_actor()

    with pytest.raises(NotFound):
        accept(session, authority, pairing)

    assert pairing_for(session, actor=authority, pairing_id=pairing.id) is pairing


def test_the_last_moment_is_too_late(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(Conflict, match="time to answer is over"):
        accept(session, maker, pairing, now=pairing.reply_by)


def test_a_moment_before_is_in_time(session: Session, pairing: Pairing, maker: Actor) -> None:
    accept(session, maker, pairing, now=pairing.reply_by - dt.timedelta(microseconds=1))

    assert pairing.demand_accepted_by == maker.user_id


def test_unanswered_pairings_expire_with_their_reply_date(session: Session) -> None:
    late = PairingFactory(reply_by=NOON)
    open_still = PairingFactory(reply_by=NOON + dt.timedelta(seconds=1))
    introduced = PairingFactory(introduced=True, reply_by=NOON - dt.timedelta(days=1))

    n = service.expire_pairings(session, now=NOON)

    assert n == 1
    assert (late.state, late.ended_at) == (PairingState.EXPIRED, NOON)
    assert (open_still.state, introduced.state) == (PairingState.PROPOSED, PairingState.INTRODUCED)
    assert session.query(AuditEvent).one().action == "pairing.expire"


def test_expiry_takes_so_many_at_a_time(session: Session) -> None:
    _ = [PairingFactory(reply_by=NOON) for _ in range(3)]

    assert [service.expire_pairings(session, now=NOON, limit=2) for _ in range(3)] == [2, 1, 0]
