"""What every message of this installation carries: sender, address of the portal, key of signed links."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING

from app.mail.addresses import ascii_domain

if TYPE_CHECKING:
    from app.mail.dkim import Signer


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The portal as its readers see it in a message."""

    sender: str
    """``芯端桥 Chipbridge <noreply@example.com>``."""
    public_url: str
    """Scheme and host, without a trailing slash."""
    signing_key: str
    signer: Signer | None = None
    """Signs what leaves the house; None: nothing is signed."""

    @property
    def address(self) -> Address:
        """The sender, taken apart."""
        return _address(self.sender)

    @property
    def domain(self) -> str:
        """The domain that Message-IDs and list ids are made in."""
        return self.address.domain


@cache
def _address(sender: str) -> Address:
    name, address = parseaddr(sender)
    return Address(name, addr_spec=ascii_domain(address))


class _Current:
    letterhead: Letterhead | None = None


def use(letterhead: Letterhead) -> None:
    """Let every message of this process carry this letterhead."""
    _Current.letterhead = letterhead


def current() -> Letterhead:
    """Return the letterhead of this process; raise RuntimeError before the portal has been set up."""
    if _Current.letterhead is None:
        raise RuntimeError("messages need a letterhead: see app.jobs.init_jobs")
    return _Current.letterhead
