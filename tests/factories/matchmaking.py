"""Suggestions and pairings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory

from app.matchmaking.models import LexiconEntry, Message, Pairing, PairingStep, Suggestion
from app.matchmaking.workflow import PairingEvent, PairingState, Side
from tests.factories.accounts import UserFactory
from tests.factories.base import Factory
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON


def evidence() -> dict[str, Any]:
    """Return stored reasons: one must met, one unknown."""
    verdict = {"must": True, "name": "", "offered": "1.5 mV", "required": "≤ 2 mV", "reason": "met"}
    return {
        "contributions": [["base", -1.0], ["words", 2.0]],
        "terms": [["采样", "采样", 0.4], ["18串", "18串", 0.3]],
        "verdicts": [
            {**verdict, "key": "cell_err", "status": "met"},
            {**verdict, "key": "cells", "status": "unknown", "offered": "", "required": "⊇ 14~18"},
        ],
        "missing": ["cells"],
        "counterfactuals": [{"key": "cells", "kind": "fill", "required": "⊇ 14~18", "score": 0.9}],
        "category": {"code": "C0407", "probability": 0.9},
        "product_score": 0.8,
        "n_products": 3,
        "others": [],
    }


class SuggestionFactory(Factory):
    """A suggestion that waits for the officer."""

    class Meta:
        model = Suggestion

    need = factory.SubFactory(NeedFactory)
    product = factory.SubFactory(ProductFactory)
    supplier = factory.SelfAttribute("product.organization")
    score, rank, n_musts, n_musts_met, n_musts_unknown = 0.8, 1, 2, 1, 1
    reasons: Any = factory.LazyFunction(evidence)
    model_version, computed_at = "test+1", NOON


class PairingFactory(Factory):
    """An approved pairing that waits for both answers; ``introduced`` for one both accepted."""

    class Meta:
        model = Pairing

    class Params:
        introduced = factory.Trait(
            state=PairingState.INTRODUCED,
            demand_accepted_at=NOON,
            supply_accepted_at=NOON,
            introduced_at=NOON,
        )
        under_nda = factory.Trait(introduced=True, state=PairingState.NDA_SIGNED)
        evaluating = factory.Trait(introduced=True, state=PairingState.EVALUATING)

    need = factory.SubFactory(NeedFactory)
    demand = factory.SelfAttribute("need.organization")
    product = factory.SubFactory(ProductFactory)
    supplier = factory.SelfAttribute("product.organization")
    score = 0.8
    reasons: Any = factory.LazyFunction(evidence)
    model_version, proposed_at, reply_by = "test+1", NOON, NOON + dt.timedelta(days=14)


class PairingStepFactory(Factory):
    """A step of the terminal maker, which the other side is told of."""

    class Meta:
        model = PairingStep
        exclude = ("pairing",)

    pairing: Any = factory.SubFactory(PairingFactory, under_nda=True)
    pairing_id = factory.SelfAttribute("pairing.id")
    event, side, at = PairingEvent.DISCLOSE, Side.DEMAND, NOON


class MessageFactory(Factory):
    """What the terminal maker of an introduced pairing writes."""

    class Meta:
        model = Message
        exclude = ("pairing",)

    pairing: Any = factory.SubFactory(PairingFactory, introduced=True)
    pairing_id = factory.SelfAttribute("pairing.id")
    author: Any = factory.LazyAttribute(lambda one: UserFactory(organization=one.pairing.demand))
    side, text, sent_at = Side.DEMAND, "下周可以看评估板吗？", NOON


class LexiconEntryFactory(Factory):
    """Words that point to battery gauges."""

    class Meta:
        model = LexiconEntry
        exclude = ("author",)

    author: Any = factory.SubFactory(UserFactory)
    zh = "小电驴"
    en = "e-scooter"
    code = "C0407"
    created_by = factory.SelfAttribute("author.id")
    updated_by = factory.SelfAttribute("author.id")
    created_at = NOON
    updated_at = NOON
