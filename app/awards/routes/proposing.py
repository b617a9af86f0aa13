"""Proposing an award: the same form in the workspace of the challenge owner and at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.current import current_actor
from app.awards import policy, service
from app.awards.forms import ProposeForm
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import transaction
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from app.awards.queries.views import AwardPage


def may_propose(page: AwardPage) -> bool:
    """Return whether the reader can propose now: it is the reader's turn and the review is finished."""
    there = page.competition
    decision = policy.can_propose(current_actor(), owner_id=there.owner_id, mode=there.mode)
    is_time = there.state is PostingState.EVALUATING and bool(page.ranking) and page.open_proposal is None
    return bool(decision) and is_time


def empty_form(page: AwardPage) -> ProposeForm | None:
    """Return the form as the ranking suggests to fill it; None when the reader cannot propose now."""
    if not may_propose(page):
        return None
    form = ProposeForm(formdata=None)
    form.begin(page.ranking, award_count=page.competition.award_count)
    return form


def take(page: AwardPage, form: ProposeForm) -> int:
    """Propose what was sent; return 303 when it is done, else the status of the page that shows the form again."""
    if not form.validate_on_submit():
        return 422
    try:
        with transaction() as session:
            service.propose_award(
                session,
                actor=current_actor(),
                challenge_id=page.competition.id,
                command=form.to_command(),
                now=clock.now(),
            )
    except RuleViolation as error:
        form.show(error)
        return 422
    except Conflict as error:
        form.show(error)
        return 409
    return 303
