"""A company objects in its real name while a notice runs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.models import GROUNDS, Objection, ObjectionFile
from app.awards.service.locked import lock_challenge, lock_objection, running_publicity
from app.awards.workflow import OBJECTION_WORKFLOW, ObjectionEvent, ObjectionState
from app.bids.models import Bid
from app.challenges.clock import database_now
from app.challenges.standing import rules_of
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.files import sniff
from app.files.policy import register_purpose
from app.files.service import store_upload
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.awards.commands import FileObjection
    from app.awards.models import Publicity
    from app.challenges.models import Challenge
    from app.core.actor import Actor
    from app.core.policy import Decision
    from app.files.models import StoredFile
    from app.files.service import Upload

EVIDENCE = frozenset({sniff.PDF, sniff.PNG, sniff.JPEG, sniff.DOCX, sniff.XLSX, sniff.ZIP})
OVER = "The public notice is over, so objections are no longer taken."


def _can_open(_session: Session, actor: Actor, file: StoredFile) -> Decision:
    return policy.can_read_objection(actor, organization_id=file.organization_id)


PURPOSE = register_purpose("objection", _can_open)


def file_objection(
    session: Session,
    *,
    actor: Actor,
    challenge_id: uuid.UUID,
    command: FileObjection,
    uploads: Sequence[Upload],
    max_bytes: int,
    now: dt.datetime,
) -> Objection:
    """Hand an objection in; whether the notice still runs is asked of the database's clock.

    Raises NotFound, NotAllowed, Conflict (no notice) or RuleViolation (over, or something is missing).
    """
    challenge = lock_challenge(session, challenge_id)
    policy.can_object(actor, owner_id=challenge.organization_id).enforce()
    publicity = running_publicity(session, challenge_id)
    instant = database_now(session)
    if (publicity.frozen_at or instant) >= publicity.ends_at:
        raise RuleViolation(OVER, code="notice_over")
    _check(session, challenge, command, uploads)
    objection = _objection(actor, challenge, publicity, command, instant)
    for upload in uploads:
        file = store_upload(
            session,
            actor=actor,
            upload=upload,
            purpose=PURPOSE,
            allowed=EVIDENCE,
            max_bytes=max_bytes,
            now=now,
            field="evidence",
        )
        objection.files.append(ObjectionFile(file=file))
    session.add(objection)
    session.flush()
    _tell(session, actor, challenge, objection, "objection.file", now)
    return objection


def ask_again(session: Session, *, actor: Actor, objection_id: uuid.UUID, text: str, now: dt.datetime) -> Objection:
    """Ask the authority once to look again at an objection that it dismissed.

    Raises NotFound, NotAllowed, Conflict (asked already, or the award is made) or RuleViolation (too late, too short).
    """
    challenge, first = lock_objection(session, objection_id)
    _own(actor, first)
    publicity = running_publicity(session, challenge.id)
    instant = database_now(session)
    if first.state is not ObjectionState.DISMISSED or first.reconsiders_id is not None or first.again_by is None:
        raise Conflict("Only an objection that was dismissed is looked at again, and only once.", code="not_again")
    if first.waived_at is not None:
        raise Conflict("You have said that you will not ask again.", code="waived")
    if instant >= first.again_by:
        raise RuleViolation("The five working days to ask again are over.", code="too_late", field="text")
    if len(text.strip()) < rules.MIN_OBJECTION:
        raise RuleViolation("Say in at least twenty characters what was overlooked.", code="too_short", field="text")
    again = Objection(
        challenge_id=challenge.id,
        publicity_id=publicity.id,
        bid_id=first.bid_id,
        organization_id=first.organization_id,
        user_id=actor.user_id,
        contact_name=first.contact_name,
        contact_phone=first.contact_phone,
        ground=first.ground,
        text=text.strip(),
        reconsiders_id=first.id,
        files=[],
        **_clocks(challenge, instant),
    )
    session.add(again)
    session.flush()
    _tell(session, actor, challenge, again, "objection.ask_again", now)
    return again


def waive_asking_again(session: Session, *, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> Objection:
    """Say that one will not ask to look again at a dismissed objection, so that nobody has to wait for it.

    Raises NotFound, NotAllowed or Conflict (not dismissed, asked already, or said before).
    """
    challenge, objection = lock_objection(session, objection_id)
    _own(actor, objection)
    asked = session.scalar(select(Objection.id).where(Objection.reconsiders_id == objection.id))
    if objection.state is not ObjectionState.DISMISSED or objection.waived_at is not None or asked is not None:
        raise Conflict("There is nothing left to waive.", code="nothing_to_waive")
    objection.waived_at = database_now(session)
    session.flush()
    audit.record(
        session, actor, "objection.waive", "challenge", challenge.id, label=challenge.title,
        objection_id=str(objection.id),
    )  # fmt: skip
    return objection


def withdraw_objection(session: Session, *, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> Objection:
    """Take an objection back. Raises NotFound, NotAllowed or Conflict (decided already)."""
    from app.awards.service.decide import resume

    challenge, objection = lock_objection(session, objection_id)
    _own(actor, objection)
    objection.state = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.WITHDRAW)
    objection.remedy, objection.decision = None, ""
    session.flush()
    resume(session, objection)
    audit.record(session, actor, "objection.withdraw", "challenge", challenge.id, label=challenge.title)
    return objection


def _own(actor: Actor, objection: Objection) -> None:
    if not actor.belongs_to(objection.organization_id):
        raise NotFound("There is no such objection.", code="objection_not_found")
    if not actor.can_edit:
        raise NotAllowed("You can read for your company but not act for it.", code="not_allowed")


def _check(session: Session, challenge: Challenge, command: FileObjection, uploads: Sequence[Upload]) -> None:
    if command.ground not in GROUNDS:
        raise RuleViolation("Choose what you object to.", code="no_ground", field="ground")
    if len(command.text.strip()) < rules.MIN_OBJECTION:
        raise RuleViolation("State facts and grounds in at least twenty characters.", code="too_short", field="text")
    if not command.contact_name.strip() or not command.contact_phone.strip():
        raise RuleViolation(
            "Objections are made in a real name: state who can be asked and where.",
            code="no_name",
            field="contact_name",
        )
    if not uploads:
        raise RuleViolation("Attach the evidence; without it this is a lead, not an objection.", code="no_evidence",
                            field="evidence")  # fmt: skip
    if len(uploads) > rules.MAX_EVIDENCE_FILES:
        raise RuleViolation("At most five files of evidence.", code="too_many_files", field="evidence")
    if command.bid_id is not None:
        bid = session.get(Bid, command.bid_id)
        if bid is None or bid.challenge_id != challenge.id:
            raise RuleViolation("Choose one of the firms in the notice.", code="no_such_bid", field="bid_id")


def _objection(
    actor: Actor, challenge: Challenge, publicity: Publicity, command: FileObjection, instant: dt.datetime
) -> Objection:
    return Objection(
        id=uuid.uuid4(),
        challenge_id=challenge.id,
        publicity_id=publicity.id,
        bid_id=command.bid_id,
        organization_id=actor.own_organization_id(),
        user_id=actor.user_id,
        contact_name=command.contact_name.strip(),
        contact_phone=command.contact_phone.strip(),
        ground=command.ground,
        text=command.text.strip(),
        files=[],
        **_clocks(challenge, instant),
    )


def _clocks(challenge: Challenge, instant: dt.datetime) -> dict[str, dt.datetime]:
    """Return when it came and by when the authority must have accepted and decided it (domain §2.6)."""
    rules = rules_of(challenge)
    return {
        "received_at": instant,
        "accept_by": add_working_days(instant, rules.objection_accept_wd),
        "decide_by": add_working_days(instant, rules.objection_decide_wd),
    }


def _tell(
    session: Session, actor: Actor, challenge: Challenge, objection: Objection, action: str, now: dt.datetime
) -> None:
    audit.record(
        session, actor, action, "challenge", challenge.id, label=challenge.title, objection_id=str(objection.id)
    )
    publish(session, "objection.received", now=now, key=f"objection.received:{objection.id}", objection_id=objection.id)
