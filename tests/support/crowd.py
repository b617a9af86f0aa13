"""Thousands of readers, each of a company of their own, with pairings that wait for their answer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, OrganizationCategory, User
from app.catalog.models import ChipProduct
from app.core.actor import LOCALES, MemberRole
from app.demands.models import Need, NeedCategory
from app.matchmaking.models import Pairing
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.base import use_session
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

N_NEEDS = 40
BATCH = 2000


def gather(session: Session, n_readers: int, *, n_pairings: int, now: dt.datetime) -> None:
    """Make readers with Chinese and English in turn, and three challenges of everybody's field that close soon."""
    use_session(session)
    try:
        models = {
            User: UserFactory(confirmed_at=now),
            Organization: OrganizationFactory(chip=True, verified_at=now),
            ChipProduct: ProductFactory(),
        }
        needs = [NeedFactory().id for _ in range(N_NEEDS)]
        for day in (3, 6, 9):
            closing = now + dt.timedelta(days=day)
            ChallengeFactory(
                categories=[NeedCategory(code="C0407")],
                bid_deadline_at=closing,
                question_deadline_at=closing - dt.timedelta(days=1),
            )
        demand = session.get_one(Need, needs[0]).organization_id
        rows = {model: _columns(one) for model, one in models.items()}
    finally:
        use_session(None)
    for first in range(0, n_readers, BATCH):
        numbers = range(first, min(first + BATCH, n_readers))
        _insert(session, list(_people(rows, numbers, needs[:n_pairings], demand, now)))


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).column_attrs}


def _people(
    rows: dict[Any, dict[str, Any]], numbers: range, needs: list[uuid.UUID], demand: uuid.UUID, now: dt.datetime
) -> Iterator[tuple[Any, dict[str, Any]]]:
    for number in numbers:
        user, firm, product = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        locale = LOCALES[number % len(LOCALES)]
        address = {"email": f"reader{number}@example.com", "fs_uniquifier": f"reader{number}"}
        yield User, {**rows[User], "id": user, "locale": locale, **address}
        yield Organization, {**rows[Organization], "id": firm, "legal_name_zh": f"广东读者{number}芯片有限公司"}
        yield Membership, {"user_id": user, "organization_id": firm, "role": MemberRole.OWNER}
        yield OrganizationCategory, {"organization_id": firm, "code": "C0407"}
        part = {"organization_id": firm, "part_number": f"CB{number}"}
        yield ChipProduct, {**rows[ChipProduct], "id": product, **part}
        for position, need in enumerate(needs):
            yield (
                Pairing,
                {
                    "need_id": need,
                    "demand_id": demand,
                    "supplier_id": firm,
                    "product_id": product,
                    "score": 0.9 - position / 100,
                    "reasons": evidence(),
                    "model_version": "crowd",
                    "proposed_at": now,
                    "reply_by": now + dt.timedelta(days=14),
                },
            )


def _insert(session: Session, rows: list[tuple[Any, dict[str, Any]]]) -> None:
    by_model: dict[Any, list[dict[str, Any]]] = {}
    for model, row in rows:
        by_model.setdefault(model, []).append(row)
    for model, values in by_model.items():
        session.execute(sa.insert(model), values)
