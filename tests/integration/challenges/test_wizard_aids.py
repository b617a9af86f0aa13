"""What helps whoever writes a challenge: usual indicators, an earlier challenge, a word about words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.challenges.patterns import PATTERNS, pattern_of
from app.challenges.rules import kpi_flaws
from app.compliance.requirements import is_known_unit
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/challenges/"


@pytest.fixture
def writer(session: Session, client: FlaskClient, login: Any) -> FlaskClient:
    """A browser of somebody who writes challenges for a terminal maker."""
    browser: FlaskClient = login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))
    return browser


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.category)
def test_a_pattern_has_enough_that_can_be_measured(pattern: Any) -> None:
    flaws = {part for kpi in pattern.kpis for part, _ in kpi_flaws(kpi)}

    assert len(pattern.kpis) >= 5
    assert sum(kpi.is_core for kpi in pattern.kpis) >= 3
    assert flaws <= {"target", "weight"}
    assert all(is_known_unit(kpi.unit) for kpi in pattern.kpis)


@pytest.mark.parametrize(("category", "found"), [("C0204", "C02"), ("C04", "C04"), ("C99", None), ("", None)])
def test_a_pattern_serves_its_whole_category(category: str, found: str | None) -> None:
    pattern = pattern_of(category)

    assert (pattern.category if pattern else None) == found


def test_the_usual_indicators_are_added_to_what_was_typed(writer: FlaskClient) -> None:
    text = writer.post(f"{URL}new", data={"pattern": "C02", "title": "电机控制芯片", "kpis-0-name": "主频"}).text

    assert text.count("主频") == 1
    assert "休眠电流" in text
    assert "电机控制芯片" in text


def test_a_challenge_begins_from_an_earlier_one_without_its_dates(
    session: Session, client: FlaskClient, login: Any
) -> None:
    row = ChallengeFactory()
    login(client, UserFactory(organization=row.organization, locale="en"))

    text = client.get(f"{URL}new?copy={row.id}").text

    assert row.title in text
    assert "单体电压采样误差" in text
    assert str(row.kpis[0].id) not in text
    assert f"{row.bid_deadline_at:%Y-%m-%d}" not in text


def test_nobody_copies_the_challenge_of_another_company(session: Session, writer: FlaskClient) -> None:
    assert writer.get(f"{URL}new?copy={ChallengeFactory().id}").status_code == 404


@pytest.mark.parametrize(
    ("target", "operator", "is_flagged"),
    [
        ("国际先进", ">=", True),
        ("显著优于进口", "=", True),
        ("较好", "<=", True),
        ("一流水平", "=", True),
        ("2", "<=", False),
        ("-40~85", "covers", False),
        ("ASIL D", "=", False),
        ("通过", "=", False),
    ],
)
def test_words_that_cannot_be_measured_are_flagged_while_they_are_typed(
    writer: FlaskClient, target: str, operator: str, is_flagged: bool
) -> None:
    sent = {"kpis-0-name": "采样误差", "kpis-0-operator": operator, "kpis-0-target": target, "kpis-0-unit": ""}

    notes = writer.post(f"{URL}lint", data=sent).json

    assert ("kpis-0-target" in notes) is is_flagged
