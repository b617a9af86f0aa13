"""Who may do what on the way of a challenge."""

from __future__ import annotations

import uuid

import pytest

from app.challenges import policy
from app.core.actor import Actor, MemberRole, StaffRole
from app.demands.workflow import PostingState

CITY, OTHER = "440300", "441300"
OWNER, FIRM = uuid.uuid4(), uuid.uuid4()
PEOPLE = {
    "province": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY})),
    "prefecture": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PREFECTURE_AUTHORITY}), city_code=CITY),
    "other prefecture": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PREFECTURE_AUTHORITY}), city_code=OTHER),
    "prefecture without a city": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PREFECTURE_AUTHORITY})),
    "operator": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.OPERATOR})),
    "supervisor": Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.SUPERVISOR})),
    "owner": Actor(user_id=uuid.uuid4(), organization_id=OWNER, member_role=MemberRole.EDITOR, is_verified=True),
    "firm": Actor(user_id=uuid.uuid4(), organization_id=FIRM, member_role=MemberRole.EDITOR, is_verified=True),
    "viewer": Actor(user_id=uuid.uuid4(), organization_id=FIRM, member_role=MemberRole.VIEWER, is_verified=True),
    "unverified": Actor(user_id=uuid.uuid4(), organization_id=FIRM, member_role=MemberRole.EDITOR),
    "stranger": Actor(),
}
ALLOWED = {
    "recommend": {"prefecture"},
    "decide": {"province"},
    "edit programmes": {"province"},
    "edit calendar": {"province"},
    "confirm time": {"province", "supervisor"},
    "answer autopsy": {"firm"},
    "see autopsy": {"province", "operator", "supervisor", "owner"},
    "read what waits": {"province", "operator", "supervisor", "owner", "prefecture"},
    "read a draft": {"owner"},
    "read what was cancelled in public": set(PEOPLE),
    "read what was cancelled before": {"province", "operator", "supervisor", "owner", "prefecture"},
}
ASKED = {
    "recommend": lambda actor: policy.can_recommend(actor, city_code=CITY),
    "decide": policy.can_decide,
    "edit programmes": policy.can_edit_programmes,
    "edit calendar": policy.can_edit_calendar,
    "confirm time": lambda actor: policy.can_confirm_extension(actor, proposed_by=uuid.uuid4()),
    "answer autopsy": lambda actor: policy.can_answer_autopsy(actor, organization_id=OWNER),
    "see autopsy": lambda actor: policy.can_see_autopsy(actor, organization_id=OWNER, is_over=True),
    "read what waits": lambda actor: policy.can_read(
        actor, organization_id=OWNER, state=PostingState.SUBMITTED, city_code=CITY
    ),
    "read a draft": lambda actor: policy.can_read(
        actor, organization_id=OWNER, state=PostingState.DRAFT, city_code=CITY
    ),
    "read what was cancelled in public": lambda actor: policy.can_read(
        actor, organization_id=OWNER, state=PostingState.CANCELLED, city_code=CITY, was_published=True
    ),
    "read what was cancelled before": lambda actor: policy.can_read(
        actor, organization_id=OWNER, state=PostingState.CANCELLED, city_code=CITY
    ),
}


@pytest.mark.parametrize("act", ASKED)
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_may_what_the_table_says(act: str, who: str) -> None:
    assert bool(ASKED[act](PEOPLE[who])) is (who in ALLOWED[act])


def test_before_the_deadline_nobody_is_told_why_firms_do_not_bid() -> None:
    assert not policy.can_see_autopsy(PEOPLE["province"], organization_id=OWNER, is_over=False)


@pytest.mark.parametrize("who", ["province", "supervisor"])
def test_nobody_confirms_alone(who: str) -> None:
    proposer = PEOPLE[who].user_id
    assert proposer is not None

    assert not policy.can_confirm_extension(PEOPLE[who], proposed_by=proposer)
