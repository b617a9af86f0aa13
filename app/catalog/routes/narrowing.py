"""What narrows the catalogue, as its page shows it: ticked values with counts, chips, columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.catalog import codes, labels
from app.taxonomy import lists
from app.taxonomy.spoken import with_unit, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.catalog.queries.filters import Condition, Wanted

Option = tuple[str, Any, int, bool]
"""Value, label, count, whether it is ticked: as the macro ``facet`` takes them."""
PROVINCE = "44"
COLUMNS = 7


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that narrows now; the address without it has ``rest`` as the values of ``name``."""

    text: str
    name: str
    rest: Sequence[str] = ()


def options(facet: str, counts: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    """Return every value of a facet other than the category."""
    return [(value, label, counts.get(value, 0), value in chosen) for value, label in _values(facet, counts).items()]


def categories(counts: Mapping[str, int], chosen: Sequence[str]) -> list[tuple[Option, list[Option]]]:
    """Return every first-level category with those below it; its count is the sum of theirs."""
    locale = labels.locale()
    found = []
    for top in lists.chip_categories.children(""):
        leaves = [
            (leaf.code, leaf.label(locale), counts.get(leaf.code, 0), leaf.code in chosen)
            for leaf in lists.chip_categories.children(top.code)
        ]
        total = sum(leaf[2] for leaf in leaves)
        is_ticked = top.code in chosen or any(leaf[3] for leaf in leaves)
        found.append(((top.code, top.label(locale), total, is_ticked), leaves))
    return found


def chips(wanted: Wanted, firm_name: str) -> list[Chip]:
    """Return what narrows the list now, in the order of the page."""
    found = [Chip(_("“%(words)s”", words=wanted.q), "q")] if wanted.q else []
    if wanted.firm:
        found.append(Chip(firm_name or _("One company"), "firm"))
    for condition in wanted.conditions:
        rest = [other.address for other in wanted.conditions if other != condition]
        found.append(Chip(sentence(condition), "param", rest))
    for facet, values in wanted.facets.items():
        names = _values(facet, dict.fromkeys(values, 0))
        found += [Chip(str(names.get(value, value)), facet, _without(facet, value, values)) for value in values]
    return found


def sentence(condition: Condition) -> str:
    """Return a condition in words: "Input voltage covers 3~36 V"."""
    return _(
        "%(parameter)s %(operator)s %(value)s",
        parameter=labels.param_name(condition.key),
        operator=labels.OPERATORS[condition.op],
        value=with_unit(words_of(condition.key, condition.value), condition.unit),
    )


def columns(wanted: Wanted) -> list[str]:
    """Return the parameters that stand side by side in the table: those asked for, then those of the category."""
    chosen = wanted.chosen("category")
    leaves = [code for code in chosen if codes.is_leaf_category(code)] or list(chosen)
    usual = codes.parameters_of(leaves[0]) if len(leaves) == 1 else ()
    telling = [key for key in usual if key not in codes.parameters_of("")]
    return list(dict.fromkeys([*(condition.key for condition in wanted.conditions), *telling]))[:COLUMNS]


def _without(facet: str, value: str, values: Sequence[str]) -> list[str]:
    """Return the other values; a first-level category takes along what is ticked below it."""
    is_top = facet == "category" and not codes.is_leaf_category(value)
    return [other for other in values if other != value and not (is_top and other.startswith(value))]


def _values(facet: str, found: Mapping[str, int]) -> dict[str, Any]:
    locale = labels.locale()
    if facet == "category":
        return {code: lists.chip_categories.label(code, locale) for code in found}
    if facet == "city":
        own = [code for code in lists.cities.codes if code.startswith(PROVINCE)]
        return {code: lists.cities.label(code, locale) for code in dict.fromkeys([*own, *found])}
    known: dict[str, dict[str, Any]] = {
        "grade": labels.GRADES,
        "stage": labels.STAGES,
        "sample": {"yes": _("Samples available")},
        "safety": dict(zip(codes.SAFETY_LEVELS, codes.SAFETY_LEVELS, strict=True)),
    }
    return known[facet]
