"""What a step of a pairing must say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.matchmaking.labels import DROP_REASONS, NDA_KINDS, SAMPLE_RESULTS, VOLUME_BANDS
from app.matchmaking.workflow import PairingEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Details = Mapping[str, Any]

MAX_SAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class StepFault:
    """What is wrong with one field of a step."""

    field: str
    message: str


def step_faults(event: PairingEvent, details: Details) -> list[StepFault]:
    """Return what is missing or impossible; ``details`` are JSON values as the forms give them."""
    check = _CHECKS.get(event)
    return list(check(details)) if check else []


def _agreement(details: Details) -> Iterator[StepFault]:
    if details.get("kind") not in NDA_KINDS:
        yield StepFault("kind", "Choose an agreement.")
    elif details["kind"] == "own" and not details.get("reference"):
        yield StepFault("reference", "Name your agreement: its title and its date.")
    if not details.get("is_authorised"):
        yield StepFault("is_authorised", "Confirm that you may sign for your company.")


def _quantity(details: Details) -> Iterator[StepFault]:
    quantity = details.get("quantity")
    if not isinstance(quantity, int) or not 1 <= quantity <= MAX_SAMPLES:
        yield StepFault("quantity", "Give a whole number of pieces between 1 and 10,000.")


def _request(details: Details) -> Iterator[StepFault]:
    yield from _quantity(details)
    if not details.get("purpose"):
        yield StepFault("purpose", "Say what the sample is for.")


def _shipment(details: Details) -> Iterator[StepFault]:
    yield from _quantity(details)
    if not details.get("day"):
        yield StepFault("day", "Give the day of shipment.")
    if not details.get("lot"):
        yield StepFault("lot", "Give the lot number.")
    if not details.get("engineer"):
        yield StepFault("engineer", "Name the field engineer and a telephone number.")


def _evaluation(details: Details) -> Iterator[StepFault]:
    if not details.get("day"):
        yield StepFault("day", "Give the day on which the sample arrived.")
    if not details.get("plan"):
        yield StepFault("plan", "Say in a sentence what is tested, and until when.")


def _report(details: Details) -> Iterator[StepFault]:
    results = [row.get("result") for row in details.get("results", ())]
    if not all(result in SAMPLE_RESULTS for result in results):
        yield StepFault("results", "Choose a result for every requirement.")
    if not details.get("issues") and (not results or "failed" in results):
        yield StepFault("issues", "Say what the evaluation showed.")


def _volume(details: Details) -> Iterator[StepFault]:
    if details.get("volume") not in VOLUME_BANDS:
        yield StepFault("volume", "Choose a band.")


def _drop(details: Details) -> Iterator[StepFault]:
    if details.get("reason_code") not in DROP_REASONS:
        yield StepFault("reason_code", "Choose a reason.")
    elif details["reason_code"] == "other" and not details.get("text"):
        yield StepFault("text", "Say the reason in a few words.")


_CHECKS: Mapping[PairingEvent, Callable[[Details], Iterator[StepFault]]] = {
    PairingEvent.SIGN_NDA: _agreement,
    PairingEvent.REQUEST_SAMPLE: _request,
    PairingEvent.SHIP_SAMPLE: _shipment,
    PairingEvent.EVALUATE: _evaluation,
    PairingEvent.REPORT: _report,
    PairingEvent.DESIGN_IN: _volume,
    PairingEvent.PILOT: _volume,
    PairingEvent.MASS_PRODUCE: _volume,
    PairingEvent.DROP: _drop,
}
