"""Before the deadline nobody but the firm learns anything: not what is in a bid, nor whose, nor that there is one."""

from __future__ import annotations

import datetime as dt
import io
import logging
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.bids.content import fill, filled, unseal_with_code
from app.bids.models import Bid
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.challenges.models import Challenge

EXPORT = "/desk/audit/export.csv"
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
    before = crawl(app, reader, leaving_out=(EXPORT,))

    bid = bid_of(challenge, bidder)

    after = crawl(app, reader, leaving_out=(EXPORT,))
    assert differences(before, after) == {}
    assert not [page for page in after.values() if any(word in page for word in (*SECRETS, bid.receipt_code))]


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


def test_the_export_tells_no_numbers_between_which_rows_are_missing(
    app: Flask, login: Callable[..., FlaskClient], session: Session
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))

    header = browser.get(EXPORT).text.splitlines()[0]

    assert "seq" not in header


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

    told = " ".join(str(vars(record)) for record in caplog.records if record.name.startswith("app"))
    assert "workspace_bids" in told
    assert not [word for word in (*SECRETS, "workspace_bids.submit", str(bid.id), bidder.email) if word in told]


def test_after_the_deadline_the_trail_shows_that_there_was_a_bid_but_nothing_of_it(
    session: Session,
    app: Flask,
    login: Callable[..., FlaskClient],
    challenge: Challenge,
    bidder: User,
    bid_of: Callable[..., Bid],
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    bid = bid_of(challenge, bidder)
    move_deadline(session, challenge, -dt.timedelta(milliseconds=1))

    export = browser.get(EXPORT).text

    assert "bid.seal" in export
    assert not [word for word in (*SECRETS, bid.receipt_code) if word in export]


def test_a_deadline_that_is_moved_keeps_the_rows_back_until_the_new_one(
    session: Session,
    app: Flask,
    login: Callable[..., FlaskClient],
    challenge: Challenge,
    bidder: User,
    bid_of: Callable[..., Bid],
) -> None:
    browser = login(app.test_client(), UserFactory(staff=(StaffRole.SUPERVISOR,)))
    bid_of(challenge, bidder)
    move_deadline(session, challenge, dt.timedelta(days=60))

    assert "bid.seal" not in browser.get(EXPORT).text
