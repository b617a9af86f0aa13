"""Packing a passport: which documents who may have, and the ZIP they come in."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.awards.passport import documents
from app.awards.passport.documents import Level
from app.challenges.models import Challenge
from app.core.actor import StaffRole
from app.core.errors import NotFound
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

SCHEMA = "chipbridge-passport-1"
VERIFIER = Path(__file__).with_name("verify.py")
WITH_PASSPORT = (PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)
"""States from which on there is something to certify."""
NAMES = {
    Level.PUBLIC: "public",
    Level.PARTY: "party",
    Level.AUTHORITY: "authority",
}


@dataclass(frozen=True, slots=True)
class PassportFile:
    """A finished passport: its name and the bytes of the ZIP."""

    name: str
    content: bytes


def make_passport(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> PassportFile:
    """Return the passport of a competition as far as the actor may have it.

    Everybody gets editions, commitments, opening record, questions, notices and awards; owner and bidders besides
    what concerns them; authority and supervisor everything with the trail. Raises NotFound before a result is public.
    """
    challenge = session.get(Challenge, challenge_id)
    if challenge is None or challenge.state not in WITH_PASSPORT:
        raise NotFound("There is no passport for this challenge yet.", code="no_passport")
    level = _level(actor, challenge)
    files = documents.collect(session, actor=actor, challenge=challenge, level=level)
    if level is not Level.PUBLIC:
        audit.record(
            session, actor, "passport.download", "challenge", challenge.id, label=challenge.title, level=NAMES[level]
        )
    return PassportFile(f"{challenge.code}-passport.zip", _zip(challenge, level, files, now))


def _level(actor: Actor, challenge: Challenge) -> Level:
    if actor.is_authority or StaffRole.SUPERVISOR in actor.roles:
        return Level.AUTHORITY
    return Level.PARTY if actor.belongs_to(challenge.organization_id) else Level.PUBLIC


def _zip(challenge: Challenge, level: Level, files: Mapping[str, bytes], now: dt.datetime) -> bytes:
    every = {**files, "verify.py": VERIFIER.read_bytes(), "README.txt": _readme(challenge).encode()}
    manifest = {
        "schema": SCHEMA,
        "challenge": {"id": str(challenge.id), "code": challenge.code, "title": challenge.title},
        "level": NAMES[level],
        "made_at": now.astimezone(dt.UTC).isoformat(),
        "files": [
            {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(every.items())
        ],
    }
    every["passport.json"] = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True).encode()
    content = io.BytesIO()
    stamp = now.astimezone(dt.UTC).timetuple()[:6]
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as pack:
        for name in sorted(every):
            pack.writestr(zipfile.ZipInfo(name, stamp), every[name], zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _readme(challenge: Challenge) -> str:
    return (
        f"{challenge.code} {challenge.title}\n\n"
        "核验（无需联网，Python 3.8 以上）：\n    python3 verify.py\n"
        "Check without the portal, with Python 3.8 or newer:\n    python3 verify.py\n\n"
        "passport.json 列出全部文件及其 SHA-256；editions/ 为各版本榜单；commitments.json 为截榜时公布的承诺清单。\n"
        "passport.json lists every file with its SHA-256; editions/ holds every edition as it was published;\n"
        "commitments.json is the list of commitments published at the deadline.\n"
    )
