"""The format check: the operator goes through the list, the firm has one chance, the authority signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.bids.models import Bid
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.core.actor import SYSTEM
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotFound, RuleViolation
from app.files import sniff
from app.files.policy import own_members_and_staff, register_purpose
from app.files.service import store_upload
from app.outbox.service import publish
from app.reviews import policy
from app.reviews.commands import ItemResult
from app.reviews.models import FormatCheck, ReviewPanel
from app.reviews.rules import CORRECTION_WORKING_DAYS, checklist_flaw, correctable, passes
from app.reviews.service.locked import NO_BID, is_settled, lock_bid, lock_check
from app.reviews.workflow import FORMAT_WORKFLOW, FormatEvent, FormatState, PanelState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.service import Upload
    from app.reviews.commands import CheckFormat

PURPOSE = register_purpose("correction", own_members_and_staff)
ALLOWED = frozenset({sniff.PDF, sniff.PNG, sniff.JPEG, sniff.DOCX, sniff.XLSX, sniff.ZIP})
MIN_TEXT = 10


def results_of(check: FormatCheck) -> tuple[ItemResult, ...]:
    """Return the stored lines of a checklist."""
    return tuple(ItemResult(item["code"], item["verdict"], item["note"]) for item in check.items)


def save_check(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, command: CheckFormat, now: dt.datetime
) -> FormatCheck:
    """Keep an unfinished checklist. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    check = _lock(session, actor, bid_id, command, now)
    _write(check, actor, command, now, complete=False)
    session.flush()
    _record(session, actor, check, "format.edit")
    return check


def ask_correction(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, command: CheckFormat, now: dt.datetime
) -> FormatCheck:
    """Give the firm its one chance, of three working days, to correct what is not of substance.

    Raises NotFound, NotAllowed, RuleViolation (nothing, or too much, to correct) or Conflict (had its chance).
    """
    check = _lock(session, actor, bid_id, command, now)
    _write(check, actor, command, now, complete=True)
    if check.correction_asked_at is not None:
        raise Conflict("This firm has had its chance to correct the bid.", code="one_chance")
    if not correctable(command.items):
        raise RuleViolation(
            "Only a bid with defects that can all be corrected goes back to the firm.", code="not_correctable"
        )
    instant = database_now(session)
    check.correction_due_at = add_working_days(instant, CORRECTION_WORKING_DAYS)
    check.correction_asked_at = instant
    check.state = FORMAT_WORKFLOW.step(check.state, FormatEvent.ASK)
    session.flush()
    _record(session, actor, check, "format.ask_correction", due_at=check.correction_due_at.isoformat())
    publish(session, "bid.correction_asked", now=now, key=f"bid.correction_asked:{bid_id}", bid_id=bid_id)
    return check


def correct_bid(
    session: Session,
    *,
    actor: Actor,
    bid_id: uuid.UUID,
    text: str,
    upload: Upload | None,
    max_bytes: int,
    now: dt.datetime,
) -> FormatCheck:
    """Hand in the correction that was asked for. Raises NotFound, NotAllowed, RuleViolation or Conflict (late)."""
    bid = _own(session, actor, bid_id)
    check = lock_check(session, bid)
    state = FORMAT_WORKFLOW.step(check.state, FormatEvent.CORRECT)
    if check.correction_due_at is not None and database_now(session) >= check.correction_due_at:
        raise Conflict("The time for the correction is over.", code="correction_late")
    if len(text) < MIN_TEXT:
        raise RuleViolation("Say in at least ten characters what you correct.", code="short", field="text")
    if upload is not None and upload.filename:
        file = store_upload(
            session, actor=actor, upload=upload, purpose=PURPOSE, allowed=ALLOWED, max_bytes=max_bytes, now=now,
            field="upload", organization_id=bid.organization_id,
        )  # fmt: skip
        check.correction_file_id = file.id
    check.state, check.correction, check.corrected_at = state, text, now
    session.flush()
    _record(session, actor, check, "format.correct")
    return check


def expire_corrections(session: Session, now: dt.datetime) -> int:
    """Return every check whose firm let its chance pass to the operator; return how many."""
    query = (
        select(FormatCheck)
        .where(FormatCheck.state == FormatState.CORRECTING, FormatCheck.correction_due_at <= database_now(session))
        .with_for_update(skip_locked=True)
    )
    due = session.scalars(query).all()
    for check in due:
        check.state = FORMAT_WORKFLOW.step(check.state, FormatEvent.EXPIRE)
        audit.record(session, SYSTEM, "format.expire_correction", "bid", check.bid_id)
    session.flush()
    return len(due)


def prepare_check(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, command: CheckFormat, now: dt.datetime
) -> FormatCheck:
    """Finish the checklist and hand it to the authority. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    check = _lock(session, actor, bid_id, command, now)
    _write(check, actor, command, now, complete=True)
    if correctable(command.items) and check.correction_asked_at is None:
        raise RuleViolation("Give the firm its chance to correct these defects first.", code="chance_first")
    check.state = FORMAT_WORKFLOW.step(check.state, FormatEvent.PREPARE)
    session.flush()
    _record(session, actor, check, "format.prepare", passes=passes(command.items))
    return check


def sign_check(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, event: FormatEvent, opinion: str, now: dt.datetime
) -> FormatCheck:
    """Accept, reject or send back a prepared check; a second person decides.

    Raises NotFound, NotAllowed (the same person), RuleViolation (against the list) or Conflict (decided already).
    """
    bid = lock_bid(session, bid_id)
    check = lock_check(session, bid)
    policy.can_sign_format(actor, prepared_by=check.prepared_by).enforce()
    can_judge(session, actor, bid.challenge_id, now).enforce()
    state = FORMAT_WORKFLOW.step(check.state, event)
    is_in_order = passes(results_of(check))
    if event is FormatEvent.ACCEPT and not is_in_order:
        raise RuleViolation("Not every item is in order; send the list back or reject the bid.", code="not_in_order")
    if event is FormatEvent.REJECT and is_in_order:
        raise RuleViolation("Every item is in order; send the list back or accept the bid.", code="in_order")
    if event is not FormatEvent.ACCEPT and len(opinion) < MIN_TEXT:
        raise RuleViolation("Give the reasons in at least ten characters.", code="short", field="opinion")
    check.opinion = opinion
    if event is not FormatEvent.SEND_BACK:
        check.signed_by, check.signed_at = actor.user_id, now
        _decide(session, bid, event, now)
    check.state = state
    session.flush()
    _record(session, actor, check, f"format.{event.value}", opinion=opinion)
    return check


def _decide(session: Session, bid: Bid, event: FormatEvent, now: dt.datetime) -> None:
    step = BidEvent.ACCEPT_FORMAT if event is FormatEvent.ACCEPT else BidEvent.REJECT_FORMAT
    bid.state = BID_WORKFLOW.step(bid.state, step)
    publish(session, "bid.format_decided", now=now, key=f"bid.format_decided:{bid.id}", bid_id=bid.id)


def reinstate_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID, reason: str, now: dt.datetime) -> FormatCheck:
    """Take a rejected bid back into the competition, while nobody judges and no ranking stands.

    A bid that came back to a settled ranking would have no verdict: whoever was rejected wrongly objects while the
    result is in public notice, and the review is opened again.

    Raises NotFound, NotAllowed (also for whoever prepared the check), RuleViolation or Conflict.
    """
    bid = lock_bid(session, bid_id)
    check = lock_check(session, bid)
    policy.can_sign_format(actor, prepared_by=check.prepared_by).enforce()
    can_judge(session, actor, bid.challenge_id, now).enforce()
    if len(reason) < MIN_TEXT:
        raise RuleViolation("Give the reasons in at least ten characters.", code="short", field="opinion")
    running = select(ReviewPanel.id).where(
        ReviewPanel.challenge_id == bid.challenge_id, ReviewPanel.state != PanelState.RANKED
    )
    if session.scalar(running) is not None:
        raise Conflict("A panel has been formed already.", code="panel_exists")
    if is_settled(session, bid.challenge_id):
        raise Conflict("The bids are ranked already. Only an objection that is upheld opens the review again.",
                       code="ranked")  # fmt: skip
    check.state = FORMAT_WORKFLOW.step(check.state, FormatEvent.REINSTATE)
    bid.state = BID_WORKFLOW.step(bid.state, BidEvent.REINSTATE)
    check.opinion, check.signed_by, check.signed_at = reason, actor.user_id, now
    session.flush()
    _record(session, actor, check, "format.reinstate", opinion=reason)
    publish(session, "bid.format_decided", now=now, key=f"bid.format_decided:{bid.id}", bid_id=bid.id)
    return check


def _lock(session: Session, actor: Actor, bid_id: uuid.UUID, command: CheckFormat, now: dt.datetime) -> FormatCheck:
    """Load the check of an opened bid that the actor may write."""
    policy.can_check_format(actor).enforce()
    bid = lock_bid(session, bid_id)
    can_judge(session, actor, bid.challenge_id, now).enforce()
    if bid.state is not BidState.OPENED:
        raise Conflict("The form of this bid has been decided on.", code="not_opened")
    check = lock_check(session, bid)
    if check.state is not FormatState.CHECKING:
        raise Conflict("This check is with somebody else now. Reload the page.", code="not_checking")
    if command.version not in (None, check.version):
        raise Conflict("Somebody else has changed this checklist. Reload the page.", code="stale")
    return check


def _write(check: FormatCheck, actor: Actor, command: CheckFormat, now: dt.datetime, *, complete: bool) -> None:
    flaw = checklist_flaw(command.items, complete=complete)
    if flaw:
        raise RuleViolation(flaw, code="checklist", field="items")
    check.items = [asdict(item) for item in _cut(command.items)]
    check.prepared_by, check.prepared_at = actor.user_id, now


def _cut(items: Sequence[ItemResult]) -> list[ItemResult]:
    return [ItemResult(item.code, item.verdict, item.note[:500]) for item in items]


def _own(session: Session, actor: Actor, bid_id: uuid.UUID) -> Bid:
    """Lock one of the actor's own bids; raise NotFound for those of others."""
    owner = session.scalar(select(Bid.organization_id).where(Bid.id == bid_id))
    if not actor.belongs_to(owner):
        raise NotFound(NO_BID, code="bid_not_found")
    bid = lock_bid(session, bid_id)
    policy.can_correct(actor, organization_id=bid.organization_id).enforce()
    return bid


def _record(session: Session, actor: Actor, check: FormatCheck, action: str, **details: object) -> None:
    audit.record(session, actor, action, "bid", check.bid_id, label=check.bid.challenge.title, **details)
