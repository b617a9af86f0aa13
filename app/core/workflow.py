"""State machines as tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from app.core.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Workflow(Generic[S, E]):
    """Every legal (state, event) -> state arrow of one aggregate; nothing else is legal."""

    initial: S
    arrows: Mapping[tuple[S, E], S]

    def step(self, state: S, event: E) -> S:
        """Return the next state; raise Conflict when the table has no such arrow."""
        try:
            return self.arrows[state, event]
        except KeyError:
            raise Conflict(
                "This item has moved on. Reload the page to see where it stands.",
                code="illegal_step",
                state=state,
                event=event,
            ) from None

    def events(self, state: S) -> frozenset[E]:
        """Return the events legal in ``state``; templates use it to decide on buttons."""
        return frozenset(event for source, event in self.arrows if source == state)
