from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from matching.archive import Archive
from matching.engine import Matcher
from tests.unit.matching.catalogue import BATTERY_NEED, BUCK, SHEETS


def _write(archive: Archive, directory: Path, **arrays: np.ndarray) -> None:
    directory.mkdir()
    archive.write(directory, directory, arrays)()


def test_an_array_that_is_stored_already_is_linked_under_its_new_name(tmp_path: Path) -> None:
    archive, array = Archive(), np.arange(5)
    _write(archive, tmp_path / "one", a=array)

    _write(archive, tmp_path / "two", b=array)

    assert (tmp_path / "two/b.npy").samefile(tmp_path / "one/a.npy")


def test_another_array_of_the_same_name_is_written(tmp_path: Path) -> None:
    archive = Archive()
    _write(archive, tmp_path / "one", a=np.arange(5))

    _write(archive, tmp_path / "two", a=np.arange(6))

    assert archive.read(tmp_path / "two", "a").tolist() == [0, 1, 2, 3, 4, 5]


def test_an_array_whose_file_is_gone_is_written_again(tmp_path: Path) -> None:
    archive, array = Archive(), np.arange(5)
    _write(archive, tmp_path / "one", a=array)
    (tmp_path / "one/a.npy").unlink()

    _write(archive, tmp_path / "two", a=array)

    assert archive.read(tmp_path / "two", "a").tolist() == array.tolist()


def test_where_files_cannot_be_linked_they_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another device")

    archive, array = Archive(), np.arange(5)
    _write(archive, tmp_path / "one", a=array)
    monkeypatch.setattr(os, "link", refuse)

    _write(archive, tmp_path / "two", a=array)

    assert archive.read(tmp_path / "two", "a").tolist() == array.tolist()


def test_a_stored_array_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    _write(Archive(), tmp_path / "one", a=np.arange(500))
    path = tmp_path / "one/a.npy"
    path.write_bytes(path.read_bytes()[:-5])

    with pytest.raises(ValueError, match="mmap"):
        Archive().read(tmp_path / "one", "a")


def test_after_a_change_of_one_sheet_the_large_arrays_are_not_written_again(tmp_path: Path) -> None:
    Matcher().fit(SHEETS).save(tmp_path / "one")
    matcher = Matcher.load(tmp_path / "one").update([BUCK])

    matcher.save(tmp_path / "two")

    assert (tmp_path / "two/view_words_0_data.npy").samefile(tmp_path / "one/view_words_0_data.npy")
    assert Matcher.load(tmp_path / "two").recommend(BATTERY_NEED) == matcher.recommend(BATTERY_NEED)


def test_an_older_model_stays_as_it_was_when_the_next_one_is_stored(tmp_path: Path) -> None:
    Matcher().fit(SHEETS).save(tmp_path / "one")
    old = Matcher.load(tmp_path / "one")
    before = old.recommend(BATTERY_NEED)

    Matcher.load(tmp_path / "one").remove([before[0].sheet_id]).save(tmp_path / "two")

    assert Matcher.load(tmp_path / "one").recommend(BATTERY_NEED) == before
    assert before[0].sheet_id not in [
        match.sheet_id for match in Matcher.load(tmp_path / "two").recommend(BATTERY_NEED)
    ]
