"""Finding by words on the real index of each database."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.search.models import SearchDocument
from app.search.queries import matching_ids
from app.search.service import index_document, index_documents, remove_document

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MONITOR, DRIVER = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture(autouse=True)
def _two(session: Session) -> None:
    index_document(session, "need", MONITOR, "储能电池包18串采样芯片，对标 LTC6811HG-1，AEC-Q100，接口 RS-485，2.4GHz")
    index_document(session, "need", DRIVER, "冰箱风机三相无刷电机驱动 C++ SDK，静态电流 ≤ 2µA")


def found(session: Session, query: str, kind: str = "need") -> set[uuid.UUID]:
    ids = matching_ids(session, kind, query)
    assert ids is not None
    return set(session.scalars(ids))


@pytest.mark.parametrize(
    "query",
    ["采样", "样芯", "电池", "储能 采样", "采", "18串", "LTC6811HG-1", "ltc6811", "LTC68", "ＬＴＣ６８", "AEC-Q100",
     "aec", "RS-485", "rs485", "2.4GHz"],
)  # fmt: skip
def test_words_and_part_numbers_are_found(session: Session, query: str) -> None:
    assert found(session, query) == {MONITOR}


@pytest.mark.parametrize("query", ["采集", "电芯", "LTC69", "储能 电机", "zzz", "样品"])
def test_what_is_not_written_is_not_found(session: Session, query: str) -> None:
    assert found(session, query) == set()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("单片机", "32-bit MCU for motor control"),
        ("buck converter", "三路 DC-DC 降压，QFN-40"),
        ("快充", "supports fast charge protocols"),
        ("qfn40 降压", "buck converter in QFN-40"),
    ],
)
def test_the_other_language_and_other_names_are_found(session: Session, query: str, text: str) -> None:
    index_document(session, "product", MONITOR, text)
    index_document(session, "product", DRIVER, "冰箱风机三相无刷电机驱动，QFN-48")

    assert found(session, query, "product") == {MONITOR}


@pytest.mark.parametrize("query", ["单片机 蓝牙", "buck zzz", "快充 电机"])
def test_a_word_that_means_nothing_in_the_text_excludes_it(session: Session, query: str) -> None:
    index_document(session, "product", MONITOR, "MCU, DC-DC 降压, fast charge")

    assert found(session, query, "product") == set()


@pytest.mark.parametrize("query", ["", "   ", "\t\n"])
def test_an_empty_query_asks_for_nothing(session: Session, query: str) -> None:
    assert matching_ids(session, "need", query) is None


@pytest.mark.parametrize("query", ["!", "。，", "' \" ` ;", "***", "(((", "--", "&|!<->"])
def test_punctuation_finds_nothing(session: Session, query: str) -> None:
    assert found(session, query) == set()


@pytest.mark.parametrize(
    "query",
    ["采样' OR 'a'='a", "采样\" OR \"电机", "采样 & !电池", "采样 AND NOT 电机", "采样*", "(采样", "tokens:采样",
     "采样:*", "^采样", "NEAR(采样 电池)", "采样\\", "采样%", "{采样}", "采样\x00",
     "'; DROP TABLE search_documents; --"],
)  # fmt: skip
def test_operators_are_harmless(session: Session, query: str) -> None:
    assert found(session, query) <= {MONITOR}
    assert session.scalar(select(func.count()).select_from(SearchDocument)) == 2


def test_a_very_long_query_is_answered(session: Session) -> None:
    assert found(session, "采样" * 5000) <= {MONITOR}


def test_kinds_are_searched_apart(session: Session) -> None:
    assert found(session, "采样", kind="product") == set()


def test_indexing_again_replaces_the_words(session: Session) -> None:
    index_document(session, "need", MONITOR, "蓝牙耳机")

    assert found(session, "蓝牙") == {MONITOR}
    assert found(session, "采样") == set()


def test_what_was_removed_is_not_found(session: Session) -> None:
    remove_document(session, "need", MONITOR)
    remove_document(session, "need", MONITOR)

    assert found(session, "采样") == set()


def test_many_are_indexed_at_once(session: Session) -> None:
    ids = [uuid.UUID(int=1000 + n) for n in range(1200)]

    index_documents(session, "product", [(one, f"运放 OPA{place}") for place, one in enumerate(ids)])

    assert len(found(session, "运放", "product")) == 1200
    assert found(session, "OPA1199", "product") == {ids[1199]}


@pytest.mark.parametrize("text", ["", "。", "长" * 20_000, "\x00", "a" * 5000])
def test_any_text_can_be_indexed(session: Session, text: str) -> None:
    index_document(session, "need", MONITOR, text)

    assert found(session, "采样") == set()
