"""How the slice's codes are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.reviews.conflicts import Ground
from app.reviews.criteria import APPLICATION, FINANCE_IP, TECHNICAL
from app.reviews.rules import MAJOR, MINOR, OK
from app.reviews.scoring import Outcome
from app.reviews.signs import Sign
from app.reviews.workflow import FormatState, PanelState, Phase, ReviewMethod, SeatState

SIDES = {
    TECHNICAL: _l("Chip technology"),
    APPLICATION: _l("Application side"),
    FINANCE_IP: _l("Finance or intellectual property"),
}
TIES = {
    "employer": _l("Employer"),
    "shareholder": _l("Shareholder"),
    "adviser": _l("Adviser or paid work"),
    "relative": _l("Relative works there"),
    "joint_work": _l("Joint project, patent or paper"),
}
GROUNDS = {
    Ground.MEMBER: _l("Belongs to the firm on the portal"),
    Ground.EMPLOYER: _l("Works for the firm"),
    Ground.FORMER_EMPLOYER: _l("Worked for the firm within three years"),
    Ground.INTEREST: _l("Owns, advises or is otherwise bound to the firm"),
    Ground.MAIL_DOMAIN: _l("Has an address under the firm's domain"),
    Ground.AVOIDED: _l("The bidder asks to avoid this expert"),
    Ground.DECLARED: _l("Declared by the expert"),
}
FORMAT_STATES = {
    FormatState.CHECKING: _l("Being checked"),
    FormatState.CORRECTING: _l("Waits for a correction"),
    FormatState.PREPARED: _l("Waits for a signature"),
    FormatState.ACCEPTED: _l("In order"),
    FormatState.REJECTED: _l("Rejected for form"),
}
ITEMS = {
    "in_time": _l("Handed in before the deadline, receipt and commitment agree"),
    "pledge": _l("Pledge of truthfulness given"),
    "identity": _l("Lead firm verified and entitled to bid"),
    "consortium": _l("Consortium within the limits, every member has agreed"),
    "commitments": _l("A value is committed for every indicator"),
    "price": _l("Price within the rules of the programme"),
    "plan": _l("Milestones complete, shares add up to 100 %"),
    "documents": _l("Required documents attached and readable"),
}
VERDICTS = {OK: _l("In order"), MINOR: _l("Can be corrected"), MAJOR: _l("Not acceptable")}
METHODS = {ReviewMethod.PANEL: _l("Expert panel"), ReviewMethod.OWNER: _l("Challenge owner alone")}
PANEL_STATES = {
    PanelState.FORMING: _l("Panel proposed"),
    PanelState.SCORING: _l("Scoring alone"),
    PanelState.CONSENSUS: _l("Discussion"),
    PanelState.PRICING: _l("Prices are opened"),
    PanelState.RANKED: _l("Ranked"),
}
SEAT_STATES = {
    SeatState.CHOSEN: _l("Chosen, not told yet"),
    SeatState.INVITED: _l("Invited, has not declared yet"),
    SeatState.ACTIVE: _l("Declared and pledged"),
    SeatState.RECUSED: _l("Recused"),
    SeatState.DECLINED: _l("Declined"),
    SeatState.REMOVED: _l("Removed"),
}
PHASES = {Phase.INDIVIDUAL: _l("Alone"), Phase.CONSENSUS: _l("After the discussion")}
VETOES = {
    "core_kpi": _l("A core indicator is not committed"),
    "false_material": _l("False material"),
    "conflict": _l("Conflict of interest"),
}
OUTCOMES = {
    Outcome.PROPOSED: _l("Proposed for award"),
    Outcome.RESERVE: _l("Reserve"),
    Outcome.BELOW_LINE: _l("Below the line"),
    Outcome.VETOED: _l("Vetoed"),
    Outcome.UNPRICED: _l("Price could not be opened"),
}
SIGNS = {
    Sign.TEXT: _l("Similar text"),
    Sign.CONTACT: _l("Same contact"),
    Sign.MAIL_DOMAIN: _l("Same mail domain"),
    Sign.ADDRESS: _l("Same network address"),
    Sign.LEADER: _l("Same project leader"),
}
CRITERIA = {
    "kpi_fit": _l("Fit with the need"),
    "approach": _l("Approach"),
    "base": _l("R&D base and existing silicon"),
    "supply": _l("Industrialisation and supply"),
    "team": _l("Level of the team"),
    "price": _l("Price and funds"),
    "ip": _l("IP and compliance"),
}
HINTS = {
    "kpi_fit": _l("How well the committed values meet the indicators, the musts first."),
    "approach": _l("Whether the way to the goal is sound and its risks are known."),
    "base": _l("What exists already: silicon, measurements, earlier products."),
    "supply": _l("Capacity, lead time, second source, what happens at the end of life."),
    "team": _l("Whether the people can do it with the time they give."),
    "price": _l("Whether price and own funds are plausible."),
    "ip": _l("Rights of one's own and of others, compliance."),
}
HOW_DRAWN = {
    "optimum": _l("Best fit under all rules"),
    "draw": _l("Drawn by lot as a replacement"),
    "owner": _l("Challenge owner"),
}


def criterion_name(code: str, name: str) -> str:
    """Return what a criterion is called in the reader's language; a programme's own ones keep their name."""
    return str(CRITERIA.get(code, name))
