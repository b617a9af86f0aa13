"""The public catalogue: words, facets, conditions in any unit, orders and pages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.catalog.content import SEARCH_KIND, search_text
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.queries import product_listing
from app.catalog.queries.filters import Condition, Wanted
from app.search.service import index_document
from tests.factories.accounts import OrganizationFactory
from tests.factories.catalog import ProductFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = NOON.date()


def found(session: Session, **wanted: Any) -> list[str]:
    listing = product_listing(session, wanted=Wanted(**wanted), page=1, today=TODAY)
    return sorted(card.part_number for card in listing.page.items)


def counts(session: Session, **wanted: Any) -> dict[str, dict[str, int]]:
    return product_listing(session, wanted=Wanted(**wanted), page=1, today=TODAY).counts


def chip(part_number: str, **line: Any) -> ChipProduct:
    """Return a published product with one parameter."""
    params = [ProductParam(position=0, **line)] if line else []
    product: ChipProduct = ProductFactory(part_number=part_number, params=params)
    return product


def condition(key: str, op: str, value: str, unit: str = "") -> dict[str, Any]:
    return {"conditions": (Condition(key, op, value, unit),)}


def test_only_published_sheets_are_listed(session: Session) -> None:
    ProductFactory(part_number="SHOWN")
    ProductFactory(part_number="DRAFT", draft=True)
    ProductFactory(part_number="OLD", archived=True)

    assert found(session) == ["SHOWN"]


def test_a_page_takes_four_queries_however_many_conditions_it_has(session: Session) -> None:
    firm = OrganizationFactory(chip=True)
    ProductFactory.create_batch(25, complete=True, organization=firm)
    session.expunge_all()
    wanted = Wanted(
        facets={"category": ("C04",), "city": (firm.city_code,)},
        conditions=(Condition("cell_err", "<=", "3", "mV"), Condition("cells", "covers", "10~16", "串")),
    )

    with count_queries() as queries:
        listing = product_listing(session, wanted=wanted, page=2, today=TODAY)

    assert (listing.page.total, len(listing.page.items)) == (25, 5)
    assert len(queries) == 4


@pytest.mark.parametrize(
    ("op", "value", "unit", "parts"),
    [
        ("covers", "3~36", "V", ["WIDE"]),
        ("covers", "5000~20000", "mV", ["MEDIUM", "WIDE"]),
        ("covers", "5", "V", ["LOW", "MEDIUM", "WIDE"]),
        ("covers", "0.1~100", "V", []),
        (">=", "24", "V", ["WIDE", "MEDIUM"]),
        (">=", "0.03", "kV", ["WIDE"]),
        ("<=", "3", "V", ["LOW", "WIDE"]),
    ],
)
def test_a_range_is_compared_in_any_unit(session: Session, op: str, value: str, unit: str, parts: list[str]) -> None:
    chip("WIDE", key="vin", min=3.0, max=36.0, unit="V")
    chip("MEDIUM", key="vin", min=4500.0, max=24000.0, unit="mV")
    chip("LOW", key="vin", min=2.7, max=5.5, unit="V")
    chip("UNSTATED")

    assert found(session, **condition("vin", op, value, unit)) == sorted(parts)


@pytest.mark.parametrize(
    ("op", "value", "unit", "parts"),
    [
        ("<=", "1", "µA", ["NANO"]),
        ("<=", "2", "uA", ["NANO", "MICRO"]),
        ("<=", "2000", "nA", ["NANO", "MICRO"]),
        ("=", "2000", "nA", ["MICRO"]),
        (">=", "1", "mA", []),
    ],
)
def test_a_limit_is_compared_in_any_unit(session: Session, op: str, value: str, unit: str, parts: list[str]) -> None:
    chip("NANO", key="sleep_i", typ=850.0, unit="nA")
    chip("MICRO", key="sleep_i", max=2.0, unit="µA")

    assert found(session, **condition("sleep_i", op, value, unit)) == sorted(parts)


def test_the_guaranteed_end_of_a_value_counts(session: Session) -> None:
    chip("HOPES", key="eff_peak", min=88.0, typ=95.0, unit="%")
    chip("KEEPS", key="eff_peak", min=93.0, typ=94.0, unit="%")

    assert found(session, **condition("eff_peak", ">=", "92", "%")) == ["KEEPS"]


def test_a_set_holds_a_value_whatever_its_case(session: Session) -> None:
    chip("BOTH", key="algos", value_text="SM2|SM4")
    chip("ONE", key="algos", value_text="SM20")

    assert found(session, **condition("algos", "has", "sm2")) == ["BOTH"]


@pytest.mark.parametrize("value", ["%", "_", "SM2|SM4' OR 1=1 --", "|"])
def test_wildcards_and_quotes_are_plain_text(session: Session, value: str) -> None:
    chip("BOTH", key="algos", value_text="SM2|SM4")

    assert found(session, **condition("algos", "has", value)) == []


def test_conditions_narrow_together(session: Session) -> None:
    both = [
        ProductParam(position=0, key="vin", min=3.0, max=36.0, unit="V"),
        ProductParam(position=1, key="sleep_i", typ=1.0, unit="µA"),
    ]
    ProductFactory(part_number="BOTH", params=both)
    chip("ONE", key="vin", min=3.0, max=36.0, unit="V")

    wanted = (Condition("vin", "covers", "5~12", "V"), Condition("sleep_i", "<=", "2", "µA"))

    assert found(session, conditions=wanted) == ["BOTH"]


def test_a_condition_that_cannot_be_read_narrows_nothing_and_says_why(session: Session) -> None:
    chip("ANY")
    nonsense = Condition("vin", ">=", "NaN", "V")

    listing = product_listing(session, wanted=Wanted(conditions=(nonsense,)), page=1, today=TODAY)

    assert listing.page.total == 1
    assert listing.unreadable == {nonsense: "This is no number."}


@pytest.mark.parametrize(
    ("chosen", "parts"),
    [(("C04",), ["AFE", "DCDC"]), (("C0407",), ["AFE"]), (("C04", "C0407"), ["AFE"]),
     (("C04", "C0202"), ["AFE", "DCDC", "MCU"]), (("X",), [])],
)  # fmt: skip
def test_a_category_holds_those_below_it_unless_one_of_them_is_chosen(
    session: Session, chosen: tuple[str, ...], parts: list[str]
) -> None:
    ProductFactory(part_number="AFE", category="C0407")
    ProductFactory(part_number="DCDC", category="C0401")
    ProductFactory(part_number="MCU", category="C0202")

    assert found(session, facets={"category": chosen}) == parts


def test_a_facet_is_not_narrowed_by_its_own_choice_but_by_the_others(session: Session) -> None:
    ProductFactory(category="C0407", quality_grade="industrial")
    ProductFactory(category="C0401", quality_grade="industrial")
    ProductFactory(category="C0401", quality_grade="consumer")

    counted = counts(session, facets={"category": ("C0407",), "grade": ("industrial",)})

    assert counted["category"] == {"C0407": 1, "C0401": 1}
    assert counted["grade"] == {"industrial": 1}


def test_cities_samples_and_safety_are_counted(session: Session) -> None:
    ProductFactory(
        organization=OrganizationFactory(chip=True, city_code="440400"),
        is_sample_available=True,
        functional_safety="ASIL D",
    )
    ProductFactory(organization=OrganizationFactory(chip=True, city_code="440300"))

    counted = counts(session)

    assert counted["city"] == {"440400": 1, "440300": 1}
    assert counted["sample"] == {"yes": 1, "no": 1}
    assert counted["safety"] == {"ASIL D": 1}


@pytest.mark.parametrize(
    ("facet", "value"),
    [("city", "440400"), ("sample", "yes"), ("safety", "ASIL D"), ("stage", "pilot"), ("grade", "consumer")],
)
def test_every_facet_narrows(session: Session, facet: str, value: str) -> None:
    ProductFactory(
        part_number="THIS",
        organization=OrganizationFactory(chip=True, city_code="440400"),
        is_sample_available=True,
        functional_safety="ASIL D",
        lifecycle_stage="pilot",
        quality_grade="consumer",
    )
    ProductFactory(part_number="OTHER")

    assert found(session, facets={facet: (value,)}) == ["THIS"]


def test_one_firms_products(session: Session) -> None:
    product = ProductFactory(part_number="OWN")
    ProductFactory(part_number="OTHER")

    assert found(session, firm=product.organization_id) == ["OWN"]


@pytest.mark.parametrize(
    ("sort", "parts"),
    [("newest", ["B", "A"]), ("part_number", ["A", "B"]), ("category", ["B", "A"]), ("confirmed", ["A", "B"])],
)
def test_orders(session: Session, sort: str, parts: list[str]) -> None:
    ProductFactory(part_number="A", category="C0407", published_at=NOON - dt.timedelta(days=1), confirmed_on=TODAY)
    ProductFactory(part_number="B", category="C0202", published_at=NOON, confirmed_on=None)

    listing = product_listing(session, wanted=Wanted(sort=sort), page=1, today=TODAY)

    assert [card.part_number for card in listing.page.items] == parts


@pytest.mark.parametrize(
    "words",
    ["CZF7018A", "czf70", "ＣＺＦ７０１８Ａ", "电池采样", "采样", "battery AFE", "串珠坊", "Chuanzhufang", "KM7818",
     "AEC-Q100", "LQFP-64", "SPI", "cell voltage error"],
)  # fmt: skip
def test_a_chip_is_found_by_the_words_of_its_sheet(session: Session, words: str) -> None:
    product = ProductFactory(
        part_number="CZF7018A",
        complete=True,
        package="LQFP-64",
        interfaces=["SPI"],
        qualifications=[{"standard": "AEC-Q100", "grade": "G2", "status": "passed", "report_no": "1"}],
        benchmark_parts=[{"maker": "Kestmoor", "part": "KM7818A", "relation": "pin2pin"}],
    )
    ProductFactory(part_number="OTHER", name="别的", description="别的")
    firm = "深圳市串珠坊电池管理芯片有限公司 Shenzhen Chuanzhufang"
    index_document(session, SEARCH_KIND, product.id, search_text(product, firm))

    assert found(session, q=words) == ["CZF7018A"]


@pytest.mark.parametrize("words", ["'", '"', "*", "%", "AND", "MATCH (", "\x00", "🙂", "<script>"])
def test_signs_of_query_languages_find_nothing_and_break_nothing(session: Session, words: str) -> None:
    ProductFactory()

    assert found(session, q=words) == []


def test_the_values_asked_for_lead_the_card(session: Session) -> None:
    ProductFactory(complete=True)

    listing = product_listing(session, wanted=Wanted(**condition("sleep_i", "<=", "1", "mA")), page=1, today=TODAY)

    assert listing.page.items[0].highlights[0].key == "sleep_i"


def test_a_sheet_not_confirmed_for_180_days_is_marked(session: Session) -> None:
    ProductFactory(confirmed_on=TODAY - dt.timedelta(days=181))

    listing = product_listing(session, wanted=Wanted(), page=1, today=TODAY)

    assert listing.page.items[0].is_stale


@pytest.mark.parametrize(("asked", "shown"), [(0, 1), (-5, 1), (99, 2), (10**30, 2)])
def test_a_page_that_is_not_there_is_the_nearest_one(session: Session, asked: int, shown: int) -> None:
    ProductFactory.create_batch(21, organization=OrganizationFactory(chip=True))

    assert product_listing(session, wanted=Wanted(), page=asked, today=TODAY).page.number == shown


@pytest.mark.parametrize(
    ("op", "value", "unit", "is_found"),
    [
        ("covers", "-40~105", "℃", True),
        ("covers", "-40~125", "℃", False),
        ("covers", "233.15~378.15", "K", True),
        (">=", "105", "℃", True),
        (">=", "106", "℃", False),
        ("<=", "-40", "℃", True),
        ("<=", "-41", "℃", False),
    ],
)
def test_the_operating_temperature_is_compared_with_its_own_fields(
    session: Session, op: str, value: str, unit: str, is_found: bool
) -> None:
    ProductFactory(temp_min=-40.0, temp_max=105.0)
    ProductFactory(temp_min=None, temp_max=None)

    listing = product_listing(
        session, wanted=Wanted(conditions=(Condition("temp", op, value, unit),)), page=1, today=NOON.date()
    )

    assert listing.page.total == int(is_found)
