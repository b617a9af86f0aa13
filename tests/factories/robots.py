"""Group robots and what was posted through them."""

from __future__ import annotations

import factory

from app.robots.labels import CHOSEN
from app.robots.models import GroupRobot, RobotMessage
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.support.clock import NOON


class RobotFactory(Factory):
    """A robot that is on, tells what a new one tells, at any hour; ``url=…`` is where it posts."""

    class Meta:
        model = GroupRobot
        exclude = ("organization", "url")

    organization = factory.SubFactory(OrganizationFactory)
    url = factory.Sequence(lambda n: f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-robot-{n:04d}")
    organization_id = factory.SelfAttribute("organization.id")
    name = factory.Sequence(lambda n: f"第{n}群")
    address = factory.LazyAttribute(lambda robot: {"url": robot.url})
    url_tag = factory.LazyAttribute(lambda robot: robot.url[-64:])
    shown = "qyapi.weixin.qq.com/…0000"
    topics = factory.LazyFunction(lambda: [topic.value for topic in CHOSEN])
    max_daily = 50
    created_at = NOON


class RobotMessageFactory(Factory):
    """A message that is due."""

    class Meta:
        model = RobotMessage
        exclude = ("robot",)

    robot = factory.SubFactory(RobotFactory)
    robot_id = factory.SelfAttribute("robot.id")
    event_key = factory.Sequence(lambda n: f"need.published:{n}")
    topic = "postings"
    text = factory.Sequence(lambda n: f"第{n}条")
    path = "/workspace/needs/1"
    due_at = created_at = NOON
