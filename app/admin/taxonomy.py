"""The categories at the desk: names, words, one in place of another, and new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.matchmaking import policy, service
from app.matchmaking.forms import CategoryForm, MergeForm, NewCategoryForm
from app.matchmaking.queries import taxonomy as queries
from app.reviews.queries.experts import n_of_category as n_experts
from app.saved.queries import n_of_category as n_searches
from app.taxonomy import knowledge

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

bp = Blueprint("desk_taxonomy", __name__, url_prefix="/desk/taxonomy")
bp.before_request(guard)
TABS = {"C": _l("Chip categories"), "T": _l("Terminal categories")}


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the categories of one kind with what was changed and how much hangs on each."""
    actor = current_actor()
    policy.can_read_taxonomy(actor).enforce()
    kind = _kind()
    text, is_changed_only = request.args.get("q", "").strip()[:60], "changed" in request.args
    return render_template(
        "desk/taxonomy/list.html",
        tree=queries.tree(current_session(), kind=kind, text=text, changed_only=is_changed_only),
        kind=kind,
        kinds=TABS,
        text=text,
        is_changed_only=is_changed_only,
        decision=policy.can_edit_taxonomy(actor),
    )


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty form for a new category, below the one that the address names."""
    policy.can_edit_taxonomy(current_actor()).enforce()
    return _new_page(NewCategoryForm.of_kind(_kind(), request.args.get("parent", "")))


@bp.post("/new")
def add() -> ResponseReturnValue:
    """Add a category."""
    policy.can_edit_taxonomy(current_actor()).enforce()
    form = NewCategoryForm.of_kind(_kind())
    if form.validate_on_submit():
        command = form.to_command()
        try:
            with transaction() as session:
                code = service.add_category(session, actor=current_actor(), command=command, now=clock.now()).code
        except RuleViolation as error:
            form.show(error)
        else:
            _make_known()
            flash(
                _("Added as %(code)s. It can be chosen now; the model learns it with the next fit.", code=code),
                "success",
            )
            return redirect(url_for(".show", code=code), 303)
    return _new_page(form), 422


@bp.get("/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show one category with its names, its words and what can be done with it."""
    return _page(code)


@bp.post("/<code>")
def rename(code: str) -> ResponseReturnValue:
    """Give a category other names."""
    policy.can_edit_taxonomy(current_actor()).enforce()
    queries.names(current_session(), code)
    form, status = CategoryForm.for_code(code), 422
    if form.validate_on_submit():
        command = form.to_command()
        try:
            with transaction() as session:
                service.rename_category(session, actor=current_actor(), code=code, command=command, now=clock.now())
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Saved. Pages, search and model use the names within a minute; see Jobs."), "success")
            return redirect(url_for(".show", code=code), 303)
    return _page(code, form=form), status


@bp.post("/<code>/merge")
def merge(code: str) -> ResponseReturnValue:
    """Let another category take the place of this one."""
    policy.can_edit_taxonomy(current_actor()).enforce()
    queries.names(current_session(), code)
    form = MergeForm.for_code(code)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.merge_category(session, actor=current_actor(), code=code, into=form.into.data, now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Merged. Everything that named the category has moved; search and model follow."), "success")
            return redirect(url_for(".show", code=code), 303)
    return _page(code, merge_form=form), 422


@bp.post("/<code>/restore")
def restore(code: str) -> ResponseReturnValue:
    """Let a merged category be chosen again."""
    with transaction() as session:
        service.restore_category(session, actor=current_actor(), code=code, now=clock.now())
    flash(_("The category can be chosen again. What has moved stays where it is."), "success")
    return redirect(url_for(".show", code=code), 303)


@bp.post("/<code>/withdraw")
def withdraw(code: str) -> ResponseReturnValue:
    """Take back a category that was added and that nothing uses."""
    with transaction() as session:
        n = _n_mentions(session, code)
        service.withdraw_category(session, actor=current_actor(), code=code, n_mentions=n, now=clock.now())
    _make_known()
    flash(_("Withdrawn. Nobody can choose the category any more."), "success")
    return redirect(url_for(".show", code=code), 303)


def _kind() -> str:
    kind = request.args.get("kind", "")
    return kind if kind in TABS else "C"


def _make_known() -> None:
    """Let forms and pages follow now; the queued job does the rest."""
    folder = current_app.extensions["chipbridge_settings"].model_dir
    knowledge.publish(folder, service.load_knowledge(current_session()))


def _n_mentions(session: Session, code: str) -> int:
    return n_experts(session, code) + n_searches(session, code)


def _new_page(form: NewCategoryForm) -> str:
    return render_template("desk/taxonomy/new.html", form=form, kind=_kind(), kinds=TABS)


def _page(code: str, *, form: CategoryForm | None = None, merge_form: MergeForm | None = None) -> str:
    actor, session = current_actor(), current_session()
    policy.can_read_taxonomy(actor).enforce()
    page = queries.category_page(session, code, n_mentions=_n_mentions(session, code))
    target = queries.names(session, page.row.merged_into) if page.row.merged_into else None
    return render_template(
        "desk/taxonomy/show.html",
        page=page,
        target=target,
        form=form or CategoryForm.for_code(code, page.command),
        merge_form=merge_form or MergeForm.for_code(code, is_empty=True),
        kinds=TABS,
        decision=policy.can_edit_taxonomy(actor),
    )
