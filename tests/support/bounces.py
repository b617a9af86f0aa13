"""Reports of mail servers and readers, as they come."""

from __future__ import annotations


def bounce(
    message_id: str,
    address: str = "a.need@example.com",
    *,
    status: str = "5.1.1",
    action: str = "failed",
    part: str = "text/rfc822-headers",
) -> bytes:
    """Return a delivery report (RFC 3464) about one address."""
    return f"""\
From: MAILER-DAEMON@mail.test
To: noreply@chipbridge.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.test
Arrival-Date: Tue, 24 Nov 2026 12:00:00 +0800

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{address}>: Recipient address
    rejected; User unknown

--b
Content-Type: {part}

Message-ID: {message_id}
To: {address}
Subject: A need

--b--
""".replace("\n", "\r\n").encode()


def complaint(message_id: str, address: str = "") -> bytes:
    """Return a reader's complaint (RFC 5965); most services leave the address out."""
    told = f"Original-Rcpt-To: <{address}>\n" if address else ""
    return f"""\
From: fbl@mail.test
To: noreply@chipbridge.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Mail/1
Version: 1
{told}
--b
Content-Type: message/rfc822

Message-ID: {message_id}
To: somebody
Subject: A need

text
--b--
""".replace("\n", "\r\n").encode()
