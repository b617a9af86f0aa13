"""What mail servers and readers report of messages: undeliverable (RFC 3464), or unwanted (RFC 5965)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from typing import TYPE_CHECKING

from app.mail.models import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSING = re.compile(r"5\.(2\.[23]|3\.4|7\.)")
"""Failures that say nothing against the address: full mailboxes, large messages, policies."""
STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
"""What says for good why a message was not taken (RFC 3463)."""
ACTIONS = {"failed": ReportKind.BOUNCE, "delayed": ReportKind.DELAY}
MESSAGE_ID = re.compile(r"<[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Report:
    """One address of one report."""

    kind: ReportKind
    address: str
    status: str
    diagnostic: str
    message_id: str
    """Of the message that is reported on; empty when the report does not say."""

    @property
    def fingerprint(self) -> str:
        """The same for the same report, by whatever way it comes."""
        told = (self.kind.value, self.address.lower(), self.status, self.message_id)
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @property
    def ends_address(self) -> bool:
        """Whether nothing more is to be sent to the address."""
        if self.kind is ReportKind.COMPLAINT:
            return True
        return self.kind is ReportKind.BOUNCE and self.status.startswith("5") and not PASSING.match(self.status)


def read_reports(raw: bytes) -> list[Report]:
    """Return what a message reports, one entry an address; nothing when it is no report."""
    message: Message = message_from_bytes(raw, policy=policy.compat32)
    parts = list(message.walk())
    kinds = {part.get_content_type(): part for part in reversed(parts)}
    message_id = _reported_id(kinds)
    if "message/feedback-report" in kinds:
        return [_complaint(kinds, message_id)]
    if "message/delivery-status" in kinds:
        return list(_bounces(kinds["message/delivery-status"], message_id))
    return []


def _reported_id(kinds: dict[str, Message]) -> str:
    """Return the Message-ID of the message that came back, whole or its headers only."""
    for kind in ("message/rfc822", "text/rfc822-headers"):
        if kind in kinds:
            inner = _inner(kinds[kind])
            found = MESSAGE_ID.search(str(inner.get("Message-ID", "")))
            if found:
                return found[0]
    return ""


def _inner(part: Message) -> Message:
    """Return the headers inside a part, whether the parser took them for a message or for text."""
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else payload
    return first if isinstance(first, Message) else message_from_string(str(first))


def _bounces(part: Message, message_id: str) -> Iterator[Report]:
    blocks = part.get_payload()
    for block in (one for one in blocks if isinstance(one, Message)) if isinstance(blocks, list) else ():
        kind = ACTIONS.get(str(block.get("Action", "")).strip().lower())
        address = _typed(block.get("Original-Recipient")) or _typed(block.get("Final-Recipient"))
        if kind is not None and address:
            status = str(block.get("Status", "")).strip()[:20]
            yield Report(kind, address, status, _typed(block.get("Diagnostic-Code"))[:500], message_id)


def _complaint(kinds: dict[str, Message], message_id: str) -> Report:
    block = _inner(kinds["message/feedback-report"])
    address = _typed(block.get("Original-Rcpt-To")).strip("<> ")
    told = str(block.get("Feedback-Type", "")).strip()[:100]
    return Report(ReportKind.COMPLAINT, address, "", told, message_id)


def _typed(value: object) -> str:
    """Return what stands behind ``rfc822;`` or ``smtp;``, in one line."""
    text = str(value or "")
    return " ".join(text.partition(";")[2].split()) if ";" in text[:20] else " ".join(text.split())
