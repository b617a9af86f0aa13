"""Behind the scenes of a running portal: what must have happened before a browser test begins, and time that passes."""

from __future__ import annotations

import datetime as dt
import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

import app.catalog.models  # noqa: F401 - bids refer to its tables
from app.accounts.models import Organization, User
from app.awards.models import Publicity
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.challenges.service.editions import add_edition
from app.core import box
from app.core.clock import now
from app.db import engine_options
from app.demands.workflow import PostingState
from app.keys.models import KeyHolder
from app.reviews.models import Expert
from config import Settings
from tests.factories.awards import rank
from tests.factories.base import use_session
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.factories.keys import freeze
from tests.support.deadlines import past_the_triggers

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from tests.support.server import Installation

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OFFICER, OWNER = "officer@authority.example.com", "owner@org001.example.com"
_NUMBERS = itertools.count(701)


@contextmanager
def behind(site: Installation) -> Iterator[Session]:
    """Give a session on the portal's own database, through which factories write, under the portal's own secret."""
    settings = Settings.from_env(site.environ)
    engine = sa.create_engine(settings.database_url, **engine_options(settings.database_url))
    kept = (box._Keys.box, box._Keys.tag)
    box.register_secret(settings.sealing_key)
    try:
        with Session(engine.execution_options(is_writing=True), expire_on_commit=False) as session:
            use_session(session)
            yield session
            session.commit()
    finally:
        use_session(None)
        box._Keys.box, box._Keys.tag = kept
        engine.dispose()


def publish(site: Installation, title: str, **attributes: Any) -> uuid.UUID:
    """Let a challenge of the sample's terminal maker take bids for ten days; return its id."""
    with behind(site) as session:
        challenge_id: uuid.UUID = _posed(session, title, **attributes).id
        return challenge_id


def close_without_bids(site: Installation, title: str) -> uuid.UUID:
    """Let the deadline of a challenge have passed without a bid; return its id."""
    return publish(site, title, left=-HOUR, state=PostingState.CLOSED, closed_at=now() - HOUR)


def rank_bids_of(site: Installation, title: str, people: Sequence[str]) -> uuid.UUID:
    """Let a panel have ranked the bids of these people's firms, in this order; return the id of the challenge."""
    with behind(site) as session:
        challenge = _posed(session, title, left=-DAY, state=PostingState.EVALUATING, closed_at=now() - DAY)
        firms = [session.get_one(Organization, _person(session, one).membership.organization_id) for one in people]
        given = {"challenge": challenge, "state": BidState.UNDER_REVIEW, "sealed_at": now() - 2 * DAY}
        rank(challenge, [BidFactory(organization=firm, **given) for firm in firms])
        challenge_id: uuid.UUID = challenge.id
        return challenge_id


def move_deadline(site: Installation, challenge_id: uuid.UUID, left: dt.timedelta) -> None:
    """Let the deadline of a challenge be ``left`` away, and that of questions an hour before."""
    with behind(site) as session, past_the_triggers(session):
        challenge = session.get_one(Challenge, challenge_id)
        challenge.bid_deadline_at = now() + left
        challenge.question_deadline_at = challenge.bid_deadline_at - HOUR


def end_notice(site: Installation, challenge_id: uuid.UUID) -> None:
    """Let the days of the running public notice be over."""
    with behind(site) as session:
        running = sa.select(Publicity).where(Publicity.challenge_id == challenge_id, Publicity.ended_at.is_(None))
        notice = session.scalars(running).one()
        notice.starts_at, notice.ends_at = now() - 8 * DAY, now() - HOUR


def let_experts_in(site: Installation) -> dict[str, str]:
    """Give every expert of the sample the password of one of them, and room; return their addresses by name."""
    with behind(site) as session:
        experts = session.scalars(sa.select(Expert).options(joinedload(Expert.user))).unique().all()
        known = next(one.user for one in experts if one.user.email in site.passwords)
        for one in experts:
            one.user.password, one.load_limit = known.password, 20
            site.passwords[one.user.email] = site.passwords[known.email]
        return {one.user.name: one.user.email for one in experts}


def _person(session: Session, email: str) -> User:
    return session.scalars(sa.select(User).where(User.email == email)).unique().one()


def _posed(session: Session, title: str, *, left: dt.timedelta = 10 * DAY, **attributes: Any) -> Challenge:
    """Return a challenge in its first edition, judged by three experts, for whose bids the desk's people hold keys."""
    owner, number = _person(session, OWNER), next(_NUMBERS)
    deadline = now() + left
    challenge: Challenge = ChallengeFactory(
        title=title,
        code=f"CH2026-{number}",
        organization=session.get_one(Organization, owner.membership.organization_id),
        created_by=owner.id,
        contact_user_id=owner.id,
        programme=ProgrammeFactory(code=f"STAGE-{number}", panel_min=3, publicity_working_days=5),
        published_at=deadline - 30 * DAY,
        question_deadline_at=deadline - HOUR,
        bid_deadline_at=deadline,
        **attributes,
    )
    holders = session.scalars(sa.select(KeyHolder).order_by(KeyHolder.created_at, KeyHolder.id)).all()
    freeze(challenge, holders)
    officer = _person(session, OFFICER).as_actor()
    add_edition(session, actor=officer, challenge=challenge, reason="", now=deadline - 30 * DAY)
    return challenge
