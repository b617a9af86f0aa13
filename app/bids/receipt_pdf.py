"""A receipt on paper: one page of PDF that needs no font and no program of the machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

_PAGE = """
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title)
#set page(paper: "a4", margin: 2.2cm, footer: align(center, text(8pt, fill: luma(90))[#told.footer]))
#set text(font: "Noto Sans SC", size: 10pt, lang: told.lang)
#set par(leading: 0.8em)
#text(20pt)[#told.title]
#v(2pt)
#text(14pt)[#told.code]
#v(6pt)
#line(length: 100%, stroke: 0.6pt + luma(160))
#v(6pt)
#grid(
  columns: (3.6cm, 1fr), row-gutter: 11pt, column-gutter: 10pt,
  ..told.facts.map(((name, value)) => (text(fill: luma(90))[#name], [#value])).flatten()
)
#v(8pt)
#text(12pt)[#told.items_title]
#list(..told.items.map(item => [#item]))
#v(8pt)
#line(length: 100%, stroke: 0.6pt + luma(160))
#v(6pt)
#for note in told.notes { par[#note] }
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says, in the reader's language; nothing in it is evaluated."""

    lang: str
    title: str
    code: str
    facts: tuple[tuple[str, str], ...]
    items_title: str
    items: tuple[str, ...]
    notes: tuple[str, ...]
    footer: str


def to_pdf(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as PDF/A-2b; ``at`` is the time in its metadata, so the same sheet is the same file."""
    # Imported late: 34 MB that only this page needs.
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    told = {name: getattr(sheet, name) for name in Sheet.__dataclass_fields__}
    return typst.compile(
        _PAGE.encode(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[sans_path().parent]),
        format="pdf",
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=int(at.timestamp()),
    )
