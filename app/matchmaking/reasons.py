"""Evidence of a match as it is stored, and as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import force_locale, gettext, ngettext

from app.taxonomy import lists
from app.taxonomy.spoken import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matching.compliance import Verdict
    from matching.results import FirmMatch

MAX_SENTENCES = 3
SHOWN_NAMES = 3
MIN_PROBABILITY = 0.3
VISIBLE_RISE = 0.05
"""The least rise of a score that is worth telling in numbers."""
LEAST_SHOWN, MOST_SHOWN = 0.01, 0.99


def stored(match: FirmMatch) -> dict[str, Any]:
    """Return the evidence of a firm's best product as JSON: nothing of it is computed again for a page."""
    best = match.evidence[0]
    return {
        "contributions": [[name, round(value, 6)] for name, value in best.contributions],
        "terms": [[term.in_need, term.in_sheet, round(term.weight, 4)] for term in best.terms],
        "verdicts": [stored_verdict(verdict) for verdict in best.verdicts],
        "missing": list(best.missing),
        "counterfactuals": [
            {"key": one.key, "kind": one.kind, "required": one.required, "score": round(one.score, 4)}
            for one in best.counterfactuals
        ],
        "category": best.category and {"code": best.category.code, "probability": round(best.category.probability, 4)},
        "product_score": round(best.score, 4),
        "n_products": match.n_products,
        "others": [other.sheet_id for other in match.evidence[1:]],
    }


def sentences(reasons: Mapping[str, Any], locale: str) -> list[str]:
    """Return at most three plain sentences, the most telling first; needs an application context."""
    with force_locale(locale):
        found = [_musts(reasons, locale), _category(reasons, locale), _terms(reasons), _wishes(reasons)]
    return [sentence for sentence in found if sentence][:MAX_SENTENCES]


def telling(reasons: Mapping[str, Any], locale: str, *, is_demand: bool) -> str:
    """Return the most telling sentence as one side is told it, or nothing; ``locale`` must be in force."""
    found = _musts_of_side(reasons, locale, is_demand=is_demand) or _category_of_side(
        reasons, locale, is_demand=is_demand
    )
    return found or _terms(reasons) or _wishes(reasons)


def gaps(reasons: Mapping[str, Any], locale: str, *, withheld: frozenset[str] = frozenset()) -> list[str]:
    """Return what is not met or not stated, musts first; without the values of the keys ``withheld``."""
    lines = []
    with force_locale(locale):
        for verdict in sorted(reasons.get("verdicts", ()), key=lambda one: not one["must"]):
            line = _gap(verdict, locale, is_withheld=verdict["key"] in withheld)
            if line:
                lines.append(line)
    return lines


def counterfactuals(reasons: Mapping[str, Any], locale: str) -> list[str]:
    """Return what would raise the fit, and to where."""
    with force_locale(locale):
        told = [_counterfactual(one, reasons, locale) for one in reasons.get("counterfactuals", ())]
    return [sentence for sentence in told if sentence]


def words_of(reasons: Mapping[str, Any], side: int) -> list[str]:
    """Return the words in common as the need (0) or the product (1) writes them; a single letter tells nobody much."""
    return [term[side] for term in reasons.get("terms", ()) if min(len(term[0]), len(term[1])) > 1]


def grade(score: float, evidence: Mapping[str, Any] | None = None) -> str:
    """Return the word for a score of the scale in [0, 1] on which 0.5 is an even chance.

    Whatever its score, what violates a must is not called a good fit.
    """
    if any(verdict["must"] and verdict["status"] == "violated" for verdict in (evidence or {}).get("verdicts", ())):
        return gettext("Misses a must")
    if score >= 0.7:
        return gettext("Strong fit")
    return gettext("Good fit") if score >= 0.3 else gettext("Possible fit")


def score_text(score: float) -> str:
    """Return a score as shown, which tells no chance as certain."""
    shown = round(score, 2)
    if shown > MOST_SHOWN:
        return f"> {MOST_SHOWN}"
    return f"{shown:.2f}" if shown >= LEAST_SHOWN else f"< {LEAST_SHOWN}"


def stored_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return one verdict as JSON."""
    return {
        "key": verdict.key,
        "name": verdict.name,
        "must": verdict.must,
        "status": verdict.status,
        "offered": verdict.offered,
        "required": verdict.required,
        "reason": verdict.reason,
    }


def _names(verdicts: list[Mapping[str, Any]], locale: str) -> str:
    names = [_name(verdict, locale) for verdict in verdicts[:SHOWN_NAMES]]
    listed = gettext(", ").join(names)
    n_more = len(verdicts) - len(names)
    return gettext("%(names)s and %(n)s more", names=listed, n=n_more) if n_more else listed


def _name(verdict: Mapping[str, Any], locale: str) -> str:
    return str(verdict.get("name") or lists.parameters.label(verdict["key"], locale))


def _musts(reasons: Mapping[str, Any], locale: str) -> str:
    n_musts, met, counts = _counted(reasons, locale)
    if not met:
        return ""
    if counts["n"] == n_musts:
        return ngettext(
            "The %(num)s must requirement is met: %(names)s.",
            "All %(num)s must requirements are met: %(names)s.",
            n_musts,
            names=met,
        )
    return gettext(
        "%(n)s of %(all)s must requirements are met: %(names)s; %(missed)s not met, %(unknown)s not stated.",
        names=met,
        **counts,
    )


def _counted(reasons: Mapping[str, Any], locale: str) -> tuple[int, str, dict[str, int]]:
    """Return how many musts there are, the names of those that are met, and the numbers of all kinds."""
    musts = [verdict for verdict in reasons.get("verdicts", ()) if verdict["must"]]
    met = [verdict for verdict in musts if verdict["status"] == "met"]
    n_missed = sum(verdict["status"] in ("violated", "marginal", "not_comparable") for verdict in musts)
    counts = {"n": len(met), "all": len(musts), "missed": n_missed, "unknown": len(musts) - len(met) - n_missed}
    return len(musts), _names(met, locale) if met else "", counts


def _musts_of_side(reasons: Mapping[str, Any], locale: str, *, is_demand: bool) -> str:
    n_musts, met, counts = _counted(reasons, locale)
    if not met:
        return ""
    if counts["n"] == n_musts and is_demand:
        return ngettext(
            "The chip meets your %(num)s must requirement: %(names)s.",
            "The chip meets all your %(num)s must requirements: %(names)s.",
            n_musts,
            names=met,
        )
    if counts["n"] == n_musts:
        return ngettext(
            "Your chip meets the %(num)s must requirement: %(names)s.",
            "Your chip meets all %(num)s must requirements: %(names)s.",
            n_musts,
            names=met,
        )
    if is_demand:
        return gettext(
            "The chip meets %(n)s of your %(all)s must requirements: %(names)s; %(missed)s not met, %(unknown)s "
            "not stated on its sheet.",
            names=met,
            **counts,
        )
    return gettext(
        "Your chip meets %(n)s of %(all)s must requirements: %(names)s; %(missed)s not met, %(unknown)s not "
        "stated on your sheet.",
        names=met,
        **counts,
    )


def _category_of_side(reasons: Mapping[str, Any], locale: str, *, is_demand: bool) -> str:
    label = _wanted_kind(reasons, locale)
    if not label:
        return ""
    if is_demand:
        return gettext("The chip is of the kind that you look for: %(category)s.", category=label)
    return gettext("Your chip is of the kind that is looked for: %(category)s.", category=label)


def _category(reasons: Mapping[str, Any], locale: str) -> str:
    label = _wanted_kind(reasons, locale)
    return gettext("The product is of the wanted kind: %(category)s.", category=label) if label else ""


def _wanted_kind(reasons: Mapping[str, Any], locale: str) -> str:
    category = reasons.get("category")
    if not category or category["probability"] < MIN_PROBABILITY:
        return ""
    return lists.chip_categories.label(category["code"], locale)


def _terms(reasons: Mapping[str, Any]) -> str:
    words = list(dict.fromkeys(words_of(reasons, 0)))[: 2 * SHOWN_NAMES]
    return gettext("Both texts speak of: %(words)s.", words=gettext(", ").join(words)) if words else ""


def _wishes(reasons: Mapping[str, Any]) -> str:
    wishes = [verdict for verdict in reasons.get("verdicts", ()) if not verdict["must"]]
    n_met = sum(verdict["status"] == "met" for verdict in wishes)
    return gettext("%(n)s of %(all)s wishes are met.", n=n_met, all=len(wishes)) if n_met else ""


def _gap(verdict: Mapping[str, Any], locale: str, *, is_withheld: bool) -> str:
    name, key = _name(verdict, locale), verdict["key"]
    required, offered = (said(key, verdict[what]) for what in ("required", "offered"))
    if verdict["status"] == "unknown":
        return gettext("%(name)s %(required)s: the sheet does not say.", name=name, required=required)
    if is_withheld and verdict["status"] != "met":
        return gettext("%(name)s %(required)s is not met.", name=name, required=required)
    if verdict["status"] in ("violated", "marginal"):
        return gettext(
            "%(name)s %(required)s: the sheet says %(offered)s.", name=name, required=required, offered=offered
        )
    if verdict["status"] == "not_comparable":
        return gettext(
            "%(name)s %(required)s cannot be compared with %(offered)s.", name=name, required=required, offered=offered
        )
    return ""


def _counterfactual(one: Mapping[str, Any], reasons: Mapping[str, Any], locale: str) -> str:
    """Return what one change would do: the musts that would then be met if the fit can hardly rise, "" if nothing."""
    before, after = reasons.get("product_score", 0), one["score"]
    values = {"name": lists.parameters.label(one["key"], locale), "required": said(one["key"], one["required"])}
    if after - before < VISIBLE_RISE:
        return _musts_then(one, reasons, values)
    values |= {"before": score_text(before), "after": score_text(after)}
    if one["kind"] == "fill":
        return gettext(
            "If the sheet stated %(name)s %(required)s, the fit would rise from %(before)s to %(after)s.", **values
        )
    return gettext("With %(name)s %(required)s the fit would rise from %(before)s to %(after)s.", **values)


def _musts_then(one: Mapping[str, Any], reasons: Mapping[str, Any], values: Mapping[str, str]) -> str:
    musts = [verdict for verdict in reasons.get("verdicts", ()) if verdict["must"]]
    if one["key"] not in {verdict["key"] for verdict in musts if verdict["status"] != "met"}:
        return ""
    n_met = sum(verdict["status"] == "met" or verdict["key"] == one["key"] for verdict in musts)
    counts = {**values, "n": n_met, "all": len(musts)}
    if one["kind"] == "fill":
        return gettext(
            "If the sheet stated %(name)s %(required)s, %(n)s of %(all)s must requirements would be met.", **counts
        )
    return gettext("With %(name)s %(required)s, %(n)s of %(all)s must requirements would be met.", **counts)
