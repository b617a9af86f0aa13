from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.quantities import Quantity, QuantityError, find_quantities, parse_quantities, parse_quantity
from matching.text import normalise
from matching.units import unit_spellings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.3V±5%", Quantity(3.135, 3.3, 3.465, "V")),
        ("-40~125℃", Quantity(-40, None, 125, "℃")),
        ("−40～＋85℃", Quantity(-40, None, 85, "℃")),
        ("≤2 µA", Quantity(None, None, 2, "µA", "<=")),
        ("至少5路", Quantity(5, None, None, "路", ">=")),
        ("2µA以下", Quantity(None, None, 2, "µA", "<=")),
        ("１２Ｖ", Quantity(None, 12, None, "V")),
        ("1,000,000次", Quantity(None, 1e6, None, "次")),
        ("10万次", Quantity(None, 10, None, "万次")),
        ("5k", Quantity(None, 5000, None, "")),
        ("2.7V to 5.5V", Quantity(2.7, None, 5.5, "V")),
        ("±3%", Quantity(-3, None, 3, "%")),
        ("900mV~1.2V", Quantity(0.9, None, 1.2, "V")),
        ("850nA(typ)", Quantity(None, 850, None, "nA")),
        ("up to 80 V", Quantity(None, None, 80, "V", "<=")),
    ],
)
def test_a_quantity_is_read_as_people_write_it(text: str, expected: Quantity) -> None:
    found = parse_quantity(text)

    assert (found.unit, found.comparator) == (expected.unit, expected.comparator)
    assert found.values == pytest.approx(expected.values)
    assert (found.min is None, found.typ is None, found.max is None) == (
        expected.min is None,
        expected.typ is None,
        expected.max is None,
    )


@pytest.mark.parametrize("text", ["", "abc", "5 foo", "125~-40℃", "1e999V", "NaN", "=1+1", "9" * 300, "5V3A"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(QuantityError):
        parse_quantity(text)


def test_a_compound_value_is_several_quantities() -> None:
    assert parse_quantities("5V/3A") == (Quantity(None, 5, None, "V"), Quantity(None, 3, None, "A"))


def test_a_compound_value_shares_its_last_unit() -> None:
    assert [q.unit for q in parse_quantities("2.4/5GHz")] == ["GHz", "GHz"]


def test_quantities_are_found_in_running_text() -> None:
    text = normalise("16串采样，误差2mV以内，电压1.8V~5.5V，工作-40~+85℃，AT24C02，USB3.2")

    found = [(text[start:end], q.unit) for start, end, q in find_quantities(text)]

    assert found == [("16串", "串"), ("2mV", "mV"), ("1.8V~5.5V", "V"), ("-40~+85°C", "℃")]


@given(st.text(max_size=250))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        found = parse_quantity(text)
    except QuantityError:
        return

    assert all(abs(value) < float("inf") for value in found.values)
    assert list(found.values) == sorted(found.values)


@given(st.text(alphabet="0123456789.,~-±%VAmµk℃ 至到≥≤串/", max_size=40))
def test_scanning_any_text_gives_places_inside_it(text: str) -> None:
    plain = normalise(text)

    assert all(0 <= start < end <= len(plain) for start, end, _ in find_quantities(plain))


@given(
    st.from_regex(r"[+-]?[0-9]{1,6}(\.[0-9]{1,4})?", fullmatch=True), st.sampled_from([*unit_spellings(), "k", "min."])
)
def test_the_short_way_of_reading_one_number_finds_what_the_long_way_finds(number: str, unit: str) -> None:
    the_long_way = f" {number}{unit}"

    assert _read(f"{number}{unit}") == _read(the_long_way)


def _read(text: str) -> Quantity | None:
    try:
        return parse_quantity(text)
    except QuantityError:
        return None
