"""What must hold whatever people write: a missed must never wins at equal evidence, and stuffing never pays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.analysis import full_text
from matching.bags import Bags
from matching.engine import Matcher
from matching.lexicon import concepts
from matching.records import Need, Parameter, Requirement
from matching.stuffing import Honesty
from tests.unit.matching.catalogue import BATTERY_NEED, BUCK, FLASH, GAUGE, SHEETS, SILENT_GAUGE

WORDS = ["采样", "菊花链", "储能", "低功耗", "均衡", "gauge", "monitor", "stack", "两轮车", "逐通道校准"]
EVERYTHING = " ".join(form for concept in concepts() for form in (*concept.zh, *concept.en))


def _ids(matcher: Matcher, need: Need) -> list[str]:
    return [match.sheet_id for match in matcher.recommend(need, 10)]


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
    limit=st.floats(1, 100),
    miss=st.floats(1.01, 50),
    others=st.lists(st.sampled_from(["cells", "balance_i", "sleep_i"]), max_size=3, unique=True),
)
def test_at_equal_evidence_a_missed_must_never_ranks_above_a_met_one(
    words: list[str], limit: float, miss: float, others: list[str]
) -> None:
    need = Need(
        "N",
        "，".join(words),
        params=(Requirement("cell_err", "<=", f"{limit:.3f}", "mV"), *(Requirement(key, ">=", "1") for key in others)),
    )
    met = replace(GAUGE, id="z", params=(Parameter("cell_err", max=limit * 0.9, unit="mV"),))
    missed = replace(GAUGE, id="a", params=(Parameter("cell_err", max=limit * miss, unit="mV"),))

    assert _ids(Matcher().fit([missed, met, BUCK, FLASH]), need)[0] == "z"


def test_repeating_the_needs_words_does_not_overtake_an_honest_sheet() -> None:
    stuffed = replace(BUCK, id="S", text=full_text(BATTERY_NEED) * 20)

    found = _ids(Matcher().fit([*SHEETS, stuffed]), BATTERY_NEED)

    assert found.index("P1") < found.index("S")


@pytest.mark.parametrize("times", [5, 10, 20, 100])
def test_repeating_its_own_words_does_not_raise_a_sheet(times: int) -> None:
    stuffed = replace(GAUGE, id="0", text=GAUGE.text * times)

    assert _ids(Matcher().fit([*SHEETS, stuffed]), BATTERY_NEED).index("P1") == 0


@pytest.mark.parametrize("sheet", [BUCK, SILENT_GAUGE])
def test_pasting_the_whole_lexicon_does_not_raise_a_sheet(sheet) -> None:
    before = Matcher().fit(SHEETS).explain(BATTERY_NEED, sheet.id).score
    pasted = replace(sheet, text=sheet.text + EVERYTHING)

    after = Matcher().fit([pasted if one.id == sheet.id else one for one in SHEETS])

    assert after.explain(BATTERY_NEED, sheet.id).score < before


def test_a_title_heaped_with_the_needs_words_does_not_overtake() -> None:
    stuffed = replace(BUCK, id="S", title=BATTERY_NEED.title * 20)

    found = _ids(Matcher().fit([*SHEETS, stuffed]), BATTERY_NEED)

    assert found.index("P1") < found.index("S")


def test_honest_sheets_are_not_held_to_be_stuffed() -> None:
    assert set(Matcher().fit(SHEETS).stuffing_) == {0.0}


def test_a_new_sheet_is_measured_by_the_fitted_catalogue() -> None:
    matcher = Matcher().fit(SHEETS).update([replace(BUCK, id="S", text=BUCK.text * 30)])

    assert matcher.stuffing_[-1] > 0.5


def test_an_empty_catalogue_has_the_widest_measure() -> None:
    assert Honesty.of(Bags.of([])) == Honesty()
