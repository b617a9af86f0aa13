"""Products."""

from __future__ import annotations

import factory

from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.support.clock import NOON


def sheet_of_a_battery_monitor() -> list[ProductParam]:
    """Return five parameters: a range, typical values, a limit, and a set."""
    return [
        ProductParam(position=0, key="cells", min=8.0, max=18.0, unit="串"),
        ProductParam(position=1, key="cell_err", typ=2.0, unit="mV", condition="25℃"),
        ProductParam(position=2, key="balance_i", typ=150.0, unit="mA"),
        ProductParam(position=3, key="sleep_i", max=20.0, unit="µA"),
        ProductParam(position=4, key="algos", value_text="SM2|SM4"),
    ]


class ProductParamFactory(Factory):
    """One line of a data sheet; give ``product`` and ``key``."""

    class Meta:
        model = ProductParam

    position = factory.Sequence(lambda n: n)
    key, typ, unit = "vin", 12.0, "V"


class ProductFactory(Factory):
    """A published battery monitor; ``draft`` and ``archived`` for hidden ones; ``complete`` has parameters."""

    class Meta:
        model = ChipProduct

    class Params:
        draft = factory.Trait(state=ProductState.DRAFT, published_at=None)
        archived = factory.Trait(state=ProductState.ARCHIVED, published_at=None)
        complete = factory.Trait(params=factory.LazyFunction(sheet_of_a_battery_monitor))

    organization = factory.SubFactory(OrganizationFactory, chip=True)
    state, published_at = ProductState.PUBLISHED, NOON
    part_number = factory.Sequence(lambda n: f"CB{n:04d}")
    category, name, description = "C0407", "18串电池采样芯片", "支持14至18串电池采样，内置被动均衡。"
    package, pins, temp_min, temp_max = "LQFP64", 64, -40.0, 105.0
    quality_grade, lifecycle_stage, mp_since = "automotive_g2", "mass_production", "2025-03"
    confirmed_on = NOON.date()
    params = factory.LazyFunction(list)
