"""Handing in the licence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts import labels, policy, service
from app.accounts.current import current_actor
from app.accounts.forms import VerificationForm
from app.accounts.queries import company as queries
from app.accounts.routes.company import bp
from app.accounts.workflow import VerificationState
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.files import sniff
from app.files.policy import own_members_and_staff, register_purpose
from app.files.service import store_upload
from app.taxonomy import lists, uscc

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.files.models import StoredFile

LICENCE = register_purpose("licence", own_members_and_staff)
AUTHORISATION = register_purpose("authorisation", own_members_and_staff)
SCANS = frozenset({sniff.PDF, sniff.JPEG, sniff.PNG})


@bp.route("/verification", methods=["GET", "POST"])
@login_required
def verification() -> ResponseReturnValue:
    """Show where the verification stands; a POST asks for it."""
    session, actor = current_session(), current_actor()
    if actor.organization_id is None:
        return redirect(url_for(".new"))
    company = queries.own_company(session, actor=actor)
    requests = queries.verifications(session, actor.organization_id)
    decision = policy.can_request_verification(
        actor,
        actor.organization_id,
        is_verified=company.public.is_verified,
        is_waiting=bool(requests) and requests[0].state is VerificationState.SUBMITTED,
    )
    form = VerificationForm()
    if form.validate_on_submit():
        try:
            _hand_in(form)
        except RuleViolation as error:
            form.show(error)
        else:
            flash(
                _("Handed in. The authority compares it with your profile and tells you the result."),
                "success",
            )
            return redirect(url_for(".verification"), 303)
    code = company.public.uscc
    return render_template(
        "accounts/company/verification.html",
        form=form,
        company=company,
        requests=requests,
        state=queries.state_of(company, requests),
        decision=decision,
        is_mismatch=bool(code) and uscc.check(code) is uscc.UsccResult.CHECKSUM_MISMATCH,
        max_bytes=_max_bytes(),
        labels=labels,
        lists=lists,
    ), 422 if form.errors else 200


def _hand_in(form: VerificationForm) -> None:
    actor, now = current_actor(), clock.now()
    policy.can_edit_organization(actor, actor.organization_id).enforce()
    with transaction() as session:
        licence = _store(session, form.licence, LICENCE)
        authorisation = _store(session, form.authorisation, AUTHORISATION) if form.authorisation.data else None
        service.request_verification(
            session,
            actor=actor,
            organization_id=actor.own_organization_id(),
            licence=licence,
            authorisation=authorisation,
            now=now,
        )


def _store(session: Session, field: Any, purpose: str) -> StoredFile:
    return store_upload(
        session,
        actor=current_actor(),
        upload=field.data,
        purpose=purpose,
        allowed=SCANS,
        max_bytes=_max_bytes(),
        now=clock.now(),
        field=field.name,
    )


def _max_bytes() -> int:
    return int(current_app.extensions["chipbridge_settings"].max_file_bytes)
