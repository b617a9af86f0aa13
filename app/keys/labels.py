"""How roles and states of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.actor import StaffRole
from app.keys.rules import OWNER
from app.keys.workflow import KeyState

ROLES = {
    StaffRole.PROVINCIAL_AUTHORITY.value: _l("Provincial authority"),
    StaffRole.PREFECTURE_AUTHORITY.value: _l("Prefecture authority"),
    StaffRole.OPERATOR.value: _l("Portal operator"),
    StaffRole.SUPERVISOR.value: _l("Supervisor"),
    StaffRole.AUDIT_ADMIN.value: _l("Audit administrator"),
    OWNER: _l("Challenge owner"),
}
STATES = {KeyState.ACTIVE: _l("In use"), KeyState.RETIRED: _l("Retired")}
