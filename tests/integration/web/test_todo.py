"""What a person should do next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from flask import g

from app.accounts.workflow import VerificationState
from app.core.actor import MemberRole
from app.demands.workflow import PostingState
from app.matchmaking.models import PairingStep
from app.matchmaking.workflow import PairingEvent, Side
from app.web.todo import starts, todo_list
from tests.factories.accounts import OrganizationFactory, UserFactory, VerificationFactory, officer
from tests.factories.bids import BidFactory
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import Organization, User

    LogIn = Callable[[FlaskClient, User], FlaskClient]


@pytest.fixture(autouse=True)
def _in_english(app: Flask, session: Session) -> Iterator[None]:
    """Sentences are made within a page."""
    with app.test_request_context():
        g.locale = "en"
        yield


def todos(session: Session, organization: Organization | None, role: MemberRole = MemberRole.EDITOR) -> list[str]:
    actor = UserFactory(organization=organization, role=role).as_actor()
    return [str(todo.title) for todo in todo_list(session, actor=actor, now=NOON)]


@pytest.fixture
def maker(session: Session) -> Organization:
    """A terminal maker with nothing to do."""
    company: Organization = OrganizationFactory(terminal=True)
    return company


@pytest.fixture
def firm(session: Session) -> Organization:
    """A chip firm with one product and nothing to do."""
    company: Organization = OrganizationFactory(chip=True)
    ProductFactory(organization=company)
    return company


def test_somebody_without_a_company_makes_one(session: Session) -> None:
    assert todos(session, None) == ["Create your company, or accept an invitation"]


def test_a_company_is_verified_first(session: Session) -> None:
    assert todos(session, OrganizationFactory(terminal=True, unverified=True)) == ["Have your company verified"]


def test_a_company_that_waits_for_verification_has_nothing_to_do(session: Session) -> None:
    request = VerificationFactory(organization__terminal=True)

    assert todos(session, request.organization) == []


def test_a_rejected_request_is_corrected(session: Session) -> None:
    request = VerificationFactory(
        organization__terminal=True,
        state=VerificationState.REJECTED,
        decided_at=NOON,
        decided_by=officer().id,
        reason="执照不清晰",
    )

    assert todos(session, request.organization) == ["Correct your verification"]


def test_a_maker_answers_pairings_and_finishes_postings(session: Session, maker: Organization) -> None:
    pairing = PairingFactory(need__organization=maker)
    NeedFactory(organization=maker, draft=True, title="草稿")
    NeedFactory(
        organization=maker, state=PostingState.RETURNED, published_at=None, review_opinion="缺参数", title="退回"
    )
    ChallengeFactory(organization=maker, draft=True, title="榜单草稿")

    found = todos(session, maker)

    assert found[:2] == [f"Answer the pairing “{pairing.need.title}”", "Revise “退回”"]
    assert sorted(found[2:]) == ["Finish “榜单草稿”", "Finish “草稿”"]


def test_a_firm_answers_pairings_and_submits_bids_by_their_dates(session: Session, firm: Organization) -> None:
    challenge = ChallengeFactory(
        title="先截止的榜单",
        bid_deadline_at=NOON + dt.timedelta(days=3),
        question_deadline_at=NOON + dt.timedelta(days=1),
    )
    BidFactory(organization=firm, challenge=challenge)
    pairing = PairingFactory(product__organization=firm)

    assert todos(session, firm) == [
        "Submit your bid for “先截止的榜单”",
        f"Answer the pairing “{pairing.need.title}”",
    ]


def test_two_pairings_of_one_need_are_told_apart(session: Session, maker: Organization) -> None:
    need = NeedFactory(organization=maker)
    parts = [PairingFactory(need=need).product.part_number for _ in range(2)]
    actor = UserFactory(organization=maker).as_actor()

    reasons = [str(todo.reason) for todo in todo_list(session, actor=actor, now=NOON)]

    assert sorted(reasons) == sorted(f"With {part}. Contacts appear once both sides have accepted." for part in parts)


@pytest.mark.parametrize(("side", "titles"), [("demand", 1), ("supply", 0)])
def test_only_the_side_whose_turn_it_is_has_a_next_step(session: Session, side: str, titles: int) -> None:
    pairing = PairingFactory(under_nda=True)
    company = pairing.demand if side == "demand" else pairing.supplier

    found = todos(session, company)

    assert found.count(f"Next step for “{pairing.need.title}”: Disclose the confidential part of the need") == titles


@pytest.mark.parametrize(("confirmed", "titles"), [(Side.DEMAND, 1), (Side.SUPPLY, 0)])
def test_what_the_other_side_has_confirmed_waits_for_ours(session: Session, confirmed: Side, titles: int) -> None:
    pairing = PairingFactory(introduced=True)
    session.add(PairingStep(pairing_id=pairing.id, event=PairingEvent.SIGN_NDA, side=confirmed, at=NOON))
    session.flush()

    found = todos(session, pairing.supplier)

    step = f"Next step for “{pairing.need.title}”: Sign the confidentiality agreement"
    assert found.count(step) == titles


def test_what_both_sides_have_yet_to_confirm_presses_nobody(session: Session, firm: Organization) -> None:
    PairingFactory(product__organization=firm, introduced=True)

    assert todos(session, firm) == []


def test_a_firm_without_products_publishes_one(session: Session) -> None:
    assert todos(session, OrganizationFactory(chip=True)) == ["Publish your first product"]


def test_sheets_out_of_date_are_confirmed(session: Session, firm: Organization) -> None:
    stale = (NOON - dt.timedelta(days=181)).date()
    _ = [ProductFactory(organization=firm, confirmed_on=stale) for _ in range(2)]

    assert todos(session, firm) == ["Confirm 2 product sheets"]


@pytest.mark.parametrize("answered", [{"supply_accepted_at": NOON}, {"introduced": True}])
def test_what_is_answered_is_done(session: Session, firm: Organization, answered: dict[str, object]) -> None:
    PairingFactory(product__organization=firm, **answered)

    assert todos(session, firm) == []


def test_a_bid_past_its_deadline_cannot_be_submitted(session: Session, firm: Organization) -> None:
    BidFactory(organization=firm, challenge__closed=True)

    assert todos(session, firm) == []


def test_other_companies_work_is_not_ours(session: Session, maker: Organization) -> None:
    PairingFactory()
    NeedFactory(draft=True)

    assert todos(session, maker) == []


def test_the_list_takes_few_queries(session: Session) -> None:
    both = OrganizationFactory()
    _ = [PairingFactory(product__organization=both) for _ in range(5)]
    _ = [NeedFactory(organization=both, draft=True) for _ in range(5)]
    actor = UserFactory(organization=both).as_actor()
    session.expunge_all()

    with count_queries() as statements:
        todo_list(session, actor=actor, now=NOON)

    assert len(statements) <= 8


@pytest.mark.parametrize(
    ("company", "labels"),
    [
        ({"terminal": True}, ["Post a need", "Pose a challenge"]),
        ({"chip": True}, ["Add a product", "Find a challenge to bid for"]),
    ],
)
def test_each_side_begins_what_is_its_own(session: Session, company: dict[str, bool], labels: list[str]) -> None:
    actor = UserFactory(organization=OrganizationFactory(**company)).as_actor()

    assert [str(start.label) for start in starts(actor)] == labels


def test_a_viewer_begins_nothing(session: Session, maker: Organization) -> None:
    assert starts(UserFactory(organization=maker, role=MemberRole.VIEWER).as_actor()) == []


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: OrganizationFactory(terminal=True), "Nothing waits for you"),
        (lambda: VerificationFactory(organization__terminal=True).organization, "Your company is being verified"),
        (lambda: OrganizationFactory(terminal=True, unverified=True), "Go to verification"),
    ],
)
def test_the_page_says_what_comes_next(
    client: FlaskClient, login: LogIn, session: Session, make: Callable[[], Organization], text: str
) -> None:
    login(client, UserFactory(organization=make(), locale="en"))

    answer = client.get("/workspace/")

    assert answer.status_code == 200
    assert text in answer.text


def test_a_viewer_reads_why_nothing_can_be_done(client: FlaskClient, login: LogIn, maker: Organization) -> None:
    login(client, UserFactory(organization=maker, role=MemberRole.VIEWER, locale="en"))

    assert "Ask its owner for the editor role." in client.get("/workspace/").text


def test_strangers_log_in_first(client: FlaskClient) -> None:
    answer = client.get("/workspace/")

    assert (answer.status_code, answer.location) == (302, "/account/login?next=/workspace/")
