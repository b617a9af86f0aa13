"""The authority adds categories of the second level, and takes back those that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.accounts.models import OrganizationCategory
from app.audit.models import AuditEvent
from app.challenges.models import ChallengeEdition
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.demands.models import NeedCategory
from app.jobs.run import run_one
from app.matchmaking import service
from app.matchmaking.commands import AddCategory, RenameCategory
from app.matchmaking.models import CategoryChange, QueueView
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from app.reviews.queries.experts import n_of_category as n_experts
from app.saved.models import SavedSearch, SearchKind
from app.saved.queries import n_of_category as n_searches
from app.taxonomy import lists
from tests.factories.accounts import OrganizationFactory, officer, operator
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import LexiconEntryFactory
from tests.factories.reviews import ExpertFactory
from tests.support.added_categories import ADDED, SUPPLY, add
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session


def withdraw(session: Session, code: str = ADDED, n_mentions: int = 0) -> None:
    actor = officer().as_actor()
    service.withdraw_category(session, actor=actor, code=code, n_mentions=n_mentions, now=NOON)


# --- adding


def test_a_category_is_added_under_the_first_code_that_never_ships(session: Session) -> None:
    change = add(session)

    event = session.scalars(select(AuditEvent)).one()
    assert (change.code, change.zh, change.en, change.keys) == (ADDED, SUPPLY.zh, SUPPLY.en, "vin\niq")
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
        add(session, AddCategory("C05", SUPPLY.zh, "Other"))

    withdraw(session)

    assert add(session, AddCategory("C05", SUPPLY.zh, SUPPLY.en)).code == "C0551"


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
        service.add_category(session, actor=operator().as_actor(), command=SUPPLY, now=NOON)
    with pytest.raises(NotAllowed):
        service.withdraw_category(session, actor=operator().as_actor(), code=ADDED, n_mentions=0, now=NOON)


# --- changing


def test_an_added_category_is_renamed_and_specified_otherwise(session: Session) -> None:
    add(session)
    command = RenameCategory("激光供电", "Laser supply", keys=("vout",))

    change = service.rename_category(session, actor=officer().as_actor(), code=ADDED, command=command, now=NOON)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "taxonomy.rename")).one()
    assert (change.zh, change.en, change.keys) == ("激光供电", "Laser supply", "vout")
    assert (event.details["before"], event.details["after"]) == ([SUPPLY.zh, SUPPLY.en], ["激光供电", "Laser supply"])


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
    assert (event.subject_label, event.details["zh"]) == (ADDED, SUPPLY.zh)
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
