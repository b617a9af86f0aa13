from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.consortium import Coverage, Member, Team, complete, coverage_of
from matching.records import Parameter, Requirement
from tests.unit.matching.catalogue import BATTERY_NEED, BUCK, GAUGE, SHEETS


def _coverage(*rows: str) -> Coverage:
    """Return the coverage of firms a, b, …: one row of 0 and 1 each."""
    met = np.array([[cell == "1" for cell in row] for row in rows], np.bool_)
    musts = tuple(Requirement(f"k{place}", ">=", "1") for place in range(met.shape[1]))
    return Coverage(tuple("abcdefgh"[: len(rows)]), musts, met)


def _firms(team: Team | None) -> list[str]:
    return [member.firm for member in team.members] if team else []


def test_a_firm_that_meets_everything_needs_no_partner() -> None:
    team = complete(_coverage("110", "011", "111"), costs={"c": 9.0})

    assert _firms(team) == ["c"]


def test_the_lead_is_whoever_meets_the_most_and_partners_add_what_is_missing() -> None:
    team = complete(_coverage("1000", "0011", "1100"))

    assert team == Team((Member("b", (2, 3)), Member("c", (0, 1))), (), 2.0)


def test_coverage_rises_with_every_member() -> None:
    team = complete(_coverage("1110", "0001"))

    assert team is not None
    assert team.coverage == (0.75, 1.0)


def test_a_dear_partner_gives_way_to_two_cheap_ones() -> None:
    team = complete(_coverage("1100", "0011", "0010", "0001"), costs={"b": 5.0})

    assert _firms(team) == ["a", "c", "d"]


def test_a_barred_firm_takes_no_part() -> None:
    team = complete(_coverage("110", "001", "001"), barred=["b"])

    assert _firms(team) == ["a", "c"]


def test_two_firms_that_may_not_work_together_are_in_no_team() -> None:
    team = complete(_coverage("110", "001", "001"), apart=[("a", "b")])

    assert _firms(team) == ["a", "c"]


def test_a_given_lead_leads() -> None:
    team = complete(_coverage("1000", "0111"), lead="a")

    assert team is not None
    assert team.lead == "a"


def test_what_nobody_meets_is_left_open() -> None:
    team = complete(_coverage("100", "010"))

    assert team is not None
    assert team.uncovered == (2,)
    assert team.coverage == pytest.approx((1 / 3, 2 / 3))


def test_a_team_never_exceeds_its_size() -> None:
    team = complete(_coverage("100000", "010000", "001000", "000100", "000010", "000001"))

    assert len(_firms(team)) == 5


def test_there_is_no_team_where_nobody_meets_anything() -> None:
    assert complete(_coverage("00", "00")) is None


@pytest.mark.parametrize("lead", ["z", "b", "c"])
def test_a_lead_that_cannot_lead_is_refused(lead: str) -> None:
    with pytest.raises(ValueError, match="lead"):
        complete(_coverage("10", "00", "01"), lead=lead, barred=["c"])


@pytest.mark.parametrize("cost", [0.0, -1.0, float("nan")])
def test_a_cost_must_be_positive(cost: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        complete(_coverage("1"), costs={"a": cost})


def test_a_negative_number_of_partners_is_refused() -> None:
    with pytest.raises(ValueError, match="partners"):
        complete(_coverage("1"), max_partners=-1)


def test_a_firm_meets_a_must_with_any_of_its_products() -> None:
    balancer = replace(BUCK, params=(Parameter("balance_i", typ=100, unit="mA"),))

    found = coverage_of(BATTERY_NEED, [GAUGE, balancer])

    assert found.firms == ("F1",)
    assert found.met.tolist() == [[True, True, True, True]]


def test_an_unknown_value_covers_nothing() -> None:
    found = coverage_of(BATTERY_NEED, SHEETS)

    assert found.met[found.firms.index("F3")].tolist() == [False, False, False, False]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Coverage, dict[str, float], list[tuple[str, str]], int]:
    n_firms, n_musts = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    rows = draw(st.lists(st.text("01", min_size=n_musts, max_size=n_musts), min_size=n_firms, max_size=n_firms))
    coverage = _coverage(*rows)
    costs = {firm: float(draw(st.integers(1, 5))) for firm in coverage.firms}
    firm = st.sampled_from(coverage.firms)
    return coverage, costs, draw(st.lists(st.tuples(firm, firm), max_size=2)), draw(st.integers(0, 4))


def _by_trying(
    coverage: Coverage, costs: dict[str, float], apart: list[tuple[str, str]], max_partners: int
) -> tuple[int, float]:
    """Return the most musts covered by any allowed team, and the least cost of covering so many; one firm if able."""
    found: list[tuple[int, int, float]] = []
    for size in range(1, max_partners + 2):
        for team in itertools.combinations(range(len(coverage.firms)), size):
            names = {coverage.firms[place] for place in team}
            if not any(a != b and {a, b} <= names for a, b in apart):
                n = int(coverage.met[list(team)].any(axis=0).sum())
                found.append((-n, size > 1, sum(costs[name] for name in names)))
    most, _, cost = min(found)
    return -most, cost


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_team_is_the_best_of_all_teams(
    problem: tuple[Coverage, dict[str, float], list[tuple[str, str]], int],
) -> None:
    coverage, costs, apart, max_partners = problem

    team = complete(coverage, costs=costs, apart=apart, max_partners=max_partners)

    most, cost = _by_trying(coverage, costs, apart, max_partners)
    assert (len(coverage.musts) - len(team.uncovered), team.cost) == (most, cost) if team else most == 0


@settings(max_examples=150, deadline=None)
@given(problems())
def test_every_member_adds_a_must_and_the_team_is_not_too_large(
    problem: tuple[Coverage, dict[str, float], list[tuple[str, str]], int],
) -> None:
    coverage, costs, apart, max_partners = problem

    team = complete(coverage, costs=costs, apart=apart, max_partners=max_partners)

    assert team is None or all(member.adds for member in team.members)
    assert team is None or len(team.members) <= max_partners + 1
