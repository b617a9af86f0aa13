"""How the codes of a product sheet are called, and how Chinese sheets write them."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.catalog import codes, reading
from app.catalog.prefixes import readable
from app.catalog.workflow import ImportState, ProductState
from app.taxonomy.spoken import with_unit, words_of

THIN_SPACE = "\u2009"
GROUPED_FROM = 10_000
NOTHING = "—"
TABS = {
    "all": _l("All"),
    "published": _l("Published"),
    "stale": _l("To confirm"),
    "draft": _l("Drafts"),
    "archived": _l("Archived"),
}
STATES = {
    ProductState.DRAFT: _l("Draft"),
    ProductState.PUBLISHED: _l("Published"),
    ProductState.ARCHIVED: _l("Archived"),
}
IMPORT_STATES = {
    ImportState.UPLOADED: _l("Columns to be mapped"),
    ImportState.CHECKED: _l("Checked"),
    ImportState.COMMITTED: _l("Taken over"),
    ImportState.DISCARDED: _l("Discarded"),
}
STAGES = {
    "concept": _l("Concept"),
    "in_design": _l("In design"),
    "taped_out": _l("Taped out"),
    "engineering_sample": _l("Engineering samples"),
    "customer_sample": _l("Customer samples"),
    "pilot": _l("Pilot run"),
    "mass_production": _l("Mass production"),
    "mature": _l("Mature"),
    "nrnd": _l("Not recommended for new designs"),
    "last_time_buy": _l("Last time buy"),
    "eol": _l("End of life"),
}
GRADES = {
    "consumer": _l("Consumer"),
    "industrial": _l("Industrial"),
    "industrial_ext": _l("Industrial (extended)"),
    "automotive_g3": _l("Automotive G3"),
    "automotive_g2": _l("Automotive G2"),
    "automotive_g1": _l("Automotive G1"),
    "automotive_g0": _l("Automotive G0"),
}
QUALIFICATION_STATES = {
    "none": _l("None"),
    "planned": _l("Planned"),
    "in_test": _l("In test"),
    "passed": _l("Passed"),
}
RELATIONS = {
    "pin2pin": _l("Pin to pin"),
    "functional": _l("Functional replacement"),
    "redesign": _l("Needs a redesign"),
}
REPLACEMENTS = {
    "drop_in": _l("Drop-in"),
    "pin_compatible": _l("Pin-compatible"),
    "functional": _l("Functional replacement"),
    "similar": _l("Similar"),
}
"""How far one product replaces another, by its stated package and parameters."""
REGIONS = {"境内": _l("Mainland China"), "境外": _l("Outside mainland China")}
IP_CORES = {"self": _l("Own development"), "licensed": _l("Licensed")}
DATA_SOURCES = {
    "self": _l("Stated by the firm"),
    "public_datasheet": _l("Public data sheet"),
    "imported": _l("Bulk import"),
}
ANSWERS = {"yes": _l("Yes"), "no": _l("No")}
WRITTEN_ANSWERS = {"是": "yes", "否": "no", "Y": "yes", "N": "no", "yes": "yes", "no": "no"}
"""How sheets say yes and no."""
OPERATORS = {
    "covers": _l("covers"),
    ">=": _l("at least"),
    "<=": _l("at most"),
    "=": _l("equal to"),
    "has": _l("includes"),
}
SORTS = {
    "newest": _l("Newest first"),
    "part_number": _l("Part number"),
    "category": _l("Category"),
    "confirmed": _l("Confirmed last"),
}
FACETS = {
    "category": _l("Category"),
    "stage": _l("Life-cycle stage"),
    "grade": _l("Quality grade"),
    "sample": _l("Samples"),
    "city": _l("City"),
    "safety": _l("Functional safety"),
}

WRITTEN = {
    "lifecycle_stage": {
        "概念": "concept", "在研": "in_design", "已流片": "taped_out", "工程样片": "engineering_sample",
        "可送样": "customer_sample", "小批量": "pilot", "量产": "mass_production", "成熟": "mature",
        "不推荐新设计": "nrnd", "最后购买": "last_time_buy", "停产": "eol",
    },
    "quality_grade": {
        "消费级": "consumer", "工业级": "industrial", "工业级(扩展)": "industrial_ext", "车规G3": "automotive_g3",
        "车规G2": "automotive_g2", "车规G1": "automotive_g1", "车规G0": "automotive_g0",
    },
    "qualification_status": {"已通过": "passed", "测试中": "in_test", "计划中": "planned", "无": "none"},
    "relation": {"脚对脚": "pin2pin", "功能替代": "functional", "需改版": "redesign"},
    "ip_core": {"自研": "self", "授权": "licensed"},
    "data_source": {"企业自报": "self", "公开手册": "public_datasheet", "批量导入": "imported"},
    "is_sample_available": {"可": "yes", "是": "yes", "Y": "yes", "yes": "yes", "否": "no", "N": "no", "no": "no"},
    "region": {"境内": "境内", "境外": "境外", "domestic": "境内", "overseas": "境外"},
}  # fmt: skip
"""The words of the handbook's Excel sheets, for reading and writing files; never for pages."""


def locale() -> str:
    """Return the locale of the page as code lists know it."""
    return str(get_locale() or "zh_Hans_CN")


def category_name(code: str) -> str:
    """Return a category's name in the reader's language, or the code itself when it is unknown."""
    category = codes.chip_categories().get(code)
    return category.name(locale()) if category else code


def category_tree() -> dict[str, list[tuple[str, str]]]:
    """Return the second-level categories under their first-level names, for a select with groups."""
    language = locale()
    tops = [category for category in codes.chip_categories().values() if not category.parent]
    return {
        f"{top.code} {top.name(language)}": [(c.code, f"{c.code} {c.name(language)}") for c in codes.children(top.code)]
        for top in tops
    }


def param_name(key: str) -> str:
    """Return a parameter's name in the reader's language; an own key as it is."""
    kind = codes.parameter_kind(key)
    if kind is None:
        return key
    return kind.name_zh if locale().startswith("zh") else kind.name_en[:1].upper() + kind.name_en[1:]


def shown_key(key: str) -> str:
    """Return a parameter's name in the reader's language where it leads back to the key, else the key."""
    name = param_name(key)
    return name if reading.parameter_key(name) == key else key


def value_range(low: float | None, typical: float | None, high: float | None, unit: str, text: str = "") -> str:
    """Return a line of a data sheet in short: ``4.2 – 60 V``, ``≤ 2 µA``, ``0.85 (≤ 2) µA``, a set, or a dash.

    It stands alone, so it may be under another SI prefix than the sheet; see ``value_in_unit``.
    """
    (low, typical, high), unit = readable((low, typical, high), unit)
    return value_in_unit(low, typical, high, unit, text)


def value_in_unit(low: float | None, typical: float | None, high: float | None, unit: str, text: str = "") -> str:
    """Return a line in short in exactly this unit, as beside other values of the same row."""
    if low is not None and high is not None:
        return with_unit(f"{plain_number(low)} – {plain_number(high)}", unit)
    if typical is not None and high is not None:
        return with_unit(f"{plain_number(typical)} (≤ {plain_number(high)})", unit)
    if typical is not None and low is not None:
        return with_unit(f"{plain_number(typical)} (≥ {plain_number(low)})", unit)
    for sign, value in (("≤ ", high), ("≥ ", low), ("", typical)):
        if value is not None:
            return with_unit(f"{sign}{plain_number(value)}", unit)
    return value_words(text)


def plain_number(value: float | Decimal) -> str:
    """Return a number, thousands set apart from 10 000 on, never an exponent; a float in six significant digits."""
    exact = Decimal(f"{value:.6g}") if isinstance(value, float) else Decimal(value)
    return f"{exact:{',' if abs(exact) >= GROUPED_FROM else ''}f}".replace(",", THIN_SPACE)


def value_words(text: str) -> str:
    """Return the value of a parameter that is no number: a set as a list, yes and no in the reader's language."""
    said = words_of("", text).split("|")
    words = (str(ANSWERS[WRITTEN_ANSWERS[word]]) if word in WRITTEN_ANSWERS else word for word in said)
    return ", ".join(filter(None, words)) or NOTHING
