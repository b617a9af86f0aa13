"""If no firm meets every must of a posting alone: who could together, and what each of them brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import get_locale

from app.compliance import Asked, MatrixView, Offer, matrix, name_of, requirement_text
from app.core.actor import DEFAULT_LOCALE
from app.matchmaking.queries import teams as queries
from app.taxonomy import lists
from matching.compliance import judge, requirements_of
from matching.consortium import complete, coverage_of
from matching.taxonomy import siblings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from app.matchmaking.queries.teams import Exclusions, Firm, TeamPosting
    from matching.consortium import Coverage, Team
    from matching.engine import Matcher
    from matching.records import Requirement, Sheet

CANDIDATES = 400
"""How many of the nearest products a team is made from."""
NEAR, KNOWN = 0.05, 0.1
"""What the farthest of those products adds to the cost of a firm, and what having worked together takes off; a firm
costs one, and both together stay below what would let five firms be cheaper than four."""


@dataclass(frozen=True, slots=True)
class Must:
    """One requirement that has to be met."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One must that a member adds, with the product that meets it."""

    must: Must
    part_number: str
    url: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """One firm of the team. percent : of the musts covered once it has joined; n_met : what it meets in all."""

    firm_id: str
    name: str
    city: str
    is_known: bool
    percent: int
    n_met: int
    adds: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class TeamView:
    """The proposal as the page shows it; ``members`` is empty where no allowed firm meets any must."""

    n_musts: int
    n_firms: int
    members: tuple[MemberView, ...]
    uncovered: tuple[Must, ...]
    matrix: MatrixView | None
    leads: tuple[tuple[str, str], ...]
    """(id, name) of the firms that could lead, those that meet the most first."""
    without: tuple[tuple[str, str], ...]
    """(id, name) of the firms the reader has left out."""


def propose(
    session: Session, matcher: Matcher, posting: TeamPosting, *, lead: str = "", without: Collection[str] = ()
) -> TeamView:
    """Return the smallest team that covers the most musts; a lead that cannot lead is ignored."""
    rules = queries.exclusions(session, posting)
    scored = matcher.score(posting.record, limit=CANDIDATES)
    offers = [s for s in scored.sheets if s.firm not in rules.barred and _is_of_kind(s, posting.record.categories)]
    coverage = coverage_of(posting.record, offers)
    found = queries.firms(session, {*coverage.firms, *(one for one in without if one in coverage.firms)})
    able = {firm for firm, met in zip(coverage.firms, coverage.met, strict=True) if met.any() and firm not in without}
    team = complete(
        coverage,
        costs=_costs(offers, rules),
        lead=lead if lead in able else None,
        barred=frozenset(without),
        apart=queries.apart(found),
        max_partners=posting.max_partners,
    )
    return _Page(posting, coverage, offers, found, rules).view(team, able, without)


def _is_of_kind(sheet: Sheet, wanted: Sequence[str]) -> bool:
    """Return whether a product is of the kind sought, or may stand in for it: others meet musts by chance only."""
    return not wanted or any(sheet.category.startswith(code) or sheet.category in siblings(code) for code in wanted)


def _costs(offers: Sequence[Sheet], rules: Exclusions) -> dict[str, float]:
    """Return a firm's cost by its best place among the candidates, less where the owner knows it."""
    costs: dict[str, float] = {}
    for place, sheet in enumerate(offers):
        costs.setdefault(sheet.firm, 1 + NEAR * place / len(offers) - (KNOWN if sheet.firm in rules.known else 0))
    return costs


class _Page:
    """Puts a team into words: who brings what with which product."""

    def __init__(
        self,
        posting: TeamPosting,
        coverage: Coverage,
        offers: Sequence[Sheet],
        firms: dict[str, Firm],
        rules: Exclusions,
    ) -> None:
        self._posting, self._coverage, self._offers = posting, coverage, offers
        self._firms, self._rules = firms, rules
        self._musts = [_must(requirement) for requirement in coverage.musts]

    def view(self, team: Team | None, able: Collection[str], without: Collection[str]) -> TeamView:
        n_met = dict(zip(self._coverage.firms, self._coverage.met.sum(axis=1).tolist(), strict=True))
        leads = sorted(able, key=lambda firm: (-n_met[firm], self._name(firm)))
        used: list[Sheet] = []
        members = tuple(self._member(team, place, n_met, used) for place in range(len(team.members))) if team else ()
        open_musts = team.uncovered if team else range(len(self._musts))
        return TeamView(
            n_musts=len(self._musts),
            n_firms=len(able),
            members=members,
            uncovered=tuple(self._musts[place] for place in open_musts),
            matrix=self._matrix(used) if used else None,
            leads=tuple((firm, self._name(firm)) for firm in leads),
            without=tuple((firm, self._name(firm)) for firm in without if firm in self._firms),
        )

    def _member(self, team: Team, place: int, n_met: dict[str, int], used: list[Sheet]) -> MemberView:
        member = team.members[place]
        firm = self._firms[member.firm]
        chosen = self._products(member.firm, member.adds)
        used += {sheet.id: sheet for sheet in chosen.values()}.values()
        return MemberView(
            firm_id=firm.id,
            name=self._name(firm.id),
            city=lists.cities.label(firm.city_code, _locale()),
            is_known=firm.id in self._rules.known,
            percent=int(100 * team.coverage[place] + 1e-9),
            n_met=n_met[firm.id],
            adds=tuple(
                Evidence(self._musts[must], _part_number(sheet), url_for("products.show", product_id=sheet.id))
                for must, sheet in chosen.items()
            ),
        )

    def _products(self, firm: str, adds: Sequence[int]) -> dict[int, Sheet]:
        """Return for every must that a firm adds the product that meets it: few products, the nearest first."""
        own = [sheet for sheet in self._offers if sheet.firm == firm]
        meets = {
            index: {must for must in adds if judge(self._coverage.musts[must], sheet).status == "met"}
            for index, sheet in enumerate(own)
        }
        chosen: dict[int, Sheet] = {}
        while len(chosen) < len(adds):
            best = max(meets, key=lambda index: (len(meets[index] - chosen.keys()), -index))
            chosen |= dict.fromkeys(sorted(meets[best] - chosen.keys()), own[best])
        return {must: chosen[must] for must in adds}

    def _matrix(self, used: Sequence[Sheet]) -> MatrixView:
        columns = [
            Offer(
                _part_number(sheet), self._name(sheet.firm), url_for("products.show", product_id=sheet.id), sheet=sheet,
                withheld=frozenset({"price"}),
            )
            for sheet in used
        ]  # fmt: skip
        return matrix([_asked(one) for one in requirements_of(self._posting.record) if one.must], columns)

    def _name(self, firm: str) -> str:
        found = self._firms[firm]
        return found.name if _locale().startswith("zh") else found.name_en or found.name


def _must(requirement: Requirement) -> Must:
    asked = _asked(requirement)
    return Must(name_of(asked), requirement_text(asked))


def _asked(one: Requirement) -> Asked:
    return Asked(one.key, one.op, one.value, one.unit, one.must, one.condition, one.name)


def _part_number(sheet: Sheet) -> str:
    """Return the part number, which begins the title of a sheet; see ``sheets.to_sheet``."""
    return sheet.title.partition(" ")[0]


def _locale() -> str:
    return str(get_locale() or DEFAULT_LOCALE)
