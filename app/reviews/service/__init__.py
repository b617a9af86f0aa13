"""What people do in a review."""

from __future__ import annotations

from app.reviews.service.annexes import can_open_annex
from app.reviews.service.consensus import close_scores, open_meeting, rank_bids
from app.reviews.service.declare import declare, decline
from app.reviews.service.defence import mark_defended, set_defence
from app.reviews.service.experts import register_expert, save_expert, save_own_profile
from app.reviews.service.format import (
    ask_correction,
    correct_bid,
    expire_corrections,
    prepare_check,
    reinstate_bid,
    save_check,
    sign_check,
)
from app.reviews.service.panel import call_panel, fill_seats, form_panel, replace_seat
from app.reviews.service.remind import remind
from app.reviews.service.score import note_view, save_review, submit_review

__all__ = [
    "ask_correction",
    "call_panel",
    "can_open_annex",
    "close_scores",
    "correct_bid",
    "declare",
    "decline",
    "expire_corrections",
    "fill_seats",
    "form_panel",
    "mark_defended",
    "note_view",
    "open_meeting",
    "prepare_check",
    "rank_bids",
    "register_expert",
    "reinstate_bid",
    "remind",
    "replace_seat",
    "save_check",
    "save_expert",
    "save_own_profile",
    "save_review",
    "set_defence",
    "sign_check",
    "submit_review",
]
