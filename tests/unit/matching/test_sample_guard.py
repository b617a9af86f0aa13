"""The sample's own needs and products: a twin that misses a must stands below the product that meets it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from app.sample.source import number, rows
from matching.compliance import judge
from matching.engine import Matcher
from matching.records import Need, Parameter, Requirement, Sheet

MISSED = {"<=": 3.0, ">=": 1 / 3}
"""By what the limit is multiplied so that a value misses it clearly."""


@cache
def products() -> tuple[Sheet, ...]:
    stated: dict[str, list[Parameter]] = {}
    for row in rows("product_params.csv"):
        values = [number(row[name]) for name in ("min", "typ", "max")]
        stated.setdefault(row["product_id"], []).append(
            Parameter(row["key"], *values, row["unit"], row["value_text"], row["condition"])
        )
    return tuple(
        Sheet(
            row["product_id"],
            row["description"],
            title=row["name"],
            category=row["category"],
            params=tuple(stated.get(row["product_id"], ())),
        )
        for row in rows("products.csv")
    )


@cache
def needs() -> dict[str, Need]:
    wanted: dict[str, list[Requirement]] = {}
    for row in rows("need_params.csv"):
        wanted.setdefault(row["need_id"], []).append(
            Requirement(row["key"], row["op"], row["value"], row["unit"], row["must"] == "1")
        )
    return {
        row["need_id"]: Need(
            row["need_id"], row["use_description"], title=row["title"], params=tuple(wanted.get(row["need_id"], ()))
        )
        for row in rows("needs.csv")
    }


def met_limits(need: Need) -> list[tuple[Sheet, Requirement]]:
    """Return every product with a must on a limit that it is known to meet."""
    return [
        (sheet, requirement)
        for requirement in need.params
        if requirement.must and requirement.op in MISSED and requirement.value.replace(".", "", 1).isdigit()
        for sheet in products()
        if judge(requirement, sheet).status == "met"
    ]


def missing_twin(sheet: Sheet, requirement: Requirement) -> Sheet:
    """Return the same sheet under an id that wins ties, with a value that misses the limit."""
    value = float(requirement.value) * MISSED[requirement.op]
    kept = (row for row in sheet.params if row.key != requirement.key)
    return replace(sheet, id="0", params=(*kept, Parameter(requirement.key, value, value, value, requirement.unit)))


def places(need: Need, *sheets: Sheet) -> list[str]:
    return [item for item, _ in Matcher().fit(sheets).rank(need, 400)]


CASES = sorted(name for name, need in needs().items() if met_limits(need))


def test_most_needs_of_the_sample_have_a_limit_that_a_product_meets() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("name", CASES[::4])
def test_a_product_that_misses_a_must_stands_below_its_twin_that_meets_it(name: str) -> None:
    need = needs()[name]
    sheet, requirement = met_limits(need)[0]
    twin = missing_twin(sheet, requirement)
    assert judge(requirement, twin).status == "violated"

    found = places(need, *products(), twin)

    assert found.index(sheet.id) < found.index("0")
