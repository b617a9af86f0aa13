from __future__ import annotations

import numpy as np

from matching.labels import Labels


def test_every_row_keeps_its_label() -> None:
    labels = Labels(["b", "", "a"]).extend(["b"])

    assert [labels[row] for row in range(len(labels))] == ["b", "", "a", "b"]


def test_a_table_is_looked_up_for_every_row() -> None:
    assert Labels(["b", "c", "b"]).values({"b": 2.0, "z": 9.0}, np.arange(3)).tolist() == [2.0, 0.0, 2.0]


def test_no_rows_have_no_values() -> None:
    assert Labels().values({"b": 2.0}, np.arange(0)).tolist() == []


def test_stored_parts_make_the_same_labels() -> None:
    labels = Labels(["b", "a", "b"])

    again = Labels.of(labels.names, labels.codes).extend(["a"])

    assert [again[row] for row in range(4)] == ["b", "a", "b", "a"]
    assert again.number("a") == 1
    assert again.number("z") == -1
