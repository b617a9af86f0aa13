"""How roles and states of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.commands import InterestKind
from app.accounts.workflow import VerificationState
from app.core.actor import MemberRole

ROLES = {
    MemberRole.OWNER: _l("Owner"),
    MemberRole.EDITOR: _l("Editor"),
    MemberRole.VIEWER: _l("Viewer"),
}
ROLE_RIGHTS = {
    MemberRole.OWNER: _l("does everything, invites and removes people"),
    MemberRole.EDITOR: _l("keeps profile, products, needs and bids, and answers pairings"),
    MemberRole.VIEWER: _l("reads"),
}
STATES = {
    "none": _l("Not verified"),
    VerificationState.SUBMITTED: _l("Waiting for verification"),
    VerificationState.VERIFIED: _l("Verified"),
    VerificationState.REJECTED: _l("Rejected"),
}
USCC_WORDS = {
    "valid": _l("Right"),
    "mismatch": _l("Wrong check character"),
    "not_applicable": _l("None"),
}
USCC_CHECKS = {
    "valid": _l("The check character is right"),
    "mismatch": _l("The check character is wrong: compare with the licence"),
    "not_applicable": _l("No credit code: registered outside the mainland"),
}

INTERESTS = {
    InterestKind.EMPLOYMENT: _l("Employed there now, or within three years"),
    InterestKind.KINSHIP: _l("A close relative works there"),
    InterestKind.SHARES: _l("Shares in it"),
    InterestKind.ADVICE: _l("Adviser, or paid by it"),
    InterestKind.OTHER: _l("Another interest"),
}
"""Why an officer does not decide about a company."""
