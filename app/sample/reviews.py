"""The sample's experts, and reviews under way: one being scored, one in discussion, one without a panel yet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import Organization, Role, User
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.core.actor import Actor, StaffRole
from app.reviews import service
from app.reviews.commands import Declare, FormPanel, SaveReview, Score
from app.reviews.criteria import STEP, ReviewRules
from app.reviews.models import Expert, ExpertTie, FormatCheck, ReviewPanel, ReviewSeat
from app.reviews.rules import ITEMS
from app.reviews.workflow import FormatState
from app.sample.people import DEMO_PEOPLE, officer_id
from app.sample.remarks import on_the_whole, remark
from app.sample.source import sample_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DOMAIN = "experts.example.com"
OPERATOR = "operator@desk.example.com"
"""Who prepared the format checks."""
SCORING, DISCUSSED = "CH2026-001", "CH2026-005"
STILL_INVITED, STILL_WRITING = 1, 1
"""Of the panel that scores: the demonstration's expert has not declared, another has not handed in everything."""
WEAK_BELOW = Decimal("0.72")
"""Share of the points below which a reviewer writes of what is lacking."""
WHY = {"commitments": "未承诺核心指标，且不属于可补正事项。", "pledge": "未签署真实性承诺。"}
REJECTED = "未承诺核心指标，且不属于可补正事项。"


def load_reviews(session: Session, now: dt.datetime) -> None:
    """Insert the experts, the format checks of opened bids, and two panels; bids must be there."""
    _load_experts(session, now)
    _load_checks(session, now)
    panel = _panel(session, SCORING, now)
    seats = _experts_of(session, panel)
    for place, seat in enumerate(seats[:-STILL_INVITED]):
        _judge(session, panel, seat, place, now, n_left=1 if place == len(seats) - 1 - STILL_WRITING else 0)
    panel = _panel(session, DISCUSSED, now)
    for place, seat in enumerate(_experts_of(session, panel)):
        _judge(session, panel, seat, place, now, n_left=0)
    service.open_meeting(session, actor=_officer(session), panel_id=panel.id, now=now)


def is_there(session: Session) -> bool:
    """Tell whether this has been loaded."""
    return session.scalar(sa.select(Expert.id).limit(1)) is not None


def expert_email(code: str) -> str:
    """Return the address of an expert (``EX01``)."""
    return f"{code.lower()}@{DOMAIN}"


def _rows() -> list[dict[str, str]]:
    text = (resources.files("app.sample.data") / "experts.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def _load_experts(session: Session, now: dt.datetime) -> None:
    role = session.scalars(sa.select(Role).where(Role.name == StaffRole.EXPERT)).one_or_none()
    role = role or Role(name=StaffRole.EXPERT)
    for row in _rows():
        user = session.get(User, sample_id(expert_email(row["expert_id"])))
        if user is None:
            user = User(
                id=sample_id(expert_email(row["expert_id"])),
                email=expert_email(row["expert_id"]),
                name=row["name"],
                fs_uniquifier=sample_id(f"uniquifier {row['expert_id']}").hex,
                confirmed_at=now,
                created_at=now,
                roles=[role],
            )
        session.add(
            Expert(
                id=sample_id(row["expert_id"]),
                user=user,
                expertise=row["expertise"],
                sides=row["sides"].split(),
                categories=row["categories"].split(),
                load_limit=3,
                confirmed_at=now - dt.timedelta(days=20),
                ties=_ties(session, row),
                created_at=now,
                updated_at=now,
            )
        )
    session.flush()


def _ties(session: Session, row: dict[str, str]) -> list[ExpertTie]:
    found = [ExpertTie(position=0, kind="employer", name=row["employer"], since=dt.date.fromisoformat(row["since"]))]
    if row["former"]:
        firm = session.get_one(Organization, sample_id(row["former"]))
        until = dt.date.fromisoformat(row["until"])
        found.append(ExpertTie(position=1, kind="employer", name=firm.legal_name_zh, uscc=firm.uscc or "", until=until))
    return found


def _load_checks(session: Session, now: dt.datetime) -> None:
    """Record the format checks that must have come before what the files say of the bids."""
    query = sa.select(Bid).where(Bid.organization_id.is_not(None), Bid.state != BidState.OPENED).order_by(Bid.id)
    for bid in session.scalars(query):
        is_rejected = bid.state is BidState.FORMAT_REJECTED
        bad = [code for code in WHY if is_rejected and not (code == "pledge" and bid.is_pledged)]
        checked = (bid.sealed_at or now) + dt.timedelta(days=3)
        session.add(
            FormatCheck(
                bid_id=bid.id,
                state=FormatState.REJECTED if is_rejected else FormatState.ACCEPTED,
                items=[
                    {
                        "code": code,
                        "verdict": "major" if code in bad else "ok",
                        "note": WHY[code] if code in bad else "",
                    }
                    for code in ITEMS
                ],
                prepared_by=sample_id(OPERATOR),
                prepared_at=checked,
                signed_by=officer_id(),
                signed_at=checked + dt.timedelta(hours=20),
                opinion=REJECTED if is_rejected else "",
                created_at=checked,
            )
        )
    session.flush()


def _officer(session: Session) -> Actor:
    return session.get_one(User, officer_id()).as_actor()


def _panel(session: Session, challenge: str, now: dt.datetime) -> ReviewPanel:
    actor = _officer(session)
    command = FormPanel("panel", 5, due_on=(now + dt.timedelta(days=6)).date())
    panel = service.form_panel(session, actor=actor, challenge_id=sample_id(challenge), command=command, now=now)
    service.call_panel(session, actor=actor, panel_id=panel.id, now=now)
    session.flush()
    return panel


def _experts_of(session: Session, panel: ReviewPanel) -> list[tuple[uuid.UUID, Actor]]:
    """Return the seats of experts with their holders, those whose log-in is told at the end."""
    query = (
        sa.select(ReviewSeat.id, User)
        .join(Expert, Expert.id == ReviewSeat.expert_id)
        .join(User, User.id == Expert.user_id)
        .where(ReviewSeat.panel_id == panel.id)
    )
    told = {person.email for person in DEMO_PEOPLE}
    found = [(seat_id, user.as_actor()) for seat_id, user in session.execute(query).unique()]
    return sorted(found, key=lambda one: (one[1].email in told, one[1].email))


def _judge(
    session: Session, panel: ReviewPanel, seat: tuple[uuid.UUID, Actor], place: int, now: dt.datetime, *, n_left: int
) -> None:
    seat_id, actor = seat
    pledge = Declare(has_conflict=False, is_pledged=True)
    service.declare(session, actor=actor, seat_id=seat_id, command=pledge, now=now)
    rules = ReviewRules.restored(panel.rules)
    session.refresh(panel, ["entries"])
    for number, entry in enumerate(panel.entries[: len(panel.entries) - n_left]):
        sheet = _sheet(rules, number, place)
        service.submit_review(session, actor=actor, seat_id=seat_id, entry_id=entry.id, command=sheet, now=now)


def _sheet(rules: ReviewRules, number: int, place: int) -> SaveReview:
    """Return points that differ by bid and reviewer; one reviewer is strict, and about one bid quite alone."""
    share = Decimal("0.92") - Decimal("0.07") * number - Decimal("0.015") * place
    if place == 0 and number == 1:
        share -= Decimal("0.3")
    scores, is_weak = {}, share < WEAK_BELOW
    for criterion in rules.criteria:
        value = (criterion.maximum * share / STEP).to_integral_value() * STEP
        percent = 100 * value / criterion.maximum
        scores[criterion.code] = Score(value, remark(criterion.code, place, percent, is_weak=is_weak))
    return SaveReview(scores=scores, comment=on_the_whole(place, is_weak=is_weak))
