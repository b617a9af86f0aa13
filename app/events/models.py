"""Events with slots and participants, the meetings of events and of pairings, and what came of them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Organization
from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, UtcTime, enum_column
from app.events.workflow import EventState, MeetingKind, MeetingState, Role, RunState, Wish
from app.matchmaking.models import Pairing


class Event(Model):
    """A day, or a few, on which companies meet at tables, slot by slot (对接会)."""

    __tablename__ = "events"
    __table_args__ = (
        sa.CheckConstraint("first_day <= last_day", name="day_order"),
        sa.CheckConstraint("registers_from < registers_until", name="window_order"),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240 AND pause_minutes BETWEEN 0 AND 120", name="slot_length"),
        sa.CheckConstraint("most_in_row >= 0", name="row_not_negative"),
        sa.CheckConstraint("state <> 'cancelled' OR cancel_reason <> ''", name="reason_when_cancelled"),
        sa.CheckConstraint("state IN ('draft', 'cancelled') OR opened_at IS NOT NULL", name="opened_when_public"),
        sa.Index("ix_events_state_first_day", "state", "first_day"),
    )

    id: Mapped[PrimaryKey]
    state: Mapped[EventState] = mapped_column(enum_column(EventState, "state"), default=EventState.DRAFT)
    title_zh: Mapped[str] = mapped_column(sa.String(80))
    title_en: Mapped[str] = mapped_column(sa.String(120), default="")
    description_zh: Mapped[str] = mapped_column(sa.Text, default="")
    description_en: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    video_url: Mapped[str] = mapped_column(sa.String(500), default="")
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    starts: Mapped[dt.time]
    """When the first slot of each day begins, in Shanghai; ``ends`` is when the last one is over."""
    ends: Mapped[dt.time]
    slot_minutes: Mapped[int]
    pause_minutes: Mapped[int] = mapped_column(default=0)
    """Between two slots, to change tables."""
    lunch_from: Mapped[dt.time | None]
    lunch_until: Mapped[dt.time | None]
    rooms: Mapped[list[dict[str, Any]]]
    """``{"name": "A厅", "n_tables": 12}``; tables are numbered through all rooms."""
    most_in_row: Mapped[int] = mapped_column(default=0)
    """Meetings a company may have without a free slot between them; 0: any number."""
    registers_from: Mapped[UtcTime]
    registers_until: Mapped[UtcTime]
    inputs: Mapped[int] = mapped_column(default=0)
    """Counts changes of registrations, requests and meetings: a schedule computed from older ones is not kept."""
    cancel_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    opened_at: Mapped[dt.datetime | None]
    """When it was announced."""
    published_at: Mapped[dt.datetime | None]
    """When the schedule was published."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    slots: Mapped[list[Slot]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Slot.number", passive_deletes=True
    )

    @property
    def n_tables(self) -> int:
        """How many tables all rooms have."""
        return sum(int(room["n_tables"]) for room in self.rooms)


class Slot(Model):
    """A stretch of time in which every table holds one meeting."""

    __tablename__ = "event_slots"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        sa.CheckConstraint("starts_at < ends_at", name="time_order"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    number: Mapped[int]
    """From 0, over all days."""
    block: Mapped[int]
    """Slots of one block follow each other; lunch and nights divide blocks."""
    starts_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]


class Participant(Model):
    """A company at an event."""

    __tablename__ = "event_participants"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "organization_id"),
        sa.CheckConstraint("most_meetings BETWEEN 1 AND 200", name="limit_range"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"))
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"))
    most_meetings: Mapped[int]
    busy_slots: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    """Numbers of the slots in which the company has no time."""
    offer: Mapped[str] = mapped_column(sa.String(300), default="")
    """What the company brings or looks for; other participants read it."""
    registered_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    withdrawn_at: Mapped[dt.datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")


class EventWish(Model):
    """What one participant says of another: must, would like, or no."""

    __tablename__ = "event_wishes"
    __table_args__ = (sa.CheckConstraint("from_id <> to_id", name="two_parties"),)

    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    from_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), primary_key=True)
    to_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), primary_key=True, index=True)
    wish: Mapped[Wish] = mapped_column(enum_column(Wish, "wish"))


class ScheduleRun(Model):
    """One computation of an event's schedule: what it reached and how near that is to the best."""

    __tablename__ = "event_schedule_runs"
    __table_args__ = (
        sa.CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name="finished_at_when_over"),
        sa.CheckConstraint("gap BETWEEN 0 AND 1", name="gap_range"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("events.id", ondelete="CASCADE"), index=True)
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid)
    state: Mapped[RunState] = mapped_column(enum_column(RunState, "state"), default=RunState.WAITING)
    n_wanted: Mapped[int] = mapped_column(default=0)
    """Pairs of which one side at least asked for the meeting and neither refused."""
    n_meetings: Mapped[int] = mapped_column(default=0)
    n_musts: Mapped[int] = mapped_column(default=0)
    n_musts_met: Mapped[int] = mapped_column(default=0)
    value: Mapped[float] = mapped_column(default=0.0)
    bound: Mapped[float] = mapped_column(default=0.0)
    gap: Mapped[float] = mapped_column(default=0.0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    flaws: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    unmet: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """Musts that found no place, each with the reason."""
    requested_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[dt.datetime | None]


class Meeting(Model):
    """Two companies at one time: set by an event's schedule, or agreed after an introduction."""

    __tablename__ = "meetings"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "host_id", "guest_id"),
        sa.CheckConstraint("host_id <> guest_id", name="two_parties"),
        sa.CheckConstraint("(kind = 'event') = (event_id IS NOT NULL)", name="event_of_its_kind"),
        sa.CheckConstraint("(kind = 'personal') = (pairing_id IS NOT NULL)", name="pairing_of_its_kind"),
        sa.CheckConstraint("state <> 'set' OR (starts_at IS NOT NULL AND ends_at IS NOT NULL)", name="time_when_set"),
        sa.CheckConstraint("starts_at < ends_at", name="time_order"),
        sa.CheckConstraint("announced IS NULL OR announced <= sequence", name="announced_in_order"),
        sa.Index("ix_meetings_state_ends_at", "state", "ends_at"),
    )

    id: Mapped[PrimaryKey]
    kind: Mapped[MeetingKind] = mapped_column(enum_column(MeetingKind, "kind"))
    state: Mapped[MeetingState] = mapped_column(enum_column(MeetingState, "state"), default=MeetingState.PROPOSED)
    event_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("events.id"))
    pairing_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("pairings.id"), index=True)
    host_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    """The exhibitor, or the company with the need."""
    guest_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    topic: Mapped[str] = mapped_column(sa.String(200), default="")
    starts_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None]
    time_zone: Mapped[str] = mapped_column(sa.String(40), default="Asia/Shanghai")
    """In which the companies agreed on the time; everything is stored in UTC."""
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    video_url: Mapped[str] = mapped_column(sa.String(500), default="")
    proposed_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organizations.id"))
    """Whose proposal waits for the other's answer."""
    message: Mapped[str] = mapped_column(sa.String(500), default="")
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """A new schedule keeps the meeting where it is."""
    sequence: Mapped[int] = mapped_column(default=0)
    """SEQUENCE of the calendar entry (RFC 5545 §3.8.7.4): rises with every change of time, place or validity."""
    announced: Mapped[int | None]
    """The sequence that the companies were told last; empty: they know nothing of the meeting yet."""
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    """Why it was declined or cancelled."""
    ended_at: Mapped[dt.datetime | None]
    asked_next_day_at: Mapped[dt.datetime | None]
    asked_next_month_at: Mapped[dt.datetime | None]
    created_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")
    pairing: Mapped[Pairing | None] = relationship(lazy="raise_on_sql")
    host: Mapped[Organization] = relationship(foreign_keys=[host_id], lazy="raise_on_sql")
    guest: Mapped[Organization] = relationship(foreign_keys=[guest_id], lazy="raise_on_sql")
    seats: Mapped[list[Seat]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Seat.role", passive_deletes=True
    )
    options: Mapped[list[MeetingOption]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="MeetingOption.starts_at", passive_deletes=True
    )


class Seat(Model):
    """One company of a meeting at its table and slot; the database lets nobody sit twice, and no table be shared."""

    __tablename__ = "event_seats"
    __table_args__ = (
        sa.UniqueConstraint("slot_id", "organization_id"),
        sa.UniqueConstraint("slot_id", "table_no", "role"),
        sa.CheckConstraint("table_no >= 0", name="table_not_negative"),
    )

    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_column(Role, "role"), primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"))
    slot_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("event_slots.id"))
    table_no: Mapped[int]
    """From 0, through all rooms."""


class MeetingOption(Model):
    """A time that was proposed."""

    __tablename__ = "meeting_options"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "starts_at"),
        sa.CheckConstraint("starts_at < ends_at", name="time_order"),
    )

    id: Mapped[PrimaryKey]
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"))
    starts_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]


class MeetingOutcome(Model):
    """What one of the two companies says came of a meeting."""

    __tablename__ = "meeting_outcomes"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "organization_id"),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_range"),
    )

    id: Mapped[PrimaryKey]
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings.id", ondelete="CASCADE"))
    organization_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organizations.id"), index=True)
    result: Mapped[str] = mapped_column(sa.String(20))
    rating: Mapped[int | None]
    next_step: Mapped[str] = mapped_column(sa.String(20), default="")
    reasons: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    written_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class CalendarFeed(Model):
    """A person's calendar address: raising the generation makes the old address worthless."""

    __tablename__ = "calendar_feeds"

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)
