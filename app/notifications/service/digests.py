"""Making digests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.mail.service import Letter, insert_written, queue_mail, written
from app.notifications import digest_content, digest_mail, links, policy
from app.notifications.models import Digest, DigestDeadline, DigestFrequency, DigestItem
from app.notifications.recipients import Reader, load_reader, load_readers
from app.outbox.service import enqueue
from app.saved.models import SavedSearchTold

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.mail.models import MailMessage
    from app.notifications.digest_content import DigestContent

RUNS = ("daily", "weekly", "monthly", "all")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A digest that is written but not kept: what it says, and the row of the message that says it."""

    reader: Reader
    period: str
    content: DigestContent
    mail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What came of writing many digests: those with something to say, and the readers that failed, with the reason."""

    prepared: tuple[Prepared, ...]
    failures: dict[uuid.UUID, Exception]


def send_digest(session: Session, *, user_id: uuid.UUID, now: dt.datetime, period: str = "") -> Digest | None:
    """Make one person's digest of a period (default: the running one) with its items and its message.

    All of it is one transaction; a second call for the same period makes nothing. Returns None when there is
    nothing to say, when it has been said, or when the person has switched the digest off. Raises NotFound when
    the person cannot act for an organisation.
    """
    reader = load_reader(session, user_id, is_locking=True)
    preparation = _prepare(session, [reader], now, period)
    for error in preparation.failures.values():
        raise error
    kept = _keep(session, preparation.prepared, now)
    return session.get_one(Digest, kept[0]) if kept else None


def prepare_digests(
    session: Session, *, user_ids: Sequence[uuid.UUID], now: dt.datetime, period: str = ""
) -> Preparation:
    """Write the digests of many readers; changes nothing, and asks the database as often as for one.

    Who has had the digest of the period, wants none or cannot act is passed over. A reader whose digest cannot be
    written is among the failures; the others are written all the same.
    """
    return _prepare(session, load_readers(session, user_ids), now, period)


def _prepare(session: Session, everybody: Sequence[Reader], now: dt.datetime, period: str) -> Preparation:
    readers = [one for one in everybody if one.frequency is not DigestFrequency.OFF]
    periods = {one.user_id: period or digest_content.period(one.frequency, now) for one in readers}
    had = _had(session, periods)
    readers = [one for one in readers if one.user_id not in had]
    contents = digest_content.build_many(session, readers, now=now) if readers else {}
    prepared, failures = [], {}
    for reader in readers:
        content = contents[reader.user_id]
        if not content:
            continue
        try:
            mail = _mail(reader, content, periods[reader.user_id], now)
        except Exception as error:  # noqa: BLE001 - one reader's digest never stops the next; the caller tells which
            failures[reader.user_id] = error
        else:
            prepared.append(Prepared(reader, periods[reader.user_id], content, mail))
    return Preparation(tuple(prepared), failures)


def _had(session: Session, periods: dict[uuid.UUID, str]) -> set[uuid.UUID]:
    """Return who has had a digest of the period."""
    found = sa.select(Digest.user_id, Digest.period).where(
        Digest.user_id.in_(periods), Digest.period.in_(set(periods.values()))
    )
    return {user_id for user_id, period in session.execute(found) if periods[user_id] == period}


def _mail(reader: Reader, content: DigestContent, period: str, now: dt.datetime) -> dict[str, Any]:
    path = digest_mail.unsubscribe_path(reader)
    letter = Letter(
        template=digest_mail.TEMPLATE,
        user_id=reader.user_id,
        recipient=reader.email,
        locale=reader.locale,
        dedupe_key=f"digest:{reader.user_id}:{period}",
        context=digest_mail.context(reader, content, unsubscribe_path=path),
        headers=digest_mail.headers(path),
        is_bulk=True,
    )
    return written(letter, now=now)


def keep_digests(session: Session, *, prepared: Sequence[Prepared], now: dt.datetime) -> list[uuid.UUID]:
    """Keep written digests with their messages, and what they have told; return the ids of the digests.

    The readers are locked and asked for again: who has had the digest since, or wants none any more, is passed
    over. Raises IntegrityError when somebody has been told of a pairing by a digest of another period meanwhile.
    """
    readers = load_readers(session, [one.reader.user_id for one in prepared], is_locking=True)
    wanted = {one.user_id for one in readers if one.frequency is not DigestFrequency.OFF}
    had = _had(session, {one.reader.user_id: one.period for one in prepared})
    return _keep(session, [one for one in prepared if one.reader.user_id in wanted - had], now)


def _keep(session: Session, fresh: Sequence[Prepared], now: dt.datetime) -> list[uuid.UUID]:
    sent = insert_written(session, [one.mail for one in fresh])
    kept = {uuid.uuid4(): one for one in fresh if one.mail["id"] in sent}
    for model, rows in _rows(kept, now):
        if rows:
            session.execute(sa.insert(model), rows)
    return list(kept)


def _rows(kept: dict[uuid.UUID, Prepared], now: dt.datetime) -> Iterator[tuple[type[Any], list[dict[str, Any]]]]:
    """Yield what notes that something has been told, so that it is not told again."""
    told = [(one.reader.user_id, digest_id, one) for digest_id, one in kept.items()]
    yield (
        Digest,
        [
            {
                "id": digest_id,
                "user_id": user_id,
                "period": one.period,
                "mail_id": one.mail["id"],
                "n_items": len(one.content.entries),
                "created_at": now,
            }
            for user_id, digest_id, one in told
        ],
    )
    yield (
        DigestItem,
        [
            {"digest_id": digest_id, "user_id": user_id, "pairing_id": entry.pairing_id, "position": position}
            for user_id, digest_id, one in told
            for position, entry in enumerate(one.content.entries, start=1)
        ],
    )
    yield (
        DigestDeadline,
        [
            {"digest_id": digest_id, "user_id": user_id, "challenge_id": entry.challenge_id}
            for user_id, digest_id, one in told
            for entry in one.content.deadlines
        ],
    )
    yield (
        SavedSearchTold,
        [
            {"user_id": user_id, "subject_id": find.subject_id, "told_at": now}
            for user_id, _, one in told
            for find in one.content.finds
        ],
    )


def send_now(session: Session, *, actor: Actor, user_id: uuid.UUID, now: dt.datetime) -> Digest:
    """Make one person's digest of the running period at the desk's request.

    Raises NotAllowed, NotFound, Conflict when the period has had its digest, or RuleViolation when the person
    wants none or there is nothing to say.
    """
    policy.can_send_digests(actor).enforce()
    reader = load_reader(session, user_id, is_locking=True)
    if reader.frequency is DigestFrequency.OFF:
        raise RuleViolation("This person has switched the digest off.", code="digest_off")
    if _had(session, {user_id: digest_content.period(reader.frequency, now)}):
        raise Conflict("This person has had the digest of this period.", code="digest_made")
    digest = send_digest(session, user_id=user_id, now=now)
    if digest is None:
        raise RuleViolation("There is nothing new to tell this person.", code="digest_empty")
    audit.record(session, actor, "digest.send", "user", user_id, label=reader.name, period=digest.period)
    return digest


def queue_run(session: Session, *, actor: Actor, frequency: str, now: dt.datetime) -> None:
    """Queue a run over everybody who wants the digest that often: ``daily``, ``weekly`` or ``all``.

    Who has had the digest of the running period gets no second one. Raises NotAllowed or RuleViolation.
    """
    policy.can_send_digests(actor).enforce()
    if frequency not in RUNS:
        raise RuleViolation("Choose which digests to make.", code="unknown_frequency", field="frequency")
    payload = {"frequency": frequency}
    job_id = enqueue(
        session, "digests.run", now=now, key=f"digests.run:{frequency}", requested_by=actor.user_id, payload=payload
    )
    audit.record(session, actor, "digest.run", "job", job_id, label=frequency)


def send_test_digest(session: Session, *, actor: Actor, user_id: uuid.UUID, now: dt.datetime) -> MailMessage:
    """Send the actor what a person's next digest would say; nothing counts as told.

    Raises NotAllowed, NotFound, or RuleViolation when there is nothing to say.
    """
    policy.can_send_digests(actor).enforce()
    reader = replace(load_reader(session, user_id), counts_clicks=False)
    content = digest_content.build(session, reader, now=now)
    if not content:
        raise RuleViolation("There is nothing new to tell this person.", code="digest_empty")
    mail = queue_mail(
        session,
        template=digest_mail.TEMPLATE,
        user_id=actor.user_id,
        recipient=actor.email,
        locale=reader.locale,
        dedupe_key=f"digest-test:{uuid.uuid4()}",
        context=digest_mail.context(reader, content, unsubscribe_path=links.unsubscribe(links.PREVIEW_TOKEN)),
        now=now,
    )
    if mail is None:  # pragma: no cover - the key was made a moment ago
        raise RuntimeError("a fresh key was taken")
    audit.record(session, actor, "digest.test", "user", user_id, mail_id=str(mail.id))
    return mail
