"""Say why: terms both texts hold, requirements met or missed, what is unknown, what would change the score."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from matching.counterfactuals import counterfactuals
from matching.features import Scored
from matching.lexicon import Translator
from matching.rank import probability
from matching.records import Need
from matching.results import CategoryFit, Match, Term

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
        terms=_terms(matcher, row, scored, place),
        verdicts=tuple(verdicts),
        missing=tuple(v.key for v in verdicts if v.must and v.status == "unknown"),
        counterfactuals=counterfactuals(matcher, scored, place, verdicts),
        category=fit,
    )


def _terms(matcher: Matcher, row: int, scored: Scored, place: int) -> tuple[Term, ...]:
    """Return the strongest shared terms as they stand in the two texts."""
    need, catalogue = scored.analysis, matcher.catalogue_
    same = bool(scored.same_language[place])
    weights = scored.query.for_row(same)
    total = max(sum(scored.query.own.values()), sum(weights.values()), 1e-9)
    shared = matcher.views_.indexes["words"].row_weights(row, weights)
    unit = matcher.ranker_.weights.get("words", 0.0) / total
    origins = {} if same else _origins(matcher.translator_, need.chinese, need.plain, need.tokens)
    written = catalogue.written_in(row) if shared else {}
    chosen: dict[tuple[str, str], float] = {}
    for term, weight in shared.items():
        said = need.written.get(term, term) if term in need.words else origins.get(term)
        if said:
            pair = said, written.get(term, term)
            chosen[pair] = chosen.get(pair, 0.0) + unit * weights[term] * weight
    terms = [Term(pair[0], pair[1], weight) for pair, weight in chosen.items()]
    return tuple(sorted(terms, key=lambda term: (-term.weight, term.in_need, term.in_sheet))[:MAX_TERMS])


@lru_cache(16)
def _origins(translator: Translator, chinese: bool, plain: str, tokens: tuple[str, ...]) -> dict[str, str]:
    """Return, for every term of the other language, the need's words it renders."""
    if chinese:
        pairs = [(form, phrases) for form, phrases in translator.from_chinese(plain)]
    else:
        pairs = [(" ".join(form), phrases) for form, phrases in translator.from_english(tokens)]
    return {term: form for form, phrases in reversed(pairs) for phrase in phrases for term in phrase}
