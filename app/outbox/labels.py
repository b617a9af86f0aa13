"""How the states of jobs are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATES = {
    "queued": _l("Waiting"),
    "running": _l("Running"),
    "done": _l("Done"),
    "failed": _l("Failed"),
}
