"""The form of the profile: what people type, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Organization, OrganizationLabel
from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

NEW = "/workspace/company/new"
TYPED = {
    "legal_name_zh": "深圳市新桥传感技术有限公司",
    "org_type": "enterprise",
    "uscc": "91440300MA5XX00149",
    "legal_rep": "林见山",
    "capacities": ["supply"],
    "region_code": "440305",
    "industry_code": "6520",
    "employees": "120",
    "rnd_staff": "80",
    "registered_capital_wan": "500",
    "established_on": "2020-01-02",
    "revenue_band_wan": "2000-10000",
    "chips": ["C1101"],
    "profile": "一家做传感器的公司。",
    "agent_name": "周渡",
    "agent_mobile": "139 1234 5678",
    "agent_email": "zhou@example.com",
}


@pytest.fixture
def founder(client: FlaskClient, session: Session, login) -> FlaskClient:
    return login(client, UserFactory(locale="en"))


def one(session: Session) -> Organization:
    return session.scalars(select(Organization)).one()


def send(client: FlaskClient, **changes: Any) -> Any:
    return client.post(NEW, data={**TYPED, **changes})


def test_a_complete_form_founds_the_organisation(founder, session) -> None:
    answer = send(founder)

    assert (answer.status_code, answer.location) == (303, "/workspace/company/")
    assert one(session).legal_name_zh == TYPED["legal_name_zh"]


def test_full_width_digits_are_digits(founder, session) -> None:
    send(
        founder,
        employees="１２０",
        rnd_staff="８０",
        registered_capital_wan="５００．５",
        established_on="２０２０-０１-０２",
    )

    company = one(session)
    assert (company.employees, company.rnd_staff) == (120, 80)
    assert str(company.registered_capital_wan) == "500.5"
    assert company.established_on == dt.date(2020, 1, 2)


def test_a_wrong_check_character_is_saved_with_a_warning(founder, session) -> None:
    page = founder.post(NEW, data={**TYPED, "uscc": "91440300MA5XX0014X"}, follow_redirects=True)

    assert "The last character of the credit code does not fit the others." in page.text
    assert one(session).uscc == "91440300MA5XX0014X"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"legal_name_zh": ""}, "Enter the name on the licence."),
        ({"legal_name_zh": "长" * 121}, "At most 120 characters."),
        ({"profile": "长" * 2001}, "At most 2000 characters."),
        ({"employees": "many"}, "Not a valid integer value"),
        ({"employees": "-1"}, "Between 0 and 5 000 000."),
        ({"employees": "99999999999999999999"}, "Between 0 and 5 000 000."),
        ({"rnd_staff": "121"}, "More researchers than people work here."),
        ({"registered_capital_wan": "NaN"}, "registered_capital_wan-error"),
        ({"registered_capital_wan": "Infinity"}, "registered_capital_wan-error"),
        ({"registered_capital_wan": "1e400"}, "registered_capital_wan-error"),
        ({"established_on": "yesterday"}, "Not a valid date value"),
        ({"established_on": "2999-01-01"}, "This day lies in the future."),
        ({"uscc": "hello"}, "A unified social credit code has 18 digits"),
        ({"uscc": "x" * 500}, "At most 24 characters."),
        ({"region_code": "999999"}, "Not a valid choice"),
        ({"industry_code": "0000"}, "Not a valid choice"),
        ({"capacities": []}, "Choose at least one side."),
        ({"chips": ["C9999"]}, "C9999"),
        ({"agent_mobile": "<script>"}, "Use digits"),
        ({"agent_email": "nobody"}, "This is not an e-mail address."),
        ({"labels-0-code": "", "labels-0-valid_until": "2027-01-01"}, "Choose a label."),
    ],
)
def test_what_is_wrong_is_told_and_everything_else_stays(founder, session, changes, message) -> None:
    page = send(founder, **changes)

    assert page.status_code == 422
    assert message in page.text
    assert "一家做传感器的公司。" in page.text or "profile" in changes
    assert 'value="zhou@example.com"' in page.text or "agent_email" in changes
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_script_is_only_text(founder, session) -> None:
    send(founder, legal_name_zh="<script>alert(1)</script>", profile="<img src=x onerror=alert(1)>")

    text = founder.get("/workspace/company/").text

    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text


def test_control_characters_are_dropped(founder, session) -> None:
    send(founder, legal_name_zh="深圳市\x00新桥\x07有限公司", profile="a\x00b")

    assert one(session).legal_name_zh == "深圳市新桥有限公司"


def test_rows_of_labels_come_and_go_without_saving(founder, session) -> None:
    longer = send(founder, add_labels="1")
    shorter = send(founder, **{"labels-0-code": "hnte", "labels-1-code": "listed", "remove_labels": "0"})

    assert 'name="labels-0-code"' in longer.text
    assert session.scalar(select(func.count()).select_from(Organization)) == 0
    assert shorter.text.count('name="labels-0-code"') >= 1


def test_labels_are_kept_with_their_term(founder, session) -> None:
    send(founder, **{"labels-0-code": "hnte", "labels-0-valid_until": "2027-01-01"})

    label = session.scalars(select(OrganizationLabel)).one()
    assert (label.code, label.valid_until) == ("hnte", dt.date(2027, 1, 1))


def test_the_same_label_twice_is_kept_once(founder, session) -> None:
    answer = send(
        founder,
        **{"labels-0-code": "hnte", "labels-1-code": "hnte", "labels-1-valid_until": "2027-01-01"},
    )

    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(OrganizationLabel)) == 1


def test_what_was_typed_is_there_again_after_a_break(founder) -> None:
    founder.post("/workspace/drafts/organization/new", data={**TYPED, "profile": "Half a sentence"})

    text = founder.get(NEW).text

    assert "Your unsaved input is back" in text
    assert "Half a sentence" in text


def test_the_draft_is_gone_after_saving(founder, session) -> None:
    founder.post("/workspace/drafts/organization/new", data=TYPED)
    send(founder)

    assert "Your unsaved input is back" not in founder.get("/workspace/company/edit").text


def test_the_same_form_sent_twice_founds_one(founder, session) -> None:
    send(founder)

    again = send(founder)

    assert again.status_code == 302
    assert session.scalar(select(func.count()).select_from(Organization)) == 1


def test_the_identity_of_a_verified_company_is_shown_and_not_asked(client, session, login) -> None:
    company = OrganizationFactory(uscc="91440300MA5XX00149")
    login(client, UserFactory(organization=company, locale="en"))

    text = client.get("/workspace/company/edit").text

    assert "This was checked against your licence" in text
    assert '<input type="hidden" name="uscc" value="91440300MA5XX00149">' in text


def test_settings_are_kept_and_change_the_language_at_once(client, session, login) -> None:
    user = UserFactory(locale="en")
    login(client, user)

    page = client.post(
        "/account/settings",
        data={"name": "新名字", "post": "总监", "mobile": "13800000000", "locale": "zh_Hans_CN"},
        follow_redirects=True,
    )

    session.expire_all()
    assert '<html lang="zh-Hans-CN">' in page.text
    assert (user.name, user.locale) == ("新名字", "zh_Hans_CN")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": "长" * 61}, "At most 60 characters."),
        ({"mobile": "call me"}, "Use digits"),
        ({"locale": "tlh"}, "Not a valid choice"),
    ],
)
def test_refused_settings_say_why(client, session, login, changes, message) -> None:
    login(client, UserFactory(locale="en"))

    page = client.post("/account/settings", data={"name": "A", "mobile": "", "locale": "en", **changes})

    assert page.status_code == 422
    assert message in page.text
