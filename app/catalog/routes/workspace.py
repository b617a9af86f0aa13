"""A chip firm's own products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.catalog import codes, labels, policy, queries, service
from app.catalog.forms import ProductForm, form_data, usual_parameters
from app.catalog.workflow import PRODUCT_WORKFLOW, ProductState
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.drafts import queries as drafts
from app.drafts import service as drafts_service
from app.drafts.registry import register_form
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.catalog.models import ChipProduct
    from app.catalog.queries import OwnProduct
    from app.drafts.queries import Draft

bp = Blueprint("workspace_products", __name__, url_prefix="/workspace/products")
FORM = register_form("product")
MAX_QUERY = 100


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the firm's products by state."""
    session, actor, today = current_session(), current_actor(), clock.today()
    tab = request.args.get("tab", "")
    tab = tab if tab in queries.TABS else queries.TABS[0]
    text = request.args.get("q", "").strip()[:MAX_QUERY]
    number = request.args.get("page", 1, int)
    return render_template(
        "workspace/products/list.html",
        page=queries.own_products(session, actor=actor, tab=tab, text=text, page=number, today=today),
        counts=queries.tab_counts(session, actor=actor, today=today),
        tab=tab,
        text=text,
        decision=policy.can_keep_products(actor),
        labels=labels,
        lists=lists,
    )


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Begin a sheet; what was typed before comes back."""
    actor = current_actor()
    policy.can_keep_products(actor).enforce()
    if request.method == "GET":
        kept = drafts.find(current_session(), actor, FORM, "new")
        return _form(ProductForm(formdata=kept.values if kept else None), kept=kept)
    return _save(ProductForm(), None)


@bp.route("/<uuid:product_id>/edit", methods=["GET", "POST"])
@login_required
def edit(product_id: uuid.UUID) -> ResponseReturnValue:
    """Change a sheet; a published one must stay complete."""
    session, actor = current_session(), current_actor()
    product = queries.own_product(session, actor=actor, product_id=product_id)
    policy.can_edit(actor, product.organization_id).enforce()
    if product.state is ProductState.ARCHIVED:
        raise Conflict("An archived product cannot be changed. Restore it first.", code="archived")
    if request.method == "GET":
        kept = drafts.find(session, actor, FORM, str(product_id))
        return _form(ProductForm(kept.values) if kept else _stored(product), _view(product), kept)
    return _save(ProductForm(), _view(product))


@bp.get("/<uuid:product_id>")
@login_required
def show(product_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the firm's sheets, what keeps it from being published, and what can be done with it."""
    session, actor = current_session(), current_actor()
    product = queries.own_product(session, actor=actor, product_id=product_id)
    form = _stored(product)
    return render_template(
        "workspace/products/show.html",
        product=queries.product_sheet(session, actor=actor, product_id=product_id, today=clock.today()),
        missing=[(form[problem.field], problem) for problem in queries.missing_to_publish(product)],
        events=PRODUCT_WORKFLOW.events(product.state),
        decision=policy.can_edit(actor, product.organization_id),
        publication=policy.can_publish(actor),
        stale_after=policy.STALE_AFTER.days,
        labels=labels,
        lists=lists,
    )


@bp.post("/<uuid:product_id>/publish")
@login_required
def publish(product_id: uuid.UUID) -> ResponseReturnValue:
    """Show the sheet in the catalogue; with gaps, go on to the form that shows them."""
    try:
        with transaction() as session:
            service.publish_product(session, actor=current_actor(), product_id=product_id, now=clock.now())
    except RuleViolation as error:
        return _incomplete(product_id, error)
    flash(_("Published. Everybody finds the chip now, and it is matched with the needs."), "success")
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/<uuid:product_id>/archive")
@login_required
def archive(product_id: uuid.UUID) -> ResponseReturnValue:
    """Take the sheet out of the catalogue."""
    with transaction() as session:
        service.archive_product(session, actor=current_actor(), product_id=product_id, now=clock.now())
    flash(_("Archived. The chip is no longer found or matched."), "success")
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/<uuid:product_id>/restore")
@login_required
def restore(product_id: uuid.UUID) -> ResponseReturnValue:
    """Make an archived sheet a draft again."""
    with transaction() as session:
        service.restore_product(session, actor=current_actor(), product_id=product_id, now=clock.now())
    flash(_("The sheet is a draft again."), "success")
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/<uuid:product_id>/confirm")
@login_required
def confirm(product_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the firm has read the sheet today and that it holds."""
    with transaction() as session:
        product = service.confirm_product(session, actor=current_actor(), product_id=product_id, now=clock.now())
        part_number = product.part_number
    flash(_("%(part)s is confirmed as of today.", part=part_number), "success")
    return redirect(_own_path(request.form.get("next", ""), product_id), 303)


def _save(form: ProductForm, product: OwnProduct | None) -> ResponseReturnValue:
    """Save what was typed and, when the button says so, publish it: both or nothing."""
    is_published = product is not None and product.state is ProductState.PUBLISHED
    form.wants_complete = is_published or "publish" in request.form
    if form.edit_rows(request.form):
        return _form(form, product)
    status = 422
    if form.validate_on_submit():
        try:
            product_id = _write(form, product)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Saved and published.") if "publish" in request.form else _("Saved."), "success")
            return redirect(url_for(".show", product_id=product_id), 303)
    if product and status == 409:
        product = _view(queries.own_product(current_session(), actor=current_actor(), product_id=product.id))
    return _form(form, product, is_outdated=status == 409), status


def _write(form: ProductForm, product: OwnProduct | None) -> uuid.UUID:
    actor, command, now = current_actor(), form.to_command(), clock.now()
    with transaction() as session:
        if product is None:
            row = service.create_product(session, actor=actor, command=command, now=now)
        else:
            row = service.update_product(
                session, actor=actor, product_id=product.id, command=command, version=_version(form), now=now
            )
        if "publish" in request.form:
            service.publish_product(session, actor=actor, product_id=row.id, now=now)
        drafts_service.discard(session, actor, FORM, str(product.id) if product else "new")
        return row.id


def _version(form: ProductForm) -> int:
    """Return the version the person has read, or the newer one whose changes they choose to replace."""
    text = request.form.get("replace") or form.version.data or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _view(product: ChipProduct) -> OwnProduct:
    return queries.own_view(product, len(product.params), clock.today())


def _stored(product: ChipProduct) -> ProductForm:
    return ProductForm(formdata=None, data=form_data(product))


def _incomplete(product_id: uuid.UUID, error: RuleViolation) -> ResponseReturnValue:
    product = queries.own_product(current_session(), actor=current_actor(), product_id=product_id)
    form = _stored(product)
    form.wants_complete = True
    form.show_problems(form.problems())
    if not form.errors:
        form.show(error)
    return _form(form, _view(product)), 422


def _form(
    form: ProductForm, product: OwnProduct | None = None, kept: Draft | None = None, *, is_outdated: bool = False
) -> str:
    category = form.category.data or ""
    return render_template(
        "workspace/products/edit.html",
        form=form,
        product=product,
        kept=kept,
        is_outdated=is_outdated,
        form_name=FORM,
        subject=str(product.id) if product else "new",
        publication=policy.can_publish(current_actor()),
        parameters=lists.parameter_choices(labels.locale(), category),
        usual=[labels.param_name(key) for key in usual_parameters(category)],
        units=codes.known_units(),
        labels=labels,
    )


def _own_path(target: str, product_id: uuid.UUID) -> str:
    """Return the path if it is one of the firm's products, else that of the sheet."""
    is_own = target.startswith("/workspace/products/") and "\\" not in target and "//" not in target
    return target if is_own else url_for(".show", product_id=product_id)
