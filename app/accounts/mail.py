"""Flask-Security's messages through our own durable mail."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import email_validator
from flask_security import MailUtil
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message

from app.core import clock
from app.db import current_session
from app.mail.service import queue_mail

if TYPE_CHECKING:
    from app.accounts.models import User

LINKS = ("confirmation_link", "reset_link", "recovery_link")


class DurableMail(MailUtil):
    """Keeps each message in the running transaction; workers deliver it after the commit."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Queue ``templates/email/<template>/`` for the person; our own templates bring the subject."""
        user: User = kwargs["user"]
        now = clock.now()
        # The path only: the host of a request can be forged, the host of our settings cannot.
        links = {name: urlsplit(kwargs.get(name) or "").path for name in LINKS}
        occasion = hashlib.sha256("".join([*links.values(), now.isoformat()]).encode()).hexdigest()[:32]
        queue_mail(
            current_session(),
            template=template,
            user_id=user.id,
            recipient=user.email,
            locale=user.locale,
            dedupe_key=f"{template}:{user.id}:{occasion}",
            context={"name": user.name or user.email, "happened_at": now, **links},
            now=now,
        )

    def normalize(self, email: str) -> str:
        """Return an address as it is kept; raise EmailValidateException if it is none."""
        try:
            return normal_address(email)
        except ValueError:
            raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0]) from None

    def validate(self, email: str) -> str:
        """Return an address as it is kept; nobody on the network is asked whether it exists."""
        return self.normalize(email)


def normal_address(email: str) -> str:
    """Return an e-mail address in the one way it is kept: NFKC, lower case. Raises ValueError for anything else."""
    folded = unicodedata.normalize("NFKC", email).strip().lower()
    return email_validator.validate_email(
        folded, allow_smtputf8=False, check_deliverability=False, globally_deliverable=False, strict=True
    ).normalized.lower()
