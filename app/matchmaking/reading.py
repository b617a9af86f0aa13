"""Which requirements a text states: what the form of a need offers to put into its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask_login import login_required

from app.accounts.current import current_actor
from app.compliance import Asked, name_of, requirement_text
from app.compliance.statements import requirements_in
from app.core.errors import NotAllowed
from app.demands.reading import FIELDS, MAX_TEXT
from app.taxonomy import lists

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("requirement_reading", __name__, url_prefix="/workspace/requirement-reading")
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """One requirement as a row takes it, how it is shown, and the words that state it."""

    asked: Asked
    name: str
    shown: str
    words: str


@bp.post("/")
@login_required
def ask() -> ResponseReturnValue:
    """Answer with the requirements to tick, as a fragment of a page; keeps nothing."""
    if current_actor().organization_id is None:
        raise NotAllowed("Needs belong to companies. Create your company first.", code="no_organization")
    text = "\n".join(filter(None, (request.form.get(name, "").strip() for name in FIELDS)))[:MAX_TEXT]
    codes = [code for code in request.form.getlist("categories") if code in lists.chip_categories]
    return render_template("matchmaking/reading.html", readings=readings(text, codes))


def readings(text: str, categories: list[str]) -> list[Reading]:
    """Return what can be judged of what a text requires, in reading order."""
    return [
        Reading(one.asked, name_of(one.asked), requirement_text(one.asked), one.words)
        for one in requirements_in(text, categories)
    ][:SHOWN]
