"""Where the portal may post to: a few hosts by name, at public addresses, over TLS.

Whoever sets a robot up chooses an address that this machine then calls; without these rules it would call whatever
the machine can reach, the database and the metadata of a cloud among it.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs, urlsplit

from app.core.errors import RuleViolation
from app.robots.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from config import Settings

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"

MAX_URL = 400
PORT = 443
SHOWN_KEY = 4
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All that the Internet routes over IPv6; what maps or translates IPv4 lies outside, but for the two below."""
WRAPPING = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/23"))
"""6to4 and Teredo: an IPv4 address inside an IPv6 one."""


class Refused(Exception):
    """The address may not be called."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """What is called: the name that its certificate must show, the one address it stands for, and the request."""

    host: str
    address: str
    port: int
    path: str
    is_tls: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """What this installation allows."""

    hosts: tuple[str, ...]
    has_loopback: bool = False
    """Whether ``http://127.0.0.1:PORT`` counts as a robot; for development and tests only."""

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        """Return what an installation with these settings allows."""
        return cls(settings.robot_hosts, settings.has_loopback_robots)

    def check(self, url: str) -> SplitResult:
        """Return the parts of an address that may be stored and called; raise RuleViolation."""
        parts = _split(url)
        if self._is_loopback(parts):
            return parts
        if parts.scheme != "https" or parts.username is not None or parts.port not in (None, PORT) or parts.fragment:
            raise _wrong("Enter an address that begins with https:// and has no user, port or fragment.")
        if parts.hostname not in self.hosts:
            raise _wrong("This host takes no messages of the portal. Copy the address that the group robot shows.")
        if not _key(parts):
            raise _wrong("The key is missing: copy the whole address that the group robot shows.")
        return parts

    def aim(self, url: str, resolve: Callable[[str, int], list[str]]) -> Target:
        """Return what is called: the name is resolved once, here, and whoever calls uses that very address.

        Raises Refused.
        """
        try:
            parts = self.check(url)
        except RuleViolation:
            raise Refused(Reason.HOST) from None
        is_tls, host = parts.scheme == "https", parts.hostname or ""
        port = parts.port or PORT
        found = resolve(host, port)
        if not found:
            raise Refused(Reason.UNRESOLVED)
        is_inward = not self._is_loopback(parts) and not all(is_public(one) for one in found)
        if is_inward:
            raise Refused(Reason.INWARD)
        return Target(host, found[0], port, f"{parts.path or '/'}?{parts.query}", is_tls)

    def _is_loopback(self, parts: SplitResult) -> bool:
        return self.has_loopback and parts.scheme == "http" and parts.hostname == "127.0.0.1" and parts.port is not None


def is_public(address: str) -> bool:
    """Return whether an address belongs to the Internet at large, and to nothing nearer."""
    try:
        one: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if one.is_multicast or one.is_reserved or one.is_unspecified or not one.is_global:
        return False
    if one.version == 4:
        return True
    return one in GLOBAL_UNICAST and not any(one in network for network in WRAPPING)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name as this machine sees them; none when there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(where[0]) for *_, where in found]


def masked(parts: SplitResult) -> str:
    """Return an address as people may see it: enough to tell it from another, too little to post with."""
    key = _key(parts)
    hint = key[-SHOWN_KEY:] if len(key) > 3 * SHOWN_KEY else ""
    return f"{parts.hostname}/…{hint}"


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL or not url.isascii() or any(char.isspace() for char in url):
        raise _wrong("Enter the address of a group robot, at most 400 characters.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # names a wrong port
    except ValueError:
        raise _wrong("This is no address.") from None
    return parts


def _key(parts: SplitResult) -> str:
    return "".join(parse_qs(parts.query).get("key", [""])[:1])


def _wrong(message: str) -> RuleViolation:
    return RuleViolation(message, code="robot_address", field="url")
