"""Everyday words of one scene are known in either language, and end products speak for the chips they hold."""

from __future__ import annotations

from matching.analysis import analyse
from matching.category import CategoryModel
from matching.lexicon import everyday, terminals_named
from matching.records import Need
from matching.scenes import scenes
from matching.taxonomy import chip_categories, terminal_categories, terminals_of
from matching.text import normalise, tokenize


def scenes_of(text: str) -> set[str]:
    return set(scenes(normalise(text), tokenize(text)))


def test_words_of_one_scene_meet_across_languages() -> None:
    assert scenes_of("一打雷就坏") & scenes_of("dead after every thunderstorm")


def test_words_of_unlike_scenes_do_not_meet() -> None:
    assert not scenes_of("打雷") & scenes_of("seat heater")


def test_a_form_inside_a_longer_one_counts_too() -> None:
    assert scenes_of("地下车库") >= scenes_of("车库")


def test_a_text_without_everyday_words_names_no_scene() -> None:
    assert scenes_of("") == scenes_of("ξ 1234 QFN32") == set()


def test_every_scene_has_more_than_one_word() -> None:
    assert [scene for scene in everyday() if len(scene.zh) + len(scene.en) < 2] == []


def test_every_end_product_is_known_to_hold_chips() -> None:
    held = {code for chip in chip_categories() for code in terminals_of(chip)}

    assert {code for code, terminal in terminal_categories().items() if terminal.parent} <= held


def test_a_text_names_its_end_product() -> None:
    assert "T0101" in terminals_named(analyse(Need("", "智能手机里的")).concepts)


def test_a_stated_end_product_speaks_for_the_chips_it_holds() -> None:
    model, need = CategoryModel().fit([], []), analyse(Need("", "客户说不好用"))

    assert model.predict(need, terminal="T1003")["C0708"] > model.predict(need, terminal="T0402")["C0708"]


def test_a_family_of_end_products_speaks_for_those_of_its_members() -> None:
    model, need = CategoryModel().fit([], []), analyse(Need("", "客户说不好用"))

    assert model.predict(need, terminal="T10")["C0905"] > model.predict(need, terminal="T05")["C0905"]


def test_an_unknown_end_product_says_nothing() -> None:
    model, need = CategoryModel().fit([], []), analyse(Need("", "客户说不好用"))

    assert model.predict(need, terminal="T9999") == model.predict(need)
