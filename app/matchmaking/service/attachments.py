"""Who opens what came with a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.core.policy import YES, Decision, no
from app.matchmaking import policy
from app.matchmaking.models import Message, MessageFile, MessageReport, Pairing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.models import StoredFile


def can_open(session: Session, actor: Actor, file: StoredFile) -> Decision:
    """Let the two companies of the thread open it, and the authority once the message was reported."""
    query = (
        select(Pairing.demand_id, Pairing.supplier_id, Message.is_withheld, MessageReport.id.label("report_id"))
        .join(Message, Message.pairing_id == Pairing.id)
        .join(MessageFile, MessageFile.message_id == Message.id)
        .outerjoin(MessageReport, MessageReport.message_id == Message.id)
        .where(MessageFile.file_id == file.id)
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return no("This file belongs to another organisation.")
    if row.report_id is not None and policy.can_judge_reports(actor):
        return YES
    if row.is_withheld:
        return no("The authority has withheld this message.")
    return policy.can_read_thread(actor, demand_id=row.demand_id, supplier_id=row.supplier_id, was_introduced=True)
