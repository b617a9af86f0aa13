"""The form of an intent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.bids.commands import SaveIntent
from app.bids.people_forms import ContactFields
from app.bids.rules import intent_faults
from app.core.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class IntentForm(ContactFields, Form):
    """Whom to ask, which products, and what is unclear."""

    product_id = SelectField(_l("Product it builds on"), default="")
    products = StringField(
        _l("Other products that may fit"), validators=[Length(max=300)], description=_l("Part numbers, if any.")
    )
    unclear = TextAreaField(
        _l("What is unclear"),
        validators=[Length(max=2000)],
        render_kw={"rows": 4},
        description=_l(
            "For your own team. What the challenge owner should answer, ask under the challenge's questions."
        ),
    )

    def __init__(self, products: Iterable[tuple[uuid.UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = (SelectChoice(str(product_id), label) for product_id, label in products)
        self.product_id.choices = [SelectChoice("", "—"), *chosen]

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Check shapes first, then whether anybody can be asked."""
        if not super().validate(extra_validators):
            return False
        found = list(intent_faults(self.to_command()))
        for fault in found:
            field = self._fields[fault.field]
            field.errors = [*field.errors, gettext(fault.message)]
        return not found

    def to_command(self) -> SaveIntent:
        """Return what was typed as a frozen value the service understands."""
        return SaveIntent(
            contact=self.to_contact(),
            product_id=uuid.UUID(self.product_id.data) if self.product_id.data else None,
            products=self.products.data or "",
            unclear=self.unclear.data or "",
        )
