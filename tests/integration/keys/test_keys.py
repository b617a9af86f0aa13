"""Making, using and retiring keys, and fixing who holds those of a challenge."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.actor import MemberRole, StaffRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.keys import service
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose
from app.keys.workflow import KeyState
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.keys import CHEAP, PASSPHRASE, PRIVATE, KeyHolderFactory, three_keys
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

NEW = "山海 灯塔 木舟 银杏 三十六计"


def supervisor() -> Actor:
    actor: Actor = UserFactory(staff=(StaffRole.SUPERVISOR,)).as_actor()
    return actor


def owner(firm: Any) -> Actor:
    actor: Actor = UserFactory(organization=firm, role=MemberRole.OWNER).as_actor()
    return actor


def made(session: Session, actor: Actor) -> KeyHolder:
    holder = service.make_key(session, actor=actor, passphrase=PASSPHRASE, now=NOON, cost=CHEAP)
    session.commit()
    return holder


def tried(session: Session, holder: KeyHolder, passphrase: str, now: dt.datetime = NOON) -> bytes | None:
    actor = session.get_one(User, holder.user_id).as_actor()
    found = service.try_passphrase(session, actor=actor, holder_id=holder.id, passphrase=passphrase, now=now)
    session.commit()
    return found


def frozen(session: Session, challenge: Any, **given: Any) -> int:
    return service.freeze_holders(
        session,
        **{
            "challenge_id": challenge.id,
            "owner_id": challenge.organization_id,
            "threshold": 2,
            "viewer_role": "",
            "now": NOON,
            **given,
        },
    )


def test_a_key_is_stored_locked_and_its_passphrase_nowhere(session: Session) -> None:
    holder = made(session, supervisor())

    row = repr(dict(session.execute(select(KeyHolder.__table__)).mappings().one()))
    assert holder.role == "supervisor"
    assert PASSPHRASE not in row
    assert len(holder.public_key) == 32


def test_the_owner_of_a_company_holds_its_key(session: Session) -> None:
    actor = owner(OrganizationFactory())

    holder = made(session, actor)

    assert (holder.role, holder.organization_id) == ("owner", actor.organization_id)


@pytest.mark.parametrize(
    "person",
    [
        {"staff": (StaffRole.SYS_ADMIN,)},
        {"staff": (StaffRole.SEC_ADMIN,)},
        {"staff": (StaffRole.EXPERT,)},
        {"organization": {"chip": True}, "role": MemberRole.OWNER},
        {"organization": {}, "role": MemberRole.EDITOR},
        {"organization": {"unverified": True}, "role": MemberRole.OWNER},
    ],
)
def test_others_hold_no_key(session: Session, person: dict[str, Any]) -> None:
    firm = OrganizationFactory(**person.pop("organization")) if "organization" in person else None

    with pytest.raises(NotAllowed):
        made(session, UserFactory(organization=firm, **person).as_actor())


def test_a_person_has_one_key_in_use(session: Session) -> None:
    actor = supervisor()
    made(session, actor)

    with pytest.raises(Conflict, match="have a key already"):
        made(session, actor)


def test_two_owners_of_one_company_do_not_both_hold_a_key(session: Session) -> None:
    firm = OrganizationFactory()
    made(session, owner(firm))

    with pytest.raises(Conflict):
        made(session, owner(firm))


@pytest.mark.parametrize("passphrase", ["short", "aaaaaaaaaaaaaaaaaaaa", "12345678901234567890", "x" * 201])
def test_a_passphrase_that_is_easy_to_guess_is_refused_beside_its_field(session: Session, passphrase: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        service.make_key(session, actor=supervisor(), passphrase=passphrase, now=NOON, cost=CHEAP)

    assert refusal.value.field == "passphrase"


def test_the_right_passphrase_opens_the_key_and_a_wrong_one_is_counted(session: Session) -> None:
    holder = KeyHolderFactory()

    assert tried(session, holder, "something else entirely") is None
    assert holder.failures == 1
    assert tried(session, holder, PASSPHRASE) == PRIVATE
    assert holder.failures == 0


def test_after_five_wrong_passphrases_the_key_rests_for_a_quarter_of_an_hour(session: Session) -> None:
    holder = KeyHolderFactory(failures=4)
    tried(session, holder, "something else entirely")

    with pytest.raises(Conflict, match="quarter of an hour"):
        tried(session, holder, PASSPHRASE)

    session.rollback()
    assert tried(session, holder, PASSPHRASE, NOON + dt.timedelta(minutes=15)) == PRIVATE


def test_a_key_of_somebody_else_does_not_exist(session: Session) -> None:
    holder = KeyHolderFactory()

    with pytest.raises(NotFound):
        service.try_passphrase(session, actor=supervisor(), holder_id=holder.id, passphrase=PASSPHRASE, now=NOON)


def test_a_changed_passphrase_opens_the_same_key_and_the_old_one_nothing(session: Session) -> None:
    holder = KeyHolderFactory()
    actor = session.get_one(User, holder.user_id).as_actor()

    service.change_passphrase(session, actor=actor, holder_id=holder.id, private=PRIVATE, passphrase=NEW, cost=CHEAP)

    assert tried(session, holder, PASSPHRASE) is None
    assert tried(session, holder, NEW) == PRIVATE


def test_a_retired_key_still_opens_and_makes_room_for_a_new_one(session: Session) -> None:
    holder = KeyHolderFactory()
    actor = session.get_one(User, holder.user_id).as_actor()

    service.retire_key(session, actor=actor, holder_id=holder.id, now=NOON)

    assert holder.state is KeyState.RETIRED
    assert tried(session, holder, PASSPHRASE) == PRIVATE
    assert made(session, actor).id != holder.id


def test_a_key_is_retired_once(session: Session) -> None:
    holder = KeyHolderFactory(state=KeyState.RETIRED, retired_at=NOON)

    with pytest.raises(Conflict):
        service.retire_key(
            session, actor=session.get_one(User, holder.user_id).as_actor(), holder_id=holder.id, now=NOON
        )


def test_publication_fixes_all_active_keys_of_the_authority_and_the_owners_own(session: Session) -> None:
    challenge = ChallengeFactory()
    openers = {one.id for one in three_keys()} | {made(session, owner(challenge.organization)).id}
    KeyHolderFactory(state=KeyState.RETIRED, retired_at=NOON)
    made(session, owner(OrganizationFactory()))
    KeyHolderFactory(role="prefecture_authority")

    assert frozen(session, challenge) == 4

    held = session.scalars(select(ChallengeKeyHolder)).all()
    assert {one.holder_id for one in held} == openers
    assert {(one.purpose, one.threshold) for one in held} == {(Purpose.OPEN, 2)}


def test_too_few_keys_keep_a_challenge_from_being_published(session: Session) -> None:
    KeyHolderFactory()

    with pytest.raises(RuleViolation) as refusal:
        frozen(session, ChallengeFactory())

    assert refusal.value.code == "too_few_holders"
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ChallengeKeyHolder)) == 0


def test_a_programme_may_need_more_keys(session: Session) -> None:
    three_keys()

    with pytest.raises(RuleViolation):
        frozen(session, ChallengeFactory(), threshold=4)


def test_no_programme_lets_one_person_open(session: Session) -> None:
    three_keys()
    challenge = ChallengeFactory()

    frozen(session, challenge, threshold=1)

    assert set(session.scalars(select(ChallengeKeyHolder.threshold))) == {2}


def test_viewers_are_fixed_beside_the_openers_where_the_programme_names_them(session: Session) -> None:
    three_keys()
    viewer = KeyHolderFactory(role="prefecture_authority")

    frozen(session, ChallengeFactory(), viewer_role="prefecture_authority")

    viewers = select(ChallengeKeyHolder.holder_id).where(ChallengeKeyHolder.purpose == Purpose.VIEW)
    assert session.scalars(viewers).all() == [viewer.id]


def test_a_key_is_made_changed_and_retired_on_its_page(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient]
) -> None:
    login(client, UserFactory(staff=(StaffRole.SUPERVISOR,)))

    answer = client.post("/keys/make", data={"passphrase": PASSPHRASE, "again": PASSPHRASE})
    holder = session.scalars(select(KeyHolder)).one()
    wrong = client.post(f"/keys/{holder.id}/passphrase", data={"old": NEW, "passphrase": NEW, "again": NEW})
    right = client.post(f"/keys/{holder.id}/passphrase", data={"old": PASSPHRASE, "passphrase": NEW, "again": NEW})
    retired = client.post(f"/keys/{holder.id}/retire")

    assert (answer.status_code, wrong.status_code, right.status_code, retired.status_code) == (303, 422, 303, 303)
    session.refresh(holder)
    assert (holder.state, holder.failures) == (KeyState.RETIRED, 0)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"passphrase": PASSPHRASE, "again": NEW}, "differ"),
        ({"passphrase": "short", "again": "short"}, "16 characters"),
        ({}, "Type a passphrase"),
    ],
)
def test_a_refused_passphrase_is_never_shown_again(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient], typed: dict[str, str], said: str
) -> None:
    login(client, UserFactory(staff=(StaffRole.SUPERVISOR,), locale="en"))

    answer = client.post("/keys/make", data=typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert PASSPHRASE not in answer.text


@pytest.mark.parametrize(
    ("person", "status"),
    [({"staff": (StaffRole.SYS_ADMIN,)}, 403), ({}, 403)],
)
def test_who_may_hold_no_key_makes_none(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient], person: dict[str, Any], status: int
) -> None:
    login(client, UserFactory(**person))

    assert client.get("/keys/").status_code == 200
    assert client.post("/keys/make", data={"passphrase": NEW, "again": NEW}).status_code == status


def test_strangers_are_sent_to_the_log_in(client: FlaskClient) -> None:
    assert client.get("/keys/").status_code == 302


def test_the_key_of_somebody_who_left_office_opens_nothing_new(session: Session) -> None:
    challenge = ChallengeFactory()
    first, *_others = three_keys()
    first.user.roles = []
    session.commit()

    assert frozen(session, challenge) == 2
