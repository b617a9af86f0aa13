"""The pages of events and meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.core.actor import MemberRole
from app.events.models import Event, Meeting, MeetingOutcome, Participant
from app.events.workflow import EventState, MeetingState, Role, Wish
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, supervisor
from tests.factories.challenges import ChallengeFactory
from tests.factories.events import EventFactory, ParticipantFactory, PersonalMeetingFactory, WishFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from tests.integration.events.conftest import Fair

STATED = {
    "title_zh": "春季对接会",
    "title_en": "Spring fair",
    "place": "深圳",
    "first_day": "2026-12-10",
    "last_day": "2026-12-10",
    "starts": "09:00",
    "ends": "12:00",
    "slot_minutes": "２０",
    "pause_minutes": "5",
    "most_in_row": "0",
    "rooms-0-name": "A厅",
    "rooms-0-n_tables": "10",
    "registers_from": "2026-11-20T09:00",
    "registers_until": "2026-12-01T18:00",
}


def status(client: FlaskClient, path: str, **typed: Any) -> int:
    return client.post(path, data=typed).status_code


def test_the_public_sees_what_comes_and_who_exhibits(session: Session, fair: Fair, page: Any) -> None:
    assert fair.event.title_zh in page("/events/")

    shown = page(f"/events/{fair.event.id}")

    assert fair.hosts[0].organization.legal_name_zh in shown
    assert fair.guests[0].organization.legal_name_zh not in shown


def test_drafts_are_hidden(session: Session, page: Any) -> None:
    event = EventFactory(draft=True)

    assert event.title_zh not in page("/events/")
    page(f"/events/{event.id}", 404)


@pytest.mark.parametrize("tab", ["coming", "past", "cancelled"])
def test_an_empty_list_teaches_the_next_step(session: Session, page: Any, tab: str) -> None:
    assert 'class="empty"' in page(f"/events/?tab={tab}")


def test_the_desk_makes_and_announces_an_event(session: Session, client: FlaskClient, login: Any) -> None:
    login(client, officer())

    answer = client.post("/desk/events/new", data=STATED)
    assert answer.status_code == 303
    event = session.scalars(sa.select(Event)).one()
    assert (event.state, event.slot_minutes, event.n_tables) == (EventState.DRAFT, 20, 10)

    assert status(client, f"/desk/events/{event.id}/open") == 303
    session.refresh(event)
    assert event.state is EventState.OPEN


def test_a_refused_event_keeps_what_was_typed(session: Session, client: FlaskClient, login: Any) -> None:
    login(client, officer())

    answer = client.post("/desk/events/new", data={**STATED, "ends": "08:00"})

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "春季对接会" in answer.text


@pytest.mark.parametrize("path", ["", "new", "{event}", "{event}/edit", "{event}/schedule"])
def test_companies_have_no_desk(fair: Fair, client: FlaskClient, login: Any, path: str) -> None:
    login(client, fair.person_of(fair.hosts[0]))

    assert client.get(f"/desk/events/{path.format(event=fair.event.id)}").status_code == 404


@pytest.mark.parametrize("path", ["open", "cancel", "compute", "publish"])
def test_supervisors_only_look(fair: Fair, client: FlaskClient, login: Any, path: str) -> None:
    login(client, supervisor())

    assert status(client, f"/desk/events/{fair.event.id}/{path}", reason="x") == 403
    assert client.get(f"/desk/events/{fair.event.id}").status_code == 200


def test_a_company_registers_and_asks(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    login(client, UserFactory(organization=OrganizationFactory()))
    place = f"/workspace/events/{fair.event.id}"

    typed = {"role": "visitor", "most_meetings": "3", "busy_slots": ["0", "1"], "offer": "样片"}
    assert client.post(f"{place}/register", data=typed).status_code == 303
    host = fair.hosts[0].organization_id
    assert status(client, f"{place}/requests", **{f"wish-{host}": "must"}) == 303

    assert fair.hosts[0].organization.legal_name_zh in client.get(f"{place}/requests").text
    own = session.scalars(sa.select(Participant).where(Participant.role == Role.VISITOR, Participant.offer != "")).one()
    assert own.busy_slots == [0, 1]


def test_a_refused_registration_keeps_what_was_typed(fair: Fair, client: FlaskClient, login: Any) -> None:
    login(client, UserFactory(organization=OrganizationFactory()))

    answer = client.post(
        f"/workspace/events/{fair.event.id}/register",
        data={"role": "visitor", "most_meetings": "99", "offer": "我们的样片"},
    )

    assert answer.status_code == 422
    assert "我们的样片" in answer.text


def test_refused_requests_keep_what_was_chosen(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    login(client, fair.person_of(fair.hosts[0]))
    more = ParticipantFactory.create_batch(4, event=fair.event, visitor=True)
    typed = {f"wish-{one.organization_id}": "must" for one in [*fair.guests, *more]}

    answer = client.post(f"/workspace/events/{fair.event.id}/requests", data=typed)

    assert answer.status_code == 422
    assert answer.text.count('value="must" selected') == 6


def test_viewers_register_nobody(fair: Fair, client: FlaskClient, login: Any) -> None:
    login(client, UserFactory(organization=OrganizationFactory(), role=MemberRole.VIEWER))

    typed = {"role": "visitor", "most_meetings": "3"}
    assert client.post(f"/workspace/events/{fair.event.id}/register", data=typed).status_code == 403


def test_nobody_learns_who_refuses_it(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    WishFactory(by=fair.guests[0], of=fair.hosts[0], wish=Wish.NO)
    WishFactory(by=fair.guests[1], of=fair.hosts[0], wish=Wish.MUST)
    login(client, fair.person_of(fair.hosts[0]))

    shown = client.get(f"/workspace/events/{fair.event.id}/requests").text

    assert shown.count("希望与您会面") == 1


def test_the_owner_of_a_need_that_hides_its_name_stays_hidden(
    session: Session, fair: Fair, client: FlaskClient, login: Any
) -> None:
    PairingFactory(
        need__organization=fair.hosts[0].organization,
        need__is_owner_shown=False,
        product__organization=fair.guests[0].organization,
    )
    login(client, fair.person_of(fair.guests[0]))

    shown = client.get(f"/workspace/events/{fair.event.id}/requests").text

    assert "与您有对接" not in shown
    assert "模型判断" not in shown


def test_a_hand_edit_that_conflicts_is_refused_on_the_page(
    session: Session, fair: Fair, client: FlaskClient, login: Any
) -> None:
    login(client, officer())
    place = f"/desk/events/{fair.event.id}/schedule"
    host, (first, second) = fair.hosts[0].organization_id, [one.organization_id for one in fair.guests]
    assert status(client, place, host_id=host, guest_id=first, slot=0, table=0) == 303

    answer = client.post(place, data={"host_id": host, "guest_id": second, "slot": 0, "table": 1})

    assert answer.status_code == 422
    assert "其中一方在该时段已有其他会面" in answer.text


def test_the_schedule_of_one_company_leaves_the_others_out(
    session: Session, fair: Fair, client: FlaskClient, login: Any
) -> None:
    login(client, officer(locale="en"))
    place = f"/desk/events/{fair.event.id}/schedule"
    host, (first, second) = fair.hosts[0].organization_id, [one.organization_id for one in fair.guests]
    client.post(place, data={"host_id": host, "guest_id": first, "slot": 0, "table": 0})

    assert "1 meeting " in client.get(f"{place}?company={first}").text
    assert "No meeting of this company" in client.get(f"{place}?company={second}").text


def test_the_desk_pins_and_drops_meetings(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    login(client, officer())
    place = f"/desk/events/{fair.event.id}"
    pair = {"host_id": fair.hosts[0].organization_id, "guest_id": fair.guests[0].organization_id}
    client.post(f"{place}/schedule", data={**pair, "slot": 0, "table": 0})
    meeting = session.scalars(sa.select(Meeting)).one()

    assert status(client, f"{place}/meetings/{meeting.id}/pin", pin="0") == 303
    assert status(client, f"{place}/meetings/{meeting.id}/drop") == 303

    session.refresh(meeting)
    assert (meeting.state, meeting.is_pinned) == (MeetingState.CANCELLED, False)


def test_a_meeting_is_proposed_accepted_and_told_about(session: Session, client: FlaskClient, login: Any) -> None:
    pairing = PairingFactory(introduced=True)
    login(client, UserFactory(organization=pairing.demand))
    typed = {
        "topic": "样品",
        "time_zone": "Europe/Berlin",
        "options-0": "2026-11-26T10:00",
        "minutes": "45",
        "place": "深圳",
    }
    assert client.post(f"/workspace/meetings/new?pairing={pairing.id}", data=typed).status_code == 303
    meeting = session.scalars(sa.select(Meeting).options(sa.orm.selectinload(Meeting.options))).one()
    assert meeting.options[0].starts_at == dt.datetime(2026, 11, 26, 9, 0, tzinfo=dt.UTC)

    login(client, UserFactory(organization=pairing.supplier))
    page = client.get(f"/workspace/meetings/{meeting.id}").text
    assert "2026-11-26 17:00" in page
    assert "2026-11-26 10:00" in page
    assert status(client, f"/workspace/meetings/{meeting.id}/accept", option=str(meeting.options[0].id)) == 303

    session.refresh(meeting)
    assert meeting.state is MeetingState.SET


def test_a_refused_proposal_keeps_what_was_typed(session: Session, client: FlaskClient, login: Any) -> None:
    pairing = PairingFactory(introduced=True)
    login(client, UserFactory(organization=pairing.demand))

    typed = {"topic": "我的主题", "time_zone": "Asia/Shanghai", "minutes": "45", "place": "深圳"}
    answer = client.post(f"/workspace/meetings/new?pairing={pairing.id}", data=typed)

    assert answer.status_code == 422
    assert "我的主题" in answer.text


def test_the_outcome_is_written_on_the_page(session: Session, client: FlaskClient, login: Any) -> None:
    meeting = PersonalMeetingFactory(starts_at=NOON - dt.timedelta(hours=2), ends_at=NOON - dt.timedelta(hours=1))
    login(client, UserFactory(organization=meeting.host))
    place = f"/workspace/meetings/{meeting.id}/outcome"

    assert status(client, place, result="no_fit", rating="2") == 422
    assert status(client, place, result="no_fit", rating="2", reasons=["price"], next_step="") == 303

    assert session.scalars(sa.select(MeetingOutcome)).one().reasons == ["price"]


def test_a_meeting_of_others_is_hidden(session: Session, client: FlaskClient, login: Any) -> None:
    meeting = PersonalMeetingFactory()
    login(client, UserFactory(organization=OrganizationFactory()))

    assert client.get(f"/workspace/meetings/{meeting.id}").status_code == 404


def test_a_meeting_that_nobody_was_told_of_is_hidden(
    session: Session, fair: Fair, client: FlaskClient, login: Any
) -> None:
    login(client, officer())
    pair = {"host_id": fair.hosts[0].organization_id, "guest_id": fair.guests[0].organization_id}
    client.post(f"/desk/events/{fair.event.id}/schedule", data={**pair, "slot": 0, "table": 0})
    meeting = session.scalars(sa.select(Meeting)).one()

    login(client, fair.person_of(fair.hosts[0]))

    assert client.get(f"/workspace/meetings/{meeting.id}").status_code == 404


def test_long_lists_take_few_queries(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    ParticipantFactory.create_batch(15, event=fair.event, visitor=True)
    PersonalMeetingFactory.create_batch(
        5, pairing=PairingFactory(introduced=True, need__organization=fair.hosts[0].organization)
    )
    login(client, fair.person_of(fair.hosts[0]))
    paths = ("/events/", f"/workspace/events/{fair.event.id}", f"/workspace/events/{fair.event.id}/requests",
             "/workspace/events/", "/workspace/meetings/")  # fmt: skip

    for path in paths:
        session.expunge_all()
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 12, path


def test_the_pages_of_the_desk_take_few_queries(session: Session, fair: Fair, client: FlaskClient, login: Any) -> None:
    ParticipantFactory.create_batch(15, event=fair.event, visitor=True)
    login(client, officer())

    session.expunge_all()
    with count_queries() as list_:
        client.get("/desk/events/")
    with count_queries() as show:
        client.get(f"/desk/events/{fair.event.id}")
    with count_queries() as schedule:
        client.get(f"/desk/events/{fair.event.id}/schedule")

    assert max(map(len, (list_, show, schedule))) <= 16


def test_an_agreed_meeting_that_came_under_an_embargo_says_so(
    session: Session, client: FlaskClient, login: Any
) -> None:
    meeting = PersonalMeetingFactory()
    ChallengeFactory(organization=meeting.host)

    text = (
        login(client, UserFactory(organization=meeting.guest, locale="en"))
        .get(f"/workspace/meetings/{meeting.id}")
        .text
    )

    assert "A challenge of one of the two takes bids at that time" in text


def test_a_challenge_of_the_guest_does_not_keep_two_introduced_companies_apart(
    session: Session, client: FlaskClient, login: Any
) -> None:
    meeting = PersonalMeetingFactory()
    ChallengeFactory(organization=meeting.guest)

    page = login(client, UserFactory(organization=meeting.host, locale="en")).get(f"/workspace/meetings/{meeting.id}")

    assert "takes bids at that time" not in page.text


def test_a_time_proposed_under_an_embargo_can_only_be_declined(
    session: Session, client: FlaskClient, login: Any
) -> None:
    pairing = PairingFactory(introduced=True)
    client = login(client, UserFactory(organization=pairing.supplier, locale="en"))
    typed = {"topic": "Samples", "time_zone": "Asia/Shanghai", "options-0": "2026-11-26T10:00", "minutes": "45"}
    client.post(f"/workspace/meetings/new?pairing={pairing.id}", data={**typed, "place": "Shenzhen"})
    meeting = session.scalars(sa.select(Meeting)).one()
    ChallengeFactory(organization=pairing.demand)

    text = (
        login(client, UserFactory(organization=pairing.demand, locale="en"))
        .get(f"/workspace/meetings/{meeting.id}")
        .text
    )

    assert "Accept this time" not in text
    assert "it arranges no meeting with any firm" in text
    assert "Decline the proposed times?" in text
