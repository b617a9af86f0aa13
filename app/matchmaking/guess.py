"""Which chip categories a text is about: what the form of a need asks while it is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from app.accounts.current import current_actor
from app.core.errors import NotAllowed
from app.db import current_session
from app.demands import names
from app.demands.reading import FIELDS
from app.matchmaking import engine
from app.taxonomy import lists

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("category_guess", __name__, url_prefix="/workspace/category-guess")
MAX_TEXT, MIN_TEXT = 2000, 4
SHOWN = 3
CERTAINTY = ((0.6, _l("very likely")), (0.25, _l("likely")), (0.08, _l("possible")))
"""Words for probabilities from this one up; what is below the last is not shown."""


@bp.post("/")
@login_required
def ask() -> ResponseReturnValue:
    """Answer with a few categories to choose from, as a fragment of a page; keeps nothing."""
    if current_actor().organization_id is None:
        raise NotAllowed("Needs belong to companies. Create your company first.", code="no_organization")
    text = "\n".join(filter(None, (request.form.get(name, "").strip() for name in FIELDS)))[:MAX_TEXT]
    guesses = _guesses(text) if len(text) >= MIN_TEXT else []
    return render_template("matchmaking/guess.html", guesses=guesses, chip=names.chip)


def _guesses(text: str) -> list[tuple[str, object]]:
    """Return (code, how certain in words), likeliest first."""
    matcher = engine.current_matcher(current_session(), current_app.extensions["chipbridge_settings"].model_dir)
    found: dict[str, float] = {}
    for code, probability in matcher.predict_categories(text, SHOWN):
        found.setdefault(lists.chip_categories.current(code), probability)
    return [(code, words) for code, probability in found.items() if (words := certainty(probability)) is not None]


def certainty(probability: float) -> object | None:
    """Return the word for a probability, None when it is not worth a word."""
    return next((words for least, words in CERTAINTY if probability >= least), None)
