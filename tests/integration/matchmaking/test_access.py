"""Who may open which page of the pairing desk, of a pairing, and take which act."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.core.actor import MemberRole
from app.matchmaking import service
from app.matchmaking.commands import ReportMessage, RunSettings
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator, supervisor
from tests.factories.matchmaking import MessageFactory, PairingFactory, SuggestionFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

LogIn = Callable[..., Any]
READERS = ("officer", "operator", "supervisor")
DESK_PAGES = (
    "/desk/pairings/",
    "/desk/pairings/{suggestion}",
    "/desk/pairings/excluded",
    "/desk/runs/",
    "/desk/runs/new",
    "/desk/runs/{run}",
    "/desk/messages/",
    "/desk/funnel/",
    "/desk/funnel/pairings",
    "/desk/funnel/pairings.csv",
)
DESK_ACTS = (
    "/desk/pairings/{suggestion}/defer",
    "/desk/pairings/{suggestion}/resume",
    "/desk/pairings/{suggestion}/pin",
    "/desk/pairings/{suggestion}/approve",
    "/desk/pairings/{second}/exclude?reason=Affiliated",
    "/desk/pairings/{third}/reject?reason_code=immature",
    "/desk/pairings/approve?ids={fourth}",
    "/desk/pairings/excluded/{exclusion}/lift",
    "/desk/runs/{run}/compute",
    "/desk/messages/{report}/uphold?decision=Advertising",
)
PAIRING_PAGES = (
    "/workspace/pairings/{pairing}",
    "/workspace/pairings/{pairing}/thread",
    "/workspace/pairings/{pairing}/confidential",
)
STRANGERS = ("stranger", "maker", "firm")


@dataclass(frozen=True)
class Scene:
    """Ids for the addresses, and somebody of each kind."""

    ids: dict[str, uuid.UUID]
    people: dict[str, User]


@pytest.fixture
def scene(session: Session) -> Scene:
    """A pairing under an agreement, a suggestion, an excluded pair, a configuration and a reported message."""
    authority = officer()
    pairing = PairingFactory(under_nda=True)
    maker, firm = (UserFactory(organization=one) for one in (pairing.demand, pairing.supplier))
    message = MessageFactory(pairing=pairing, author=maker)
    report = service.report_message(
        session, actor=firm.as_actor(), message_id=message.id, command=ReportMessage("advertising", ""), now=NOON
    )
    excluded = service.exclude_pair(
        session, actor=authority.as_actor(), suggestion_id=SuggestionFactory().id, reason="关联企业", now=NOON
    )
    run = service.save_configuration(
        session, actor=authority.as_actor(), name="上限20", settings=RunSettings(cap=20), now=NOON
    )
    suggestions = {name: SuggestionFactory().id for name in ("suggestion", "second", "third", "fourth")}
    ids = {"pairing": pairing.id, "exclusion": excluded.id, "run": run.id, "report": report.id, **suggestions}
    people = {
        "officer": authority,
        "operator": operator(),
        "supervisor": supervisor(),
        "maker": maker,
        "firm": firm,
        "viewer": UserFactory(organization=pairing.supplier, role=MemberRole.VIEWER),
        "stranger": UserFactory(organization=OrganizationFactory()),
    }
    session.commit()
    return Scene(ids, people)


def statuses(
    client: FlaskClient, login: LogIn, scene: Scene, who: str, paths: Sequence[str], *, is_act: bool = False
) -> dict[str, int]:
    """Return how the portal answers one kind of person, address by address, in this order."""
    browser = login(client, scene.people[who]) if who else client

    def status(path: str) -> int:
        address, _, given = path.format(**scene.ids).partition("?")
        data = dict(one.split("=") for one in given.split("&") if one)
        answer = browser.post(address, data=data) if is_act else browser.get(address)
        code: int = answer.status_code
        return code

    return {path: status(path) for path in paths}


@pytest.mark.parametrize(
    ("who", "expected"), [("", 302), *((who, 404) for who in STRANGERS), *((who, 200) for who in READERS)]
)
def test_the_desk_is_open_to_staff_only(
    client: FlaskClient, login: LogIn, scene: Scene, who: str, expected: int
) -> None:
    assert statuses(client, login, scene, who, DESK_PAGES) == dict.fromkeys(DESK_PAGES, expected)


@pytest.mark.parametrize(
    ("who", "expected"),
    [("", 302), ("stranger", 404), ("maker", 404), ("operator", 403), ("supervisor", 403), ("officer", 303)],
)
def test_the_authority_alone_acts_at_the_desk(
    client: FlaskClient, login: LogIn, scene: Scene, who: str, expected: int
) -> None:
    assert statuses(client, login, scene, who, DESK_ACTS, is_act=True) == dict.fromkeys(DESK_ACTS, expected)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("", (302, 302, 302)),
        ("stranger", (404, 404, 404)),
        ("maker", (200, 200, 200)),
        ("firm", (200, 200, 200)),
        ("viewer", (200, 200, 200)),
        ("officer", (200, 404, 403)),
    ],
)
def test_a_pairing_is_open_to_its_two_companies_and_the_desk_reads_neither_messages_nor_what_is_confidential(
    client: FlaskClient, login: LogIn, scene: Scene, who: str, expected: tuple[int, ...]
) -> None:
    assert tuple(statuses(client, login, scene, who, PAIRING_PAGES).values()) == expected
