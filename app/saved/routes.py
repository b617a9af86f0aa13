"""Searches that a person keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import DomainError, NotFound
from app.db import current_session, transaction
from app.saved import addresses, labels, policy, queries, service
from app.saved.forms import SearchForm
from app.saved.models import SearchKind

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("searches", __name__, url_prefix="/workspace/searches")
blueprints = (bp,)


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the searches that the person keeps or that colleagues share."""
    page = queries.searches(current_session(), actor=current_actor(), page=request.args.get("page", 1, int))
    return render_template("workspace/searches/list.html", page=page, labels=labels)


@bp.route("/new/<kind>", methods=["GET", "POST"])
@login_required
def new(kind: str) -> ResponseReturnValue:
    """Ask under which name a search shall be kept, and keep it."""
    if kind not in {one.value for one in SearchKind}:
        raise NotFound("The page does not exist, or it is not open to you.", code="no_such_list")
    actor, wanted = current_actor(), SearchKind(kind)
    form = SearchForm()
    if not form.is_submitted():
        form.query.data = addresses.normalised(wanted, request.args.get("query", ""))
        form.title.data = dict(addresses.asked(wanted, form.query.data)).get("q", "")[:80]
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.save_search(session, actor=actor, command=form.to_command(wanted), now=clock.now())
        except DomainError as error:
            form.show(error)
        else:
            flash(_told(has_mail=bool(form.has_mail.data), email=actor.email), "success")
            return redirect(url_for(".list"), 303)
    page = render_template(
        "workspace/searches/new.html",
        form=form,
        kind=wanted,
        labels=labels,
        path=addresses.path(wanted, form.query.data or ""),
        sharing=policy.can_share(actor),
        email=actor.email,
    )
    return page, 422 if form.errors else 200


def _told(*, has_mail: bool, email: str) -> str:
    if has_mail:
        return _("The search is kept. What is new in it will be mailed to %(email)s with your digest.", email=email)
    return _("The search is kept. No mail will be sent about it; what is new is counted here.")


@bp.post("/<uuid:search_id>/mail")
@login_required
def set_mail(search_id: uuid.UUID) -> ResponseReturnValue:
    """Let the digest name what is new, or not."""
    has_mail = request.form.get("has_mail") == "yes"
    with transaction() as session:
        service.set_mail(session, actor=current_actor(), search_id=search_id, has_mail=has_mail)
    flash(_("What is new will be in your digest.") if has_mail else _("No mail will be sent about it."), "success")
    return redirect(url_for(".list"), 303)


@bp.post("/<uuid:search_id>/remove")
@login_required
def remove(search_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a search."""
    with transaction() as session:
        service.remove_search(session, actor=current_actor(), search_id=search_id)
    flash(_("The search was removed."), "success")
    return redirect(url_for(".list"), 303)
