"""Two people at the same need, on connections that really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.errors import Conflict
from app.demands import service
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON
from tests.support.racing import at_once

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

OPINION = ReviewPosting("需求真实，指标可测。")


@pytest.mark.real_clock
def test_of_two_officers_who_publish_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second, need = officer().as_actor(), officer().as_actor(), NeedFactory(submitted=True)

    refused = at_once(
        own_app,
        lambda s: service.publish_need(s, actor=first, need_id=need.id, command=OPINION, now=NOON),
        lambda s: service.publish_need(s, actor=second, need_id=need.id, command=OPINION, now=NOON),
    )

    assert [type(one) for one in refused if one] == [Conflict]
    assert sorted(job.kind for job in own_session.query(Job)) == ["need.changed", "need.published"]


@pytest.mark.real_clock
def test_of_publishing_and_returning_one_wins(own_app: Flask, own_session: Session) -> None:
    first, second, need = officer().as_actor(), officer().as_actor(), NeedFactory(submitted=True)

    refused = at_once(
        own_app,
        lambda s: service.publish_need(s, actor=first, need_id=need.id, command=OPINION, now=NOON),
        lambda s: service.return_need(s, actor=second, need_id=need.id, command=OPINION, now=NOON),
    )

    own_session.refresh(need)
    assert [type(one) for one in refused if one] == [Conflict]
    assert need.state in (PostingState.PUBLISHED, PostingState.RETURNED)
    assert (need.state is PostingState.RETURNED) == (need.n_returns == 1)


@pytest.mark.real_clock
def test_of_publishing_and_taking_back_the_later_sees_the_earlier(own_app: Flask, own_session: Session) -> None:
    authority, need = officer().as_actor(), NeedFactory(submitted=True)
    writer = UserFactory(organization=need.organization).as_actor()

    at_once(
        own_app,
        lambda s: service.publish_need(s, actor=authority, need_id=need.id, command=OPINION, now=NOON),
        lambda s: service.cancel_need(s, actor=writer, need_id=need.id, now=NOON),
    )

    own_session.refresh(need)
    assert need.state is PostingState.CANCELLED
