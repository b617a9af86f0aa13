from __future__ import annotations

from pathlib import Path

import pytest
from joblib import parallel_config

from matching.batch import firms_all, recommend_all
from matching.engine import Matcher
from matching.records import Need
from tests.unit.matching.catalogue import BATTERY_NEED, SHEETS, WATCH_NEED

NEEDS = [BATTERY_NEED, WATCH_NEED, Need("N", "摘下耳机以后音乐还在继续放，希望摘下自动暂停")] * 20


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    Matcher().fit(SHEETS).save(tmp_path / "model")
    return tmp_path / "model"


def test_a_batch_answers_like_need_by_need(saved: Path) -> None:
    matcher = Matcher.load(saved)

    found = recommend_all(saved, NEEDS, 3)

    assert found == [matcher.recommend(need, 3) for need in NEEDS]


def test_two_threads_answer_like_one(saved: Path) -> None:
    alone = firms_all(saved, NEEDS, 3)

    with parallel_config("threading", n_jobs=2):
        assert firms_all(saved, NEEDS, 3) == alone


def test_a_matcher_saved_anew_is_read_anew(saved: Path) -> None:
    recommend_all(saved, NEEDS[:1], 3)
    Matcher().fit(SHEETS[:1]).save(saved)

    assert [match.sheet_id for match in recommend_all(saved, NEEDS[:1], 3)[0]] == [SHEETS[0].id]


def test_no_saved_matcher_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no saved matcher"):
        recommend_all(tmp_path, NEEDS)


@pytest.mark.real_clock
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning")
def test_two_dask_workers_fit_and_answer_like_one_process(saved: Path) -> None:
    distributed = pytest.importorskip("distributed")
    alone = recommend_all(saved, NEEDS, 3)
    version = Matcher.load(saved).version

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster),
        parallel_config("dask"),
    ):
        spread = recommend_all(saved, NEEDS, 3)
        fitted = Matcher().fit(SHEETS)

    assert spread == alone
    assert fitted.version == version
    assert fitted.recommend(BATTERY_NEED, 1)[0].sheet_id == alone[0][0].sheet_id
