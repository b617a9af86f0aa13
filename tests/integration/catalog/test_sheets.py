"""Writing, publishing, confirming and archiving product sheets."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.catalog import service
from app.catalog.commands import ParamInput, ProductInput, Qualification
from app.catalog.content import SEARCH_KIND, as_input
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.outbox.models import Job
from app.search.queries import matching_ids
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

DRAFT = ProductInput(part_number="CB18", category="C0407", name="18串电池采样芯片")


def editor(firm: Any = None, role: MemberRole = MemberRole.EDITOR) -> Actor:
    actor: Actor = UserFactory(organization=firm or OrganizationFactory(chip=True), role=role).as_actor()
    return actor


def actions(session: Session, product_id: uuid.UUID) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.subject_id == product_id).order_by(AuditEvent.seq)
    return list(session.scalars(query))


def is_found(session: Session, product: ChipProduct, words: str) -> bool:
    found = matching_ids(session, SEARCH_KIND, words)
    assert found is not None
    return product.id in session.scalars(found).all()


def test_a_new_sheet_is_a_draft_nobody_finds(session: Session) -> None:
    product = service.create_product(session, actor=editor(), command=DRAFT, now=NOON)

    assert (product.state, product.published_at, product.confirmed_on) == (ProductState.DRAFT, None, None)
    assert not is_found(session, product, "CB18")
    assert actions(session, product.id) == ["product.create"]


def test_a_sheet_comes_back_as_it_was_stated(session: Session) -> None:
    sheet = replace(
        DRAFT,
        temp_min=-40.0,
        interfaces=("SPI", "UART"),
        qualifications=(Qualification("AEC-Q100", "G2", "passed", "R-1"),),
        params=(ParamInput("vin", 3.0, None, 36.0, "V", "25℃"), ParamInput("algos", value_text="SM2|SM4")),
    )

    product = service.create_product(session, actor=editor(), command=sheet, now=NOON)
    session.expire_all()

    stored = session.get_one(ChipProduct, product.id, populate_existing=True)
    session.refresh(stored, ["params"])
    assert as_input(stored) == sheet


@pytest.mark.parametrize("role", [MemberRole.VIEWER])
def test_a_viewer_writes_no_sheet(session: Session, role: MemberRole) -> None:
    with pytest.raises(NotAllowed):
        service.create_product(session, actor=editor(role=role), command=DRAFT, now=NOON)


def test_a_terminal_maker_writes_no_sheet(session: Session) -> None:
    with pytest.raises(NotAllowed):
        service.create_product(session, actor=editor(OrganizationFactory(terminal=True)), command=DRAFT, now=NOON)


def test_a_part_number_is_taken_once_per_firm(session: Session) -> None:
    actor = editor()
    service.create_product(session, actor=actor, command=DRAFT, now=NOON)

    with pytest.raises(RuleViolation) as refusal:
        service.create_product(session, actor=actor, command=DRAFT, now=NOON)

    assert refusal.value.field == "part_number"


def test_two_firms_may_use_the_same_part_number(session: Session) -> None:
    service.create_product(session, actor=editor(), command=DRAFT, now=NOON)

    other = service.create_product(session, actor=editor(), command=DRAFT, now=NOON)

    assert other.part_number == "CB18"


def test_a_change_is_noted_by_field_not_by_value(session: Session) -> None:
    product = ProductFactory(draft=True, complete=True)
    command = replace(as_input(product), moq=500, name="新名称")

    service.update_product(
        session, actor=editor(product.organization), product_id=product.id, command=command, version=1, now=NOON
    )

    event = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == product.id)).one()
    assert event.action == "product.update"
    assert set(event.details["fields"]) == {"name", "moq"}


def test_saving_without_a_change_changes_nothing(session: Session) -> None:
    product = ProductFactory(complete=True)

    service.update_product(
        session,
        actor=editor(product.organization),
        product_id=product.id,
        command=as_input(product),
        version=1,
        now=NOON + dt.timedelta(days=1),
    )

    assert product.version == 1
    assert actions(session, product.id) == []


def test_changed_parameters_alone_make_a_new_version(session: Session) -> None:
    product = ProductFactory(complete=True)
    command = replace(as_input(product), params=(*as_input(product).params, ParamInput("esd_hbm", typ=2.0, unit="kV")))

    service.update_product(
        session, actor=editor(product.organization), product_id=product.id, command=command, version=1, now=NOON
    )

    assert product.version == 2
    assert [param.key for param in product.params][-1] == "esd_hbm"


def test_a_sheet_read_at_an_older_version_is_a_conflict(session: Session) -> None:
    product = ProductFactory(complete=True)

    with pytest.raises(Conflict, match="since you opened it"):
        service.update_product(
            session,
            actor=editor(product.organization),
            product_id=product.id,
            command=as_input(product),
            version=0,
            now=NOON,
        )


def test_a_published_sheet_stays_complete(session: Session) -> None:
    product = ProductFactory(complete=True)
    actor, command = editor(product.organization), replace(as_input(product), package="")

    with pytest.raises(RuleViolation) as refusal:
        service.update_product(session, actor=actor, product_id=product.id, command=command, version=1, now=NOON)

    assert refusal.value.field == "package"


def test_an_archived_sheet_is_not_changed(session: Session) -> None:
    product = ProductFactory(archived=True, complete=True)

    with pytest.raises(Conflict, match="Restore it first"):
        service.update_product(
            session,
            actor=editor(product.organization),
            product_id=product.id,
            command=as_input(product),
            version=1,
            now=NOON,
        )


def test_the_chain_tag_follows_the_category(session: Session) -> None:
    product = ProductFactory(draft=True)
    command = replace(as_input(product), category="C0601")

    service.update_product(
        session, actor=editor(product.organization), product_id=product.id, command=command, version=1, now=NOON
    )

    assert product.chain_tag == "核"


def test_publishing_confirms_shows_and_tells(session: Session) -> None:
    product = ProductFactory(draft=True, complete=True, confirmed_on=None)

    service.publish_product(session, actor=editor(product.organization), product_id=product.id, now=NOON)

    assert (product.state, product.published_at) == (ProductState.PUBLISHED, NOON)
    assert product.confirmed_on == dt.date(2026, 11, 24)
    assert is_found(session, product, product.part_number)
    assert actions(session, product.id) == ["product.publish"]
    assert session.scalars(select(Job.kind).where(Job.key == f"product.changed:{product.id}")).all() != []


def test_an_incomplete_sheet_is_not_published(session: Session) -> None:
    product = ProductFactory(draft=True)

    with pytest.raises(RuleViolation, match="five parameters"):
        service.publish_product(session, actor=editor(product.organization), product_id=product.id, now=NOON)


def test_an_unverified_firm_publishes_nothing(session: Session) -> None:
    product = ProductFactory(draft=True, complete=True, organization=OrganizationFactory(chip=True, unverified=True))

    with pytest.raises(NotAllowed, match="not been verified"):
        service.publish_product(session, actor=editor(product.organization), product_id=product.id, now=NOON)


def test_a_published_sheet_is_not_published_again(session: Session) -> None:
    product = ProductFactory(complete=True)

    with pytest.raises(Conflict):
        service.publish_product(session, actor=editor(product.organization), product_id=product.id, now=NOON)


def test_an_archived_sheet_is_found_no_more_and_comes_back_as_a_draft(session: Session) -> None:
    product = ProductFactory(draft=True, complete=True)
    actor = editor(product.organization)
    service.publish_product(session, actor=actor, product_id=product.id, now=NOON)

    service.archive_product(session, actor=actor, product_id=product.id, now=NOON)
    is_found_when_archived = is_found(session, product, product.part_number)
    service.restore_product(session, actor=actor, product_id=product.id, now=NOON)

    assert not is_found_when_archived
    assert (product.state, product.published_at) == (ProductState.DRAFT, None)
    assert actions(session, product.id) == ["product.publish", "product.archive", "product.restore"]


def test_confirming_starts_the_180_days_again(session: Session) -> None:
    product = ProductFactory(complete=True, confirmed_on=dt.date(2026, 1, 1))

    service.confirm_product(session, actor=editor(product.organization), product_id=product.id, now=NOON)

    assert product.confirmed_on == dt.date(2026, 11, 24)
    assert actions(session, product.id) == ["product.confirm"]


def test_confirming_twice_a_day_is_noted_once(session: Session) -> None:
    product = ProductFactory(complete=True, confirmed_on=dt.date(2026, 1, 1))
    actor = editor(product.organization)
    service.confirm_product(session, actor=actor, product_id=product.id, now=NOON)

    service.confirm_product(session, actor=actor, product_id=product.id, now=NOON)

    assert actions(session, product.id) == ["product.confirm"]


def test_another_firm_may_not_touch_a_published_sheet(session: Session) -> None:
    product = ProductFactory(complete=True)

    with pytest.raises(NotAllowed):
        service.archive_product(session, actor=editor(), product_id=product.id, now=NOON)


@pytest.mark.parametrize("trait", ["draft", "archived"])
def test_another_firms_hidden_sheet_is_not_there(session: Session, trait: str) -> None:
    product = ProductFactory(complete=True, **{trait: True})

    with pytest.raises(NotFound):
        service.confirm_product(session, actor=editor(), product_id=product.id, now=NOON)


def test_a_sheet_that_never_was_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        service.archive_product(session, actor=editor(), product_id=uuid.uuid4(), now=NOON)
