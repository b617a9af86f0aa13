from __future__ import annotations

import pytest

from app.files.service import MAX_NAME, clean_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("licence.pdf", "licence.pdf"),
        ("营业执照 (1).pdf", "营业执照 (1).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\lin\\scan.png", "scan.png"),
        ('a<b>:"|?*c.pdf', "a_b______c.pdf"),
        ("a\x00b\u202egnp.pdf", "a_b_gnp.pdf"),
        ("  .hidden. ", "hidden"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_name_loses_folders_and_signs(given, kept) -> None:
    assert clean_name(given) == kept


def test_a_long_name_keeps_its_end() -> None:
    name = clean_name("长" * 400 + ".pdf")

    assert len(name) <= MAX_NAME
    assert name.endswith(".pdf")


def test_a_long_end_is_cut_too() -> None:
    assert len(clean_name("a." + "x" * 400)) <= MAX_NAME
