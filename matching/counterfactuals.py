"""What would raise a score: the least the sheet would have to state to meet one more must, and what that brings.

A promise holds when the changed sheet is scored again: every requirement on the same parameter is judged anew, so that
a wish that the new value misses counts too; requirements that nothing can meet promise nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from matching.choices import missing
from matching.compliance import Verdict, judge
from matching.features import COMPLIANCE, Scored, compliance_row
from matching.offers import as_quantity, is_stated, rows_of
from matching.quantities import parse_quantity
from matching.rank import FEATURES, probability
from matching.records import Parameter, Requirement, Sheet
from matching.results import Counterfactual
from matching.units import comparable, convert
from matching.values import split_set

if TYPE_CHECKING:
    from matching.engine import Matcher


def counterfactuals(
    matcher: Matcher, scored: Scored, place: int, verdicts: Sequence[Verdict]
) -> tuple[Counterfactual, ...]:
    """Return what meeting each unmet must would bring, the largest gain first; only what raises the score."""
    sheet, requirements = scored.sheet(place), scored.requirements
    now = probability(float(scored.logits[place]))
    found: list[Counterfactual] = []
    for requirement, verdict in zip(requirements, verdicts, strict=True):
        row = remedy(requirement, sheet) if verdict.must and verdict.status != "met" else None
        if row is None:
            continue
        better = with_row(sheet, row)
        changed = [
            judge(other, better) if other.key == row.key else old
            for other, old in zip(requirements, verdicts, strict=True)
        ]
        score = probability(_logit_with(matcher, scored, place, changed))
        if score > now:
            kind = "fill" if verdict.status == "unknown" else "improve"
            found.append(Counterfactual(verdict.key, kind, verdict.required, score, row))
    return tuple(sorted(found, key=lambda change: (-change.score, change.key)))


def with_row(sheet: Sheet, row: Parameter) -> Sheet:
    """Return the sheet with this row in place of what it states about the parameter under the same condition."""
    kept = (other for other in sheet.params if (other.key, other.condition) != (row.key, row.condition))
    return replace(sheet, params=(row, *kept))


def remedy(requirement: Requirement, sheet: Sheet) -> Parameter | None:
    """Return the row nearest to what the sheet states that meets a requirement, or None when nothing can."""
    stated = next((row for row in rows_of(requirement.key, sheet) if is_stated(row)), None)
    others = tuple(row for row in sheet.params if row.key == requirement.key and row.condition != requirement.condition)
    for row in _tried(requirement, stated):
        conditioned = replace(row, condition=requirement.condition) if requirement.condition else row
        if judge(requirement, (conditioned, *others)).status == "met":
            return conditioned
    return None


def _tried(requirement: Requirement, stated: Parameter | None) -> Iterator[Parameter]:
    """Yield rows that may meet a requirement, the nearest first, without a condition."""
    yield from _numbers(requirement, stated)
    yield _text(requirement, stated)
    yield _text(requirement, None)


def _numbers(requirement: Requirement, stated: Parameter | None) -> list[Parameter]:
    """Return rows of numbers to try: the required range with what is stated around it, each required end."""
    try:
        wanted = parse_quantity(requirement.value, requirement.unit)
    except ValueError:
        return []
    low, high = wanted.values[0], wanted.values[-1]
    ends = (low, high, *_stated_ends(stated, wanted.unit))
    spans = [(min(ends), max(ends))] if requirement.op == "covers" else [(low, low), (high, high)]
    return [Parameter(requirement.key, min=a, max=b, unit=wanted.unit) for a, b in spans]


def _stated_ends(stated: Parameter | None, unit: str) -> tuple[float, ...]:
    """Return the numbers a row states, in the given unit; none when they are of another kind."""
    if stated is None:
        return ()
    try:
        offer = as_quantity(stated)
        return tuple(convert(v, offer.unit, unit) for v in offer.values) if comparable(offer.unit, unit) else ()
    except ValueError:
        return ()


def _text(requirement: Requirement, stated: Parameter | None) -> Parameter:
    """Return what is stated as text with the required values added; one of them where one is enough."""
    have = stated.text if stated is not None and requirement.op in ("has", "in") else ""
    lacking = missing(requirement.key, have, requirement.value).values
    added = lacking[:1] if requirement.op == "in" else lacking
    text = "|".join([*split_set(have), *added]) if have else "|".join(added) or requirement.value
    return Parameter(requirement.key, text=text)


def _logit_with(matcher: Matcher, scored: Scored, place: int, verdicts: Sequence[Verdict]) -> float:
    """Return the logit of a match if these were its verdicts."""
    features = scored.features[place].copy()
    for name, value in zip(COMPLIANCE, compliance_row(verdicts), strict=True):
        features[FEATURES.index(name)] = value
    return float(matcher.ranker_.logits(features[None, :])[0])
