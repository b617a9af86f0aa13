from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import dkim as reader
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.mail.compose import compose
from app.mail.dkim import Signer, load_signer
from app.notifications.digest_mail import headers
from tests.golden.letters import LETTERHEAD, LOCALES, letter
from tests.support.clock import NOON

if TYPE_CHECKING:
    from pathlib import Path

KEY = rsa.generate_private_key(65537, 2048)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
SIGNER = Signer(KEY, "chipbridge.example", "chipbridge")


def signed(locale: str = "zh_Hans_CN") -> bytes:
    raw = compose(
        letter("digest", locale),
        letterhead=LETTERHEAD,
        message_id="<0123456789abcdef@chipbridge.example>",
        recipient="person@example.com",
        locale=locale,
        now=NOON,
        headers=headers("/unsubscribe/word"),
    )
    return SIGNER.sign(raw, NOON)


def is_believed(raw: bytes) -> bool:
    """Return what an independent library says of a signature."""

    def look_up(name: bytes, timeout: float = 5) -> bytes:
        assert name == b"chipbridge._domainkey.chipbridge.example."
        return b"v=DKIM1; k=rsa; p=" + PUBLIC

    return bool(reader.verify(raw, dnsfunc=look_up))


@pytest.mark.parametrize("locale", LOCALES)
def test_another_library_believes_a_signature(locale: str) -> None:
    assert is_believed(signed(locale))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"person@example.com", b"other@example.com"),
        (b"/unsubscribe/word", b"/unsubscribe/other"),
        (b"PGh0bWw", b"PGh0bWx"),
        (b"Subject: ", b"Subject: x"),
    ],
)
def test_nobody_believes_it_after_a_change(before: bytes, after: bytes) -> None:
    raw = signed("en")

    assert not is_believed(raw.replace(before, after, 1) if before in raw else raw + b"x\r\n")


def test_nobody_can_add_a_second_sender() -> None:
    raw = signed()

    assert not is_believed(raw.replace(b"From:", b"From: other@example.com\r\nFrom:", 1))


def test_a_key_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    signer = load_signer(path, domain="chipbridge.example", selector="chipbridge")

    assert signer.key.private_numbers() == KEY.private_numbers()


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    other = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    with pytest.raises(ValueError, match="RSA key"):
        load_signer(path, domain="chipbridge.example", selector="chipbridge")
