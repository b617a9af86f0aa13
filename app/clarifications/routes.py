"""Pages of questions: for everybody, and for the owner who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.challenges import queries as challenges
from app.clarifications import labels, policy, queries, service
from app.clarifications.amend_routes import bp as amendments_bp
from app.clarifications.forms import AnswerForm, AskForm
from app.clarifications.workflow import QuestionState
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands.forms import options

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.clarifications.queries import QuestionView

bp = Blueprint("clarifications", __name__, url_prefix="/challenges/<uuid:challenge_id>")
owner_bp = Blueprint(
    "workspace_clarifications", __name__, url_prefix="/workspace/challenges/<uuid:challenge_id>/questions"
)
blueprints = (bp, owner_bp, amendments_bp)


@bp.app_template_global()
def question_windows(challenge_id: uuid.UUID) -> queries.Windows:
    """Return until when questions are taken and whether the reader follows the challenge; its page asks."""
    return queries.windows(current_session(), actor=current_actor(), challenge_id=challenge_id, now=clock.now())


@bp.get("/questions/")
def list(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show questions and answers, and the form to ask."""
    return _page(challenge_id, AskForm(formdata=None))


@bp.post("/questions/")
@login_required
def ask(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Ask; when nearly the same was answered already, show that first."""
    form, status = AskForm(), 422
    if form.validate_on_submit():
        text = form.text.data or ""
        nearest = queries.similar_questions(current_session(), challenge_id=challenge_id, text=text)
        if nearest and form.confirmed.data != text:
            form.confirmed.data, form.confirmed.raw_data = text, None
            return _page(challenge_id, form, nearest=nearest)
        try:
            with transaction() as session:
                service.ask_question(
                    session, actor=current_actor(), challenge_id=challenge_id, text=text, now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Asked. The answer appears here for everybody; nobody learns who asked."), "success")
            return redirect(url_for(".list", challenge_id=challenge_id), 303)
    return _page(challenge_id, form), status


@bp.post("/questions/<uuid:question_id>/withdraw")
@login_required
def withdraw(challenge_id: uuid.UUID, question_id: uuid.UUID) -> ResponseReturnValue:
    """Take an own question back."""
    with transaction() as session:
        service.withdraw_question(session, actor=current_actor(), question_id=question_id, now=clock.now())
    flash(_("The question is taken back."), "success")
    return redirect(url_for(".list", challenge_id=challenge_id), 303)


@bp.post("/<any(follow, unfollow):event>")
@login_required
def follow(challenge_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Follow a challenge, or follow it no longer."""
    with transaction() as session:
        if event == "follow":
            service.follow(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
        else:
            service.unfollow(session, actor=current_actor(), challenge_id=challenge_id)
    if event == "follow":
        flash(
            _("You follow this challenge. You will be told by e-mail of answers, changes and its deadline."), "success"
        )
    else:
        flash(_("You no longer follow this challenge."), "success")
    return redirect(url_for("challenges.show", challenge_id=challenge_id), 303)


def _page(challenge_id: uuid.UUID, form: AskForm, *, nearest: tuple[QuestionView, ...] = ()) -> str:
    session, actor = current_session(), current_actor()
    challenge = challenges.challenge_page(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    owner_id = challenge.need.organization_id
    is_owner = actor.belongs_to(owner_id)
    return render_template(
        "clarifications/list.html",
        challenge=challenge,
        questions=queries.questions_of(session, actor=actor, challenge_id=challenge_id, is_owner=is_owner),
        window=question_windows(challenge_id),
        decision=policy.can_ask(actor, owner_id=owner_id),
        is_owner=is_owner,
        form=form,
        nearest=nearest,
        labels=labels,
    )


@owner_bp.get("/")
@login_required
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the owner what waits for an answer."""
    return _owner_page(challenge_id)


@owner_bp.post("/<uuid:question_id>/<any(answer, merge, decline):event>")
@login_required
def decide(challenge_id: uuid.UUID, question_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Answer a question, merge it into another or say why it is not answered."""
    form, status = AnswerForm(prefix=str(question_id)), 422
    if form.validate_on_submit():
        try:
            _decide(question_id, event, form)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            _tell(event, form)
            return redirect(url_for(".show", challenge_id=challenge_id), 303)
    return _owner_page(challenge_id, form), status


def _decide(question_id: uuid.UUID, event: str, form: AnswerForm) -> None:
    given: dict[str, Any] = {"actor": current_actor(), "question_id": question_id, "now": clock.now()}
    with transaction() as session:
        if event == "answer":
            service.answer_question(session, command=form.to_answer(), **given)
        elif event == "merge":
            service.merge_question(session, command=form.to_merge(), **given)
        else:
            service.decline_question(session, text=form.text.data or "", **given)


def _tell(event: str, form: AnswerForm) -> None:
    if event != "answer":
        flash(_("Noted. The asker sees it on the page of questions."), "success")
    elif form.alters_requirement.data:
        flash(_("Answered. Now propose the amendment that the answer calls for."), "warning")
    else:
        flash(_("Answered. Everybody who follows the challenge is told."), "success")


def _owner_page(challenge_id: uuid.UUID, sent: AnswerForm | None = None) -> str:
    session, actor = current_session(), current_actor()
    challenge, _command = challenges.challenge_form(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    questions = queries.questions_of(session, actor=actor, challenge_id=challenge_id, is_owner=True)
    window = question_windows(challenge_id)
    return render_template(
        "workspace/clarifications/show.html",
        challenge=challenge,
        questions=questions,
        forms=_forms(questions, sent, is_answering_open=window.is_answering_open),
        window=window,
        decision=policy.can_answer(actor, owner_id=challenge.need.organization_id),
        labels=labels,
        sent=request.view_args.get("question_id") if request.view_args else None,
    )


def _forms(
    questions: tuple[QuestionView, ...], sent: AnswerForm | None, *, is_answering_open: bool
) -> dict[uuid.UUID, AnswerForm]:
    """Return a form for each question that waits; the one that was sent keeps what was typed."""
    answered = [("", "—")] + [
        (str(one.id), f"{one.number}. {one.text[:60]}") for one in questions if one.state is QuestionState.ANSWERED
    ]
    forms = {}
    for one in questions:
        if one.state is not QuestionState.ASKED:
            continue
        is_sent = sent is not None and sent._prefix.startswith(str(one.id))
        form = sent if is_sent and sent is not None else AnswerForm(formdata=None, prefix=str(one.id))
        form.into_id.choices = options(answered)
        if not is_answering_open:
            form.text.label.text = _("Why you do not answer")
        forms[one.id] = form
    return forms
