"""The plain values that come out: matches with their reasons."""

from __future__ import annotations

from dataclasses import dataclass

from matching.compliance import Verdict
from matching.records import Parameter


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of evidence: what the need says, what the sheet says, and how much it adds (logit)."""

    in_need: str
    in_sheet: str
    weight: float


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What the score would be if the sheet met one more requirement, everything else unchanged.

    kind : "fill" (the value is not stated now) or "improve" (it is stated and misses). row : what the sheet would have
    to state for it.
    """

    key: str
    kind: str
    required: str
    score: float
    row: Parameter


@dataclass(frozen=True, slots=True)
class CategoryFit:
    """How the sheet's category suits the need: probability in [0, 1], and whether the maker confirmed it."""

    code: str
    probability: float
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Match:
    """One sheet for one need.

    score : calibrated, in [0, 1]; 1 / (1 + exp(-Σ contributions)). contributions : (name, value) that add up to the
    logit of the score (±1e-6). terms : strongest first. missing : must-requirements the sheet says nothing about.
    """

    need_id: str
    sheet_id: str
    firm: str
    score: float
    contributions: tuple[tuple[str, float], ...]
    terms: tuple[Term, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    missing: tuple[str, ...] = ()
    counterfactuals: tuple[Counterfactual, ...] = ()
    category: CategoryFit | None = None


@dataclass(frozen=True, slots=True)
class FirmMatch:
    """One firm for one need, with the matches of its best products, best first.

    score : in [0, 1]; contributions add up to its logit. n_products : sheets of the firm in the catalogue.
    """

    need_id: str
    firm: str
    score: float
    contributions: tuple[tuple[str, float], ...]
    evidence: tuple[Match, ...]
    n_products: int
