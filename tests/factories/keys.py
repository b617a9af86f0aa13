"""Holders of keys, with cheap passphrases; their private keys are known to the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory

from app.core.actor import StaffRole
from app.keys import crypto
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose
from tests.factories.accounts import UserFactory
from tests.factories.base import Factory, at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSPHRASE = "紫荆 木棉 榕树 簕杜鹃 凤凰木 五月"
CHEAP = crypto.Cost(n=2**4)
SALT = b"a salt for tests"
PUBLIC, PRIVATE = crypto.new_pair()
"""One pair for all: what differs between holders is their row."""
BOX = crypto.lock_private(PRIVATE, PASSPHRASE, salt=SALT, cost=CHEAP)
OPENERS = (StaffRole.PROVINCIAL_AUTHORITY, StaffRole.SUPERVISOR, StaffRole.OPERATOR)


class KeyHolderFactory(Factory):
    """An active key of somebody of the authority; ``role`` names another staff role."""

    class Meta:
        model = KeyHolder

    role = StaffRole.SUPERVISOR.value
    user: Any = factory.LazyAttribute(lambda one: UserFactory(staff=(StaffRole(one.role),)))
    public_key, private_box = PUBLIC, BOX
    kdf: Any = factory.LazyFunction(lambda: {"salt": SALT.hex(), "n": CHEAP.n, "r": CHEAP.r, "p": CHEAP.p})


class ChallengeKeyHolderFactory(Factory):
    """A holder for whom the bids of a challenge are locked."""

    class Meta:
        model = ChallengeKeyHolder

    holder = factory.SubFactory(KeyHolderFactory)
    purpose, threshold = Purpose.OPEN, 2


def three_keys() -> list[KeyHolder]:
    """Return active keys of three people of the authority."""
    with at_once():
        return [KeyHolderFactory(role=role.value) for role in OPENERS]


def freeze(challenge: Any, holders: Sequence[KeyHolder] | None = None, threshold: int = 2) -> list[KeyHolder]:
    """Let the bids of a challenge be locked for these holders, three new ones if none are given; return them."""
    with at_once():
        given = list(holders) if holders is not None else three_keys()
        for one in given:
            ChallengeKeyHolderFactory(challenge_id=challenge.id, holder=one, threshold=threshold)
    return given
