"""The working-day calendar at the desk: the year's special days, and new ones."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.challenges import policy, service, working_days
from app.challenges.calendar_forms import WorkingDayForm
from app.challenges.queries import calendar as queries
from app.challenges.service.calendar import FIRST_YEAR, LAST_YEAR
from app.core import clock
from app.core.errors import NotFound, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_calendar", __name__, url_prefix="/desk/calendar")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the special days of a year."""
    return _page(WorkingDayForm(formdata=None))


@bp.post("/")
def add() -> ResponseReturnValue:
    """Say whether offices work on a day."""
    form = WorkingDayForm()
    policy.can_edit_calendar(current_actor()).enforce()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                row = service.set_working_day(session, actor=current_actor(), now=clock.now(), **form.values())
                year = row.day.year
        except RuleViolation as error:
            form.show(error)
        else:
            working_days.forget()
            flash(_("Saved. Terms that are worked out from now on count with it."), "success")
            return redirect(url_for(".list", year=year), 303)
    return _page(form), 422


@bp.post("/<day>/clear")
def clear(day: str) -> ResponseReturnValue:
    """Let a day follow the shipped calendar again."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("There is no such day.", code="day_not_found") from error
    with transaction() as session:
        service.clear_working_day(session, actor=current_actor(), day=date)
    working_days.forget()
    flash(_("Removed. The day follows the shipped calendar again."), "success")
    return redirect(url_for(".list", year=date.year), 303)


def _page(form: WorkingDayForm) -> str:
    session, year = current_session(), request.args.get("year", clock.today().year, int)
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    known = queries.known_years(session)
    return render_template(
        "desk/calendar.html",
        form=form,
        year=year,
        years=sorted({*known, year, clock.today().year, clock.today().year + 1}),
        is_known=year in known,
        days=queries.special_days(session, year=year),
        decision=policy.can_edit_calendar(current_actor()),
        weekday=weekday,
    )


def weekday(day: dt.date) -> str:
    """Return a day with the day of its week."""
    return format_date(day, "yyyy-MM-dd EEEE")
