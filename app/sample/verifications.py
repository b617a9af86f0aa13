"""Organisations of the sample that wait for verification, each with its licence."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.accounts.service import request_verification
from app.files.service import store_upload
from app.files.sniff import PNG
from app.sample.licence import licence_png
from app.sample.people import owner_id
from app.sample.source import sample_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.sample.source import Calendar

WAITING = ("ORG058", "ORG059")
"""Laboratories; neither posts, offers or bids, so nothing of theirs is public before they are verified."""
_MAX_BYTES = 1024 * 1024


@dataclass(slots=True)
class _Picture:
    filename: str | None
    stream: BinaryIO


def load_verifications(session: Session, calendar: Calendar) -> None:
    """Hand in a licence for each organisation that waits, as its owner would."""
    for days_ago, code in enumerate(reversed(WAITING), start=1):
        organization = session.get_one(Organization, sample_id(code))
        owner = session.scalars(sa.select(User).where(User.id == owner_id(code))).one()
        handed_in = calendar.working_days_ago(days_ago)
        founded = organization.established_on.isoformat() if organization.established_on else ""
        picture = licence_png(name=organization.name_en, code=organization.uscc or "", founded=founded)
        licence = store_upload(
            session,
            actor=owner.as_actor(),
            upload=_Picture(f"licence-{code.lower()}-fictional.png", io.BytesIO(picture)),
            purpose="licence",
            allowed=frozenset({PNG}),
            max_bytes=_MAX_BYTES,
            now=handed_in,
        )
        request_verification(
            session,
            actor=owner.as_actor(),
            organization_id=organization.id,
            licence=licence,
            authorisation=None,
            now=handed_in,
        )
