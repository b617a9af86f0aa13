"""What a configuration would suggest for every open need: reads and computes only."""

from __future__ import annotations

import copy
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.accounts.models import Organization
from app.matchmaking import sheets
from app.matchmaking.commands import SMALL
from app.matchmaking.emphasis import emphasised
from app.matchmaking.models import Exclusion, Pairing
from app.matchmaking.service.compute import candidate
from app.matchmaking.service.fits import BATCH, POOL, as_matrix, firm_fits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from app.matchmaking.commands import Candidate, RunSettings
    from matching.assign import Assignment, Relaxation, Rules
    from matching.engine import Matcher


class Contradiction(Exception):
    """No choice keeps all rules; ``relaxations`` say what would make one possible."""

    def __init__(self, relaxations: list[dict[str, Any]]) -> None:
        super().__init__("The rules contradict one another.")
        self.relaxations = relaxations


@dataclass(frozen=True, slots=True)
class Plan:
    """Candidates of every need, with the figures of the whole."""

    candidates: dict[uuid.UUID, list[Candidate]]
    figures: dict[str, Any]
    model_version: str


def make_plan(session: Session, matcher: Matcher, settings: RunSettings, need_ids: Sequence[uuid.UUID]) -> Plan:
    """Return the best suggestions that keep the rules. Raises Contradiction."""
    from matching.assign import Infeasible, assign

    matcher = weighted(matcher, settings)
    least = settings.min_percent / 100
    fits = firm_fits(session, matcher, need_ids, min_score=least, barred=_barred(session))
    firms = sorted({firm for row in fits.values() for firm in row})
    if not firms:
        return Plan({need_id: [] for need_id in need_ids}, {}, matcher.version)
    affinity, shown_fits = as_matrix(fits, firms)
    rules = _rules(session, settings, affinity, firms)
    try:
        found = assign(affinity, rules)
    except Infeasible as error:
        raise Contradiction(_relaxed(error.relaxations, settings, _n_places(affinity, settings))) from error
    chosen = {
        need_id: [firms[firm] for firm in range(len(firms)) if found.shown[place, firm]]
        for place, need_id in enumerate(fits)
    }
    figures = _figures(shown_fits, rules, found, len(firms))
    return Plan(_candidates(session, matcher, settings, chosen), figures, matcher.version)


def weighted(matcher: Matcher, settings: RunSettings) -> Matcher:
    """Return the matcher with the weights and the emphasis that the settings ask for."""
    from matching.rank import Ranker

    base = Ranker.default() if settings.weights == "shipped" else matcher.ranker_
    ranker = emphasised(base, settings.emphasis)
    if ranker is matcher.ranker_:
        return matcher
    changed = copy.copy(matcher)
    changed.ranker_ = ranker
    return changed


def _relaxed(relaxations: Sequence[Relaxation], settings: RunSettings, n_places: int) -> list[dict[str, Any]]:
    """Return relaxations as JSON values, in the units in which the settings are given."""
    found = [asdict(one) for one in relaxations]
    for one in found:
        if one["kind"] == "small_total":
            one.update(bound=settings.small_percent, needed=one["needed"] * 100 // max(1, n_places))
    return found


def _barred(session: Session) -> dict[uuid.UUID, set[str]]:
    """Return for each company the firms that are not to be shown to it."""
    found: dict[uuid.UUID, set[str]] = {}
    for demand_id, supplier_id in session.execute(select(Exclusion.demand_id, Exclusion.supplier_id)):
        found.setdefault(demand_id, set()).add(str(supplier_id))
    return found


def _rules(session: Session, settings: RunSettings, affinity: NDArray[Any], firms: Sequence[str]) -> Rules:
    import numpy as np

    from matching.assign import Rules

    ids = [uuid.UUID(firm) for firm in firms]
    sizes = select(Organization.id).where(Organization.id.in_(ids), Organization.size_class.in_(SMALL))
    small = set(session.scalars(sizes))
    known = set(session.scalars(select(Pairing.supplier_id).distinct()))
    return Rules(
        need_min=np.minimum((affinity > 0).sum(axis=1), settings.min_firms).tolist(),
        need_max=settings.max_firms,
        cap=settings.cap or None,
        barred=[(int(need), int(firm)) for need, firm in np.argwhere(affinity == 0)],
        newcomers=[n for n, one in enumerate(ids) if one not in known] if settings.has_newcomer_slot else (),
        small=[n for n, one in enumerate(ids) if one in small],
        small_total=-(-_n_places(affinity, settings) * settings.small_percent // 100),
    )


def _n_places(affinity: NDArray[Any], settings: RunSettings) -> int:
    """Return how many places there are when every need shows as many firms as fit and as it may."""
    import numpy as np

    return int(np.minimum((affinity > 0).sum(axis=1), settings.max_firms).sum())


def _figures(fits: NDArray[Any], rules: Rules, found: Assignment, n_firms: int) -> dict[str, Any]:
    """Return what was chosen in figures; ``kept`` and the curve are in the fit of products, as the queue shows it."""
    from matching.assign import Rules, assign, price_of_fairness

    free = Rules(need_max=rules.need_max, barred=rules.barred)
    best = assign(fits, free)
    n_places = int(found.shown.sum())
    n_small = int(found.shown[:, sorted(rules.small)].sum()) if rules.small else 0
    return {
        "n_needs": len(fits),
        "n_places": n_places,
        "n_firms": n_firms,
        "n_shown": int((found.exposure > 0).sum()),
        "gini": found.gini,
        "kept": float(fits[found.shown].sum()) / best.total if best.total else 1.0,
        "small": n_small / n_places if n_places else 0.0,
        "curve": [asdict(point) for point in price_of_fairness(fits, free)],
    }


def _candidates(
    session: Session, matcher: Matcher, settings: RunSettings, chosen: Mapping[uuid.UUID, Sequence[str]]
) -> dict[uuid.UUID, list[Candidate]]:
    """Return the chosen firms with their evidence, best first; whoever lies deeper is looked for deeper."""
    need_ids, found = list(chosen), {}
    for start in range(0, len(need_ids), BATCH):
        for need in sheets.load_needs(session, need_ids[start : start + BATCH]):
            wanted, record = set(chosen[need.id]), sheets.to_need(need)
            without = [str(need.organization_id)]
            matches = matcher.firms(record, settings.max_firms, exclude_firms=without)
            if wanted - {match.firm for match in matches}:
                matches = matcher.firms(record, POOL + 1, exclude_firms=without)
            kept = [match for match in matches if match.firm in wanted]
            found[need.id] = [candidate(match, rank) for rank, match in enumerate(kept, start=1)]
        session.expunge_all()
    return found
