"""The table of an evaluation: systems with intervals, paired differences, slices, calibration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.datasets import Dataset
from matching.metrics import Values, bootstrap_interval, calibration_error, recall, reciprocal_rank

#: How deep rankings are kept; how many needs a slice must have to be shown; how many categories are shown.
DEPTH, MIN_SLICE, MAX_CATEGORIES = 100, 10, 12
ENGINE, TEXT_ONLY = "this engine", "without history"
Ranking = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one set: a ranking per need (best first, up to DEPTH) and nDCG@10 per need."""

    system: str
    rankings: list[Ranking]
    ndcg10: Values


def report(dataset: Dataset, results: Sequence[Result], text_only: Result | None = None) -> str:
    """Return the table: every system with its interval, and the paired difference of the engine (the last) to it."""
    engine = results[-1]
    kind = "products of firms" if dataset.by_firm else "sheets"
    lines = [f"{dataset.name}: {len(dataset.needs)} needs, {len(dataset.sheets)} {kind}", ""]
    lines.append(f"{'system':20s} nDCG@10  95 % interval    R@10   R@100  MRR@10  engine minus it (95 %)")
    lines += [_line(dataset, result, engine) for result in results]
    return "\n".join([*lines, "", *_slices(dataset, engine), *_seen_lines(dataset, engine, text_only),
                      _calibration_line(dataset, engine), ""])  # fmt: skip


def _line(dataset: Dataset, result: Result, engine: Result) -> str:
    low, high = bootstrap_interval(result.ndcg10)
    names = [[item for item, _ in ranking] for ranking in result.rankings]
    pairs = [(row, dataset.judgements[need.id]) for row, need in zip(names, dataset.needs, strict=True)]
    measures = (
        np.mean([recall(row, grades, 10) for row, grades in pairs]),
        np.mean([recall(row, grades, DEPTH) for row, grades in pairs]),
        np.mean([reciprocal_rank(row, grades) for row, grades in pairs]),
    )
    paired = "" if result is engine else difference(engine.ndcg10 - result.ndcg10)
    return (
        f"{result.system:20s} {result.ndcg10.mean():.3f}    [{low:.3f}, {high:.3f}]   "
        + "  ".join(f"{value:.3f}" for value in measures)
        + f"   {paired}"
    ).rstrip()


def difference(gaps: Values) -> str:
    """Return a mean paired difference with its interval."""
    low, high = bootstrap_interval(gaps)
    return f"{gaps.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def _slices(dataset: Dataset, result: Result) -> list[str]:
    """Return nDCG@10 by language, then by the largest categories of the best answer."""
    category = {sheet.id: sheet.category for sheet in dataset.sheets}
    languages: dict[str, list[float]] = {}
    categories: dict[str, list[float]] = {}
    for need, value in zip(dataset.needs, result.ndcg10, strict=True):
        grades = dataset.judgements[need.id]
        languages.setdefault(need.lang or "not stated", []).append(float(value))
        label = category.get(max(grades, key=lambda item: grades[item]), "")
        if label:
            categories.setdefault(label, []).append(float(value))
    largest = sorted(categories.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:MAX_CATEGORIES]
    rows = [("language", *entry) for entry in sorted(languages.items())] + [("category", *entry) for entry in largest]
    return [
        f"  {kind} {label[:40]:40s} n={len(values):4d}  {np.mean(values):.3f}"
        for kind, label, values in rows
        if len(values) >= MIN_SLICE
    ]


def seen(dataset: Dataset) -> NDArray[np.bool_]:
    """Tell for every need whether one of its answers was ever chosen in the set's history."""
    chosen = {sheet_id for _, sheet_id, _ in dataset.history}
    return np.array([not chosen.isdisjoint(dataset.judgements[need.id]) for need in dataset.needs], np.bool_)


def _seen_lines(dataset: Dataset, engine: Result, text_only: Result | None) -> Iterator[str]:
    if text_only is None:
        return
    known = seen(dataset)
    for label, mask in (("chosen before", known), ("never chosen before", ~known)):
        if mask.any():
            ours, plain = engine.ndcg10[mask], text_only.ndcg10[mask]
            yield (
                f"  answers {label:33s} n={mask.sum():4d}  {ours.mean():.3f}, {TEXT_ONLY} {plain.mean():.3f}, "
                f"difference {difference(ours - plain)}"
            )


def first_ten(dataset: Dataset, result: Result) -> tuple[Values, NDArray[np.bool_]]:
    """Return the scores of every need's first ten answers, and whether each is relevant."""
    pairs = [
        (score, item in dataset.judgements[need.id])
        for need, ranking in zip(dataset.needs, result.rankings, strict=True)
        for item, score in ranking[:10]
    ]
    return np.array([score for score, _ in pairs]), np.array([hit for _, hit in pairs], np.bool_)


def _calibration_line(dataset: Dataset, result: Result) -> str:
    scores, relevant = first_ten(dataset, result)
    return (
        f"  calibration of the first ten: mean score {scores.mean():.3f}, share relevant {relevant.mean():.3f}, "
        f"error {calibration_error(scores, relevant):.3f}"
    )
