"""A company writes its need in a browser without JavaScript."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.drafts.models import FormDraft
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import Organization

WHOLE = {
    "title": "储能电池包18串采样芯片", "is_owner_shown": "y", "terminal_category": "T1202",
    "end_product": "工商业储能柜",
    "use_description": "采样18串电芯电压。", "categories-0": "C0407", "quality_grade": "industrial",
    "temp_min": "-40", "temp_max": "85", "annual_volume_kpcs": "400", "sample_by": "2027-01-31", "sop_on": "2027-09-01",
    "params-0-key": "cell_err", "params-0-op": "<=", "params-0-value": "2", "params-0-unit": "mV",
    "params-0-level": "must",
    "params-1-key": "cells", "params-1-op": "covers", "params-1-value": "14~18",
    "params-1-level": "must",
    "params-2-key": "sleep_i", "params-2-op": "<=", "params-2-value": "20", "params-2-unit": "uA",
    "params-2-level": "wish",
}  # fmt: skip
NEW = "/workspace/needs/new"


@pytest.fixture
def company(session: Session) -> Organization:
    """A verified terminal maker."""
    row: Organization = OrganizationFactory(terminal=True)
    return row


@pytest.fixture
def visitor(client: FlaskClient, login: Callable[..., FlaskClient], company: Organization) -> FlaskClient:
    """Logged in as its editor, who reads English."""
    return login(client, UserFactory(organization=company, locale="en"))


def only_need(session: Session) -> Need:
    return session.scalars(select(Need).execution_options(populate_existing=True)).one()


def test_saving_a_draft_leads_back_to_the_form(visitor: FlaskClient, session: Session) -> None:
    answer = visitor.post(NEW, data={"title": "第一稿", "save": "1"})

    need = only_need(session)
    assert (answer.status_code, answer.location) == (303, f"/workspace/needs/{need.id}/edit")
    assert need.state is PostingState.DRAFT


def test_submitting_writes_and_hands_in_at_once(visitor: FlaskClient, session: Session) -> None:
    answer = visitor.post(NEW, data={**WHOLE, "submit": "1"})

    need = only_need(session)
    assert (answer.status_code, answer.location) == (303, f"/workspace/needs/{need.id}")
    assert need.state is PostingState.SUBMITTED


def test_a_need_with_gaps_is_neither_written_nor_handed_in(visitor: FlaskClient, session: Session) -> None:
    answer = visitor.post(NEW, data={**WHOLE, "end_product": "", "submit": "1"})

    assert answer.status_code == 422
    assert "Name the end product." in answer.text
    assert session.scalar(select(func.count()).select_from(Need)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_refused_form_comes_back_with_everything_typed(visitor: FlaskClient) -> None:
    typed = {**WHOLE, "title": "<b>短</b>", "temp_min": "nan", "params-1-value": "十四到十八", "submit": "1"}

    answer = visitor.post(NEW, data=typed)

    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert "<title>Error: " in answer.text
    assert "&lt;b&gt;短&lt;/b&gt;" in answer.text
    assert 'value="nan"' in answer.text
    assert 'value="十四到十八"' in answer.text


def test_a_day_that_has_passed_stands_beside_its_field(visitor: FlaskClient, session: Session) -> None:
    yesterday = (NOON - dt.timedelta(days=1)).date().isoformat()

    answer = visitor.post(NEW, data={**WHOLE, "sample_by": yesterday, "submit": "1"})

    assert answer.status_code == 422
    assert "This day has passed." in answer.text
    assert session.scalar(select(func.count()).select_from(Need)) == 0


@pytest.mark.parametrize(
    ("button", "n_rows"), [("add_params", 4), ("remove_params", 2)], ids=["a row more", "a row less"]
)
def test_rows_come_and_go_without_javascript(visitor: FlaskClient, button: str, n_rows: int) -> None:
    answer = visitor.post(NEW, data={**WHOLE, button: "1"})

    assert answer.status_code == 200
    assert [f'id="params-{place}-value"' in answer.text for place in range(n_rows)] == [True] * n_rows
    assert 'value="储能电池包18串采样芯片"' in answer.text


def test_parameters_of_the_chosen_category_come_first_without_javascript(visitor: FlaskClient) -> None:
    page = visitor.post(NEW, data={"categories-0": "C0407", "add_params": "1"}).text

    options = page[page.index('id="params-0-key"') :]
    assert options.index('value="cells"') < options.index('value="acc"')


def test_a_stale_form_is_refused_once_and_keeps_what_was_typed(
    visitor: FlaskClient, session: Session, company: Organization
) -> None:
    need = NeedFactory(organization=company, draft=True)
    version, url = need.version, f"/workspace/needs/{need.id}/edit"
    visitor.post(url, data={**WHOLE, "title": "同事的版本", "version": version})

    refused = visitor.post(url, data={**WHOLE, "title": "我的版本", "version": version})
    again = visitor.post(url, data={**WHOLE, "title": "我的版本", "version": version + 1})

    assert refused.status_code == 409
    assert 'value="我的版本"' in refused.text
    assert f'name="version" type="hidden" value="{version + 1}"' in refused.text
    assert again.status_code == 303
    assert only_need(session).title == "我的版本"


def test_submitting_what_was_saved_with_gaps_shows_the_form(visitor: FlaskClient, company: Organization) -> None:
    need = NeedFactory(organization=company, draft=True, end_product="")

    answer = visitor.post(f"/workspace/needs/{need.id}/submit")

    assert answer.status_code == 422
    assert "Name the end product." in answer.text


def test_a_need_is_submitted_closed_and_taken_back(visitor: FlaskClient, company: Organization) -> None:
    draft, public, other = (
        NeedFactory(organization=company, draft=True),
        NeedFactory(organization=company),
        NeedFactory(organization=company),
    )  # fmt: skip

    answers = [
        visitor.post(f"/workspace/needs/{draft.id}/submit"),
        visitor.post(f"/workspace/needs/{public.id}/close"),
        visitor.post(f"/workspace/needs/{other.id}/cancel"),
        visitor.post(f"/workspace/needs/{other.id}/cancel"),
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 409]


def test_the_opinion_of_the_authority_stands_on_the_page_and_over_the_form(
    visitor: FlaskClient, company: Organization
) -> None:
    need = NeedFactory(
        organization=company, state=PostingState.RETURNED, published_at=None, review_opinion="请补充测试条件。"
    )

    pages = [visitor.get(f"/workspace/needs/{need.id}{tail}").text for tail in ("", "/edit")]

    assert ["请补充测试条件。" in page for page in pages] == [True, True]


def test_what_was_typed_comes_back_until_it_is_saved(visitor: FlaskClient, session: Session) -> None:
    visitor.post("/workspace/drafts/need/new", data={"title": "尚未保存", "params-1-value": "2"})

    kept = visitor.get(NEW).text
    visitor.post(NEW, data={"title": "已经保存", "save": "1"})

    assert "Your unsaved input is back" in kept
    assert 'value="尚未保存"' in kept
    assert session.scalar(select(func.count()).select_from(FormDraft)) == 0
    assert "Your unsaved input is back" not in visitor.get(NEW).text


@pytest.mark.parametrize(
    ("company", "role", "status"),
    [
        ({"chip": True}, "editor", 403),
        ({"terminal": True}, "viewer", 403),
        ({"terminal": True}, "owner", 200),
        ({"terminal": True, "unverified": True}, "editor", 200),
    ],
)
def test_who_may_begin_a_need(
    client: FlaskClient,
    session: Session,
    login: Callable[..., FlaskClient],
    company: dict[str, Any],
    role: str,
    status: int,
) -> None:
    user = UserFactory(organization=OrganizationFactory(**company), role=role)

    assert login(client, user).get(NEW).status_code == status


def test_a_person_without_a_company_begins_none(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    assert login(client, UserFactory()).get(NEW).status_code == 403


def test_a_stranger_is_sent_to_the_log_in(client: FlaskClient, session: Session) -> None:
    answer = client.get(NEW)

    assert answer.status_code == 302
    assert "/account/login" in answer.location


@pytest.mark.parametrize("tail", ["", "/edit"])
def test_a_need_of_another_company_does_not_exist(visitor: FlaskClient, tail: str) -> None:
    assert visitor.get(f"/workspace/needs/{NeedFactory(draft=True).id}{tail}").status_code == 404


def test_a_need_that_does_not_exist_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get(f"/workspace/needs/{uuid.UUID(int=1)}").status_code == 404


def test_a_published_need_is_not_edited(visitor: FlaskClient, company: Organization) -> None:
    assert visitor.get(f"/workspace/needs/{NeedFactory(organization=company).id}/edit").status_code == 403


def test_an_unverified_company_reads_why_it_cannot_submit(
    client: FlaskClient, session: Session, login: Callable[..., FlaskClient]
) -> None:
    user = UserFactory(organization=OrganizationFactory(terminal=True, unverified=True), locale="en")

    page = login(client, user).get(NEW).text

    assert "so it can prepare but not submit." in page
    assert 'name="submit"' not in page
    assert "/workspace/company/verification" in page


def test_an_empty_list_teaches_the_next_step(visitor: FlaskClient) -> None:
    assert "Write your first need" in visitor.get("/workspace/needs/").text


@pytest.mark.parametrize(("locale", "words"), [("zh_Hans_CN", "我的需求"), ("en", "My needs")])
def test_pages_speak_the_readers_language(
    client: FlaskClient, login: Callable[..., FlaskClient], company: Organization, locale: str, words: str
) -> None:
    user = UserFactory(organization=company, locale=locale)

    assert words in login(client, user).get("/workspace/needs/").text
