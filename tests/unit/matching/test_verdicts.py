from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching.compliance import judge
from matching.records import Parameter, Requirement, Sheet
from matching.statements import Said, Statements
from matching.verdicts import MET, NOT_COMPARABLE, UNKNOWN, VIOLATED, Held, hold

CODES = {"unknown": 0, "met": 1, "marginal": 2, "violated": 3, "not_comparable": 4}
NUMBERS = st.one_of(
    st.none(), st.sampled_from([-40.0, 0.0, 1.7, 1.8, 2.0, 2.3, -2.0, 85.0, 2000.0, 1e308, float("nan")])
)
UNITS = st.sampled_from(["", "µA", "nA", "A", "V", "℃", "K", "dBm", "mW", "dB", "路", "%", "parsec", " "])
KEYS = st.sampled_from(["iq", "temp", "grade", "if", "own_key", "channels", "il", "inl", "tj_max", "longevity_until"])
PARAMETERS = st.builds(
    Parameter,
    KEYS,
    min=NUMBERS,
    typ=NUMBERS,
    max=NUMBERS,
    unit=UNITS,
    text=st.sampled_from(["", "", "2 µA", "yes", "I2C|SPI", "automotive_g1"]),
    condition=st.sampled_from(["", "25℃"]),
)
REQUIREMENTS = st.builds(
    Requirement,
    KEYS,
    st.sampled_from([">=", "<=", "=", "covers", "has", "in", "?"]),
    st.sampled_from(["2", "-40~85", "1.8~2.0", "5~1", "0", "-2", "I2C|UART", "yes", "automotive_g2", "many", ""]),
    UNITS,
    condition=st.sampled_from(["", "", "25℃", "85℃"]),
)
GOLDEN = Path(__file__).parent / "golden_compliance.csv"


def _hold(requirement: Requirement, sheets: list[Sheet]) -> Held:
    statements = Statements().add([Said.of(sheets)])
    return hold(requirement, statements, np.arange(len(sheets)))


@settings(max_examples=400, deadline=None)
@given(requirement=REQUIREMENTS, rows=st.lists(st.lists(PARAMETERS, max_size=3), min_size=1, max_size=8))
@example(Requirement("iq", "covers", "1~3", "V"), [[Parameter("iq", min=1.0, unit="V")]])
def test_many_sheets_are_judged_like_one_by_one(requirement: Requirement, rows: list[list[Parameter]]) -> None:
    sheets = [Sheet(str(n), "", params=tuple(params), temp_min=-40, temp_max=85) for n, params in enumerate(rows)]

    held = _hold(requirement, sheets)

    verdicts = [judge(requirement, sheet) for sheet in sheets]
    assert held.status.tolist() == [CODES[verdict.status] for verdict in verdicts]
    assert held.narrow.tolist() == [verdict.reason == "narrowly_violated" for verdict in verdicts]


def _golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("case", _golden(), ids=lambda case: "/".join(filter(None, case.values())))
def test_golden_cases_hold_for_many_sheets_too(case: dict[str, str]) -> None:
    low, typical, high = (_number(case[end]) for end in ("min", "typ", "max"))
    row = Parameter(case["key"], low, typical, high, case["offer_unit"], case["text"])
    requirement = Requirement(case["key"], case["op"], case["value"], case["unit"])

    held = _hold(requirement, [Sheet("S", "", params=(row,))])

    assert held.status[0] == CODES[case["status"]]


def test_a_sheet_that_states_nothing_is_unknown() -> None:
    assert _hold(Requirement("iq", "<=", "2", "µA"), [Sheet("S", "")]).status.tolist() == [UNKNOWN]


def test_statements_added_later_count_with_the_others() -> None:
    first = Said.of([Sheet("A", "", params=(Parameter("iq", max=1.0, unit="µA"),))])
    later = Said.of(
        [
            Sheet("B", "", params=(Parameter("iq", max=9.0, unit="V"),)),
            Sheet("C", "", params=(Parameter("iq", max=9.0, unit="µA"),)),
        ]
    )

    statements = Statements().add([first]).add([later])

    held = hold(Requirement("iq", "<=", "2", "µA"), statements, np.array([0, 1, 2]))
    assert held.status.tolist() == [MET, NOT_COMPARABLE, VIOLATED]


def test_equal_statements_are_kept_once() -> None:
    said = Said.of([Sheet(str(number), "", temp_min=-40, temp_max=85) for number in range(5)])

    assert len(Statements().add([said, said]).plain) == 1
