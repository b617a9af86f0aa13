from __future__ import annotations

from dataclasses import replace

import pytest

from matching.records import Sheet
from matching.shelf import Lines, Shelf, to_line
from tests.unit.matching.catalogue import BUCK, SHEETS


def _shelf(*sheets: Sheet) -> Shelf:
    lines = Lines()
    lines.extend([to_line(sheet) for sheet in sheets])
    return Shelf(lines)


def test_sheets_come_back_as_they_were() -> None:
    assert list(_shelf(*SHEETS)) == list(SHEETS)


def test_equal_sheets_have_equal_lines_whatever_the_order_of_their_extras() -> None:
    one, two = replace(BUCK, extras={"price": 1.0, "asil": "B"}), replace(BUCK, extras={"asil": "B", "price": 1.0})

    assert to_line(one) == to_line(two)


def test_lines_added_later_are_numbered_on_and_old_parts_stay() -> None:
    lines = Lines()
    lines.extend([b"a", b"", b"ccc"])
    before = lines.parts[0][0]

    lines.extend([b"dd"])

    assert [lines[number] for number in range(len(lines))] == [b"a", b"", b"ccc", b"dd"]
    assert lines.parts[0][0] is before


def test_many_small_additions_make_few_parts() -> None:
    lines = Lines()

    [lines.extend([str(number).encode()]) for number in range(200)]

    assert [int(lines[number]) for number in range(200)] == list(range(200))
    assert len(lines.parts) <= 8


def test_a_row_that_is_not_there_is_told() -> None:
    with pytest.raises(IndexError):
        Shelf()[0]
