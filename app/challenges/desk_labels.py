"""How the desk calls its tabs, capacities and kinds of extension."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

TABS = {
    "check": _l("To check"),
    "passed_on": _l("Passed on"),
    "decide": _l("To decide"),
    "prefecture": _l("At the prefecture"),
    "appraising": _l("Being appraised"),
    "approved": _l("To publish"),
    "running": _l("Running"),
    "requests": _l("Requests"),
    "after": _l("After the deadline"),
    "ended": _l("Ended"),
}
CAPACITIES = {
    "challenge_owner": _l("Challenge owner"),
    "prefecture_authority": _l("Prefecture"),
    "provincial_authority": _l("Province"),
    "supervisor": _l("Supervisor"),
    "operator": _l("Operator"),
    "system": _l("The clock"),
}
EXTENSIONS = {"extension": _l("More time"), "outage": _l("Outage of the portal")}
CHECKED = {
    "fair_competition": _l("Checked for fair competition"),
    "no_restrictions": _l("No limit of who may bid"),
}
