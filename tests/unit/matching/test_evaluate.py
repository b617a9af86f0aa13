from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from matching.baselines import BASELINES, FUSED, UNION
from matching.card import shipped
from matching.datasets import read_dataset
from matching.evaluate import main
from matching.metrics import bootstrap_interval, calibration_error, ndcg, recall, reciprocal_rank, reliability
from matching.rank import Ranker
from matching.shelf import from_json, to_json
from tests.unit.matching.catalogue import GAUGE, SHEETS


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    corpus = [{"id": s.id, "title": s.title, "text": s.text, "category": s.category} for s in SHEETS]
    corpus[0]["params"] = [{"key": "cells", "min": 6, "typ": None, "max": 14, "unit": "串", "text": "x"}]
    queries = [
        {
            "id": "Q1",
            "text": "储能电池采样芯片",
            "lang": "zh",
            "params": [{"key": "cells", "op": "covers", "value": 8}],
        },
        {"id": "Q2", "text": "固件存储", "lang": "zh"},
    ]
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row) + "\n" for row in corpus)
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("query\tdoc\tgrade\nQ1\tP1\t3\nQ1\tP3\t1\nQ2\tP6\t2\n", encoding="utf-8")
    return tmp_path


def test_a_set_is_read_with_its_structured_fields(directory: Path) -> None:
    dataset = read_dataset(directory)

    assert dataset.sheets[0].params[0].max == 14
    assert dataset.needs[0].params[0].value == "8"
    assert dataset.judgements["Q1"] == {"P1": 3, "P3": 1}


def test_the_report_names_every_system(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(directory)]) == 0

    printed = capsys.readouterr().out
    assert all(name in printed for name in ("random", "TF-IDF words", "TF-IDF characters", "BM25", "this engine"))


def test_a_run_lists_documents_best_first(directory: Path, tmp_path: Path) -> None:
    main([str(directory), "--no-baselines", "--run", str(tmp_path / "run.tsv")])

    rows = [line.split("\t") for line in (tmp_path / "run.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0][:2] == ["Q1", "P1"]
    assert [float(row[2]) for row in rows if row[0] == "Q1"] == sorted(
        (float(row[2]) for row in rows if row[0] == "Q1"), reverse=True
    )


def test_sets_of_firms_are_ranked_by_firm(directory: Path, tmp_path: Path) -> None:
    parts = [{"supplier": s.firm, "id": s.id, "text": s.text} for s in SHEETS]
    (directory / "parts.jsonl").write_text("\n".join(map(json.dumps, parts)), encoding="utf-8")
    (directory / "qrels.tsv").write_text("Q2\tF5\t2\n", encoding="utf-8")

    main([str(directory), "--no-baselines", "--run", str(tmp_path / "run.tsv")])

    assert (tmp_path / "run.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")[:2] == ["Q2", "F5"]


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "corpus.jsonl" in capsys.readouterr().err


def test_a_broken_line_is_named(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "queries.jsonl").write_text("{", encoding="utf-8")

    assert main([str(directory)]) == 2
    assert "queries.jsonl, line 1" in capsys.readouterr().err


def test_a_perfect_ranking_has_ndcg_one() -> None:
    assert ndcg(["a", "b"], {"a": 3, "b": 1}) == 1.0


def test_ndcg_uses_linear_gain_and_a_logarithmic_discount() -> None:
    expected = (1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3))

    assert ndcg(["b", "a"], {"a": 3, "b": 1}) == pytest.approx(expected)


def test_recall_and_reciprocal_rank_look_at_the_first_places() -> None:
    assert recall(["x", "a"], {"a": 1, "b": 1}, 2) == 0.5
    assert reciprocal_rank(["x", "a"], {"a": 1}) == 0.5
    assert reciprocal_rank(["x"], {"a": 1}) == 0.0


def test_the_interval_holds_the_mean() -> None:
    values = np.random.default_rng(1).random(200)
    low, high = bootstrap_interval(values)

    assert low < values.mean() < high


def test_scores_that_are_frequencies_have_no_calibration_error() -> None:
    scores, relevant = np.repeat([0.2, 0.8], 10), np.array([1, 1] + [0] * 8 + [1] * 8 + [0, 0], bool)

    assert calibration_error(scores, relevant) == pytest.approx(0.0)


def test_a_sheet_survives_being_stored() -> None:
    assert from_json(json.loads(json.dumps(to_json(GAUGE)))) == GAUGE


def test_every_baseline_stands_in_the_report_of_firms(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = [{"supplier": s.firm, "id": s.id, "text": s.text} for s in SHEETS]
    (directory / "parts.jsonl").write_text("\n".join(map(json.dumps, parts)), encoding="utf-8")
    (directory / "qrels.tsv").write_text("Q2\tF5\t2\n", encoding="utf-8")

    main([str(directory)])

    printed = capsys.readouterr().out
    assert all(name in printed for name in (*BASELINES, UNION, FUSED, "catalogue size", "votes + best + size"))


def test_newcomers_are_told_apart_where_there_is_a_history(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    past = {"id": "H1", "text": "存储固件的闪存", "lang": "zh"}
    (directory / "history_queries.jsonl").write_text(json.dumps(past), encoding="utf-8")
    (directory / "history.tsv").write_text("H1\tP6\t1\n", encoding="utf-8")

    main([str(directory), "--no-baselines"])

    printed = capsys.readouterr().out
    assert "answers chosen before" in printed
    assert "answers never chosen before" in printed


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("queries.jsonl", b'{"text": "x"}', "'id' is missing"),
        ("queries.jsonl", b"[1]", "queries.jsonl, line 1"),
        ("queries.jsonl", b"\xff\xfe\x00", "queries.jsonl is damaged"),
        ("qrels.tsv", b"Q1\tP1\t1\nQ1 P3 1\n", "qrels.tsv, line 2"),
        ("qrels.tsv", b"nobody\tP1\t1\n", "judges no query"),
        ("history_queries.jsonl.gz", b"no gzip", "is damaged"),
    ],
)
def test_unreadable_input_ends_with_status_two_and_the_place(
    directory: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (directory / name).write_bytes(content)

    assert main([str(directory)]) == 2
    assert said in capsys.readouterr().err


def test_the_card_holds_figures_and_no_text(directory: Path, tmp_path: Path) -> None:
    main([str(directory), "--card", str(tmp_path / "card.json")])

    text = (tmp_path / "card.json").read_text(encoding="utf-8")
    assert set(json.loads(text)["sets"][0]) >= {"ndcg10", "gain", "reliability", "calibration_error"}
    assert not any(sheet.text in text for sheet in SHEETS)


def test_the_shipped_card_is_of_the_shipped_weights() -> None:
    assert {one.ranker for one in shipped()} == {Ranker.default().version}


def test_bins_of_reliability_tell_score_share_and_number() -> None:
    scores, relevant = np.array([0.05, 0.95, 0.91]), np.array([False, True, False])

    assert reliability(scores, relevant) == [(0.05, 0.0, 1), (pytest.approx(0.93), 0.5, 2)]
