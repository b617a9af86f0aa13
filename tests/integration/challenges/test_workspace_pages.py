"""Writing a challenge in the browser, without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.challenges.content import filled
from app.challenges.models import Challenge
from app.core.actor import MemberRole
from app.demands.workflow import PostingState
from app.drafts.models import FormDraft
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.support.challenges import challenge, kpi, typed
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

    Page = Callable[..., str]
    Login = Callable[[FlaskClient, User], FlaskClient]

NEW = "/workspace/challenges/new"
LIST = "/workspace/challenges/"


@pytest.fixture
def editor(client: FlaskClient, session: Session, login: Login) -> User:
    """A person who writes for a terminal maker, logged in."""
    person: User = UserFactory(organization=OrganizationFactory(terminal=True), locale="en")
    login(client, person)
    return person


def own(editor: User, **attributes: Any) -> Challenge:
    assert editor.membership is not None
    row: Challenge = ChallengeFactory(organization=editor.membership.organization, **attributes)
    return row


def edit(row: Challenge) -> str:
    return f"{LIST}{row.id}/edit"


def sent(row: Challenge, **changes: str) -> dict[str, str]:
    return {**typed(filled(row)), **changes}


def only(session: Session) -> Challenge:
    session.expire_all()
    return session.scalars(select(Challenge).options(selectinload(Challenge.kpis))).one()


def test_an_empty_form_can_be_saved_and_comes_back_at_the_next_section(
    client: FlaskClient, session: Session, editor: User
) -> None:
    answer = client.post(NEW, data={"save": "need", "max_members": "4", "award_count": "1"})

    row = only(session)
    assert (answer.status_code, answer.location) == (303, f"{edit(row)}#content")
    assert row.state is PostingState.DRAFT


def test_everything_typed_arrives(client: FlaskClient, session: Session, editor: User) -> None:
    given = challenge(programme_id=ProgrammeFactory().id)

    answer = client.post(NEW, data=typed(given))

    row = only(session)
    assert answer.status_code == 303
    assert (row.background, row.reward_total_wan) == (given.background, Decimal(1500))
    assert (row.question_deadline_at, row.bid_deadline_at) == (given.question_deadline_at, given.bid_deadline_at)
    assert [one.name for one in row.kpis] == [one.name for one in given.kpis]


def test_a_complete_challenge_is_handed_in_at_once(client: FlaskClient, session: Session, editor: User) -> None:
    answer = client.post(NEW, data={**typed(challenge(programme_id=ProgrammeFactory().id)), "submit": "1"})

    row = only(session)
    assert (answer.status_code, answer.location) == (303, f"{LIST}{row.id}")
    assert row.state is PostingState.SUBMITTED


def test_a_refused_form_lists_every_gap_keeps_what_was_typed_and_saves_nothing(
    client: FlaskClient, session: Session, editor: User
) -> None:
    answer = client.post(NEW, data={"submit": "1", "title": "车规级采样芯片", "max_members": "9", "award_count": "1"})

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert 'value="车规级采样芯片"' in answer.text
    assert "Explain the background in at least 200 characters." in answer.text
    assert "State at least five indicators." in answer.text
    assert "The payments must add up to 100 %." in answer.text
    assert "Without this pledge the challenge cannot be posted." in answer.text
    assert session.scalars(select(Challenge)).all() == []


def test_the_limits_of_the_programme_are_told_together_with_the_gaps(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True, background="", max_members=9)

    answer = client.post(edit(row), data={**sent(row), "submit": "1"})

    assert answer.status_code == 422
    assert "Explain the background" in answer.text
    assert "The programme allows fewer members in a consortium." in answer.text


def test_a_fault_stands_beside_its_cell(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True)

    answer = client.post(edit(row), data={**sent(row, **{"kpis-1-target": "较高"}), "submit": "1"})

    assert answer.status_code == 422
    assert 'id="kpis-1-target-error"' in answer.text
    assert 'value="较高"' in answer.text


def test_what_cannot_be_measured_is_marked_before_anybody_submits(page: Page, session: Session, editor: User) -> None:
    row = own(editor, draft=True)
    row.kpis[2].target = "显著降低"
    session.commit()

    text = page(edit(row))

    assert 'id="kpis-2-target-lint"' in text
    assert 'id="kpis-1-target-lint"' not in text


def test_the_sections_tell_how_much_is_open(page: Page, editor: User) -> None:
    row = own(editor, draft=True, background="", term_months=None, ip_terms="")

    text = page(f"{LIST}{row.id}")

    assert f'{edit(row)}#content">Background and content</a> <span class="muted">1 point<' in text
    assert f'{edit(row)}#money">Deliverables and money</a> <span class="muted">2 points<' in text


@pytest.mark.parametrize(("name", "added"), [("kpis", 6), ("deliverables", 2), ("payment_plan", 3)])
def test_a_row_is_added_without_saving(
    client: FlaskClient, session: Session, editor: User, name: str, added: int
) -> None:
    row = own(editor, draft=True)
    first = {"kpis": "name", "deliverables": "name", "payment_plan": "milestone"}[name]

    answer = client.post(edit(row), data={**sent(row, title="还没有保存的标题"), f"add_{name}": "1"})

    assert answer.status_code == 200
    assert f'name="{name}-{added - 1}-{first}"' in answer.text
    assert 'value="还没有保存的标题"' in answer.text
    assert only(session).title != "还没有保存的标题"


def test_a_row_is_dropped_and_the_others_move_up(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True)

    answer = client.post(edit(row), data={**sent(row), "remove_kpis": "0"})

    assert f'id="kpis-0-name" maxlength="120" name="kpis-0-name" type="text" value="{row.kpis[1].name}"' in answer.text
    assert f'value="{row.kpis[0].name}"' not in answer.text


def test_the_sum_of_the_weights_is_shown(client: FlaskClient, page: Page, editor: User) -> None:
    row = own(editor, draft=True)

    answer = client.post(edit(row), data={**sent(row, **{"kpis-0-weight": "5"}), "add_deliverables": "1"})

    assert "<span data-sum>85</span> / 100" in answer.text
    assert "<span data-sum>100</span> / 100" in page(edit(row))


def test_an_old_version_is_refused_and_the_next_saving_wins(
    client: FlaskClient, session: Session, editor: User
) -> None:
    row = own(editor, draft=True)
    mine = sent(row, title="我的标题不能丢失")
    row.title, row.updated_at = "同事刚刚改过的标题", NOON + dt.timedelta(minutes=1)
    session.commit()

    refused = client.post(edit(row), data=mine)
    again = client.post(edit(row), data={**mine, "version": str(row.version)})

    assert refused.status_code == 409
    assert 'value="我的标题不能丢失"' in refused.text
    assert f'name="version" type="hidden" value="{row.version}"' in refused.text
    assert again.status_code == 303
    assert only(session).title == "我的标题不能丢失"


def test_input_that_was_kept_comes_back_and_goes_when_it_is_saved(
    client: FlaskClient, page: Page, session: Session, editor: User
) -> None:
    client.post("/workspace/drafts/challenge/new", data={"title": "打了一半的标题", "kpis-0-name": "采样误差"})

    text = page(NEW)
    client.post(NEW, data={"title": "打了一半的标题", "max_members": "4", "award_count": "1"})

    assert 'value="打了一半的标题"' in text
    assert 'value="采样误差"' in text
    assert session.scalars(select(FormDraft)).all() == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reward_total_wan": "lots"}, "Not a valid decimal value."),
        ({"reward_total_wan": "NaN"}, "Enter a number."),
        ({"reward_total_wan": "-5"}, "Number must be between 0 and 1000000."),
        ({"reward_total_wan": "1e400"}, "Number must be between 0 and 1000000."),
        ({"term_months": "37"}, "Number must be between 1 and 36."),
        ({"term_months": "1.5"}, "Not a valid integer value."),
        ({"bid_deadline_at": "next week"}, "Not a valid datetime value."),
        ({"bid_deadline_at": "0001-01-01T00:00"}, "Not a valid datetime value."),
        ({"award_count": "7"}, "Not a valid choice."),
        ({"ip_terms": "mine"}, "Not a valid choice."),
        ({"programme_id": "00000000-0000-0000-0000-000000000000"}, "Not a valid choice."),
        ({"kpis-0-operator": "~"}, "Not a valid choice."),
        ({"kpis-0-weight": "101"}, "Number must be between 0 and 100."),
        ({"kpis-0-sample_n": "0"}, "Number must be between 1 and 1000000."),
        ({"kpis-0-name": "长" * 121}, "Field cannot be longer than 120 characters."),
        ({"background": "长" * 1501}, "Field cannot be longer than 1500 characters."),
        ({"title": "长" * 61}, "Field cannot be longer than 60 characters."),
        ({"payment_plan-0-percent": "140"}, "Number must be between 0 and 100."),
        ({"question_deadline_at": "2027-09-01T12:00"}, "Questions must end before bids do."),
    ],
)
def test_a_value_that_is_none_gets_a_message_beside_it(
    client: FlaskClient, session: Session, editor: User, changes: dict[str, str], message: str
) -> None:
    row = own(editor, draft=True)
    before = row.version

    answer = client.post(edit(row), data=sent(row, **changes))

    assert answer.status_code == 422
    assert message in answer.text
    assert only(session).version == before


@pytest.mark.parametrize("name", ["sleep_i", "Sleep current", " 休眠电流 "])
def test_a_parameter_is_known_by_each_of_its_names(
    client: FlaskClient, session: Session, editor: User, name: str
) -> None:
    row = own(editor, draft=True)

    client.post(edit(row), data=sent(row, **{"kpis-0-param_key": name}))

    assert only(session).kpis[0].param_key == "sleep_i"


@pytest.mark.parametrize("key", ["power", "tdp", "res", "resolution"])
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_parameters_that_share_a_name_do_not_take_each_other_s_place(
    client: FlaskClient, page: Page, session: Session, editor: User, key: str, locale: str
) -> None:
    row = own(editor, draft=True)
    row.kpis[0].param_key = key
    session.commit()
    client.post("/locale", data={"locale": locale})
    shown = re.search(r'name="kpis-0-param_key" type="text" value="([^"]*)"', page(edit(row)))
    assert shown is not None

    client.post(edit(row), data=sent(row, **{"kpis-0-param_key": shown[1]}))

    assert only(session).kpis[0].param_key == key


def test_a_parameter_that_nobody_knows_is_refused(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True)

    answer = client.post(edit(row), data=sent(row, **{"kpis-0-param_key": "happiness"}))

    assert answer.status_code == 422
    assert 'value="happiness"' in answer.text


def test_full_width_digits_are_digits(client: FlaskClient, session: Session, editor: User) -> None:
    row = own(editor, draft=True)
    wide = {
        "reward_total_wan": "１５００．５",
        "term_months": "２４",
        "kpis-0-target": "－４０～８５",
        "kpis-0-operator": "covers",
    }

    client.post(edit(row), data=sent(row, **wide))

    saved = only(session)
    assert (saved.reward_total_wan, saved.term_months) == (Decimal("1500.5"), 24)
    assert saved.kpis[0].target == "-40~85"


def test_scripts_and_formulas_are_only_text(client: FlaskClient, page: Page, editor: User) -> None:
    row = own(editor, draft=True)
    nasty = "<script>alert(1)</script>=cmd|' /C calc'!A0"

    client.post(edit(row), data=sent(row, **{"title": nasty, "background": nasty, "kpis-0-name": nasty}))

    assert "<script>alert" not in page(f"{LIST}{row.id}")
    assert "&lt;script&gt;alert" in page(edit(row))


def test_forged_rows_beyond_the_limit_are_left_out(client: FlaskClient, session: Session, editor: User) -> None:
    many = challenge(programme_id=None, kpis=(kpi(),) * 31)

    client.post(NEW, data=typed(many))

    assert len(only(session).kpis) == 30


def test_handing_in_what_has_gaps_leads_to_the_form_that_shows_them(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True, background="")

    answer = client.post(f"{LIST}{row.id}/submit")

    assert answer.status_code == 422
    assert 'id="background-error"' in answer.text


def test_handing_in_what_breaks_the_programme_says_so(client: FlaskClient, editor: User) -> None:
    row = own(editor, draft=True, max_members=9)

    answer = client.post(f"{LIST}{row.id}/submit")

    assert answer.status_code == 422
    assert 'id="max_members-error"' in answer.text


def test_handing_in_and_taking_back(client: FlaskClient, session: Session, editor: User) -> None:
    row, other = own(editor, draft=True), own(editor, draft=True)

    answers = [client.post(f"{LIST}{row.id}/submit"), client.post(f"{LIST}{other.id}/cancel")]

    session.expire_all()
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (row.state, other.state) == (PostingState.SUBMITTED, PostingState.CANCELLED)


@pytest.mark.parametrize("verb", ["submit", "cancel"])
def test_pressing_twice_is_a_conflict_with_a_page(client: FlaskClient, editor: User, verb: str) -> None:
    row = own(editor, submitted=True)

    assert client.post(f"{LIST}{row.id}/{verb}").status_code == 409


def test_a_returned_challenge_shows_the_opinion_where_it_is_needed(page: Page, editor: User) -> None:
    row = own(editor, state=PostingState.RETURNED, review_opinion="第三项指标不可测。", published_at=None, code=None)

    assert "第三项指标不可测。" in page(LIST)
    assert "第三项指标不可测。" in page(f"{LIST}{row.id}")
    assert "第三项指标不可测。" in page(edit(row))


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("all", 5), ("draft", 1), ("submitted", 1), ("published", 1), ("closed", 1), ("ended", 1), ("%00", 5)],
)
def test_tabs_show_the_challenges_of_their_state(page: Page, editor: User, tab: str, shown: int) -> None:
    own(editor, draft=True)
    own(editor, submitted=True)
    own(editor)
    own(editor, closed=True)
    own(editor, state=PostingState.CANCELLED)
    ChallengeFactory()

    assert page(f"{LIST}?tab={tab}").count('class="entry"') == shown


@pytest.mark.parametrize("path", ["", "/edit"])
def test_the_challenge_of_another_company_does_not_exist(page: Page, editor: User, path: str) -> None:
    page(f"{LIST}{ChallengeFactory().id}{path}", 404)


@pytest.mark.parametrize("verb", ["submit", "cancel"])
def test_nobody_acts_on_the_challenge_of_another_company(client: FlaskClient, editor: User, verb: str) -> None:
    hidden, public = ChallengeFactory(draft=True), ChallengeFactory()

    assert client.post(f"{LIST}{hidden.id}/{verb}").status_code == 404
    assert client.post(f"{LIST}{public.id}/{verb}").status_code == 403


def test_a_viewer_reads_but_does_not_write(page: Page, client: FlaskClient, login: Login) -> None:
    row = ChallengeFactory(draft=True)
    login(client, UserFactory(organization=row.organization, role=MemberRole.VIEWER))

    assert 'class="blocked"' in page(f"{LIST}{row.id}")
    page(edit(row), 403)
    page(NEW, 403)


def test_what_is_under_review_cannot_be_opened_for_writing(page: Page, editor: User) -> None:
    page(edit(own(editor, submitted=True)), 403)


@pytest.mark.parametrize("path", [LIST, NEW])
def test_strangers_are_asked_to_log_in(client: FlaskClient, session: Session, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert "/account/login" in answer.location


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("path", ["list", "new", "edit", "show"])
def test_pages_need_few_queries_in_both_languages(client: FlaskClient, editor: User, path: str, locale: str) -> None:
    row = own(editor, draft=True)
    client.post("/locale", data={"locale": locale})
    url = {"list": LIST, "new": NEW, "edit": edit(row), "show": f"{LIST}{row.id}"}[path]

    with count_queries() as queries:
        answer = client.get(url)

    assert answer.status_code == 200
    assert len(queries) <= 12


def test_no_challenge_yet_teaches_the_first_step(page: Page, editor: User) -> None:
    assert f'href="{NEW}"' in page(LIST)
