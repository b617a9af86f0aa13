"""The menus of the three layouts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import current_app, g, request, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.core.actor import Capacity, StaffRole
from app.db import current_session
from app.notifications import queries as notifications

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu."""

    label: LazyString | str
    url: str
    icon: str
    is_active: bool
    count: int | None = None
    group: LazyString | None = None
    """What stands above it and those that follow it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    label: LazyString
    endpoint: str
    icon: str
    capacity: Capacity | None = None
    is_decision: bool = False
    """Shown to the authority only, not to the operator."""
    is_prefectural: bool = False
    """Shown to the officers of prefectures, too, to whom nothing else of the desk is open."""
    is_reviewing: bool = False
    """Shown to experts and to companies that pose challenges."""
    group: LazyString | None = None


def _grouped(title: LazyString, *entries: _Entry) -> tuple[_Entry, ...]:
    return tuple(replace(entry, group=title) for entry in entries)


MENUS: dict[str, tuple[_Entry, ...]] = {
    "public": (
        _Entry(_l("Challenges"), "challenges.list", "flag"),
        _Entry(_l("Chips"), "products.list", "cpu"),
        _Entry(_l("Needs"), "needs.list", "search"),
        _Entry(_l("Companies"), "companies.list", "building"),
        _Entry(_l("Results"), "awards.results", "trophy"),
        _Entry(_l("Events"), "events.list", "calendar-event"),
    ),
    "workspace": (
        _Entry(_l("To do"), "web.workspace", "check2-square"),
        _Entry(_l("My needs"), "workspace_needs.list", "card-list", Capacity.DEMAND),
        _Entry(_l("My challenges"), "workspace_challenges.list", "flag", Capacity.DEMAND),
        _Entry(_l("My bids"), "workspace_bids.list", "envelope-check", Capacity.SUPPLY),
        _Entry(_l("My reviews"), "workspace_reviews.list", "clipboard-check", is_reviewing=True),
        _Entry(_l("My products"), "workspace_products.list", "cpu", Capacity.SUPPLY),
        _Entry(_l("My key"), "keys.show", "key", Capacity.DEMAND),
        _Entry(_l("Pairings"), "workspace_pairings.list", "link-45deg"),
        _Entry(_l("Meetings"), "meetings.list", "calendar-check"),
        _Entry(_l("Events"), "workspace_events.list", "calendar-event"),
        _Entry(_l("Kept searches"), "searches.list", "bookmark"),
        _Entry(_l("Notifications"), "notifications.list", "bell"),
        _Entry(_l("Group robots"), "robots.list", "robot"),
        _Entry(_l("Company"), "company.show", "building"),
        _Entry(_l("People"), "company.people", "people"),
        _Entry(_l("Settings"), "settings.show", "gear"),
    ),
    "desk": (
        _Entry(_l("Queues"), "desk.overview", "speedometer2"),
        *_grouped(
            _l("Companies and pairing"),
            _Entry(_l("Company verification"), "desk_companies.list", "patch-check"),
            _Entry(_l("Pairing approval"), "desk_pairings.list", "link-45deg"),
            _Entry(_l("Pairing funnel"), "desk_funnel.show", "funnel"),
            _Entry(_l("Reported messages"), "desk_messages.list", "chat-left-text"),
            _Entry(_l("Events"), "desk_events.list", "calendar-event"),
        ),
        *_grouped(
            _l("Competition"),
            _Entry(_l("Review of postings"), "desk_postings.list", "journal-check"),
            _Entry(_l("Challenges in process"), "desk_challenges.list", "signpost-split", is_prefectural=True),
            _Entry(_l("Amendments"), "desk_amendments.list", "pencil-square"),
            _Entry(_l("Openings"), "openings.list", "unlock", is_prefectural=True),
            _Entry(_l("Reviews"), "desk_reviews.list", "clipboard-check"),
            _Entry(_l("Awards"), "desk_awards.list", "trophy"),
            _Entry(_l("Experts"), "desk_experts.list", "mortarboard"),
            _Entry(_l("Programmes"), "desk_programmes.list", "sliders"),
            _Entry(_l("Working days"), "desk_calendar.list", "calendar-week"),
        ),
        *_grouped(
            _l("Matching"),
            _Entry(_l("Model"), "desk_model.show", "graph-up"),
            _Entry(_l("Lexicon"), "desk_lexicon.list", "translate"),
            _Entry(_l("Categories"), "desk_taxonomy.list", "diagram-3"),
        ),
        *_grouped(
            _l("Operation"),
            _Entry(_l("Digests"), "desk_digests.list", "envelope-paper"),
            _Entry(_l("Mail log"), "desk_mail.list", "mailbox"),
            _Entry(_l("Jobs"), "desk_jobs.list", "cpu"),
            _Entry(_l("Audit"), "desk_audit.list", "shield-check"),
        ),
        *_grouped(
            _l("My own"),
            _Entry(_l("My key"), "keys.show", "key", is_prefectural=True),
            _Entry(_l("My interests"), "desk_interests.list", "shield-exclamation"),
        ),
    ),
}


EXPERT_PAGES = ("web.workspace", "workspace_reviews.list", "notifications.list", "settings.show")
"""What the workspace holds for experts who belong to no company."""


PARTS = {
    "desk_runs": "desk_pairings",
    "desk_teams": "desk_pairings",
    "product_imports": "workspace_products",
    "workspace_amendments": "workspace_challenges",
    "workspace_clarifications": "workspace_challenges",
    "workspace_format": "workspace_bids",
    "workspace_teams": "workspace_pairings",
    "workspace_threads": "workspace_pairings",
}
"""Blueprints without an entry of their own, and the one whose entry stands for them."""


def nav(layout: str) -> list[NavItem]:
    """Return the menu of a layout as the current reader may use it."""
    actor = current_actor()
    entries = [entry for entry in MENUS[layout] if _is_shown(entry, actor)]
    if layout == "desk" and not actor.is_staff:
        entries = [entry for entry in entries if entry.is_prefectural]
    if layout == "workspace" and _is_expert_only(actor):
        entries = [entry for entry in entries if entry.endpoint in EXPERT_PAGES]
    return [_item(entry) for entry in entries]


def _is_expert_only(actor: Actor) -> bool:
    return StaffRole.EXPERT in actor.roles and actor.organization_id is None


def _is_shown(entry: _Entry, actor: Actor) -> bool:
    if entry.is_reviewing and StaffRole.EXPERT not in actor.roles and not actor.has(Capacity.DEMAND):
        return False
    return entry.endpoint in current_app.view_functions and (entry.capacity is None or actor.has(entry.capacity))


def _item(entry: _Entry) -> NavItem:
    blueprint = entry.endpoint.partition(".")[0]
    here = request.endpoint or ""
    shares_blueprint = sum(e.endpoint.startswith(blueprint + ".") for menu in MENUS.values() for e in menu) > 1
    is_active = here == entry.endpoint or (not shares_blueprint and _blueprint() == blueprint)
    return NavItem(entry.label, url_for(entry.endpoint), entry.icon, is_active, _count(entry), entry.group)


def _blueprint() -> str:
    here = request.blueprint or ""
    return PARTS.get(here, here)


def _count(entry: _Entry) -> int | None:
    if entry.endpoint != "notifications.list":
        return None
    if "n_unread" not in g:
        g.n_unread = notifications.unread_count(current_session(), actor=current_actor())
    return int(g.n_unread)
