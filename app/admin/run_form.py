"""The rules of a configuration as a form: places, floors, caps, and how much each kind of evidence counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.forms import Form, IntegerField
from app.matchmaking import labels
from app.matchmaking.commands import RunSettings
from app.matchmaking.emphasis import GROUPS, USUAL, bounds

if TYPE_CHECKING:
    from wtforms import Field

WEIGHTS = {"in_use": _l("Those in use"), "shipped": _l("Those shipped with the engine, before any learning")}
STEP = 5
PREFIX = "weight_"


class RunForm(Form):
    """The rules of a configuration; a field for every weight is added below."""

    name = StringField(
        _l("Name of the configuration"),
        validators=[InputRequired(_l("Give the configuration a name.")), Length(max=60)],
    )
    max_firms = IntegerField(
        _l("Firms per need, at most"), default=6, validators=[InputRequired()], description=_l("From 1 to 12.")
    )
    min_firms = IntegerField(
        _l("Firms per need, at least"),
        default=0,
        validators=[InputRequired()],
        description=_l("Where so many fit. 0: no floor."),
    )
    min_percent = IntegerField(
        _l("Least fit"), default=3, validators=[InputRequired()], description=_l("Firms below it are not shown.")
    )
    cap = IntegerField(
        _l("Needs per firm, at most"), default=0, validators=[InputRequired()], description=_l("0: no cap.")
    )
    small_percent = IntegerField(
        _l("Small and medium firms, at least"),
        default=0,
        validators=[InputRequired()],
        description=_l("Of all places. 0: no floor."),
    )
    has_newcomer_slot = BooleanField(
        _l("New firms have a place"),
        description=_l("Every firm that was never in a pairing is shown for one need at least."),
    )
    weights = RadioField(
        _l("Weights"),
        choices=lambda: [SelectChoice(code, str(label)) for code, label in WEIGHTS.items()],
        default="in_use",
    )

    @property
    def groups(self) -> list[tuple[Any, list[Field]]]:
        """Return the fields of the weights by kind of evidence, each group with its name."""
        return [(labels.EVIDENCE[group], [self[PREFIX + name] for name in names]) for group, names in GROUPS.items()]

    @property
    def is_weighing(self) -> bool:
        """Whether a weight is not as usual, or was refused."""
        return any(field.data != USUAL or field.errors for _, fields in self.groups for field in fields)

    def to_settings(self) -> RunSettings:
        """Return the validated input as a frozen value the service understands."""
        emphasis = {name: self[PREFIX + name].data for names in GROUPS.values() for name in names}
        own = {name: self[name].data for name in RunSettings.__dataclass_fields__ if name != "emphasis"}
        return RunSettings(**own, emphasis=emphasis)


for _names in GROUPS.values():
    for _name in _names:
        _low, _high = bounds(_name)
        _field = IntegerField(
            labels.FEATURES[_name],
            default=USUAL,
            validators=[InputRequired(_l("Give a number; 100 is as usual."))],
            render_kw={"min": _low, "max": _high, "step": STEP},
        )
        setattr(RunForm, PREFIX + _name, _field)


def filled(name: str, settings: RunSettings) -> dict[str, Any]:
    """Return what the form holds for the rules of a configuration that is to be changed."""
    weights = {PREFIX + one: percent for one, percent in settings.emphasis.items()}
    return {**asdict(settings), "name": name, **weights}
