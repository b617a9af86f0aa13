"""What the desk taught reaches every process through one file; a bad file teaches nothing."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from app.taxonomy import knowledge, lists
from app.taxonomy.knowledge import Knowledge, Taught
from matching.taxonomy import Changes, children, chip_categories, current, lay_over, parameters_of, siblings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TAUGHT = Knowledge(Changes({"C0407": ("电量计", "Gauge")}, {"C0406": "C0401"}), (Taught(("跳电猫",), (), "C0407"),))


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    knowledge.know(knowledge.NOTHING)


def test_what_is_published_is_known_at_once(tmp_path: Path) -> None:
    knowledge.publish(tmp_path, TAUGHT)

    assert lists.chip_categories.label("C0407", "zh") == "电量计"
    assert "C0406" not in lists.chip_categories
    assert lists.chip_categories.label("C0406", "en") == lists.chip_categories.label("C0401", "en")
    assert knowledge.taught_words() == TAUGHT.words


def test_another_process_reads_it_when_it_changes(tmp_path: Path) -> None:
    knowledge.publish(tmp_path, TAUGHT)
    knowledge.know(knowledge.NOTHING)
    knowledge.publish(tmp_path, Knowledge())

    knowledge.refresh(tmp_path)

    assert "C0406" in lists.chip_categories
    assert knowledge.taught_words() == ()


def test_without_a_file_only_what_ships_is_known(tmp_path: Path) -> None:
    knowledge.publish(tmp_path, TAUGHT)

    knowledge.refresh(tmp_path / "elsewhere")

    assert "C0406" in lists.chip_categories


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"names": 1, "merged": {}, "words": []}', '{"names": {}, "merged": {}, "words": [1]}'],
)
def test_a_damaged_file_teaches_nothing(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / knowledge.FILE).write_text(content, encoding="utf-8")

    knowledge.refresh(tmp_path)

    assert "C0406" in lists.chip_categories
    assert "cannot be read" in caplog.text


def test_unsound_merges_are_left_out_but_words_are_known(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = {"names": {}, "merged": {"C0406": "T1202"}, "words": [[["跳电猫"], [], "C0407"]]}
    (tmp_path / knowledge.FILE).write_text(json.dumps(content), encoding="utf-8")

    knowledge.refresh(tmp_path)

    assert "C0406" in lists.chip_categories
    assert knowledge.taught_words()[0].zh == ("跳电猫",)
    assert "unsound" in caplog.text


@pytest.mark.parametrize(
    "merged",
    [
        {"C0406": "C0406"},
        {"C0406": "C04"},
        {"C04": "C0406"},
        {"C0406": "T1202"},
        {"C0406": "C9998"},
        {"C9998": "C0406"},
        {"C0405": "C0406", "C0406": "C0401"},
    ],
)
def test_the_engine_refuses_merges_that_are_none(merged: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be merged"):
        lay_over(Changes({}, merged))


def test_what_took_a_place_keeps_parameters_and_relations() -> None:
    before, kin = parameters_of("C0404"), siblings("C0404")

    lay_over(Changes({}, {"C0404": "C0407"}))

    assert current("C0404") == "C0407"
    assert "C0404" not in chip_categories()
    assert set(before) <= set(parameters_of("C0407"))
    assert kin <= siblings("C0407")


# --- categories that the desk added

ADDED = Changes(added={"C0451": ("激光驱动电源", "Laser supply")}, keys={"C0451": ("vin", "iq")})


def test_an_added_category_stands_behind_the_others_of_its_family(tmp_path: Path) -> None:
    knowledge.publish(tmp_path, Knowledge(ADDED))

    assert [term.code for term in lists.chip_categories.children("C04")][-2:] == ["C0409", "C0451"]
    assert children("C04")[-1].en == "Laser supply"
    assert lists.chip_categories.path("C0451", "en") == "Power management › Laser supply"


def test_an_added_category_is_read_by_another_process_with_its_parameters(tmp_path: Path) -> None:
    knowledge.publish(tmp_path / "here", Knowledge())
    other = tmp_path / "there"
    knowledge.publish(other, Knowledge(ADDED))
    knowledge.know(knowledge.NOTHING)
    os.utime(other / knowledge.FILE, ns=(1, 1))

    knowledge.refresh(other)

    assert parameters_of("C0451")[:2] == ("vin", "iq")


def test_a_file_of_an_earlier_release_adds_nothing(tmp_path: Path) -> None:
    content = {"names": {"C0407": ["电量计", "Gauge"]}, "merged": {}, "words": []}
    (tmp_path / knowledge.FILE).write_text(json.dumps(content), encoding="utf-8")

    knowledge.refresh(tmp_path)

    assert lists.chip_categories.label("C0407", "en") == "Gauge"
    assert "C0451" not in lists.chip_categories


def test_a_withdrawn_category_leads_to_its_family() -> None:
    lists.lay_over(Changes(withdrawn=frozenset({"C0451"})))

    assert "C0451" not in lists.chip_categories
    assert lists.chip_categories.label("C0451", "en") == "Power management"
    assert current("C0451") == "C04"


def test_an_unsound_addition_leaves_what_ships(caplog: pytest.LogCaptureFixture) -> None:
    knowledge.know(Knowledge(Changes({"C0407": ("甲", "A")}, added={"C0401": ("乙", "B")})))

    assert lists.chip_categories.label("C0407", "en") != "A"
    assert "unsound" in caplog.text
