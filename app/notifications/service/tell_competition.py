"""Telling firms and followers what happens in a competition."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from app.notifications import recipients
from app.notifications.competition import TELLINGS
from app.notifications.competition_readers import read, sealed_bidders
from app.notifications.news import News
from app.notifications.service.tell import note, tell_sealed, write
from app.notifications.service.tell_groups import tell_groups
from app.notifications.telling import Audience, CompetitionEvent
from app.outbox.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.notifications.competition_readers import Told
    from app.notifications.recipients import Addressee


def tell_competition(
    session: Session, *, event: CompetitionEvent, subject_id: uuid.UUID, key: str, now: dt.datetime
) -> int:
    """Tell everybody concerned and return how many people that are; the same ``key`` tells nobody twice.

    Firms whose bids are still sealed get the message that says nothing but "log in".
    """
    found = read(session, event, subject_id)
    if found is None:
        return 0
    telling, n_told = TELLINGS[event], 0
    about = {"title": found.title, "code": found.code}
    for told in found.told:
        payload = {**about, "headline": told.headline, "sentence": told.sentence}
        item = News(event, told.organization_id, key, told.path, payload)
        for reader in _readers(session, told):
            note(session, reader, item, now)
            if reader.has_event_mail:
                write(session, reader, item, now)
            n_told += 1
    for topic in (Topic.COMPETITION, Topic.BIDS):
        items = [_group_news(event, told, key, about) for kind, told in found.groups if kind is topic]
        tell_groups(session, items, topic=topic, now=now)
    if Audience.BIDDERS in telling.to:
        n_told += _ask_sealed(session, found.challenge_id, key=key, now=now)
    return n_told


def _group_news(event: CompetitionEvent, told: Told, key: str, about: dict[str, str]) -> News:
    payload = {**about, "headline": told.headline, "sentence": told.sentence}
    return News(event, told.organization_id, key, told.path, payload)


def _readers(session: Session, told: Told) -> Sequence[Addressee]:
    if told.user_id is not None:
        return recipients.person(session, told.user_id)
    return recipients.acting_readers(session, told.organization_id) if told.organization_id else ()


def _ask_sealed(session: Session, challenge_id: uuid.UUID, *, key: str, now: dt.datetime) -> int:
    return sum(
        tell_sealed(session, organization_id=firm, sealed_by=challenge_id, key=f"{key}:sealed", now=now)
        for firm in sealed_bidders(session, challenge_id)
    )
