"""Reading requirements out of the text of a need without a script: they become rows that the person goes through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.demands.forms import MAX_PARAMS
from app.demands.models import Need
from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

URL = "/workspace/needs/new"
TEXT = "待机电流不超过2µA，工作温度-40~85℃，车规AEC-Q100 Grade 2"


@pytest.fixture
def editor(client: FlaskClient, session: Session, login: Callable[..., FlaskClient]) -> FlaskClient:
    return login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))


def row(text: str, number: int) -> dict[str, str]:
    """Return the values of one row of requirements."""
    typed = dict(re.findall(rf'name="params-{number}-(\w+)"[^>]*?value="([^"]*)"', text))
    selects = re.findall(rf'<select[^>]*name="params-{number}-(\w+)"[^>]*>(.*?)</select>', text, re.DOTALL)
    chosen = {name: re.search(r'<option[^>]*selected[^>]*value="([^"]*)"', body) for name, body in selects}
    return typed | {name: found[1] for name, found in chosen.items() if found}


def read(editor: FlaskClient, **typed: Any) -> str:
    answer = editor.post(URL, data={"use_description": TEXT, "read_requirements": "1", **typed})
    assert answer.status_code == 200
    return answer.text


def test_what_the_text_requires_becomes_a_row_and_is_not_saved(editor: FlaskClient, session: Session) -> None:
    text = read(editor)

    found = row(text, 0)
    assert (found["key"], found["op"], found["value"], found["unit"]) == ("standby_i", "&lt;=", "2", "µA")
    assert "3 requirements read from your text." in text
    assert session.scalar(select(func.count()).select_from(Need)) == 0


def test_temperature_and_grade_go_into_their_fields(editor: FlaskClient) -> None:
    text = read(editor)

    assert re.search(r'name="temp_min"[^>]*value="-40"', text)
    assert re.search(r'name="temp_max"[^>]*value="85"', text)
    assert re.search(r'<option selected value="automotive_g2"', text)


def test_what_is_typed_already_is_kept(editor: FlaskClient) -> None:
    typed = {"params-0-key": "standby_i", "params-0-op": "<=", "params-0-value": "5", "params-0-unit": "µA"}

    text = read(editor, temp_min="-20", quality_grade="industrial", **typed)

    assert row(text, 0)["value"] == "5"
    assert re.search(r'name="temp_min"[^>]*value="-20"', text)
    assert re.search(r'<option selected value="industrial"', text)


def test_an_empty_row_is_used_first(editor: FlaskClient) -> None:
    text = read(editor, **{"params-0-key": "", "params-0-value": ""})

    assert row(text, 0)["key"] == "standby_i"


def test_a_full_form_takes_no_more(editor: FlaskClient) -> None:
    rows = {f"params-{number}-key": "vin" for number in range(MAX_PARAMS)}

    text = read(editor, use_description="待机电流不超过2µA", **rows)

    assert "Nothing new was found in your text." in text


def test_a_text_without_numbers_is_asked_for_some(editor: FlaskClient) -> None:
    assert "Nothing new was found in your text." in read(editor, use_description="电池")


def test_the_form_of_a_challenge_reads_too(editor: FlaskClient) -> None:
    answer = editor.post("/workspace/challenges/new", data={"use_description": TEXT, "read_requirements": "1"})

    assert answer.status_code == 200
    assert row(answer.text, 0)["key"] == "standby_i"
