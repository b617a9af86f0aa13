from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from matching.engine import Matcher
from matching.lexicon import Concept
from matching.records import Need, Parameter, Requirement, Sheet
from tests.unit.matching.catalogue import (
    BATTERY_NEED,
    BUCK,
    GAUGE,
    SHEETS,
    SILENT_GAUGE,
    WATCH_NEED,
    WIDE_GAUGE,
)


@pytest.fixture(scope="module")
def fitted() -> Matcher:
    return Matcher().fit(SHEETS)


def _ids(matcher: Matcher, need: Need, k: int = 10) -> list[str]:
    return [match.sheet_id for match in matcher.recommend(need, k)]


def test_the_sheet_that_meets_the_need_comes_first(fitted: Matcher) -> None:
    assert _ids(fitted, BATTERY_NEED)[0] == "P1"


def test_a_chinese_need_finds_an_english_sheet(fitted: Matcher) -> None:
    assert _ids(fitted, WATCH_NEED)[0] == "P5"


def test_a_symptom_finds_the_function(fitted: Matcher) -> None:
    assert _ids(fitted, Need("N", "摘下耳机以后音乐还在继续放，希望摘下自动暂停"))[0] == "P7"


def test_a_known_violation_never_stands_above_a_met_must(fitted: Matcher) -> None:
    found = _ids(fitted, BATTERY_NEED)

    assert found.index("P1") < found.index("P2")


@pytest.mark.parametrize("worst", [4.0, 3.2, 30.0])
def test_at_equal_evidence_a_violated_must_ranks_below_an_unknown_one(worst: float) -> None:
    unknown = replace(GAUGE, id="A", params=(GAUGE.params[0],))
    violated = replace(GAUGE, id="0", params=(GAUGE.params[0], Parameter("cell_err", typ=worst, unit="mV")))

    assert _ids(Matcher().fit([violated, unknown, BUCK]), BATTERY_NEED)[:2] == ["A", "0"]


def test_contributions_add_up_to_the_logit_of_the_score(fitted: Matcher) -> None:
    matches = fitted.recommend(BATTERY_NEED)

    sums = [sum(value for _, value in match.contributions) for match in matches]
    assert sums == pytest.approx([math.log(m.score / (1 - m.score)) for m in matches], abs=1e-6)


def test_contributions_of_a_firm_add_up_to_the_logit_of_its_score(fitted: Matcher) -> None:
    firms = fitted.firms(BATTERY_NEED)

    sums = [sum(value for _, value in firm.contributions) for firm in firms]
    assert sums == pytest.approx([math.log(f.score / (1 - f.score)) for f in firms], abs=1e-6)


def test_a_counterfactual_comes_true_when_the_sheet_says_so(fitted: Matcher) -> None:
    promised = next(c for c in fitted.explain(BATTERY_NEED, "P1").counterfactuals if c.key == "balance_i")
    completed = replace(GAUGE, params=(*GAUGE.params, Parameter("balance_i", typ=100, unit="mA")))

    rescored = Matcher().fit([completed, *SHEETS[1:]]).explain(BATTERY_NEED, "P1")

    assert promised.kind == "fill"
    assert rescored.score == pytest.approx(promised.score, abs=1e-9)


def test_a_counterfactual_of_a_miss_comes_true_when_it_is_improved(fitted: Matcher) -> None:
    promised = next(c for c in fitted.explain(BATTERY_NEED, "P2").counterfactuals if c.key == "cell_err")
    improved = replace(WIDE_GAUGE, params=GAUGE.params)

    rescored = Matcher().fit([improved if s.id == "P2" else s for s in SHEETS]).explain(BATTERY_NEED, "P2")

    assert promised.kind == "improve"
    assert rescored.score == pytest.approx(promised.score, abs=1e-9)


def test_unknown_musts_are_listed_as_missing(fitted: Matcher) -> None:
    assert fitted.explain(BATTERY_NEED, "P3").missing == ("cells", "cell_err", "balance_i", "temp")


def test_shared_terms_stand_as_written_in_both_texts(fitted: Matcher) -> None:
    match = fitted.explain(BATTERY_NEED, "P1")
    need, sheet = BATTERY_NEED.title + BATTERY_NEED.text, GAUGE.title + GAUGE.text

    assert match.terms
    assert all(term.in_need in need and term.in_sheet in sheet for term in match.terms)


def test_removing_the_named_evidence_lowers_the_score(fitted: Matcher) -> None:
    before = fitted.explain(BATTERY_NEED, "P1")
    best = before.terms[0].in_sheet

    poorer = replace(GAUGE, text=GAUGE.text.replace(best, ""), title=GAUGE.title.replace(best, ""))
    after = Matcher().fit([poorer, *SHEETS[1:]]).explain(BATTERY_NEED, "P1")

    assert after.score < before.score


def test_terms_across_languages_name_both_words(fitted: Matcher) -> None:
    pairs = {(term.in_need, term.in_sheet) for term in fitted.explain(WATCH_NEED, "P5").terms}

    assert ("蓝牙", "Bluetooth") in pairs


def test_both_directions_give_the_same_score(fitted: Matcher) -> None:
    forward = fitted.explain(BATTERY_NEED, "P1").score

    assert fitted.needs_for("P1", [WATCH_NEED, BATTERY_NEED])[0].score == pytest.approx(forward)


def test_needs_for_a_firm_are_carried_by_its_best_sheet(fitted: Matcher) -> None:
    best = fitted.needs_for("F1", [WATCH_NEED, BATTERY_NEED])[0]

    assert (best.need_id, best.sheet_id) == ("N1", "P1")


def test_an_unknown_offer_is_refused(fitted: Matcher) -> None:
    with pytest.raises(KeyError):
        fitted.needs_for("nobody", [BATTERY_NEED])


def test_a_firm_is_shown_with_its_best_products(fitted: Matcher) -> None:
    first = fitted.firms(BATTERY_NEED)[0]

    assert (first.firm, first.n_products, first.evidence[0].sheet_id) == ("F1", 2, "P1")


def test_the_posters_own_firm_can_be_left_out(fitted: Matcher) -> None:
    assert "F1" not in {match.firm for match in fitted.recommend(BATTERY_NEED, exclude_firms=["F1"])}


def test_confirmed_categories_outweigh_the_text(fitted: Matcher) -> None:
    need = Need("N", "给控制板找一颗芯片", categories=("C0301",))

    assert _ids(fitted, need)[0] == "P6"


def test_the_category_of_a_need_is_guessed_from_its_words(fitted: Matcher) -> None:
    assert fitted.predict_categories("电量显示跳变，冬天掉电快")[0][0] == "C0407"


def test_category_probabilities_add_up_to_one(fitted: Matcher) -> None:
    assert sum(p for _, p in fitted.predict_categories("x", k=1000)) == pytest.approx(1.0)


def test_a_new_sheet_is_found_without_refitting() -> None:
    matcher = Matcher().fit([BUCK, SILENT_GAUGE]).update([GAUGE])

    assert _ids(matcher, BATTERY_NEED)[0] == "P1"


def test_a_changed_sheet_replaces_the_old_one() -> None:
    matcher = Matcher().fit(SHEETS).update([replace(GAUGE, params=())])

    assert matcher.explain(BATTERY_NEED, "P1").missing[:2] == ("cells", "cell_err")


def test_a_removed_sheet_is_never_shown() -> None:
    assert "P1" not in _ids(Matcher().fit(SHEETS).remove(["P1", "nobody"]), BATTERY_NEED)


def test_the_version_depends_on_the_sheets_and_not_on_their_order() -> None:
    forward, backward = Matcher().fit(SHEETS), Matcher().fit(SHEETS[::-1])

    assert forward.version == backward.version
    assert forward.version != Matcher().fit(SHEETS[:-1]).version


def test_fitting_again_gives_the_same_answers(fitted: Matcher) -> None:
    assert Matcher().fit(SHEETS).recommend(BATTERY_NEED) == fitted.recommend(BATTERY_NEED)


def test_a_clone_is_not_fitted(fitted: Matcher) -> None:
    with pytest.raises(NotFittedError):
        clone(fitted).recommend(BATTERY_NEED)


def test_a_saved_matcher_answers_as_before(fitted: Matcher, tmp_path: Path) -> None:
    fitted.save(tmp_path / "model")

    loaded = Matcher.load(tmp_path / "model")

    assert loaded.version == fitted.version
    assert loaded.recommend(BATTERY_NEED) == fitted.recommend(BATTERY_NEED)


def test_a_loaded_matcher_takes_new_sheets(fitted: Matcher, tmp_path: Path) -> None:
    Matcher().fit([BUCK, SILENT_GAUGE]).save(tmp_path / "model")

    assert _ids(Matcher.load(tmp_path / "model").update([GAUGE]), BATTERY_NEED)[0] == "P1"


def test_saving_again_replaces_the_old_model(fitted: Matcher, tmp_path: Path) -> None:
    Matcher().fit([BUCK]).save(tmp_path / "model")
    fitted.save(tmp_path / "model")

    assert len(Matcher.load(tmp_path / "model").catalogue_) == len(SHEETS)


def test_nothing_pickled_is_written(fitted: Matcher, tmp_path: Path) -> None:
    fitted.save(tmp_path / "model")

    assert {path.suffix for path in (tmp_path / "model").iterdir()} == {".npy", ".json"}


def test_a_foreign_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no saved matcher"):
        Matcher.load(tmp_path)


def test_past_choices_lift_what_was_chosen() -> None:
    past = [(Need("H", "储能柜采样芯片"), [("P3", 1.0)])]
    plain, taught = Matcher().fit(SHEETS), Matcher().fit(SHEETS, history=past)

    assert taught.explain(BATTERY_NEED, "P3").score > plain.explain(BATTERY_NEED, "P3").score


def test_past_choices_of_others_do_not_lower_a_newcomers_score() -> None:
    past = [(Need("H", "储能柜采样芯片"), [("P3", 1.0)])]
    plain, taught = Matcher().fit(SHEETS), Matcher().fit(SHEETS, history=past)

    assert taught.explain(BATTERY_NEED, "P1").score >= plain.explain(BATTERY_NEED, "P1").score


def test_an_administrators_own_words_reach_the_ranking() -> None:
    need = Need("N", "给小电驴找保护板")
    sheet = Sheet("E", "battery protection for e-scooter", title="e-scooter protector")

    taught = Matcher(lexicon=(Concept(("小电驴",), ("e-scooter",)),)).fit([sheet, BUCK])

    assert taught.explain(need, "E").score > Matcher().fit([sheet, BUCK]).explain(need, "E").score


def test_stuffing_a_sheet_with_words_does_not_lift_it() -> None:
    stuffed = replace(SILENT_GAUGE, text=SILENT_GAUGE.text + "电池采样芯片 储能 菊花链 电芯 " * 40)

    assert _ids(Matcher().fit([*SHEETS[:2], stuffed, *SHEETS[3:]]), BATTERY_NEED)[0] == "P1"


@pytest.mark.parametrize("text", ["", "x", "电" * 100_000, "\x00\x01", "<b>🙂 Ж ñ</b>", "a" * 5000])
def test_any_text_gives_a_defined_result(fitted: Matcher, text: str) -> None:
    assert all(0 <= match.score <= 1 for match in fitted.recommend(Need("N", text)))


def test_contradictory_requirements_are_reported_and_break_nothing(fitted: Matcher) -> None:
    need = replace(BATTERY_NEED, params=(Requirement("cells", "covers", "16~8", "串"),))

    assert fitted.explain(need, "P1").verdicts[0].reason == "contradictory_requirement"


def test_an_empty_catalogue_recommends_nothing() -> None:
    assert Matcher().fit([]).recommend(BATTERY_NEED) == []


def test_a_wrong_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="candidates"):
        Matcher(candidates=1).fit(SHEETS)


def test_a_wrong_k_is_refused(fitted: Matcher) -> None:
    with pytest.raises(ValueError, match="k must be"):
        fitted.recommend(BATTERY_NEED, 0)


def test_a_sheet_without_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="id"):
        Matcher().fit([Sheet("", "x")])
