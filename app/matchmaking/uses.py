"""What names a category: how much moves with a merge, and what keeps one from being withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, literal, select, union_all

from app.accounts.models import OrganizationCategory
from app.catalog.models import ChipProduct
from app.challenges.models import ChallengeEdition
from app.demands.models import Need, NeedCategory
from app.matchmaking.models import CategoryChange, LexiconEntry, QueueView

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Uses:
    """How many things name a category."""

    products: int = 0
    needs: int = 0
    companies: int = 0
    words: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.products + self.needs + self.companies + self.words


def uses(session: Session) -> dict[str, Uses]:
    """Return how many things name each category, in one query."""
    columns = (
        ("products", ChipProduct.category), ("needs", NeedCategory.code), ("needs", Need.terminal_category),
        ("companies", OrganizationCategory.code), ("words", LexiconEntry.code),
    )  # fmt: skip
    counts = [
        select(literal(name).label("kind"), column.label("code"), func.count().label("n"))
        .where(column != "")
        .group_by(column)
        for name, column in columns
    ]
    found: dict[str, dict[str, int]] = {}
    for name, code, n in session.execute(union_all(*counts)):
        found.setdefault(code, {}).setdefault(name, 0)
        found[code][name] += n
    return {code: Uses(**numbers) for code, numbers in found.items()}


def n_records(session: Session, code: str) -> int:
    """Return how many published editions, kept views and merged categories name a category, in one query."""
    written = f'"{code}"'
    named = union_all(
        select(literal(1).label("one")).where(cast(ChallengeEdition.snapshot, Text).contains(written)),
        select(literal(1)).where(cast(QueueView.arguments, Text).contains(written)),
        select(literal(1)).where(CategoryChange.merged_into == code),
    ).subquery()
    return session.scalar(select(func.count()).select_from(named)) or 0
