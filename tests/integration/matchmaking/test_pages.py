"""The pages of both companies and of the desk."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.core.actor import MemberRole
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import PairingState, SuggestionState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

    LogIn = Callable[[FlaskClient, User], FlaskClient]
    Get = Callable[..., str]

SECRET_NAME = "惠州匿名整机有限公司"


@pytest.fixture
def pairing(session: Session) -> Pairing:
    """A pairing whose terminal maker does not want to be named before the introduction."""
    proposed: Pairing = PairingFactory(
        need__is_owner_shown=False, need__organization=OrganizationFactory(terminal=True, legal_name_zh=SECRET_NAME)
    )
    return proposed


@pytest.fixture
def maker(pairing: Pairing) -> User:
    """Somebody of the terminal maker."""
    person: User = UserFactory(organization=pairing.demand, mobile="13900000001", locale="en")
    return person


@pytest.fixture
def firm(pairing: Pairing) -> User:
    """Somebody of the chip firm."""
    person: User = UserFactory(organization=pairing.supplier, mobile="13900000002", locale="en")
    return person


@pytest.fixture
def desk(session: Session, client: FlaskClient, login: LogIn) -> FlaskClient:
    """The browser of an officer who reads English."""
    return login(client, officer(locale="en"))


def title_of(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found
    return found[1].strip()


def test_both_say_yes_and_see_each_other(
    client: FlaskClient, login: LogIn, page: Get, pairing: Pairing, maker: User, firm: User
) -> None:
    url = f"/workspace/pairings/{pairing.id}"
    login(client, firm)
    assert "13900000001" not in page(url)

    assert client.post(f"{url}/accept").status_code == 303
    assert "13900000001" not in page(url)

    login(client, maker)
    assert "13900000002" not in page(url)
    assert client.post(f"{url}/accept").status_code == 303

    assert "13900000002" in page(url)
    login(client, firm)
    assert "13900000001" in page(url)


def test_a_hidden_owner_is_named_only_after_the_introduction(
    client: FlaskClient, login: LogIn, page: Get, pairing: Pairing, maker: User, firm: User
) -> None:
    url = f"/workspace/pairings/{pairing.id}"
    login(client, firm)

    assert SECRET_NAME not in page(url)
    assert SECRET_NAME not in page("/workspace/pairings/")
    assert "A company in Shenzhen" in page(url)

    client.post(f"{url}/accept")
    login(client, maker)
    client.post(f"{url}/accept")

    login(client, firm)
    assert SECRET_NAME in page(url)
    assert SECRET_NAME in page("/workspace/pairings/?tab=introduced")


def test_each_side_reads_who_has_answered_already(
    client: FlaskClient, login: LogIn, page: Get, pairing: Pairing, maker: User, firm: User
) -> None:
    url = f"/workspace/pairings/{pairing.id}"
    login(client, firm)
    client.post(f"{url}/accept")

    own = page(url)
    login(client, maker)
    others = page(url)

    assert "Your company accepted on 2026-11-24. The other side has not answered yet." in own
    assert "The other side has accepted. Only your answer is missing." in others


def test_the_owner_sees_its_own_name(
    client: FlaskClient, login: LogIn, page: Get, pairing: Pairing, maker: User
) -> None:
    login(client, maker)

    assert SECRET_NAME in page(f"/workspace/pairings/{pairing.id}")


@pytest.mark.parametrize("path", ["", "/accept", "/decline"])
def test_other_companies_find_nothing(client: FlaskClient, login: LogIn, pairing: Pairing, path: str) -> None:
    login(client, UserFactory(organization=OrganizationFactory()))
    url = f"/workspace/pairings/{pairing.id}{path}"

    answer = client.post(url, data={"reason_code": "price"}) if path else client.get(url)

    assert answer.status_code == 404


def test_a_viewer_reads_why_there_is_no_button(client: FlaskClient, login: LogIn, page: Get, pairing: Pairing) -> None:
    viewer = UserFactory(organization=pairing.demand, role=MemberRole.VIEWER, locale="en")
    login(client, viewer)
    url = f"/workspace/pairings/{pairing.id}"

    shown = page(url)

    assert "Ask its owner for the editor role." in shown
    assert f'action="{url}/accept"' not in shown
    assert client.post(f"{url}/accept").status_code == 403


def test_a_refused_no_keeps_what_was_typed(client: FlaskClient, login: LogIn, pairing: Pairing, firm: User) -> None:
    login(client, firm)

    answer = client.post(f"/workspace/pairings/{pairing.id}/decline", data={"text": "Twice our price."})

    assert answer.status_code == 422
    assert "Choose a reason." in answer.text
    assert "Twice our price." in answer.text


def test_the_other_side_does_not_read_the_reason(
    client: FlaskClient, login: LogIn, page: Get, pairing: Pairing, maker: User, firm: User
) -> None:
    login(client, firm)
    url = f"/workspace/pairings/{pairing.id}"
    answer = client.post(f"{url}/decline", data={"reason_code": "price", "text": "Twice our price."})

    login(client, maker)
    assert answer.status_code == 303
    assert "Twice our price." not in page(url) + page("/workspace/pairings/?tab=ended")


def test_an_answer_too_late_is_a_conflict(
    client: FlaskClient, login: LogIn, session: Session, pairing: Pairing, firm: User
) -> None:
    pairing.reply_by = NOON
    session.commit()
    login(client, firm)

    answer = client.post(f"/workspace/pairings/{pairing.id}/accept")

    assert answer.status_code == 409
    assert "The time to answer is over." in answer.text


@pytest.mark.parametrize(
    ("tab", "state"),
    [
        ("todo", {}),
        ("waiting", {"supply_accepted_at": NOON}),
        ("introduced", {"introduced": True}),
        ("ended", {"state": PairingState.EXPIRED}),
    ],
)
def test_a_pairing_stands_in_one_tab(
    client: FlaskClient, login: LogIn, page: Get, tab: str, state: dict[str, Any]
) -> None:
    pairing = PairingFactory(need__title="只此一条", **state)
    login(client, UserFactory(organization=pairing.supplier))

    tabs = [name for name in ("todo", "waiting", "introduced", "ended") if "只此一条" in page(
        f"/workspace/pairings/?tab={name}"
    )]  # fmt: skip

    assert tabs == [tab]


def test_an_empty_list_teaches_the_next_step(client: FlaskClient, login: LogIn, page: Get) -> None:
    login(client, UserFactory(organization=OrganizationFactory(), locale="en"))

    assert "No pairings here" in page("/workspace/pairings/")


def test_the_list_and_the_card_take_few_queries(client: FlaskClient, login: LogIn, page: Get, session: Session) -> None:
    firm = OrganizationFactory()
    ids = [PairingFactory(product__organization=firm).id for _ in range(15)]
    login(client, UserFactory(organization=firm))
    session.expunge_all()

    with count_queries() as for_list:
        page("/workspace/pairings/")
    session.expunge_all()
    with count_queries() as for_card:
        page(f"/workspace/pairings/{ids[0]}")

    assert len(for_list) <= 12
    assert len(for_card) <= 12


@pytest.mark.parametrize("path", ["/desk/", "/desk/pairings/", "/desk/model/"])
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_desk_pages_stand_in_both_languages_empty_and_full(
    client: FlaskClient, login: LogIn, page: Get, path: str, locale: str
) -> None:
    login(client, officer(locale=locale))
    empty = page(path)
    _ = [SuggestionFactory() for _ in range(3)]

    with count_queries() as statements:
        full = page(path)

    assert title_of(full) == title_of(empty)
    assert len(statements) <= 12


def test_strangers_log_in_and_companies_find_no_desk(client: FlaskClient, login: LogIn, session: Session) -> None:
    assert client.get("/desk/pairings/").status_code == 302

    login(client, UserFactory(organization=OrganizationFactory()))

    assert client.get("/desk/pairings/").status_code == 404
    assert client.post(f"/desk/pairings/{uuid.uuid4()}/approve").status_code == 404


def test_an_officer_approves_and_goes_on(desk: FlaskClient, session: Session) -> None:
    suggestion = SuggestionFactory()

    answer = desk.post(f"/desk/pairings/{suggestion.id}/approve", data={"next": "/desk/pairings/?state=suggested"})

    session.refresh(suggestion)
    assert (answer.status_code, answer.location) == (303, "/desk/pairings/?state=suggested")
    assert suggestion.state is SuggestionState.APPROVED


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/workspace/"])
def test_going_on_never_leaves_the_queue(desk: FlaskClient, target: str) -> None:
    answer = desk.post(f"/desk/pairings/{SuggestionFactory().id}/approve", data={"next": target})

    assert answer.location == "/desk/pairings/"


def test_the_second_officer_is_told_somebody_was_faster(desk: FlaskClient) -> None:
    suggestion = SuggestionFactory()
    desk.post(f"/desk/pairings/{suggestion.id}/approve")

    answer = desk.post(f"/desk/pairings/{suggestion.id}/approve")

    assert answer.status_code == 409
    assert "already decided" in answer.text


def test_a_rejection_without_a_reason_stays_on_the_page(desk: FlaskClient) -> None:
    suggestion = SuggestionFactory()

    answer = desk.post(f"/desk/pairings/{suggestion.id}/reject", data={"reason": "Too young."})

    assert answer.status_code == 422
    assert "Choose a reason." in answer.text
    assert "Too young." in answer.text


def test_the_preview_says_who_will_see_whom(desk: FlaskClient, session: Session) -> None:
    suggestion = SuggestionFactory(need__is_owner_shown=False)
    gone = SuggestionFactory(state=SuggestionState.APPROVED, decided_at=NOON)

    answer = desk.post("/desk/pairings/preview", data={"ids": [suggestion.id, gone.id]})

    assert answer.status_code == 200
    assert f"{suggestion.need.organization.legal_name_zh} (name hidden)" in answer.text
    assert suggestion.supplier.legal_name_zh in answer.text
    assert "1 of the selected has been decided meanwhile" in answer.text


def test_what_was_previewed_is_approved(desk: FlaskClient, session: Session) -> None:
    ids = [SuggestionFactory().id for _ in range(3)]

    answer = desk.post("/desk/pairings/approve", data={"ids": ids})

    assert answer.status_code == 303
    assert session.query(Pairing).count() == 3


def test_if_one_was_decided_meanwhile_none_is_approved(desk: FlaskClient, session: Session) -> None:
    waiting = SuggestionFactory()
    gone = SuggestionFactory(state=SuggestionState.REJECTED, decided_at=NOON, reason_code="immature")

    answer = desk.post("/desk/pairings/approve", data={"ids": [waiting.id, gone.id]})

    assert answer.status_code == 409
    assert session.query(Pairing).count() == 0


def test_a_bulk_rejection_without_a_reason_shows_the_preview_again(desk: FlaskClient, session: Session) -> None:
    ids = [SuggestionFactory().id for _ in range(2)]

    answer = desk.post("/desk/pairings/reject", data={"ids": ids})

    assert answer.status_code == 422
    assert answer.text.count(f'value="{ids[0]}"') == 2
    assert {one.state for one in session.query(Suggestion)} == {SuggestionState.SUGGESTED}


def test_a_selection_that_cannot_be_read_is_refused(desk: FlaskClient) -> None:
    assert desk.post("/desk/pairings/approve", data={"ids": ["1; DROP TABLE"]}).status_code == 422


def test_an_empty_selection_goes_back(desk: FlaskClient) -> None:
    assert desk.post("/desk/pairings/preview").location == "/desk/pairings/"


def test_a_computation_is_queued_once(desk: FlaskClient, session: Session) -> None:
    _ = [desk.post("/desk/pairings/recompute") for _ in range(2)]

    job = session.query(Job).one()
    assert (job.kind, job.payload["trigger"]) == ("matching.recompute", "on_demand")


def test_the_operator_sees_the_evidence_but_no_buttons(client: FlaskClient, login: LogIn, page: Get) -> None:
    suggestion = SuggestionFactory()
    login(client, operator(locale="en"))

    shown = page(f"/desk/pairings/{suggestion.id}")

    assert "Only the authority decides on suggested pairings." in shown
    assert f"/desk/pairings/{suggestion.id}/approve" not in shown
    assert client.post(f"/desk/pairings/{suggestion.id}/approve").status_code == 403


def test_the_card_takes_few_queries(desk: FlaskClient, page: Get, session: Session) -> None:
    suggestion_id = SuggestionFactory().id
    session.expunge_all()

    with count_queries() as statements:
        page(f"/desk/pairings/{suggestion_id}")

    assert len(statements) <= 12
