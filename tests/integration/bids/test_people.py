"""Leader, team, contact and experts to avoid: written, sealed, counted, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.bids import service
from app.bids.commands import Avoided, Contact, Person
from app.bids.content import filled, statement_of
from app.bids.people import leader_tag
from app.bids.receipt import hash_of
from app.bids.workflow import BidState
from app.challenges.configurations import SEEDED
from app.challenges.programme_content import columns_of
from app.core.errors import RuleViolation
from tests.factories.accounts import UserFactory
from tests.factories.bids import CODE, BidFactory
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import PLAN, complete_bid, content_of, editor_of, open_challenge, seal, sent
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.challenges.commands import SaveProgramme

LED = {"leader": {"name": "黎望川", "title": "研发副总经理"}, **PLAN}
PEOPLE = {
    "leader_name": "黎望川",
    "leader_title": "研发副总经理",
    "leader_role": "总体负责人",
    "leader_percent": "60",
    "team-0-name": "区以晴",
    "team-0-field": "模拟设计",
    "team-0-role": "采样链路",
    "team-0-time_percent": "80",
    "contact_name": "麦重山",
    "contact_phone": "0755-12345678",
    "contact_email": "bid@example.com",
    "avoid_experts-0-name": "容砚舟",
    "avoid_experts-0-reason": "任职于竞争企业",
}


@pytest.fixture
def bid(session: Session) -> Any:
    return complete_bid()


@pytest.fixture
def browser(client: FlaskClient, login: Callable[..., FlaskClient], bid: Bid) -> FlaskClient:
    return login(client, UserFactory(organization=bid.firm, locale="en"))


def typed(bid: Bid, **more: str) -> dict[str, Any]:
    return {**sent(bid), **PEOPLE, **more}


def led_twice(limit: int | None, other: str = "黎望川", **attributes: Any) -> tuple[Bid, Bid]:
    """Return two complete drafts of one firm in one programme, under one leader or two."""
    programme = ProgrammeFactory(max_active_bids_per_leader=limit, max_projects_per_applicant=9, **attributes)
    first = complete_bid(open_challenge(programme=programme), details=LED)
    details = {**LED, "leader": {"name": other}}
    return first, complete_bid(open_challenge(programme=programme), details=details, organization=first.firm)


def test_the_people_of_a_bid_are_saved_and_come_back(session: Session, browser: FlaskClient, bid: Bid) -> None:
    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid))

    assert answer.status_code == 303, answer.text
    content = content_of(session, bid)
    assert content.leader == Person("黎望川", "研发副总经理", "", "总体负责人", 60)
    assert content.team == (Person("区以晴", "", "模拟设计", "采样链路", 80),)
    assert content.contact == Contact("麦重山", "0755-12345678", "bid@example.com")
    assert content.avoid_experts == (Avoided("容砚舟", "任职于竞争企业"),)
    assert "任职于竞争企业" in browser.get(f"/workspace/bids/{bid.id}/edit").text
    assert "容砚舟 · 任职于竞争企业" in browser.get(f"/workspace/bids/{bid.id}").text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"avoid_experts-0-reason": ""}, "Give the reason."),
        ({"avoid_experts-0-name": ""}, "Enter the name."),
        ({"leader_name": ""}, "Name the project leader."),
        ({"team-0-name": ""}, "Enter the name."),
        ({"leader_percent": "101"}, "A share is between 0 and 100 %."),
        ({"team-0-time_percent": "-1"}, "A share is between 0 and 100 %."),
    ],
)
def test_people_without_name_or_reason_are_not_submitted(
    browser: FlaskClient, bid: Bid, change: dict[str, str], message: str
) -> None:
    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, submit="1", **change))

    assert answer.status_code == 422
    assert message in answer.text
    assert "0755-12345678" in answer.text


def test_a_fourth_expert_to_avoid_is_left_out_by_the_form(session: Session, browser: FlaskClient, bid: Bid) -> None:
    more = {f"avoid_experts-{n}-{part}": f"甲{n}" for n in range(1, 4) for part in ("name", "reason")}

    answer = browser.post(f"/workspace/bids/{bid.id}/edit", data=typed(bid, **more))

    assert answer.status_code in (303, 422)
    assert len(content_of(session, bid).avoid_experts) <= 3


def test_people_are_sealed_with_the_bid_and_stand_in_its_details_once_opened(session: Session) -> None:
    opened = BidFactory(
        state=BidState.OPENED,
        details={**LED, "contact": {"name": "麦重山"}, "avoid_experts": [{"name": "容砚舟", "reason": "竞争"}]},
    )

    assert opened.details["leader"] == {"name": "黎望川", "title": "研发副总经理"}
    assert opened.details["contact"] == {"name": "麦重山"}
    assert opened.details["avoid_experts"] == [{"name": "容砚舟", "reason": "竞争"}]
    assert filled(opened).leader.title == "研发副总经理"
    assert hash_of(statement_of(opened)) == opened.content_hash


@pytest.mark.parametrize("command", SEEDED, ids=lambda command: command.code)
@pytest.mark.parametrize("limit", [1, None], ids=["one", "any"])
def test_one_leader_leads_so_many_bids_in_a_seeded_programme(
    session: Session, command: SaveProgramme, limit: int | None
) -> None:
    rules = columns_of(command) | {"max_active_bids_per_leader": limit, "max_projects_per_applicant": 9}
    programme = ProgrammeFactory(**rules)
    bids = [complete_bid(open_challenge(programme=programme), details=LED)]
    bids.append(complete_bid(open_challenge(programme=programme), details=LED, organization=bids[0].firm))
    seal(session, bids[0])

    outcome = _outcome(session, bids[1])

    assert outcome == ("leader_quota" if limit else BidState.SEALED)


def _outcome(session: Session, bid: Bid) -> str | None:
    try:
        return seal(session, bid).state
    except RuleViolation as refused:
        return refused.code


@pytest.mark.parametrize("other", ["黎 望川", " 黎望川", "黎望川\u3000"])
def test_blanks_and_width_make_no_other_leader(session: Session, other: str) -> None:
    first, second = led_twice(1, other)
    seal(session, first)

    with pytest.raises(RuleViolation, match="already leads"):
        seal(session, second)


def test_another_leader_of_the_firm_is_free(session: Session) -> None:
    first, second = led_twice(1, "区以晴")
    seal(session, first)

    assert seal(session, second).state is BidState.SEALED


def test_the_limit_may_be_higher_than_one(session: Session) -> None:
    first, second = led_twice(2)
    seal(session, first)

    assert seal(session, second).state is BidState.SEALED


@pytest.mark.parametrize("verb", ["revise", "withdraw"])
def test_a_bid_taken_back_frees_its_leader(session: Session, verb: str) -> None:
    first, second = led_twice(1)
    seal(session, first)
    take_back = {
        "revise": lambda: service.revise_bid(session, actor=editor_of(first), bid_id=first.id, code=CODE, now=NOON),
        "withdraw": lambda: service.withdraw_bid(session, actor=editor_of(first), bid_id=first.id, now=NOON),
    }

    take_back[verb]()

    assert first.leader_tag == ""
    assert seal(session, second).state is BidState.SEALED


def test_a_rival_who_types_the_name_learns_nothing_from_a_refusal(session: Session) -> None:
    programme = ProgrammeFactory(max_active_bids_per_leader=1)
    seal(session, complete_bid(open_challenge(programme=programme), details=LED))

    rival = complete_bid(open_challenge(programme=programme), details=LED)

    assert seal(session, rival).state is BidState.SEALED


def test_a_programme_that_counts_leaders_needs_their_name(session: Session) -> None:
    programme = ProgrammeFactory(max_active_bids_per_leader=1)

    with pytest.raises(RuleViolation, match="limits the bids of each leader"):
        seal(session, complete_bid(open_challenge(programme=programme)))


def test_the_row_holds_a_tag_and_not_the_name(session: Session) -> None:
    first, _ = led_twice(1)

    seal(session, first)

    assert first.leader_tag == leader_tag(first.challenge.programme.id, "黎望川")
    assert first.details == {}


def test_where_leaders_are_not_counted_there_is_no_tag(session: Session) -> None:
    first, _ = led_twice(None)

    assert seal(session, first).leader_tag == ""
