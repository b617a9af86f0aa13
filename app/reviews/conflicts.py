"""Why somebody must not judge a bid; pure, asked when seats are given and again when scores are handed in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.reviews.rules import FORMER_YEARS, MAX_AVOIDED

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterator, Sequence

    from app.reviews.commands import Tie

PUBLIC_MAIL = frozenset({
    "qq.com", "foxmail.com", "163.com", "126.com", "yeah.net", "vip.163.com", "sina.com", "sina.cn", "sohu.com",
    "139.com", "189.cn", "aliyun.com", "gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com",
    "yahoo.com", "proton.me",
})  # fmt: skip
"""Domains that everybody may have an address under, so that a shared one says nothing."""
_NOISE = re.compile(r"[\s()（）·•.,，。、\-_/\"'“”]+")
EMPLOYER = "employer"


class Ground(StrEnum):
    """Why there is a conflict."""

    MEMBER = "member"
    EMPLOYER = "employer"
    FORMER_EMPLOYER = "former_employer"
    INTEREST = "interest"
    MAIL_DOMAIN = "mail_domain"
    AVOIDED = "avoided"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of an expert."""

    name: str
    email: str
    organization_id: uuid.UUID | None = None
    ties: Sequence[Tie] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """A firm that takes part in a bid, as lead or member, or owns a share of one that does."""

    name: str
    uscc: str = ""
    organization_id: uuid.UUID | None = None
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bidder:
    """Everybody behind one bid, and the experts it asks to avoid."""

    bid_id: uuid.UUID
    parties: tuple[Party, ...]
    avoided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One conflict: its ground, and the firm or the entry that shows it."""

    ground: Ground
    bid_id: uuid.UUID
    about: str


def findings(person: Person, bidders: Sequence[Bidder], today: dt.date) -> list[Finding]:
    """Return every conflict between somebody and the firms behind some bids."""
    return [finding for bidder in bidders for finding in _of_bidder(person, bidder, today)]


def _of_bidder(person: Person, bidder: Bidder, today: dt.date) -> Iterator[Finding]:
    own = normal_name(person.name)
    if own and own in {normal_name(name) for name in bidder.avoided[:MAX_AVOIDED]}:
        yield Finding(Ground.AVOIDED, bidder.bid_id, person.name)
    domain = mail_domain(person.email)
    for party in bidder.parties:
        if person.organization_id is not None and person.organization_id == party.organization_id:
            yield Finding(Ground.MEMBER, bidder.bid_id, party.name)
        if domain and domain in party.domains:
            yield Finding(Ground.MAIL_DOMAIN, bidder.bid_id, domain)
        for tie in person.ties:
            ground = _ground(tie, party, today)
            if ground is not None:
                yield Finding(ground, bidder.bid_id, party.name)


def _ground(tie: Tie, party: Party, today: dt.date) -> Ground | None:
    if not is_same(tie.name, tie.uscc, party) or not counts(tie, today):
        return None
    if tie.kind != EMPLOYER:
        return Ground.INTEREST
    is_over = tie.until is not None and tie.until < today
    return Ground.FORMER_EMPLOYER if is_over else Ground.EMPLOYER


def counts(tie: Tie, today: dt.date) -> bool:
    """Return whether a tie holds or ended within the last three years; the anniversary itself still counts."""
    if tie.until is None:
        return True
    year = tie.until.year + FORMER_YEARS
    try:
        ends = tie.until.replace(year=year)
    except ValueError:  # 29 February
        ends = tie.until.replace(year=year, day=28)
    return today <= ends


def is_same(name: str, uscc: str, party: Party) -> bool:
    """Return whether a named firm is the party: by credit code where both have one, else by name."""
    if uscc and party.uscc:
        return uscc.strip().upper() == party.uscc.strip().upper()
    return bool(name) and normal_name(name) == normal_name(party.name)


def normal_name(name: str) -> str:
    """Return a name without blanks, brackets and width, in small letters."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def mail_domain(address: str) -> str:
    """Return the domain of an address if it is a firm's own, else nothing."""
    domain = address.rpartition("@")[2].strip().casefold()
    return "" if domain in PUBLIC_MAIL else domain
