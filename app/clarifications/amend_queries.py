"""Amendments as owner and desk see them: what is, and what is to be."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization
from app.challenges.models import Challenge, ChallengeEdition, Kpi
from app.clarifications import amending
from app.clarifications.models import Amendment
from app.clarifications.workflow import AmendmentState
from app.core.errors import NotFound
from app.core.paging import paginate
from app.demands.names import locale
from app.taxonomy import lists
from app.taxonomy.spoken import unit_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.core.paging import Page


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes: ``field`` is a field of the challenge or the code of an indicator with its part."""

    field: str
    part: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One amendment; of an approved one ``changes`` is what its edition changed."""

    id: uuid.UUID
    challenge_id: uuid.UUID
    challenge_code: str
    challenge_title: str
    owner_id: uuid.UUID
    owner: str
    number: int
    state: AmendmentState
    reason: str
    is_core: bool
    proposed_at: dt.datetime
    decided_at: dt.datetime | None
    opinion: str
    edition: int | None
    changes: tuple[Change, ...]
    bid_deadline_at: dt.datetime | None
    deadline_after: dt.datetime | None
    """What the deadline becomes when it is approved now."""


def amendments_of(session: Session, *, challenge_id: uuid.UUID, now: dt.datetime) -> tuple[AmendmentView, ...]:
    """Return the amendments of a challenge, newest first."""
    query = _query().where(Amendment.challenge_id == challenge_id).order_by(Amendment.number.desc())
    return tuple(_view(session, row, now) for row in session.scalars(query).unique())


def amendment_page(session: Session, *, actor: Actor, amendment_id: uuid.UUID, now: dt.datetime) -> AmendmentView:
    """Return one amendment for the desk; raise NotFound."""
    row = session.scalars(_query().where(Amendment.id == amendment_id)).unique().one_or_none()
    if row is None or not actor.is_staff:
        raise NotFound("There is no such amendment.", code="amendment_not_found")
    return _view(session, row, now)


def queue(session: Session, *, page: int, now: dt.datetime) -> Page[AmendmentView]:
    """Return one page of the amendments that wait for the authority, oldest first."""
    waiting = _query().where(Amendment.state == AmendmentState.PROPOSED)
    found: Page[Amendment] = paginate(session, waiting.order_by(Amendment.proposed_at, Amendment.id), number=page)
    return found.map(lambda row: _view(session, row, now))


def _query() -> Any:
    challenge = joinedload(Amendment.challenge)
    return select(Amendment).options(
        challenge.joinedload(Challenge.organization).load_only(Organization.legal_name_zh),
        challenge.joinedload(Challenge.programme),
        challenge.selectinload(Challenge.kpis),
    )


def _view(session: Session, row: Amendment, now: dt.datetime) -> AmendmentView:
    challenge = row.challenge
    is_waiting = row.state is AmendmentState.PROPOSED
    return AmendmentView(
        id=row.id,
        challenge_id=row.challenge_id,
        challenge_code=challenge.code or "",
        challenge_title=challenge.title,
        owner_id=challenge.organization_id,
        owner=challenge.organization.legal_name_zh,
        number=row.number,
        state=row.state,
        reason=row.reason,
        is_core=row.is_core,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        opinion=row.opinion,
        edition=row.edition,
        changes=_changes(challenge, row.wanted) if row.edition is None else _kept(session, row, challenge),
        bid_deadline_at=challenge.bid_deadline_at,
        deadline_after=amending.deadline_after(challenge, row.wanted, now) if is_waiting else None,
    )


def _changes(challenge: Challenge, wanted: dict[str, Any]) -> tuple[Change, ...]:
    kpis = {kpi.code: kpi for kpi in challenge.kpis}
    plain = [
        Change(name, "", getattr(challenge, name), _shown(name, value))
        for name, value in wanted.items()
        if name != "kpis"
    ]
    parts = [
        _part(kpis[code], part, getattr(kpis[code], part), value)
        for code, changed in wanted.get("kpis", {}).items()
        for part, value in changed.items()
        if code in kpis
    ]
    return (*plain, *parts)


def _kept(session: Session, row: Amendment, challenge: Challenge) -> tuple[Change, ...]:
    query = select(ChallengeEdition.diff).where(
        ChallengeEdition.challenge_id == row.challenge_id, ChallengeEdition.number == row.edition
    )
    diff = session.scalar(query) or []
    kpis = {f"kpis.{kpi.code}": kpi for kpi in challenge.kpis}
    return tuple(_kept_change(kpis, one["path"], one["before"], one["after"]) for one in diff)


def _kept_change(kpis: dict[str, Kpi], path: str, before: Any, after: Any) -> Change:
    indicator, _, part = path.rpartition(".")
    if indicator in kpis:
        return _part(kpis[indicator], part, before, after)
    return Change(path, "", _shown(path, before), _shown(path, after))


def _part(kpi: Kpi, part: str, before: Any, after: Any) -> Change:
    """Return the change of a part of an indicator; comparisons and units by their names."""
    named: dict[str, Callable[[Any], str]] = {"unit": unit_name, "operator": _operator_name}
    told = named.get(part)
    before, after = (told(before), told(after)) if told else (before, after)
    return Change(f"{kpi.code} {kpi.name}", part, before, after)


def _operator_name(code: str) -> str:
    return lists.operators.label(code, locale())


def _shown(name: str, value: Any) -> Any:
    """Return an instant as an instant; everything else as it is."""
    return dt.datetime.fromisoformat(value) if name in amending.INSTANTS and isinstance(value, str) else value
