"""Files in the layout of the handbook: the empty one, and a firm's own products."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.catalog import policy
from app.catalog.importing import writer
from app.catalog.importing.sheets import Firm
from app.catalog.queries import imports as queries
from app.core import clock
from app.core.errors import NotAllowed
from app.db import current_session
from app.files import sniff

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("product_files", __name__, url_prefix="/workspace/products/export")
TYPES = {"xlsx": sniff.XLSX, "csv": "text/csv; charset=utf-8"}
WRITERS = {"xlsx": writer.write_workbook, "csv": writer.write_csv}
FORMAT = "<any(xlsx, csv):form>"


@bp.get(f"/template.{FORMAT}")
@login_required
def template(form: str) -> ResponseReturnValue:
    """Send the empty layout with its instructions."""
    return attachment(WRITERS[form]((), Firm("", "")), _("Product sheet template"), form)


@bp.get(f"/products.{FORMAT}")
@login_required
def products(form: str) -> ResponseReturnValue:
    """Send the firm's products that are not archived."""
    actor, session = current_actor(), current_session()
    if actor.organization_id is None:
        raise NotAllowed(policy.can_keep_products(actor).reason, code="no_organization")
    sheets = queries.own_sheets(session, actor=actor)
    file = WRITERS[form](sheets, queries.own_firm(session, actor=actor))
    return attachment(file, _("Products %(day)s", day=clock.today().isoformat()), form)


def attachment(file: IO[bytes], stem: str, form: str) -> Response:
    """Return a file to be saved, sent piece by piece."""
    answer = Response(writer.chunks(file), mimetype=None, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{stem}.{form}', safe='')}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
