"""The people of a bid as they are stored, and the tag that stands for a project leader."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.bids.commands import Avoided, Contact, Person
from app.core import box

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, MutableMapping

    from app.bids.commands import SaveBid


def told(command: SaveBid) -> dict[str, Any]:
    """Return the people of a command as JSON; whoever is not named is left out."""
    said = {
        "leader": _stated(command.leader),
        "team": [_stated(person) for person in command.team],
        "contact": _stated(command.contact),
        "avoid_experts": [_stated(expert) for expert in command.avoid_experts],
    }
    return {name: value for name, value in said.items() if value}


def taken(details: MutableMapping[str, Any]) -> dict[str, Any]:
    """Take the people out of stored details and return them as parts of a command."""
    return {
        "leader": _person(details.pop("leader", None) or {}),
        "team": tuple(map(_person, details.pop("team", ()))),
        "contact": Contact(**_known(Contact, details.pop("contact", None) or {})),
        "avoid_experts": tuple(Avoided(**_known(Avoided, one)) for one in details.pop("avoid_experts", ())),
    }


def normal_name(name: str) -> str:
    """Return a name as it is compared: width, case and blanks make no other person."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split()).replace("·", "")


def leader_tag(programme_id: uuid.UUID, name: str) -> str:
    """Return what stands for a project leader in one programme; in another programme it is another tag."""
    return box.tag("leader", programme_id, normal_name(name))


def _person(said: Mapping[str, Any]) -> Person:
    return Person(**_known(Person, said))


def _known(kind: type[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name in kind.__dataclass_fields__}


def _stated(one: Person | Contact | Avoided) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if value not in ("", None)}
