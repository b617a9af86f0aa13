"""Cells that hold a list."""

from __future__ import annotations

import pytest

from app.catalog.commands import BenchmarkPart, Qualification, ReferenceCustomer
from app.catalog.importing import composites


@pytest.mark.parametrize(
    ("cell", "entry"),
    [
        ("AEC-Q100 G1 已通过 R-1", Qualification("AEC-Q100", "G1", "passed", "R-1")),
        ("AEC-Q101 测试中", Qualification("AEC-Q101", "", "in_test", "")),
        ("IEC 60730 Class B 已通过 R 2", Qualification("IEC 60730", "Class B", "passed", "R 2")),
        ("ISO 26262 流程 ASIL D 计划中", Qualification("ISO 26262 流程", "ASIL D", "planned", "")),
        ("My own standard|Level 7|已通过|N", Qualification("My own standard", "Level 7", "passed", "N")),
        ("CCC", Qualification("CCC")),
    ],
)
def test_qualifications_are_read(cell: str, entry: Qualification) -> None:
    assert composites.read_qualifications(cell) == (entry,)


@pytest.mark.parametrize(
    "entry",
    [
        Qualification("AEC-Q100", "G1", "passed", "R-1"),
        Qualification("已通过", "", "none", ""),
        Qualification("IEC 60730", "Class B", "in_test", ""),
        Qualification("A B", "C D E", "planned", "x y"),
    ],
)
def test_every_qualification_is_read_back_as_it_was_written(entry: Qualification) -> None:
    cell = composites.write_qualifications([entry, entry])

    assert composites.read_qualifications(cell) == (entry, entry)


@pytest.mark.parametrize(
    "entry",
    [
        BenchmarkPart("Norvane", "NV3120", "redesign"),
        BenchmarkPart("Two Words", "PN 1", "pin2pin"),
        BenchmarkPart("", "NV1", "functional"),
        BenchmarkPart("Norvane", "NV(1)", "functional"),
    ],
)
def test_every_comparable_part_is_read_back_as_it_was_written(entry: BenchmarkPart) -> None:
    assert composites.read_benchmarks(composites.write_benchmarks([entry])) == (entry,)


def test_uses_in_the_field_keep_the_consent_that_was_given() -> None:
    entries = (ReferenceCustomer("网络摄像机", "量产", "Y"), ReferenceCustomer("商显", "小批", "N"))

    assert composites.write_references(entries) == "网络摄像机(量产·可公开);商显(小批)"
    assert composites.read_references(composites.write_references(entries)) == entries


def test_interfaces_are_found_under_the_names_of_the_list() -> None:
    assert composites.read_interfaces("spi、Can-FD，100/1000base-t1；自定义") == (
        "SPI",
        "CAN-FD",
        "100/1000BASE-T1",
        "自定义",
    )
