"""Handing files out: to whom, and how."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.core.actor import MemberRole, StaffRole
from app.core.errors import NotFound, RuleViolation
from app.db import transaction
from app.files import service, sniff
from app.files.models import StoredFile
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.files import StoredFileFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask

    from app.accounts.models import Organization, User

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
ALLOWED = frozenset({sniff.PDF})


@dataclass
class Upload:
    """What a browser sends."""

    stream: BinaryIO
    filename: str | None = "licence.pdf"


@pytest.fixture
def company(session) -> Organization:
    organization: Organization = OrganizationFactory()
    return organization


@pytest.fixture
def member(company: Organization) -> User:
    user: User = UserFactory(organization=company, role=MemberRole.VIEWER)
    return user


def store(app: Flask, user: User, content: bytes = PDF, filename: str = "licence.pdf", **changes) -> StoredFile:
    with app.app_context(), transaction() as session:
        return service.store_upload(
            session,
            actor=user.as_actor(),
            upload=Upload(io.BytesIO(content), filename),
            now=NOON,
            **{"purpose": "licence", "allowed": ALLOWED, "max_bytes": 1000, **changes},
        )


def test_what_was_uploaded_comes_back(app, client, login, member) -> None:
    file = store(app, member)

    answer = login(client, member).get(f"/files/{file.id}")

    assert answer.status_code == 200
    assert answer.data == PDF
    assert answer.content_length == len(PDF)


def test_a_file_is_saved_and_never_run(app, client, login, member) -> None:
    file = store(app, member, filename="营业执照.pdf")

    headers = login(client, member).get(f"/files/{file.id}").headers

    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%90%A5")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("make", [officer, operator])
def test_the_desk_opens_the_papers_of_companies(app, client, login, member, make) -> None:
    file = store(app, member)

    assert login(client, make()).get(f"/files/{file.id}").status_code == 200


def test_another_company_does_not_learn_that_the_file_exists(app, client, login, member) -> None:
    file = store(app, member)
    stranger = UserFactory(organization=OrganizationFactory(), role=MemberRole.OWNER)

    assert login(client, stranger).get(f"/files/{file.id}").status_code == 404


def test_an_expert_does_not_open_the_papers_of_companies(app, client, login, member) -> None:
    file = store(app, member)

    assert login(client, UserFactory(staff=(StaffRole.EXPERT,))).get(f"/files/{file.id}").status_code == 404


def test_strangers_are_asked_to_log_in(app, client, member) -> None:
    file = store(app, member)

    assert client.get(f"/files/{file.id}").status_code == 302


@pytest.mark.parametrize("address", ["00000000-0000-4000-8000-000000000000", "1", "../secret_key", "nonsense"])
def test_what_does_not_exist_is_not_found(client, login, member, address) -> None:
    assert login(client, member).get(f"/files/{address}").status_code == 404


def test_each_opening_is_on_the_audit_trail(app, client, session, login, member) -> None:
    file = store(app, member)

    login(client, member).get(f"/files/{file.id}")

    events = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == file.id).order_by(AuditEvent.seq))
    assert list(events) == ["file.upload", "file.open"]


def test_a_refused_opening_is_not_recorded_as_one(app, client, session, login, member) -> None:
    file = store(app, member)

    login(client, UserFactory()).get(f"/files/{file.id}")

    opened = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "file.open")
    assert session.scalar(opened) == 0


def test_content_that_the_store_has_lost_is_not_found(client, login, member, company) -> None:
    file = StoredFileFactory(organization_id=company.id, sha256="ab" * 32)

    assert login(client, member).get(f"/files/{file.id}").status_code == 404


def test_equal_content_is_stored_once_and_known_twice(app, session, member) -> None:
    first, second = store(app, member), store(app, member, filename="copy.pdf")

    assert first.sha256 == second.sha256 == hashlib.sha256(PDF).hexdigest()
    assert first.id != second.id


def test_a_large_file_comes_in_pieces(app, client, login, member) -> None:
    content = PDF + bytes(range(256)) * 4096
    file = store(app, member, content, max_bytes=2_000_000)

    assert login(client, member).get(f"/files/{file.id}").data == content


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "licence.pdf", "file_empty"),
        (PDF + b"x" * 1000, "licence.pdf", "file_too_large"),
        (b"MZ" + b"\x00" * 200, "licence.pdf", "file_type"),
        (PDF, "licence.png", "file_mislabelled"),
        (PDF, "", "file_mislabelled"),
        (PDF, "../../etc/passwd", "file_mislabelled"),
    ],
)
def test_a_refused_upload_leaves_nothing_behind(app, session, member, content, filename, code) -> None:
    with pytest.raises(RuleViolation) as refusal:
        store(app, member, content, filename, field="licence")

    assert refusal.value.code == code
    assert refusal.value.field == "licence"
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_exactly_the_limit_is_accepted(app, session, member) -> None:
    file = store(app, member, PDF + b"x" * (1000 - len(PDF)))

    assert file.size_bytes == 1000


def test_reading_lost_content_says_so(app, company) -> None:
    file = StoredFileFactory(organization_id=company.id, sha256="cd" * 32)

    with app.app_context(), pytest.raises(NotFound):
        service.read_file(file)
