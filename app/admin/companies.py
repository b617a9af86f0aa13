"""The authority's queue of companies to verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.accounts import labels, policy, service
from app.accounts.current import current_actor
from app.accounts.models import UsccCheck
from app.accounts.queries import company as companies
from app.accounts.queries import desk as queries
from app.accounts.queries import views
from app.accounts.workflow import VERIFICATION_WORKFLOW, VerificationEvent, VerificationState
from app.admin.access import guard
from app.core import clock
from app.core.errors import RuleViolation
from app.core.forms import Form
from app.db import current_session, transaction
from app.taxonomy import lists, places

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_companies", __name__, url_prefix="/desk/companies")
bp.before_request(guard)
blueprints = (bp,)


class DecisionForm(Form):
    """Why; needed to reject."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[Length(max=2000, message=_l("At most %(max)d characters."))],
        description=_l("Needed to reject; the company reads it."),
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of requests, what waits longest first."""
    session, wanted = current_session(), _filter()
    return render_template(
        "desk/companies/list.html",
        page=queries.queue(session, wanted=wanted, page=request.args.get("page", 1, int)),
        counts=queries.counts(session),
        wanted=wanted,
        states=[state.value for state in VerificationState],
        checks=[check.value for check in UsccCheck],
        cities=places.guangdong_cities(),
        labels=labels,
        lists=lists,
    )


def _filter() -> queries.QueueFilter:
    arguments = request.args
    state = arguments.get("state", VerificationState.SUBMITTED.value)
    check = arguments.get("check", "")
    return queries.QueueFilter(
        text=arguments.get("q", "").strip()[:100],
        city=arguments.get("city", "")[:6],
        state=state if state in {one.value for one in VerificationState} else "",
        uscc_check=check if check in {one.value for one in UsccCheck} else "",
    )


@bp.get("/<uuid:organization_id>")
def show(organization_id: uuid.UUID) -> ResponseReturnValue:
    """Show one company with its papers and its history."""
    return _page(organization_id, DecisionForm(formdata=None))


def _page(organization_id: uuid.UUID, form: DecisionForm) -> str:
    session = current_session()
    company = views.company(companies.load(session, organization_id))
    requests = companies.verifications(session, organization_id)
    current = requests[0] if requests else None
    return render_template(
        "desk/companies/show.html",
        company=company,
        requests=requests,
        current=current,
        form=form,
        state=companies.state_of(company, requests),
        decision=policy.can_decide_verification(current_actor()),
        events=VERIFICATION_WORKFLOW.events(current.state) if current else frozenset(),
        code=queries.review_code(company.public),
        today=clock.today(),
        labels=labels,
        lists=lists,
    )


@bp.post("/<uuid:organization_id>/requests/<uuid:verification_id>/<any(verify, reject):event>")
def decide(organization_id: uuid.UUID, verification_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Verify a company or reject its request."""
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.decide_verification(
                    session,
                    actor=current_actor(),
                    organization_id=organization_id,
                    verification_id=verification_id,
                    event=VerificationEvent(event),
                    reason=form.reason.data or "",
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Decided. The company has been told."), "success")
            return redirect(url_for(".list"), 303)
    return _page(organization_id, form), 422
