"""Messages for tests of their delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.mail.service import queue_mail
from tests.golden.letters import EVENT
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.mail.models import MailMessage


def write(session: Session, key: str = "a need", **changes: Any) -> MailMessage | None:
    """Queue a short message; ``changes`` replace what ``queue_mail`` is given."""
    values: dict[str, Any] = {
        "template": "need_published",
        "user_id": None,
        "recipient": f"{key.replace(' ', '.')}@example.com",
        "locale": "en",
        "dedupe_key": key,
        "context": {**EVENT, "title": "A need", "kind": "need"},
        "now": NOON,
    }
    return queue_mail(session, **{**values, **changes})
