"""Questions."""

from __future__ import annotations

import datetime as dt

import factory

from app.clarifications.models import Question
from app.clarifications.workflow import QuestionState
from tests.factories.base import Factory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON


class QuestionFactory(Factory):
    """A question that waits; ``answered`` for one with its answer."""

    class Meta:
        model = Question

    class Params:
        answered = factory.Trait(
            state=QuestionState.ANSWERED, answer="包含。测试时关闭通信接口。", answered_at=NOON - dt.timedelta(hours=1)
        )

    challenge = factory.SubFactory(ChallengeFactory)
    number = factory.Sequence(lambda n: n + 1)
    asker_tag = "0" * 64
    text = "休眠电流20微安是否包含均衡电路的漏电流?"
    asked_at = NOON - dt.timedelta(days=1)
    answer_by = NOON + dt.timedelta(days=2)
