from __future__ import annotations

import io
import zipfile

import pytest

from app.files import sniff

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 44 + b"\x80\x00\x00\x00" + b"\x00" * 64


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as writer:
        for name in names:
            writer.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, sniff.PDF),
        (PNG, sniff.PNG),
        (JPEG, sniff.JPEG),
        (archive("xl/workbook.xml"), sniff.XLSX),
        (archive("word/document.xml"), sniff.DOCX),
        (archive("readme.txt"), sniff.ZIP),
        ("型号,名称\nA1,芯片\n".encode(), sniff.CSV),
        ("型号,名称\nA1,芯片\n".encode("gb18030"), sniff.CSV),
    ],
)
def test_content_is_known_by_what_it_is(content, kind) -> None:
    assert sniff.media_type(content) == kind


@pytest.mark.parametrize("content", [EXE, b"PK\x03\x04 no archive", b"\x00\x01\x02\x03" * 50, b"#!/bin/sh\nrm -rf /\n"])
def test_everything_else_is_none_of_the_accepted_types(content) -> None:
    assert sniff.media_type(content) not in {sniff.PDF, sniff.PNG, sniff.JPEG, sniff.XLSX, sniff.DOCX}


@pytest.mark.parametrize(
    ("name", "kind", "fits"),
    [
        ("licence.pdf", sniff.PDF, True),
        ("LICENCE.PDF", sniff.PDF, True),
        ("licence.exe", sniff.PDF, False),
        ("licence.pdf.exe", sniff.PDF, False),
        ("photo.jpeg", sniff.JPEG, True),
        ("photo.png", sniff.JPEG, False),
        ("noextension", sniff.PDF, False),
        ("", sniff.PDF, False),
    ],
)
def test_the_name_must_tell_the_truth(name, kind, fits) -> None:
    assert sniff.suits(name, kind) is fits
