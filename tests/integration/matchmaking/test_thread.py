"""Two introduced companies write to each other."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import FileStorage

from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.files.service import open_for
from app.matchmaking import service
from app.matchmaking.commands import ReportMessage, TakeStep
from app.matchmaking.models import Message, Pairing
from app.matchmaking.queries import thread as queries
from app.matchmaking.workflow import PairingEvent, PairingState, ReportEvent, ReportState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.challenges import ChallengeFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

LogIn = Callable[..., Any]
RUDE = ReportMessage("insult", "第三次")


@pytest.fixture
def pairing(session: Session) -> Pairing:
    """A pairing that both have accepted."""
    introduced: Pairing = PairingFactory(introduced=True)
    return introduced


@pytest.fixture
def maker(pairing: Pairing) -> Actor:
    """Somebody of the terminal maker."""
    return UserFactory(organization=pairing.demand).as_actor()


@pytest.fixture
def firm(pairing: Pairing) -> Actor:
    """Somebody of the chip firm."""
    return UserFactory(organization=pairing.supplier).as_actor()


def write(
    session: Session, actor: Actor, pairing: Pairing, text: str = "请问样片何时可发?", *uploads: FileStorage
) -> Message:
    return service.send_message(
        session, actor=actor, pairing_id=pairing.id, text=text, uploads=uploads, max_bytes=1000, now=NOON
    )


def pdf() -> FileStorage:
    return FileStorage(io.BytesIO(b"%PDF-1.7\nx"), "schematic.pdf")


def test_a_message_is_told_to_the_other_side_and_counted_as_unread(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    message = write(session, maker, pairing)

    assert queries.unread_counts(session, actor=firm, pairing_ids=[pairing.id]) == {pairing.id: 1}
    assert queries.unread_counts(session, actor=maker, pairing_ids=[pairing.id]) == {}
    job = session.query(Job).one()
    assert (job.kind, job.payload) == ("pairing.message", {"message_id": str(message.id)})


def test_what_was_read_is_not_unread(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    write(session, maker, pairing)

    service.mark_thread_read(session, actor=firm, pairing_id=pairing.id, now=NOON)

    assert queries.unread_counts(session, actor=firm, pairing_ids=[pairing.id]) == {}


def test_a_file_is_opened_by_the_two_companies_only(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    message = write(session, maker, pairing, "原理图", pdf())
    file_id = message.files[0].file_id
    stranger = UserFactory(organization=OrganizationFactory()).as_actor()

    assert open_for(session, actor=firm, file_id=file_id).filename == "schematic.pdf"
    with pytest.raises(NotFound):
        open_for(session, actor=stranger, file_id=file_id)
    with pytest.raises(NotFound):
        open_for(session, actor=officer().as_actor(), file_id=file_id)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("tool.exe", b"MZ\x90\x00" + b"\x00" * 60, "file_type"),
        ("empty.pdf", b"", "file_empty"),
        ("long.pdf", b"%PDF-1.7\n" + b"x" * 2000, "file_too_large"),
    ],
)
def test_files_of_other_kinds_and_sizes_are_refused(
    session: Session, pairing: Pairing, maker: Actor, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(RuleViolation) as caught:
        write(session, maker, pairing, "附件", FileStorage(io.BytesIO(content), name))

    assert caught.value.code == code


def test_an_empty_message_is_refused(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(RuleViolation) as caught:
        write(session, maker, pairing, "")

    assert caught.value.field == "text"


def test_a_person_writes_30_messages_an_hour(session: Session, pairing: Pairing, maker: Actor) -> None:
    _ = [write(session, maker, pairing) for _ in range(30)]

    with pytest.raises(RuleViolation, match="30 messages"):
        write(session, maker, pairing)


def test_nobody_writes_before_both_have_accepted(session: Session) -> None:
    pairing = PairingFactory()
    maker = UserFactory(organization=pairing.demand).as_actor()

    with pytest.raises(NotFound):
        write(session, maker, pairing)


@pytest.mark.parametrize("state", [PairingState.DROPPED, PairingState.EXPIRED])
def test_nobody_writes_in_a_pairing_that_has_ended(session: Session, state: PairingState) -> None:
    pairing = PairingFactory(introduced=True, state=state, decline_reason="price")
    maker = UserFactory(organization=pairing.demand).as_actor()

    with pytest.raises(NotAllowed):
        write(session, maker, pairing)


def test_a_block_stops_both_directions_until_its_side_lifts_it(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    service.block_thread(session, actor=firm, pairing_id=pairing.id, now=NOON)
    service.unblock_thread(session, actor=maker, pairing_id=pairing.id)

    with pytest.raises(NotAllowed, match="blocked"):
        write(session, maker, pairing)
    service.unblock_thread(session, actor=firm, pairing_id=pairing.id)
    assert write(session, maker, pairing).text


def test_while_the_makers_challenge_takes_bids_nobody_writes_nor_ships(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    ChallengeFactory(organization=pairing.demand)
    pairing.state = PairingState.NDA_SIGNED
    session.flush()

    with pytest.raises(NotAllowed, match="takes bids"):
        write(session, firm, pairing)
    command = TakeStep(PairingEvent.DISCLOSE, {})
    with pytest.raises(NotAllowed, match="takes bids"):
        service.take_step(session, actor=maker, pairing_id=pairing.id, command=command, now=NOON)


def test_after_the_deadline_they_write_again(session: Session, pairing: Pairing, firm: Actor) -> None:
    ChallengeFactory(organization=pairing.demand, closed=True)

    assert write(session, firm, pairing).text


def test_the_firms_own_challenge_is_no_obstacle_to_another_maker(
    session: Session, pairing: Pairing, maker: Actor
) -> None:
    ChallengeFactory(organization=pairing.supplier)

    assert write(session, maker, pairing).text


def test_a_reported_message_is_read_and_withheld_by_the_authority(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    message = write(session, maker, pairing)
    authority = officer().as_actor()
    report = service.report_message(session, actor=firm, message_id=message.id, command=RUDE, now=NOON)

    (row,) = queries.reports(session, actor=authority, state=ReportState.OPEN, page=1).items
    service.decide_report(
        session, actor=authority, report_id=report.id, event=ReportEvent.UPHOLD, decision="违反规则", now=NOON
    )

    assert row.text == "请问样片何时可发?"
    (shown,) = queries.messages(session, actor=firm, pairing=pairing, page=1).items
    assert (shown.text, shown.is_withheld) == ("", True)


def test_a_message_is_reported_once_and_never_by_its_own_side(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    message = write(session, maker, pairing)
    service.report_message(session, actor=firm, message_id=message.id, command=RUDE, now=NOON)

    with pytest.raises(Conflict):
        service.report_message(session, actor=firm, message_id=message.id, command=RUDE, now=NOON)
    with pytest.raises(RuleViolation, match="other side"):
        service.report_message(session, actor=maker, message_id=message.id, command=RUDE, now=NOON)


def test_who_wrote_a_reported_message_is_not_shown_that_it_was(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    message = write(session, maker, pairing)
    service.report_message(session, actor=firm, message_id=message.id, command=RUDE, now=NOON)

    [own] = queries.messages(session, actor=maker, pairing=pairing, page=1).items
    [others] = queries.messages(session, actor=firm, pairing=pairing, page=1).items

    assert (own.is_reported, others.is_reported) == (False, True)


def test_the_operator_does_not_judge_reports(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    message = write(session, maker, pairing)
    report = service.report_message(session, actor=firm, message_id=message.id, command=RUDE, now=NOON)

    with pytest.raises(NotAllowed):
        service.decide_report(
            session, actor=operator().as_actor(), report_id=report.id, event=ReportEvent.DISMISS, decision="x",
            now=NOON,
        )  # fmt: skip


def test_the_menu_stands_on_pairings_while_a_thread_is_read(
    client: FlaskClient, login: LogIn, session: Session, pairing: Pairing
) -> None:
    page = login(client, UserFactory(organization=pairing.demand)).get(f"/workspace/pairings/{pairing.id}/thread")

    assert re.search(r'href="/workspace/pairings/"[^>]*aria-current="page"', page.text)


def test_messages_are_written_and_read_on_their_page(
    client: FlaskClient, login: LogIn, session: Session, pairing: Pairing
) -> None:
    url = f"/workspace/pairings/{pairing.id}/thread"
    maker = login(client, UserFactory(organization=pairing.demand))

    sent = maker.post(url, data={"text": "原理图见附件", "files": (io.BytesIO(b"%PDF-1.7\nx"), "a.pdf")})

    assert sent.status_code == 303
    text = maker.get(url).text
    assert "原理图见附件" in text
    assert "a.pdf" in text


def test_a_refused_message_keeps_what_was_typed(
    client: FlaskClient, login: LogIn, session: Session, pairing: Pairing
) -> None:
    maker = login(client, UserFactory(organization=pairing.demand))
    data = {"text": "见附件", "files": (io.BytesIO(b"MZ\x90\x00" + b"\x00" * 60), "a.exe")}

    refused = maker.post(f"/workspace/pairings/{pairing.id}/thread", data=data)

    assert refused.status_code == 422
    assert "见附件" in refused.text


def test_contacts_hide_under_an_embargo(client: FlaskClient, login: LogIn, session: Session, pairing: Pairing) -> None:
    ChallengeFactory(organization=pairing.demand, bid_deadline_at=NOON + dt.timedelta(days=30))

    text = login(client, UserFactory(organization=pairing.supplier)).get(f"/workspace/pairings/{pairing.id}").text

    assert 'id="contacts"' not in text
