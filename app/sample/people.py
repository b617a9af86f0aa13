"""The people of the sample: an owner for each organisation, the desk, and those whose passwords are told."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_security import hash_password

from app.accounts.models import Membership, Organization, Role, User, roles_users
from app.core.actor import MemberRole, StaffRole
from app.sample.source import sample_id

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

DOMAIN = "example.com"
_SURNAMES = "林陈黄李区梁罗谭何郑黎冯邓许曾蔡吴刘潘钟"
_GIVEN = (
    "雨桐", "启航", "思敏", "嘉朗", "静姝", "泽川", "晓岚", "伟杰", "若溪", "子谦", "咏仪", "文翰", "佩珊",
    "俊熙", "海晴", "志远", "婉清", "国栋", "绮文", "浩然", "慧敏", "家明", "沛霖", "诗韵", "立夏",
)  # fmt: skip
_POSTS = {
    MemberRole.OWNER: "总经理助理",
    MemberRole.EDITOR: "产品经理",
    MemberRole.VIEWER: "市场专员",
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody whose password is told to whoever installs the portal."""

    email: str
    role: StaffRole | MemberRole
    organization: str = ""
    """Identifier in the files; empty for staff."""
    name: str = ""
    city_code: str = ""
    """Of a prefecture's officer: the city for whose authority the person decides."""


DEMO_PEOPLE = (
    DemoPerson(f"officer@authority.{DOMAIN}", StaffRole.PROVINCIAL_AUTHORITY, name="欧阳澄"),
    DemoPerson(f"deputy@authority.{DOMAIN}", StaffRole.PROVINCIAL_AUTHORITY, name="诸葛敏"),
    DemoPerson(f"shenzhen@authority.{DOMAIN}", StaffRole.PREFECTURE_AUTHORITY, name="尉迟安", city_code="440300"),
    DemoPerson(f"huizhou@authority.{DOMAIN}", StaffRole.PREFECTURE_AUTHORITY, name="公孙瑜", city_code="441300"),
    DemoPerson(f"operator@desk.{DOMAIN}", StaffRole.OPERATOR, name="司徒明朗"),
    DemoPerson(f"supervisor@authority.{DOMAIN}", StaffRole.SUPERVISOR, name="上官清"),
    DemoPerson(f"ex01@experts.{DOMAIN}", StaffRole.EXPERT, name="许静远"),
    DemoPerson(f"ex05@experts.{DOMAIN}", StaffRole.EXPERT, name="顾念慈"),
    DemoPerson(f"owner@org001.{DOMAIN}", MemberRole.OWNER, "ORG001"),
    DemoPerson(f"editor@org001.{DOMAIN}", MemberRole.EDITOR, "ORG001"),
    DemoPerson(f"viewer@org001.{DOMAIN}", MemberRole.VIEWER, "ORG001"),
    DemoPerson(f"owner@org003.{DOMAIN}", MemberRole.OWNER, "ORG003"),
    DemoPerson(f"editor@org003.{DOMAIN}", MemberRole.EDITOR, "ORG003"),
    DemoPerson(f"owner@org050.{DOMAIN}", MemberRole.OWNER, "ORG050"),
    DemoPerson(f"editor@org050.{DOMAIN}", MemberRole.EDITOR, "ORG050"),
    DemoPerson(f"owner@org032.{DOMAIN}", MemberRole.OWNER, "ORG032"),
    DemoPerson(f"editor@org032.{DOMAIN}", MemberRole.EDITOR, "ORG032"),
)
"""Two terminal makers (BMS, watches), two chip firms (battery monitors, short-range radio), and the desk."""


@dataclass(frozen=True, slots=True)
class Account:
    """A log-in to tell once."""

    email: str
    password: str
    role: str
    organization: str
    passphrase: str = ""
    """Of the person's key, where the person holds one."""


def owner_id(organization: str) -> uuid.UUID:
    """Return the identifier of an organisation's owner (``ORG001``)."""
    return sample_id(f"owner@{organization.lower()}.{DOMAIN}")


def officer_id() -> uuid.UUID:
    """Return the identifier of the authority's officer."""
    return sample_id(DEMO_PEOPLE[0].email)


def load_people(session: Session, organizations: list[str], *, now: dt.datetime) -> list[Account]:
    """Insert everybody; return the accounts that can log in, with their passwords."""
    people = _everybody(organizations)
    names = dict(session.execute(sa.select(Organization.id, Organization.legal_name_zh)).tuples().all())
    accounts = [
        Account(p.email, secrets.token_urlsafe(12), p.role.value, names.get(sample_id(p.organization), ""))
        for p in DEMO_PEOPLE
    ]
    passwords = {account.email: hash_password(account.password) for account in accounts}
    session.execute(sa.insert(User), [_user(i, p, passwords, now) for i, p in enumerate(people)])
    session.execute(sa.insert(Membership), [_membership(p, now) for p in people if p.organization])
    session.execute(sa.insert(roles_users), list(_staff_roles(session)))
    return accounts


def _everybody(organizations: list[str]) -> list[DemoPerson]:
    told = {person.email for person in DEMO_PEOPLE}
    owners = [DemoPerson(f"owner@{code.lower()}.{DOMAIN}", MemberRole.OWNER, code) for code in organizations]
    return [*DEMO_PEOPLE, *(owner for owner in owners if owner.email not in told)]


def _user(place: int, person: DemoPerson, passwords: dict[str, str], now: dt.datetime) -> dict[str, object]:
    is_member = isinstance(person.role, MemberRole)
    return {
        "id": sample_id(person.email),
        "email": person.email,
        "password": passwords.get(person.email),
        "active": True,
        "fs_uniquifier": uuid.uuid4().hex,
        "confirmed_at": now,
        "name": person.name or name_of(place),
        "post": _POSTS[MemberRole(person.role)] if is_member else "",
        "mobile": f"1390000{place:04d}" if is_member else "",
        "city_code": person.city_code,
        "created_at": now,
    }


def name_of(place: int) -> str:
    """Return an invented name; neighbours differ in both parts."""
    return _SURNAMES[place * 7 % len(_SURNAMES)] + _GIVEN[place * 3 % len(_GIVEN)]


def _membership(person: DemoPerson, now: dt.datetime) -> dict[str, object]:
    return {
        "id": sample_id(f"membership {person.email}"),
        "user_id": sample_id(person.email),
        "organization_id": sample_id(person.organization),
        "role": person.role,
        "created_at": now,
    }


def _staff_roles(session: Session) -> list[dict[str, uuid.UUID]]:
    known = {role.name: role.id for role in session.scalars(sa.select(Role))}
    links = []
    for person in DEMO_PEOPLE:
        if isinstance(person.role, StaffRole):
            if person.role not in known:
                role = Role(id=uuid.uuid4(), name=person.role)
                session.add(role)
                known[person.role] = role.id
            links.append({"user_id": sample_id(person.email), "role_id": known[person.role]})
    session.flush()
    return links
