from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.records import Need, Parameter, Requirement, Sheet
from matching.substitutes import GRADES, Substitution, compare, substitutes, substitution

LDO = Sheet(
    "A",
    "",
    category="C0402",
    package="SOT-23-5",
    temp_min=-40,
    temp_max=125,
    quality_grade="industrial_ext",
    params=(
        Parameter("iq", typ=2, unit="µA"),
        Parameter("vin", min=1.6, max=5.5, unit="V"),
        Parameter("iout_max", typ=0.3, unit="A"),
        Parameter("esd_hbm", typ=4, unit="kV"),
    ),
    extras={"pins": 5, "size": "2.9×1.6"},
)
TWIN = replace(LDO, id="B")
SLOT = Need(
    "N",
    "",
    params=(Requirement("iq", "<=", "3", "µA"), Requirement("esd_hbm", ">=", "2", "kV", must=False)),
)
PINS = {"1": "VIN", "2": "GND", "3": "EN", "4": "NC", "5": "VOUT"}


def _with(sheet: Sheet, key: str, **values: float | str) -> Sheet:
    """Return a sheet with one parameter stated otherwise."""
    rows = tuple(replace(row, **values) if row.key == key else row for row in sheet.params)  # type: ignore[arg-type]
    return replace(sheet, params=rows)


def _without(sheet: Sheet, key: str) -> Sheet:
    return replace(sheet, params=tuple(row for row in sheet.params if row.key != key))


def _listed(found: Substitution) -> list[tuple[str, str]]:
    return [(change.key, change.arrow) for change in found.downgrades]


@pytest.mark.parametrize("need", [None, SLOT])
def test_a_part_is_its_own_drop_in(need: Need | None) -> None:
    assert substitution(LDO, LDO, need).grade == "drop_in"


def test_an_equal_part_of_another_firm_is_a_drop_in() -> None:
    assert substitution(LDO, TWIN, SLOT).grade == "drop_in"


def test_a_better_part_is_a_drop_in_with_its_upgrades() -> None:
    found = substitution(LDO, _with(TWIN, "iq", typ=1), SLOT)

    assert found.grade == "drop_in"
    assert [(change.key, change.arrow) for change in found.upgrades] == [("iq", "↓")]


def test_worse_values_are_listed_and_leave_it_pin_compatible() -> None:
    worse = _with(_with(TWIN, "iq", typ=2.9), "esd_hbm", typ=2)

    found = substitution(LDO, worse, SLOT)

    assert found.grade == "pin_compatible"
    assert _listed(found) == [("iq", "↑"), ("esd_hbm", "↓")]


def test_units_do_not_matter() -> None:
    assert substitution(LDO, _with(TWIN, "iq", typ=2000, unit="nA"), SLOT).grade == "drop_in"


def test_what_the_need_does_not_ask_for_does_not_count() -> None:
    weaker = _with(TWIN, "iout_max", typ=0.1)

    assert substitution(LDO, weaker, SLOT).grade == "drop_in"
    assert substitution(LDO, weaker).grade == "pin_compatible"


def test_an_unknown_must_never_gives_a_drop_in() -> None:
    found = substitution(LDO, _without(TWIN, "iq"), SLOT)

    assert found.grade == "pin_compatible"
    assert found.missing == ("iq",)


def test_an_unknown_must_of_the_part_itself_never_gives_a_drop_in() -> None:
    silent = _without(LDO, "iq")

    assert substitution(silent, silent, SLOT).grade == "pin_compatible"


def test_a_must_that_is_newly_missed_leaves_it_similar() -> None:
    found = substitution(LDO, _with(TWIN, "iq", typ=5), SLOT)

    assert found.grade == "similar"
    assert found.violated == ("iq",)


@pytest.mark.parametrize(
    "other",
    [
        replace(TWIN, package="DFN-6"),
        replace(TWIN, package=""),
        replace(TWIN, extras={"pins": 6}),
        replace(TWIN, extras={"pins": 5, "size": "3.3x1.6"}),
    ],
)
def test_other_or_unknown_pads_leave_it_functional(other: Sheet) -> None:
    assert substitution(LDO, other, SLOT).grade == "functional"


def test_a_size_turned_round_is_the_same_size() -> None:
    assert substitution(LDO, replace(TWIN, extras={"pins": 5, "size": "1.6*2.9"}), SLOT).grade == "drop_in"


def test_two_pins_swapped_are_no_longer_pin_compatible() -> None:
    swapped = {**PINS, "3": "NC", "4": "EN"}

    found = substitution(LDO, TWIN, SLOT, pin_maps={"A": PINS, "B": swapped})

    assert found.grade == "functional"
    assert found.fit.moved == (("3", "EN", "NC"), ("4", "NC", "EN"))


def test_equal_pin_maps_are_compared_and_fit() -> None:
    found = substitution(LDO, TWIN, SLOT, pin_maps={"A": PINS, "B": {pin: f.lower() for pin, f in PINS.items()}})

    assert found.grade == "drop_in"
    assert found.fit.is_map_known


@pytest.mark.parametrize(
    ("category", "grade"), [("C0406", "none"), ("C0401", "similar"), ("C0902", "none"), ("", "none")]
)
def test_another_kind_of_chip_is_similar_at_best(category: str, grade: str) -> None:
    assert substitution(LDO, replace(TWIN, category=category), SLOT).grade == grade


@pytest.mark.parametrize(
    ("key", "before", "after", "effect"),
    [
        ("vin", Parameter("vin", min=2, max=5, unit="V"), Parameter("vin", min=1, max=6, unit="V"), "better"),
        ("vin", Parameter("vin", min=2, max=5, unit="V"), Parameter("vin", min=3, max=5, unit="V"), "worse"),
        ("vin", Parameter("vin", min=2, max=5, unit="V"), Parameter("vin", min=1, max=4, unit="V"), "different"),
        ("vin", Parameter("vin", min=2, max=5, unit="V"), Parameter("vin", max=5, unit="V"), "unknown"),
        ("iq", Parameter("iq", typ=2, unit="µA"), Parameter("iq", typ=2, unit="V"), "unknown"),
        ("iq", Parameter("iq", typ=2, max=4, unit="µA"), Parameter("iq", typ=3, unit="µA"), "worse"),
        ("wavelength", Parameter("wavelength", typ=850), Parameter("wavelength", typ=940), "different"),
        ("hsm", Parameter("hsm", text="否"), Parameter("hsm", text="是"), "better"),
        ("hsm", Parameter("hsm", text="yes"), Parameter("hsm", text="no"), "worse"),
        ("algos", Parameter("algos", text="SM2|SM3"), Parameter("algos", text="sm3|SM2|SM4"), "better"),
        ("algos", Parameter("algos", text="SM2|SM3"), Parameter("algos", text="SM2|AES"), "different"),
        ("eal", Parameter("eal", text="EAL5+"), Parameter("eal", text="EAL4+"), "worse"),
        ("encode", Parameter("encode", text="1080p@30"), Parameter("encode", text="4K@60"), "better"),
        ("encode", Parameter("encode", text="1080p@60"), Parameter("encode", text="4K@30"), "different"),
        ("cpu", Parameter("cpu", text="2×Cortex-A7"), Parameter("cpu", text="RISC-V"), "different"),
    ],
)  # fmt: skip
def test_each_parameter_is_judged_in_its_own_direction(
    key: str, before: Parameter, after: Parameter, effect: str
) -> None:
    assert compare(key, Sheet("A", "", params=(before,)), Sheet("B", "", params=(after,))).effect == effect


def test_only_the_values_a_need_asks_for_count_in_a_set() -> None:
    both = Parameter("algos", text="SM2|SM4|AES")
    need = Need("N", "", params=(Requirement("algos", "has", "SM2|SM4"),))
    part = replace(LDO, params=(both,))

    assert substitution(part, replace(part, id="B", params=(replace(both, text="SM2|SM4"),)), need).grade == "drop_in"


def test_the_best_replacement_comes_first_and_strangers_are_left_out() -> None:
    offers = [
        replace(TWIN, id="E", category="C0902"),
        replace(TWIN, id="D", package="DFN-6"),
        _with(replace(TWIN, id="C"), "iq", typ=2.5),
        TWIN,
        LDO,
    ]

    assert [found.offer_id for found in substitutes(LDO, offers, SLOT)] == ["B", "C", "D"]


values = st.none() | st.integers(1, 3).map(float)
rows = st.builds(
    Parameter,
    key=st.sampled_from(["iq", "iout_max", "vin", "wavelength"]),
    min=values,
    typ=values,
    max=values,
    unit=st.just(""),
)
UNITS = {"iq": "µA", "iout_max": "A", "vin": "V", "wavelength": "nm"}


@st.composite
def parts(draw: st.DrawFn, name: str) -> Sheet:
    found = {row.key: replace(row, unit=UNITS[row.key]) for row in draw(st.lists(rows, max_size=4))}
    return replace(LDO, id=name, params=tuple(found.values()))


@settings(max_examples=200, deadline=None)
@given(parts("A"), parts("B"))
def test_two_parts_that_dominate_each_other_are_equal(left: Sheet, right: Sheet) -> None:
    there, back = substitution(left, right), substitution(right, left)

    is_mutual = there.grade == back.grade == "drop_in"
    assert not is_mutual or {change.effect for change in (*there.changes, *back.changes)} <= {"same"}


@settings(max_examples=200, deadline=None)
@given(parts("A"), parts("B"), st.sampled_from(sorted(UNITS)))
def test_what_is_better_one_way_is_not_better_the_other_way(left: Sheet, right: Sheet, key: str) -> None:
    there, back = compare(key, left, right).effect, compare(key, right, left).effect

    assert there != "better" or back in ("worse", "unknown")


@settings(max_examples=100, deadline=None)
@given(parts("A"), parts("B"))
def test_a_grade_is_given_to_any_two_parts(left: Sheet, right: Sheet) -> None:
    found = substitution(left, right, SLOT)

    assert found.grade in GRADES
    assert found.grade != "drop_in" or not found.missing
