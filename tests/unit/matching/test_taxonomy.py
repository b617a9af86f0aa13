from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from matching.analysis import analyse
from matching.category import CategoryModel
from matching.parameters import parameter_dictionary
from matching.records import Need
from matching.taxonomy import (
    ADDED_NUMBERS,
    Changes,
    children,
    chip_categories,
    current,
    lay_over,
    parameters_of,
    shipped_categories,
    siblings,
    terminal_categories,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_chip_category_has_both_names_and_a_known_parent() -> None:
    table = chip_categories()

    assert all(c.zh and c.en and (not c.parent or c.parent in table) for c in table.values())


def test_the_portal_has_eighteen_chip_families_and_fifteen_terminal_ones() -> None:
    tops = [[c for c in table.values() if not c.parent] for table in (chip_categories(), terminal_categories())]

    assert [len(top) for top in tops] == [18, 15]


def test_a_family_lists_its_children_in_order() -> None:
    assert [c.code for c in children("C14")] == ["C1401", "C1402", "C1403", "C1404"]


def test_siblings_are_mutual() -> None:
    assert all(code in siblings(other) for code in chip_categories() for other in siblings(code))


def test_siblings_are_known_categories() -> None:
    assert all(other in chip_categories() for code in chip_categories() for other in siblings(code))


def test_the_most_telling_parameters_come_first() -> None:
    assert parameters_of("C0407")[:2] == ("cells", "cell_err")


def test_parameters_of_a_category_are_in_the_dictionary() -> None:
    assert all(key in parameter_dictionary() for code in chip_categories() for key in parameters_of(code))


def test_a_name_follows_the_language() -> None:
    category = chip_categories()["C0402"]

    assert (category.name("zh_Hans_CN"), category.name("en")) == ("LDO", "LDO regulator")


# --- categories that administrators add


@pytest.fixture
def _forget() -> Iterator[None]:
    yield
    lay_over(Changes())


def test_no_shipped_code_is_one_that_may_be_added() -> None:
    numbers = {int(code[3:]) for kind in "CT" for code in shipped_categories(kind) if len(code) > 3}

    assert numbers.isdisjoint(ADDED_NUMBERS)


@pytest.mark.usefixtures("_forget")
def test_an_added_category_has_the_parameters_of_its_family() -> None:
    lay_over(Changes(added={"C0451": ("激光驱动电源", "Laser supply")}))

    assert parameters_of("C0451") == parameters_of("C0499")
    assert chip_categories()["C0451"].parent == "C04"


@pytest.mark.usefixtures("_forget")
def test_an_added_category_has_its_own_parameters_before_those_of_its_family() -> None:
    lay_over(Changes(added={"C0451": ("激光", "Laser")}, keys={"C0451": ("lead_time", "no_such_key", "iq")}))

    assert parameters_of("C0451")[:2] == ("lead_time", "iq")
    assert set(parameters_of("C0499")) <= set(parameters_of("C0451"))


@pytest.mark.usefixtures("_forget")
def test_an_added_terminal_category_is_one_of_its_family() -> None:
    lay_over(Changes(added={"T0151": ("折叠屏手机", "Foldable phone")}))

    assert children("T01")[-1].code == "T0151"


@pytest.mark.usefixtures("_forget")
@pytest.mark.parametrize("merged", [{"C0451": "C0401"}, {"C0401": "C0451"}, {"C0451": "C0452"}])
def test_added_categories_merge_as_others_do(merged: dict[str, str]) -> None:
    lay_over(Changes(merged=merged, added={"C0451": ("甲", "A"), "C0452": ("乙", "B")}))

    assert [current(code) for code in merged] == list(merged.values())
    assert chip_categories().keys().isdisjoint(merged)


@pytest.mark.usefixtures("_forget")
@pytest.mark.parametrize("code", ["C0401", "C04", "C0450", "C04100", "C4451", "T9951", "X0151", "C045", "", "C0451 "])
def test_only_codes_that_never_ship_below_a_shipped_family_are_added(code: str) -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        lay_over(Changes(added={code: ("甲", "A")}))


@pytest.mark.usefixtures("_forget")
@pytest.mark.parametrize("names", [("", "A"), ("甲", ""), (" ", "A")])
def test_an_added_category_has_both_names(names: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="no name"):
        lay_over(Changes(added={"C0451": names}))


@pytest.mark.usefixtures("_forget")
def test_what_was_withdrawn_is_not_there() -> None:
    with pytest.raises(ValueError, match="withdrawn"):
        lay_over(Changes(added={"C0451": ("甲", "A")}, withdrawn=frozenset({"C0451"})))
    with pytest.raises(ValueError, match="cannot be added"):
        lay_over(Changes(withdrawn=frozenset({"C0401"})))
    with pytest.raises(ValueError, match="cannot be merged"):
        lay_over(Changes(merged={"C0401": "C0451"}, withdrawn=frozenset({"C0451"})))


@pytest.mark.usefixtures("_forget")
def test_only_an_added_category_has_parameters_of_its_own() -> None:
    with pytest.raises(ValueError, match="parameters"):
        lay_over(Changes(keys={"C0401": ("vin",)}))


@pytest.mark.usefixtures("_forget")
def test_refused_changes_leave_those_before() -> None:
    lay_over(Changes(added={"C0451": ("甲", "A")}))

    with pytest.raises(ValueError, match="cannot be added"):
        lay_over(Changes(added={"C0401": ("乙", "B")}))

    assert chip_categories()["C0451"].en == "A"


@pytest.mark.usefixtures("_forget")
def test_a_fit_knows_an_added_category_and_finds_it_by_its_name() -> None:
    lay_over(Changes(added={"C0451": ("佐布拉供电", "Zorblax supply")}))

    found = CategoryModel().fit([], []).predict(analyse(Need("", "佐布拉供电芯片")))

    assert max(found, key=found.__getitem__) == "C0451"
