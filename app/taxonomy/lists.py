"""Every code list of the portal by name."""

from __future__ import annotations

from collections.abc import Mapping

from app.taxonomy.registry import CodeList, Term, read_list
from matching.parameters import ParameterKind, parameter_dictionary, parameter_kind
from matching.taxonomy import Category, Changes, current
from matching.taxonomy import chip_categories as _chips
from matching.taxonomy import lay_over as _lay_over
from matching.taxonomy import parameters_of as _parameters_of
from matching.taxonomy import terminal_categories as _terminals
from matching.units import known_units

__all__ = [
    "ALL", "CodeList", "ParameterKind", "Term", "benchmark_relations", "capacities", "capacity_bands",
    "chain_tags", "chip_categories", "cities", "current_supplies", "data_sources", "enterprise_labels",
    "evidence_kinds", "industries", "interfaces", "ip_cores", "ip_terms", "kpi_classes", "kpi_kinds",
    "kpi_verifiers", "lay_over", "lifecycle_stages", "no_award_reasons", "operators", "organization_types",
    "pairing_reasons", "parameter_choices", "parameter_kind", "parameters", "parameters_of",
    "posting_modes", "provinces", "qualification_standards", "qualification_states", "quality_grades",
    "regions", "revenue_bands", "safety_levels", "shipment_bands", "size_classes", "supply_regions",
    "terminal_categories", "unit_names", "units", "urgencies", "value_words",
]  # fmt: skip

_CITY_LEVELS = frozenset({"city", "municipality", "special_region"})


def _categories(table: Mapping[str, Category]) -> list[Term]:
    return [Term(c.code, c.zh, c.en, c.parent) for c in table.values()]


def _flat(name: str, terms: list[Term]) -> CodeList:
    return CodeList(name, [Term(t.code, t.zh, t.en, attributes=t.attributes) for t in terms])


chip_categories = CodeList("chip_categories", _categories(_chips()))
"""C01 … C99 and below them C0101 …"""
terminal_categories = CodeList("terminal_categories", _categories(_terminals()))
"""T01 … T15 and below them T0101 …"""
parameters = CodeList("parameters", [Term(k.key, k.name_zh, k.name_en) for k in parameter_dictionary().values()])

regions = read_list("regions")
"""GB/T 2260: provinces, their cities, and the districts in Guangdong; see ``app.taxonomy.places``."""
provinces = _flat("provinces", [t for t in regions if not t.parent])
cities = _flat("cities", [t for t in regions if t.attributes["level"] in _CITY_LEVELS])
"""Prefecture-level cities, municipalities and special administrative regions."""
industries = read_list("industries")
"""GB/T 4754-2017 in three levels: all of division 39, 6520, and what the portal's companies otherwise do."""
organization_types = read_list("organization_types")
capacities = read_list("capacities")
enterprise_labels = read_list("enterprise_labels")
size_classes = read_list("size_classes")
revenue_bands = read_list("revenue_bands")

quality_grades = read_list("quality_grades")
qualification_standards = read_list("qualification_standards")
qualification_states = read_list("qualification_states")
safety_levels = read_list("safety_levels")
lifecycle_stages = read_list("lifecycle_stages")
"""In order: ``lifecycle_stages.index(code)`` ranks them."""
interfaces = read_list("interfaces")
data_sources = read_list("data_sources")
benchmark_relations = read_list("benchmark_relations")
supply_regions = read_list("supply_regions")
ip_cores = read_list("ip_cores")
capacity_bands = read_list("capacity_bands")
shipment_bands = read_list("shipment_bands")
chain_tags = read_list("chain_tags")

posting_modes = read_list("posting_modes")
operators = read_list("operators")
current_supplies = read_list("current_supplies")
urgencies = read_list("urgencies")
ip_terms = read_list("ip_terms")
kpi_classes = read_list("kpi_classes")
kpi_kinds = read_list("kpi_kinds")
kpi_verifiers = read_list("kpi_verifiers")
evidence_kinds = read_list("evidence_kinds")
no_award_reasons = read_list("no_award_reasons")
pairing_reasons = read_list("pairing_reasons")
"""Why a pairing was declined or dropped."""

unit_names = read_list("units")
"""Units whose symbol is Chinese; see ``app.taxonomy.spoken``."""
value_words = read_list("value_words")
"""Words that stand for a value of a parameter."""

ALL: tuple[CodeList, ...] = (
    chip_categories, terminal_categories, parameters, regions, provinces, cities, industries,
    organization_types, capacities, enterprise_labels, size_classes, revenue_bands, quality_grades,
    qualification_standards, qualification_states, safety_levels, lifecycle_stages, interfaces,
    data_sources, benchmark_relations, supply_regions, ip_cores, capacity_bands, shipment_bands,
    chain_tags, posting_modes, operators, current_supplies, urgencies, ip_terms, kpi_classes, kpi_kinds,
    kpi_verifiers, pairing_reasons, evidence_kinds, no_award_reasons, unit_names, value_words,
)  # fmt: skip


def lay_over(changes: Changes) -> None:
    """Lay changes over the shipped categories, here and in the engine. Raises ValueError for unsound ones."""
    _lay_over(changes)
    gone = {code: current(code) for code in (*changes.merged, *changes.withdrawn)}
    chip_categories.become(_categories(_chips()), gone)
    terminal_categories.become(_categories(_terminals()), gone)


def parameter_choices(locale: str, category: str = "") -> list[tuple[str, str]]:
    """Return (key, name) of all parameters; those usual for a chip category come first."""
    first = parameters_of(category) if category else ()
    rest = sorted(set(parameters.codes) - set(first), key=parameters.index)
    return [(key, parameters.label(key, locale)) for key in (*first, *rest)]


def parameters_of(category: str) -> tuple[str, ...]:
    """Return the parameter keys a chip category is usually specified by, the most telling first."""
    return _parameters_of(category)


def units() -> tuple[str, ...]:
    """Return the canonical symbols of all known units."""
    return known_units()
