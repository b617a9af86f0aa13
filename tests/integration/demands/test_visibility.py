"""What each reader finds on the page of a need, and what is not in it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from app.demands.models import NeedParam
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.demands import NeedFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from app.accounts.models import User
    from app.demands.models import Need

PUBLIC = ("采样18串电芯电压", "工商业储能柜", "电池管理从控", "ISO 26262", "C0407标题")
VERIFIED = ("3.25", "LQFP64-甲", "驱动库乙", "100–500")
CONFIDENTIAL = ("KM7818A", "12.3456", "437 thousand pieces")
OWNER = "广东保密电子有限公司"


@pytest.fixture
def need(session: Any) -> Need:
    """A published need of a company that hides its name, with a tell-tale value in every field."""
    row: Need = NeedFactory(
        organization=OrganizationFactory(terminal=True, legal_name_zh=OWNER),
        is_owner_shown=False,
        title="C0407标题芯片",
        use_description="采样18串电芯电压",
        qual_standards=["ISO 26262"],
        params=[NeedParam(position=0, key="cell_err", op="<=", value="3.25", unit="mV", is_must=True)],
        package_pref="LQFP64-甲",
        software_needs="驱动库乙",
        annual_volume_kpcs=437,
        target_price_cny=Decimal("12.3456"),
        pin_compat_with="KM7818A",
        current_supply="imported",
        urgency=4,
    )
    return row


def read(client: FlaskClient, need: Need) -> str:
    answer = client.get(f"/needs/{need.id}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.text


def missing(page: str, texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if text not in page]


def member(**organization: Any) -> User:
    user: User = UserFactory(organization=OrganizationFactory(**organization), locale="en")
    return user


def test_strangers_read_the_public_part_only(client: FlaskClient, need: Need) -> None:
    page = read(client, need)

    assert missing(page, PUBLIC) == []
    assert missing(page, (*VERIFIED, *CONFIDENTIAL, OWNER)) == [*VERIFIED, *CONFIDENTIAL, OWNER]
    assert "Imported chip in use" not in page


def test_a_page_says_who_can_read_what_it_does_not_show(client: FlaskClient, need: Need) -> None:
    page = read(client, need)

    assert "People of verified companies and the authority see them." in page
    assert page.count("not shown to you") == 8
    assert "After NDA" in page
    assert "Authority only" in page


def test_people_of_an_unverified_company_read_no_more(
    client: FlaskClient, login: Callable[..., Any], need: Need
) -> None:
    page = read(login(client, member(unverified=True)), need)

    assert missing(page, (*VERIFIED, *CONFIDENTIAL, OWNER)) == [*VERIFIED, *CONFIDENTIAL, OWNER]


def test_people_of_a_verified_company_read_the_requirements(
    client: FlaskClient, login: Callable[..., Any], need: Need
) -> None:
    page = read(login(client, member()), need)

    assert missing(page, (*PUBLIC, *VERIFIED)) == []
    assert missing(page, (*CONFIDENTIAL, OWNER)) == [*CONFIDENTIAL, OWNER]


def test_the_company_reads_everything(client: FlaskClient, login: Callable[..., Any], need: Need) -> None:
    owner = UserFactory(organization=need.organization, locale="en")

    page = read(login(client, owner), need)

    assert missing(page, (*PUBLIC, *VERIFIED, *CONFIDENTIAL, OWNER, "Imported chip in use", "4 – serious")) == []


def test_an_operator_reads_names_but_no_prices(client: FlaskClient, login: Callable[..., Any], need: Need) -> None:
    page = read(login(client, operator(locale="en")), need)

    assert missing(page, (*PUBLIC, *VERIFIED, OWNER)) == []
    assert missing(page, CONFIDENTIAL) == list(CONFIDENTIAL)


def test_the_authority_reads_everything(client: FlaskClient, login: Callable[..., Any], need: Need) -> None:
    page = read(login(client, officer(locale="en")), need)

    assert missing(page, (*PUBLIC, *VERIFIED, *CONFIDENTIAL, OWNER, "Imported chip in use")) == []


def test_a_shown_owner_is_named_to_everybody(client: FlaskClient) -> None:
    need = NeedFactory()

    assert need.organization.legal_name_zh in read(client, need)


@pytest.mark.parametrize("trait", ["draft", "submitted"])
def test_what_is_not_published_does_not_exist_for_strangers(client: FlaskClient, trait: str) -> None:
    need = NeedFactory(**{trait: True})

    assert client.get(f"/needs/{need.id}").status_code == 404


def test_the_list_names_no_hidden_owner(client: FlaskClient, need: Need) -> None:
    page = client.get("/needs/", headers={"Accept-Language": "en"}).text

    assert need.title in page
    assert "Name not shown" in page
    assert OWNER not in page


def test_what_people_typed_is_text_wherever_it_stands(client: FlaskClient, login: Callable[..., Any]) -> None:
    company = OrganizationFactory(terminal=True)
    script = "<script>alert(1)</script>"
    need = NeedFactory(
        organization=company, title=script, use_description=script, end_product=script, subsystem=script,
        qual_standards=[script], package_pref=script, software_needs=script, pin_compat_with=script,
        review_opinion=script,
    )  # fmt: skip
    login(client, UserFactory(organization=company))
    draft = NeedFactory(organization=company, draft=True, title=script)

    addresses = (f"/needs/{need.id}", "/needs/", "/workspace/", "/workspace/needs/", f"/workspace/needs/{need.id}",
                 f"/workspace/needs/{draft.id}/edit")  # fmt: skip
    pages = [client.get(address).text for address in addresses]

    assert [script in page for page in pages] == [False] * 6
    assert all("&lt;script&gt;" in page for page in pages)
