"""Annexing files to a draft."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.bids import service
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotFound, RuleViolation
from app.files.models import StoredFile
from tests.factories.accounts import UserFactory
from tests.support.bidding import complete_bid
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.core.actor import Actor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
LIMIT = 1024


def editor(bid: Bid) -> Actor:
    actor: Actor = UserFactory(organization=bid.organization).as_actor()
    return actor


def attach(session: Session, bid: Bid, content: bytes = PDF, name: str = "report.pdf") -> None:
    upload = SimpleNamespace(filename=name, stream=io.BytesIO(content))
    service.attach_file(session, actor=editor(bid), bid_id=bid.id, upload=upload, max_bytes=LIMIT, now=NOON)
    session.commit()


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("readme.txt", "measured")
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "name"), [(PDF, "report.pdf"), (archive(), "data.zip")])
def test_a_report_is_annexed_under_the_seal_of_its_competition(session: Session, content: bytes, name: str) -> None:
    bid = complete_bid()

    attach(session, bid, content, name)

    file = session.scalars(select(StoredFile)).one()
    assert (file.filename, file.purpose, file.organization_id) == (name, "bid", bid.organization_id)
    assert file.sealed_by == bid.challenge_id


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
    service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    with pytest.raises(Conflict):
        attach(session, bid)


def test_a_file_taken_away_cannot_be_opened_any_more(session: Session) -> None:
    bid = complete_bid()
    attach(session, bid)
    file_id = bid.files[0].file_id

    service.detach_file(session, actor=editor(bid), bid_id=bid.id, file_id=file_id, now=NOON)

    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_file_of_another_bid_is_not_taken_away(session: Session) -> None:
    bid, other = complete_bid(), complete_bid()
    attach(session, other)

    with pytest.raises(NotFound):
        service.detach_file(session, actor=editor(bid), bid_id=bid.id, file_id=other.files[0].file_id, now=NOON)


def test_the_hash_covers_the_files(session: Session) -> None:
    bid = complete_bid()
    first = service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON).content_hash
    service.revise_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)
    attach(session, bid)

    second = service.seal_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON).content_hash

    assert first != second


def test_withdrawing_takes_the_files_away(session: Session) -> None:
    bid = complete_bid()
    attach(session, bid)

    service.withdraw_bid(session, actor=editor(bid), bid_id=bid.id, now=NOON)

    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


@pytest.mark.parametrize("role", list(MemberRole))
def test_everybody_in_the_firm_downloads_its_files(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient], role: MemberRole
) -> None:
    bid = complete_bid()
    attach(session, bid)
    login(client, UserFactory(organization=bid.organization, role=role))

    answer = client.get(f"/files/{bid.files[0].file_id}")

    assert (answer.status_code, answer.data) == (200, PDF)
