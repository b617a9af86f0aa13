"""Products."""

from __future__ import annotations

import factory

from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.support.clock import NOON


class ProductParamFactory(Factory):
    """One line of a data sheet; give ``product`` and ``key``."""

    class Meta:
        model = ProductParam

    position = factory.Sequence(lambda n: n)
    key, typ, unit = "vin", 12.0, "V"


class ProductFactory(Factory):
    """A published battery monitor; ``draft`` for one that nobody sees yet."""

    class Meta:
        model = ChipProduct

    class Params:
        draft = factory.Trait(state=ProductState.DRAFT, published_at=None)

    organization = factory.SubFactory(OrganizationFactory, chip=True)
    state, published_at = ProductState.PUBLISHED, NOON
    part_number = factory.Sequence(lambda n: f"CB{n:04d}")
    category, name, description = "C0407", "18串电池采样芯片", "支持14至18串电池采样，内置被动均衡。"
    package, pins, temp_min, temp_max = "LQFP64", 64, -40.0, 105.0
    quality_grade, lifecycle_stage, mp_since = "automotive_g2", "mass_production", "2025-03"
    confirmed_on = NOON.date()
    params = factory.LazyFunction(list)
