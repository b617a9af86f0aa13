"""How states and reasons are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.matchmaking.workflow import PairingState, Side, SuggestionState

SUGGESTION_STATES = {
    SuggestionState.SUGGESTED: _l("Waiting for a decision"),
    SuggestionState.APPROVED: _l("Approved"),
    SuggestionState.REJECTED: _l("Rejected"),
    SuggestionState.WITHDRAWN: _l("No longer suggested"),
}
PAIRING_STATES = {
    PairingState.PROPOSED: _l("Waiting for answers"),
    PairingState.INTRODUCED: _l("Introduced"),
    PairingState.DECLINED: _l("Declined"),
    PairingState.EXPIRED: _l("Expired"),
}
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
MATCH_TRIGGERS = {
    "on_demand": _l("On demand"),
    "need": _l("A need changed"),
    "product": _l("A product changed"),
    "import": _l("Products were imported"),
    "lexicon": _l("The lexicon changed"),
    "sample": _l("Sample data"),
    "command": _l("Command line"),
}
