"""The authority's queue of needs and challenges."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.challenges import service as challenges
from app.challenges.models import Challenge
from app.core.errors import Conflict, NotAllowed
from app.demands import service as demands
from app.demands.commands import ReviewPosting
from app.demands.models import Need, NeedCategory
from app.demands.queries import desk
from app.demands.queries.desk import QueueFilter
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.keys import three_keys
from tests.support.clock import NOON
from tests.support.queries import count_queries
from tests.support.racing import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/desk/postings/"
OPINION = {"opinion": "需求真实，指标可测。"}


def waiting(days: int = 0, **values: Any) -> Need:
    """Return a need that was handed in so many days before now."""
    need: Need = NeedFactory(submitted=True, submitted_at=NOON - dt.timedelta(days=days), **values)
    return need


@pytest.fixture
def desk_client(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> FlaskClient:
    """An officer's browser."""
    return login(client, officer(locale="en"))


def stored(session: Session, posting: Need) -> Need:
    session.expire_all()
    return session.scalars(select(Need).where(Need.id == posting.id)).one()


def queued(session: Session, **wanted: str) -> list[uuid.UUID]:
    page = desk.queue(session, actor=officer().as_actor(), wanted=QueueFilter(**wanted), page=1)
    return [row.id for row in page.items]


def test_what_waits_longest_comes_first(session: Session) -> None:
    new, old, challenge = waiting(1), waiting(9), ChallengeFactory(submitted=True)
    NeedFactory()
    NeedFactory(draft=True)

    assert queued(session) == [old.id, challenge.id, new.id]


def test_the_queue_is_narrowed(session: Session) -> None:
    foshan = OrganizationFactory(terminal=True, city_code="440600", legal_name_zh="佛山某某电器有限公司")
    need = waiting(organization=foshan, title="Motor driver of the fan", categories=[NeedCategory(code="C0501")])
    other, challenge = waiting(3), ChallengeFactory(submitted=True)

    assert queued(session, kind="challenge") == [challenge.id]
    assert queued(session, kind="need") == [other.id, need.id]
    assert queued(session, city="440600") == [need.id]
    assert queued(session, category="C05") == [need.id]
    assert queued(session, text="某某电器") == [need.id]
    assert queued(session, text="motor DRIVER") == [need.id]
    assert queued(session, text="100%_") == []


def test_every_row_has_a_clock_of_five_working_days(session: Session) -> None:
    need = waiting(2)

    row = desk.queue(session, actor=officer().as_actor(), wanted=QueueFilter(), page=1).items[0]

    assert row.due_at == review_due(need.submitted_at)  # type: ignore[arg-type]


def test_the_queue_is_closed_to_companies(session: Session) -> None:
    member = UserFactory(organization=OrganizationFactory())

    with pytest.raises(NotAllowed):
        desk.queue(session, actor=member.as_actor(), wanted=QueueFilter(), page=1)


def test_the_next_posting_is_the_one_behind_and_after_the_last_the_first(session: Session) -> None:
    first, second, third = waiting(9), waiting(5), waiting(1)

    assert desk.next_waiting(session, after=first.id) == second.id
    assert desk.next_waiting(session, after=third.id) == first.id


def test_the_only_posting_has_none_behind_it(session: Session) -> None:
    assert desk.next_waiting(session, after=waiting().id) is None


def test_a_decided_posting_is_followed_by_the_one_behind_it(session: Session) -> None:
    waiting(9)
    decided, behind = NeedFactory(submitted_at=NOON - dt.timedelta(days=5)), waiting(1)

    assert desk.next_waiting(session, after=decided.id) == behind.id


def test_the_list_links_to_what_waits(desk_client: FlaskClient) -> None:
    late, fresh = waiting(30), waiting(1)

    page = desk_client.get(URL).text

    assert page.index(str(late.id)) < page.index(str(fresh.id))
    assert page.count("overdue") == 1


def test_an_empty_queue_says_what_comes_here(desk_client: FlaskClient) -> None:
    assert "Nothing waits" in desk_client.get(URL).text


@pytest.mark.parametrize("query", ["?kind=bid", "?city=<b>", "?category=%27", "?q=" + "长" * 500, "?page=999999"])
def test_a_strange_address_shows_the_queue(desk_client: FlaskClient, query: str) -> None:
    waiting()

    assert desk_client.get(URL + query).status_code == 200


@pytest.mark.parametrize("make", [lambda: waiting(pin_compat_with="KM7818A"),
                                  lambda: ChallengeFactory(submitted=True, pin_compat_with="KM7818A")])  # fmt: skip
def test_the_authority_reads_everything(desk_client: FlaskClient, make: Callable[[], Need]) -> None:
    posting = make()

    with count_queries() as statements:
        page = desk_client.get(f"{URL}{posting.id}")

    assert page.status_code == 200
    assert "KM7818A" in page.text
    assert 'name="opinion"' in page.text
    assert len(statements) <= 12


def test_the_list_asks_the_database_at_most_twelve_times(desk_client: FlaskClient) -> None:
    NeedFactory.create_batch(30, submitted=True)
    ChallengeFactory(submitted=True)

    with count_queries() as statements:
        desk_client.get(URL)

    assert len(statements) <= 12


def test_publishing_leads_to_the_next_posting(desk_client: FlaskClient, session: Session) -> None:
    need, behind = waiting(5), waiting(1)

    answer = desk_client.post(f"{URL}{need.id}/publish", data=OPINION)

    assert (answer.status_code, answer.location) == (303, f"{URL}{behind.id}")
    assert stored(session, need).state is PostingState.PUBLISHED


def test_after_the_last_posting_the_queue_is_shown(desk_client: FlaskClient) -> None:
    assert desk_client.post(f"{URL}{waiting().id}/return", data=OPINION).location == URL


def test_a_challenge_gets_its_number_when_it_is_published(desk_client: FlaskClient, session: Session) -> None:
    three_keys()
    challenge = ChallengeFactory(submitted=True)

    desk_client.post(f"{URL}{challenge.id}/publish", data=OPINION)

    session.expire_all()
    published = session.scalars(select(Challenge)).one()
    assert published.state is PostingState.PUBLISHED
    assert published.code == "CH2026-001"


def test_a_challenge_with_too_little_time_is_not_published(desk_client: FlaskClient, session: Session) -> None:
    challenge = ChallengeFactory(
        submitted=True, question_deadline_at=NOON + dt.timedelta(days=3), bid_deadline_at=NOON + dt.timedelta(days=19)
    )

    answer = desk_client.post(f"{URL}{challenge.id}/publish", data=OPINION)

    assert answer.status_code == 422
    assert "Bidders have less time than the programme guarantees them" in answer.text
    assert "需求真实，指标可测。" in answer.text
    assert stored(session, challenge).state is PostingState.SUBMITTED


@pytest.mark.parametrize("event", ["publish", "return"])
@pytest.mark.parametrize("opinion", ["", "   ", "长" * 1001])
def test_a_decision_needs_an_opinion(desk_client: FlaskClient, session: Session, event: str, opinion: str) -> None:
    need = waiting()

    answer = desk_client.post(f"{URL}{need.id}/{event}", data={"opinion": opinion})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert stored(session, need).state is PostingState.SUBMITTED


def test_the_second_of_two_officers_learns_it_and_keeps_what_was_typed(
    desk_client: FlaskClient, session: Session
) -> None:
    need = waiting()
    desk_client.post(f"{URL}{need.id}/return", data=OPINION)

    answer = desk_client.post(f"{URL}{need.id}/publish", data={"opinion": "我认为可以发布。"})

    assert answer.status_code == 409
    assert "This item has moved on." in answer.text
    assert "我认为可以发布。" in answer.text
    assert stored(session, need).review_opinion == OPINION["opinion"]


def test_a_text_that_was_handed_in_again_must_be_read_again(desk_client: FlaskClient, session: Session) -> None:
    need = waiting()
    version = need.version
    need.title, need.updated_at = "换了内容的采样芯片需求", NOON
    session.commit()

    answer = desk_client.post(f"{URL}{need.id}/publish", data={**OPINION, "version": version})

    assert answer.status_code == 409
    assert "This posting has changed since you opened it." in answer.text
    assert "需求真实，指标可测。" in answer.text
    assert f'value="{need.version}"' in answer.text
    assert stored(session, need).state is PostingState.SUBMITTED


def test_an_operator_reads_and_does_not_decide(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    need = waiting(pin_compat_with="KM7818A")
    login(client, operator(locale="en"))

    page = client.get(f"{URL}{need.id}").text
    refused = client.post(f"{URL}{need.id}/publish", data=OPINION)

    assert "Only the authority publishes or returns postings." in page
    assert 'name="opinion"' not in page
    assert "KM7818A" not in page
    assert refused.status_code == 403
    assert stored(session, need).state is PostingState.SUBMITTED


def test_the_desk_does_not_exist_for_companies(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    need = waiting()
    login(client, UserFactory(organization=need.organization))

    answers = [client.get(URL), client.get(f"{URL}{need.id}"), client.post(f"{URL}{need.id}/publish", data=OPINION)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


@pytest.mark.parametrize("make", [lambda: NeedFactory(draft=True).id, lambda: uuid.UUID(int=9)])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_draft_is_not_at_the_desk(desk_client: FlaskClient, make: Callable[[], uuid.UUID], method: str) -> None:
    tail = {"get": "", "post": "/publish"}[method]

    assert desk_client.open(f"{URL}{make()}{tail}", method=method, data=OPINION).status_code == 404


def test_a_script_in_a_posting_is_text(desk_client: FlaskClient) -> None:
    script = "<script>alert(1)</script>"
    need = waiting(title=script, use_description=script, review_opinion=script)

    pages = [desk_client.get(URL).text, desk_client.get(f"{URL}{need.id}").text]

    assert [script in page for page in pages] == [False, False]


@pytest.mark.parametrize(("locale", "words"), [("zh_Hans_CN", "需求与榜单审核"), ("en", "Review of postings")])
def test_the_queue_speaks_both_languages(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient], locale: str, words: str
) -> None:
    assert words in login(client, officer(locale=locale)).get(URL).text


@pytest.mark.real_clock
def test_of_two_officers_who_decide_a_challenge_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second, challenge = officer().as_actor(), officer().as_actor(), ChallengeFactory(submitted=True)
    opinion = ReviewPosting("可以发布。")
    three_keys()

    refused = at_once(
        own_app,
        lambda s: challenges.publish_challenge(s, actor=first, challenge_id=challenge.id, command=opinion, now=NOON),
        lambda s: challenges.return_challenge(s, actor=second, challenge_id=challenge.id, command=opinion, now=NOON),
    )

    assert [type(one) for one in refused if one] == [Conflict]


@pytest.mark.real_clock
def test_an_officer_and_a_revising_company_do_not_pass_each_other(own_app: Flask, own_session: Session) -> None:
    need, authority = NeedFactory(submitted=True), officer().as_actor()
    writer = UserFactory(organization=need.organization).as_actor()
    read = ReviewPosting("可以发布。", version=need.version)

    at_once(
        own_app,
        lambda s: demands.publish_need(s, actor=authority, need_id=need.id, command=read, now=NOON),
        lambda s: demands.cancel_need(s, actor=writer, need_id=need.id, now=NOON),
    )

    own_session.refresh(need)
    assert need.state is PostingState.CANCELLED
