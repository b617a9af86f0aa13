"""What can be done with suggestions and pairings."""

from app.matchmaking.service.additions import add_category, return_used, withdraw_category
from app.matchmaking.service.answer import accept_pairing, decline_pairing
from app.matchmaking.service.compute import candidates, firms_at_cap, needs_touched_by, open_need_ids
from app.matchmaking.service.configure import (
    deployed_settings,
    recompute_configuration,
    save_configuration,
    settings_of,
    store_contradiction,
    store_plan,
)
from app.matchmaking.service.decide import approve_many, approve_suggestion, reject_many, reject_suggestion
from app.matchmaking.service.deploy import deploy, undo
from app.matchmaking.service.handover import hand_over_pairings
from app.matchmaking.service.learn import judged_groups, propose_ranker, ranker_for, store_proposal
from app.matchmaking.service.lexicon import add_entry, change_entry, remove_entry
from app.matchmaking.service.proceed import take_step, view_confidential
from app.matchmaking.service.stale import expire_pairings, remind_of_pairings
from app.matchmaking.service.suggest import record_run, store_suggestions
from app.matchmaking.service.taxonomy import load_knowledge, merge_category, rename_category, restore_category
from app.matchmaking.service.thread import (
    block_thread,
    decide_report,
    mark_thread_read,
    report_message,
    send_message,
    unblock_thread,
)
from app.matchmaking.service.triage import (
    defer_suggestion,
    exclude_pair,
    lift_exclusion,
    pin_suggestion,
    remove_view,
    resume_due,
    resume_suggestion,
    save_view,
)

__all__ = [
    "accept_pairing",
    "add_category",
    "add_entry",
    "approve_many",
    "approve_suggestion",
    "block_thread",
    "candidates",
    "change_entry",
    "decide_report",
    "decline_pairing",
    "defer_suggestion",
    "deploy",
    "deployed_settings",
    "exclude_pair",
    "expire_pairings",
    "firms_at_cap",
    "hand_over_pairings",
    "judged_groups",
    "lift_exclusion",
    "load_knowledge",
    "mark_thread_read",
    "merge_category",
    "needs_touched_by",
    "open_need_ids",
    "pin_suggestion",
    "propose_ranker",
    "ranker_for",
    "recompute_configuration",
    "record_run",
    "reject_many",
    "reject_suggestion",
    "remind_of_pairings",
    "remove_entry",
    "remove_view",
    "rename_category",
    "report_message",
    "restore_category",
    "resume_due",
    "resume_suggestion",
    "return_used",
    "save_configuration",
    "save_view",
    "send_message",
    "settings_of",
    "store_contradiction",
    "store_plan",
    "store_proposal",
    "store_suggestions",
    "take_step",
    "unblock_thread",
    "undo",
    "view_confidential",
    "withdraw_category",
]
