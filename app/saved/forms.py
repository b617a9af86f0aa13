"""The form by which a search is kept."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form
from app.saved.commands import SaveSearch
from app.saved.models import SearchKind


class SearchForm(Form):
    query = HiddenField()
    title = StringField(
        _l("Name of the search"), validators=[InputRequired(_l("Give the search a name.")), Length(max=80)]
    )
    has_mail = BooleanField(
        _l("Mail me what is new"),
        default=True,
        description=_l("New results are named in your digest, each once. When there is nothing new, no mail is sent."),
    )
    is_shared = BooleanField(
        _l("Share with my company"),
        description=_l("Everybody of your company sees the search, and gets its news in their digest, too."),
    )

    def to_command(self, kind: SearchKind) -> SaveSearch:
        return SaveSearch(
            kind=kind,
            query=self.query.data or "",
            title=self.title.data or "",
            is_shared=bool(self.is_shared.data),
            has_mail=bool(self.has_mail.data),
        )
