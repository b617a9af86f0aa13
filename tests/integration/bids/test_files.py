"""Annexing files to a draft."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.bids import service
from app.bids.content import read, unseal_with_code
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotFound, RuleViolation
from app.files import storage
from app.files.models import StoredFile
from tests.factories.accounts import UserFactory
from tests.factories.bids import CODE
from tests.support.bidding import complete_bid, editor_of, files_of, seal
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.bids.models import Bid

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
LIMIT = 1024


def attach(session: Session, bid: Bid, content: bytes = PDF, name: str = "report.pdf") -> None:
    upload = SimpleNamespace(filename=name, stream=io.BytesIO(content))
    service.attach_file(session, actor=editor_of(bid), bid_id=bid.id, upload=upload, max_bytes=LIMIT, now=NOON)
    session.commit()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("readme.txt", "measured")
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "name"), [(PDF, "report.pdf"), (archive(), "data.zip")])
def test_a_report_is_annexed_and_no_row_tells_of_it(session: Session, content: bytes, name: str) -> None:
    bid = complete_bid()

    attach(session, bid, content, name)

    file = files_of(session, bid)[0]
    assert (file.filename, file.size_bytes, file.sha256) == (name, len(content), hashlib.sha256(content).hexdigest())
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_the_store_holds_a_locked_file_and_not_what_was_uploaded(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bid, kept = complete_bid(), []
    monkeypatch.setattr(storage, "keep", lambda sha256, content: kept.append((sha256, content)))

    attach(session, bid)

    ((name, locked),) = kept
    assert PDF not in locked
    assert name == hashlib.sha256(locked).hexdigest() != hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.pdf", "file_empty"),
        (PDF + b" " * LIMIT, "large.pdf", "file_too_large"),
        (b"MZ\x90\x00 not a report", "tool.exe", "file_type"),
        (PDF, "report.docx", "file_mislabelled"),
        (b"a,b\n1,2\n", "table.csv", "file_type"),
    ],
)
def test_what_is_no_annex_is_refused_beside_the_field(session: Session, content: bytes, name: str, code: str) -> None:
    bid = complete_bid()

    with pytest.raises(RuleViolation) as refusal:
        attach(session, bid, content, name)

    assert (refusal.value.code, refusal.value.field) == (code, "upload")


def test_a_bid_takes_ten_files(session: Session) -> None:
    bid = complete_bid()
    [attach(session, bid, name=f"{number}.pdf") for number in range(10)]

    with pytest.raises(RuleViolation, match="ten files"):
        attach(session, bid)


def test_a_sealed_bid_takes_no_file(session: Session) -> None:
    bid = complete_bid()
    seal(session, bid)

    with pytest.raises(Conflict):
        attach(session, bid)


def test_a_file_taken_away_leaves_neither_its_name_nor_its_key(session: Session) -> None:
    bid = complete_bid()
    attach(session, bid)
    file_id = files_of(session, bid)[0].id

    service.detach_file(session, actor=editor_of(bid), bid_id=bid.id, file_id=file_id, now=NOON)
    session.commit()

    assert (read(bid).files, read(bid).blobs) == ((), {})


def test_a_file_of_another_bid_is_not_taken_away(session: Session) -> None:
    bid, other = complete_bid(), complete_bid()
    attach(session, other)
    file_id = files_of(session, other)[0].id

    with pytest.raises(NotFound):
        service.detach_file(session, actor=editor_of(bid), bid_id=bid.id, file_id=file_id, now=NOON)


def test_the_statement_names_every_file_by_its_hash(session: Session) -> None:
    bid = complete_bid()
    attach(session, bid)

    seal(session, bid)

    told = json.loads(unseal_with_code(bid, CODE).statement)
    assert [(file["filename"], file["sha256"]) for file in told["files"]] == [
        ("report.pdf", hashlib.sha256(PDF).hexdigest())
    ]


@pytest.mark.parametrize("role", list(MemberRole))
def test_everybody_in_the_firm_downloads_its_files(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient], role: MemberRole
) -> None:
    bid = complete_bid()
    attach(session, bid)
    login(client, UserFactory(organization=bid.firm, role=role))

    answer = client.get(f"/workspace/bids/{bid.id}/files/{files_of(session, bid)[0].id}")

    assert (answer.status_code, answer.data) == (200, PDF)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_files_of_a_sealed_bid_are_downloaded_with_the_code_only(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient]
) -> None:
    bid = complete_bid()
    attach(session, bid)
    address = f"/workspace/bids/{bid.id}"
    file_id = files_of(session, bid)[0].id
    seal(session, bid)
    login(client, UserFactory(organization=bid.firm))

    locked = client.get(f"{address}/files/{file_id}")
    client.post(f"{address}/reopen", data={"code": CODE})
    opened = client.get(f"{address}/files/{file_id}")

    assert (locked.status_code, opened.status_code, opened.data) == (404, 200, PDF)


def test_a_file_that_the_store_has_lost_is_not_found(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    bid = complete_bid()
    monkeypatch.setattr(storage, "keep", lambda sha256, content: None)
    attach(session, bid)
    login(client, UserFactory(organization=bid.firm))

    answer = client.get(f"/workspace/bids/{bid.id}/files/{files_of(session, bid)[0].id}")

    assert answer.status_code == 404
