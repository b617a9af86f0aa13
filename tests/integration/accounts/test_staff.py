"""People outside of the companies, set up on the command line."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import User
from app.accounts.policy import can_create_organization
from app.accounts.service import make_staff
from app.core.actor import DECIDING, Actor, StaffRole
from app.core.errors import RuleViolation
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def make(session: Session, role: StaffRole, city_code: str = "", **changes: Any) -> User:
    given = {"email": "new@city.example.com", "name": "何安", "password_hash": "x", **changes}
    user = make_staff(session, role=role, city_code=city_code, now=NOON, **given)
    session.commit()
    return user


def test_an_officer_of_a_prefecture_decides_for_one_city(session: Session) -> None:
    actor = make(session, StaffRole.PREFECTURE_AUTHORITY, "441300").as_actor()

    assert (actor.is_prefecture, actor.city_code, actor.is_staff, actor.is_authority) == (True, "441300", False, False)


@pytest.mark.parametrize("role", sorted(DECIDING - {StaffRole.PREFECTURE_AUTHORITY}))
def test_nobody_of_a_company_decides_for_the_authority(session: Session, role: StaffRole) -> None:
    member = UserFactory(organization=OrganizationFactory(chip=True))

    with pytest.raises(RuleViolation, match="belongs to a company"):
        make(session, role, email=member.email)


def test_an_expert_may_work_for_a_company(session: Session) -> None:
    member = UserFactory(organization=OrganizationFactory(chip=True))

    assert StaffRole.EXPERT in make(session, StaffRole.EXPERT, email=member.email).as_actor().roles


@pytest.mark.parametrize("role", sorted(DECIDING))
def test_who_decides_for_the_authority_founds_no_company(role: StaffRole) -> None:
    actor = Actor(user_id=uuid.uuid4(), roles=frozenset({role}))

    assert not can_create_organization(actor)


@pytest.mark.parametrize("city_code", ["", "999999", "440000", "310100"])
def test_a_prefecture_is_a_city_of_the_province(session: Session, city_code: str) -> None:
    with pytest.raises(RuleViolation, match="city of Guangdong"):
        make(session, StaffRole.PREFECTURE_AUTHORITY, city_code)


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.PREFECTURE_AUTHORITY])
def test_nobody_else_has_a_city(session: Session, role: StaffRole) -> None:
    with pytest.raises(RuleViolation, match="have a city"):
        make(session, role, "440300")

    assert make(session, role).as_actor().is_prefecture is False


def test_somebody_known_gets_a_further_role(session: Session) -> None:
    make(session, StaffRole.OPERATOR)

    actor = make(session, StaffRole.SUPERVISOR, name="").as_actor()

    assert actor.roles == {StaffRole.OPERATOR, StaffRole.SUPERVISOR}
    assert actor.name == "何安"


@pytest.mark.parametrize(
    ("city", "code", "said"), [("440300", 0, "acts as prefecture_authority of 440300"), ("", 1, "needs a city")]
)
def test_the_command_makes_an_officer_or_says_what_is_missing(own_app: Flask, city: str, code: int, said: str) -> None:
    arguments = ["users", "make-staff", "officer@city.example.com", "--role", "prefecture_authority", "--city", city]

    answer = own_app.test_cli_runner().invoke(args=[*arguments, "--password", "Chipbridge-demo-2026"])

    assert answer.exit_code == code, answer.output
    assert said in answer.output


def test_the_command_seeds_the_programmes_once(own_app: Flask) -> None:
    runner = own_app.test_cli_runner()

    first, second = (runner.invoke(args=["system", "seed-programmes"]).output for _ in range(2))

    assert (first.strip(), second.strip()) == ("3 programmes added.", "0 programmes added.")
