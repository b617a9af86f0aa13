"""The model card: figures of an evaluation as plain values, sums and shares only, nothing of the sets' content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching import __version__
from matching.datasets import Dataset
from matching.metrics import Values, bootstrap_interval, calibration_error, reliability
from matching.rank import Ranker
from matching.report import Result, first_ten, seen
from matching.resources import read_text


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose scores lie together: mean score, share relevant, how many."""

    score: float
    share: float
    n: int


@dataclass(frozen=True, slots=True)
class SetFigures:
    """The shipped model on one set: its nDCG@10, the best baseline's, the paired gain, the calibration."""

    name: str
    needs: int
    sheets: int
    ranker: str
    engine: Figure
    best_baseline: str
    baseline: Figure | None
    gain: Figure | None
    calibration_error: float
    reliability: tuple[Bin, ...]


def card(dataset: Dataset, results: Sequence[Result], text_only: Result | None = None) -> dict[str, object]:
    """Return the figures of one set; the engine is the last of the results."""
    engine, others = results[-1], results[:-1]
    scores, relevant = first_ten(dataset, engine)
    found: dict[str, object] = {
        "set": dataset.name,
        "needs": len(dataset.needs),
        "sheets": len(dataset.sheets),
        "engine_version": __version__,
        "ranker": Ranker.default().version,
        "ndcg10": {result.system: _figure(result.ndcg10) for result in results},
        "gain": {result.system: _figure(engine.ndcg10 - result.ndcg10) for result in others},
        "calibration_error": round(calibration_error(scores, relevant), 4),
        "reliability": [[round(score, 4), round(share, 4), n] for score, share, n in reliability(scores, relevant)],
    }
    if text_only is not None:
        fresh = ~seen(dataset)
        found["newcomers"] = {"needs": int(fresh.sum()), "gain": _figure((engine.ndcg10 - text_only.ndcg10)[fresh])}
    return found


def _figure(values: Values) -> list[float]:
    mean = float(np.mean(values)) if len(values) else 0.0
    return [round(value, 4) for value in (mean, *bootstrap_interval(values))]


def shipped() -> tuple[SetFigures, ...]:
    """Return the figures that were measured when the shipped model was made."""
    return tuple(_read(row) for row in json.loads(read_text("model_card.json"))["sets"])


def _read(row: Mapping[str, object]) -> SetFigures:
    values: Mapping[str, Sequence[float]] = row["ndcg10"]  # type: ignore[assignment]
    gains: Mapping[str, Sequence[float]] = row["gain"]  # type: ignore[assignment]
    best = max(gains, key=lambda name: values[name][0], default="")
    return SetFigures(
        name=str(row["set"]),
        needs=int(str(row["needs"])),
        sheets=int(str(row["sheets"])),
        ranker=str(row["ranker"]),
        engine=Figure(*values[next(name for name in values if name not in gains)]),
        best_baseline=best,
        baseline=Figure(*values[best]) if best else None,
        gain=Figure(*gains[best]) if best else None,
        calibration_error=float(str(row["calibration_error"])),
        reliability=tuple(Bin(score, share, int(n)) for score, share, n in row["reliability"]),  # type: ignore[attr-defined]
    )
