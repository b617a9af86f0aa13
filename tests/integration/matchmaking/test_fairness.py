"""Other firms beside a suggestion, and how evenly firms are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.jobs.run import run_one
from app.matchmaking.models import MatchRun
from app.matchmaking.workflow import SuggestionState
from app.outbox.service import enqueue
from tests.factories.accounts import officer
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct

    Get = Callable[..., str]


@pytest.fixture
def desk(session: Session, client: FlaskClient, login: Callable[..., FlaskClient]) -> FlaskClient:
    """The browser of an officer who reads English."""
    return login(client, officer(locale="en"))


def recomputed(app: Flask, session: Session) -> dict[str, Any]:
    """Compute everything and return the figures of the run."""
    job_id = enqueue(session, "matching.recompute", now=NOON, payload={})
    session.commit()
    assert run_one(app, worker="test", job_id=job_id)
    session.expire_all()
    figures: dict[str, Any] = session.query(MatchRun).one().figures
    return figures


@pytest.mark.usefixtures("desk")
def test_the_other_firms_of_the_need_stand_below_by_place(session: Session, page: Get) -> None:
    shown = SuggestionFactory(rank=2)
    third = SuggestionFactory(need=shown.need, rank=3)
    first = SuggestionFactory(need=shown.need, rank=1)

    with count_queries() as statements:
        text = page(f"/desk/pairings/{shown.id}")

    others = text.split('id="others"')[1]
    assert 0 < others.index(f"/desk/pairings/{first.id}") < others.index(f"/desk/pairings/{third.id}")
    assert len(statements) <= 12


@pytest.mark.usefixtures("desk")
def test_withdrawn_firms_and_other_needs_are_left_out(session: Session, page: Get) -> None:
    shown = SuggestionFactory()
    SuggestionFactory(need=shown.need, rank=2, state=SuggestionState.WITHDRAWN)
    SuggestionFactory()

    assert "The model proposes no other firm for this need." in page(f"/desk/pairings/{shown.id}")


def test_a_computation_keeps_how_evenly_firms_are_shown(
    app: Flask, session: Session, catalogue: dict[str, ChipProduct]
) -> None:
    NeedFactory()

    fairness = recomputed(app, session)["fairness"]

    assert fairness["n_firms"] == len(catalogue)
    assert 0 <= fairness["gini"] <= 1
    assert fairness["curve"][-1]["share"] == 1.0


@pytest.mark.usefixtures("catalogue")
def test_without_needs_there_is_nothing_to_tell(app: Flask, session: Session) -> None:
    assert recomputed(app, session) == {"fairness": {}}


@pytest.mark.usefixtures("catalogue", "desk")
def test_the_model_page_shows_what_a_cap_would_cost(app: Flask, session: Session, page: Get) -> None:
    NeedFactory()
    recomputed(app, session)

    with count_queries() as statements:
        text = page("/desk/model/")

    assert "How evenly firms are shown" in text
    assert "without a cap" in text
    assert len(statements) <= 12
