"""The pages of receipts, openings and published commitments."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.bids import service
from app.bids.models import Bid, BidReading
from app.bids.routes import editor, workspace
from app.core.actor import MemberRole, StaffRole
from app.core.errors import Conflict
from app.keys.crypto import new_code
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import CODE
from tests.factories.challenges import ProgrammeFactory
from tests.factories.keys import PASSPHRASE, ChallengeKeyHolderFactory, KeyHolderFactory
from tests.support.bidding import complete_bid, open_challenge, seal
from tests.support.clock import NOON
from tests.support.opening import pass_deadline, release, sealed_bids
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge

MAX_QUERIES = 12


@pytest.fixture
def browser(app: Flask, session: Session, login: Callable[..., FlaskClient]) -> Callable[[Any], FlaskClient]:
    """Return a function that gives somebody's browser."""
    return lambda user: login(app.test_client(), user)


@pytest.fixture
def fixed_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "new_code", lambda: CODE)
    monkeypatch.setattr(workspace, "new_code", lambda: CODE)


def member(bid: Bid) -> User:
    user: User = UserFactory(organization=bid.firm, role=MemberRole.EDITOR, locale="en")
    return user


def keepers(session: Session, challenge: Challenge) -> list[User]:
    query = (
        select(User)
        .join(KeyHolder, KeyHolder.user_id == User.id)
        .join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
        .where(ChallengeKeyHolder.challenge_id == challenge.id, ChallengeKeyHolder.purpose == Purpose.OPEN)
        .order_by(KeyHolder.id)
    )
    return list(session.scalars(query))


def closed(session: Session) -> Bid:
    bid = sealed_bids(session)[0]
    pass_deadline(session, bid.challenge)
    return bid


@pytest.mark.usefixtures("fixed_code")
def test_the_code_is_shown_once_and_stays_in_the_browser(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = complete_bid()
    firm = browser(member(bid))

    answer = firm.post(f"/workspace/bids/{bid.id}/submit")
    first, second = firm.get(answer.location).text, firm.get(answer.location).text

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert f"Path=/workspace/bids/{bid.id}" in cookie
    assert CODE in first
    assert CODE not in second
    assert "以已量产的14串产品为基础" in second


def test_a_colleague_sees_the_receipt_but_the_content_with_the_code_only(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    bid = seal(session, complete_bid())
    colleague, address = browser(member(bid)), f"/workspace/bids/{bid.id}"

    locked = colleague.get(address).text
    wrong = colleague.post(f"{address}/reopen", data={"code": new_code()})
    right = colleague.post(f"{address}/reopen", data={"code": CODE.lower()})

    assert bid.content_hash in locked
    assert "以已量产的14串产品为基础" not in locked
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "以已量产的14串产品为基础" in colleague.get(address).text


def test_without_the_code_a_bid_is_not_taken_back_but_withdrawn(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    bid = seal(session, complete_bid())
    colleague = browser(member(bid))

    assert colleague.post(f"/workspace/bids/{bid.id}/revise").status_code == 422
    assert colleague.post(f"/workspace/bids/{bid.id}/withdraw").status_code == 303


def test_the_downloaded_statement_hashes_to_the_commitment_before_and_after_the_opening(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    bid = seal(session, complete_bid())
    firm, address = browser(member(bid)), f"/workspace/bids/{bid.id}"
    locked = firm.get(f"{address}/statement.json")
    firm.post(f"{address}/reopen", data={"code": CODE})
    before = firm.get(f"{address}/statement.json")
    pass_deadline(session, bid.challenge)
    [release(session, one, bid.challenge) for one in _holders(session, bid.challenge)[:2]]
    after = firm.get(f"{address}/statement.json")

    assert locked.status_code == 404
    assert hashlib.sha256(before.data).hexdigest() == bid.content_hash
    assert after.data == before.data


def _holders(session: Session, challenge: Challenge) -> list[KeyHolder]:
    query = select(KeyHolder).join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
    return list(session.scalars(query.where(ChallengeKeyHolder.challenge_id == challenge.id).order_by(KeyHolder.id)))


def test_the_downloaded_receipt_holds_the_code_where_the_browser_has_it(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    bid = seal(session, complete_bid())
    firm, address = browser(member(bid)), f"/workspace/bids/{bid.id}"
    without = json.loads(firm.get(f"{address}/receipt.json").data)
    firm.post(f"{address}/reopen", data={"code": CODE})
    told = json.loads(firm.get(f"{address}/receipt.json").data)

    assert without["reopening_code"] == ""
    assert told["reopening_code"] == CODE
    assert (told["commitment"], told["bidder"]) == (bid.content_hash, bid.firm.legal_name_zh)


def test_a_draft_has_no_receipt(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = complete_bid()

    assert browser(member(bid)).get(f"/workspace/bids/{bid.id}/receipt.json").status_code == 404


@pytest.mark.usefixtures("fixed_code")
def test_an_outdated_bid_is_confirmed_with_one_button(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = seal(session, complete_bid())
    bid.challenge.edition = bid.challenge.reconfirm_from_edition = 2
    session.commit()
    firm, address = browser(member(bid)), f"/workspace/bids/{bid.id}"
    assert "Confirm this bid before the deadline" in firm.get(address).text
    assert firm.post(f"{address}/confirm").status_code == 422

    firm.post(f"{address}/reopen", data={"code": CODE})
    answer = firm.post(f"{address}/confirm")

    session.refresh(bid)
    assert (answer.status_code, bid.challenge_edition) == (303, 2)
    assert "Confirm this bid before the deadline" not in firm.get(address).text


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_two_people_open_the_bids_on_the_page(
    session: Session, browser: Callable[..., FlaskClient], locale: str
) -> None:
    bid = closed(session)
    first, second, _spare = keepers(session, bid.challenge)
    address = f"/openings/{bid.challenge_id}"
    one, other = browser(first), browser(second)
    one.post("/locale", data={"locale": locale})

    refused = one.post(f"{address}/release", data={"passphrase": "not the passphrase"})
    done = one.post(f"{address}/release", data={"passphrase": PASSPHRASE})
    waiting = one.get(address).text
    opened = other.post(f"{address}/release", data={"passphrase": PASSPHRASE})

    assert (refused.status_code, done.status_code, opened.status_code) == (422, 303, 303)
    assert "1/2" in waiting
    assert bid.firm.legal_name_zh not in waiting
    assert bid.firm.legal_name_zh in one.get(address).text


def test_a_wrong_passphrase_is_counted_although_it_is_refused(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    bid = closed(session)
    person = keepers(session, bid.challenge)[0]

    browser(person).post(f"/openings/{bid.challenge_id}/release", data={"passphrase": "not the passphrase"})

    assert session.scalar(select(KeyHolder.failures).where(KeyHolder.user_id == person.id)) == 1


def test_a_replayed_release_is_a_conflict(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = closed(session)
    holder = browser(keepers(session, bid.challenge)[0])
    holder.post(f"/openings/{bid.challenge_id}/release", data={"passphrase": PASSPHRASE})

    again = holder.post(f"/openings/{bid.challenge_id}/release", data={"passphrase": PASSPHRASE})

    assert again.status_code == 409


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"staff": (StaffRole.PROVINCIAL_AUTHORITY,)}, 200),
        ({"staff": (StaffRole.SUPERVISOR,)}, 200),
        ({"staff": (StaffRole.EXPERT,)}, 404),
        ({}, 404),
    ],
)
def test_the_desk_watches_an_opening_and_nobody_else(
    session: Session, browser: Callable[..., FlaskClient], person: dict[str, Any], status: int
) -> None:
    bid = closed(session)

    assert browser(UserFactory(**person)).get(f"/openings/{bid.challenge_id}").status_code == status


def test_the_challenge_owners_key_holder_releases_too(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = sealed_bids(session, 1)[0]
    owner = UserFactory(organization=bid.challenge.organization, role=MemberRole.OWNER)

    assert browser(owner).get(f"/openings/{bid.challenge_id}").status_code == 404

    challenge = open_challenge(holders=1)
    boss = UserFactory(organization=challenge.organization, role=MemberRole.OWNER)
    key = KeyHolderFactory(user=boss, user_id=boss.id, organization_id=challenge.organization_id, role="owner")
    ChallengeKeyHolderFactory(challenge_id=challenge.id, holder=key)
    seal(session, complete_bid(challenge))
    pass_deadline(session, challenge)

    assert browser(boss).get(f"/openings/{challenge.id}").status_code == 200
    answer = browser(boss).post(f"/openings/{challenge.id}/release", data={"passphrase": PASSPHRASE})
    assert answer.status_code == 303


@pytest.mark.parametrize("tab", ["waiting", "running", "opened", "nonsense"])
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_the_list_of_openings_stays_within_the_limit_of_queries(
    session: Session, browser: Callable[..., FlaskClient], tab: str, locale: str
) -> None:
    closed(session)
    officer = browser(UserFactory(staff=(StaffRole.PROVINCIAL_AUTHORITY,), locale=locale))

    with count_queries() as statements:
        answer = officer.get(f"/openings/?tab={tab}")

    assert answer.status_code == 200
    assert len(statements) <= MAX_QUERIES, statements


def test_one_opening_stays_within_the_limit_of_queries(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = closed(session)
    officer = browser(UserFactory(staff=(StaffRole.PROVINCIAL_AUTHORITY,)))

    with count_queries() as statements:
        officer.get(f"/openings/{bid.challenge_id}")

    assert len(statements) <= MAX_QUERIES, statements


def test_before_the_deadline_the_public_page_says_nothing_of_bids(session: Session, client: FlaskClient) -> None:
    bid = sealed_bids(session, 1)[0]
    address = f"/challenges/{bid.challenge_id}"

    page = client.get(f"{address}/commitments/")

    assert page.status_code == 200
    assert bid.content_hash not in page.text
    assert client.get(f"{address}/commitments.json").status_code == 404
    checked = client.post(f"{address}/commitments/", data={"code": bid.receipt_code}).text
    assert bid.content_hash not in checked


def test_at_the_deadline_everybody_reads_the_list_and_can_hash_it(session: Session, client: FlaskClient) -> None:
    bid = closed(session)
    address = f"/challenges/{bid.challenge_id}"

    page, file = client.get(f"{address}/commitments/").text, client.get(f"{address}/commitments.json").data

    assert bid.content_hash in page
    assert bid.firm.legal_name_zh not in page
    assert bid.receipt_code not in page
    assert hashlib.sha256(file).hexdigest() in page
    assert bid.content_hash.encode() in file


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("receipt_code", 200, "This receipt is on the list"),
        ("content_hash", 200, "This receipt is on the list"),
        ("0000-1111-2222-3333", 200, "has this receipt code"),
        ("c" * 64, 200, "No bid with this commitment"),
        ("nonsense", 422, "neither a receipt code"),
        ("", 422, "neither a receipt code"),
    ],
)
def test_anybody_checks_a_receipt(session: Session, client: FlaskClient, typed: str, status: int, said: str) -> None:
    bid = closed(session)
    client.post("/locale", data={"locale": "en"})

    answer = client.post(
        f"/challenges/{bid.challenge_id}/commitments/", data={"code": getattr(bid, typed or "-", typed)}
    )

    assert answer.status_code == status
    assert said in answer.text


def test_a_downloaded_receipt_is_checked_as_it_is(
    session: Session, client: FlaskClient, browser: Callable[..., FlaskClient]
) -> None:
    bid = closed(session)
    client.post("/locale", data={"locale": "en"})
    receipt = browser(member(bid)).get(f"/workspace/bids/{bid.id}/receipt.json").data
    address = f"/challenges/{bid.challenge_id}/commitments/"

    good = client.post(address, data={"receipt": (io.BytesIO(receipt), "receipt.json")})
    forged = receipt.replace(bid.content_hash.encode(), b"d" * 64)
    bad = client.post(address, data={"receipt": (io.BytesIO(forged), "receipt.json")})

    assert "This receipt is on the list" in good.text
    assert "differs from this receipt" in bad.text


def test_the_receipt_of_a_bid_taken_back_is_good_for_nothing(session: Session, client: FlaskClient) -> None:
    old, kept = sealed_bids(session)
    code = old.receipt_code
    service.withdraw_bid(session, actor=member(old).as_actor(), bid_id=old.id, now=NOON)
    pass_deadline(session, kept.challenge)
    client.post("/locale", data={"locale": "en"})

    answer = client.post(f"/challenges/{old.challenge_id}/commitments/", data={"code": code})

    assert "has this receipt code" in answer.text


@pytest.mark.parametrize("trait", ["draft", "submitted"])
def test_a_challenge_that_is_not_public_has_no_page_of_commitments(
    session: Session, client: FlaskClient, trait: str
) -> None:
    from tests.factories.challenges import ChallengeFactory

    challenge = ChallengeFactory(**{trait: True})

    assert client.get(f"/challenges/{challenge.id}/commitments/").status_code == 404


def recommended() -> tuple[Challenge, User]:
    """Return a challenge whose programme lets the officer of Shenzhen read bids of the city."""
    challenge = open_challenge(programme=ProgrammeFactory(pre_deadline_viewer="prefecture_authority"))
    officer = UserFactory(staff=(StaffRole.PREFECTURE_AUTHORITY,), city_code="440300", locale="en")
    key = KeyHolderFactory(user=officer, role="prefecture_authority", city_code="440300")
    ChallengeKeyHolderFactory(challenge_id=challenge.id, holder=key, purpose=Purpose.VIEW)
    return challenge, officer


def bid_of(session: Session, challenge: Challenge, city_code: str, approach: str) -> Bid:
    firm = OrganizationFactory(chip=True, city_code=city_code)
    return seal(session, complete_bid(challenge, organization=firm, approach=approach))


def test_an_officer_reads_sealed_bids_of_the_own_city_and_the_bidder_sees_it(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    challenge, officer = recommended()
    own = bid_of(session, challenge, "440300", "深圳的方案")
    other = bid_of(session, challenge, "440100", "广州的方案")

    page = browser(officer).post(f"/openings/{challenge.id}/view", data={"passphrase": PASSPHRASE}).text

    assert "深圳的方案" in page
    assert "广州的方案" not in page
    assert officer.name in browser(member(own)).get(f"/workspace/bids/{own.id}").text
    assert officer.name not in browser(member(other)).get(f"/workspace/bids/{other.id}").text
    assert session.scalars(select(BidReading.bid_id)).all() == [own.id]


def test_the_rows_do_not_tell_of_which_city_a_firm_is(session: Session) -> None:
    challenge, _officer = recommended()
    bids = [bid_of(session, challenge, city, "方案") for city in ("440300", "440100")]

    lengths = {len(share.sealed) for bid in bids for share in bid.shares if share.purpose is Purpose.VIEW}

    assert len(lengths) == 1


def test_a_viewer_does_not_open_bids_and_an_opener_does_not_view_them(
    session: Session, browser: Callable[..., FlaskClient]
) -> None:
    challenge, officer = recommended()
    bid_of(session, challenge, "440300", "深圳的方案")
    keeper = keepers(session, challenge)[0]

    opened = browser(officer).post(f"/openings/{challenge.id}/release", data={"passphrase": PASSPHRASE})
    viewed = browser(keeper).post(f"/openings/{challenge.id}/view", data={"passphrase": PASSPHRASE})

    assert (opened.status_code, viewed.status_code) == (409, 409)


def test_after_the_deadline_no_officer_reads_a_sealed_bid_on_its_own(session: Session) -> None:
    challenge, officer = recommended()
    bid_of(session, challenge, "440300", "深圳的方案")
    pass_deadline(session, challenge)

    with pytest.raises(Conflict, match="while the challenge takes bids"):
        service.view_bids(session, actor=officer.as_actor(), challenge_id=challenge.id, private=b"", now=NOON)

    assert session.scalars(select(BidReading.bid_id)).all() == []


def test_a_programme_without_viewers_lets_no_officer_in(session: Session, browser: Callable[..., FlaskClient]) -> None:
    challenge = open_challenge()
    bid_of(session, challenge, "440300", "深圳的方案")
    officer = UserFactory(staff=(StaffRole.PREFECTURE_AUTHORITY,), city_code="440300")

    answer = browser(officer).post(f"/openings/{challenge.id}/view", data={"passphrase": PASSPHRASE})

    assert answer.status_code == 404


def test_a_bid_that_lapsed_says_why(session: Session, browser: Callable[..., FlaskClient]) -> None:
    bid = sealed_bids(session, 1)[0]
    bid.challenge.edition = bid.challenge.reconfirm_from_edition = 2
    pass_deadline(session, bid.challenge)
    firm = browser(member(bid))

    page = firm.get(f"/workspace/bids/{bid.id}").text

    assert "This bid has lapsed" in page
    firm.post(f"/workspace/bids/{bid.id}/reopen", data={"code": CODE})
    assert "以已量产的14串产品为基础" in firm.get(f"/workspace/bids/{bid.id}").text


def test_no_deadline_in_the_past_is_needed_to_say_when_the_list_comes(session: Session, client: FlaskClient) -> None:
    challenge = open_challenge(dt.timedelta(days=3))
    client.post("/locale", data={"locale": "en"})

    assert "The list is published at the deadline" in client.get(f"/challenges/{challenge.id}/commitments/").text
