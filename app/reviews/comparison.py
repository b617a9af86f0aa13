"""Bids side by side: what each commits to for every indicator, judged; on the page and as a workbook."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.compliance import Asked, MatrixView, Offer, Promise, matrix
from app.core.text import csv_safe

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from app.bids.models import Bid, BidCommitment
    from app.challenges.models import Kpi

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (34, 8, 22, 26)


@dataclass(frozen=True, slots=True)
class Column:
    """One bid under the name the reader may know it by."""

    title: str
    subtitle: str
    url: str
    bid: Bid


def asked_of(kpi: Kpi) -> Asked:
    """Return an indicator as a requirement; whoever judges opened bids sees every target."""
    is_must = kpi.is_core or kpi.is_veto
    return Asked(kpi.param_key, kpi.operator, kpi.target, kpi.unit, is_must, kpi.condition, kpi.name)


def compare(kpis: Sequence[Kpi], columns: Sequence[Column]) -> MatrixView:
    """Judge every commitment of every bid; their commitments must be loaded."""
    offers = [Offer(c.title, c.subtitle, c.url, promises=_promises(kpis, c.bid.commitments)) for c in columns]
    return matrix([asked_of(kpi) for kpi in kpis], offers)


def _promises(kpis: Sequence[Kpi], commitments: Sequence[BidCommitment]) -> dict[int, Promise]:
    by_kpi: dict[uuid.UUID, BidCommitment] = {one.kpi_id: one for one in commitments}
    return {
        place: Promise(by_kpi[kpi.id].committed, by_kpi[kpi.id].unit)
        for place, kpi in enumerate(kpis)
        if kpi.id in by_kpi
    }


def uncommitted(kpis: Sequence[Kpi], bid: Bid) -> list[str]:
    """Return the names of the core indicators for which a bid commits to nothing, or to less than is asked."""
    view = compare(kpis, [Column("", "", "", bid)])
    return [row.name for row in view.rows if row.must and row.cells[0].status in ("violated", "unknown")]


def workbook(view: MatrixView, heads: Sequence[str], words: dict[str, str], title: str) -> bytes:
    """Return the comparison as a workbook in which no cell is a formula.

    ``heads`` name the columns before the bids; ``words`` are the verdicts in the reader's language.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    page = book.create_sheet(_sheet_title(title), 0)
    page.append([csv_safe(head) for head in (*heads, *(column.title for column in view.columns))])
    for row in view.rows:
        cells = [" · ".join(filter(None, (words.get(c.status, c.status), c.offered, c.margin_text))) for c in row.cells]
        must = words["must"] if row.must else words["wish"]
        page.append([csv_safe(text) for text in (row.name, must, row.requirement_text, row.condition, *cells)])
    for cells_of_row in page.iter_rows():
        for cell in cells_of_row:
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in page[1]:
        cell.font = Font(bold=True)
    for place in range(page.max_column):
        page.column_dimensions[get_column_letter(place + 1)].width = (*WIDTHS, 30)[min(place, len(WIDTHS))]
    page.freeze_panes = "B2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet_title(title: str) -> str:
    """Return a title as spreadsheets allow it."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "Bids"
