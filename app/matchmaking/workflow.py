"""How a suggestion is decided and how a pairing proceeds (domain §2.3)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class SuggestionState(StrEnum):
    """Where a suggested pairing stands."""

    SUGGESTED = "suggested"
    APPROVED = "approved"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    """Somebody looks at it again on a later day."""
    WITHDRAWN = "withdrawn"
    """The model no longer suggests it and nobody had decided."""


WAITING = (SuggestionState.SUGGESTED, SuggestionState.DEFERRED)
"""It waits for somebody to decide."""


class SuggestionEvent(StrEnum):
    """What happens to a suggestion."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RENEW = "renew"
    DEFER = "defer"
    RESUME = "resume"


SUGGESTION_WORKFLOW = Workflow(
    initial=SuggestionState.SUGGESTED,
    arrows={
        (SuggestionState.SUGGESTED, SuggestionEvent.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.SUGGESTED, SuggestionEvent.REJECT): SuggestionState.REJECTED,
        (SuggestionState.SUGGESTED, SuggestionEvent.WITHDRAW): SuggestionState.WITHDRAWN,
        (SuggestionState.SUGGESTED, SuggestionEvent.DEFER): SuggestionState.DEFERRED,
        (SuggestionState.DEFERRED, SuggestionEvent.APPROVE): SuggestionState.APPROVED,
        (SuggestionState.DEFERRED, SuggestionEvent.REJECT): SuggestionState.REJECTED,
        (SuggestionState.DEFERRED, SuggestionEvent.RESUME): SuggestionState.SUGGESTED,
        (SuggestionState.DEFERRED, SuggestionEvent.WITHDRAW): SuggestionState.WITHDRAWN,
        (SuggestionState.WITHDRAWN, SuggestionEvent.RENEW): SuggestionState.SUGGESTED,
    },
)


class RunState(StrEnum):
    """Where a named configuration of a run stands."""

    DRAFT = "draft"
    COMPUTED = "computed"
    INFEASIBLE = "infeasible"
    """Its rules contradict one another."""
    DEPLOYED = "deployed"
    RETIRED = "retired"
    """Another one was deployed after it."""


class RunEvent(StrEnum):
    """What happens to a configuration."""

    COMPUTE = "compute"
    FAIL = "fail"
    DEPLOY = "deploy"
    UNDO = "undo"
    RETIRE = "retire"
    REINSTATE = "reinstate"
    """The one that was deployed after it has been undone."""


RUN_WORKFLOW = Workflow(
    initial=RunState.DRAFT,
    arrows={
        **{
            (state, RunEvent.COMPUTE): RunState.COMPUTED
            for state in (RunState.DRAFT, RunState.COMPUTED, RunState.INFEASIBLE, RunState.RETIRED)
        },
        **{
            (state, RunEvent.FAIL): RunState.INFEASIBLE
            for state in (RunState.DRAFT, RunState.COMPUTED, RunState.INFEASIBLE, RunState.RETIRED)
        },
        (RunState.COMPUTED, RunEvent.DEPLOY): RunState.DEPLOYED,
        (RunState.DEPLOYED, RunEvent.UNDO): RunState.COMPUTED,
        (RunState.DEPLOYED, RunEvent.RETIRE): RunState.RETIRED,
        (RunState.RETIRED, RunEvent.REINSTATE): RunState.DEPLOYED,
    },
)


class PairingState(StrEnum):
    """How far two companies have come."""

    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    NDA_SIGNED = "nda_signed"
    DISCLOSED = "disclosed"
    SAMPLE_REQUESTED = "sample_requested"
    SAMPLE_SHIPPED = "sample_shipped"
    EVALUATING = "evaluating"
    DESIGN_IN = "design_in"
    PILOT = "pilot"
    MASS_PRODUCTION = "mass_production"
    DECLINED = "declined"
    EXPIRED = "expired"
    DROPPED = "dropped"


class PairingEvent(StrEnum):
    """What happens to a pairing; ``INTRODUCE`` follows from the second acceptance."""

    INTRODUCE = "introduce"
    SIGN_NDA = "sign_nda"
    DISCLOSE = "disclose"
    REQUEST_SAMPLE = "request_sample"
    SHIP_SAMPLE = "ship_sample"
    EVALUATE = "evaluate"
    REPORT = "report"
    """The maker says how the sample did, parameter by parameter."""
    DESIGN_IN = "design_in"
    PILOT = "pilot"
    MASS_PRODUCE = "mass_produce"
    DECLINE = "decline"
    EXPIRE = "expire"
    DROP = "drop"


PATH = (
    PairingState.PROPOSED,
    PairingState.INTRODUCED,
    PairingState.NDA_SIGNED,
    PairingState.DISCLOSED,
    PairingState.SAMPLE_REQUESTED,
    PairingState.SAMPLE_SHIPPED,
    PairingState.EVALUATING,
    PairingState.DESIGN_IN,
    PairingState.PILOT,
    PairingState.MASS_PRODUCTION,
)
"""The states in the order in which they are reached."""
BEFORE_INTRODUCTION = (PairingState.PROPOSED, PairingState.DECLINED)
UNDER_WAY = PATH[1:]
"""Both have accepted, and neither has given up."""
UNFINISHED = PATH[1:-1]
UNDER_NDA = PATH[2:]
DISCLOSED_FROM = PATH[3:]
ENDED = (PairingState.DECLINED, PairingState.EXPIRED, PairingState.DROPPED)
CONFIRMED_BY_BOTH = (
    PairingEvent.SIGN_NDA,
    PairingEvent.DESIGN_IN,
    PairingEvent.PILOT,
    PairingEvent.MASS_PRODUCE,
)
"""Events that count only when both sides say so."""

PAIRING_WORKFLOW = Workflow(
    initial=PairingState.PROPOSED,
    arrows={
        (PairingState.PROPOSED, PairingEvent.INTRODUCE): PairingState.INTRODUCED,
        (PairingState.PROPOSED, PairingEvent.DECLINE): PairingState.DECLINED,
        (PairingState.PROPOSED, PairingEvent.EXPIRE): PairingState.EXPIRED,
        (PairingState.INTRODUCED, PairingEvent.SIGN_NDA): PairingState.NDA_SIGNED,
        (PairingState.NDA_SIGNED, PairingEvent.DISCLOSE): PairingState.DISCLOSED,
        (PairingState.DISCLOSED, PairingEvent.REQUEST_SAMPLE): PairingState.SAMPLE_REQUESTED,
        (PairingState.SAMPLE_REQUESTED, PairingEvent.SHIP_SAMPLE): PairingState.SAMPLE_SHIPPED,
        (PairingState.SAMPLE_SHIPPED, PairingEvent.EVALUATE): PairingState.EVALUATING,
        (PairingState.EVALUATING, PairingEvent.REPORT): PairingState.EVALUATING,
        (PairingState.EVALUATING, PairingEvent.REQUEST_SAMPLE): PairingState.SAMPLE_REQUESTED,
        (PairingState.EVALUATING, PairingEvent.DESIGN_IN): PairingState.DESIGN_IN,
        (PairingState.DESIGN_IN, PairingEvent.PILOT): PairingState.PILOT,
        (PairingState.PILOT, PairingEvent.MASS_PRODUCE): PairingState.MASS_PRODUCTION,
        **{(state, PairingEvent.EXPIRE): PairingState.EXPIRED for state in UNFINISHED},
        **{(state, PairingEvent.DROP): PairingState.DROPPED for state in UNDER_WAY},
    },
)


class ReportState(StrEnum):
    """What the authority made of a reported message."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ReportEvent(StrEnum):
    """What happens to a report."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


REPORT_WORKFLOW = Workflow(
    initial=ReportState.OPEN,
    arrows={
        (ReportState.OPEN, ReportEvent.UPHOLD): ReportState.UPHELD,
        (ReportState.OPEN, ReportEvent.DISMISS): ReportState.DISMISSED,
    },
)


class RankerOutcome(StrEnum):
    """What a trial of learning from decisions came to."""

    BETTER = "better"
    """The whole interval of the gain lies above zero: adopted."""
    NOT_BETTER = "not_better"
    TOO_FEW = "too_few"
    """Too few needs with both kinds of judgement; nothing was learnt."""


class Side(StrEnum):
    """The two sides of a pairing."""

    DEMAND = "demand"
    SUPPLY = "supply"


MAY_WRITE = UNDER_WAY
"""While a pairing is under way its companies write to each other."""


class Turn(StrEnum):
    """Who moves a pairing on."""

    DEMAND = "demand"
    SUPPLY = "supply"
    BOTH = "both"


TURNS = {
    PairingState.PROPOSED: (PairingEvent.INTRODUCE, Turn.BOTH),
    PairingState.INTRODUCED: (PairingEvent.SIGN_NDA, Turn.BOTH),
    PairingState.NDA_SIGNED: (PairingEvent.DISCLOSE, Turn.DEMAND),
    PairingState.DISCLOSED: (PairingEvent.REQUEST_SAMPLE, Turn.DEMAND),
    PairingState.SAMPLE_REQUESTED: (PairingEvent.SHIP_SAMPLE, Turn.SUPPLY),
    PairingState.SAMPLE_SHIPPED: (PairingEvent.EVALUATE, Turn.DEMAND),
    PairingState.EVALUATING: (PairingEvent.DESIGN_IN, Turn.BOTH),
    PairingState.DESIGN_IN: (PairingEvent.PILOT, Turn.BOTH),
    PairingState.PILOT: (PairingEvent.MASS_PRODUCE, Turn.BOTH),
}
"""The event that leads on from a state, and who brings it about."""
SIDES_OF = {
    PairingEvent.SIGN_NDA: frozenset(Side),
    PairingEvent.DISCLOSE: frozenset({Side.DEMAND}),
    PairingEvent.REQUEST_SAMPLE: frozenset({Side.DEMAND}),
    PairingEvent.SHIP_SAMPLE: frozenset({Side.SUPPLY}),
    PairingEvent.EVALUATE: frozenset({Side.DEMAND}),
    PairingEvent.REPORT: frozenset({Side.DEMAND}),
    PairingEvent.DESIGN_IN: frozenset(Side),
    PairingEvent.PILOT: frozenset(Side),
    PairingEvent.MASS_PRODUCE: frozenset(Side),
    PairingEvent.DROP: frozenset(Side),
}
"""Which side may take which step."""
EXCHANGES = (
    PairingEvent.DISCLOSE,
    PairingEvent.REQUEST_SAMPLE,
    PairingEvent.SHIP_SAMPLE,
    PairingEvent.EVALUATE,
    PairingEvent.REPORT,
)
"""Steps that hand something over; they rest while the maker's challenge takes bids."""
