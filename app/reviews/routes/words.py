"""The words of a workbook in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def heads() -> list[str]:
    """Return the names of the columns before the bids."""
    return [_("Indicator"), _("Kind"), _("Requirement"), _("Condition")]


def verdict_words() -> dict[str, str]:
    """Return the words of the verdicts, and of must and wish."""
    return {
        "met": _("Met"),
        "marginal": _("Marginal"),
        "violated": _("Not met"),
        "unknown": _("Unknown"),
        "not_comparable": _("Not comparable"),
        "must": _("Must"),
        "wish": _("Wish"),
    }
