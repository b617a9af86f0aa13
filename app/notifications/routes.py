"""The inbox, its preferences, and the way out of the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import NotFound, RuleViolation
from app.core.forms import csrf
from app.db import current_session, transaction
from app.mail import letterhead
from app.notifications import clicks, labels, links, policy, queries, service, tokens
from app.notifications.forms import PreferencesForm
from app.robots.queries import groups_by_topic

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("notifications", __name__, url_prefix="/workspace/notifications")
unsubscribe_bp = Blueprint("unsubscribe", __name__)
clicks_bp = Blueprint("clicks", __name__)
blueprints = (bp, unsubscribe_bp, clicks_bp)


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the inbox, newest first."""
    actor, session = current_actor(), current_session()
    is_unread_only = request.args.get("show") == "unread"
    page = queries.inbox(session, actor=actor, is_unread_only=is_unread_only, page=request.args.get("page", 1, int))
    return render_template(
        "notifications/list.html",
        page=page,
        is_unread_only=is_unread_only,
        n_unread=queries.unread_count(session, actor=actor),
        labels=labels,
    )


@bp.post("/<uuid:notification_id>/open")
@login_required
def open(notification_id: uuid.UUID) -> ResponseReturnValue:
    """Mark a line as read and go where it leads."""
    with transaction() as session:
        line = service.mark_read(session, actor=current_actor(), notification_id=notification_id, now=clock.now())
        target = line.url
    return redirect(target or url_for(".list"), 303)


@bp.post("/read")
@login_required
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    with transaction() as session:
        service.mark_all_read(session, actor=current_actor(), now=clock.now())
    return redirect(url_for(".list"), 303)


@bp.route("/preferences", methods=["GET", "POST"])
@login_required
def preferences() -> ResponseReturnValue:
    """Show what is told where, and keep what the person wants to be told by mail."""
    actor = current_actor()
    form = PreferencesForm(obj=queries.preferences(current_session(), user_id=actor.user_id))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.save_preferences(session, actor=actor, command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Your preferences were saved."), "success")
            return redirect(url_for(".preferences"), 303)
    page = render_template(
        "notifications/preferences.html",
        form=form,
        email=actor.email,
        has_company=actor.organization_id is not None,
        has_queues=policy.can_read_desk_digest(actor),
        groups=groups_by_topic(current_session(), organization_id=actor.organization_id),
    )
    return page, 422 if form.errors else 200


@unsubscribe_bp.get("/unsubscribe/<token>")
def show(token: str) -> ResponseReturnValue:
    """Ask a person, who need not be logged in, whether the digest shall end."""
    if token == links.PREVIEW_TOKEN:
        raise NotFound(
            "This is the link of a preview. In a digest it leads to its reader's own way out.", code="preview"
        )
    tokens.read(letterhead.current().signing_key, token)
    return render_template("unsubscribe/show.html", token=token, is_done=False)


@unsubscribe_bp.post("/unsubscribe/<token>")
@csrf.exempt
def confirm(token: str) -> ResponseReturnValue:
    """End the digest: for the button of the page, and for mail programs by one click (RFC 8058).

    The signed word is the permission: neither log-in nor form token is asked for.
    """
    user_id = tokens.read(letterhead.current().signing_key, token)
    with transaction() as session:
        service.unsubscribe(session, user_id=user_id, now=clock.now())
    return render_template("unsubscribe/show.html", token=token, is_done=True)


@clicks_bp.get("/r/<token>")
def follow(token: str) -> ResponseReturnValue:
    """Count a link of a digest and go where it leads; programs that only look (HEAD) are not counted."""
    kind, target = clicks.read(token)
    if request.method == "GET":
        with transaction() as session:
            service.count_click(session, kind=kind, now=clock.now())
    answer = redirect(target)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
