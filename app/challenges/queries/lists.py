"""Finding challenges."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, String, and_, case, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.challenges.models import Challenge
from app.challenges.queries.views import ChallengeLine, challenge_line
from app.core.paging import Page, paginate
from app.demands.models import NeedCategory
from app.demands.queries.needs import within
from app.demands.workflow import NEVER_PUBLIC, PostingState
from app.search.queries import matching_ids
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.core.actor import Actor

MAX_QUERY = 200
FACETS = ("mode", "terminal", "category", "city")
PUBLIC_TABS = ("open", "running", "finished", "all")
SORTS = ("deadline", "reward", "new")
MY_TABS = {
    "all": tuple(PostingState),
    "draft": (PostingState.DRAFT, PostingState.RETURNED),
    "submitted": (
        PostingState.SUBMITTED,
        PostingState.RECOMMENDED,
        PostingState.APPRAISING,
        PostingState.APPROVED,
    ),
    "published": (PostingState.PUBLISHED, PostingState.SUSPENDED),
    "closed": (PostingState.CLOSED, PostingState.EVALUATING, PostingState.PUBLICITY),
    "ended": (PostingState.AWARDED, PostingState.NO_AWARD, PostingState.CANCELLED, PostingState.REJECTED),
}
_FINISHED = (PostingState.AWARDED, PostingState.NO_AWARD, PostingState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ChallengeFilter:
    """How the public list is narrowed; empty values do not narrow."""

    text: str = ""
    tab: str = "open"
    mode: tuple[str, ...] = ()
    terminal: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    sort: str = "deadline"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the tab narrows the list."""
        return bool(self.text or self.mode or self.terminal or self.category or self.city)


@dataclass(frozen=True, slots=True)
class ChallengeList:
    """One page of the public list with the numbers beside it."""

    page: Page[ChallengeLine]
    tabs: Counter[str]
    """How many challenges each tab holds under the same filters."""
    facets: dict[str, Counter[str]]
    """How many challenges of this tab each value has, other filters aside."""


CODES = {
    "mode": lists.posting_modes,
    "terminal": lists.terminal_categories,
    "category": lists.chip_categories,
    "city": lists.cities,
}
"""The codes that each facet of the public list knows."""


def read_filter(args: MultiDict[str, str]) -> ChallengeFilter:
    """Return what the query of an address asks for; what does not exist asks for nothing."""
    chosen = {name: tuple(code for code in args.getlist(name) if code in codes) for name, codes in CODES.items()}
    tab, sort = args.get("tab", ""), args.get("sort", "")
    return ChallengeFilter(
        text=args.get("q", "").strip()[:MAX_QUERY],
        tab=tab if tab in PUBLIC_TABS else "open",
        sort=sort if sort in SORTS else "deadline",
        **chosen,
    )


def published_between(
    session: Session, *, wanted: ChallengeFilter, since: dt.datetime, until: dt.datetime
) -> Select[tuple[uuid.UUID, str, str]]:
    """Select id, title and code of the wanted challenges that were published after ``since`` and are open."""
    columns = select(Challenge.id, Challenge.title, func.coalesce(Challenge.code, ""))
    news = (Challenge.published_at > since, Challenge.published_at <= until)
    return _narrowed(session, wanted, columns).where(_tab("open", until), *news).order_by(Challenge.published_at.desc())


def public_challenges(
    session: Session, *, actor: Actor, wanted: ChallengeFilter, page: int, now: dt.datetime
) -> ChallengeList:
    """Return one page of the public challenges at ``now``, in six queries."""
    query = _narrowed(session, wanted).where(_tab(wanted.tab, now)).order_by(*_order(wanted))
    return ChallengeList(
        page=_lines(session, actor, query, page, now),
        tabs=_tab_counts(session, wanted, now),
        facets=_facet_counts(session, wanted.tab, now),
    )


def my_challenges(session: Session, *, actor: Actor, tab: str, page: int, now: dt.datetime) -> Page[ChallengeLine]:
    """Return one page of the challenges of the actor's company, last changed first."""
    query = (
        select(Challenge)
        .where(Challenge.organization_id == actor.organization_id, Challenge.state.in_(MY_TABS[tab]))
        .order_by(Challenge.updated_at.desc(), Challenge.id)
    )
    return _lines(session, actor, query, page, now)


def my_tab_counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many challenges of the actor's company stand under each tab."""
    query = (
        select(Challenge.state, func.count())
        .where(Challenge.organization_id == actor.organization_id)
        .group_by(Challenge.state)
    )
    states = dict(session.execute(query).tuples().all())
    return {tab: sum(states.get(state, 0) for state in members) for tab, members in MY_TABS.items()}


def _tab(tab: str, now: dt.datetime) -> Any:
    """Return the condition of a public tab; a published challenge is running from its deadline on."""
    is_due = Challenge.bid_deadline_at <= now
    is_published = Challenge.state == PostingState.PUBLISHED
    is_finished = Challenge.state.in_(_FINISHED)
    if tab == "open":
        return and_(is_published, Challenge.bid_deadline_at > now)
    if tab == "finished":
        return is_finished
    if tab == "running":
        return and_(~is_finished, or_(~is_published, is_due))
    return Challenge.id.is_not(None)


def _order(wanted: ChallengeFilter) -> tuple[Any, ...]:
    if wanted.sort == "reward":
        return (Challenge.reward_total_wan.desc(), Challenge.id)
    if wanted.sort == "new":
        return (Challenge.published_at.desc(), Challenge.id)
    # What still runs is most urgent at the top; what is over begins with the latest.
    deadline = Challenge.bid_deadline_at
    return (deadline if wanted.tab == "open" else deadline.desc(), Challenge.id)


def _public(columns: Select[Any]) -> Select[Any]:
    was_public = or_(Challenge.state != PostingState.CANCELLED, Challenge.code.is_not(None))
    return columns.where(Challenge.state.not_in(NEVER_PUBLIC), was_public)


def _narrowed(session: Session, wanted: ChallengeFilter, columns: Select[Any] | None = None) -> Select[Any]:
    query = _public(columns if columns is not None else select(Challenge)).join(Challenge.organization)
    found = matching_ids(session, "challenge", wanted.text)
    if found is not None:
        query = query.where(Challenge.id.in_(found))
    if wanted.mode:
        query = query.where(Challenge.mode.in_(wanted.mode))
    if wanted.terminal:
        query = query.where(within(Challenge.terminal_category, wanted.terminal))
    if wanted.category:
        chips = select(NeedCategory.need_id).where(within(NeedCategory.code, wanted.category))
        query = query.where(Challenge.id.in_(chips))
    if wanted.city:
        query = query.where(Organization.city_code.in_(wanted.city))
    return query


def _tab_counts(session: Session, wanted: ChallengeFilter, now: dt.datetime) -> Counter[str]:
    columns = select(*(func.count(case((_tab(tab, now), 1))) for tab in PUBLIC_TABS)).select_from(Challenge)
    counts = session.execute(_narrowed(session, wanted, columns)).one()
    return Counter(dict(zip(PUBLIC_TABS, counts, strict=True)))


def _facet_counts(session: Session, tab: str, now: dt.datetime) -> dict[str, Counter[str]]:
    """Return the values of every facet with their numbers, in one query."""
    terminal, chip = func.substr(Challenge.terminal_category, 1, 3), func.substr(NeedCategory.code, 1, 3)
    distinct = func.count(func.distinct(Challenge.id))
    counted = (
        _facet("mode", type_coerce(Challenge.mode, String)),
        _facet("terminal", terminal),
        _facet("city", Organization.city_code).join(Challenge.organization),
        select(literal("category"), chip, distinct)
        .select_from(Challenge)
        .join(NeedCategory, NeedCategory.need_id == Challenge.id)
        .group_by(chip),
    )
    rows = session.execute(union_all(*(_public(query).where(_tab(tab, now)) for query in counted)))
    found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for name, value, number in rows:
        if value:
            found[name][value] = number
    return found


def _facet(name: str, column: Any) -> Select[Any]:
    return select(literal(name), column, func.count()).select_from(Challenge).group_by(column)


def _lines(session: Session, actor: Actor, query: Select[Any], page: int, now: dt.datetime) -> Page[ChallengeLine]:
    loaded = query.options(
        joinedload(Challenge.organization, innerjoin=True),
        selectinload(Challenge.categories),
        selectinload(Challenge.kpis),
    )
    found: Page[Challenge] = paginate(session, loaded, number=page)
    return found.map(lambda challenge: challenge_line(challenge, actor, now))
