"""What a proposal of award must keep to, and the clocks of notice and objection."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.awards.commands import Outcome
from app.core.calendar import add_working_days, is_working_day, working_days_between
from app.core.clock import SHANGHAI
from app.demands.rules import Fault

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from app.awards.commands import ProposeAward

MIN_REASON = 10
MIN_OBJECTION = 20
MAX_EVIDENCE_FILES = 5
RECONSIDERATION_WORKING_DAYS = 5
INSTANT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One bid as the review has ranked it; ``place`` counts from 1."""

    bid_id: uuid.UUID
    place: int
    is_passing: bool
    """Above the line and without a veto."""


def proposal_faults(command: ProposeAward, ranking: Sequence[Ranked], *, award_count: int) -> list[Fault]:
    """Return what is wrong with a proposal (domain §2.1, C12); nothing: it can be confirmed."""
    places = {line.bid_id: line for line in ranking}
    if sorted(verdict.bid_id for verdict in command.verdicts) != sorted(places):
        return [Fault("verdicts", "Say of every ranked bid exactly once what becomes of it.")]
    outcomes = {verdict.bid_id: verdict.outcome for verdict in command.verdicts}
    return [
        *_count_faults(outcomes, award_count),
        *_line_faults(outcomes, places),
        *_reason_faults(command, places, outcomes),
    ]


def _count_faults(outcomes: Mapping[uuid.UUID, Outcome], award_count: int) -> list[Fault]:
    n_selected = sum(outcome is Outcome.SELECTED for outcome in outcomes.values())
    if n_selected == 0:
        return [Fault("verdicts", "Select at least one bid, or end the competition without an award.")]
    if n_selected > award_count:
        return [Fault("verdicts", "More bids are selected than the challenge has awards.")]
    return []


def _line_faults(outcomes: Mapping[uuid.UUID, Outcome], places: Mapping[uuid.UUID, Ranked]) -> list[Fault]:
    wanted = (bid_id for bid_id, outcome in outcomes.items() if outcome is not Outcome.NOT_SELECTED)
    if all(places[bid_id].is_passing for bid_id in wanted):
        return []
    return [Fault("verdicts", "A bid below the line, or with a veto, can be neither selected nor kept in reserve.")]


def _reason_faults(
    command: ProposeAward, places: Mapping[uuid.UUID, Ranked], outcomes: Mapping[uuid.UUID, Outcome]
) -> list[Fault]:
    """Return a fault where somebody is owed reasons: the refused, and whoever is passed over."""
    faults = []
    if len(command.reasons.strip()) < MIN_REASON:
        faults.append(Fault("reasons", "State the reasons of the proposal in at least ten characters."))
    last = max((places[bid_id].place for bid_id, out in outcomes.items() if out is Outcome.SELECTED), default=0)
    for verdict in command.verdicts:
        is_refused = verdict.outcome is Outcome.NOT_SELECTED
        is_passed_over = verdict.outcome is Outcome.RESERVE and places[verdict.bid_id].place < last
        if (is_refused or is_passed_over) and len(verdict.reason.strip()) < MIN_REASON:
            faults.append(
                Fault("verdicts", "Give each bid that is refused or passed over a reason of at least ten characters.")
            )
            break
    return faults


def reserve_order(ranking: Sequence[Ranked], outcomes: Mapping[uuid.UUID, Outcome]) -> list[uuid.UUID]:
    """Return the bids in reserve, the next to move up first."""
    kept = (line for line in ranking if outcomes.get(line.bid_id) is Outcome.RESERVE)
    return [line.bid_id for line in sorted(kept, key=lambda line: line.place)]


def resumed_end(ends_at: dt.datetime, frozen_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when a notice ends that stood still from ``frozen_at`` until ``now``.

    No second of it is lost, and no working day: as many whole ones as were left when it stopped follow the day of
    ``now``, and it never ends on a day on which nobody works. One whose time was up ends at once.
    """
    end = ends_at + (now - frozen_at)
    if frozen_at >= ends_at:
        return end
    end = max(end, add_working_days(now, working_days_between(frozen_at, ends_at - INSTANT)))
    last = end - INSTANT
    return end if is_working_day(last.astimezone(SHANGHAI).date()) else add_working_days(last, 1)


def notice_ends(starts_at: dt.datetime, working_days: int) -> dt.datetime:
    """Return the end of a notice: the day of publication does not count, and the last working day is whole."""
    return add_working_days(starts_at, working_days)
