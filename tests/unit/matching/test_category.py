"""What tells the kind of chip a need is about, and how much an unsure guess counts."""

from __future__ import annotations

from dataclasses import replace

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


def test_a_need_without_requirements_scores_lower_in_the_same_order() -> None:
    matcher = Matcher().fit(SHEETS)
    bare = replace(BATTERY_NEED, params=(), temp_min=None, temp_max=None, quality_grade="")

    scored = matcher.score(bare)
    column = scored.features[:, FEATURES.index("bare")]
    with_requirements = matcher.score(BATTERY_NEED).features[:, FEATURES.index("bare")]

    assert set(column) == {1.0}
    assert set(with_requirements) == {0.0}
    assert matcher.ranker_.weights["bare"] < 0


def test_an_unsure_guess_counts_less_than_a_sure_one() -> None:
    matcher = Matcher().fit(SHEETS)
    column = FEATURES.index("category")

    unsure = matcher.score(Need("N", "something else entirely")).features[:, column].max()
    sure = matcher.score(Need("N", "电池管理采样芯片,库仑计,电量计,菊花链,单体采样")).features[:, column].max()

    assert unsure < sure
