"""When questions end, and when answers are due."""

from __future__ import annotations

import datetime as dt

from app.challenges.models import Challenge, Programme
from app.clarifications import rules
from app.clarifications.similar import similar
from app.core.calendar import add_working_days
from tests.support.clock import NOON

DAY = dt.timedelta(days=1)


def challenge(**changes: object) -> Challenge:
    return Challenge(
        bid_deadline_at=NOON + 30 * DAY,
        programme=Programme(question_cutoff_days=10, answer_last_days=5),
        **changes,
    )


def test_questions_end_when_the_challenge_says_so() -> None:
    assert rules.questions_end(challenge(question_deadline_at=NOON + 12 * DAY)) == NOON + 12 * DAY


def test_else_they_end_as_many_days_before_the_deadline_as_the_programme_says() -> None:
    assert rules.questions_end(challenge()) == NOON + 20 * DAY


def test_an_answer_is_due_within_three_working_days() -> None:
    assert rules.answer_by(challenge(), NOON) == add_working_days(NOON, 3)


def test_no_answer_is_due_after_the_last_day_of_answers() -> None:
    assert rules.answer_by(challenge(), NOON + 24 * DAY) == NOON + 25 * DAY


def test_a_question_in_other_words_about_the_same_is_similar() -> None:
    known = {1: "休眠电流20微安是否包含均衡电路的漏电流?", 2: "付款节点可以调整吗?"}

    assert similar("请问休眠电流指标20μA含均衡电路漏电流吗", known) == [1]


def test_a_question_about_something_else_is_not() -> None:
    assert similar("联合体最多几家单位?", {1: "休眠电流20微安是否包含均衡电路的漏电流?"}) == []


def test_nothing_is_similar_to_a_question_of_signs_only() -> None:
    assert similar("???", {1: "休眠电流20微安是否包含均衡电路的漏电流?"}) == []
