"""Needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from app.demands.models import Need, NeedCategory, NeedParam
from app.demands.workflow import PostingState
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.support.clock import NOON


def cell_error_of_two_millivolts() -> list[NeedParam]:
    """Return the requirements of a battery monitor: two musts and a wish."""
    return [
        NeedParam(position=0, key="cell_err", op="<=", value="2", unit="mV", is_must=True),
        NeedParam(position=1, key="cells", op="covers", value="14~18", unit="", is_must=True),
        NeedParam(position=2, key="sleep_i", op="<=", value="20", unit="µA", is_must=False),
    ]


class NeedFactory(Factory):
    """A complete published need; ``draft`` and ``submitted`` for earlier states."""

    class Meta:
        model = Need

    class Params:
        draft = factory.Trait(state=PostingState.DRAFT, published_at=None, submitted_at=None)
        submitted = factory.Trait(state=PostingState.SUBMITTED, published_at=None)

    organization = factory.SubFactory(OrganizationFactory, terminal=True)
    state, submitted_at, published_at = PostingState.PUBLISHED, NOON - dt.timedelta(days=2), NOON
    title = factory.Sequence(lambda n: f"储能电池包18串采样芯片 {n}")
    terminal_category, end_product, subsystem = "T1202", "工商业储能柜", "电池管理从控"
    use_description = "电池管理从控需要采样18串电芯电压，电量显示跳变、冬天掉电快。"
    quality_grade, temp_min, temp_max = "industrial", -40.0, 85.0
    annual_volume_kpcs = 400
    sample_by = (NOON + dt.timedelta(days=60)).date()
    sop_on = (NOON + dt.timedelta(days=300)).date()
    categories: Any = factory.LazyFunction(lambda: [NeedCategory(code="C0407")])
    params: Any = factory.LazyFunction(cell_error_of_two_millivolts)
