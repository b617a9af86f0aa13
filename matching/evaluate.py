"""Measure the engine on a set: ``python -m matching.evaluate DIR [--run FILE] [--card FILE] [--no-baselines]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.analysis import full_text
from matching.baselines import BASELINES, VOTING, Scorer, Scores, catalogue_size, firm_votes, fuse
from matching.card import card
from matching.datasets import Dataset, read_dataset
from matching.engine import Matcher, PastNeed
from matching.history import History
from matching.metrics import ndcg
from matching.records import Need
from matching.report import DEPTH, ENGINE, TEXT_ONLY, Ranking, Result, report


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a set: every system, the engine last, and the engine without the set's history."""

    results: list[Result]
    text_only: Result | None


def judged(dataset: Dataset, system: str, rankings: Sequence[Ranking]) -> Result:
    """Return a system's rankings with their nDCG@10."""
    names = ([item for item, _ in ranking] for ranking in rankings)
    values = [ndcg(row, dataset.judgements[need.id]) for need, row in zip(dataset.needs, names, strict=True)]
    return Result(system, list(rankings), np.array(values))


def run_engine(dataset: Dataset) -> tuple[Result, Result | None]:
    """Fit the matcher with its default settings and ask it everything; with a history, once more without it."""
    matcher = Matcher().fit(dataset.sheets, history=past_needs(dataset))
    full = judged(dataset, ENGINE, _answers(matcher, dataset))
    if not dataset.history:
        return full, None
    matcher.history_ = History().fit([], [])
    return full, judged(dataset, TEXT_ONLY, _answers(matcher, dataset))


def _answers(matcher: Matcher, dataset: Dataset) -> list[Ranking]:
    ask = matcher.rank_firms if dataset.by_firm else matcher.rank
    return [ask(need, DEPTH) for need in dataset.needs]


def past_needs(dataset: Dataset) -> list[PastNeed]:
    """Return the set's history, one entry per past need."""
    found: dict[str, tuple[Need, list[tuple[str, float]]]] = {}
    for need, sheet_id, grade in dataset.history:
        found.setdefault(need.id, (need, []))[1].append((sheet_id, grade))
    return list(found.values())


def run_baselines(dataset: Dataset) -> list[Result]:
    """Ask every baseline and their fusions; on sets of firms a firm has the score of its best product."""
    scorers = _scorers([full_text(sheet) for sheet in dataset.sheets])
    owners = [sheet.firm if dataset.by_firm else sheet.id for sheet in dataset.sheets]
    sizes = catalogue_size(owners)
    rankings: dict[str, list[Ranking]] = {}
    for need in dataset.needs:
        text = full_text(need)
        scores = {name: score(text) for name, score in scorers.items()}
        found = {name: _best_of(values, owners) for name, values in (scores | fuse(scores)).items()}
        if dataset.by_firm:
            votes = next(scores[name] for name in VOTING if name in scores)
            found["catalogue size"] = _ordered(sizes)
            found["votes + best + size"] = _ordered(firm_votes(votes, owners, sizes))
        for name, ranking in found.items():
            rankings.setdefault(name, []).append(ranking)
    return [judged(dataset, name, rows) for name, rows in rankings.items()]


def _scorers(texts: Sequence[str]) -> dict[str, Scorer]:
    found: dict[str, Scorer] = {}
    for name, make in BASELINES.items():
        try:
            found[name] = make(texts)
        except ImportError as error:
            print(f"{name} left out: {error}", file=sys.stderr)
    return found


def _best_of(scores: Scores, owners: Sequence[str]) -> Ranking:
    best: dict[str, float] = {}
    for place in np.argsort(-scores, kind="stable"):
        best.setdefault(owners[place], float(scores[place]))
        if len(best) == DEPTH:
            break
    return list(best.items())


def _ordered(scores: Mapping[str, float]) -> Ranking:
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))[:DEPTH]


def measure(dataset: Dataset, *, baselines: bool = True) -> Measured:
    """Run the baselines, unless they are not wanted, and the engine."""
    results = run_baselines(dataset) if baselines else []
    full, text_only = run_engine(dataset)
    return Measured([*results, full], text_only)


def write_run(path: Path, dataset: Dataset, result: Result) -> None:
    """Write need, document, score, tab-separated, best first."""
    with path.open("w", encoding="utf-8") as stream:
        for need, ranking in zip(dataset.needs, result.rankings, strict=True):
            stream.writelines(f"{need.id}\t{item}\t{score:.6f}\n" for item, score in ranking[:DEPTH])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit status, 2 for a set that cannot be read."""
    options = _parser().parse_args(arguments)
    if options.run and len(options.directories) > 1:
        print("--run goes with one set only", file=sys.stderr)
        return 2
    cards = []
    for directory in options.directories:
        try:
            dataset = read_dataset(directory)
        except (OSError, EOFError, ValueError) as error:
            print(f"cannot read {directory}: {error}", file=sys.stderr)
            return 2
        measured = measure(dataset, baselines=not options.no_baselines)
        print(report(dataset, measured.results, measured.text_only), flush=True)
        cards.append(card(dataset, measured.results, measured.text_only))
        if options.run:
            write_run(options.run, dataset, measured.results[-1])
    if options.card:
        options.card.write_text(json.dumps({"sets": cards}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching.evaluate", description=__doc__)
    parser.add_argument("directories", type=Path, nargs="+", metavar="DIR", help="a set: corpus, queries, qrels")
    parser.add_argument("--run", type=Path, metavar="FILE", help="write the engine's top 100 of every need here")
    parser.add_argument("--card", type=Path, metavar="FILE", help="write the figures of all sets as JSON here")
    parser.add_argument("--no-baselines", action="store_true", help="measure the engine alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
