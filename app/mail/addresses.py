"""Addresses as mail servers want them."""

from __future__ import annotations


def ascii_domain(address: str) -> str:
    """Return an address with its domain in IDNA, as servers look it up. Raises ValueError for a domain that is none."""
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else local + at + domain.encode("idna").decode("ascii")
