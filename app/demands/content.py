"""Rows of this slice into commands and back: what a form edits, and nothing else."""

from __future__ import annotations

import datetime as dt

from app.compliance import Asked
from app.demands.commands import SaveNeed
from app.demands.models import Need, NeedCategory, NeedParam

PLAIN = (
    "title", "is_owner_shown", "terminal_category", "end_product", "subsystem", "use_description", "quality_grade",
    "temp_min", "temp_max", "package_pref", "pin_compat_with", "annual_volume_kpcs", "target_price_cny", "sample_by",
    "sop_on", "current_supply", "urgency", "software_needs",
)  # fmt: skip
"""Fields that command and row call by the same name."""


def fill(need: Need, command: SaveNeed, now: dt.datetime) -> None:
    """Write a command into a row; ``updated_at`` always moves, so that the version does, too."""
    for name in PLAIN:
        setattr(need, name, getattr(command, name))
    need.qual_standards = list(command.qual_standards)
    need.updated_at = now
    known = {category.code: category for category in need.categories}
    need.categories = [known.get(code) or NeedCategory(code=code) for code in sorted(set(command.categories))]
    need.params = [_param(position, asked) for position, asked in enumerate(command.params)]


def filled(need: Need) -> SaveNeed:
    """Return the command that would write this row; parameters and categories must be loaded."""
    return SaveNeed(
        **{name: getattr(need, name) for name in PLAIN},
        categories=tuple(category.code for category in need.categories),
        params=tuple(asked(param) for param in need.params),
        qual_standards=tuple(need.qual_standards),
        version=need.version,
    )


def asked(param: NeedParam) -> Asked:
    """Return a stored requirement as the plain value that rules understand."""
    return Asked(param.key, param.op, param.value, param.unit, param.is_must, param.condition)


def _param(position: int, row: Asked) -> NeedParam:
    return NeedParam(position=position, key=row.key, op=row.op, value=row.value, unit=row.unit,
                     is_must=row.is_must, condition=row.condition)  # fmt: skip
