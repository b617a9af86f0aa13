"""Messages are kept whole, in the transaction of what they tell."""

from __future__ import annotations

import uuid
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.mail.models import MailMessage, MailState
from app.mail.service import POKE, resend
from tests.factories.accounts import UserFactory, operator
from tests.support.clock import NOON
from tests.support.writing import write

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def failed(session: Session) -> MailMessage:
    mail = write(session)
    assert mail is not None
    mail.state, mail.attempts, mail.last_error = MailState.FAILED, 9, "550 No such mailbox"
    session.flush()
    return mail


def test_a_message_is_kept_as_it_will_travel(session: Session) -> None:
    mail = write(session)

    assert mail is not None
    message = message_from_bytes(mail.raw, policy=policy.default)
    assert message["Message-ID"] == mail.message_id == f"<{mail.id.hex}@chipbridge.example>"
    assert message["Subject"] == mail.subject == "Your need is public: A need"
    assert (mail.state, mail.attempts, mail.next_attempt_at) == (MailState.QUEUED, 0, NOON)


def test_the_same_thing_is_never_said_twice(session: Session) -> None:
    write(session)

    assert write(session) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == 1


def test_a_message_that_was_not_made_wakes_nobody(session: Session) -> None:
    write(session)
    session.info.pop(POKE)

    write(session)

    assert POKE not in session.info


@pytest.mark.parametrize("recipient", ["李雷@example.com", "nobody", "a@b.example\nBcc: c@d.example"])
def test_an_address_that_no_message_can_carry_is_refused(session: Session, recipient: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        write(session, recipient=recipient)

    assert (refusal.value.code, refusal.value.field) == ("bad_address", "email")


def test_a_subject_that_is_too_long_is_cut_in_the_log_only(session: Session) -> None:
    context = {"title": "长" * 400, "kind": "need", "organization": "x", "path": "/"}

    mail = write(session, context=context)

    assert mail is not None
    assert len(mail.subject) == 300
    assert "长" * 400 in message_from_bytes(mail.raw, policy=policy.default)["Subject"]


def test_the_operator_sends_a_failed_message_again_under_its_own_message_id(session: Session) -> None:
    actor, mail = operator().as_actor(), failed(session)
    before = mail.raw

    resend(session, actor=actor, mail_id=mail.id, now=NOON)

    session.flush()
    assert (mail.state, mail.attempts, mail.next_attempt_at, mail.raw) == (MailState.QUEUED, 0, NOON, before)
    entry = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == mail.id)).one()
    assert (entry.action, entry.actor_id) == ("mail.resend", actor.user_id)


def test_a_message_that_has_not_failed_is_not_sent_again(session: Session) -> None:
    mail = write(session)
    assert mail is not None

    with pytest.raises(Conflict):
        resend(session, actor=operator().as_actor(), mail_id=mail.id, now=NOON)


def test_a_message_that_is_not_there_is_not_sent_again(session: Session) -> None:
    with pytest.raises(NotFound):
        resend(session, actor=operator().as_actor(), mail_id=uuid.uuid4(), now=NOON)


def test_only_the_desk_sends_messages_again(session: Session) -> None:
    mail = failed(session)

    with pytest.raises(NotAllowed):
        resend(session, actor=UserFactory().as_actor(), mail_id=mail.id, now=NOON)
