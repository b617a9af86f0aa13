"""The cryptography of sealing; nothing here is invented, and nothing else of the portal encrypts bids.

A bid is locked with a fresh key of its own: AES-256-GCM (NIST SP 800-38D). The key is split by Shamir's scheme
("How to Share a Secret", CACM 22, 1979): any ``threshold`` shares restore it, fewer say nothing about it. Every
share is sealed to one holder's X25519 key (RFC 7748) with an ephemeral pair, whose secret goes through HKDF
(RFC 5869) into AES-256-GCM. A holder's private key is locked with a passphrase through scrypt (RFC 7914).
"""

from __future__ import annotations

import base64
import os
import secrets
import unicodedata
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY_BYTES, NONCE_BYTES, SALT_BYTES, CODE_BYTES = 32, 12, 16, 16
SHAMIR_BYTES = 16
"""What the scheme splits at a time; a key is two such halves."""
PADDED_TO = 4096
"""The length of a ciphertext tells the length of its content only to this many bytes."""


class CannotOpen(Exception):
    """The wrong key, passphrase or purpose, too few shares, or a changed ciphertext: which one is not told."""


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's part of a key."""

    index: int
    value: bytes

    def to_bytes(self) -> bytes:
        """Return the share as it is sealed to its holder."""
        return bytes([self.index]) + self.value

    @classmethod
    def from_bytes(cls, told: bytes) -> Share:
        """Return the share that a holder has opened."""
        return cls(told[0], told[1:])


@dataclass(frozen=True, slots=True)
class Cost:
    """What scrypt spends on one guess of a passphrase: about 128 · n · r bytes of memory."""

    n: int = 2**16
    r: int = 8
    p: int = 1


STANDARD_COST = Cost()


def new_key() -> bytes:
    """Return a fresh key for one bid or one file."""
    return secrets.token_bytes(KEY_BYTES)


def new_salt() -> str:
    """Return 128 random bits in hexadecimal digits, which keep a hash from confirming a guess."""
    return secrets.token_hex(SALT_BYTES)


def encrypt(key: bytes, content: bytes, *, about: str) -> bytes:
    """Return the content under AES-256-GCM (NIST SP 800-38D); ``about`` is authenticated with it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, about.encode())


def decrypt(key: bytes, box: bytes, *, about: str) -> bytes:
    """Return what ``encrypt`` was given. Raises CannotOpen."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def padded(text: bytes) -> bytes:
    """Return JSON followed by so many blanks that its length says little."""
    return text.ljust(-(-len(text) // PADDED_TO) * PADDED_TO)


def split(key: bytes, *, holders: int, threshold: int) -> list[Share]:
    """Return one share of the key for each holder (Shamir 1979); any ``threshold`` of them restore it.

    Raises ValueError unless 2 <= threshold <= holders: a threshold of one would let one person open.
    """
    from Crypto.Protocol.SecretSharing import Shamir

    if not 2 <= threshold <= holders:
        raise ValueError("a threshold is at least two and at most the number of holders")
    halves = [
        dict(Shamir.split(threshold, holders, key[start : start + SHAMIR_BYTES]))
        for start in range(0, KEY_BYTES, SHAMIR_BYTES)
    ]
    return [Share(index, b"".join(half[index] for half in halves)) for index in sorted(halves[0])]


def combine(shares: Sequence[Share]) -> bytes:
    """Return what these shares make together: the key, if they are enough and right, else noise."""
    from Crypto.Protocol.SecretSharing import Shamir

    return b"".join(
        Shamir.combine([(share.index, share.value[start : start + SHAMIR_BYTES]) for share in shares])
        for start in range(0, KEY_BYTES, SHAMIR_BYTES)
    )


def decrypt_with_shares(shares: Sequence[Share], threshold: int, box: bytes, *, about: str) -> bytes:
    """Return the content that ``threshold`` of the shares open, whichever are intact. Raises CannotOpen."""
    for some in combinations(shares, threshold):
        try:
            return decrypt(combine(some), box, about=about)
        except CannotOpen:
            continue
    raise CannotOpen


def new_pair() -> tuple[bytes, bytes]:
    """Return a fresh public and private X25519 key (RFC 7748), 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def seal_to(public: bytes, content: bytes, *, about: str) -> bytes:
    """Return the content so that only the holder of the private key reads it; the sender keeps no key."""
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    return sender + encrypt(_agreed(shared, sender, public), content, about=about)


def open_sealed(private: bytes, sealed: bytes, *, about: str) -> bytes:
    """Return what ``seal_to`` was given. Raises CannotOpen."""
    own = X25519PrivateKey.from_private_bytes(private)
    sender = sealed[:KEY_BYTES]
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
    except ValueError:
        raise CannotOpen from None
    return decrypt(_agreed(shared, sender, own.public_key().public_bytes_raw()), sealed[KEY_BYTES:], about=about)


def lock_private(private: bytes, passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
    """Return a private key under a passphrase (scrypt, then AES-256-GCM)."""
    return encrypt(_stretched(passphrase, salt, cost), private, about="private key")


def unlock_private(box: bytes, passphrase: str, *, salt: bytes, cost: Cost) -> bytes:
    """Return the private key. Raises CannotOpen for the wrong passphrase."""
    return decrypt(_stretched(passphrase, salt, cost), box, about="private key")


def new_code() -> str:
    """Return a reopening code: 128 random bits as people copy them, in groups of four."""
    plain = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=")
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def lock_with_code(code: str, key: bytes, *, about: str) -> bytes:
    """Return a bid's key so that whoever has the code can use it; the code itself is kept nowhere."""
    return encrypt(_of_code(code, about), key, about=about)


def unlock_with_code(code: str, box: bytes, *, about: str) -> bytes:
    """Return the bid's key. Raises CannotOpen for another code."""
    return decrypt(_of_code(code, about), box, about=about)


def _agreed(shared: bytes, sender: bytes, receiver: bytes) -> bytes:
    """Bind the key to both ends of the exchange, as RFC 7748 §6.1 advises."""
    return HKDF(SHA256(), KEY_BYTES, salt=sender + receiver, info=b"chipbridge share").derive(shared)


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p).derive(_typed(passphrase))


def _typed(passphrase: str) -> bytes:
    return unicodedata.normalize("NFKC", passphrase.strip()).encode()


def _of_code(code: str, about: str) -> bytes:
    """Return the key of a code: 128 random bits need no stretching; blanks, dashes and small letters do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"chipbridge reopen {about}".encode()).derive(plain.encode())
