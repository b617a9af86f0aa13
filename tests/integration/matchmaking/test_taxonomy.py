"""The authority keeps the categories; pages, search and model follow without a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.accounts.models import OrganizationCategory
from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.models import NeedCategory
from app.jobs.run import run_one
from app.matchmaking import engine, service
from app.matchmaking.commands import RenameCategory
from app.matchmaking.models import CategoryChange
from app.matchmaking.queries import taxonomy as queries
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from app.search.queries import matching_ids
from app.taxonomy import knowledge, lists
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import LexiconEntryFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    Login = Callable[..., FlaskClient]

URL = "/desk/taxonomy/"
GAUGE, CHARGER = "C0407", "C0406"
NAMES = RenameCategory("电池监测与电量计", "Battery monitor and gauge")


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no other test with changed categories."""
    yield
    knowledge.know(knowledge.NOTHING)


@pytest.fixture
def desk(client: FlaskClient, session: Session, login: Login) -> FlaskClient:
    """An officer's browser."""
    return login(client, officer(locale="en"))


@pytest.fixture
def work(app: Flask, session: Session, model_dir: Path) -> Callable[..., None]:
    """Do a job as the worker does."""

    def do(**payload: Any) -> None:
        job_id = enqueue(session, "taxonomy.apply", now=NOON, payload=payload)
        session.commit()
        assert run_one(app, worker="test", job_id=job_id)
        session.expire_all()
        assert (session.get_one(Job, job_id).state, session.get_one(Job, job_id).last_error) == (JobState.DONE, "")

    return do


def rename(session: Session, command: RenameCategory = NAMES, code: str = GAUGE) -> CategoryChange:
    actor = officer().as_actor()
    return service.rename_category(session, actor=actor, code=code, command=command, now=NOON)


def merge(session: Session, code: str = CHARGER, into: str = GAUGE) -> dict[str, int]:
    return service.merge_category(session, actor=officer().as_actor(), code=code, into=into, now=NOON)


# --- names


def test_a_name_is_laid_over_the_shipped_one_and_recorded(session: Session) -> None:
    change = rename(session)

    event = session.scalars(select(AuditEvent)).one()
    assert (change.zh, change.en) == (NAMES.zh, NAMES.en)
    assert (event.action, event.subject_label, event.details["after"]) == (
        "taxonomy.rename", GAUGE, [NAMES.zh, NAMES.en])  # fmt: skip
    assert {job.kind for job in session.scalars(select(Job))} == {"taxonomy.apply", "matching.recompute"}


@pytest.mark.parametrize("is_typed", [True, False])
def test_the_shipped_names_come_back(session: Session, is_typed: bool) -> None:
    rename(session)
    shipped = lists.chip_categories.get(GAUGE)
    command = RenameCategory(shipped.zh, shipped.en) if shipped and is_typed else RenameCategory("", "")

    change = rename(session, command)

    assert (change.zh, change.en) == ("", "")


@pytest.mark.parametrize(
    "command",
    [
        RenameCategory("只有中文", ""),
        RenameCategory("", "English only"),
        RenameCategory("x" * 61, "y"),
        RenameCategory("GPU", "Another GPU"),
        RenameCategory("另一个", "gpu"),
    ],
)
def test_half_names_long_names_and_names_of_others_are_refused(session: Session, command: RenameCategory) -> None:
    with pytest.raises(RuleViolation):
        rename(session, command)


def test_the_shipped_names_come_back_where_another_category_ships_under_the_same(session: Session) -> None:
    change = rename(session, RenameCategory("服务器", "Server"), "T1502")

    assert (change.zh, change.en) == ("", "")


def test_a_name_another_category_was_given_is_refused(session: Session) -> None:
    rename(session)

    with pytest.raises(RuleViolation):
        rename(session, NAMES, CHARGER)


def test_a_name_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    rename(session)

    with pytest.raises(Conflict):
        rename(session, RenameCategory("别的", "Other", version=0))


# --- merging


def test_everything_that_names_a_merged_category_moves(session: Session) -> None:
    product = ProductFactory(category=CHARGER)
    need = NeedFactory(categories=[NeedCategory(code=CHARGER)])
    firm = OrganizationFactory(chip=True, categories=[OrganizationCategory(code=CHARGER)])
    entry = LexiconEntryFactory(code=CHARGER)

    moved = merge(session)

    session.expire_all()
    assert moved == {"products": 1, "needs": 1, "companies": 1, "words": 1}
    assert (product.category, entry.code) == (GAUGE, GAUGE)
    assert session.scalars(select(NeedCategory.code).where(NeedCategory.need_id == need.id)).all() == [GAUGE]
    codes = select(OrganizationCategory.code).where(OrganizationCategory.organization_id == firm.id)
    assert session.scalars(codes).all() == [GAUGE]


def test_a_need_that_names_both_keeps_one(session: Session) -> None:
    need = NeedFactory(categories=[NeedCategory(code=CHARGER), NeedCategory(code=GAUGE)])

    merge(session)

    assert session.scalars(select(NeedCategory.code).where(NeedCategory.need_id == need.id)).all() == [GAUGE]


def test_terminal_categories_are_merged_too(session: Session) -> None:
    need = NeedFactory(terminal_category="T1202")

    merge(session, "T1202", "T1201")

    session.expire_all()
    assert need.terminal_category == "T1201"


def test_somebody_with_the_moved_sheet_open_meets_a_new_version(session: Session) -> None:
    product = ProductFactory(category=CHARGER)
    before = product.version

    merge(session)

    session.expire_all()
    assert product.version == before + 1


def test_a_merge_is_recorded_with_how_much_moved(session: Session) -> None:
    ProductFactory(category=CHARGER)

    merge(session)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "taxonomy.merge")).one()
    assert (event.subject_label, event.details["into"], event.details["moved"]["products"]) == (CHARGER, GAUGE, 1)


def test_what_was_merged_before_follows(session: Session) -> None:
    merge(session, "C0405", CHARGER)

    merge(session, CHARGER, GAUGE)

    session.expire_all()
    assert session.get_one(CategoryChange, "C0405").merged_into == GAUGE


@pytest.mark.parametrize(
    ("code", "into"), [(GAUGE, GAUGE), ("C04", GAUGE), (GAUGE, "C04"), (GAUGE, "T1202"), (GAUGE, "C9999"), (GAUGE, "")]
)
def test_only_two_of_the_second_level_and_of_one_kind_merge(session: Session, code: str, into: str) -> None:
    with pytest.raises(RuleViolation):
        merge(session, code, into)


def test_nothing_merges_into_what_is_gone(session: Session) -> None:
    merge(session)

    with pytest.raises(RuleViolation):
        merge(session, "C0405", CHARGER)


def test_what_is_gone_is_neither_merged_nor_renamed_again(session: Session) -> None:
    merge(session)

    with pytest.raises(Conflict):
        merge(session, CHARGER, "C0405")
    with pytest.raises(Conflict):
        rename(session, NAMES, CHARGER)


def test_a_merged_category_can_be_chosen_again(session: Session) -> None:
    product = ProductFactory(category=CHARGER)
    merge(session)

    service.restore_category(session, actor=officer().as_actor(), code=CHARGER, now=NOON)

    session.expire_all()
    assert session.get_one(CategoryChange, CHARGER).merged_into == ""
    assert product.category == GAUGE


def test_what_is_not_merged_cannot_be_restored(session: Session) -> None:
    with pytest.raises(Conflict):
        service.restore_category(session, actor=officer().as_actor(), code=CHARGER, now=NOON)


def test_the_operator_changes_nothing(session: Session) -> None:
    actor = operator().as_actor()

    with pytest.raises(NotAllowed):
        service.rename_category(session, actor=actor, code=GAUGE, command=NAMES, now=NOON)
    with pytest.raises(NotAllowed):
        service.merge_category(session, actor=actor, code=CHARGER, into=GAUGE, now=NOON)
    with pytest.raises(NotAllowed):
        service.restore_category(session, actor=actor, code=CHARGER, now=NOON)


def test_there_is_no_change_of_what_does_not_exist(session: Session) -> None:
    with pytest.raises(NotFound):
        rename(session, NAMES, "C9998")


# --- without a release


def test_forms_and_pages_use_the_new_name_and_the_search_finds_it(
    client: FlaskClient, session: Session, work: Any
) -> None:
    product = ProductFactory(category=GAUGE, description="", name="芯片")
    rename(session)
    session.commit()

    work(code=GAUGE)

    assert NAMES.zh in client.get(f"/products/{product.id}").text
    assert product.id in set(session.scalars(matching_ids(session, "product", "监测与电量计")))


def test_a_merged_category_leaves_the_lists_and_old_addresses_lead_on(
    client: FlaskClient, session: Session, work: Any
) -> None:
    product = ProductFactory(category=CHARGER)
    merge(session)
    session.commit()

    work(code=GAUGE)

    assert CHARGER not in lists.chip_categories
    assert product.part_number in client.get(f"/products/?category={CHARGER}").text


def test_what_was_saved_with_the_old_code_meanwhile_moves_with_the_job(session: Session, work: Any) -> None:
    merge(session)
    late = ProductFactory(category=CHARGER)

    work(code=GAUGE)

    assert late.category == GAUGE


def test_the_next_fit_knows_one_category_instead_of_two(
    app: Flask, session: Session, model_dir: Path, catalogue: Any
) -> None:
    merge(session)
    session.commit()

    with app.app_context():
        matcher = engine.refit(session, model_dir)

    assert CHARGER not in matcher.categories_.labels_
    assert matcher.predict_categories("线性充电管理芯片", 1)[0][0] == GAUGE


def test_the_search_uses_the_words_of_the_desk_at_once(session: Session, work: Any) -> None:
    product = ProductFactory(category=GAUGE)
    LexiconEntryFactory(zh="跳电猫", en="jumpcat", code=GAUGE)
    work(code=GAUGE)

    assert set(session.scalars(matching_ids(session, "product", "跳电猫"))) == {product.id}
    assert set(session.scalars(matching_ids(session, "product", "jumpcat"))) == {product.id}


def test_a_mere_translation_of_the_desk_is_searched_in_both_languages(session: Session, work: Any) -> None:
    product = ProductFactory(category=GAUGE, name="Zorblax monitor")
    other = ProductFactory(category=GAUGE)
    LexiconEntryFactory(zh="佐布拉", en="zorblax", code="")
    work(code=GAUGE)

    found = set(session.scalars(matching_ids(session, "product", "佐布拉")))

    assert product.id in found
    assert other.id not in found


def test_forgotten_words_find_nothing_any_more(session: Session, work: Any) -> None:
    ProductFactory(category=GAUGE)
    entry = LexiconEntryFactory(zh="跳电猫", en="", code=GAUGE)
    work(code=GAUGE)

    session.delete(entry)
    session.commit()
    work()

    assert set(session.scalars(matching_ids(session, "product", "跳电猫"))) == set()


# --- pages


def test_the_list_shows_what_was_changed_and_how_much_hangs_on_it(desk: FlaskClient, session: Session) -> None:
    ProductFactory.create_batch(3, category=GAUGE)
    rename(session)
    session.commit()

    with count_queries() as statements:
        answer = desk.get(URL, query_string={"q": GAUGE})

    assert answer.status_code == 200
    assert NAMES.en in answer.text
    assert "renamed" in answer.text
    assert len(statements) <= 12


def test_the_list_is_narrowed_to_changes_and_teaches_when_empty(desk: FlaskClient) -> None:
    assert "No category under these filters" in desk.get(f"{URL}?changed=1").text
    assert "No category under these filters" in desk.get(f"{URL}?kind=T&q=nothing-like-this").text
    assert 'href="/desk/taxonomy/T1202"' in desk.get(f"{URL}?kind=T").text


def test_names_are_changed_on_the_page(desk: FlaskClient, session: Session) -> None:
    answer = desk.post(f"{URL}{GAUGE}", data={"zh": NAMES.zh, "en": NAMES.en})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}{GAUGE}")
    assert session.get_one(CategoryChange, GAUGE).zh == NAMES.zh


def test_a_refused_name_keeps_what_was_typed(desk: FlaskClient) -> None:
    answer = desk.post(f"{URL}{GAUGE}", data={"zh": "只有中文", "en": ""})

    assert answer.status_code == 422
    assert "Give both names, or leave both empty." in answer.text
    assert 'value="只有中文"' in answer.text


def test_an_old_page_gets_a_conflict(desk: FlaskClient) -> None:
    desk.post(f"{URL}{GAUGE}", data={"zh": NAMES.zh, "en": NAMES.en})

    answer = desk.post(f"{URL}{GAUGE}", data={"zh": "别的", "en": "Other", "version": "0"})

    assert answer.status_code == 409


def test_a_category_is_merged_and_restored_on_the_page(desk: FlaskClient, session: Session) -> None:
    merged = desk.post(f"{URL}{CHARGER}/merge", data={"into": GAUGE})
    shown = desk.get(f"{URL}{CHARGER}")
    restored = desk.post(f"{URL}{CHARGER}/restore")

    assert (merged.status_code, restored.status_code) == (303, 303)
    assert f"Merged into {GAUGE}" in shown.text
    assert session.get_one(CategoryChange, CHARGER).merged_into == ""


def test_a_merge_without_a_target_is_refused(desk: FlaskClient) -> None:
    assert desk.post(f"{URL}{CHARGER}/merge", data={"into": ""}).status_code == 422
    assert desk.post(f"{URL}{CHARGER}/merge", data={"into": "C9999"}).status_code == 422


def test_the_page_shows_the_words_of_the_category(desk: FlaskClient) -> None:
    LexiconEntryFactory(zh="跳电猫", code=GAUGE)

    with count_queries() as statements:
        text = desk.get(f"{URL}{GAUGE}").text

    assert "跳电猫" in text
    assert "Known from the start" in text
    assert f'href="/desk/lexicon/new?category={GAUGE}"' in text
    assert len(statements) <= 12


def test_words_of_a_category_are_taught_from_its_page(desk: FlaskClient) -> None:
    assert f'<option selected value="{GAUGE}"' in desk.get(f"/desk/lexicon/new?category={GAUGE}").text
    assert desk.get("/desk/lexicon/new?category=nothing").status_code == 200


def test_there_is_no_page_of_what_does_not_exist(desk: FlaskClient) -> None:
    assert desk.get(f"{URL}C9998").status_code == 404
    assert desk.post(f"{URL}C9998/merge", data={"into": GAUGE}).status_code == 404


def test_the_operator_reads_only(client: FlaskClient, session: Session, login: Login) -> None:
    browser = login(client, operator(locale="en"))

    assert browser.get(URL).status_code == 200
    assert "Merge into another category" not in browser.get(f"{URL}{GAUGE}").text
    assert browser.post(f"{URL}{GAUGE}", data={"zh": "a", "en": "b"}).status_code == 403
    assert browser.post(f"{URL}{CHARGER}/merge", data={"into": GAUGE}).status_code == 403
    assert browser.post(f"{URL}{CHARGER}/restore").status_code == 403


def test_a_company_finds_no_such_page(client: FlaskClient, session: Session, login: Login) -> None:
    assert login(client, UserFactory(organization=OrganizationFactory(terminal=True))).get(URL).status_code == 404


def test_uses_are_counted_in_one_query(session: Session) -> None:
    ProductFactory(category=GAUGE)

    with count_queries() as statements:
        tree = queries.tree(session, kind="C")

    rows = {row.code: row for top in tree for row in top.children}
    assert rows[GAUGE].uses.products == 1
    assert len(statements) == 2
