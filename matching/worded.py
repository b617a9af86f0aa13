"""Does an offered value that is words meet a requirement? Levels, pictures, yes or no, and lists of values."""

from __future__ import annotations

from typing import Literal

from matching.choices import canonical, level_in, missing
from matching.listed import read, says_yes
from matching.parameters import ParameterKind
from matching.records import Requirement
from matching.values import as_bool, as_resolution

Status = Literal["met", "marginal", "violated", "unknown", "not_comparable"]
Judged = tuple[Status, str, float | None]

#: A miss up to this share of the requirement is narrow.
NARROW_SHARE = 0.15
#: Numbers this close (relative) are equal: converting units must never change a verdict.
EQUAL = 1e-9


def judge_words(requirement: Requirement, kind: ParameterKind | None, offered: str) -> Judged:
    """Return status, reason and margin of an offered text."""
    wanted, op = requirement.value, requirement.op
    if not wanted.strip():
        return "not_comparable", "unreadable_requirement", None
    if kind is not None and kind.kind == "ord":
        return _ordered(kind, requirement, offered)
    if as_resolution(wanted) is not None and op in (">=", "<=", "="):
        return _resolution(wanted, offered, op)
    if kind.kind == "bool" if kind is not None else as_bool(wanted) is not None:
        return _yes_or_no(wanted, offered)
    if op in (">=", "<=", "covers") and (kind is None or kind.kind in ("res", "resfps")):
        return "not_comparable", "unreadable_requirement", None
    return _listed(requirement, offered)


def _yes_or_no(wanted: str, offered: str) -> Judged:
    asked, said = says_yes(wanted), says_yes(offered)
    if asked is None:
        return "not_comparable", "unreadable_requirement", None
    if said is None and read(offered).presence == "open":
        return "unknown", "left_open", None
    if said is None:
        return "not_comparable", "unreadable_value", None
    return ("met", "met", None) if said == asked else ("violated", "violated", None)


def _listed(requirement: Requirement, offered: str) -> Judged:
    found = missing(requirement.key, offered, requirement.value)
    n_missing = len(found.values)
    if not found.n_wanted:
        return "not_comparable", "unreadable_requirement", None
    if not n_missing or (requirement.op == "in" and n_missing < found.n_wanted):
        return "met", "met", None
    if found.is_open:
        return "unknown", "left_open", None
    if requirement.op == "in":
        return "violated", "violated", None
    narrow = n_missing == 1 and found.n_wanted >= 2
    return "violated", "narrowly_violated" if narrow else "violated", -n_missing / found.n_wanted


def _ordered(kind: ParameterKind, requirement: Requirement, offered: str) -> Judged:
    """At least the level, or at most it where that is asked."""
    ranks = {canonical(kind.key, level): rank for rank, level in enumerate(kind.order)}
    need, have = (ranks.get(level_in(kind.key, text, kind.order)) for text in (requirement.value, offered))
    if need is None:
        return "not_comparable", "unreadable_requirement", None
    if have is None:
        return "not_comparable", "unreadable_value", None
    slack = need - have if requirement.op == "<=" else have - need
    if slack >= 0:
        return "met", "met", float(slack)
    return "violated", "narrowly_violated" if slack == -1 else "violated", float(slack)


def _resolution(wanted: str, offered: str, op: str) -> Judged:
    """More pixels and at least the frames; fewer frames are not made good by more pixels."""
    need, have = as_resolution(wanted), as_resolution(offered)
    if need is None or have is None:
        return "not_comparable", "unreadable_value", None
    if need[1] is not None and have[1] is None:
        return "unknown", "missing_value", None
    shares = [have[0] / need[0]] + ([have[1] / need[1]] if need[1] and have[1] else [])
    share = min(shares)
    if op == "<=":
        share = 2 - max(shares)
    if op == "=" and share > 1:
        share = 2 - max(shares)
    if share >= 1 - EQUAL:
        return "met", "met", max(share - 1, 0.0)
    return "violated", "narrowly_violated" if share >= 1 - NARROW_SHARE else "violated", share - 1
