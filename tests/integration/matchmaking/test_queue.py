"""The authority's queue of suggestions: filters, order, neighbours."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.core.errors import NotAllowed, NotFound
from app.matchmaking.queries import calibration
from app.matchmaking.queries import queue as queries
from app.matchmaking.workflow import SuggestionState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.models import Suggestion


@pytest.fixture
def authority(session: Session) -> Actor:
    """An officer."""
    return officer().as_actor()


@pytest.fixture
def audio(session: Session) -> Suggestion:
    """A suggestion of another kind beside the battery monitors."""
    SuggestionFactory(score=0.9)
    other: Suggestion = SuggestionFactory(
        score=0.4,
        need__title="会议平板音响数字功放",
        need__terminal_category="T0305",
        product__category="C1502",
        product__part_number="TCG8825",
        product__organization=OrganizationFactory(city_code="440100", legal_name_zh="广州听潮阁芯片有限公司"),
        n_musts_met=0,
        n_musts_unknown=0,
        n_musts_violated=2,
    )
    return other


def found(session: Session, actor: Actor, **wanted: Any) -> list[Any]:
    page = queries.queue(session, actor=actor, wanted=queries.QueueFilter(**wanted), page=1)
    return [row.id for row in page.items]


@pytest.mark.parametrize(
    "wanted",
    [
        {"category": "C15"},
        {"terminal": "T03"},
        {"city": "440100"},
        {"fit": "violated"},
        {"text": "功放"},
        {"text": "听潮阁"},
        {"text": "tcg88"},
    ],
)
def test_the_queue_is_narrowed(session: Session, authority: Actor, audio: Suggestion, wanted: dict[str, Any]) -> None:
    assert found(session, authority, **wanted) == [audio.id]


def test_the_queue_is_narrowed_to_one_need(session: Session, authority: Actor, audio: Suggestion) -> None:
    assert found(session, authority, need_id=audio.need_id) == [audio.id]


@pytest.mark.parametrize("wanted", [{"text": "%"}, {"text": "_"}, {"category": "C15_"}])
def test_wildcards_are_plain_characters(
    session: Session, authority: Actor, audio: Suggestion, wanted: dict[str, Any]
) -> None:
    assert found(session, authority, **wanted) == []


@pytest.mark.parametrize(
    ("fit", "counts"),
    [
        ("met", {"n_musts_met": 2, "n_musts_unknown": 0}),
        ("unknown", {"n_musts_met": 1, "n_musts_unknown": 1}),
        ("violated", {"n_musts_met": 0, "n_musts_unknown": 1, "n_musts_violated": 1}),
    ],
)
def test_each_suggestion_fits_in_one_way(session: Session, authority: Actor, fit: str, counts: dict[str, int]) -> None:
    suggestion = SuggestionFactory(**counts)

    assert [name for name in queries.FITS if suggestion.id in found(session, authority, fit=name)] == [fit]


def test_the_best_fit_comes_first(session: Session, authority: Actor) -> None:
    low, high = SuggestionFactory(score=0.1), SuggestionFactory(score=0.9)

    assert found(session, authority) == [high.id, low.id]


def test_by_need_its_firms_stand_together(session: Session, authority: Actor) -> None:
    second = SuggestionFactory(need__title="B", rank=2, score=0.9)
    first = SuggestionFactory(need=second.need, rank=1, score=0.95)
    other = SuggestionFactory(need__title="A", score=0.1)

    assert found(session, authority, sort="need") == [other.id, first.id, second.id]


def test_decided_suggestions_have_their_own_list(session: Session, authority: Actor) -> None:
    rejected = SuggestionFactory(state=SuggestionState.REJECTED, decided_at=NOON, reason_code="immature")

    assert found(session, authority) == []
    assert found(session, authority, state=SuggestionState.REJECTED) == [rejected.id]


def test_going_on_visits_every_suggestion_once(session: Session) -> None:
    suggestions = [SuggestionFactory(score=score) for score in (0.5, 0.5, 0.9, 0.5)]
    here, visited = max(suggestions, key=lambda one: one.score), []

    by_id = {one.id: one for one in suggestions}
    for _ in range(3):
        here = by_id[queries.next_waiting(session, after=here)]  # type: ignore[index]
        visited.append(here.id)

    assert set(visited) | {max(suggestions, key=lambda one: one.score).id} == set(by_id)
    assert queries.next_waiting(session, after=here) is None


def test_going_on_from_a_pinned_suggestion_leads_to_the_top_of_the_others(session: Session) -> None:
    top, low = SuggestionFactory(score=0.9), SuggestionFactory(score=0.1)
    pinned = SuggestionFactory(score=0.2, is_pinned=True)

    assert queries.next_waiting(session, after=pinned) == top.id
    assert queries.next_waiting(session, after=top) == low.id
    assert queries.next_waiting(session, after=low) is None


def test_the_queue_takes_few_queries_however_long(session: Session, authority: Actor) -> None:
    _ = [SuggestionFactory() for _ in range(queries.QUEUE_SIZE + 1)]
    session.expunge_all()

    with count_queries() as statements:
        page = queries.queue(session, actor=authority, wanted=queries.QueueFilter(), page=1)

    assert (len(page.items), page.total) == (queries.QUEUE_SIZE, queries.QUEUE_SIZE + 1)
    assert len(statements) <= 4


def test_the_preview_leaves_out_what_was_decided_meanwhile(session: Session, authority: Actor) -> None:
    waiting = SuggestionFactory()
    gone = SuggestionFactory(state=SuggestionState.APPROVED, decided_at=NOON)

    rows = queries.rows_by_id(session, actor=authority, ids=[waiting.id, gone.id])

    assert [row.id for row in rows] == [waiting.id]


def test_the_queue_is_not_for_companies(session: Session) -> None:
    suggestion = SuggestionFactory()
    actor = UserFactory(organization=suggestion.supplier).as_actor()

    with pytest.raises(NotAllowed):
        found(session, actor)
    with pytest.raises(NotAllowed):
        queries.suggestion_for_desk(session, actor=actor, suggestion_id=suggestion.id)


def test_an_unknown_suggestion_is_not_found(session: Session, authority: Actor) -> None:
    with pytest.raises(NotFound):
        queries.suggestion_for_desk(session, actor=authority, suggestion_id=uuid.uuid4())


def test_decisions_and_answers_are_counted_by_score(session: Session) -> None:
    SuggestionFactory(score=1.0, state=SuggestionState.APPROVED, decided_at=NOON)
    SuggestionFactory(score=0.9, state=SuggestionState.REJECTED, decided_at=NOON, reason_code="immature")
    SuggestionFactory(score=0.29)
    PairingFactory(score=0.95, introduced=True)

    with count_queries() as statements:
        bands = calibration.bands(session)

    assert [(band.approved, band.rejected, band.waiting) for band in bands] == [
        (1, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1),
    ]  # fmt: skip
    assert (bands[0].approval, bands[0].acceptance, bands[4].approval) == (0.5, 1.0, None)
    assert len(statements) == 2
