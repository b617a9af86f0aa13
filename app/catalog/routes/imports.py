"""The import wizard: upload, map columns, dry run, take over, get the rest back."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from app.accounts.current import current_actor
from app.catalog import policy, service
from app.catalog.importing import labels, rest
from app.catalog.importing.forms import CommitForm, UploadForm, mapping_form
from app.catalog.importing.source import MAX_BYTES, UnreadableFile
from app.catalog.importing.stored import open_stored, read_stored
from app.catalog.importing.upload import examine
from app.catalog.labels import IMPORT_STATES
from app.catalog.queries import imports as queries
from app.catalog.routes.downloads import attachment
from app.catalog.service.imports import check_mapping
from app.catalog.workflow import IMPORT_WORKFLOW, ImportEvent, ImportState
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.catalog.importing.findings import Finding
    from app.catalog.importing.forms import MappingForm
    from app.catalog.importing.judge import TakeOver
    from app.catalog.importing.survey import Mapping
    from app.catalog.queries.imports import ImportView

bp = Blueprint("product_imports", __name__, url_prefix="/workspace/products/import")
TABS = ("findings", "changes")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the wizard, as the rail shows it."""

    label: str
    status: str
    done_at: None = None
    due_at: None = None
    actor: str = ""
    rule: str = ""


@bp.route("/", methods=["GET", "POST"])
@login_required
def list() -> ResponseReturnValue:
    """Take a file in, and show those taken in before."""
    actor = current_actor()
    decision = policy.can_keep_products(actor)
    if request.method == "POST":
        decision.enforce()
    form = UploadForm()
    if form.validate_on_submit():
        try:
            with closing(form.file.data) as sent:
                upload = examine(sent.filename or "", sent.stream)
            with transaction() as session:
                started = service.start_import(session, actor=actor, upload=upload, now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            return redirect(url_for(".columns", import_id=started.id), 303)
    page = render_template(
        "workspace/imports/list.html",
        form=form,
        imports=queries.recent_imports(current_session(), actor=actor),
        decision=decision,
        states=IMPORT_STATES,
        steps=steps(0),
        max_bytes=MAX_BYTES,
    )
    return page, 422 if form.errors else 200


@bp.route("/<uuid:import_id>/columns", methods=["GET", "POST"])
@login_required
def columns(import_id: uuid.UUID) -> ResponseReturnValue:
    """Say what the columns of the file mean; saying it checks the file."""
    found = _found(import_id)
    if ImportEvent.CHECK not in IMPORT_WORKFLOW.events(found.state):
        return redirect(url_for(".show", import_id=import_id), 303)
    form = mapping_form(found.survey, found.mapping)
    if form.validate_on_submit():
        try:
            _check(found, form.to_mapping())
        except RuleViolation as error:
            form.show(error)
        else:
            return redirect(url_for(".show", import_id=import_id), 303)
    return _columns_page(found, form), 422 if form.errors else 200


def _columns_page(found: ImportView, form: MappingForm) -> str:
    tables = [("products", found.survey.products), ("params", found.survey.params)]
    return render_template(
        "workspace/imports/columns.html",
        found=found,
        form=form,
        tables=[(form.rows_of(name), table) for name, table in tables if table],
        steps=steps(1),
    )


def _check(found: ImportView, mapping: Mapping) -> None:
    """Check a file now, or leave a large one to a job."""
    actor, now = current_actor(), clock.now()
    check_mapping(found.survey, mapping)
    if found.is_large:
        with transaction() as session:
            service.queue_check(session, actor=actor, import_id=found.id, mapping=mapping, now=now)
        return
    firm = queries.own_firm(current_session(), actor=actor)
    try:
        reading = read_stored(found.file, found.survey, mapping, uscc=firm.uscc)
    except UnreadableFile as error:
        raise RuleViolation(error.message, code=error.code) from error
    report = service.judged(current_session(), actor=actor, reading=reading)
    with transaction() as session:
        service.check_import(session, actor=actor, import_id=found.id, mapping=mapping, report=report, now=now)


@bp.get("/<uuid:import_id>")
@login_required
def show(import_id: uuid.UUID) -> ResponseReturnValue:
    """Show where an import stands: the work on it, the dry run, or what was taken over."""
    found = _found(import_id)
    is_busy = found.progress is not None and found.progress.is_open
    if found.state is ImportState.UPLOADED and not is_busy:
        return redirect(url_for(".columns", import_id=import_id), 303)
    return _page(found, CommitForm(formdata=None))


def _page(found: ImportView, form: CommitForm) -> str:
    report, kind = found.report, request.args.get("kind", "")
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS else ("findings" if report.kinds or not report.changes else "changes")
    listed = [one for one in report.findings if kind in ("", one.kind)] if tab == "findings" else report.changes
    return render_template(
        "workspace/imports/show.html",
        found=found,
        report=report,
        form=form,
        tab=tab,
        kind=kind,
        page=queries.page_of(listed, request.args.get("page", 1, int)),
        publication=policy.can_publish(current_actor()),
        decision=policy.can_edit(current_actor(), found.organization_id),
        labels=labels,
        states=IMPORT_STATES,
        steps=steps(4 if found.state is ImportState.COMMITTED else 2),
    )


@bp.post("/<uuid:import_id>/commit")
@login_required
def commit(import_id: uuid.UUID) -> ResponseReturnValue:
    """Take the right rows over into the catalogue."""
    found, form = _found(import_id), CommitForm()
    if not form.validate_on_submit():
        return _page(found, form), 422
    IMPORT_WORKFLOW.step(found.state, ImportEvent.COMMIT)
    try:
        _commit(found, form.to_command())
    except RuleViolation as error:
        form.show(error)
        return _page(found, form), 422
    return redirect(url_for(".show", import_id=import_id), 303)


def _commit(found: ImportView, choice: TakeOver) -> None:
    """Take a file over now, or leave a large one to a job."""
    actor, now = current_actor(), clock.now()
    if found.is_large:
        with transaction() as session:
            service.queue_commit(session, actor=actor, import_id=found.id, choice=choice, now=now)
        return
    firm = queries.own_firm(current_session(), actor=actor)
    reading = read_stored(found.file, found.survey, found.mapping, uscc=firm.uscc)
    with transaction() as session:
        done = service.commit_import(
            session,
            actor=actor,
            import_id=found.id,
            reading=reading,
            mapping=found.mapping,
            choice=choice,
            now=now,
        )
        n_taken = done.n_committed
    flash(ngettext("%(num)s row was taken over.", "%(num)s rows were taken over.", n_taken), "success")


@bp.post("/<uuid:import_id>/discard")
@login_required
def discard(import_id: uuid.UUID) -> ResponseReturnValue:
    """Give an import up."""
    with transaction() as session:
        service.discard_import(session, actor=current_actor(), import_id=import_id)
    flash(_("The import was discarded. Nothing was written."), "success")
    return redirect(url_for(".list"), 303)


@bp.get("/<uuid:import_id>/rest")
@login_required
def rest_file(import_id: uuid.UUID) -> ResponseReturnValue:
    """Hand back the rows that were not taken over, with the reasons, in the format they came in."""
    found = _found(import_id)
    if not found.report.n_rows:
        raise Conflict("The file has not been checked yet.", code="not_checked")
    file = rest.write_rest(open_stored(found.file), found.survey, found.mapping, found.report, told=_told)
    stem = found.filename.rpartition(".")[0] or found.filename
    name = _("%(name)s - rows to correct", name=stem)
    return attachment(file, name, "xlsx" if found.is_workbook else "csv")


def _told(finding: Finding) -> str:
    message = _(finding.message)
    if finding.fix is None:
        return message
    return _("%(message)s Correct would be: %(fix)s", message=message, fix=finding.fix)


def _found(import_id: uuid.UUID) -> ImportView:
    return queries.import_view(current_session(), actor=current_actor(), import_id=import_id)


def steps(current: int) -> tuple[Step, ...]:
    """Return the steps of the wizard; ``current`` counts from 0, and past the end all are done."""
    names = (_("Upload"), _("Map columns"), _("Dry run"), _("Take over"))
    states = ["done" if at < current else "current" if at == current else "upcoming" for at in range(len(names))]
    return tuple(map(Step, names, states))
