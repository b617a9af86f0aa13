"""Whoever gets hold of the whole database and of all files learns neither what was bid, nor for how much, nor by whom.

Four firms do everything that can be done to a bid before its opening, through the pages; receipts go out over a real
mail server. Then everything that was written down is read.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.bids.models import Bid
from app.challenges.service import close_due_challenges
from app.core import clock
from app.core.actor import MemberRole
from app.db import transaction
from app.jobs.run import work_off
from app.mail.delivery import deliver_due
from app.mail.transports import transport_for
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import one_for_each
from tests.factories.challenges import ProgrammeFactory
from tests.support.bidding import move_deadline, open_challenge
from tests.support.dump import dump_files, dump_log, dump_tables, told
from tests.support.smtp import smtp_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.challenges.models import Challenge
    from config import Settings
    from tests.support.smtp import ReceivedMail

DIRECTORY = {
    "organizations",
    "organization_categories",
    "users",
    "memberships",
    "roles",
    "roles_users",
    "verifications",
}
"""Who has an account, which everybody may know."""
PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n{}\n%%EOF"


@dataclass
class Firm:
    """A bidder whose every word is unmistakable."""

    sign: str
    user: User
    browser: FlaskClient
    challenge: Challenge
    price: str
    bid: str = ""
    n_prices: int = 0

    @property
    def identity(self) -> list[str]:
        """What would tell who bids."""
        firm = self.user.membership.organization
        return [firm.id.hex, self.user.id.hex, firm.legal_name_zh, self.user.name, self.user.email]

    @property
    def secrets(self) -> list[str]:
        """What would tell what is bid; the price also as the database would store it."""
        prices = [f"{self.price}{n}" for n in range(1, self.n_prices + 1)]
        texts = [
            f"{self.sign}{what}"
            for what in ("方案", "项目", "证据", "草稿", "附件", "文件内容", "里程碑", "撤下的附件", "分工")
        ]
        return [*texts, *prices, *(price.replace(".", "") for price in prices)]

    def begin(self) -> None:
        """Start a bid."""
        answer = self.post("/workspace/bids/new", challenge_id=str(self.challenge.id))
        self.bid = answer.location.removesuffix("/edit")

    def type(self) -> None:
        """Type and do not save."""
        address = f"/workspace/drafts/bid/{self.bid.rpartition('/')[2]}"
        self.post(address, **{**self._typed(), "approach": f"{self.sign}草稿"})

    def save(self) -> None:
        """Save the whole form under a new price, after it was kept while typing."""
        self.type()
        self.n_prices += 1
        self.post(f"{self.bid}/edit", **self._typed())

    def attach(self, name: str) -> None:
        """Annex a file."""
        content = PDF.format(f"{self.sign}文件内容").encode()
        upload = (io.BytesIO(content), f"{self.sign}{name}.pdf")
        self.post(f"{self.bid}/files", **self._typed(), upload=upload, is_price_file="y" if self._is_parted else "")

    def take_away(self) -> None:
        """Take the newest file away again."""
        page = self.browser.get(f"{self.bid}/edit").text
        address = re.findall(rf"{self.bid}/files/[0-9a-f-]+/remove", page)[-1]
        self.post(address, **self._typed())

    def do(self, verb: str) -> None:
        """Press one of the buttons of the bid."""
        self.post(f"{self.bid}/{verb}")

    def post(self, address: str, **fields: Any) -> Any:
        answer = self.browser.post(address, data=fields, content_type="multipart/form-data")
        assert answer.status_code < 400, re.findall(r"<li><a href=\"#.*", answer.text)
        return answer

    @property
    def _is_parted(self) -> bool:
        return self.challenge.programme.has_price_envelope

    def _typed(self) -> dict[str, Any]:
        page = self.browser.get(f"{self.bid}/edit").text
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)
        rows: dict[str, Any] = {
            "version": version and version[1],
            "project_name": f"{self.sign}项目",
            "approach": f"{self.sign}方案",
            "tech_readiness": "6",
            "supply_plan": "月产能200千颗",
            "ip_statement": "自有知识产权",
            "price_total_wan": f"{self.price}{self.n_prices}",
            "is_pledged": "y",
            "milestones-0-month": "6",
            "milestones-0-deliverable": f"{self.sign}里程碑",
            "milestones-0-kpi_codes": "K01",
            "milestones-0-percent": "40",
            "milestones-1-month": "20",
            "milestones-1-deliverable": f"{self.sign}里程碑",
            "milestones-1-kpi_codes": "K05",
            "milestones-1-percent": "60",
        }
        for index, one in enumerate(one_for_each(self.challenge)):
            rows |= {
                f"commitments-{index}-kpi_id": str(one.kpi_id),
                f"commitments-{index}-committed": one.committed,
                f"commitments-{index}-unit": one.unit,
                f"commitments-{index}-evidence": f"{self.sign}证据",
            }
        return rows


@dataclass
class Competition:
    """What three firms have done, and what their mailboxes got."""

    challenge: Challenge
    firms: list[Firm]
    mails: list[ReceivedMail]

    @property
    def secrets(self) -> list[str]:
        return [secret for firm in self.firms for secret in firm.secrets]

    @property
    def identities(self) -> list[str]:
        return [word for firm in self.firms for word in firm.identity]


@pytest.fixture(params=[False, True], ids=["one envelope", "two envelopes"])
def competition(
    request: pytest.FixtureRequest, own_app: Flask, own_session: Session, login: Callable[..., FlaskClient]
) -> Competition:
    """One firm seals, revises and seals again; one seals and withdraws; one is still writing, with a fourth."""
    challenge = open_challenge(programme=ProgrammeFactory(has_price_envelope=request.param))
    firms = [
        _firm(own_app, login, challenge, *one)
        for one in (("甲绝密", "706.110"), ("乙绝密", "706.220"), ("丙绝密", "706.330"), ("丁绝密", "706.440"))
    ]
    twice, gone, writing, _member = firms
    for firm in firms[:3]:
        firm.begin()
        firm.save()
        firm.attach("附件")
        firm.attach("撤下的附件")
        firm.take_away()
    for verb in ("submit", "revise"):
        twice.do(verb)
    twice.save()
    twice.do("submit")
    for verb in ("submit", "withdraw"):
        gone.do(verb)
    writing.type()
    _join(writing, firms[3])
    with smtp_server() as server:
        work_off(own_app, worker="the only one")
        with own_app.app_context():
            deliver_due(transport_for(server.url))
    own_session.expire_all()
    return Competition(challenge, firms, server.messages)


def _join(lead: Firm, member: Firm) -> None:
    """Let a firm be asked into a bid, and consent."""
    firm = member.user.membership.organization
    lead.post(f"{lead.bid}/members/", firm=firm.legal_name_zh, part=f"{member.sign}分工", share="30")
    page = member.browser.get("/workspace/bids/invitations/").text
    member.post(re.findall(r"/workspace/bids/invitations/[0-9a-f-]+/consent", page)[0])


def _firm(app: Flask, login: Callable[..., FlaskClient], challenge: Challenge, sign: str, price: str) -> Firm:
    pinyin = {"甲绝密": "jia-juemi", "乙绝密": "yi-juemi", "丙绝密": "bing-juemi", "丁绝密": "ding-juemi"}[sign]
    organization = OrganizationFactory(chip=True, legal_name_zh=f"{sign}芯片有限公司")
    user = UserFactory(
        organization=organization, role=MemberRole.OWNER, name=f"{sign}联系人", email=f"owner@{pinyin}.example"
    )
    return Firm(sign, user, login(app.test_client(), user), challenge, price)


def _outside_of_the_directory(session: Session) -> dict[str, bytes]:
    return {table: content for table, content in dump_tables(session).items() if table not in DIRECTORY}


def test_the_firms_have_really_bid_and_got_their_messages(competition: Competition, own_session: Session) -> None:
    states = sorted(bid.state.value for bid in own_session.query(Bid))

    assert states == ["draft", "sealed", "withdrawn"]
    recipients = sorted(mail.recipients[0] for mail in competition.mails)
    assert recipients == [f"owner@{firm}-juemi.example" for firm in ("bing", "ding", "jia", "yi")]


def test_what_is_looked_for_stands_on_the_firms_own_page(competition: Competition) -> None:
    writing = competition.firms[2]

    page = writing.browser.get(f"{writing.bid}/edit").get_data()

    assert told({"page": page}, ["丙绝密草稿", "丙绝密项目", "706.3301", "丙绝密附件"])["page"]


def test_no_table_and_no_file_holds_a_word_or_a_price_of_a_bid(
    competition: Competition, own_session: Session, own_settings: Settings
) -> None:
    written = {**dump_tables(own_session), **dump_files(own_settings.instance_dir)}

    assert told(written, competition.secrets) == {}


def test_no_row_outside_of_the_directory_and_no_file_of_the_store_names_a_bidder(
    competition: Competition, own_session: Session, own_settings: Settings
) -> None:
    written = {**_outside_of_the_directory(own_session), **dump_files(own_settings.instance_dir / "files")}

    assert told(written, competition.identities) == {}


def test_what_reaches_a_mailbox_says_nothing_of_competition_bid_or_firm(competition: Competition) -> None:
    letters = {str(n): mail.raw + _text(mail) for n, mail in enumerate(competition.mails)}
    bids = [firm.bid.rpartition("/")[2] for firm in competition.firms[:3]]
    names = [firm.user.membership.organization.legal_name_zh for firm in competition.firms]

    needles = [*competition.secrets, *bids, *names, str(competition.challenge.id), competition.challenge.title]
    assert told(letters, needles) == {}


def _text(mail: ReceivedMail) -> bytes:
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).encode()


def test_after_the_deadline_nothing_more_is_told_until_the_bids_are_opened(
    competition: Competition, own_app: Flask, own_session: Session
) -> None:
    move_deadline(own_session, competition.challenge, -dt.timedelta(seconds=1))
    with own_app.app_context():
        with transaction() as session:
            close_due_challenges(session, clock.now())
        work_off(own_app, worker="the only one")
        deliver_due(transport_for("folder:/nowhere"))
    own_session.expire_all()

    assert told(_outside_of_the_directory(own_session), [*competition.identities, *competition.secrets]) == {}


@pytest.fixture
def _everything_is_logged(own_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("app").propagate = True


@pytest.mark.usefixtures("_everything_is_logged")
def test_the_log_of_the_process_holds_nothing_either(
    competition: Competition, caplog: pytest.LogCaptureFixture
) -> None:
    lines = dump_log(record for record in caplog.records if not record.name.startswith("mail"))
    assert told({"log": lines.replace(b"-", b"")}, [*competition.identities, *competition.secrets]) == {}


def test_a_dump_would_show_what_is_stored_in_clear_text(competition: Competition, own_session: Session) -> None:
    names = [firm.user.membership.organization.legal_name_zh for firm in competition.firms]

    assert set(told(dump_tables(own_session), names)) == {"organizations"}
