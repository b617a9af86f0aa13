"""Fields of forms that hold terms of the trade."""

from __future__ import annotations

from typing import Any

from wtforms.fields import StringField

from app.taxonomy.spoken import unit_name, unit_symbol


class UnitField(StringField):
    """A unit, typed and shown by its name in the reader's language or its symbol; ``data`` is the symbol."""

    data: str | None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the unit under its symbol."""
        super().process_formdata(valuelist)
        self.data = unit_symbol(self.data or "")

    def _value(self) -> str:
        return unit_name(self.data or "")
