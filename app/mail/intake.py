"""Taking in reports: kept once each, and addresses that do not work or do not want are suppressed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.audit import service as audit
from app.core import box
from app.core.actor import SYSTEM
from app.core.box import BoxError
from app.core.errors import NotFound
from app.core.upsert import insert_into
from app.mail import policy, sealed
from app.mail.models import MailMessage, MailReport, MailSuppression, ReportKind, Suppression
from app.mail.reports import STATUS, Report, read_reports
from app.mail.suppression import suppress

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

NO_MAILBOX = "5.1.1"
"""What is meant by a server that refuses a recipient and gives no status."""


def take_in(session: Session, *, raw: bytes, now: dt.datetime) -> int:
    """Keep what a message reports; return how many reports were new.

    Only a report that names a message of this portal, and the address to which that went, suppresses anything: who
    knows an address cannot keep mail from it.
    """
    return sum(_keep(session, report, now) for report in read_reports(raw))


def refused(session: Session, *, recipient: str, reason: str, mail_id: uuid.UUID, now: dt.datetime) -> None:
    """Keep that a server has refused a message as it knows no such mailbox, as if its report had come by mail."""
    found = STATUS.search(reason)
    report = Report(ReportKind.BOUNCE, recipient, found[0] if found else NO_MAILBOX, reason[:500], str(mail_id))
    _note(session, report, mail_id=mail_id, recipient=recipient, now=now)


def _keep(session: Session, report: Report, now: dt.datetime) -> bool:
    mail_id, recipient = _sent(session, report.message_id)
    return _note(session, report, mail_id=mail_id, recipient=recipient, now=now)


def _note(session: Session, report: Report, *, mail_id: uuid.UUID | None, recipient: str, now: dt.datetime) -> bool:
    """Keep one report of a message to ``recipient`` (empty: it names none of ours); return whether it was new."""
    address = report.address or recipient
    is_ours = bool(recipient) and address.lower() == recipient.lower()
    report_id = uuid.uuid4()
    row = {
        "id": report_id,
        "fingerprint": report.fingerprint,
        "kind": report.kind,
        "address": address[:254],
        "status": report.status,
        "diagnostic": report.diagnostic,
        "mail_id": mail_id if is_ours else None,
        "received_at": now,
    }
    fresh = insert_into(session, MailReport).values(row).on_conflict_do_nothing(index_elements=["fingerprint"])
    if session.scalar(fresh.returning(MailReport.id)) is None:
        return False
    if is_ours and report.ends_address:
        reason = Suppression.COMPLAINT if report.kind is ReportKind.COMPLAINT else Suppression.BOUNCE
        detail = " ".join(filter(None, [report.status, report.diagnostic]))
        if suppress(session, address=recipient, reason=reason, detail=detail, now=now):
            audit.record(session, SYSTEM, "mail.suppress", "mail_report", report_id, reason=reason.value)
    return True


def _sent(session: Session, message_id: str) -> tuple[uuid.UUID | None, str]:
    """Return the row and the recipient of a message of ours; of a sealed one the recipient only."""
    if not message_id:
        return None, ""
    known = MailMessage.message_id.in_([message_id, box.tag("message_id", message_id)])
    mail = session.scalars(sa.select(MailMessage).where(known).options(undefer(MailMessage.box))).one_or_none()
    if mail is None:
        return None, ""
    if mail.box is None:
        return mail.id, mail.recipient
    try:
        return None, str(sealed.opened(mail.id, mail.box)["recipient"])
    except BoxError:
        return None, ""


def lift(session: Session, *, actor: Actor, address: str, now: dt.datetime) -> None:
    """Let mail go to an address again. Raises NotAllowed or NotFound."""
    policy.can_resend(actor).enforce()
    row = session.get(MailSuppression, address, with_for_update=True)
    if row is None:
        raise NotFound("Nothing holds mail to this address back.", code="not_suppressed")
    audit.record(session, actor, "mail.lift", "mail_suppression", None, label=address, reason=row.reason.value)
    session.delete(row)
