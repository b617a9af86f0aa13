"""Makes the sample findable by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.content import SEARCH_KIND
from app.catalog.content import search_text as product_text
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.challenges.service.review import search_text as challenge_text
from app.demands.models import Need
from app.demands.service.review import search_text as need_text
from app.demands.workflow import NEVER_PUBLIC
from app.search.service import index_documents

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BATCH = 500


def index_everything(session: Session) -> None:
    """Index every published product, need and challenge."""
    products = sa.select(ChipProduct).options(selectinload(ChipProduct.params), joinedload(ChipProduct.organization))
    for batch in session.scalars(products.execution_options(yield_per=BATCH)).partitions():
        texts = [(p.id, product_text(p, f"{p.organization.legal_name_zh} {p.organization.name_en}")) for p in batch]
        index_documents(session, SEARCH_KIND, texts)
    needs = sa.select(Need).options(joinedload(Need.organization))
    is_public = Need.state.not_in(NEVER_PUBLIC)
    found = session.scalars(needs.where(is_public, Need.kind == "need")).all()
    index_documents(session, "need", [(need.id, need_text(need)) for need in found])
    challenges = sa.select(Challenge).options(joinedload(Challenge.organization), selectinload(Challenge.kpis))
    posted = session.scalars(challenges.where(is_public)).all()
    index_documents(session, "challenge", [(one.id, challenge_text(one)) for one in posted])
