from __future__ import annotations

from matching.parameters import parameter_dictionary
from matching.taxonomy import children, chip_categories, parameters_of, siblings, terminal_categories


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
