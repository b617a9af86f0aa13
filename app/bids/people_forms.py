"""The people of a bid as its form asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, StringField
from wtforms.validators import Length, Optional

from app.bids.commands import Avoided, Contact, Person
from app.bids.rules import MAX_AVOIDED, MAX_TEAM
from app.core.forms import IntegerField, RowForm

if TYPE_CHECKING:
    from app.bids.commands import SaveBid


class MemberRow(RowForm):
    """Somebody of the team."""

    name = StringField(_l("Name"), validators=[Length(max=60)], render_kw={"autocomplete": "off"})
    field = StringField(_l("Field of work"), validators=[Length(max=80)])
    role = StringField(_l("Role in the project"), validators=[Length(max=80)])
    time_percent = IntegerField(_l("Working time, %"), validators=[Optional()])

    def to_person(self) -> Person:
        """Return the row as a plain value."""
        return Person(
            name=self.name.data or "",
            field=self.field.data or "",
            role=self.role.data or "",
            time_percent=self.time_percent.data,
        )


class AvoidedRow(RowForm):
    """An expert whom the firm does not want."""

    name = StringField(_l("Name"), validators=[Length(max=60)], render_kw={"autocomplete": "off"})
    reason = StringField(_l("Reason"), validators=[Length(max=200)])

    def to_avoided(self) -> Avoided:
        """Return the row as a plain value."""
        return Avoided(self.name.data or "", self.reason.data or "")


class ContactFields:
    """Whom to ask about the bid."""

    contact_name = StringField(_l("Contact person"), validators=[Length(max=60)])
    contact_phone = StringField(_l("Telephone"), validators=[Length(max=40)], render_kw={"type": "tel"})
    contact_email = StringField(_l("E-mail"), validators=[Length(max=120)], render_kw={"type": "email"})

    def to_contact(self) -> Contact:
        """Return whom to ask as a plain value."""
        return Contact(self.contact_name.data or "", self.contact_phone.data or "", self.contact_email.data or "")


class PeopleFields(ContactFields):
    """Leader, team, contact, and experts to avoid."""

    leader_name = StringField(_l("Project leader"), validators=[Length(max=60)], render_kw={"autocomplete": "off"})
    leader_title = StringField(_l("Post or academic title"), validators=[Length(max=80)])
    leader_role = StringField(_l("Role in the project"), validators=[Length(max=80)])
    leader_percent = IntegerField(_l("Working time, %"), validators=[Optional()])
    team = FieldList(FormField(MemberRow), label=_l("Team"), max_entries=MAX_TEAM)
    avoid_experts = FieldList(FormField(AvoidedRow), label=_l("Experts to avoid"), max_entries=MAX_AVOIDED)

    def to_leader(self) -> Person:
        """Return the project leader as a plain value."""
        return Person(
            name=self.leader_name.data or "",
            title=self.leader_title.data or "",
            role=self.leader_role.data or "",
            time_percent=self.leader_percent.data,
        )


def initial_people(content: SaveBid) -> dict[str, Any]:
    """Return what the form shows of the people of a stored bid."""
    leader, contact = content.leader, content.contact
    return {
        "leader_name": leader.name,
        "leader_title": leader.title,
        "leader_role": leader.role,
        "leader_percent": leader.time_percent,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "team": [
            {"name": one.name, "field": one.field, "role": one.role, "time_percent": one.time_percent}
            for one in content.team
        ],
        "avoid_experts": [{"name": one.name, "reason": one.reason} for one in content.avoid_experts],
    }
