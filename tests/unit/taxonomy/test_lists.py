from __future__ import annotations

import pytest

from app.taxonomy import lists, places
from app.taxonomy.registry import CodeList, Term


@pytest.mark.parametrize("codes", lists.ALL, ids=lambda codes: codes.name)
def test_every_term_has_a_name_in_both_languages(codes) -> None:
    assert all(term.label("zh_Hans_CN") and term.label("en") for term in codes)


def test_division_39_has_nine_groups_and_36_classes() -> None:
    classes = [code for code in lists.industries.codes if code.startswith("39") and len(code) == 4]

    assert len(classes) == 36
    assert len({code[:3] for code in classes}) == 9


def test_chip_design_is_an_industry_outside_of_division_39() -> None:
    assert "6520" in lists.industries


def test_guangdong_has_21_cities() -> None:
    assert len(places.guangdong_cities()) == 21


@pytest.mark.parametrize("city", ["441900", "442000"])
def test_dongguan_and_zhongshan_have_no_districts(city) -> None:
    assert not places.has_districts(city)
    assert places.city_of(city) == city


@pytest.mark.parametrize(
    ("region", "city"), [("440305", "440300"), ("440300", "440300"), ("810000", "810000"), ("999999", ""), ("", "")]
)
def test_a_district_lies_in_a_city(region, city) -> None:
    assert places.city_of(region) == city


def test_both_category_lists_have_two_levels() -> None:
    assert len(lists.chip_categories.children("")) == 18
    assert len(lists.terminal_categories.children("")) == 15
    assert lists.chip_categories.get("C0407").parent == "C04"
    assert lists.terminal_categories.get("T0701").parent == "T07"


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ([Term("a", "甲", "A"), Term("a", "乙", "B")], "twice"),
        ([Term("a", "", "A")], "no name"),
        ([Term("b", "乙", "B", parent="a"), Term("a", "甲", "A")], "before its parent"),
    ],
)
def test_a_broken_list_is_refused_when_it_is_read(terms, why) -> None:
    with pytest.raises(ValueError, match=why):
        CodeList("broken", terms)


def test_an_unknown_code_stands_for_itself() -> None:
    assert lists.cities.label("123456", "en") == "123456"
    assert lists.cities.label("", "en") == ""
    assert lists.cities.label(None, "en") == ""
