"""Challenges at the desk: what waits for whom, and every decision on the way to the list and from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from app.accounts.current import current_actor
from app.admin.access import guard_prefectures
from app.challenges import desk_forms, labels, policy, service
from app.challenges import desk_labels as words
from app.challenges.actions import actions
from app.challenges.impartial import can_judge
from app.challenges.programme_rules import window_days
from app.challenges.queries import desk as queries
from app.challenges.queries.process import autopsy
from app.compliance import name_of, requirement_text
from app.core import clock
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.policy import YES
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.demands import names
from app.demands.forms import change_rows
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.core.forms import Form

bp = Blueprint("desk_challenges", __name__, url_prefix="/desk/challenges")
bp.before_request(guard_prefectures)


@dataclass(frozen=True, slots=True)
class Act:
    """One decision: its form, what it does with it, and what is said when it is done."""

    form: type[Form]
    run: Callable[[Any, dict[str, Any], Any], object]
    done: Any


def _opinion(verb: Callable[..., object]) -> Callable[[Any, dict[str, Any], Any], object]:
    return lambda session, given, form: verb(session, command=form.to_command(), **given)


ACTS = {
    "recommend": Act(
        desk_forms.RecommendForm,
        lambda session, given, form: service.recommend_challenge(session, command=form.to_recommendation(), **given),
        _l("Recommended. The province goes on with it."),
    ),
    "return_city": Act(
        desk_forms.ReviewForm,
        _opinion(service.return_by_prefecture),
        _l("Returned. The company reads your opinion and can revise the text."),
    ),
    "return": Act(
        desk_forms.ReviewForm,
        _opinion(service.return_challenge),
        _l("Returned. The company reads your opinion and can revise the text."),
    ),
    "call": Act(
        desk_forms.PanelForm,
        lambda session, given, form: service.start_appraisal(session, panel=form.members(), **given),
        _l("The experts are on record. Enter their conclusion here."),
    ),
    "conclude": Act(desk_forms.ConcludeForm, _opinion(service.conclude_appraisal), _l("The conclusion is on record.")),
    "convert": Act(
        desk_forms.BlankForm,
        lambda session, given, _form: service.convert_to_need(session, **given),
        _l("Converted. The company finds a draft of a need among its own."),
    ),
    "approve": Act(
        desk_forms.ReviewForm, _opinion(service.approve_challenge), _l("Approved. It waits to be published.")
    ),
    "reject": Act(desk_forms.ReviewForm, _opinion(service.reject_challenge), _l("Rejected. The company is told why.")),
    "publish": Act(
        desk_forms.PublishForm,
        lambda session, given, form: service.publish_challenge(session, command=form.to_publication(), **given),
        _l("Done. When it is public, edition 1 and its hash stand on the public page."),
    ),
    "suspend": Act(
        desk_forms.SuspendForm, _opinion(service.suspend_challenge), _l("Suspended. The clock stands still.")
    ),
    "resume": Act(
        desk_forms.ReasonForm,
        _opinion(service.resume_challenge),
        _l("Resumed. The deadlines have moved by the time that was lost."),
    ),
    "cancel": Act(
        desk_forms.CancelForm, _opinion(service.cancel_published), _l("Cancelled. No sealed bid will be opened.")
    ),
    "refuse": Act(
        desk_forms.ReasonForm, _opinion(service.refuse_cancellation), _l("Refused. The competition goes on.")
    ),
    "extend": Act(
        desk_forms.ExtendForm, _opinion(service.propose_extension), _l("Proposed. Another person has to confirm it.")
    ),
    "outage": Act(
        desk_forms.OutageForm, _opinion(service.propose_extension), _l("Proposed. Another person has to confirm it.")
    ),
    "no_award": Act(
        desk_forms.NoAwardForm,
        lambda session, given, form: service.declare_no_award(
            session, reasons=form.reasons.data or (), text=form.text.data or "", **given
        ),
        _l("Ended without an award. The reasons are public."),
    ),
}
OF_PREFECTURES = ("recommend", "return_city")


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of a tab, what waits longest first."""
    session, actor, now = current_session(), current_actor(), clock.now()
    tabs, tab = queries.tabs_of(actor), request.args.get("tab", "")
    tab = tab if tab in tabs else tabs[0]
    return render_template(
        "desk/challenges/list.html",
        page=queries.desk_challenges(session, actor=actor, tab=tab, page=request.args.get("page", 1, int), now=now),
        counts=queries.tab_counts(session, actor=actor, now=now),
        tab=tab,
        tabs={name: words.TABS[name] for name in tabs},
        need_labels=need_labels,
        names=names,
    )


@bp.get("/<uuid:challenge_id>")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one challenge with its process and what can be done with it."""
    return _page(challenge_id, {})


@bp.post("/<uuid:challenge_id>/<act>")
def decide(challenge_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Do one act; what was typed stays when it is refused."""
    if act not in ACTS:
        raise NotFound("There is no such decision.", code="act_not_found")
    if act not in OF_PREFECTURES:
        policy.can_decide(current_actor()).enforce()
    form, status = ACTS[act].form(), 422
    if change_rows(form, request.form):
        return _page(challenge_id, {act: form})
    if form.validate_on_submit():
        try:
            given = {"actor": current_actor(), "challenge_id": challenge_id, "now": clock.now()}
            with transaction() as session:
                ACTS[act].run(session, given, form)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(str(ACTS[act].done), "success")
            return redirect(url_for(".show", challenge_id=challenge_id), 303)
    return _page(challenge_id, {act: form}), status


@bp.post("/<uuid:challenge_id>/extensions/<uuid:extension_id>/<any(confirm, drop):verb>")
def extension(challenge_id: uuid.UUID, extension_id: uuid.UUID, verb: str) -> ResponseReturnValue:
    """Put proposed time in force, or drop the proposal."""
    act = service.confirm_extension if verb == "confirm" else service.drop_extension
    with transaction() as session:
        act(session, actor=current_actor(), extension_id=extension_id, now=clock.now())
    done = _("In force, as a new edition.") if verb == "confirm" else _("The proposal has been dropped.")
    flash(done, "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


def _page(challenge_id: uuid.UUID, bound: dict[str, Form]) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    page = queries.desk_page(session, actor=actor, challenge_id=challenge_id, now=now)
    challenge, deadline = page.challenge, page.challenge.bid_deadline_at
    may = actions(actor, page.process, city_code=page.city_code, deadline=deadline, now=now)
    impartial = can_judge(session, actor, challenge_id, now) if may else YES
    may = may if impartial else frozenset()
    forms = {name: bound.get(name) or act.form(formdata=None) for name, act in ACTS.items()}
    for form in forms.values():
        if isinstance(form, desk_forms.ReviewForm):
            form.take_version(challenge.need.version)
    is_over = bool(challenge.code) and deadline is not None and deadline <= now and challenge.suspended_at is None
    told = policy.can_see_autopsy(actor, organization_id=challenge.need.organization_id, is_over=is_over)
    return render_template(
        "desk/challenges/show.html",
        page=page,
        challenge=challenge,
        process=page.process,
        may=may,
        impartial=impartial,
        forms=forms,
        refused=next(iter(bound.values()), None),
        typed=_typed({act: form for act, form in bound.items() if act not in may}),
        days_left=window_days(now, deadline) if deadline else None,
        autopsy=autopsy(session, challenge_id) if told else None,
        labels=labels,
        words=words,
        challenge_labels=labels,
        need_labels=need_labels,
        lists=lists,
        names=names,
        name_of=name_of,
        requirement_text=requirement_text,
    )


def _typed(lost: dict[str, Form]) -> tuple[str, ...]:
    """Return what was written into forms that the page does not show any more."""
    return tuple(
        field.data for form in lost.values() for field in form if isinstance(field, TextAreaField) and field.data
    )
