"""Units and values in both languages: stored under one symbol, shown and typed by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.taxonomy import lists
from app.taxonomy.fields import UnitField
from app.taxonomy.spoken import said, unit_name, unit_symbol, value_of, with_unit, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

HAN = re.compile("[㐀-鿿]")


class OneUnit(Form):
    unit = UnitField()


@pytest.fixture
def english(portal: Flask) -> Iterator[None]:
    with portal.test_request_context("/?", headers={"Accept-Language": "en"}):
        yield


@pytest.fixture
def chinese(portal: Flask) -> Iterator[None]:
    with portal.test_request_context("/?", headers={"Accept-Language": "zh-CN"}):
        yield


@pytest.mark.parametrize("unit", lists.units())
def test_what_a_unit_is_called_in_english_is_not_chinese_and_means_this_unit_when_typed(
    english: None, unit: str
) -> None:
    name = unit_name(unit)

    assert not HAN.search(name)
    assert unit_symbol(name) == unit


def test_a_unit_stays_what_it_is_in_chinese(chinese: None) -> None:
    assert [unit_name(unit) for unit in lists.units()] == list(lists.units())


def test_an_unknown_unit_stays_as_it_was_typed(english: None) -> None:
    assert unit_symbol("furlong") == "furlong"
    assert unit_name("furlong") == "furlong"


def test_a_value_and_its_unit_are_never_wrapped_apart(english: None) -> None:
    assert with_unit("16", "串") == "16\u202fcells"


@pytest.mark.parametrize("unit", ["", "1", "年份"])
def test_bare_numbers_versions_and_years_have_no_unit_behind_them(english: None, unit: str) -> None:
    assert with_unit("2035", unit) == "2035"


@pytest.mark.parametrize(
    ("key", "written", "shown"),
    [
        ("cells", "⊇ 14~18 串", "⊇ 14~18 cells"),
        ("ch", "≥16 (typ 20) 路", "≥16 (typ 20) ch"),
        ("cell_err", "1.5 mV", "1.5 mV"),
        ("grade", "≥ industrial", "≥ Industrial"),
        ("hsm", "= 是", "= yes"),
        ("cert_level", "≥ 二级", "≥ level 2"),
        ("if", "∋ UART|SPI", "∋ UART | SPI"),
        ("asil", "ASIL B", "ASIL B"),
        ("longevity_until", "≥ 2035 年份", "≥ 2035"),
        ("", "200颗", "200 pcs"),
        ("", "一套", "一套"),
        ("ch", "", ""),
    ],
)
def test_what_the_engine_writes_is_told_in_english(english: None, key: str, written: str, shown: str) -> None:
    assert said(key, written) == shown


@pytest.mark.parametrize("written", ["200颗", "≥16 (typ 20) 路", "= 是"])
def test_what_the_engine_writes_stays_in_chinese(chinese: None, written: str) -> None:
    assert said("", written) == written


@pytest.mark.parametrize(
    ("key", "stored"), [("cert_level", "二级"), ("hsm", "否"), ("shutter", "全局|卷帘"), ("grade", "automotive_g1")]
)
def test_a_value_in_words_may_be_typed_as_it_is_shown(english: None, key: str, stored: str) -> None:
    assert words_of(key, stored) != stored
    assert value_of(key, words_of(key, stored)) == stored


def test_a_word_belongs_to_its_parameter(english: None) -> None:
    assert value_of("protocols", "global") == "global"


def test_a_field_shows_the_name_and_keeps_the_symbol(english: None) -> None:
    assert 'value="cells"' in OneUnit(data={"unit": "串"}).unit()
    assert OneUnit(MultiDict({"unit": "cells"})).unit.data == "串"
    assert OneUnit(MultiDict({"unit": "通道"})).unit.data == "路"
