"""Suggestions and pairings as the macro ``pairing_card`` and the lists show them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import format_datetime, get_locale, gettext

from app.catalog.policy import can_read_confidential_facts
from app.compliance import Asked, MatrixView, Offer, matrix
from app.core.actor import DEFAULT_LOCALE
from app.matchmaking import freshness, labels, reasons, sheets
from app.matchmaking.policy import is_under_nda
from app.taxonomy import lists

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from app.catalog.models import ChipProduct
    from app.core.actor import Actor
    from app.demands.models import Need
    from app.matchmaking.models import Pairing, Suggestion
    from app.matchmaking.queries.pairings import PairingRow
    from app.matchmaking.queries.queue import SuggestionRow
    from app.matchmaking.workflow import PairingState, SuggestionState

Passage = list[tuple[str, bool]]
CONFIDENTIAL = frozenset({"price"})


@dataclass(frozen=True, slots=True)
class Party:
    """One half of a card."""

    kind: str
    title: str
    url: str
    organization: str
    facts: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One step of the pair's history."""

    at: dt.datetime
    title: str
    actor: str = ""
    text: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PairingCardView:
    """Everything on one pairing card."""

    need: Party
    offer: Party
    state: SuggestionState | PairingState
    state_label: str
    reasons: Sequence[str]
    matrix: MatrixView | None
    missing: Sequence[str]
    counterfactuals: Sequence[str]
    grade: str
    score_text: str
    model_version: str
    history: Sequence[HistoryEvent]
    note: str = ""
    """That the evidence is of today, where it is no longer what was proposed."""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A suggestion in the queue, with the word for its score and its first reason."""

    row: SuggestionRow
    grade: str
    score: str
    reason: str


@dataclass(frozen=True, slots=True)
class PairingLine:
    """A pairing in its company's list."""

    row: PairingRow
    title: str
    meta: tuple[str, ...]
    reason: str
    musts: Mapping[str, int]


def _locale() -> str:
    return str(get_locale() or DEFAULT_LOCALE)


def queue_line(row: SuggestionRow) -> QueueLine:
    """Return one line of the queue."""
    reason = next(iter(reasons.sentences(row.reasons, _locale())), "")
    return QueueLine(row, reasons.grade(row.score, row.reasons), reasons.score_text(row.score), reason)


def line(row: PairingRow) -> PairingLine:
    """Return one line of a company's list."""
    locale = _locale()
    found = reasons.sentences(row.reasons, locale)
    counts: dict[str, int] = defaultdict(int)
    for verdict in row.reasons.get("verdicts", ()):
        if verdict["must"]:
            counts[verdict["status"]] += 1
    other = row.other_name or gettext("A company in %(city)s", city=lists.cities.label(row.other_city, locale))
    return PairingLine(row, row.need_title, (row.product_name, other), found[0] if found else "", dict(counts))


def who_sees_whom(rows: Iterable[SuggestionRow]) -> list[tuple[str, list[str]]]:
    """Return every company of a bulk decision with those it would be shown, by name."""
    seen: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        owner = row.demand_name if row.is_owner_shown else gettext("%(name)s (name hidden)", name=row.demand_name)
        seen[row.demand_name][row.supplier_name] = None
        seen[row.supplier_name][owner] = None
    return [(name, list(others)) for name, others in sorted(seen.items())]


def suggestion_card(suggestion: Suggestion) -> PairingCardView:
    """Return the card of a suggestion with need, requirements, product and firm loaded; for the desk."""
    need, product = suggestion.need, suggestion.product
    evidence = freshness.of_today(need, product, suggestion.reasons, since=suggestion.computed_at)
    score = gettext("Fit %(score)s, place %(rank)s", score=reasons.score_text(suggestion.score), rank=suggestion.rank)
    history = [(suggestion.computed_at, gettext("Suggested by the model"))]
    if suggestion.decided_at:
        history.append((suggestion.decided_at, str(labels.SUGGESTION_STATES[suggestion.state])))
    return _card(
        need=_need_party(need, need.organization.legal_name_zh, suggestion.reasons),
        offer=_offer_party(product, suggestion.supplier.legal_name_zh, suggestion.reasons),
        state=suggestion.state,
        state_label=str(labels.SUGGESTION_STATES[suggestion.state]),
        view=_matrix(need, product),
        evidence=evidence or suggestion.reasons,
        score=suggestion.score,
        score_text=score,
        model_version=suggestion.model_version,
        history=history,
        note=_note(suggestion.reasons, evidence, suggestion.computed_at),
    )


def pairing_card(pairing: Pairing, actor: Actor) -> PairingCardView:
    """Return the card of a pairing with all parts loaded, as the actor's side may see it."""
    need, product = pairing.need, pairing.product
    withheld, evidence = _withheld(pairing, actor), freshness.of_pairing(pairing)
    is_named = need.is_owner_shown or actor.is_staff or actor.belongs_to(pairing.demand_id) or pairing.introduced_at
    hidden = gettext("A company in %(city)s", city=lists.cities.label(pairing.demand.city_code, _locale()))
    return _card(
        need=_need_party(need, pairing.demand.legal_name_zh if is_named else hidden, pairing.reasons),
        offer=_offer_party(product, pairing.supplier.legal_name_zh, pairing.reasons),
        state=pairing.state,
        state_label=str(labels.PAIRING_STATES[pairing.state]),
        view=_matrix(need, product, withheld) if product else None,
        withheld=withheld,
        evidence=evidence or pairing.reasons,
        score=pairing.score,
        score_text=gettext("Fit %(score)s", score=reasons.score_text(pairing.score)),
        model_version=pairing.model_version,
        history=_pairing_history(pairing),
        note=_note(pairing.reasons, evidence, pairing.proposed_at),
    )


def _card(  # noqa: PLR0913 - the parts of one card
    *,
    need: Party,
    offer: Party,
    state: Any,
    state_label: str,
    view: MatrixView | None,
    withheld: frozenset[str] = frozenset(),
    evidence: Mapping[str, Any],
    score: float,
    score_text: str,
    model_version: str,
    history: list[tuple[dt.datetime, str]],
    note: str = "",
) -> PairingCardView:
    locale = _locale()
    return PairingCardView(
        need=need,
        offer=offer,
        state=state,
        state_label=state_label,
        reasons=reasons.sentences(evidence, locale),
        matrix=view,
        missing=reasons.gaps(evidence, locale, withheld=withheld),
        counterfactuals=reasons.counterfactuals(evidence, locale),
        grade=reasons.grade(score, evidence),
        score_text=score_text,
        model_version=model_version,
        history=[HistoryEvent(at, title) for at, title in reversed(history)],
        note=note,
    )


def _note(before: Mapping[str, Any], today: Mapping[str, Any] | None, since: dt.datetime) -> str:
    """Say since when the evidence has changed, and what it was; nothing where the verdicts are the same."""
    if today is None or today["verdicts"] == before.get("verdicts"):
        return ""
    day, found = format_datetime(since, "yyyy-MM-dd"), reasons.sentences(before, _locale())
    if not found:
        return gettext("The need or the product has changed since %(day)s. The reasons are those of today.", day=day)
    return gettext(
        "The need or the product has changed since %(day)s. The reasons are those of today; on that day: %(then)s",
        day=day,
        then=found[0],
    )


def _need_party(need: Need, organization: str, evidence: Mapping[str, Any]) -> Party:
    locale, is_challenge = _locale(), need.kind == "challenge"
    url = url_for("challenges.show", challenge_id=need.id) if is_challenge else url_for("needs.show", need_id=need.id)
    return Party(
        kind=gettext("Challenge") if is_challenge else gettext("Need"),
        title=need.title,
        url=url,
        organization=organization,
        facts=(
            lists.terminal_categories.label(need.terminal_category, locale),
            need.end_product,
            *(lists.chip_categories.label(category.code, locale) for category in need.categories),
        ),
        passages=(marked(need.use_description, reasons.words_of(evidence, 0)),),
    )


def _offer_party(product: ChipProduct | None, organization: str, evidence: Mapping[str, Any]) -> Party:
    if product is None:
        return Party(gettext("Company"), organization, "", organization, (), ())
    locale = _locale()
    return Party(
        kind=gettext("Product"),
        title=f"{product.part_number} {product.name}",
        url=url_for("products.show", product_id=product.id),
        organization=organization,
        facts=(
            lists.chip_categories.label(product.category, locale),
            lists.lifecycle_stages.label(product.lifecycle_stage, locale),
            lists.quality_grades.label(product.quality_grade, locale),
        ),
        passages=(marked(product.description, reasons.words_of(evidence, 1)),),
    )


def marked(text: str, words: Sequence[str]) -> Passage:
    """Return a text in pieces, those that are one of ``words`` marked; longer words win."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted or not text:
        return [(text, False)] if text else []
    pattern = re.compile("(" + "|".join(map(re.escape, wanted)) + ")", re.IGNORECASE)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pattern.split(text)) if piece]


def _withheld(pairing: Pairing, actor: Actor) -> frozenset[str]:
    """Return the keys whose values stay with the chip firm until both sides have signed."""
    decision = can_read_confidential_facts(actor, pairing.supplier_id, is_introduced=is_under_nda(pairing.state))
    return frozenset() if decision else CONFIDENTIAL


def _matrix(need: Need, product: ChipProduct, withheld: frozenset[str] = frozenset()) -> MatrixView:
    """Judge the product's sheet as it is today against the need's requirements, temperature and grade too."""
    asked = [
        Asked(one.key, one.op, one.value, one.unit, one.must, one.condition, one.name)
        for one in sheets.requirements(need)
    ]
    offer = Offer(
        product.part_number,
        product.name,
        url_for("products.show", product_id=product.id),
        sheet=sheets.to_sheet(product),
        withheld=withheld,
    )
    return matrix(asked, [offer])


def _pairing_history(pairing: Pairing) -> list[tuple[dt.datetime, str]]:
    steps = (
        (pairing.proposed_at, gettext("Approved and proposed to both companies")),
        (pairing.demand_accepted_at, gettext("The terminal maker accepted")),
        (pairing.supply_accepted_at, gettext("The chip firm accepted")),
        (pairing.introduced_at, gettext("Both introduced to each other")),
        (pairing.ended_at, str(labels.PAIRING_STATES[pairing.state])),
    )
    return sorted((at, title) for at, title in steps if at is not None)
