"""Where a page stands in its list."""

from __future__ import annotations

import pytest

from app.core.paging import Page


@pytest.mark.parametrize(
    ("page", "pages", "has_prev", "has_next", "first", "last"),
    [
        (Page([], 1, 20, 0), 1, False, False, 0, 0),
        (Page(list(range(20)), 1, 20, 20), 1, False, False, 1, 20),
        (Page(list(range(20)), 1, 20, 21), 2, False, True, 1, 20),
        (Page([20], 2, 20, 21), 2, True, False, 21, 21),
        (Page(list(range(20)), 2, 20, 60), 3, True, True, 21, 40),
    ],
)
def test_a_page_knows_its_place(
    page: Page[int], pages: int, has_prev: bool, has_next: bool, first: int, last: int
) -> None:
    found = (page.pages, page.has_prev, page.has_next, page.first_index, page.last_index)

    assert found == (pages, has_prev, has_next, first, last)


def test_a_mapped_page_keeps_its_place() -> None:
    page = Page([1, 2], 2, 2, 5).map(str)

    assert page == Page(["1", "2"], 2, 2, 5)
