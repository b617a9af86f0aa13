"""What people decided teaches the model, which adopts it only when it would have ranked better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core.actor import SYSTEM, Actor
from app.jobs import ranker as job
from app.jobs.run import run_one
from app.matchmaking import engine, service
from app.matchmaking.judgements import Judgement, judgements
from app.matchmaking.models import RankerProposal
from app.matchmaking.queries.model import ranker_of
from app.matchmaking.workflow import PairingState, RankerOutcome, SuggestionState
from app.outbox.models import Job, JobState
from matching.learn import Group
from matching.rank import FEATURES, Ranker
from matching.refit import try_weights
from tests.factories.accounts import officer
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.matchmaking.models import Suggestion

    Catalogue = dict[str, ChipProduct]

TITLE = FEATURES.index("title")
APPROVED = {"state": SuggestionState.APPROVED, "decided_at": NOON}


def rejected(reason: str) -> dict[str, object]:
    return {"state": SuggestionState.REJECTED, "decided_at": NOON, "reason_code": reason}


def approved(**pairing: object) -> Suggestion:
    """Return an approved suggestion with its pairing."""
    suggestion = SuggestionFactory(**APPROVED)
    PairingFactory(
        suggestion_id=suggestion.id, need=suggestion.need, product=suggestion.product,
        supplier=suggestion.supplier, **pairing,
    )  # fmt: skip
    return suggestion


def grades(session: Session) -> list[int]:
    return [one.grade for one in judgements(session)]


def judged(n: int = 40, telling: int = TITLE) -> list[Group]:
    """Return needs whose introduced product has the title, while a refused one has more shared words."""
    features = np.random.default_rng(0).random((n, 4, len(FEATURES))) * 0.1
    features[:, 0, telling] += 3.0
    features[:, 1, FEATURES.index("words")] += 2.0
    return [Group(own, np.array([3.0, 0.0, 0.0, 1.0])) for own in features]


@pytest.mark.parametrize(
    ("pairing", "grade"),
    [
        ({}, 1),
        ({"demand_accepted_at": NOON}, 2),
        ({"introduced": True}, 3),
        ({"state": PairingState.DECLINED, "decline_reason": "param_gap"}, 0),
        ({"state": PairingState.DECLINED, "decline_reason": "price"}, 1),
    ],
)
def test_an_approved_pairing_counts_by_how_far_it_came(session: Session, pairing: dict, grade: int) -> None:
    suggestion = approved(**pairing)

    assert judgements(session) == [Judgement(suggestion.need_id, suggestion.product_id, grade)]


@pytest.mark.parametrize("reason", ["wrong_category", "param_gap"])
def test_a_refusal_of_the_pairing_itself_counts_nothing(session: Session, reason: str) -> None:
    SuggestionFactory(**rejected(reason))

    assert grades(session) == [0]


@pytest.mark.parametrize("reason", ["immature", "supply", "thin_evidence", "already_known", "conflict", "other"])
def test_a_refusal_for_another_reason_says_nothing(session: Session, reason: str) -> None:
    SuggestionFactory(**rejected(reason))

    assert grades(session) == []


def test_what_waits_says_nothing(session: Session) -> None:
    SuggestionFactory()

    assert grades(session) == []


def test_judged_pairs_get_the_features_they_are_ranked_by(
    session: Session, catalogue: Catalogue, model_dir: Path
) -> None:
    need = NeedFactory()
    SuggestionFactory(need=need, product=catalogue["monitor"], **APPROVED)
    SuggestionFactory(need=need, product=catalogue["driver"], **rejected("wrong_category"))

    [group] = service.judged_groups(session, engine.current_matcher(session, model_dir))

    assert group.features.shape == (2, len(FEATURES))
    assert sorted(group.grades) == [0, 1]
    assert group.grades[0] == 1


def test_judgements_of_products_that_are_gone_are_left_out(
    session: Session, catalogue: Catalogue, model_dir: Path
) -> None:
    SuggestionFactory(**APPROVED)

    matcher = engine.current_matcher(session, model_dir)
    matcher.remove([str(one.product_id) for one in judgements(session)])

    assert service.judged_groups(session, matcher) == []


def store(session: Session, groups: list[Group]) -> RankerProposal:
    before = Ranker.default()
    trial = service.propose_ranker(groups, before)
    return service.store_proposal(session, actor=SYSTEM, before=before, groups=groups, trial=trial, now=NOON)


def test_too_few_needs_teach_nothing(session: Session) -> None:
    proposal = store(session, judged(29))
    session.commit()

    assert (proposal.outcome, proposal.is_adopted, proposal.gain) == (RankerOutcome.TOO_FEW, False, None)
    assert service.ranker_for(session) == Ranker.default()


def test_better_weights_are_adopted_and_everything_is_computed_with_them(session: Session) -> None:
    proposal = store(session, judged())
    session.commit()

    assert (proposal.outcome, proposal.is_adopted) == (RankerOutcome.BETTER, True)
    assert proposal.gain_low > 0
    assert service.ranker_for(session).version == proposal.version != Ranker.default().version
    assert session.scalars(select(Job.kind)).all() == ["matching.recompute"]
    assert session.scalars(select(AuditEvent.action)).all() == ["ranker.adopt"]


def test_weights_that_are_no_better_stay_a_proposal(session: Session) -> None:
    generator = np.random.default_rng(3)
    noise = [Group(generator.random((5, len(FEATURES))), generator.permutation([0.0, 0, 0, 1, 1])) for _ in range(40)]

    proposal = store(session, noise)
    session.commit()

    assert (proposal.outcome, proposal.is_adopted) == (RankerOutcome.NOT_BETTER, False)
    assert proposal.gain_low <= 0
    assert service.ranker_for(session) == Ranker.default()
    assert session.scalars(select(Job.kind)).all() == []
    assert session.scalars(select(AuditEvent.action)).all() == ["ranker.propose"]


def test_adopted_weights_are_set_aside_when_the_engine_ships_others(session: Session) -> None:
    proposal = store(session, judged())
    proposal.shipped_version = "older"
    session.commit()

    assert service.ranker_for(session) == Ranker.default()


@pytest.mark.usefixtures("catalogue")
def test_the_fitted_model_ranks_with_the_adopted_weights(session: Session, model_dir: Path) -> None:
    before = engine.current_matcher(session, model_dir)
    proposal = store(session, judged())
    session.commit()

    after = engine.refit(session, model_dir)
    engine._loaded.clear()

    assert ranker_of(after.version) == proposal.version != ranker_of(before.version)
    assert engine.current_matcher(session, model_dir).version == after.version


@pytest.mark.usefixtures("catalogue")
def test_the_portal_itself_does_not_try_again_before_anything_new_was_judged(app: Flask, session: Session) -> None:
    with app.app_context():
        assert job.refit_ranker() is None
    assert session.query(RankerProposal).count() == 0


@pytest.mark.usefixtures("catalogue")
def test_a_person_who_asks_gets_an_answer(app: Flask, session: Session) -> None:
    authority = officer()

    with app.app_context():
        proposal = job.refit_ranker(actor=Actor(user_id=authority.id))

    assert proposal is not None
    assert (proposal.outcome, proposal.requested_by) == (RankerOutcome.TOO_FEW, authority.id)


def test_an_officer_asks_on_the_page_of_the_model(
    app: Flask,
    client: FlaskClient,
    session: Session,
    catalogue: Catalogue,
    login: Callable[..., FlaskClient],
) -> None:
    desk = login(client, officer(locale="en"))

    answer = desk.post("/desk/model/learn")

    queued = session.scalars(select(Job)).one()
    assert (answer.status_code, queued.kind) == (303, "matching.refit_ranker")
    assert run_one(app, worker="test", job_id=queued.id)
    session.expire_all()
    assert session.get_one(Job, queued.id).state is JobState.DONE
    assert session.query(RankerProposal).one().outcome is RankerOutcome.TOO_FEW


def test_the_page_shows_weights_gain_and_calibration(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    store(session, judged())
    SuggestionFactory(**APPROVED)
    session.commit()
    desk = login(client, officer(locale="en"))

    with count_queries() as counted:
        page = desk.get("/desk/model/").get_data(as_text=True)

    assert len(counted) <= 12
    assert "Adopted: better on needs it had not seen" in page
    assert "Weights side by side" in page
    assert 'class="reliability"' in page
    assert "style=" not in page


def test_learning_twice_from_the_same_judgements_finds_the_same() -> None:
    assert try_weights(judged(), Ranker.default()).ranker == try_weights(judged(), Ranker.default()).ranker
