"""What tells the kind of chip a need is about, and how much an unsure guess counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matching.analysis import analyse
from matching.category import CategoryModel
from matching.engine import Matcher
from matching.rank import FEATURES
from matching.records import Need, Sheet
from tests.unit.matching.catalogue import BATTERY_NEED, SHEETS


def test_the_parameters_that_requirements_name_tell_the_kind_of_chip() -> None:
    model = CategoryModel().fit([], [])
    need = analyse(Need("N", "下一代平台要换一颗"))

    found = model.predict(need, keys=["cells", "cell_err", "balance_i"])

    assert found["C0407"] > 5 * model.predict(need)["C0407"]


def test_a_title_tells_the_kind_of_a_sheet_whose_text_tells_none() -> None:
    sheet = Sheet("P", "小封装，参考设计齐全，可提供样片。", title="串行NOR闪存")

    assert Matcher().fit([sheet]).guessed_[0] == "C0301"


def test_parameters_of_every_kind_tell_nothing() -> None:
    model = CategoryModel().fit([], [])
    need = analyse(Need("N", "电量显示跳变"))

    assert model.predict(need, keys=["no_such_parameter"]) == model.predict(need)


def test_where_words_say_little_the_lexicon_tells_more_than_sheets_that_share_them_by_chance() -> None:
    need = Need("N", "打雷的时候门口那台机器就重启，别的都正常")
    chance = [Sheet(f"P{number}", "门口那台机器，别的都正常", category="C0301") for number in range(3)]
    model = Matcher().fit(chance).categories_
    analysis = analyse(need)

    plain, faint = (model.predict(analysis, {"C0301": 1.0}, faintness=some)["C0301"] for some in (0.0, 1.0))

    assert faint < plain / 5


def test_a_kind_that_the_lexicon_does_not_know_is_told_by_the_catalogue_however_little_words_say() -> None:
    need = analyse(Need("N", "tunnel diode"))
    model = Matcher().fit([Sheet("P1", "tunnel diode", category="Tunnel diodes")]).categories_

    plain, faint = (model.predict(need, {"Tunnel diodes": 1.0}, faintness=some)["Tunnel diodes"] for some in (0.0, 1.0))

    assert faint >= plain


def test_a_need_without_requirements_scores_lower_in_the_same_order() -> None:
    matcher = Matcher().fit(SHEETS)
    bare = replace(BATTERY_NEED, params=(), temp_min=None, temp_max=None, quality_grade="")

    scored = matcher.score(bare)
    column = scored.features[:, FEATURES.index("bare")]
    with_requirements = matcher.score(BATTERY_NEED).features[:, FEATURES.index("bare")]

    assert set(column) == {1.0}
    assert set(with_requirements) == {0.0}
    assert matcher.ranker_.weights["bare"] < 0


def test_one_requirement_says_less_than_three() -> None:
    matcher = Matcher().fit(SHEETS)
    need = replace(BATTERY_NEED, params=BATTERY_NEED.params[:1], temp_min=None, temp_max=None, quality_grade="")

    column = matcher.score(need).features[:, FEATURES.index("bare")]

    assert column.tolist() == pytest.approx([2 / 3] * len(column))


def test_an_unsure_guess_counts_less_than_a_sure_one() -> None:
    matcher = Matcher().fit(SHEETS)
    column = FEATURES.index("category")

    unsure = matcher.score(Need("N", "something else entirely")).features[:, column].max()
    sure = matcher.score(Need("N", "电池管理采样芯片,库仑计,电量计,菊花链,单体采样")).features[:, column].max()

    assert unsure < sure
