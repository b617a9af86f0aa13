"""What is wrong with a score sheet or a checklist; pure, so that form and service agree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.demands.rules import Fault
from app.reviews.criteria import STEP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.reviews.commands import ItemResult, SaveReview, Score
    from app.reviews.criteria import Criterion, ReviewRules

COMMENT_LENGTH, VETO_LENGTH, MINUTES_LENGTH, NOTE_LENGTH = 20, 20, 40, 10
LOW, HIGH = Decimal("0.6"), Decimal("0.95")
"""Shares of a maximum below and above which points need reasons."""
CORRECTION_WORKING_DAYS = 3
OBJECTION_WORKING_DAYS = 5
FORMER_YEARS = 3
MAX_AVOIDED = 3
OK, MINOR, MAJOR = "ok", "minor", "major"
ITEMS = ("in_time", "pledge", "identity", "consortium", "commitments", "price", "plan", "documents")
"""The lines of the format checklist, in order."""
SUBSTANTIVE = frozenset({"in_time", "commitments", "price"})
"""What decides the competition and therefore cannot be corrected after the opening."""


def needs_comment(value: Decimal, maximum: Decimal) -> bool:
    """Return whether points are so low or so high that they need reasons."""
    return value < LOW * maximum or value > HIGH * maximum


def faults(review: SaveReview, rules: ReviewRules, *, complete: bool) -> list[Fault]:
    """Return everything wrong with a sheet: contradictions always, gaps only when it must be ``complete``."""
    found: list[Fault] = []
    for index, criterion in enumerate(rules.scored):
        score = review.scores.get(criterion.code)
        found += [Fault("scores", message, index, part) for part, message in _flaws(score, criterion, complete)]
    if complete and review.veto and len(review.veto_reason) < VETO_LENGTH:
        found.append(Fault("veto_reason", "Give the reasons of a veto in at least 20 characters."))
    return found


def _flaws(score: Score | None, criterion: Criterion, complete: bool) -> Iterator[tuple[str, str]]:
    value = score.value if score else None
    if value is None:
        if complete:
            yield "value", "Give points for this criterion."
        return
    if not 0 <= value <= criterion.maximum:
        yield "value", "The points must lie between zero and the maximum."
    elif value % STEP:
        yield "value", "Points go in steps of one half."
    elif complete and needs_comment(value, criterion.maximum) and len(score.comment if score else "") < COMMENT_LENGTH:
        yield "comment", "Points this low or this high need reasons of at least 20 characters."


def checklist_flaw(items: Sequence[ItemResult], *, complete: bool) -> str:
    """Return what is wrong with a checklist, or nothing."""
    if [item.code for item in items] != list(ITEMS):
        return "The checklist has changed. Reload the page."
    if complete and not all(item.verdict in (OK, MINOR, MAJOR) for item in items):
        return "Judge every item of the checklist."
    if any(item.verdict in (MINOR, MAJOR) and not item.note for item in items):
        return "Say what is wrong with every item that is not in order."
    if any(item.verdict == MINOR and item.code in SUBSTANTIVE for item in items):
        return "A defect of time, commitments or price is substantive: it cannot be corrected after the opening."
    return ""


def correctable(items: Sequence[ItemResult]) -> bool:
    """Return whether the firm may be given its one chance: something is wrong, and nothing of substance."""
    verdicts = {item.verdict for item in items}
    return MINOR in verdicts and MAJOR not in verdicts


def passes(items: Sequence[ItemResult]) -> bool:
    """Return whether every item is in order."""
    return bool(items) and all(item.verdict == OK for item in items)
