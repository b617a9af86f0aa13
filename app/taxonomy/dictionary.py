"""Parameters, units and categories as the matching engine defines them, for the slices that must not reach into it."""

from __future__ import annotations

from matching.parameters import ParameterKind, parameter_dictionary, parameter_kind
from matching.taxonomy import Category, children, chip_categories, current, parameters_of, shipped_categories, siblings
from matching.units import UnitError, comparable, convert, dimension_of, find_unit, known_units, to_base

__all__ = [
    "Category", "ParameterKind", "UnitError", "children", "chip_categories", "comparable", "convert", "current",
    "dimension_of", "find_unit", "known_units", "parameter_dictionary", "parameter_kind", "parameters_of",
    "shipped_categories", "siblings", "to_base",
]  # fmt: skip
