"""Two events through the services that people use: one is over and its companies say what came of it, one is coming."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.audit import service as audit
from app.core.actor import SYSTEM, Actor, MemberRole
from app.core.calendar import is_working_day
from app.core.clock import SHANGHAI
from app.events import service
from app.events.commands import ProposeMeeting, RecordOutcome, Register, Room, SaveEvent, SaveWishes
from app.events.models import Event, Meeting
from app.events.queries.schedule import plan_of_run
from app.events.rules import at
from app.events.scheduling.optimum import solve
from app.events.workflow import MeetingState, Role, Wish
from app.matchmaking.embargo import embargoes
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import PairingState
from app.outbox.models import Job
from app.sample.people import DEMO_PEOPLE, officer_id
from app.sample.source import sample_id

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import InstrumentedAttribute, Session

N_HOSTS, N_GUESTS = 10, 14
SEED = 20261122
OFFERS = {
    Role.EXHIBITOR: (
        "寻找高精度电池采样与充电芯片。",
        "整机年产百万台，寻找主控与无线芯片。",
        "寻找车规级电源与驱动芯片。",
        "",
    ),
    Role.VISITOR: ("带来样片与评估板，可当场演示。", "可提供国产替代方案与技术支持。", "车规产品已量产，可送样。", ""),
}
OUTCOMES = (
    RecordOutcome("promising", 5, "sample", (), "下周寄样片。"),
    RecordOutcome("promising", 4, "documents", ()),
    RecordOutcome("open", 3, "visit", ()),
    RecordOutcome("no_fit", 2, "", ("param_gap",), "工作温度不够。"),
    RecordOutcome("open", 4, "nda", ()),
    RecordOutcome("not_held", None, "", ("absent",)),
)


def load_events(session: Session, *, now: dt.datetime) -> int:
    """Hold one event, announce another, and let two introduced companies arrange to meet; return how many meetings."""
    random_ = random.Random(SEED)
    officer = _actor(session, officer_id())
    hosts, guests = _companies(session, Organization.is_demand), _companies(session, Organization.is_supply)
    hosts, guests = hosts[:N_HOSTS], [one for one in guests if one not in hosts[:N_HOSTS]][:N_GUESTS]
    n_meetings = _hold(session, officer, hosts, guests, random_, now)
    _announce(session, officer, hosts, guests, random_, now)
    _arrange(session, now)
    audit.record(session, SYSTEM, "sample.load", "sample", None, label="events")
    return n_meetings


def is_loaded(session: Session) -> bool:
    """Tell whether there is an event already."""
    return session.scalar(sa.select(Event.id).limit(1)) is not None


def _hold(
    session: Session,
    officer: Actor,
    hosts: Sequence[Actor],
    guests: Sequence[Actor],
    random_: random.Random,
    now: dt.datetime,
) -> int:
    """Make the event of two weeks ago, from its announcement to what came of it."""
    day = _working_day(now - dt.timedelta(days=14))
    then = at(day, dt.time(9)) - dt.timedelta(days=20)
    event = _event(session, officer, "电池管理与电源芯片对接会", "Battery and power chips meet devices", day, then)
    _register(session, event, hosts, guests, random_, then)
    run = service.request_schedule(session, actor=officer, event_id=event.id, now=then)
    session.flush()
    plan = plan_of_run(session, run_id=run.id)
    if plan is None:
        raise RuntimeError("the run was asked for a moment ago")
    solution, later = solve(plan.problem, seconds=2), event.registers_until
    service.keep_schedule(session, actor=officer, run_id=run.id, plan=plan, solution=solution, seconds=1.0, now=later)
    service.publish_schedule(session, actor=officer, event_id=event.id, now=later)
    service.finish_events(session, now=now)
    _tell_outcomes(session, event, random_, now)
    # Nobody is invited to what is over, nor computes it again.
    session.flush()
    past = sa.or_(Job.kind.startswith("meeting."), Job.kind == "events.schedule")
    session.execute(sa.delete(Job).where(past))
    return len(solution.meetings)


def _announce(
    session: Session,
    officer: Actor,
    hosts: Sequence[Actor],
    guests: Sequence[Actor],
    random_: random.Random,
    now: dt.datetime,
) -> None:
    """Announce an event in four weeks, for which most have registered; the last of each side is still to come."""
    day, then = _working_day(now + dt.timedelta(days=28)), now - dt.timedelta(days=3)
    event = _event(session, officer, "智能终端芯片供需对接会", "Smart devices meet chips", day, then)
    _register(session, event, hosts[:-1], guests[1:], random_, then)


def _event(session: Session, officer: Actor, zh: str, en: str, day: dt.date, then: dt.datetime) -> Event:
    command = SaveEvent(
        title_zh=zh,
        title_en=en,
        description_zh="终端企业设展位，芯片企业到访；一对一闭门洽谈，每场二十分钟。请带上参数要求与样片。",
        description_en="Terminal makers have tables, chip firms visit them: closed one-to-one talks of twenty minutes. "
        "Bring requirements and samples.",
        place="深圳市福田区会展中心六号馆",
        video_url="",
        first_day=day,
        last_day=day,
        starts=dt.time(9, 30),
        ends=dt.time(16, 30),
        slot_minutes=20,
        pause_minutes=5,
        lunch_from=dt.time(12, 0),
        lunch_until=dt.time(13, 30),
        rooms=(Room("甲厅", 5), Room("乙厅", 3)),
        most_in_row=4,
        registers_from=then,
        registers_until=at(day, dt.time(18)) - dt.timedelta(days=8),
    )
    event = service.create_event(session, actor=officer, command=command, now=then)
    service.open_event(session, actor=officer, event_id=event.id, now=then)
    session.flush()
    return event


def _register(
    session: Session,
    event: Event,
    hosts: Sequence[Actor],
    guests: Sequence[Actor],
    random_: random.Random,
    then: dt.datetime,
) -> None:
    """Register both sides, the first slots of some being taken, and let each ask for a few of the other."""
    n_slots = len(event.slots)
    for role, actors in ((Role.EXHIBITOR, hosts), (Role.VISITOR, guests)):
        for actor in actors:
            busy = frozenset(random_.sample(range(n_slots), random_.choice((0, 0, 2, 4))))
            command = Register(role, random_.randint(4, n_slots), busy, random_.choice(OFFERS[role]))
            service.register(session, actor=actor, event_id=event.id, command=command, now=then)
    for actors, others in ((hosts, guests), (guests, hosts)):
        for actor in actors:
            asked = random_.sample([*others], min(6, len(others)))
            wishes = {one.own_organization_id(): _wish(place) for place, one in enumerate(asked)}
            service.save_wishes(session, actor=actor, event_id=event.id, command=SaveWishes(wishes), now=then)


def _wish(place: int) -> Wish:
    return Wish.MUST if place < 2 else Wish.NO if place == 5 else Wish.LIKE


def _tell_outcomes(session: Session, event: Event, random_: random.Random, now: dt.datetime) -> None:
    """Let two of three companies say what came of their meetings."""
    held = sa.select(Meeting).where(Meeting.event_id == event.id, Meeting.state == MeetingState.SET)
    for meeting in session.scalars(held.order_by(Meeting.starts_at, Meeting.id)).all():
        for company in (meeting.host_id, meeting.guest_id):
            if random_.random() < 0.67:
                command = random_.choice(OUTCOMES)
                actor = _owner(session, company)
                service.record_outcome(session, actor=actor, meeting_id=meeting.id, command=command, now=now)


def _arrange(session: Session, now: dt.datetime) -> None:
    """Let the chip firm of the first introduced pairing of a demo company propose times."""
    demo = [sample_id(person.organization) for person in DEMO_PEOPLE if person.organization]
    query = sa.select(Pairing).where(Pairing.state == PairingState.INTRODUCED)
    of_demo = sa.or_(Pairing.demand_id.in_(demo), Pairing.supplier_id.in_(demo))
    found = session.scalars(query.order_by(of_demo.desc(), Pairing.id)).all()
    resting = embargoes(session, {one.demand_id for one in found}, now=now)
    pairing = next((one for one in found if one.demand_id not in resting), None)
    if pairing is None:
        return
    day = _working_day(now + dt.timedelta(days=5))
    command = ProposeMeeting(
        topic="样片评测安排与参数确认",
        options=(at(day, dt.time(10)), at(day, dt.time(15)), at(_working_day(now + dt.timedelta(days=7)), dt.time(10))),
        minutes=45,
        time_zone="Asia/Shanghai",
        place="贵司会议室",
        video_url="https://meet.example.com/sample",
        message="可带评估板到场演示，请选择方便的时间。",
    )
    supplier = _owner(session, pairing.supplier_id)
    service.propose_meeting(session, actor=supplier, pairing_id=pairing.id, command=command, now=now)


def _working_day(instant: dt.datetime) -> dt.date:
    day = instant.astimezone(SHANGHAI).date()
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def _companies(session: Session, is_of_side: InstrumentedAttribute[bool]) -> list[Actor]:
    """Return the owners of verified companies of one side, the demo's first."""
    demo = [sample_id(person.organization) for person in DEMO_PEOPLE if person.organization]
    query = (
        sa.select(Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Organization.verified_at.is_not(None), is_of_side, Membership.role == MemberRole.OWNER)
        .order_by(Organization.id.in_(demo).desc(), Organization.id)
        .limit(N_HOSTS + N_GUESTS)
    )
    return [_owner(session, one) for one in session.scalars(query).all()]


def _owner(session: Session, organization_id: uuid.UUID) -> Actor:
    owner = sa.select(Membership.user_id).where(
        Membership.organization_id == organization_id, Membership.role == MemberRole.OWNER
    )
    return _actor(session, session.scalars(owner.limit(1)).one())


def _actor(session: Session, user_id: uuid.UUID) -> Actor:
    return session.scalars(sa.select(User).where(User.id == user_id)).unique().one().as_actor()
