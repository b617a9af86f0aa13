"""The real model on a small catalogue, and a category that the desk has added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.catalog.models import ProductParam
from app.matchmaking import engine, service
from app.taxonomy import knowledge
from tests.factories.catalog import ProductFactory
from tests.support.added_categories import add

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.matchmaking.models import CategoryChange


@pytest.fixture
def catalogue(session: Session, model_dir: Path, app: Flask) -> dict[str, ChipProduct]:
    """Three fitted products: a battery monitor, a motor driver and a microcontroller, each of its own firm."""
    products = {
        "monitor": ProductFactory(
            params=[
                ProductParam(position=0, key="cell_err", max=1.5, unit="mV"),
                ProductParam(position=1, key="cells", min=6, max=18, unit="串"),
                ProductParam(position=2, key="sleep_i", max=15, unit="µA"),
            ]
        ),
        "driver": ProductFactory(
            category="C0501", name="三相无刷电机驱动", description="冰箱风机与水泵用三相正弦无感驱动。"
        ),
        "controller": ProductFactory(
            category="C0202", name="通用32位单片机", description="家电控制板用通用单片机，内置触摸按键。"
        ),
    }
    with app.app_context():
        engine.refit(session, model_dir)
    return products


@pytest.fixture
def known(session: Session, model_dir: Path) -> Iterator[CategoryChange]:
    """A chip category that was added and that every process knows."""
    change = add(session)
    session.commit()
    knowledge.publish(model_dir, service.load_knowledge(session))
    yield change
    knowledge.know(knowledge.NOTHING)
