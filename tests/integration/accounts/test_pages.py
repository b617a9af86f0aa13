"""Every page of the area opens, in both languages, with few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.accounts.models import UsccCheck
from app.accounts.workflow import VerificationState
from app.core.actor import DEFAULT_LOCALE, MemberRole
from tests.factories.accounts import (
    InvitationFactory,
    OrganizationFactory,
    UserFactory,
    VerificationFactory,
    officer,
    operator,
)
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import Organization

MOST = 12
LOCALES = (DEFAULT_LOCALE, "en")


def opened(client: FlaskClient, address: str, *, status: int = 200) -> str:
    with count_queries() as queries:
        answer = client.get(address)
    assert answer.status_code == status, answer.text[:2000]
    assert len(queries) <= MOST, queries
    return answer.text


@pytest.fixture
def company(session: Session) -> Organization:
    """A company with people, invitations, a rejected and a waiting request."""
    organization: Organization = OrganizationFactory(
        unverified=True,
        uscc="91440300MA5XX00149",
        profile="第一行\n<script>alert(1)</script>",
        name_en="Example Electronics",
    )
    UserFactory.create_batch(5, organization=organization)
    InvitationFactory.create_batch(5, organization=organization)
    VerificationFactory(
        organization=organization,
        state=VerificationState.REJECTED,
        decided_at=NOON,
        decided_by=officer().id,
        reason="看不清",
        uscc_check=UsccCheck.MISMATCH,
    )
    VerificationFactory(organization=organization)
    return organization


PUBLIC = ("/account/login", "/account/register", "/account/reset", "/account/confirm", "/companies/")
WORKSPACE = (
    "/workspace/company/",
    "/workspace/company/edit",
    "/workspace/company/people",
    "/workspace/company/verification",
    "/account/settings",
    "/account/change",
)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_opens(client, session, address, locale) -> None:
    OrganizationFactory.create_batch(3)
    with client.session_transaction() as cookie:
        cookie["locale"] = locale

    assert "<h1>" in opened(client, address)


@pytest.mark.parametrize("role", list(MemberRole))
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("address", [one for one in WORKSPACE if one != "/workspace/company/edit"])
def test_a_page_of_the_workspace_opens_for_every_role(client, login, company, address, locale, role) -> None:
    login(client, UserFactory(organization=company, role=role, locale=locale))

    text = opened(client, address)

    assert "<h1>" in text
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_profile_opens_for_editing(client, login, company, locale) -> None:
    login(client, UserFactory(organization=company, locale=locale))

    assert 'name="name_en"' in opened(client, "/workspace/company/edit")


def test_a_viewer_cannot_open_the_form(client, login, company) -> None:
    login(client, UserFactory(organization=company, role=MemberRole.VIEWER))

    assert opened(client, "/workspace/company/edit", status=403)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("address", ["/workspace/company/new", "/account/settings", "/account/change"])
def test_a_page_opens_for_somebody_without_an_organisation(client, login, company, address, locale) -> None:
    user = UserFactory(locale=locale)
    InvitationFactory(organization=company, email=user.email)
    login(client, user)

    assert "<h1>" in opened(client, address)


@pytest.mark.parametrize(
    ("address", "goal"),
    [
        ("/workspace/company/", "/workspace/company/new"),
        ("/workspace/company/people", "/workspace/company/new"),
        ("/workspace/company/verification", "/workspace/company/new"),
    ],
)
def test_whoever_belongs_nowhere_is_led_to_founding_or_joining(client, session, login, address, goal) -> None:
    login(client, UserFactory())

    assert client.get(address).location == goal


@pytest.mark.parametrize("address", [*WORKSPACE, "/workspace/company/new", "/account/start"])
def test_strangers_are_asked_to_log_in(client, session, address) -> None:
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.location.startswith("/account/login?next=")


@pytest.mark.parametrize("make", [officer, operator])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("state", ["submitted", "rejected", "verified", "all"])
def test_the_queue_opens(client, login, company, state, locale, make) -> None:
    VerificationFactory.create_batch(10)
    login(client, make(locale=locale))

    assert "<h1>" in opened(client, f"/desk/companies/?state={state}")


@pytest.mark.parametrize("make", [officer, operator])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_company_opens_at_the_desk(client, login, company, locale, make) -> None:
    login(client, make(locale=locale))

    text = opened(client, f"/desk/companies/{company.id}")

    assert company.legal_name_zh in text
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("tab", ["", "products", "needs", "challenges", "nonsense"])
def test_the_public_page_of_a_company_opens(client, session, locale, tab) -> None:
    verified = OrganizationFactory()
    ProductFactory.create_batch(3, organization=verified)
    NeedFactory.create_batch(3, organization=verified)
    with client.session_transaction() as cookie:
        cookie["locale"] = locale

    assert verified.legal_name_zh in opened(client, f"/companies/{verified.id}?tab={tab}")
