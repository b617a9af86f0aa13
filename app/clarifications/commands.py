"""What people ask of this slice."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """An answer; ``alters_requirement`` when an amendment has to follow."""

    text: str
    alters_requirement: bool = False


@dataclass(frozen=True, slots=True)
class MergeQuestion:
    """Another question already asks the same."""

    into_id: uuid.UUID
