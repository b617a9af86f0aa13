"""Measure the engine on a set: ``python -m matching.evaluate DIR [--run FILE] [--no-baselines]``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.analysis import full_text
from matching.baselines import BASELINES
from matching.datasets import Dataset, read_dataset
from matching.engine import Matcher, PastNeed
from matching.metrics import Values, bootstrap_interval, calibration_error, ndcg, recall, reciprocal_rank
from matching.records import Need

DEPTH = 100
Ranking = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one set: a ranking per need (best first, up to 100) and nDCG@10 per need."""

    system: str
    rankings: list[Ranking]
    ndcg10: Values
    seconds: float


def run_system(dataset: Dataset, system: str, answer: Callable[[Need], Ranking], started: float) -> Result:
    """Ask a system every need of the set."""
    rankings = [answer(need) for need in dataset.needs]
    return Result(system, rankings, _ndcg(dataset, rankings), time.perf_counter() - started)


def _ndcg(dataset: Dataset, rankings: Sequence[Ranking]) -> Values:
    names = ([item for item, _ in ranking] for ranking in rankings)
    return np.array([ndcg(r, dataset.judgements[n.id]) for n, r in zip(dataset.needs, names, strict=True)])


def run_engine(dataset: Dataset) -> Result:
    """Fit the matcher with its default settings and ask it everything."""
    started = time.perf_counter()
    matcher = Matcher().fit(dataset.sheets, history=past_needs(dataset))
    return run_system(dataset, "this engine", matcher.rank_firms if dataset.by_firm else matcher.rank, started)


def past_needs(dataset: Dataset) -> list[PastNeed]:
    """Return the set's history, one entry per past need."""
    found: dict[str, tuple[Need, list[tuple[str, float]]]] = {}
    for need, sheet_id, grade in dataset.history:
        found.setdefault(need.id, (need, []))[1].append((sheet_id, grade))
    return list(found.values())


def run_baseline(dataset: Dataset, name: str) -> Result:
    """Fit a baseline; on sets of firms a firm has the score of its best product."""
    started = time.perf_counter()
    score = BASELINES[name]([full_text(sheet) for sheet in dataset.sheets])
    owners = [sheet.firm if dataset.by_firm else sheet.id for sheet in dataset.sheets]

    def answer(need: Need) -> Ranking:
        scores = score(full_text(need))
        best: dict[str, float] = {}
        for place in np.argsort(-scores, kind="stable")[: 20 * DEPTH]:
            best.setdefault(owners[place], float(scores[place]))
        return list(best.items())[:DEPTH]

    return run_system(dataset, name, answer, started)


def report(dataset: Dataset, results: Sequence[Result]) -> str:
    """Return the table: every system with its interval, and the paired difference of the engine to it."""
    engine = results[-1]
    kind = "products of firms" if dataset.by_firm else "sheets"
    lines = [f"{dataset.name}: {len(dataset.needs)} needs, {len(dataset.sheets)} {kind}", ""]
    lines.append(f"{'system':20s} nDCG@10  95 % interval    R@10   R@100  MRR    engine minus it (95 %)       s")
    for result in results:
        low, high = bootstrap_interval(result.ndcg10)
        names = [[item for item, _ in ranking] for ranking in result.rankings]
        grades = [dataset.judgements[need.id] for need in dataset.needs]
        measures = [
            np.mean([f(r, g) for r, g in zip(names, grades, strict=True)])
            for f in (lambda r, g: recall(r, g, 10), lambda r, g: recall(r, g, 100), reciprocal_rank)
        ]
        gap = engine.ndcg10 - result.ndcg10
        low_gap, high_gap = bootstrap_interval(gap)
        paired = "" if result is engine else f"{gap.mean():+.3f} [{low_gap:+.3f}, {high_gap:+.3f}]"
        lines.append(
            f"{result.system:20s} {result.ndcg10.mean():.3f}    [{low:.3f}, {high:.3f}]   "
            + "  ".join(f"{m:.3f}" for m in measures)
            + f"  {paired:28s} {result.seconds:5.1f}"
        )
    return "\n".join([*lines, "", *_slices(dataset, engine), _calibration(dataset, engine)])


def _slices(dataset: Dataset, result: Result) -> list[str]:
    """Return nDCG@10 by language and by the category of the best answer, groups of ten or more."""
    category = {sheet.id: sheet.category[:40] for sheet in dataset.sheets}
    groups: dict[str, list[float]] = {}
    for need, value in zip(dataset.needs, result.ndcg10, strict=True):
        grades = dataset.judgements[need.id]
        best = max(grades, key=lambda item: grades[item])
        for label in (f"language {need.lang or '?'}", f"category {category.get(best) or '?'}"):
            groups.setdefault(label, []).append(float(value))
    rows = sorted((label, values) for label, values in groups.items() if len(values) >= 10)
    return [f"  {label:50s} n={len(values):4d}  {np.mean(values):.3f}" for label, values in rows]


def _calibration(dataset: Dataset, result: Result) -> str:
    scores = np.array([score for ranking in result.rankings for _, score in ranking[:10]])
    relevant = np.array(
        [
            item in dataset.judgements[need.id]
            for need, ranking in zip(dataset.needs, result.rankings, strict=True)
            for item, _ in ranking[:10]
        ],
        np.bool_,
    )
    return (
        f"  calibration of the first ten: mean score {scores.mean():.3f}, share relevant {relevant.mean():.3f}, "
        f"error {calibration_error(scores, relevant):.3f}"
    )


def write_run(path: Path, dataset: Dataset, result: Result) -> None:
    """Write need, document, score, tab-separated, best first."""
    with path.open("w", encoding="utf-8") as stream:
        for need, ranking in zip(dataset.needs, result.rankings, strict=True):
            stream.writelines(f"{need.id}\t{item}\t{score:.6f}\n" for item, score in ranking[:DEPTH])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m matching.evaluate", description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--run", type=Path, help="write the engine's top 100 of every need here")
    parser.add_argument("--card", type=Path, help="write the figures as JSON here")
    parser.add_argument("--no-baselines", action="store_true")
    options = parser.parse_args(arguments)
    try:
        dataset = read_dataset(options.directory)
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot read {options.directory}: {error}", file=sys.stderr)
        return 2
    results = [] if options.no_baselines else _baselines(dataset)
    results.append(run_engine(dataset))
    print(report(dataset, results))
    if options.run:
        write_run(options.run, dataset, results[-1])
    if options.card:
        options.card.write_text(json.dumps(card(dataset, results), indent=1), encoding="utf-8")
    return 0


def _baselines(dataset: Dataset) -> list[Result]:
    results = []
    for name in BASELINES:
        try:
            results.append(run_baseline(dataset, name))
        except ImportError as error:
            print(f"{name} left out: {error}", file=sys.stderr)
    return results


def card(dataset: Dataset, results: Sequence[Result]) -> dict[str, object]:
    """Return the figures of a model card as plain values."""
    return {
        "set": dataset.name,
        "needs": len(dataset.needs),
        "sheets": len(dataset.sheets),
        "ndcg10": {
            result.system: [float(result.ndcg10.mean()), *bootstrap_interval(result.ndcg10)] for result in results
        },
    }


if __name__ == "__main__":
    sys.exit(main())
