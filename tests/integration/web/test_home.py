"""The home page: what is going on, for everybody."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from app.web import queries
from tests.factories.accounts import OrganizationFactory
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

ENGLISH = {"Accept-Language": "en"}


def test_an_empty_portal_teaches_the_next_step(page: Callable[..., str], session: Session) -> None:
    shown = page("/", headers=ENGLISH)

    assert "No challenge is open now" in shown
    assert "No product yet" in shown
    assert "Nothing to compare yet" in shown


def test_what_is_open_is_shown_with_its_clock(page: Callable[..., str], session: Session) -> None:
    challenge, need, product = ChallengeFactory(), NeedFactory(), ProductFactory()

    shown = page("/", headers=ENGLISH)

    assert all(text in shown for text in (challenge.title, need.title, product.part_number))
    assert "30 d 0 h left" in shown


@pytest.mark.usefixtures("session")
def test_what_is_not_open_is_not_shown(page: Callable[..., str]) -> None:
    hidden = [
        ChallengeFactory(closed=True, title="过期榜单"),
        ChallengeFactory(draft=True, title="草稿榜单"),
        NeedFactory(submitted=True, title="待审需求"),
        ProductFactory(draft=True, part_number="DRAFT-1"),
    ]

    shown = page("/")

    assert not any(text in shown for text in ("过期榜单", "草稿榜单", "待审需求", "DRAFT-1"))
    assert len(hidden) == 4


def test_a_hidden_owner_is_only_a_city(page: Callable[..., str], session: Session) -> None:
    owner = OrganizationFactory(terminal=True, legal_name_zh="不愿具名有限公司")
    NeedFactory(organization=owner, is_owner_shown=False)
    ChallengeFactory(organization=owner, is_owner_shown=False)

    shown = page("/", headers=ENGLISH)

    assert "不愿具名有限公司" not in shown
    assert shown.count("A company in Shenzhen") == 2


def test_figures_count_what_is_public(session: Session) -> None:
    ChallengeFactory()
    ChallengeFactory(closed=True)
    NeedFactory()
    NeedFactory(draft=True)
    PairingFactory(introduced=True)
    OrganizationFactory(unverified=True)

    figures = queries.home_page(session, now=NOON).figures

    assert (figures.open_challenges, figures.open_needs, figures.products, figures.introductions) == (1, 2, 1, 1)
    assert figures.companies == 6


def test_a_challenge_leaves_the_page_at_its_deadline(session: Session) -> None:
    ChallengeFactory(bid_deadline_at=NOON + dt.timedelta(seconds=1), question_deadline_at=NOON)

    assert len(queries.home_page(session, now=NOON).challenges) == 1
    assert queries.home_page(session, now=NOON + dt.timedelta(seconds=1)).challenges == []


def test_demand_stands_beside_supply_most_demanded_first(session: Session) -> None:
    firm = OrganizationFactory(chip=True)
    _ = [ProductFactory(organization=firm, category=code) for code in ("C0407", "C0401", "C1502")]
    _ = [NeedFactory() for _ in range(2)]

    balances = queries.balances(session)

    assert [(row.code, row.n_needs, row.n_products, row.n_firms) for row in balances] == [
        ("C04", 2, 2, 1),
        ("C15", 0, 1, 1),
    ]


def test_a_category_without_supply_says_so(page: Callable[..., str], session: Session) -> None:
    NeedFactory()

    assert "no supply yet" in page("/", headers=ENGLISH)


@pytest.mark.parametrize(
    ("language", "heading"),
    [("zh", "广东制造，用广东的芯"), ("en", "Chips from Guangdong for what Guangdong builds")],
)
def test_the_page_speaks_both_languages(page: Callable[..., str], language: str, heading: str) -> None:
    shown = page("/", headers={"Accept-Language": language})

    found = re.search("<h1>(.*?)</h1>", shown)
    assert found
    assert found[1] == heading


def test_the_page_takes_few_queries(client: FlaskClient, session: Session) -> None:
    _ = [(ChallengeFactory(), NeedFactory(), ProductFactory()) for _ in range(8)]
    session.expunge_all()

    with count_queries() as statements:
        client.get("/")

    assert len(statements) <= 8
