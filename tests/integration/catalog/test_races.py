"""Two people at the same sheet at the same time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.catalog import service
from app.catalog.commands import ProductInput
from app.catalog.content import as_input
from app.catalog.models import ChipProduct
from app.db import current_session
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.real_clock  # threads wait for each other


def test_of_two_who_publish_one_is_told_that_it_has_happened(own_app: Flask, own_session: Session) -> None:
    product = ProductFactory(draft=True, complete=True)
    actor = UserFactory(organization=product.organization).as_actor()
    product_id = product.id
    own_session.commit()

    def publish(session: Session) -> ChipProduct:
        return service.publish_product(session, actor=actor, product_id=product_id, now=NOON)

    refused = at_once(own_app, publish, publish)

    assert outcomes(refused) == ["Conflict", "done"]


def test_of_two_who_save_the_same_version_one_is_refused(own_app: Flask, own_session: Session) -> None:
    product = ProductFactory(draft=True, complete=True)
    actor = UserFactory(organization=product.organization).as_actor()
    product_id, sheet = product.id, as_input(product)
    own_session.commit()

    def save(name: str) -> Callable[[Session], ChipProduct]:
        command = replace(sheet, name=name)
        return lambda session: service.update_product(
            session, actor=actor, product_id=product_id, command=command, version=1, now=NOON
        )

    refused = at_once(own_app, save("甲"), save("乙"))

    assert outcomes(refused) == ["Conflict", "done"]
    with own_app.app_context():
        assert current_session().get_one(ChipProduct, product_id).version == 2


def test_of_two_who_take_the_same_part_number_one_is_refused(own_app: Flask, own_session: Session) -> None:
    actor = UserFactory(organization=OrganizationFactory(chip=True)).as_actor()
    own_session.commit()
    command = ProductInput(part_number="CB18", category="C0407", name="18串电池采样芯片")

    def create(session: Session) -> ChipProduct:
        return service.create_product(session, actor=actor, command=command, now=NOON)

    refused = at_once(own_app, create, create)

    assert outcomes(refused) == ["RuleViolation", "done"]
    with own_app.app_context():
        assert current_session().scalar(select(func.count()).select_from(ChipProduct)) == 1


def test_publishing_and_archiving_at_once_leave_a_sound_state(own_app: Flask, own_session: Session) -> None:
    product = ProductFactory(draft=True, complete=True)
    actor = UserFactory(organization=product.organization).as_actor()
    product_id = product.id
    own_session.commit()

    at_once(
        own_app,
        lambda session: service.publish_product(session, actor=actor, product_id=product_id, now=NOON),
        lambda session: service.archive_product(session, actor=actor, product_id=product_id, now=NOON),
    )

    with own_app.app_context():
        after = current_session().get_one(ChipProduct, product_id)
        assert (after.state, after.published_at) == ("archived", None)
