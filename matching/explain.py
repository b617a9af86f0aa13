"""Say why: terms both texts hold, requirements met or missed, what is unknown, what would change the score."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from matching.analysis import Analysis, full_text
from matching.counterfactuals import counterfactuals
from matching.features import Scored
from matching.rank import probability
from matching.records import Need, Sheet
from matching.results import CategoryFit, Match, Term
from matching.text import normalise, spans

if TYPE_CHECKING:
    from matching.engine import Matcher

MAX_TERMS = 8


def explain(matcher: Matcher, need: Need, scored: Scored, place: int) -> Match:
    """Return the match at a place of the scored list with all its reasons."""
    sheet, verdicts = scored.sheet(place), scored.verdicts(place)
    row = int(scored.rows[place])
    label = matcher.guessed_[row]
    fit = CategoryFit(label, scored.categories.get(label, 0.0), bool(need.categories)) if label else None
    return Match(
        need_id=need.id,
        sheet_id=sheet.id,
        firm=sheet.firm,
        score=probability(float(scored.logits[place])),
        contributions=matcher.ranker_.contributions(scored.features[place]),
        terms=_terms(matcher, need, sheet, row, scored, place),
        verdicts=tuple(verdicts),
        missing=tuple(v.key for v in verdicts if v.must and v.status == "unknown"),
        counterfactuals=counterfactuals(matcher, scored, place, verdicts),
        category=fit,
    )


def _terms(matcher: Matcher, need: Need, sheet: Sheet, row: int, scored: Scored, place: int) -> tuple[Term, ...]:
    """Return the strongest shared terms as they stand in the two texts."""
    same = bool(scored.same_language[place])
    weights = scored.query.for_row(same)
    total = max(sum(scored.query.own.values()), sum(weights.values()), 1e-9)
    shared = matcher.views_.indexes["words"].row_weights(row, weights)
    unit = matcher.ranker_.weights.get("words", 0.0) / total
    here, there = full_text(need), full_text(sheet)
    origins = {} if same else _origins(matcher, scored.analysis)
    chosen: dict[tuple[str, str], float] = {}
    for term, weight in shared.items():
        said, found = _surface(here, term) or origins.get(term), _surface(there, term)
        if said and found:
            chosen[said, found] = chosen.get((said, found), 0.0) + unit * weights[term] * weight
    terms = [Term(pair[0], pair[1], weight) for pair, weight in chosen.items()]
    return tuple(sorted(terms, key=lambda term: (-term.weight, term.in_need, term.in_sheet))[:MAX_TERMS])


def _origins(matcher: Matcher, analysis: Analysis) -> dict[str, str]:
    """Return, for every term of the other language, the need's words it renders."""
    if analysis.chinese:
        pairs = [(form, phrases) for form, phrases in matcher.translator_.from_chinese(analysis.plain)]
    else:
        pairs = [(" ".join(f), phrases) for f, phrases in matcher.translator_.from_english(analysis.tokens)]
    return {term: form for form, phrases in reversed(pairs) for phrase in phrases for term in phrase}


def _surface(text: str, token: str) -> str:
    """Return a token as first written, "" when it is not there; one cut from a longer Chinese run stands for itself."""
    plain, places = _places(text)
    whole = plain[slice(*places[token])] if token in places else ""
    return token if token in whole and len(whole) > len(token) and not whole.isascii() else whole


@lru_cache(4096)
def _places(text: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the normalised text and where each of its tokens stands first."""
    plain = normalise(text)
    found: dict[str, tuple[int, int]] = {}
    for start, end, token in spans(plain):
        if token not in found:
            found[token] = (start, end)
    return plain, found
