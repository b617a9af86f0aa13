"""Forms about people and organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.commands import LabelClaim, SaveOrganization, SaveSettings
from app.accounts.labels import ROLES
from app.accounts.login_forms import LANGUAGES
from app.accounts.mail import normal_address
from app.core.actor import Capacity, MemberRole
from app.core.forms import DateField, DecimalField, Form, IntegerField, RowForm, half_width
from app.taxonomy import lists, places

if TYPE_CHECKING:
    from app.accounts.queries.views import Company

BLANK = SelectChoice("", "—")
MOBILE = Regexp(r"^[+0-9][0-9 \-]{5,18}$|^$", message=_l("Use digits, for example 138 0013 8000."))


def _locale() -> str:
    return str(get_locale() or "zh_Hans_CN")


def _choices(codes: Any) -> list[SelectChoice]:
    return [SelectChoice(term.code, term.label(_locale())) for term in codes]


def _text(label: Any, limit: int, *validators: Any, **kwargs: Any) -> StringField:
    length = Length(max=limit, message=_l("At most %(max)d characters."))
    return StringField(label, validators=[*validators, length], **kwargs)


def region_choices() -> list[SelectChoice]:
    """Return Guangdong's districts by city first, then the cities of the other provinces."""
    locale, result = _locale(), [BLANK]
    for code in places.guangdong_cities():
        city = lists.regions.label(code, locale)
        own = [term.code for term in lists.regions.children(code)] or [code]
        result += [SelectChoice(one, lists.regions.label(one, locale), optgroup=city) for one in own]
    for province in lists.provinces:
        if province.code != places.GUANGDONG:
            cities = [term.code for term in lists.regions.children(province.code)] or [province.code]
            group = province.label(locale)
            result += [SelectChoice(one, lists.regions.label(one, locale), optgroup=group) for one in cities]
    return result


def industry_choices() -> list[SelectChoice]:
    """Return the classes of the lowest level under the group they belong to."""
    locale, result = _locale(), [BLANK]
    for term in lists.industries:
        if len(term.code) == 4:
            group = lists.industries.label(term.parent, locale)
            result.append(SelectChoice(term.code, f"{term.code} {term.label(locale)}", optgroup=group))
    return result


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Check boxes that belong together."""

    label: str
    options: list[Any]
    n_checked: int


def option_groups(field: Any) -> list[OptionGroup]:
    """Return the options of a category field under their first-level category."""
    by_parent: dict[str, list[Any]] = {}
    for option in field:
        by_parent.setdefault(str(option.data)[:3], []).append(option)
    codes = lists.chip_categories if field.name == "chips" else lists.terminal_categories
    return [
        OptionGroup(codes.label(parent, _locale()), options, sum(bool(option.checked) for option in options))
        for parent, options in by_parent.items()
    ]


class _Checks(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LabelRow(RowForm):
    """One official label."""

    code = SelectField(_l("Label"), validators=[InputRequired(_l("Choose a label."))])
    valid_until = DateField(_l("Valid until"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = [BLANK, *_choices(lists.enterprise_labels)]


class OrganizationForm(Form):
    """The profile of an organisation (domain: 企业入库表)."""

    legal_name_zh = _text(
        _l("Registered name"),
        120,
        InputRequired(_l("Enter the name on the licence.")),
        Length(min=2, message=_l("At least two characters.")),
        description=_l("Exactly as on the licence."),
    )
    name_en = _text(_l("English name"), 160)
    org_type = SelectField(_l("Type of organisation"), validators=[InputRequired(_l("Choose one."))])
    uscc = _text(
        _l("Unified social credit code"),
        24,
        description=_l("18 characters; we check the last one as you save."),
    )
    other_registration = _text(
        _l("Registration number elsewhere"),
        80,
        description=_l("Only for organisations outside the mainland."),
    )
    legal_rep = _text(_l("Legal representative"), 60, InputRequired(_l("Enter the name on the licence.")))
    capacities = _Checks(_l("What you do here"), validators=[InputRequired(_l("Choose at least one side."))])
    region_code = SelectField(
        _l("Registered in"), validators=[InputRequired(_l("Choose where the organisation is registered."))]
    )
    industry_code = SelectField(_l("Industry"), validators=[InputRequired(_l("Choose one."))])
    established_on = DateField(_l("Established on"), validators=[Optional()])
    registered_capital_wan = DecimalField(
        _l("Registered capital"),
        validators=[
            Optional(),
            NumberRange(min=0, max=100_000_000, message=_l("Between 0 and 100 000 000.")),
        ],
    )
    employees = IntegerField(
        _l("Employees"),
        validators=[Optional(), NumberRange(min=0, max=5_000_000, message=_l("Between 0 and 5 000 000."))],
    )
    rnd_staff = IntegerField(
        _l("Of these in research and development"),
        validators=[Optional(), NumberRange(min=0, max=5_000_000, message=_l("Between 0 and 5 000 000."))],
    )
    revenue_band_wan = SelectField(_l("Revenue of last year"), validators=[Optional()])
    chips = _Checks(_l("Chip categories"))
    terminals = _Checks(_l("Terminal categories"))
    labels = FieldList(FormField(LabelRow), label=_l("Official labels"), max_entries=12)
    profile = TextAreaField(
        _l("About the organisation"),
        validators=[Length(max=2000, message=_l("At most %(max)d characters."))],
        description=_l("What you make, for whom, and what you are known for."),
    )
    agent_name = _text(_l("Name"), 60, InputRequired(_l("Enter a name.")))
    agent_post = _text(_l("Post"), 60)
    agent_mobile = _text(_l("Mobile"), 20, InputRequired(_l("Enter a mobile number.")), MOBILE, filters=[half_width])
    agent_email = _text(_l("E-mail"), 254, InputRequired(_l("Enter an e-mail address.")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.org_type.choices = _choices(lists.organization_types)
        self.capacities.choices = _choices(lists.capacities)
        self.region_code.choices = region_choices()
        self.industry_code.choices = industry_choices()
        self.revenue_band_wan.choices = [BLANK, *_choices(lists.revenue_bands)]
        self.chips.choices = _second_level(lists.chip_categories)
        self.terminals.choices = _second_level(lists.terminal_categories)

    def validate_agent_email(self, field: Any) -> None:
        _normalise(field)

    def to_command(self) -> SaveOrganization:
        return SaveOrganization(
            legal_name_zh=self.legal_name_zh.data,
            name_en=self.name_en.data or "",
            uscc=self.uscc.data or "",
            other_registration=self.other_registration.data or "",
            org_type=self.org_type.data,
            capacities=frozenset(Capacity(code) for code in self.capacities.data),
            region_code=self.region_code.data,
            industry_code=self.industry_code.data,
            established_on=self.established_on.data,
            registered_capital_wan=self.registered_capital_wan.data,
            employees=self.employees.data,
            rnd_staff=self.rnd_staff.data,
            revenue_band_wan=self.revenue_band_wan.data or "",
            profile=self.profile.data or "",
            legal_rep=self.legal_rep.data or "",
            agent_name=self.agent_name.data,
            agent_post=self.agent_post.data or "",
            agent_mobile=self.agent_mobile.data,
            agent_email=self.agent_email.data,
            categories=frozenset([*self.chips.data, *self.terminals.data]),
            labels=tuple(LabelClaim(row["code"], row["valid_until"]) for row in self.labels.data),
        )


def _second_level(codes: Any) -> list[SelectChoice]:
    return [SelectChoice(term.code, term.label(_locale())) for term in codes if term.parent]


def _normalise(field: Any) -> None:
    try:
        field.data = normal_address(field.data or "")
    except ValueError:
        raise ValidationError(_l("This is not an e-mail address.")) from None


def organization_values(company: Company) -> dict[str, Any]:
    """Return what the form shows before anything is changed."""
    public = company.public
    own = {name: getattr(company, name) for name in company.__slots__ if name != "public"}
    shared = {
        name: getattr(public, name) for name in public.__slots__ if name not in ("categories", "labels", "capacities")
    }
    return {
        **shared,
        **own,
        "capacities": list(public.capacities),
        "chips": [code for code in public.categories if code.startswith("C")],
        "terminals": [code for code in public.categories if code.startswith("T")],
        "labels": [{"code": code, "valid_until": until} for code, until in public.labels],
    }


class InviteForm(Form):
    """Whom to invite."""

    email = _text(_l("E-mail"), 254, InputRequired(_l("Enter an e-mail address.")))
    role = SelectField(_l("Role"), default=MemberRole.EDITOR.value)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [SelectChoice(role.value, str(name)) for role, name in ROLES.items()]

    def validate_email(self, field: Any) -> None:
        _normalise(field)


class VerificationForm(Form):
    """The proof of identity."""

    licence = FileField(
        _l("Business licence"),
        validators=[FileRequired(_l("Choose the scan of the licence."))],
        description=_l("PDF, JPEG or PNG, at most 10 MB. Only you and the authority can open it."),
    )
    authorisation = FileField(
        _l("Letter of authorisation"),
        description=_l("With the seal, when the person named as contact is not the legal representative."),
    )
    is_true = BooleanField(
        _l("The profile says what the licence says."),
        validators=[InputRequired(_l("Please compare the two first."))],
    )


class SettingsForm(Form):
    """What a person says of themselves."""

    name = _text(_l("Your name"), 60, InputRequired(_l("Enter your name.")))
    post = _text(_l("Post"), 60)
    mobile = _text(
        _l("Mobile"),
        20,
        MOBILE,
        filters=[half_width],
        description=_l("Shown to the other side only after both accepted an introduction."),
    )
    locale = SelectField(_l("Language of pages and mails"), choices=LANGUAGES)

    def to_command(self) -> SaveSettings:
        return SaveSettings(self.name.data, self.post.data or "", self.mobile.data or "", self.locale.data)
