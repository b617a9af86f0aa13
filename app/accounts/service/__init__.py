"""Changing people and organisations, one verb per file."""

from __future__ import annotations

from app.accounts.service.interests import declare_interest, end_interest
from app.accounts.service.invite import accept_invitation, decline_invitation, invite, revoke_invitation
from app.accounts.service.organizations import create_organization, save_organization
from app.accounts.service.people import change_role, leave, remove_member, transfer_ownership
from app.accounts.service.persons import make_administrator, make_staff, save_settings, set_password
from app.accounts.service.verify import decide_verification, request_verification

__all__ = [
    "accept_invitation", "change_role", "create_organization", "decide_verification", "declare_interest",
    "decline_invitation", "end_interest", "invite",
    "leave", "make_administrator", "make_staff", "remove_member", "request_verification", "revoke_invitation",
    "save_organization", "save_settings", "set_password", "transfer_ownership",
]  # fmt: skip
