"""The page of one pairing: where it stands, the one next action, contacts, evidence, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from app.accounts.current import current_actor
from app.core import clock
from app.db import current_session
from app.matchmaking import cards, labels, policy
from app.matchmaking import progress as views
from app.matchmaking.embargo import embargo_of
from app.matchmaking.forms import DeclineForm
from app.matchmaking.queries import pairings as queries
from app.matchmaking.queries.progress import steps_of
from app.matchmaking.queries.thread import unread_counts
from app.matchmaking.step_forms import FORMS, CountersignForm, DropForm, ReportForm, SampleForm, StepForm
from app.matchmaking.workflow import PairingEvent, PairingState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from app.compliance import MatrixView


def render(
    pairing_id: uuid.UUID,
    *,
    decline: DeclineForm | None = None,
    refused: tuple[PairingEvent, StepForm] | None = None,
) -> str:
    """Return the page; a refused form stands in the place of the empty one."""
    actor, session = current_actor(), current_session()
    pairing = queries.pairing_for(session, actor=actor, pairing_id=pairing_id)
    parties = {"demand_id": pairing.demand_id, "supplier_id": pairing.supplier_id}
    side = policy.side_of(actor, **parties)
    steps = steps_of(session, pairing.id)
    found = views.progress(pairing, steps, side)
    embargo = embargo_of(session, pairing.demand_id, now=clock.now())
    card = cards.pairing_card(pairing, actor)
    return render_template(
        "workspace/pairings/show.html",
        pairing=queries.to_row(pairing, actor),
        card=card,
        contacts=queries.contacts(session, pairing, is_embargoed=embargo is not None and side is not None),
        decision=policy.can_answer(actor, **parties),
        side=side,
        progress=found,
        steps=views.history(pairing, steps, side=side, is_desk=actor.is_staff),
        embargo=embargo,
        n_unread=unread_counts(session, actor=actor, pairing_ids=[pairing.id]).get(pairing.id, 0),
        exchange=policy.can_exchange(is_embargoed=embargo is not None),
        is_under_nda=policy.is_under_nda(pairing.state),
        is_under_way=policy.shows_contacts(pairing.state),
        form=decline or DeclineForm(formdata=None),
        **_forms(pairing.state, found.next, card.matrix, refused),
        labels=labels,
    )


def bound_form(event: PairingEvent, *, has_first: bool) -> StepForm:
    """Return the form of an event, filled with what was sent."""
    return CountersignForm() if event is PairingEvent.SIGN_NDA and has_first else FORMS[event]()


def _forms(
    state: PairingState,
    following: views.Next | None,
    matrix: MatrixView | None,
    refused: tuple[PairingEvent, StepForm] | None,
) -> dict[str, StepForm | None]:
    given = dict([refused]) if refused else {}
    step: StepForm | None = None
    if following is not None and following.is_mine:
        step = given.get(following.event) or _empty(following)
    is_evaluating = state is PairingState.EVALUATING
    report = given.get(PairingEvent.REPORT) or ReportForm.of(_requirements(matrix)) if is_evaluating else None
    again = given.get(PairingEvent.REQUEST_SAMPLE) or SampleForm(formdata=None) if is_evaluating else None
    drop = given.get(PairingEvent.DROP) or DropForm(formdata=None)
    return {"step_form": step, "report_form": report, "again_form": again, "drop_form": drop}


def _empty(following: views.Next) -> StepForm:
    kind = CountersignForm if following.event is PairingEvent.SIGN_NDA and following.first else FORMS[following.event]
    return kind(formdata=None)


def _requirements(matrix: MatrixView | None) -> Sequence[str]:
    return [f"{row.name} {row.requirement_text}" for row in matrix.rows] if matrix else []
