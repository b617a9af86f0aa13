"""What people ask the services of this slice to do."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds an expert to a company: ``kind`` is a key of ``labels.TIES``; an open end means until today."""

    kind: str
    name: str
    uscc: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SaveExpert:
    """The desk's record of an expert; the address is used once, when the expert is registered."""

    email: str
    name: str
    expertise: str
    sides: tuple[str, ...]
    categories: tuple[str, ...]
    load_limit: int
    is_available: bool
    ties: tuple[Tie, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SaveOwnProfile:
    """What experts keep up to date themselves."""

    expertise: str
    is_available: bool
    ties: tuple[Tie, ...] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One line of the checklist: ``verdict`` is ``ok``, ``minor`` or ``major``, empty when not looked at yet."""

    code: str
    verdict: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckFormat:
    """The operator's checklist."""

    items: tuple[ItemResult, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FormPanel:
    """Who evaluates: ``method`` is ``panel`` or ``owner``; ``size`` counts experts."""

    method: str
    size: int
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Declare:
    """What a reviewer declares before seeing any bid: a conflict with its reason, or the pledge."""

    has_conflict: bool
    reason: str = ""
    is_pledged: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Points for one criterion with the reasons; None: not scored yet."""

    value: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SaveReview:
    """One reviewer's sheet about one bid; ``veto`` is a key of ``labels.VETOES`` or empty."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    comment: str = ""
    veto: str = ""
    veto_reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Conclude:
    """What the meeting came to: minutes, a note for each bid whose scores lay apart, votes among equals."""

    minutes: str
    notes: Mapping[uuid.UUID, str] = field(default_factory=dict)
    votes: Mapping[uuid.UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetDefence:
    """When and where a bid is defended."""

    at: dt.datetime
    minutes: int
    place: str
