"""Asking, answering and following, from the page to the row."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.challenges.models import Challenge
from app.clarifications import service
from app.clarifications.askers import asker_tag
from app.clarifications.commands import AnswerQuestion, MergeQuestion
from app.clarifications.models import ChallengeFollow, Question
from app.clarifications.workflow import QuestionState
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.clarifications import QuestionFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

TEXT = "均衡电流150mA是否要求所有通道同时开启?"
DAY = dt.timedelta(days=1)


def firm() -> Any:
    return UserFactory(organization=OrganizationFactory(chip=True))


def owner_of(challenge: Challenge, **attributes: Any) -> Any:
    return UserFactory(organization=challenge.organization, **attributes)


def ask(session: Session, user: Any, challenge: Challenge, text: str = TEXT) -> Question:
    return service.ask_question(session, actor=user.as_actor(), challenge_id=challenge.id, text=text, now=NOON)


def test_a_question_gets_the_next_number_and_an_answer_date(session: Session) -> None:
    challenge = ChallengeFactory()

    numbers = [ask(session, firm(), challenge).number, ask(session, firm(), challenge).number]

    assert numbers == [1, 2]


def test_nothing_stored_tells_who_asked(session: Session) -> None:
    asker, challenge = firm(), ChallengeFactory()

    question = ask(session, asker, challenge)

    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "question.ask")).one()
    assert (event.actor_id, event.organization_id) == (None, None)
    assert str(asker.id).replace("-", "") not in question.asker_tag


def test_the_owner_does_not_ask_itself(session: Session) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(NotAllowed):
        ask(session, owner_of(challenge), challenge)


def test_questions_end_before_the_deadline_of_bids(session: Session) -> None:
    challenge = ChallengeFactory(question_deadline_at=NOON)

    with pytest.raises(RuleViolation, match="no longer taken"):
        ask(session, firm(), challenge)


@pytest.mark.parametrize("state", [PostingState.DRAFT, PostingState.SUBMITTED, PostingState.CANCELLED])
def test_nobody_asks_about_what_takes_no_bids(session: Session, state: PostingState) -> None:
    challenge = ChallengeFactory(state=state)

    with pytest.raises(NotFound):
        ask(session, firm(), challenge)


@pytest.mark.parametrize("text", ["短", "长" * 1001])
def test_a_question_has_a_sensible_length(session: Session, text: str) -> None:
    challenge = ChallengeFactory()

    with pytest.raises(RuleViolation, match="1,000 characters"):
        ask(session, firm(), challenge, text)


def test_one_person_has_at_most_ten_questions_waiting(session: Session) -> None:
    asker, challenge = firm(), ChallengeFactory()
    tag = asker_tag(challenge.id, asker.id)
    QuestionFactory.create_batch(10, challenge=challenge, asker_tag=tag)

    with pytest.raises(RuleViolation, match="Ten of your questions"):
        ask(session, asker, challenge)


def answer(session: Session, question: Question, user: Any, **changes: Any) -> Question:
    command = AnswerQuestion(text="是，所有通道同时开启。", **changes)
    return service.answer_question(session, actor=user.as_actor(), question_id=question.id, command=command, now=NOON)


def test_the_owner_answers_for_everybody(session: Session) -> None:
    question = QuestionFactory()

    answer(session, question, owner_of(question.challenge), alters_requirement=True)

    assert (question.state, question.answered_at, question.alters_requirement) == (QuestionState.ANSWERED, NOON, True)


def test_nobody_else_answers(session: Session) -> None:
    question = QuestionFactory()

    with pytest.raises(NotFound):
        answer(session, question, firm())


def test_a_question_is_answered_once(session: Session) -> None:
    question = QuestionFactory(answered=True)

    with pytest.raises(Conflict):
        answer(session, question, owner_of(question.challenge))


def test_the_last_answer_leaves_bidders_time_to_use_it(session: Session) -> None:
    question = QuestionFactory(challenge__bid_deadline_at=NOON + 5 * DAY, challenge__question_deadline_at=NOON - DAY)

    with pytest.raises(RuleViolation, match="too late to answer"):
        answer(session, question, owner_of(question.challenge))


def test_a_question_asked_before_is_merged_into_the_answered_one(session: Session) -> None:
    first = QuestionFactory(answered=True)
    second = QuestionFactory(challenge=first.challenge)

    service.merge_question(
        session,
        actor=owner_of(first.challenge).as_actor(),
        question_id=second.id,
        command=MergeQuestion(first.id),
        now=NOON,
    )

    assert (second.state, second.merged_into_id) == (QuestionState.MERGED, first.id)


def test_a_question_is_not_merged_into_one_of_another_challenge(session: Session) -> None:
    question, other = QuestionFactory(), QuestionFactory(answered=True)

    with pytest.raises(RuleViolation, match="answered question of this challenge"):
        service.merge_question(
            session,
            actor=owner_of(question.challenge).as_actor(),
            question_id=question.id,
            command=MergeQuestion(other.id),
            now=NOON,
        )


def test_only_the_asker_takes_a_question_back(session: Session) -> None:
    asker, challenge = firm(), ChallengeFactory()
    question = ask(session, asker, challenge)

    with pytest.raises(NotFound):
        service.withdraw_question(session, actor=firm().as_actor(), question_id=question.id, now=NOON)
    service.withdraw_question(session, actor=asker.as_actor(), question_id=question.id, now=NOON)

    assert question.state is QuestionState.WITHDRAWN


def test_following_twice_is_following_once(session: Session) -> None:
    follower, challenge = firm(), ChallengeFactory()

    service.follow(session, actor=follower.as_actor(), challenge_id=challenge.id, now=NOON)
    service.follow(session, actor=follower.as_actor(), challenge_id=challenge.id, now=NOON)

    assert session.scalar(sa.select(sa.func.count()).select_from(ChallengeFollow)) == 1


def test_the_page_shows_answers_to_everybody_and_waiting_questions_to_nobody_else(
    client: FlaskClient, page: Any
) -> None:
    question = QuestionFactory(answered=True)
    QuestionFactory(challenge=question.challenge, text="这条问题还没有答复，只有提问人能看到。")

    text = page(f"/challenges/{question.challenge_id}/questions/")

    assert question.answer in text
    assert "这条问题还没有答复" not in text


def test_what_is_refused_is_refused_before_everybody(client: FlaskClient, page: Any, session: Session) -> None:
    question = QuestionFactory()
    service.decline_question(
        session,
        actor=owner_of(question.challenge).as_actor(),
        question_id=question.id,
        text="涉及发榜方商业秘密，不予答复。",
        now=NOON,
    )
    session.commit()

    assert "涉及发榜方商业秘密" in page(f"/challenges/{question.challenge_id}/questions/")


def test_a_question_is_asked_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = ChallengeFactory()

    response = login(client, firm()).post(f"/challenges/{challenge.id}/questions/", data={"text": TEXT})

    assert response.status_code == 303
    assert session.scalar(sa.select(Question.text)) == TEXT


def test_an_answered_question_that_asks_the_same_is_shown_before_asking(
    client: FlaskClient, login: Any, session: Session
) -> None:
    known = QuestionFactory(answered=True)
    url, data = f"/challenges/{known.challenge_id}/questions/", {"text": "休眠电流指标20微安是否包含均衡电路漏电流?"}
    login(client, firm())

    shown = client.post(url, data=data)
    asked = client.post(url, data=data | {"confirmed": data["text"]})

    assert known.answer in shown.text
    assert (shown.status_code, asked.status_code) == (200, 303)


def test_what_was_typed_stays_when_it_is_refused(client: FlaskClient, login: Any) -> None:
    challenge = ChallengeFactory()

    response = login(client, firm()).post(f"/challenges/{challenge.id}/questions/", data={"text": "太短了"})

    assert response.status_code == 422
    assert "太短了" in response.text


def test_the_owner_answers_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    question = QuestionFactory()
    login(client, owner_of(question.challenge))
    url = f"/workspace/challenges/{question.challenge_id}/questions/"

    response = client.post(f"{url}{question.id}/answer", data={f"{question.id}-text": "包含。"})

    session.refresh(question)
    assert response.status_code == 303
    assert question.answer == "包含。"


def test_after_the_last_day_of_answers_the_page_offers_a_refusal_and_says_why(client: FlaskClient, login: Any) -> None:
    challenge = ChallengeFactory(bid_deadline_at=NOON + 4 * DAY, question_deadline_at=NOON - DAY)
    QuestionFactory(challenge=challenge, text=TEXT)
    login(client, owner_of(challenge, locale="en"))

    page = client.get(f"/workspace/challenges/{challenge.id}/questions/").get_data(as_text=True)

    assert "The last day of answers has passed" in page
    assert "Answer for everybody" not in page
    assert "Why you do not answer" in page


def test_an_answer_to_what_was_answered_meanwhile_keeps_what_was_typed(client: FlaskClient, login: Any) -> None:
    waiting = QuestionFactory()
    answered = QuestionFactory(challenge=waiting.challenge, answered=True)
    login(client, owner_of(waiting.challenge))
    url = f"/workspace/challenges/{waiting.challenge_id}/questions/{answered.id}/answer"

    response = client.post(url, data={f"{answered.id}-text": "另一个答复。"})

    assert response.status_code == 409


def test_a_follower_follows_and_leaves_on_the_page(client: FlaskClient, login: Any, session: Session) -> None:
    challenge = ChallengeFactory()
    login(client, firm())

    client.post(f"/challenges/{challenge.id}/follow")
    followed = session.scalar(sa.select(sa.func.count()).select_from(ChallengeFollow))
    client.post(f"/challenges/{challenge.id}/unfollow")

    assert followed == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(ChallengeFollow)) == 0
