from __future__ import annotations

import pytest

from app.mail import letterhead
from tests.golden.letters import LETTERHEAD


@pytest.fixture(autouse=True)
def _letterhead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages carry the letterhead of the golden ones."""
    monkeypatch.setattr(letterhead._Current, "letterhead", LETTERHEAD)
