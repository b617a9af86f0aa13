"""How far a pairing has come, whose turn it is, and the one next action, as its page shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l

from app.matchmaking import labels
from app.matchmaking.workflow import (
    CONFIRMED_BY_BOTH,
    ENDED,
    EXCHANGES,
    PATH,
    SIDES_OF,
    TURNS,
    PairingEvent,
    PairingState,
    Side,
    Turn,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask_babel.speaklater import LazyString

    from app.matchmaking.models import Pairing, PairingStep

EFFECTS: Mapping[PairingEvent, LazyString] = {
    PairingEvent.SIGN_NDA: _l(
        "Once both have signed, prices, origin and report numbers of the chip firm open to the terminal maker."
    ),
    PairingEvent.DISCLOSE: _l(
        "The chip firm can then read the exact volume, the target price and the part in use. This cannot be taken back."
    ),
    PairingEvent.REQUEST_SAMPLE: _l("The chip firm is told at once; shipping is its next step."),
    PairingEvent.SHIP_SAMPLE: _l("The terminal maker is told at once and confirms the arrival."),
    PairingEvent.EVALUATE: _l("The chip firm sees the plan and stands by to help."),
    PairingEvent.DESIGN_IN: _l("A design-in counts only when both sides confirm it."),
    PairingEvent.PILOT: _l("A pilot batch counts only when both sides confirm it."),
    PairingEvent.MASS_PRODUCE: _l("Mass production counts only when both sides confirm it."),
}
"""What follows from a step, said beside its button."""


@dataclass(frozen=True, slots=True)
class RailStep:
    """One state on the rail."""

    label: str
    status: str
    done_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    actor: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The one next action, and who takes it."""

    event: PairingEvent
    title: str
    effect: str
    is_mine: bool
    who: str
    """A sentence: whose turn it is."""
    is_exchange: bool
    first: Mapping[str, Any]
    """What the other side chose already, where both must confirm."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The rail, and what comes next; None when the pairing has ended or arrived."""

    rail: tuple[RailStep, ...]
    next: Next | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in the history: who did what, when, and what was said."""

    at: dt.datetime
    title: str
    actor: str
    text: str
    tone: str = ""


def progress(pairing: Pairing, steps: Sequence[PairingStep], side: Side | None) -> Progress:
    """Return how far a pairing has come, as ``side`` (None: the desk) sees it."""
    return Progress(_rail(pairing, steps), _next(pairing, steps, side))


def _rail(pairing: Pairing, steps: Sequence[PairingStep]) -> tuple[RailStep, ...]:
    reached = {PairingState.PROPOSED: pairing.proposed_at, PairingState.INTRODUCED: pairing.introduced_at}
    reached |= {
        step.reached: step.at for step in steps if step.reached in PATH and step.event is not PairingEvent.REPORT
    }
    has_ended = pairing.state in ENDED
    here = -1 if has_ended else PATH.index(pairing.state)
    rail = []
    for place, state in enumerate(PATH):
        if has_ended and reached.get(state) is None:
            continue
        status = _status(place, here, has_ended=has_ended)
        done_at = reached.get(state) if status in ("done", "current") else None
        label = gettext("Proposed") if state is PairingState.PROPOSED else str(labels.PAIRING_STATES[state])
        rail.append(RailStep(label, status, done_at))
    if has_ended:
        rail.append(RailStep(str(labels.PAIRING_STATES[pairing.state]), "current", pairing.ended_at))
    return tuple(rail)


def _status(place: int, here: int, *, has_ended: bool) -> str:
    if has_ended:
        return "done"
    if place == here:
        return "done" if place == len(PATH) - 1 else "current"
    return "done" if place < here else "upcoming"


def _next(pairing: Pairing, steps: Sequence[PairingStep], side: Side | None) -> Next | None:
    if pairing.state is PairingState.PROPOSED or pairing.state not in TURNS:
        return None
    event, turn = TURNS[pairing.state]
    confirmed = {step.side: step for step in steps if step.event is event and event in CONFIRMED_BY_BOTH}
    is_mine = side is not None and side in SIDES_OF[event] and side not in confirmed
    other = next((step for step in confirmed.values() if step.side is not side), None)
    return Next(
        event=event,
        title=str(labels.PAIRING_EVENTS[event]),
        effect=str(EFFECTS[event]),
        is_mine=is_mine,
        who=_who(turn, side, set(confirmed)),
        is_exchange=event in EXCHANGES,
        first=other.details if other else {},
    )


def _who(turn: Turn, side: Side | None, confirmed: set[Side]) -> str:
    if turn is Turn.BOTH and not confirmed:
        return gettext("Both sides confirm; neither has yet.")
    waited_for = next(one for one in Side if one not in confirmed) if turn is Turn.BOTH else Side(turn.value)
    if side is None:
        return gettext("It is the turn of this side: %(side)s.", side=labels.SIDES[waited_for])
    if waited_for is side:
        return gettext("The other side has confirmed; it is your turn.") if confirmed else gettext("It is your turn.")
    return (
        gettext("You have confirmed; the other side has not yet.")
        if confirmed
        else gettext("It is the other side's turn.")
    )


def history(
    pairing: Pairing, steps: Sequence[PairingStep], *, side: Side | None = None, is_desk: bool
) -> list[StepLine]:
    """Return the steps, newest first; why a company said no or gave up is for itself and for the desk."""
    order = {event: place for place, event in enumerate(PairingEvent)}
    lines = [
        StepLine(
            step.at,
            str(labels.PAIRING_STEPS[step.event]),
            str(labels.SIDES[step.side]),
            _said(step, is_told=is_desk or step.side is side),
            "warn" if step.event is PairingEvent.DROP else "",
        )
        for step in sorted(steps, key=lambda step: (step.at, order[step.event]))
    ]
    return [*_end(pairing, side, is_desk=is_desk), *lines[::-1]]


def _end(pairing: Pairing, side: Side | None, *, is_desk: bool) -> list[StepLine]:
    """Return how a pairing ended without a step of its own: declined, or expired."""
    if pairing.ended_at is None or pairing.state is PairingState.DROPPED:
        return []
    state = str(labels.PAIRING_STATES[pairing.state])
    if pairing.state is PairingState.EXPIRED:
        why = gettext("It stood still for too long.") if pairing.introduced_at else gettext("Not answered in time.")
        return [StepLine(pairing.ended_at, state, "", why, "warn")]
    is_told = is_desk or pairing.declined_by_side == side
    reason = str(labels.DECLINE_REASONS.get(pairing.decline_reason, ""))
    text = _joined(reason, pairing.decline_text) if is_told else ""
    return [StepLine(pairing.ended_at, state, str(labels.SIDES[Side(pairing.declined_by_side)]), text, "warn")]


def _said(step: PairingStep, *, is_told: bool) -> str:
    if step.event is PairingEvent.DROP:
        reason = str(labels.DROP_REASONS.get(step.details["reason_code"], ""))
        return _joined(reason, step.details["text"]) if is_told else ""
    return _joined(*_parts(step.details))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _parts(details: Mapping[str, Any]) -> list[str]:
    parts = []
    if "quantity" in details:
        parts.append(gettext("%(n)s pieces", n=details["quantity"]))
    if details.get("day"):
        parts.append(format_date(dt.date.fromisoformat(details["day"]), "yyyy-MM-dd"))
    if details.get("lot"):
        parts.append(gettext("Lot %(lot)s", lot=details["lot"]))
    parts += [str(details[name]) for name in ("tracking", "engineer", "purpose", "plan") if details.get(name)]
    if "kind" in details:
        parts.append(details.get("reference") or str(labels.NDA_KINDS[details["kind"]]))
    if "volume" in details:
        parts.append(str(labels.VOLUME_BANDS[details["volume"]]))
    parts += [
        gettext("%(name)s: %(result)s", name=row["name"], result=labels.SAMPLE_RESULTS[row["result"]])
        for row in details.get("results", ())
        if row["result"] != "untested"
    ]
    return [*parts, str(details.get("issues", ""))]
