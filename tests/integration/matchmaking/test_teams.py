"""Who could meet a posting together: what the owner and the desk see, and who does not take part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from app.catalog.models import ProductParam
from app.challenges.models import Kpi, KpiVisibility
from app.demands.models import NeedParam
from app.matchmaking import engine, teams
from app.matchmaking.queries.teams import team_posting
from app.matchmaking.workflow import PairingState, SuggestionState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.matchmaking.teams import TeamView

    Login = Callable[..., FlaskClient]


def product(name: str, *params: ProductParam, **given: Any) -> Any:
    firm = given.pop("organization", None) or OrganizationFactory(chip=True, legal_name_zh=name, name_en=name)
    return ProductFactory(organization=firm, params=list(params), **given)


def accuracy() -> ProductParam:
    return ProductParam(position=0, key="cell_err", max=1.5, unit="mV")


def cells() -> ProductParam:
    return ProductParam(position=1, key="cells", min=6, max=18, unit="串")


def sleep() -> ProductParam:
    return ProductParam(position=2, key="sleep_i", max=15, unit="µA")


def three_musts() -> list[NeedParam]:
    return [
        NeedParam(position=0, key="cell_err", op="<=", value="2", unit="mV", is_must=True),
        NeedParam(position=1, key="cells", op="covers", value="14~18", unit="", is_must=True),
        NeedParam(position=2, key="sleep_i", op="<=", value="20", unit="µA", is_must=True),
    ]


def open_need(**given: Any) -> Any:
    return NeedFactory(**{"params": three_musts(), "quality_grade": "", "temp_min": None, "temp_max": None, **given})


@pytest.fixture
def firms(session: Session, model_dir: Path, app: Flask) -> dict[str, Any]:
    """One firm that meets two of three musts, one that meets the third, one that meets one of the first two."""
    made = {
        "two": product("TwoChips", accuracy(), cells()),
        "third": product("ThirdChips", sleep()),
        "one": product("OneChips", cells()),
    }
    with app.app_context():
        engine.refit(session, model_dir)
    return made


@pytest.fixture
def propose(app: Flask, session: Session, model_dir: Path) -> Callable[..., TeamView]:
    def ask(posting_id: Any, *, actor: Any = None, **wishes: Any) -> TeamView:
        with app.test_request_context():
            matcher = engine.current_matcher(session, model_dir)
            posting = team_posting(session, actor=actor or officer().as_actor(), need_id=posting_id)
            return teams.propose(session, matcher, posting, **wishes)

    return ask


def names(team: TeamView) -> list[str]:
    return [member.name for member in team.members]


def test_two_firms_that_meet_every_must_together_are_proposed(firms: Any, propose: Any) -> None:
    team = propose(open_need().id)

    assert names(team) == ["TwoChips", "ThirdChips"]
    assert [member.percent for member in team.members] == [66, 100]
    assert team.uncovered == ()


def test_each_member_is_explained_by_what_it_adds_and_with_which_product(firms: Any, propose: Any) -> None:
    lead, partner = propose(open_need().id).members

    assert {one.part_number for one in lead.adds} == {firms["two"].part_number}
    assert [(one.part_number, one.must.text) for one in partner.adds] == [(firms["third"].part_number, "≤ 20\u202fµA")]


def test_a_firm_that_meets_all_alone_needs_no_partner(
    app: Flask, session: Session, model_dir: Path, firms: Any, propose: Any
) -> None:
    product("AllChips", accuracy(), cells(), sleep())
    with app.app_context():
        engine.refit(session, model_dir)

    team = propose(open_need().id)

    assert names(team) == ["AllChips"]
    assert team.members[0].percent == 100


def test_a_chip_of_another_kind_meets_nothing_by_chance(
    app: Flask, session: Session, model_dir: Path, propose: Any
) -> None:
    product("TwoChips", accuracy(), cells())
    product("MemoryChips", sleep(), category="C0302")
    with app.app_context():
        engine.refit(session, model_dir)

    assert names(propose(open_need().id)) == ["TwoChips"]


def test_what_nobody_states_stays_open(firms: Any, propose: Any) -> None:
    params = [*three_musts(), NeedParam(position=3, key="balance_i", op=">=", value="150", unit="mA", is_must=True)]

    team = propose(open_need(params=params).id)

    assert len(team.uncovered) == 1
    assert team.members[-1].percent == 75


def test_the_owner_is_not_proposed_to_itself(firms: Any, propose: Any) -> None:
    team = propose(open_need(organization=firms["third"].organization).id)

    assert "ThirdChips" not in names(team)


def test_a_firm_rejected_for_the_posting_does_not_take_part(session: Session, firms: Any, propose: Any) -> None:
    need = open_need()
    SuggestionFactory(
        need=need, product=firms["two"], state=SuggestionState.REJECTED, reason_code="params", decided_at=NOON
    )

    assert "TwoChips" not in names(propose(need.id))


def test_a_conflict_of_interest_with_the_owner_holds_for_its_other_postings(firms: Any, propose: Any) -> None:
    before, need = open_need(), open_need()
    before.organization = need.organization
    SuggestionFactory(
        need=before, product=firms["two"], state=SuggestionState.REJECTED, reason_code="conflict", decided_at=NOON
    )

    assert "TwoChips" not in names(propose(need.id))


def test_another_reason_holds_for_its_own_posting_only(firms: Any, propose: Any) -> None:
    need = open_need()
    SuggestionFactory(
        need=open_need(organization=need.organization),
        product=firms["two"],
        state=SuggestionState.REJECTED,
        reason_code="params",
        decided_at=NOON,
    )

    assert "TwoChips" in names(propose(need.id))


def test_a_declined_pairing_keeps_the_firm_out(firms: Any, propose: Any) -> None:
    need = open_need()
    PairingFactory(need=need, product=firms["two"], state=PairingState.DECLINED, decline_reason="price")

    assert "TwoChips" not in names(propose(need.id))


def test_firms_under_one_legal_representative_are_no_partners(firms: Any, session: Session, propose: Any) -> None:
    firms["two"].organization.legal_rep = firms["third"].organization.legal_rep = "张三"
    session.commit()

    team = propose(open_need().id)

    assert {"TwoChips", "ThirdChips"} - set(names(team))


def test_a_firm_the_owner_knows_is_preferred_among_equals(
    app: Flask, session: Session, model_dir: Path, firms: Any, propose: Any
) -> None:
    known = product("KnownChips", sleep())
    with app.app_context():
        engine.refit(session, model_dir)
    need = open_need()
    PairingFactory(need=open_need(organization=need.organization), product=known, introduced=True)

    team = propose(need.id)

    assert names(team) == ["TwoChips", "KnownChips"]
    assert team.members[1].is_known


def test_a_chosen_firm_leads_and_one_left_out_stays_out(firms: Any, propose: Any) -> None:
    need = open_need()
    lead = str(firms["third"].organization_id)

    assert names(propose(need.id, lead=lead))[0] == "ThirdChips"
    assert "TwoChips" not in names(propose(need.id, without=[str(firms["two"].organization_id)]))


@pytest.mark.parametrize("lead", ["", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_a_lead_that_cannot_lead_is_ignored(firms: Any, propose: Any, lead: str) -> None:
    assert names(propose(open_need().id, lead=lead))[0] == "TwoChips"


def challenge(**given: Any) -> Any:
    return ChallengeFactory(
        **{"params": three_musts(), "quality_grade": "", "temp_min": None, "temp_max": None, **given}
    )


def test_a_challenge_for_single_bidders_gets_one_firm(firms: Any, propose: Any) -> None:
    assert names(propose(challenge(is_consortium_allowed=False).id)) == ["TwoChips"]


def test_the_programme_bounds_the_size_of_a_team(firms: Any, session: Session, propose: Any) -> None:
    posted = challenge()
    posted.programme.max_members = 1
    session.commit()

    assert names(propose(posted.id)) == ["TwoChips"]


def hidden_indicator() -> list[Kpi]:
    return [
        Kpi(
            position=0, code="K01", name="均衡电流", is_core=True, operator=">=", target="150", unit="mA",
            param_key="balance_i", weight=100, visibility=KpiVisibility.AFTER_NDA,
        )
    ]  # fmt: skip


def test_indicators_that_name_a_parameter_count_as_musts(firms: Any, propose: Any) -> None:
    team = propose(challenge(kpis=hidden_indicator()).id)

    assert team.n_musts == 4


def test_an_indicator_under_nda_is_not_shown_to_the_operator(
    app: Flask, session: Session, model_dir: Path, firms: Any
) -> None:
    posting = team_posting(session, actor=operator().as_actor(), need_id=challenge(kpis=hidden_indicator()).id)

    assert posting.n_hidden == 1
    assert "balance_i" not in {param.key for param in posting.record.params}


# --- pages


def read(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.text)


def test_the_owner_sees_the_team(client: FlaskClient, login: Login, firms: Any) -> None:
    need = open_need()
    login(client, UserFactory(organization=need.organization, locale="en"))

    with count_queries() as statements:
        answer = client.get(f"/workspace/teams/{need.id}")

    assert answer.status_code == 200
    assert "Together they meet every must" in answer.text
    assert "Adds 1 must, from 66 % to 100 %:" in read(answer)
    assert len(statements) <= 12


def test_the_desk_sees_the_team(client: FlaskClient, login: Login, firms: Any) -> None:
    login(client, operator(locale="en"))

    answer = client.get(f"/desk/teams/{open_need().id}")

    assert answer.status_code == 200
    assert "ThirdChips" in answer.text


def test_others_do_not_see_it(client: FlaskClient, login: Login, firms: Any) -> None:
    login(client, UserFactory(organization=OrganizationFactory(terminal=True)))

    assert client.get(f"/workspace/teams/{open_need().id}").status_code == 403
    assert client.get(f"/workspace/teams/{NeedFactory(draft=True).id}").status_code == 404
    assert client.get(f"/desk/teams/{open_need().id}").status_code == 404


def test_strangers_are_asked_to_log_in(client: FlaskClient, firms: Any) -> None:
    assert client.get(f"/workspace/teams/{open_need().id}").status_code == 302


def test_before_publication_the_page_says_when_a_team_is_proposed(
    client: FlaskClient, login: Login, firms: Any
) -> None:
    need = open_need(submitted=True)
    login(client, UserFactory(organization=need.organization, locale="en"))

    answer = client.get(f"/workspace/teams/{need.id}")

    assert answer.status_code == 200
    assert "No team yet" in answer.text


@pytest.mark.parametrize("query", ["lead=x&without=y", "without=" + "z" * 500, "without=&lead="])
def test_nonsense_in_the_address_is_ignored(client: FlaskClient, login: Login, firms: Any, query: str) -> None:
    need = open_need()
    login(client, UserFactory(organization=need.organization, locale="en"))

    assert client.get(f"/workspace/teams/{need.id}?{query}").status_code == 200


def test_a_price_stays_with_its_firm(app: Flask, session: Session, model_dir: Path, propose: Any) -> None:
    product("TwoChips", accuracy(), price_10k_cny="7.77")
    with app.app_context():
        engine.refit(session, model_dir)
    params = [
        NeedParam(position=0, key="price", op="<=", value="9", unit="元/颗", is_must=True),
        NeedParam(position=1, key="cell_err", op="<=", value="2", unit="mV", is_must=True),
    ]

    team = propose(open_need(params=params).id)

    assert all("7.77" not in cell.offered for row in team.matrix.rows for cell in row.cells)
