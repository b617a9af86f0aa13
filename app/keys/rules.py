"""What a passphrase must be; pure, so that form and service agree."""

from __future__ import annotations

from app.accounts.passwords import is_guessable

OWNER = "owner"
"""Role of a challenge owner's holder; everybody else holds a key in a staff role."""
MIN_LENGTH, MAX_LENGTH = 16, 200
MAX_FAILURES = 5
"""Wrong passphrases before the key rests for a quarter of an hour."""


def flaw_of(passphrase: str, *personal: str) -> str:
    """Return what is wrong with a passphrase; empty: nothing."""
    if len(passphrase.strip()) < MIN_LENGTH:
        return "Use at least 16 characters, for example five words that do not belong together."
    if len(passphrase) > MAX_LENGTH:
        return "Use at most 200 characters."
    if is_guessable(passphrase, *personal):
        return "This passphrase is easy to guess."
    return ""
