"""Before the opening nobody but the firm learns anything: not what is in a bid, nor whose, nor that there is one."""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.sealed import disclose
from app.bids.content import fill, filled, unseal_with_code
from app.bids.models import Bid, Opening
from app.bids.routes import editor
from app.core.actor import MemberRole, StaffRole
from app.mail.models import MailMessage
from app.notifications.service import tell_sealed
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import CODE
from tests.factories.catalog import ProductFactory
from tests.support.bidding import complete_bid, move_deadline, open_challenge, sent
from tests.support.clock import NOON
from tests.support.crawl import crawl, differences
from tests.support.dump import dump_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.challenges.models import Challenge

TRAIL = "/desk/audit/"
"""Grows by itself while a supervisor reads."""
EXPORT = f"{TRAIL}export.csv"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
VERBS = ("edit", "submit", "revise", "withdraw", "files", "matrix")
SECRETS = ("密不透风的方案", "1234.5", "密标攻关", "密标报告", "密标证据")


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return open_challenge()


@pytest.fixture
def bidder(session: Session) -> User:
    firm = OrganizationFactory(chip=True, legal_name_zh="密标芯片有限公司")
    user: User = UserFactory(organization=firm, role=MemberRole.OWNER)
    return user


@pytest.fixture
def bid_of(session: Session, app: Flask, login: Callable[..., FlaskClient]) -> Callable[[Challenge, User], Bid]:
    """Return a function that bids through the pages, with a file, unsaved input, a seal and its messages."""

    def bid_through_the_pages(challenge: Challenge, bidder: User) -> Bid:
        bid = complete_bid(
            challenge,
            organization=bidder.membership.organization,
            approach=SECRETS[0],
            price_total_wan=Decimal(SECRETS[1]),
            project_name=SECRETS[2],
        )
        first, *others = filled(bid).commitments
        fill(bid, replace(filled(bid), commitments=(replace(first, evidence=SECRETS[4]), *others)), NOON)
        session.commit()
        browser = login(app.test_client(), bidder)
        _upload(browser, bid)
        browser.post(f"/workspace/drafts/bid/{bid.id}", data={"approach": SECRETS[0]})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(editor, "new_code", lambda: CODE)
            answer = browser.post(f"/workspace/bids/{bid.id}/submit")
        assert answer.status_code == 303, answer.text
        key, firm_id = f"bid.seal:{bid.id}", bid.firm.id
        tell_sealed(session, organization_id=firm_id, sealed_by=challenge.id, key=key, now=NOON)
        session.commit()
        session.refresh(bid)
        return bid

    return bid_through_the_pages


def _upload(browser: FlaskClient, bid: Bid) -> None:
    page = browser.get(f"/workspace/bids/{bid.id}/edit").text
    assert SECRETS[0] in page
    answer = browser.post(
        f"/workspace/bids/{bid.id}/files",
        data={**sent(bid), "upload": (io.BytesIO(PDF), f"{SECRETS[3]}.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, answer.text


PERSONS = {
    "officer": lambda _challenge: UserFactory(staff=(StaffRole.PROVINCIAL_AUTHORITY,)),
    "operator": lambda _challenge: UserFactory(staff=(StaffRole.OPERATOR,)),
    "supervisor": lambda _challenge: UserFactory(staff=(StaffRole.SUPERVISOR,)),
    "audit administrator": lambda _challenge: UserFactory(staff=(StaffRole.AUDIT_ADMIN,)),
    "poster": lambda challenge: UserFactory(organization=challenge.organization, role=MemberRole.OWNER),
    "another chip firm": lambda _challenge: UserFactory(
        organization=ProductFactory().organization, role=MemberRole.OWNER
    ),
}


@pytest.fixture(params=PERSONS)
def reader(
    request: pytest.FixtureRequest, app: Flask, challenge: Challenge, login: Callable[..., FlaskClient]
) -> FlaskClient:
    """The browser of somebody who is not the bidder."""
    return login(app.test_client(), PERSONS[request.param](challenge))


def test_the_whole_portal_looks_as_if_there_were_no_bid(
    app: Flask, reader: FlaskClient, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    before = crawl(app, reader, leaving_out=(TRAIL,))

    bid = bid_of(challenge, bidder)

    after = crawl(app, reader, leaving_out=(TRAIL,))
    assert differences(before, after) == {}
    assert not [page for page in after.values() if any(word in page for word in (*SECRETS, bid.receipt_code))]


@pytest.mark.parametrize("reader", ["officer", "operator", "audit administrator"], indirect=True)
def test_the_trail_looks_as_if_there_were_no_bid(
    reader: FlaskClient, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    before = reader.get(TRAIL).text

    bid_of(challenge, bidder)

    assert reader.get(TRAIL).text == before


def test_strangers_see_no_difference_either(
    app: Flask, client: FlaskClient, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    before = crawl(app, client)

    bid_of(challenge, bidder)

    assert differences(before, crawl(app, client)) == {}


def test_the_export_of_the_trail_names_neither_bid_nor_bidder(
    app: Flask, login: Callable[..., FlaskClient], challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    bid_of(challenge, bidder)

    export = browser.get(EXPORT).text

    assert "bid." not in export
    assert "file." not in export
    assert bidder.name not in export


def test_the_numbers_of_the_trail_have_no_gaps_that_would_count_bids(
    app: Flask, login: Callable[..., FlaskClient], challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    browser.get(TRAIL)
    bid_of(challenge, bidder)

    rows = csv.DictReader(io.StringIO(browser.get(EXPORT).get_data(as_text=True).removeprefix("\ufeff")))

    assert [row["number"] for row in rows] == ["1", "2", "3"]


def test_to_others_a_bid_does_not_exist_and_nothing_can_be_done_with_it(
    reader: FlaskClient, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    address = f"/workspace/bids/{bid_of(challenge, bidder).id}"

    read = [reader.get(address + path).status_code for path in ("", "/edit")]
    done = [reader.post(f"{address}/{verb}").status_code for verb in VERBS]

    assert {*read, *done} == {404}


def test_its_files_cannot_be_opened_by_others(
    session: Session, reader: FlaskClient, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    bid_of(challenge, bidder)
    bid = session.scalars(select(Bid)).one()
    file = unseal_with_code(bid, CODE).content.files[0]

    assert reader.get(f"/files/{file.id}").status_code == 404
    assert reader.get(f"/workspace/bids/{bid.id}/files/{file.id}").status_code == 404


def test_every_row_about_a_bid_names_the_competition_that_seals_it(
    session: Session, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    bid_of(challenge, bidder)

    sealed = {kind: set(session.scalars(select(kind.sealed_by)).all()) for kind in (AuditEvent, Job, MailMessage)}

    assert sealed == {kind: {challenge.id} for kind in (AuditEvent, Job, MailMessage)}


def test_the_log_of_requests_does_not_tell_what_was_done_to_bids(
    caplog: pytest.LogCaptureFixture, challenge: Challenge, bidder: User, bid_of: Callable[..., Bid]
) -> None:
    caplog.set_level(logging.INFO, logger="app")
    logging.getLogger("app").propagate = True

    bid = bid_of(challenge, bidder)

    told = dump_log(record for record in caplog.records if record.name.startswith("app")).decode()
    assert "workspace_bids" in told
    assert not [word for word in (*SECRETS, "workspace_bids.submit", str(bid.id), bidder.email) if word in told]


@pytest.mark.parametrize("left", [dt.timedelta(days=60), dt.timedelta(0), dt.timedelta(milliseconds=-1)])
def test_no_deadline_alone_lets_the_trail_tell_that_there_is_a_bid(
    session: Session,
    app: Flask,
    login: Callable[..., FlaskClient],
    challenge: Challenge,
    bidder: User,
    bid_of: Callable[..., Bid],
    left: dt.timedelta,
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    bid_of(challenge, bidder)
    move_deadline(session, challenge, left)

    disclose(session)
    session.commit()

    assert "bid.seal" not in browser.get(EXPORT).text


def test_after_the_opening_the_trail_shows_who_bid_but_nothing_of_the_bid(
    session: Session,
    app: Flask,
    login: Callable[..., FlaskClient],
    challenge: Challenge,
    bidder: User,
    bid_of: Callable[..., Bid],
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    bid = bid_of(challenge, bidder)
    session.add(Opening(challenge_id=challenge.id, closed_at=NOON, list_hash="0" * 64, opened_at=NOON))
    session.commit()

    disclose(session)
    session.commit()

    export = browser.get(EXPORT).text
    assert "bid.seal" in export
    assert bidder.name in export
    assert not [word for word in (*SECRETS, bid.receipt_code) if word in export]
