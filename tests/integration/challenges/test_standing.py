"""The rules of a challenge without a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.challenges.models import Programme
from app.challenges.standing import rules_of
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_challenge_runs_under_the_rules_of_its_programme(session: Session) -> None:
    programme = ProgrammeFactory(publicity_working_days=7)

    challenge = ChallengeFactory(programme=programme)

    assert rules_of(challenge) is programme


def test_without_a_programme_the_defaults_of_the_database_hold(session: Session) -> None:
    names = [column.key for column in Programme.__table__.columns if column.default and column.default.is_scalar]
    stored = Programme(code="PLAIN", name="plain", mode="enterprise_posed")
    session.add(stored)
    session.flush()

    rules = rules_of(ChallengeFactory.build(programme=None))

    assert [getattr(rules, name) for name in names] == [getattr(stored, name) for name in names]
