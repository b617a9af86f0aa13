"""What a digest says to whom, and that it says nothing twice."""

from __future__ import annotations

import datetime as dt
import uuid
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.accounts.models import OrganizationCategory
from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.models import NeedCategory, NeedParam
from app.demands.workflow import PostingState
from app.mail.models import MailMessage
from app.matchmaking.workflow import PairingState
from app.notifications import digest_content, tokens
from app.notifications.models import Digest, DigestFrequency, NotificationPreference
from app.notifications.recipients import load_reader
from app.notifications.service import queue_run, send_digest, send_now, send_test_digest, unsubscribe
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, operator
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.accounts.models import Organization, User

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session):
    """Reasons are put into words by Flask-Babel."""
    with app.app_context():
        yield


def prefer(session: Session, user: User, digest: str) -> None:
    session.add(NotificationPreference(user_id=user.id, digest=DigestFrequency(digest)))
    session.commit()


def pairings(n: int, supplier: Organization, **attributes: Any) -> list[Any]:
    return [
        PairingFactory(product__organization=supplier, score=0.9 - number / 100, **attributes) for number in range(n)
    ]


def content(session: Session, user: User) -> digest_content.DigestContent:
    return digest_content.build(session, load_reader(session, user.id), now=NOON)


def message(session: Session, digest: Digest | None) -> EmailMessage:
    assert digest is not None
    return message_from_bytes(session.get_one(MailMessage, digest.mail_id).raw, policy=policy.default)


def text_of(session: Session, digest: Digest | None) -> str:
    body = message(session, digest).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def chip_reader(**attributes: Any) -> User:
    return UserFactory(organization=OrganizationFactory(chip=True), **attributes)


def organization_of(user: User) -> Organization:
    assert user.membership is not None
    return user.membership.organization


def test_a_pairing_is_told_with_its_reason_and_two_links(session: Session) -> None:
    reader = chip_reader(locale="en")
    [pairing] = pairings(1, organization_of(reader))

    text = text_of(session, send_digest(session, user_id=reader.id, now=NOON))

    assert pairing.need.title in text
    assert "Your chip meets 1 of 2 must requirements" in text
    assert f"> See why: http://localhost/workspace/pairings/{pairing.id}\n" in text.replace("\r\n", "\n")
    assert f"> Answer: http://localhost/workspace/pairings/{pairing.id}#answer" in text


def test_each_side_reads_the_reason_from_its_own(session: Session) -> None:
    pairing = PairingFactory()
    demand = UserFactory(organization=pairing.demand, locale="en")
    supply = UserFactory(organization=pairing.supplier, locale="en")

    assert content(session, demand).entries[0].reason.startswith("The chip meets 1 of your 2 must requirements")
    assert content(session, supply).entries[0].reason.startswith("Your chip meets 1 of 2 must requirements")


def test_the_reason_is_that_of_the_sheet_as_it_is_by_now(session: Session) -> None:
    """The pairing was proposed on a sheet that stated one of two musts."""
    need = NeedFactory(params=[NeedParam(position=0, key="cells", op="covers", value="14~18", unit="串", is_must=True)])
    product = ProductFactory(complete=True, updated_at=NOON + DAY)
    reader = UserFactory(organization=product.organization, locale="en")
    PairingFactory(need=need, product=product)

    [entry] = content(session, reader).entries

    assert entry.reason == "Your chip meets all 2 must requirements: cells in series, operating temperature."


def test_changed_sheets_cost_as_many_queries_for_eight_as_for_one(session: Session) -> None:
    few, many = chip_reader(), chip_reader()
    pairings(1, organization_of(few), product__updated_at=NOON + DAY)
    pairings(8, organization_of(many), product__updated_at=NOON + DAY)

    with count_queries() as for_one:
        content(session, few)
    with count_queries() as for_eight:
        content(session, many)

    assert len(for_eight) == len(for_one) <= 9


def test_times_are_those_of_shanghai(session: Session) -> None:
    reader = chip_reader(locale="en")
    pairings(1, organization_of(reader), reply_by=dt.datetime(2026, 12, 8, 16, 30, tzinfo=dt.UTC))

    assert "Answer by: 2026-12-09 00:30\u2009(Beijing time)" in text_of(
        session, send_digest(session, user_id=reader.id, now=NOON)
    )


def test_a_digest_is_in_the_language_of_its_reader(session: Session) -> None:
    reader = chip_reader(locale="zh_Hans_CN")
    pairings(1, organization_of(reader))

    mail = message(session, send_digest(session, user_id=reader.id, now=NOON))

    assert mail["Subject"] == "有 1 项对接等待您答复"
    assert mail["Content-Language"] == "zh-Hans-CN"


def test_a_digest_names_its_own_way_out(session: Session) -> None:
    reader = chip_reader()
    pairings(1, organization_of(reader))

    mail = message(session, send_digest(session, user_id=reader.id, now=NOON))

    word = mail["List-Unsubscribe"].strip("<>").removeprefix("http://localhost/unsubscribe/")
    assert tokens.read("test-secret-key-that-guards-nothing", word) == reader.id
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Chipbridge digest <digest.chipbridge.example>"


def test_both_sides_read_of_the_same_pairing(session: Session) -> None:
    pairing = PairingFactory()
    demand, supply = UserFactory(organization=pairing.demand), UserFactory(organization=pairing.supplier)

    assert [entry.is_demand for entry in content(session, demand).entries] == [True]
    assert [entry.is_demand for entry in content(session, supply).entries] == [False]


def test_nothing_to_say_is_no_mail(session: Session) -> None:
    reader = chip_reader()

    assert send_digest(session, user_id=reader.id, now=NOON) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == 0


@pytest.mark.parametrize(
    "attributes",
    [
        {"state": PairingState.DECLINED, "decline_reason": "price", "ended_at": NOON},
        {"introduced": True},
        {"reply_by": NOON},
        {"supply_accepted_at": NOON},
        {"need__state": PostingState.CLOSED},
    ],
)
def test_a_pairing_that_does_not_wait_for_the_reader_is_not_told(session: Session, attributes: dict[str, Any]) -> None:
    reader = chip_reader()
    pairings(1, organization_of(reader), **attributes)

    assert content(session, reader).entries == ()


def test_a_digest_names_the_eight_best_and_says_that_there_are_more(session: Session) -> None:
    reader = chip_reader()
    made = pairings(9, organization_of(reader))

    found = content(session, reader)

    assert [entry.pairing_id for entry in found.entries] == [pairing.id for pairing in made[:8]]
    assert found.has_more


def test_eight_pairings_are_all(session: Session) -> None:
    reader = chip_reader()
    pairings(8, organization_of(reader))

    assert not content(session, reader).has_more


def test_the_next_digest_names_what_the_first_left_out_and_nothing_twice(session: Session) -> None:
    reader = chip_reader()
    made = pairings(9, organization_of(reader))
    send_digest(session, user_id=reader.id, now=NOON)

    second = send_digest(session, user_id=reader.id, now=NOON + WEEK)

    assert second is not None
    assert made[8].need.title in text_of(session, second)
    assert second.n_items == 1
    assert send_digest(session, user_id=reader.id, now=NOON + 2 * WEEK) is None


def test_a_period_has_one_digest(session: Session) -> None:
    reader = chip_reader()
    pairings(1, organization_of(reader))
    send_digest(session, user_id=reader.id, now=NOON)
    pairings(1, organization_of(reader))

    assert send_digest(session, user_id=reader.id, now=NOON + DAY) is None


def test_a_daily_reader_has_a_new_period_every_day(session: Session) -> None:
    reader = chip_reader()
    prefer(session, reader, "daily")
    pairings(1, organization_of(reader))
    send_digest(session, user_id=reader.id, now=NOON)
    pairings(1, organization_of(reader))

    digest = send_digest(session, user_id=reader.id, now=NOON + DAY)

    assert digest is not None
    assert digest.period == "2026-11-25"


def test_colleagues_each_get_their_own(session: Session) -> None:
    first = chip_reader()
    second = UserFactory(organization=organization_of(first))
    pairings(1, organization_of(first))

    assert send_digest(session, user_id=first.id, now=NOON) is not None
    assert send_digest(session, user_id=second.id, now=NOON) is not None


def test_who_has_switched_it_off_gets_none(session: Session) -> None:
    reader = chip_reader()
    prefer(session, reader, "off")
    pairings(1, organization_of(reader))

    assert send_digest(session, user_id=reader.id, now=NOON) is None


def test_who_unsubscribed_while_the_run_was_under_way_gets_none(session: Session) -> None:
    reader = chip_reader()
    pairings(1, organization_of(reader))
    unsubscribe(session, user_id=reader.id, now=NOON)

    assert send_digest(session, user_id=reader.id, now=NOON, period="2026-W48") is None


@pytest.mark.parametrize("attributes", [{"role": MemberRole.VIEWER}, {"active": False}, {"confirmed_at": None}])
def test_only_who_can_act_is_a_reader(session: Session, attributes: dict[str, Any]) -> None:
    reader = chip_reader(**attributes)

    with pytest.raises(NotFound):
        send_digest(session, user_id=reader.id, now=NOON)


def test_a_hidden_owner_is_never_named(session: Session) -> None:
    owner = OrganizationFactory(terminal=True, legal_name_zh="广东隐名终端有限公司")
    reader = chip_reader()
    pairings(1, organization_of(reader), need=NeedFactory(organization=owner, is_owner_shown=False))

    mail = message(session, send_digest(session, user_id=reader.id, now=NOON))

    assert all("广东隐名终端有限公司" not in part.get_content() for part in mail.iter_parts())


def categories(session: Session, organization: Organization, *codes: str) -> None:
    session.add_all(OrganizationCategory(organization_id=organization.id, code=code) for code in codes)
    session.commit()


def challenge(**attributes: Any) -> Any:
    values = {"bid_deadline_at": NOON + 10 * DAY, "question_deadline_at": NOON - DAY, **attributes}
    return ChallengeFactory(categories=[NeedCategory(code="C0407")], **values)


@pytest.mark.parametrize(("code", "is_told"), [("C0407", True), ("C04", True), ("C0408", False), ("C05", False)])
def test_challenges_of_the_firms_field_are_announced(session: Session, code: str, is_told: bool) -> None:
    reader = chip_reader()
    categories(session, organization_of(reader), code)
    challenge()

    assert bool(content(session, reader).deadlines) is is_told


@pytest.mark.parametrize(
    "attributes",
    [
        {"bid_deadline_at": NOON},
        {"bid_deadline_at": NOON + 15 * DAY},
        {"draft": True, "bid_deadline_at": NOON + 10 * DAY},
    ],
)
def test_a_challenge_that_does_not_close_soon_is_not_announced(session: Session, attributes: dict[str, Any]) -> None:
    reader = chip_reader()
    categories(session, organization_of(reader), "C04")
    challenge(**attributes)

    assert content(session, reader).deadlines == ()


def test_a_deadline_is_announced_once(session: Session) -> None:
    reader = chip_reader()
    categories(session, organization_of(reader), "C04", "C0407")
    challenge()
    send_digest(session, user_id=reader.id, now=NOON)

    assert send_digest(session, user_id=reader.id, now=NOON + WEEK) is None


def test_a_digest_takes_as_many_queries_for_eight_pairings_as_for_one(session: Session) -> None:
    few, many = chip_reader(), chip_reader()
    pairings(1, organization_of(few))
    pairings(8, organization_of(many))

    with count_queries() as for_one:
        send_digest(session, user_id=few.id, now=NOON)
    with count_queries() as for_eight:
        send_digest(session, user_id=many.id, now=NOON)

    assert len(for_eight) == len(for_one) <= 9


def test_the_desk_sends_one_now_and_it_counts(session: Session) -> None:
    actor, reader = operator().as_actor(), chip_reader(name="李工")
    pairings(1, organization_of(reader))

    digest = send_now(session, actor=actor, user_id=reader.id, now=NOON)

    entry = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "digest.send")).one()
    assert (entry.subject_id, entry.actor_id, entry.details) == (reader.id, actor.user_id, {"period": digest.period})
    assert send_digest(session, user_id=reader.id, now=NOON) is None


def test_the_desk_never_sends_a_second_one_in_a_period(session: Session) -> None:
    actor, reader = operator().as_actor(), chip_reader()
    pairings(1, organization_of(reader))
    send_now(session, actor=actor, user_id=reader.id, now=NOON)
    pairings(1, organization_of(reader))

    with pytest.raises(Conflict):
        send_now(session, actor=actor, user_id=reader.id, now=NOON)


def test_the_desk_sends_nothing_to_who_wants_none(session: Session) -> None:
    reader = chip_reader()
    prefer(session, reader, "off")
    pairings(1, organization_of(reader))

    with pytest.raises(RuleViolation, match="switched the digest off"):
        send_now(session, actor=operator().as_actor(), user_id=reader.id, now=NOON)


def test_the_desk_sends_nothing_when_there_is_nothing_to_say(session: Session) -> None:
    with pytest.raises(RuleViolation, match="nothing new"):
        send_now(session, actor=operator().as_actor(), user_id=chip_reader().id, now=NOON)


@pytest.mark.parametrize("send", [send_now, send_test_digest])
def test_only_the_desk_sends(session: Session, send: Any) -> None:
    reader = chip_reader()

    with pytest.raises(NotAllowed):
        send(session, actor=reader.as_actor(), user_id=reader.id, now=NOON)


def test_a_preview_goes_to_the_desk_and_nothing_counts_as_told(session: Session) -> None:
    actor, reader = operator().as_actor(), chip_reader()
    pairings(1, organization_of(reader))

    mail = send_test_digest(session, actor=actor, user_id=reader.id, now=NOON)

    assert mail.recipient == actor.email
    assert b"List-Unsubscribe" not in mail.raw
    assert "http://localhost/unsubscribe/preview" in str(
        message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",)).get_content()
    )
    assert len(content(session, reader).entries) == 1


def test_a_preview_of_nothing_is_refused(session: Session) -> None:
    with pytest.raises(RuleViolation):
        send_test_digest(session, actor=operator().as_actor(), user_id=chip_reader().id, now=NOON)


def test_a_run_is_queued_once_and_on_the_trail(session: Session) -> None:
    actor = operator().as_actor()

    queue_run(session, actor=actor, frequency="weekly", now=NOON)
    queue_run(session, actor=actor, frequency="weekly", now=NOON)

    job = session.scalars(sa.select(Job).where(Job.kind == "digests.run")).one()
    assert (job.payload, job.requested_by) == ({"frequency": "weekly"}, actor.user_id)
    assert session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "digest.run")) == 2


def test_a_run_of_an_unknown_frequency_is_refused(session: Session) -> None:
    with pytest.raises(RuleViolation):
        queue_run(session, actor=operator().as_actor(), frequency="hourly", now=NOON)


def test_only_the_desk_queues_a_run(session: Session) -> None:
    with pytest.raises(NotAllowed):
        queue_run(session, actor=UserFactory().as_actor(), frequency="weekly", now=NOON)


def test_nobody_is_unsubscribed_who_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        unsubscribe(session, user_id=uuid.uuid4(), now=NOON)
