"""The authority adds categories; forms, lists, search and model use them, and nothing that is used is taken back."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.accounts.models import OrganizationCategory
from app.audit.models import AuditEvent
from app.catalog.models import ChipProduct
from app.catalog.reading import category_code
from app.challenges.models import ChallengeEdition
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.models import Need, NeedCategory
from app.jobs.run import run_one
from app.matchmaking import engine, service, sheets
from app.matchmaking.commands import AddCategory, RenameCategory
from app.matchmaking.models import CategoryChange, LexiconEntry, QueueView, Suggestion
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from app.reviews.queries.experts import n_of_category as n_experts
from app.saved.models import SavedSearch, SearchKind
from app.saved.queries import n_of_category as n_searches
from app.search.queries import matching_ids
from app.taxonomy import knowledge, lists
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import LexiconEntryFactory
from tests.factories.reviews import ExpertFactory
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
ADDED = "C0451"
LASER = AddCategory("C04", "佐布拉供电", "Zorblax supply", ("vin", "iq"))
SHEET = {
    "part_number": "ZB18", "category": ADDED, "name": "供电芯片", "description": "单路输出。", "package": "QFN-16",
    "pins": "16", "temp_min": "-40", "temp_max": "105", "quality_grade": "industrial",
    "lifecycle_stage": "customer_sample", "save": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no other test with changed categories."""
    yield
    knowledge.know(knowledge.NOTHING)


@pytest.fixture
def desk(client: FlaskClient, session: Session, login: Login, model_dir: Path) -> FlaskClient:
    """An officer's browser."""
    return login(client, officer(locale="en"))


@pytest.fixture
def known(session: Session, model_dir: Path) -> CategoryChange:
    """A chip category that was added and that every process knows."""
    change = add(session)
    session.commit()
    knowledge.publish(model_dir, service.load_knowledge(session))
    return change


def add(session: Session, command: AddCategory = LASER) -> CategoryChange:
    return service.add_category(session, actor=officer().as_actor(), command=command, now=NOON)


def withdraw(session: Session, code: str = ADDED, n_mentions: int = 0) -> None:
    actor = officer().as_actor()
    service.withdraw_category(session, actor=actor, code=code, n_mentions=n_mentions, now=NOON)


def sent(command: AddCategory = LASER) -> dict[str, Any]:
    return {"parent": command.parent, "zh": command.zh, "en": command.en, "keys": list(command.keys)}


# --- adding


def test_a_category_is_added_under_the_first_code_that_never_ships(session: Session) -> None:
    change = add(session)

    event = session.scalars(select(AuditEvent)).one()
    assert (change.code, change.zh, change.en, change.keys) == (ADDED, LASER.zh, LASER.en, "vin\niq")
    assert (event.action, event.subject_label, event.details["parameters"]) == ("taxonomy.add", ADDED, ["vin", "iq"])
    assert {job.kind for job in session.scalars(select(Job))} == {"taxonomy.apply", "matching.recompute"}


def test_codes_are_counted_below_each_category_by_itself(session: Session) -> None:
    words = (("C04", "甲类", "One"), ("C04", "乙类", "Two"), ("C05", "丙类", "Three"), ("T01", "甲类", "One"))

    codes = [add(session, AddCategory(*some)).code for some in words]

    assert codes == ["C0451", "C0452", "C0551", "T0151"]


def test_the_code_of_a_withdrawn_category_is_not_given_again(session: Session) -> None:
    add(session)
    withdraw(session)

    again = add(session)

    assert again.code == "C0452"


def test_there_are_as_many_codes_as_there_are_numbers(session: Session) -> None:
    last = CategoryChange(code="C0499", zh="末类", en="Last", updated_by=officer().id, updated_at=NOON)
    session.add(last)

    with pytest.raises(RuleViolation, match="no codes left"):
        add(session)


@pytest.mark.parametrize("parent", ["", "C0401", "C98", "X01", ADDED])
def test_only_what_ships_on_the_first_level_has_new_children(session: Session, parent: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        add(session, AddCategory(parent, "甲类", "One"))

    assert refused.value.field == "parent"


@pytest.mark.parametrize(
    ("zh", "en", "field"),
    [
        ("", "One", "zh"),
        ("甲类", " ", "en"),
        ("甲" * 61, "One", "zh"),
        ("甲类", "x" * 61, "en"),
        ("甲\u200b类", "One", "zh"),
        ("甲类", "On\x07e", "en"),
        ("充电管理", "One", "zh"),
        ("甲类", "battery  CHARGER", "en"),
        ("甲类", "ＬＤＯ regulator", "en"),
        ("电源管理", "One", "zh"),
        ("甲类", "Memory", "en"),
    ],
)
def test_empty_long_unseen_and_taken_names_are_refused(session: Session, zh: str, en: str, field: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        add(session, AddCategory("C04", zh, en))

    assert refused.value.field == field


def test_names_of_added_and_renamed_categories_are_taken_but_not_those_of_withdrawn_ones(session: Session) -> None:
    add(session)
    with pytest.raises(RuleViolation):
        add(session, AddCategory("C05", LASER.zh, "Other"))

    withdraw(session)

    assert add(session, AddCategory("C05", LASER.zh, LASER.en)).code == "C0551"


@pytest.mark.parametrize(
    ("parent", "keys"), [("C04", ("no_such_key",)), ("T01", ("vin",)), ("C04", lists.parameters.codes[:21])]
)
def test_only_chips_are_specified_and_only_by_a_few_known_parameters(
    session: Session, parent: str, keys: tuple[str, ...]
) -> None:
    with pytest.raises(RuleViolation) as refused:
        add(session, AddCategory(parent, "甲类", "One", keys))

    assert refused.value.field == "keys"


def test_the_operator_neither_adds_nor_withdraws(session: Session) -> None:
    add(session)

    with pytest.raises(NotAllowed):
        service.add_category(session, actor=operator().as_actor(), command=LASER, now=NOON)
    with pytest.raises(NotAllowed):
        service.withdraw_category(session, actor=operator().as_actor(), code=ADDED, n_mentions=0, now=NOON)


# --- changing


def test_an_added_category_is_renamed_and_specified_otherwise(session: Session) -> None:
    add(session)
    command = RenameCategory("激光供电", "Laser supply", keys=("vout",))

    change = service.rename_category(session, actor=officer().as_actor(), code=ADDED, command=command, now=NOON)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "taxonomy.rename")).one()
    assert (change.zh, change.en, change.keys) == ("激光供电", "Laser supply", "vout")
    assert (event.details["before"], event.details["after"]) == ([LASER.zh, LASER.en], ["激光供电", "Laser supply"])


def test_an_added_category_has_no_shipped_names_to_go_back_to(session: Session) -> None:
    add(session)

    with pytest.raises(RuleViolation):
        service.rename_category(
            session, actor=officer().as_actor(), code=ADDED, command=RenameCategory("", ""), now=NOON
        )


@pytest.mark.parametrize(("code", "into"), [(ADDED, "C0401"), ("C0401", ADDED)])
def test_added_categories_are_merged_and_restored_as_others_are(session: Session, code: str, into: str) -> None:
    add(session)
    product = ProductFactory(category=code)
    actor = officer().as_actor()

    service.merge_category(session, actor=actor, code=code, into=into, now=NOON)
    merged = service.load_knowledge(session).changes.merged
    service.restore_category(session, actor=actor, code=code, now=NOON)

    session.expire_all()
    assert product.category == into
    assert merged == {code: into}
    assert service.load_knowledge(session).changes.merged == {}


def test_a_merged_category_is_not_withdrawn_and_nothing_merges_with_a_withdrawn_one(session: Session) -> None:
    actor = officer().as_actor()
    add(session)
    other = add(session, AddCategory("C04", "甲类", "One")).code
    service.merge_category(session, actor=actor, code=other, into="C0401", now=NOON)
    withdraw(session)

    with pytest.raises(Conflict):
        withdraw(session, other)
    with pytest.raises(RuleViolation):
        service.merge_category(session, actor=actor, code="C0402", into=ADDED, now=NOON)
    with pytest.raises(Conflict):
        service.merge_category(session, actor=actor, code=ADDED, into="C0402", now=NOON)
    with pytest.raises(Conflict):
        service.rename_category(session, actor=actor, code=ADDED, command=RenameCategory("乙类", "Two"), now=NOON)


# --- withdrawing


def test_what_nothing_uses_is_withdrawn_and_recorded(session: Session) -> None:
    add(session)

    withdraw(session)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "taxonomy.withdraw")).one()
    taught = service.load_knowledge(session).changes
    assert (event.subject_label, event.details["zh"]) == (ADDED, LASER.zh)
    assert (taught.added, taught.keys, taught.withdrawn) == ({}, {}, frozenset({ADDED}))


@pytest.mark.parametrize(
    "use",
    [
        lambda: ProductFactory(category=ADDED, draft=True),
        lambda: NeedFactory(categories=[NeedCategory(code=ADDED)]),
        lambda: OrganizationFactory(chip=True, categories=[OrganizationCategory(code=ADDED)]),
        lambda: LexiconEntryFactory(code=ADDED),
    ],
    ids=["product", "need", "company", "words"],
)
def test_what_is_used_is_not_withdrawn(session: Session, use: Callable[[], object]) -> None:
    add(session)
    use()

    with pytest.raises(Conflict, match="uses this category"):
        withdraw(session)


def test_what_a_need_names_as_end_product_is_not_withdrawn(session: Session) -> None:
    add(session, AddCategory("T01", "折叠屏手机", "Foldable phone"))
    NeedFactory(terminal_category="T0151")

    with pytest.raises(Conflict):
        withdraw(session, "T0151")


def test_what_took_the_place_of_another_or_a_kept_view_names_is_not_withdrawn(session: Session) -> None:
    actor = officer().as_actor()
    add(session)
    other = add(session, AddCategory("C04", "甲类", "One")).code
    service.merge_category(session, actor=actor, code="C0401", into=ADDED, now=NOON)
    session.add(QueueView(user_id=actor.user_id, name="甲", arguments={"category": [other]}, created_at=NOON))
    session.flush()

    with pytest.raises(Conflict):
        withdraw(session, ADDED)
    with pytest.raises(Conflict):
        withdraw(session, other)


def test_what_a_published_edition_names_is_not_withdrawn(session: Session) -> None:
    add(session)
    edition = ChallengeEdition(
        challenge_id=ChallengeFactory().id,
        number=9,
        snapshot={"public": {"chip_categories": [ADDED]}},
        hash="0" * 64,
        created_at=NOON,
    )
    session.add(edition)
    session.flush()

    with pytest.raises(Conflict):
        withdraw(session)


def test_experts_and_kept_searches_that_name_a_category_are_counted(session: Session) -> None:
    ExpertFactory(categories=[ADDED, "C0401"])
    session.add(
        SavedSearch(
            user_id=officer().id,
            kind=SearchKind.PRODUCTS,
            title="供电",
            query=f"category={ADDED}&q=x",
            looked_until=NOON,
            created_at=NOON,
        )
    )

    assert (n_experts(session, ADDED), n_searches(session, ADDED)) == (1, 1)
    assert (n_experts(session, "C0452"), n_searches(session, "C0452")) == (0, 0)


def test_what_ships_and_what_is_not_there_cannot_be_withdrawn(session: Session) -> None:
    with pytest.raises(Conflict):
        withdraw(session, "C0401")
    with pytest.raises(NotFound):
        withdraw(session, ADDED)


def test_a_product_saved_from_a_form_opened_before_brings_its_category_back(
    app: Flask, session: Session, known: CategoryChange
) -> None:
    withdraw(session)
    ProductFactory(category=ADDED)
    session.commit()
    job_id = enqueue(session, "taxonomy.apply", now=NOON, payload={"code": ADDED})
    session.commit()

    run_one(app, worker="test", job_id=job_id)

    session.expire_all()
    assert session.get_one(Job, job_id).state is JobState.DONE
    assert ADDED in lists.chip_categories
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action == "taxonomy.relist")).all()


# --- what uses it


def test_a_product_of_an_added_category_is_written_filtered_and_found(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange
) -> None:
    firm = OrganizationFactory(chip=True)
    browser = login(client, UserFactory(organization=firm, locale="zh_Hans_CN"))

    form = browser.get("/workspace/products/new").text
    saved = browser.post("/workspace/products/new", data=SHEET)

    product = session.scalars(select(ChipProduct)).one()
    assert f'value="{ADDED}"' in form
    assert (saved.status_code, product.category) == (303, ADDED)


@pytest.mark.parametrize(("locale", "name"), [("zh_Hans_CN", LASER.zh), ("en", LASER.en)])
def test_the_public_catalogue_shows_and_filters_an_added_category(
    client: FlaskClient, session: Session, known: CategoryChange, locale: str, name: str
) -> None:
    product = ProductFactory(category=ADDED)
    ProductFactory(part_number="OTHER1")
    with client.session_transaction() as cookie:
        cookie["locale"] = locale

    listed = client.get(f"/products/?category={ADDED}").text

    assert name in client.get(f"/products/{product.id}").text
    assert name in listed
    assert product.part_number in listed
    assert "OTHER1" not in listed
    assert product.part_number in client.get("/products/?category=C04").text


def test_the_search_finds_products_by_the_name_of_an_added_category(
    session: Session, known: CategoryChange, app: Flask
) -> None:
    product = ProductFactory(category=ADDED, name="芯片", description="")
    job_id = enqueue(session, "taxonomy.apply", now=NOON, payload={"code": ADDED})
    session.commit()

    run_one(app, worker="test", job_id=job_id)

    assert product.id in set(session.scalars(matching_ids(session, "product", LASER.zh)))
    assert product.id in set(session.scalars(matching_ids(session, "product", "zorblax")))


def test_a_need_is_written_for_an_added_category_and_end_product(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange, model_dir: Path
) -> None:
    add(session, AddCategory("T01", "折叠屏手机", "Foldable phone"))
    session.commit()
    knowledge.publish(model_dir, service.load_knowledge(session))
    browser = login(client, UserFactory(organization=OrganizationFactory(terminal=True), locale="en"))

    form = browser.get("/workspace/needs/new").text
    data = {"title": "供电", "terminal_category": "T0151", "categories-0": ADDED, "save": "1"}
    answer = browser.post("/workspace/needs/new", data=data)

    need = session.scalars(select(Need)).one()
    codes = session.scalars(select(NeedCategory.code).where(NeedCategory.need_id == need.id)).all()
    assert "Foldable phone" in form
    assert 'data-usual="vin iq' in form
    assert (answer.status_code, need.terminal_category, codes) == (303, "T0151", [ADDED])


def test_companies_lexicon_and_filters_offer_an_added_category(desk: FlaskClient, known: CategoryChange) -> None:
    assert f'<option selected value="{ADDED}"' in desk.get(f"/desk/lexicon/new?category={ADDED}").text
    assert f'value="{ADDED}"' in desk.get(f"{URL}C0401").text
    assert LASER.en in desk.get("/products/").text


def test_imports_read_an_added_category_by_code_and_by_both_names(known: CategoryChange) -> None:
    assert [category_code(text) for text in (LASER.zh, LASER.en.upper(), f"{ADDED} {LASER.zh}")] == [ADDED] * 3


def test_the_sheet_to_fill_in_lists_an_added_category(
    client: FlaskClient, session: Session, login: Login, known: CategoryChange
) -> None:
    owner = UserFactory(organization=OrganizationFactory(chip=True))

    content = login(client, owner).get("/workspace/products/export/template.xlsx").data

    cells = [str(cell.value) for row in load_workbook(io.BytesIO(content)).worksheets[-1].iter_rows() for cell in row]
    assert any(f"{ADDED} {LASER.zh}" in cell for cell in cells)


def test_the_next_fit_predicts_an_added_category(
    app: Flask, session: Session, model_dir: Path, known: CategoryChange
) -> None:
    ProductFactory(category=ADDED, name="佐布拉供电芯片", description="单路佐布拉供电。")
    ProductFactory(category="C0401", name="降压转换器", description="同步降压。")
    session.commit()

    with app.app_context():
        matcher = engine.refit(session, model_dir)

    assert ADDED in matcher.categories_.labels_
    assert matcher.predict_categories("需要佐布拉供电芯片", 1)[0][0] == ADDED


def test_a_need_of_an_added_category_is_paired_with_its_chip(
    app: Flask, session: Session, model_dir: Path, known: CategoryChange
) -> None:
    product = ProductFactory(category=ADDED, name="佐布拉供电芯片", description="单路佐布拉供电。")
    ProductFactory(category="C0401", name="降压转换器", description="同步降压。")
    need = NeedFactory(
        title="佐布拉供电", use_description="单路供电。", categories=[NeedCategory(code=ADDED)], params=[]
    )
    job_id = enqueue(session, "need.changed", now=NOON, payload={"need_id": need.id})
    session.commit()

    run_one(app, worker="test", job_id=job_id)

    best = session.scalars(select(Suggestion).where(Suggestion.rank == 1)).one()
    assert (best.product_id, best.reasons["category"]["code"]) == (product.id, ADDED)


def test_the_names_of_added_categories_are_words_of_the_model(session: Session) -> None:
    add(session)
    other = add(session, AddCategory("C04", "甲类", "One")).code
    service.merge_category(session, actor=officer().as_actor(), code=other, into="C0401", now=NOON)

    codes = {concept.zh[0]: concept.codes for concept in sheets.load_lexicon(session)}

    assert codes == {LASER.zh: (ADDED,), "甲类": ("C0401",)}


# --- pages


def test_a_category_is_added_on_the_page_and_can_be_chosen_at_once(desk: FlaskClient, session: Session) -> None:
    answer = desk.post(f"{URL}new", data=sent())

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}{ADDED}")
    assert session.get_one(CategoryChange, ADDED).keys == "vin\niq"
    assert f'value="{ADDED}"' in desk.get("/desk/lexicon/new").text


def test_a_refused_category_keeps_what_was_typed(desk: FlaskClient, session: Session) -> None:
    answer = desk.post(f"{URL}new", data={**sent(), "en": "Battery charger"})

    assert answer.status_code == 422
    assert "Another category has this name." in answer.text
    assert f'value="{LASER.zh}"' in answer.text
    assert '<option selected value="C04">' in answer.text
    assert '<option selected value="vin">' in answer.text
    assert session.scalars(select(CategoryChange)).all() == []


def test_names_and_parent_are_asked_for(desk: FlaskClient) -> None:
    answer = desk.post(f"{URL}new", data={})

    assert answer.status_code == 422
    assert "Choose a category of the first level." in answer.text
    assert answer.text.count("Write the name.") >= 2


def test_a_terminal_category_is_added_without_parameters(desk: FlaskClient, session: Session) -> None:
    form = desk.get(f"{URL}new?kind=T&parent=T01").text
    answer = desk.post(f"{URL}new?kind=T", data={"parent": "T01", "zh": "折叠屏手机", "en": "Foldable phone"})

    assert '<option selected value="T01">' in form
    assert 'name="keys"' not in form
    assert (answer.status_code, session.get_one(CategoryChange, "T0151").en) == (303, "Foldable phone")


def test_the_page_of_a_family_leads_to_a_new_category_below_it(desk: FlaskClient) -> None:
    assert f'href="{URL}new?kind=C&amp;parent=C04"' in desk.get(f"{URL}C04").text
    assert '<option selected value="C04">' in desk.get(f"{URL}new?kind=C&parent=C04").text


def test_the_page_of_an_added_category_changes_names_and_parameters(
    desk: FlaskClient, session: Session, known: CategoryChange
) -> None:
    with count_queries() as statements:
        shown = desk.get(f"{URL}{ADDED}").text
    answer = desk.post(f"{URL}{ADDED}", data={"zh": "激光供电", "en": "Laser supply", "keys": ["vout"]})

    session.expire_all()
    assert "Ships as" not in shown
    assert '<option selected value="iq">' in shown
    assert (answer.status_code, known.zh, known.keys) == (303, "激光供电", "vout")
    assert len(statements) <= 12


def test_an_unused_category_is_withdrawn_on_its_page(desk: FlaskClient, known: CategoryChange) -> None:
    offered = desk.get(f"{URL}{ADDED}").text
    answer = desk.post(f"{URL}{ADDED}/withdraw")
    shown = desk.get(f"{URL}{ADDED}").text

    assert "Nothing uses this category yet" in offered
    assert answer.status_code == 303
    assert "its code is not given again" in shown
    assert "Merge into another category" not in shown
    assert ADDED not in lists.chip_categories
    assert "withdrawn" in desk.get(f"{URL}?changed=1").text


@pytest.mark.parametrize("use", [lambda: ProductFactory(category=ADDED), lambda: ExpertFactory(categories=[ADDED])])
def test_a_used_category_is_not_withdrawn_on_its_page(
    desk: FlaskClient, known: CategoryChange, use: Callable[[], object]
) -> None:
    use()

    shown = desk.get(f"{URL}{ADDED}").text

    assert "Merge it into another one instead." in shown
    assert desk.post(f"{URL}{ADDED}/withdraw").status_code == 409
    assert ADDED in lists.chip_categories


def test_the_list_tells_what_was_added(desk: FlaskClient, known: CategoryChange) -> None:
    text = desk.get(f"{URL}?changed=1").text

    assert LASER.en in text
    assert "added" in text
    assert f'href="{URL}new?kind=C"' in text


def test_the_trail_tells_additions_in_words(desk: FlaskClient, known: CategoryChange) -> None:
    text = desk.get(f"/desk/audit/?type=category&q={ADDED}").text

    assert "Categories: added" in text


def test_words_of_an_added_category_are_taught(desk: FlaskClient, session: Session, known: CategoryChange) -> None:
    answer = desk.post("/desk/lexicon/new", data={"zh": "佐布拉", "en": "zorblax", "code": ADDED})

    assert answer.status_code == 303
    assert session.scalars(select(LexiconEntry.code)).all() == [ADDED]


def test_the_operator_reads_only(client: FlaskClient, login: Login, known: CategoryChange) -> None:
    browser = login(client, operator(locale="en"))

    assert "New category" not in browser.get(URL).text
    assert "Withdraw this category" not in browser.get(f"{URL}{ADDED}").text
    assert browser.get(f"{URL}new").status_code == 403
    assert browser.post(f"{URL}new", data=sent()).status_code == 403
    assert browser.post(f"{URL}{ADDED}/withdraw").status_code == 403


def test_a_company_finds_no_such_page(client: FlaskClient, session: Session, login: Login) -> None:
    assert (
        login(client, UserFactory(organization=OrganizationFactory(terminal=True))).get(f"{URL}new").status_code == 404
    )
