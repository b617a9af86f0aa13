from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from matching.shelf import Shelf
from tests.unit.matching.catalogue import BUCK, SHEETS


def test_stored_sheets_come_back_as_they_were(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.extend(SHEETS)
    shelf.save(tmp_path)

    assert list(Shelf.load(tmp_path)) == list(SHEETS)


def test_sheets_added_to_a_stored_shelf_are_stored_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    shelf = Shelf()
    shelf.extend(SHEETS[:2])
    shelf.save(tmp_path / "first")
    grown = Shelf.load(tmp_path / "first")
    grown.extend([replace(BUCK, id="new")])

    grown.save(tmp_path / "second")

    assert list(Shelf.load(tmp_path / "second")) == [*SHEETS[:2], replace(BUCK, id="new")]


def test_an_empty_shelf_can_be_stored(tmp_path: Path) -> None:
    Shelf().save(tmp_path)

    assert len(Shelf.load(tmp_path)) == 0


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.extend(SHEETS)
    shelf.save(tmp_path)
    path = tmp_path / "sheets.jsonl"
    path.write_bytes(path.read_bytes()[:-5])

    with pytest.raises(ValueError, match="damaged"):
        Shelf.load(tmp_path)


def test_a_row_that_is_not_there_is_told() -> None:
    with pytest.raises(IndexError):
        Shelf()[0]
