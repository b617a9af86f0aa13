"""Two introduced companies write to each other; either may block the thread or report a message."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.audit import service as audit
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.core.upsert import insert_into
from app.files import sniff
from app.files.policy import register_purpose
from app.files.service import store_upload
from app.matchmaking import policy
from app.matchmaking.embargo import embargo_of
from app.matchmaking.labels import REPORT_REASONS
from app.matchmaking.models import Block, Message, MessageFile, MessageReport, Pairing, ThreadRead
from app.matchmaking.service.attachments import can_open
from app.matchmaking.workflow import REPORT_WORKFLOW, ReportEvent, ReportState, Side
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.service import Upload
    from app.matchmaking.commands import ReportMessage

PURPOSE = register_purpose("message", can_open)
ALLOWED = frozenset({sniff.PDF, sniff.PNG, sniff.JPEG, sniff.DOCX, sniff.XLSX, sniff.ZIP})
MAX_TEXT = 4000
MAX_FILES = 5
HOUR = dt.timedelta(hours=1)
MAX_IN_AN_HOUR = 30
"""Messages one person may write in an hour, in all threads together."""
MISSING = "There is no such pairing."


def send_message(
    session: Session,
    *,
    actor: Actor,
    pairing_id: uuid.UUID,
    text: str,
    uploads: Sequence[Upload],
    max_bytes: int,
    now: dt.datetime,
) -> Message:
    """Write to the other side, which is told by mail that there is a message.

    Raises NotFound, NotAllowed (ended, blocked, or an embargo) or RuleViolation (empty, too long, too many, or a
    file that is not accepted).
    """
    pairing, side = _lock(session, actor, pairing_id)
    is_embargoed = embargo_of(session, pairing.demand_id, now=now) is not None
    policy.can_write(
        actor,
        demand_id=pairing.demand_id,
        supplier_id=pairing.supplier_id,
        state=pairing.state,
        is_embargoed=is_embargoed,
        is_blocked=bool(blocking_sides(session, pairing.id)),
    ).enforce()
    _check(session, actor, text, uploads, now)
    message = Message(
        id=uuid.uuid4(), pairing_id=pairing.id, side=side, author_id=actor.user_id, text=text, sent_at=now, files=[]
    )
    for position, upload in enumerate(uploads):
        file = store_upload(
            session, actor=actor, upload=upload, purpose=PURPOSE, allowed=ALLOWED, max_bytes=max_bytes, now=now,
            field="files",
        )  # fmt: skip
        message.files.append(MessageFile(file=file, position=position))
    session.add(message)
    pairing.moved_at, pairing.reminded_at = now, None
    session.flush()
    audit.record(session, actor, "pairing.write", "pairing", pairing.id, side=side, n_files=len(uploads))
    publish(session, "pairing.message", now=now, message_id=str(message.id))
    return message


def mark_thread_read(session: Session, *, actor: Actor, pairing_id: uuid.UUID, now: dt.datetime) -> None:
    """Note until when the actor has read a thread."""
    statement = insert_into(session, ThreadRead).values(pairing_id=pairing_id, user_id=actor.user_id, read_at=now)
    session.execute(statement.on_conflict_do_update(index_elements=["pairing_id", "user_id"], set_={"read_at": now}))


def block_thread(session: Session, *, actor: Actor, pairing_id: uuid.UUID, now: dt.datetime) -> None:
    """Stop messages in both directions until the same side lifts it. Raises NotFound or NotAllowed."""
    pairing, side = _lock(session, actor, pairing_id)
    policy.can_answer(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id).enforce()
    values = {"pairing_id": pairing.id, "side": side, "blocked_by": actor.user_id, "blocked_at": now}
    session.execute(insert_into(session, Block).values(**values).on_conflict_do_nothing())
    audit.record(session, actor, "pairing.block", "pairing", pairing.id, side=side)


def unblock_thread(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> None:
    """Let messages through again. Raises NotFound or NotAllowed."""
    pairing, side = _lock(session, actor, pairing_id)
    policy.can_answer(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id).enforce()
    session.execute(delete(Block).where(Block.pairing_id == pairing.id, Block.side == side))
    audit.record(session, actor, "pairing.unblock", "pairing", pairing.id, side=side)


def report_message(
    session: Session, *, actor: Actor, message_id: uuid.UUID, command: ReportMessage, now: dt.datetime
) -> MessageReport:
    """Show a message of the other side to the authority. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    if command.reason_code not in REPORT_REASONS:
        raise RuleViolation("Choose a reason.", code="reason_missing", field="reason_code")
    query = select(Message).where(Message.id == message_id)
    message = lock_one(session, query, of=[Message], missing="There is no such message.")
    pairing, side = _lock(session, actor, message.pairing_id)
    policy.can_answer(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id).enforce()
    if message.side is side:
        raise RuleViolation("Only messages of the other side are reported.", code="own_message")
    if session.scalar(select(MessageReport.id).where(MessageReport.message_id == message.id)) is not None:
        raise Conflict("This message has been reported already.", code="already_reported")
    report = MessageReport(
        id=uuid.uuid4(), message_id=message.id, reason_code=command.reason_code, text=command.text,
        reported_by=actor.user_id, reported_at=now,
    )  # fmt: skip
    session.add(report)
    session.flush()
    audit.record(session, actor, "message.report", "message", message.id, reason_code=command.reason_code)
    return report


def decide_report(
    session: Session, *, actor: Actor, report_id: uuid.UUID, event: ReportEvent, decision: str, now: dt.datetime
) -> MessageReport:
    """Withhold a reported message or leave it in place. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    policy.can_judge_reports(actor).enforce()
    if not decision:
        raise RuleViolation("State your reasons.", code="reason_missing", field="decision")
    query = select(MessageReport).where(MessageReport.id == report_id)
    report = lock_one(session, query, of=[MessageReport], missing="There is no such report.")
    report.state = REPORT_WORKFLOW.step(report.state, event)
    report.decision, report.decided_by, report.decided_at = decision, actor.user_id, now
    if report.state is ReportState.UPHELD:
        message = lock_one(session, select(Message).where(Message.id == report.message_id), of=[Message], missing="")
        message.is_withheld = True
    audit.record(session, actor, f"message.{event}", "message", report.message_id)
    return report


def blocking_sides(session: Session, pairing_id: uuid.UUID) -> frozenset[Side]:
    """Return the sides that have blocked a thread."""
    return frozenset(session.scalars(select(Block.side).where(Block.pairing_id == pairing_id)))


def _lock(session: Session, actor: Actor, pairing_id: uuid.UUID) -> tuple[Pairing, Side]:
    pairing = lock_one(session, select(Pairing).where(Pairing.id == pairing_id), of=[Pairing], missing=MISSING)
    side = policy.side_of(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id)
    if side is None or pairing.introduced_at is None:
        raise NotFound(MISSING, code="not_found")
    return pairing, side


def _check(session: Session, actor: Actor, text: str, uploads: Sequence[Upload], now: dt.datetime) -> None:
    if not text:
        raise RuleViolation("Write a message.", code="empty", field="text")
    if len(text) > MAX_TEXT:
        raise RuleViolation("At most 4,000 characters.", code="too_long", field="text")
    if len(uploads) > MAX_FILES:
        raise RuleViolation("At most five files.", code="too_many_files", field="files")
    query = select(func.count()).where(Message.author_id == actor.user_id, Message.sent_at > now - HOUR)
    if (session.scalar(query) or 0) >= MAX_IN_AN_HOUR:
        raise RuleViolation("You have written 30 messages within an hour. Wait a little.", code="too_fast")
