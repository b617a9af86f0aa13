"""How states and reasons are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.matchmaking.emphasis import EvidenceGroup
from app.matchmaking.workflow import (
    PairingEvent,
    PairingState,
    RankerOutcome,
    ReportState,
    RunState,
    Side,
    SuggestionState,
)

SUGGESTION_STATES = {
    SuggestionState.SUGGESTED: _l("Waiting for a decision"),
    SuggestionState.DEFERRED: _l("Deferred"),
    SuggestionState.APPROVED: _l("Approved"),
    SuggestionState.REJECTED: _l("Rejected"),
    SuggestionState.WITHDRAWN: _l("No longer suggested"),
}
PAIRING_STATES = {
    PairingState.PROPOSED: _l("Waiting for answers"),
    PairingState.INTRODUCED: _l("Introduced"),
    PairingState.NDA_SIGNED: _l("Under NDA"),
    PairingState.DISCLOSED: _l("Details disclosed"),
    PairingState.SAMPLE_REQUESTED: _l("Sample requested"),
    PairingState.SAMPLE_SHIPPED: _l("Sample shipped"),
    PairingState.EVALUATING: _l("Under evaluation"),
    PairingState.DESIGN_IN: _l("Designed in"),
    PairingState.PILOT: _l("Pilot batch"),
    PairingState.MASS_PRODUCTION: _l("Mass production"),
    PairingState.DECLINED: _l("Declined"),
    PairingState.EXPIRED: _l("Expired"),
    PairingState.DROPPED: _l("Dropped"),
}
PAIRING_EVENTS = {
    PairingEvent.INTRODUCE: _l("Accept the pairing"),
    PairingEvent.SIGN_NDA: _l("Sign the confidentiality agreement"),
    PairingEvent.DISCLOSE: _l("Disclose the confidential part of the need"),
    PairingEvent.REQUEST_SAMPLE: _l("Request a sample"),
    PairingEvent.SHIP_SAMPLE: _l("Ship the sample"),
    PairingEvent.EVALUATE: _l("Confirm the arrival and begin the evaluation"),
    PairingEvent.REPORT: _l("Report how the sample did"),
    PairingEvent.DESIGN_IN: _l("Confirm the design-in"),
    PairingEvent.PILOT: _l("Confirm the pilot batch"),
    PairingEvent.MASS_PRODUCE: _l("Confirm mass production"),
    PairingEvent.DROP: _l("Drop the pairing"),
}
"""What somebody does, as a button says it."""
PAIRING_STEPS = {
    PairingEvent.SIGN_NDA: _l("Confidentiality agreement signed"),
    PairingEvent.DISCLOSE: _l("Confidential part of the need disclosed"),
    PairingEvent.REQUEST_SAMPLE: _l("Sample requested"),
    PairingEvent.SHIP_SAMPLE: _l("Sample shipped"),
    PairingEvent.EVALUATE: _l("Sample arrived, evaluation begun"),
    PairingEvent.REPORT: _l("Result of the evaluation reported"),
    PairingEvent.DESIGN_IN: _l("Design-in confirmed"),
    PairingEvent.PILOT: _l("Pilot batch confirmed"),
    PairingEvent.MASS_PRODUCE: _l("Mass production confirmed"),
    PairingEvent.DROP: _l("Pairing dropped"),
}
"""What somebody did, as the history says it."""
NDA_KINDS = {
    "template": _l("The portal's mutual agreement"),
    "own": _l("An agreement of our own, signed outside of the portal"),
}
VOLUME_BANDS = {
    "under_10k": _l("Under 10,000 pieces a year"),
    "10k_100k": _l("10,000 to 100,000 pieces a year"),
    "100k_1m": _l("100,000 to 1 million pieces a year"),
    "over_1m": _l("Over 1 million pieces a year"),
}
SAMPLE_RESULTS = {"passed": _l("Passed"), "failed": _l("Failed"), "untested": _l("Not tested")}
SIDES = {Side.DEMAND: _l("Terminal maker"), Side.SUPPLY: _l("Chip firm")}
REJECT_REASONS = {
    "param_gap": _l("A must requirement is not met"),
    "wrong_category": _l("Wrong kind of chip"),
    "immature": _l("The product is not mature enough"),
    "supply": _l("Supply or delivery is in doubt"),
    "thin_evidence": _l("Too little is known to judge"),
    "already_known": _l("The two companies already work together"),
    "conflict": _l("Conflict of interest or affiliation"),
    "other": _l("Another reason"),
}
DECLINE_REASONS = {
    "param_gap": _l("A parameter does not fit"),
    "price": _l("Price"),
    "delivery": _l("Delivery or capacity"),
    "reliability": _l("Reliability or qualification"),
    "software": _l("Software or ecosystem"),
    "certification": _l("Cost of certification"),
    "frozen": _l("The project is frozen"),
    "already_known": _l("We already work together"),
    "other": _l("Another reason"),
}
DROP_REASONS = {
    "param_gap": DECLINE_REASONS["param_gap"],
    "price": DECLINE_REASONS["price"],
    "delivery": DECLINE_REASONS["delivery"],
    "reliability": DECLINE_REASONS["reliability"],
    "software": DECLINE_REASONS["software"],
    "certification": DECLINE_REASONS["certification"],
    "frozen": DECLINE_REASONS["frozen"],
    "nda": _l("No agreement on confidentiality"),
    "other": DECLINE_REASONS["other"],
}
RUN_STATES = {
    RunState.DRAFT: _l("Not computed yet"),
    RunState.COMPUTED: _l("Computed"),
    RunState.INFEASIBLE: _l("Contradictory"),
    RunState.DEPLOYED: _l("In use"),
    RunState.RETIRED: _l("Replaced"),
}
REPORT_REASONS = {
    "insult": _l("Insult or threat"),
    "advertising": _l("Advertising that has nothing to do with the need"),
    "bidding": _l("Tries to influence a competition"),
    "bribe": _l("Offers or asks for an advantage"),
    "secret": _l("Discloses what belongs to somebody else"),
    "other": _l("Another reason"),
}
REPORT_STATES = {
    ReportState.OPEN: _l("Waiting for a decision"),
    ReportState.UPHELD: _l("Withheld"),
    ReportState.DISMISSED: _l("Left in place"),
}
MATCH_TRIGGERS = {
    "on_demand": _l("On demand"),
    "need": _l("A need changed"),
    "product": _l("A product changed"),
    "import": _l("Products were imported"),
    "lexicon": _l("The lexicon changed"),
    "ranker": _l("New weights were adopted"),
    "sample": _l("Sample data"),
    "command": _l("Command line"),
}
RANKER_OUTCOMES = {
    RankerOutcome.BETTER: _l("Adopted: better on needs it had not seen, the whole interval above zero"),
    RankerOutcome.NOT_BETTER: _l("Not adopted: the interval of the gain reaches zero or below"),
    RankerOutcome.TOO_FEW: _l("Nothing learnt: too few needs have both approved and refused pairings"),
}
MEASURED_SETS = {
    "zh_sample": _l("Sample of this portal: needs to chips"),
    "need2chip": _l("Needs to chips"),
    "spec2part": _l("Specifications to parts"),
    "terminal2chip": _l("End products to chips"),
    "need2supplier": _l("Needs to suppliers"),
    "faq_mixed": _l("Questions of customers to answers"),
    "zh2en": _l("Chinese needs to English sheets"),
    "challenge2firm": _l("Research challenges to firms"),
    "challenge2proposal": _l("Research challenges to proposals"),
}
"""The sets on which the shipped model was measured; the measuring tool calls them by the keys."""
FEATURES = {
    "words": _l("Shared words"),
    "words_rel": _l("Shared words against the best sheet"),
    "head": _l("Words of the need's title"),
    "head_rel": _l("Words of the need's title against the best sheet"),
    "title": _l("Words in the product's title"),
    "title_rel": _l("Words in the product's title against the best sheet"),
    "phrases_rel": _l("Shared phrases, in long texts"),
    "concepts": _l("Same functions in other words"),
    "pieces": _l("Similar spelling"),
    "pieces_rel": _l("Similar spelling against the best sheet"),
    "quantities": _l("Equal quantities"),
    "intervals": _l("Quantities that lie in each other's range"),
    "category": _l("Kind of chip"),
    "history": _l("Chosen for similar needs before"),
    "history_category": _l("Its kind was chosen for similar needs before"),
    "met": _l("Must requirements met"),
    "violated": _l("Must requirements missed"),
    "narrow": _l("Must requirements missed by a little"),
    "faultless": _l("No must requirement missed"),
    "wishes": _l("Wishes met"),
    "maturity": _l("Maturity of the product"),
    "stuffing": _l("Words heaped up beyond what sheets hold"),
    "bare": _l("The need states few requirements to check"),
}
"""What each weight of the model speaks of."""
EVIDENCE = {
    EvidenceGroup.TEXT: _l("What both texts say"),
    EvidenceGroup.MEANING: _l("Function and kind of chip"),
    EvidenceGroup.NUMBERS: _l("Quantities and wishes"),
    EvidenceGroup.TRACK_RECORD: _l("Experience and maturity"),
    EvidenceGroup.GUARDS: _l("Must requirements and honest sheets"),
}
CONTRADICTIONS = {
    "need_max": _l("Show up to %(needed)s firms for one need instead of %(bound)s."),
    "need_min": _l("Ask for at least %(needed)s firms for each need instead of %(bound)s."),
    "cap": _l("Let one firm be shown for up to %(needed)s needs instead of %(bound)s."),
    "newcomer_floor": _l("Do not promise every new firm a place: there are too few places for all of them."),
    "small_total": _l(
        "Ask for at most %(needed)s %% of the places for small and medium firms instead of %(bound)s %%."
    ),
}
"""What would let rules that contradict one another be kept."""
EFFECTS = {
    "better": _l("better"),
    "worse": _l("worse"),
    "different": _l("different"),
    "unknown": _l("not stated"),
}
"""What one parameter of a replacement is beside that of the original."""
