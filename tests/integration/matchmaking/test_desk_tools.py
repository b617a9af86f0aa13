"""The desk's pages about runs, exclusions, the funnel and reports; and the pages of a pairing under way."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.audit.models import AuditEvent
from app.matchmaking import service
from app.matchmaking.commands import Candidate, ReportMessage, RunSettings
from app.matchmaking.labels import FEATURES
from app.matchmaking.service.plan import Plan
from app.matchmaking.workflow import PairingState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.catalog import ProductFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory, evidence
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

LogIn = Callable[..., Any]
CURVE = [
    {"ratio": None, "cap": None, "total": 9.0, "share": 1.0, "gini": 0.6},
    {"ratio": 1.0, "cap": 3, "total": 8.0, "share": 0.9, "gini": 0.2},
]
REST = {"min_firms": "0", "small_percent": "0", **{f"weight_{name}": "100" for name in FEATURES}}
FIGURES = {"gini": 0.3, "kept": 0.95, "n_shown": 4, "curve": CURVE}


@pytest.fixture
def desk(session: Session, client: FlaskClient, login: LogIn) -> FlaskClient:
    """The browser of an officer who reads English."""
    browser: FlaskClient = login(client, officer(locale="en"))
    return browser


def _configuration(session: Session, name: str = "Cap of 20") -> str:
    standing, product = SuggestionFactory(), ProductFactory()
    settings = RunSettings(cap=20)
    found = service.save_configuration(session, actor=officer().as_actor(), name=name, settings=settings, now=NOON)
    counts = {"n_musts": 0, "n_musts_met": 0, "n_musts_violated": 0, "n_musts_unknown": 0}
    one = Candidate(product.organization_id, product.id, 0.6, 1, **counts, reasons=evidence())
    plan = Plan({standing.need_id: [one]}, FIGURES, "m+1")
    service.store_plan(session, configuration_id=found.id, plan=plan, now=NOON)
    session.commit()
    return str(found.id)


def test_a_configuration_is_made_and_queued_from_its_form(desk: FlaskClient) -> None:
    data = {"name": "Cap of 10", "max_firms": "6", "min_percent": "3", "cap": "10", **REST}

    made = desk.post("/desk/runs/new", data={**data, "weights": "in_use"})

    assert made.status_code == 303
    assert "being computed" in desk.get(made.location).text


def test_a_refused_configuration_keeps_what_was_typed(desk: FlaskClient) -> None:
    data = {"name": "Cap", "max_firms": "99", "min_percent": "3", "cap": "10", **REST}

    refused = desk.post("/desk/runs/new", data={**data, "weights": "in_use"})

    assert refused.status_code == 422
    assert 'value="99"' in refused.text


def test_a_computed_configuration_is_compared_and_drawn_deployed_and_undone(
    session: Session, desk: FlaskClient
) -> None:
    url = f"/desk/runs/{_configuration(session)}"

    text = desk.get(url).text
    deployed, undone = desk.post(f"{url}/deploy"), desk.post(f"{url}/undo")

    assert "<polyline" in text
    assert "Firms that come" in text
    assert (deployed.status_code, undone.status_code) == (303, 303)
    assert "Cap of 20" in desk.get("/desk/runs/").text


def test_a_copy_begins_with_the_rules_of_the_other(session: Session, desk: FlaskClient) -> None:
    text = desk.get(f"/desk/runs/new?from={_configuration(session)}").text

    assert 'value="Cap of 20, changed"' in text
    assert 'value="20"' in text


def test_a_weight_out_of_its_bounds_is_refused_beside_its_field(desk: FlaskClient) -> None:
    data = {"name": "Cap of 10", "max_firms": "6", "min_percent": "3", "cap": "10", **REST, "weight_stuffing": "10"}

    refused = desk.post("/desk/runs/new", data={**data, "weights": "in_use"})

    assert refused.status_code == 422
    assert 'href="#weight_stuffing"' in refused.text


def test_the_later_of_two_officers_sees_what_is_in_use_by_now(session: Session, desk: FlaskClient) -> None:
    first, second = _configuration(session), _configuration(session, "Cap of 30")
    desk.post(f"/desk/runs/{first}/deploy", data={"in_use": ""})

    refused = desk.post(f"/desk/runs/{second}/deploy", data={"in_use": ""})

    assert refused.status_code == 409
    assert "“Cap of 20” is in use since" in refused.text


def test_contradictory_rules_are_explained_in_words(session: Session, desk: FlaskClient) -> None:
    found = _configuration(session)
    relaxations = [{"kind": "cap", "place": -1, "bound": 20, "needed": 23}]
    service.store_contradiction(session, configuration_id=uuid.UUID(found), relaxations=relaxations, now=NOON)
    session.commit()

    text = desk.get(f"/desk/runs/{found}").text

    assert "Let one firm be shown for up to 23 needs instead of 20." in text


def test_the_funnel_counts_and_defines(session: Session, desk: FlaskClient) -> None:
    PairingFactory(introduced=True)

    text = desk.get("/desk/funnel/").text

    assert "Both companies accepted; contacts were exchanged." in text


def test_a_number_of_the_funnel_leads_to_its_pairings(session: Session, desk: FlaskClient) -> None:
    pairing = PairingFactory(introduced=True)

    funnel, text = desk.get("/desk/funnel/").text, desk.get("/desk/funnel/pairings?stage=introduced").text

    assert 'href="/desk/funnel/pairings?stage=introduced"' in funnel
    assert pairing.need.title in text


def test_the_export_of_the_funnel_holds_no_formula_and_is_on_the_trail(session: Session, desk: FlaskClient) -> None:
    PairingFactory(need__title='=HYPERLINK("http://evil.example")', introduced=True)

    answer = desk.get("/desk/funnel/pairings.csv?category=C0")

    (row,) = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))[1:]
    assert row[0].startswith("'=HYPERLINK")
    assert row[6:9] == ["2026-11-24", "2026-11-24", ""]
    assert session.query(AuditEvent).filter_by(action="funnel.export").one().details["category"] == "C0"


@pytest.mark.parametrize("path", ["?by=quarter", "?by=nonsense", "pairings?stage=nonsense", "pairings?stage=pilot"])
def test_the_pages_of_the_funnel_open_empty_and_with_any_argument(desk: FlaskClient, path: str) -> None:
    assert desk.get(f"/desk/funnel/{path}").status_code == 200


def test_an_excluded_pair_is_listed_and_lifted(session: Session, desk: FlaskClient) -> None:
    suggestion = SuggestionFactory()

    desk.post(f"/desk/pairings/{suggestion.id}/exclude", data={"reason": "Affiliated"})

    assert "Affiliated" in desk.get("/desk/pairings/excluded").text


def test_the_page_of_a_suggestion_offers_to_defer_pin_and_exclude(session: Session, desk: FlaskClient) -> None:
    suggestion = SuggestionFactory()

    text = desk.get(f"/desk/pairings/{suggestion.id}").text

    assert all(f"/desk/pairings/{suggestion.id}/{event}" in text for event in ("defer", "pin", "exclude"))


def test_a_reported_message_waits_on_the_desk(session: Session, desk: FlaskClient) -> None:
    pairing = PairingFactory(introduced=True)
    maker, firm = (UserFactory(organization=one).as_actor() for one in (pairing.demand, pairing.supplier))
    message = service.send_message(
        session, actor=maker, pairing_id=pairing.id, text="Buy now", uploads=(), max_bytes=10, now=NOON
    )
    command = ReportMessage("advertising", "")
    report = service.report_message(session, actor=firm, message_id=message.id, command=command, now=NOON)
    session.commit()

    text = desk.get("/desk/messages/").text
    decided = desk.post(f"/desk/messages/{report.id}/uphold", data={"decision": "Advertising"})

    assert "Buy now" in text
    assert decided.status_code == 303


@pytest.mark.parametrize("state", [state for state in PairingState if state not in ("proposed", "declined")])
@pytest.mark.parametrize("side", ["demand", "supplier"])
def test_the_page_of_a_pairing_opens_in_every_state(
    client: FlaskClient, login: LogIn, session: Session, state: PairingState, side: str
) -> None:
    pairing = PairingFactory(introduced=True, state=state, decline_reason="price")
    browser = login(client, UserFactory(organization=getattr(pairing, side)))

    assert browser.get(f"/workspace/pairings/{pairing.id}").status_code == 200


def test_a_step_is_taken_on_the_page_and_a_refused_one_says_why(
    client: FlaskClient, login: LogIn, session: Session
) -> None:
    pairing = PairingFactory(introduced=True)
    url = f"/workspace/pairings/{pairing.id}"
    maker = login(client, UserFactory(organization=pairing.demand, locale="en"))

    refused = maker.post(f"{url}/sign_nda", data={"kind": "template"})
    taken = maker.post(f"{url}/sign_nda", data={"kind": "template", "is_authorised": "y"})

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert "Confirm that you may sign" in refused.text
    assert "You have confirmed" in maker.get(url).text


def test_the_confidential_page_names_who_looked(client: FlaskClient, login: LogIn, session: Session) -> None:
    pairing = PairingFactory(under_nda=True)
    user = UserFactory(organization=pairing.demand, name="王采购")

    text = login(client, user).get(f"/workspace/pairings/{pairing.id}/confidential").text

    assert "王采购" in text


def test_a_stranger_finds_neither_thread_nor_confidential_part(
    client: FlaskClient, login: LogIn, session: Session
) -> None:
    pairing = PairingFactory(under_nda=True)
    stranger = login(client, UserFactory(organization=OrganizationFactory()))

    urls = [f"/workspace/pairings/{pairing.id}/{part}" for part in ("thread", "confidential")]

    assert [stranger.get(url).status_code for url in urls] == [404, 404]
