"""A person's own key: making it, changing its passphrase, retiring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.keys import labels, policy, queries, service
from app.keys.forms import ChangePassphraseForm, MakeKeyForm
from app.keys.workflow import KeyState

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.core.actor import Actor

bp = Blueprint("keys", __name__, url_prefix="/keys")
blueprints = (bp,)
WRONG = "This is not the passphrase of your key."


def layout_of(actor: Actor) -> str:
    """Return the layout in which a person works."""
    return "layouts/desk.html" if actor.is_staff or actor.is_prefecture else "layouts/workspace.html"


@bp.get("/")
@login_required
def show() -> ResponseReturnValue:
    """Show one's own keys and what can be done with them."""
    return _page()


@bp.post("/make")
@login_required
def make() -> ResponseReturnValue:
    """Make a key."""
    form = MakeKeyForm()
    policy.can_hold(current_actor()).enforce()
    if not form.validate_on_submit():
        return _page(make=form), 422
    try:
        with transaction() as session:
            service.make_key(session, actor=current_actor(), passphrase=form.passphrase.data, now=clock.now())
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return _page(make=form), error.status
    flash(_("Your key is made. Competitions published from now on are locked for it, too."), "success")
    return redirect(url_for(".show"), 303)


@bp.post("/<uuid:holder_id>/passphrase")
@login_required
def change(holder_id: uuid.UUID) -> ResponseReturnValue:
    """Change the passphrase of one's own key."""
    form, actor = ChangePassphraseForm(), current_actor()
    if not form.validate_on_submit():
        return _page(change=form), 422
    try:
        private = open_key(actor, holder_id, form.old.data)
        if private is None:
            form.old.errors = [_(WRONG)]
            return _page(change=form), 422
        with transaction() as session:
            new = form.passphrase.data
            service.change_passphrase(session, actor=actor, holder_id=holder_id, private=private, passphrase=new)
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return _page(change=form), error.status
    flash(_("The passphrase is changed."), "success")
    return redirect(url_for(".show"), 303)


@bp.post("/<uuid:holder_id>/retire")
@login_required
def retire(holder_id: uuid.UUID) -> ResponseReturnValue:
    """Retire one's own key."""
    with transaction() as session:
        service.retire_key(session, actor=current_actor(), holder_id=holder_id, now=clock.now())
    flash(_("The key is retired. It still opens the competitions that were locked for it."), "success")
    return redirect(url_for(".show"), 303)


def open_key(actor: Actor, holder_id: uuid.UUID, passphrase: str) -> bytes | None:
    """Return the private key for the right passphrase; a wrong one is counted whatever happens next.

    Raises NotFound or Conflict (the key rests).
    """
    with transaction() as session:
        return service.try_passphrase(session, actor=actor, holder_id=holder_id, passphrase=passphrase, now=clock.now())


def _page(make: MakeKeyForm | None = None, change: ChangePassphraseForm | None = None) -> str:
    session, actor = current_session(), current_actor()
    keys = queries.own_keys(session, actor=actor)
    return render_template(
        "keys/show.html",
        layout=layout_of(actor),
        keys=keys,
        active=next((key for key in keys if key.state is KeyState.ACTIVE), None),
        decision=policy.can_hold(actor),
        role=policy.role_of(actor),
        make=make or MakeKeyForm(formdata=None),
        change=change or ChangePassphraseForm(formdata=None),
        labels=labels,
    )
