from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import Matcher
from matching.features import Scored, length_of
from matching.firms import WORDS_CAP, firm_contributions, score_firms, voices, word_shares
from matching.rank import FEATURES
from matching.records import Need, Sheet
from tests.unit.matching.catalogue import BATTERY_NEED, SHEETS

LONG_NEED = Need("N", BATTERY_NEED.text + " ".join(f"subject{number}" for number in range(120)))


@pytest.fixture(scope="module")
def fitted() -> Matcher:
    return Matcher().fit(SHEETS)


def _raised(scored: Scored, feature: str) -> Scored:
    """Return the candidates with one feature of the first raised by 1, and nothing else."""
    features = scored.features.copy()
    features[0, FEATURES.index(feature)] += 1
    return replace(scored, features=features)


def _logit(spoken: list[float], size: int = 1, length: float = 0.0) -> float:
    return sum(value for _, value in firm_contributions(spoken[0], spoken, 1.0, size, length))


def test_products_speak_for_their_firm_as_they_rank_for_a_short_need(fitted: Matcher) -> None:
    scored = fitted.score(BATTERY_NEED)

    assert voices(fitted, scored).tolist() == pytest.approx(scored.logits.tolist())


@pytest.mark.parametrize("feature", ["title", "title_rel", "quantities", "intervals", "category"])
def test_what_tells_a_product_from_the_next_does_not_speak_for_a_firm_in_a_long_need(
    fitted: Matcher, feature: str
) -> None:
    scored = fitted.score(LONG_NEED)

    assert length_of(scored.analysis) == 1
    assert voices(fitted, _raised(scored, feature)).tolist() == pytest.approx(voices(fitted, scored).tolist())


@pytest.mark.parametrize("feature", ["phrases_rel", "head_rel", "concepts", "met"])
def test_what_a_product_is_about_speaks_for_its_firm_in_full(fitted: Matcher, feature: str) -> None:
    scored = fitted.score(LONG_NEED)

    gain = voices(fitted, _raised(scored, feature)) - voices(fitted, scored)

    assert gain[0] == pytest.approx(fitted.ranker_.weights[feature])
    assert not np.any(gain[1:])


def test_a_confirmed_category_speaks_for_a_firm_in_a_long_need(fitted: Matcher) -> None:
    scored = fitted.score(replace(LONG_NEED, categories=("C0407",)))

    assert voices(fitted, _raised(scored, "category"))[0] > voices(fitted, scored)[0]


def test_a_violated_must_speaks_against_a_firm_in_a_long_need_too(fitted: Matcher) -> None:
    scored = fitted.score(LONG_NEED)

    assert voices(fitted, _raised(scored, "violated"))[0] < voices(fitted, scored)[0]


def test_a_second_good_product_raises_a_firm() -> None:
    assert _logit([1.0, 0.5], size=2) > _logit([1.0, -9.0], size=2)


def test_a_broad_catalogue_raises_a_firm_more_in_a_long_need() -> None:
    assert _logit([1.0], 8, length=1.0) > _logit([1.0], 8) > _logit([1.0])


def test_a_firm_whose_products_share_the_words_of_a_need_among_them_is_raised() -> None:
    need = Need("N", "terahertz amplifier with diamond heat spreader")
    parts = [Sheet("A1", "terahertz amplifier", firm="A"), Sheet("A2", "diamond heat spreader", firm="A")]
    others = [Sheet(f"B{number}", f"terahertz lens {number}", firm=f"B{number}") for number in range(6)]
    matcher = Matcher().fit([*parts, *others])

    shares = word_shares(matcher, matcher.score(need))

    assert 0 < shares["A"] <= WORDS_CAP
    assert max(shares[sheet.firm] for sheet in others) < 0


def test_the_words_of_a_need_tell_nothing_of_the_only_firm() -> None:
    matcher = Matcher().fit([replace(sheet, firm="F1") for sheet in SHEETS])

    assert word_shares(matcher, matcher.score(BATTERY_NEED)) == {"F1": pytest.approx(0.0)}


def test_the_parts_of_a_firm_add_up_to_its_logit(fitted: Matcher) -> None:
    found = score_firms(fitted, fitted.score(BATTERY_NEED), frozenset())

    assert [sum(value for _, value in parts) for _, _, parts in found] == [logit for logit, _, _ in found]
    assert any(dict(parts)["words_together"] for _, _, parts in found)


def test_a_firm_is_led_by_its_best_product(fitted: Matcher) -> None:
    scored = fitted.score(BATTERY_NEED)

    logits = {firm: dict(parts)["best_product"] for _, firm, parts in score_firms(fitted, scored, frozenset())}

    assert logits["F1"] == pytest.approx(float(scored.logits[0]))


def test_no_firm_is_found_where_all_are_barred(fitted: Matcher) -> None:
    scored = fitted.score(BATTERY_NEED)

    assert score_firms(fitted, scored, {sheet.firm for sheet in SHEETS}) == []
