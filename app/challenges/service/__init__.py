"""What is done with challenges; one verb, one function."""

from __future__ import annotations

from app.challenges.service.appraise import answer_merge, conclude_appraisal, convert_to_need, start_appraisal
from app.challenges.service.calendar import clear_working_day, set_working_day
from app.challenges.service.close import close_due_challenges
from app.challenges.service.decide import approve_challenge, ask_reconsideration, reject_challenge
from app.challenges.service.edit import create_challenge, save_challenge
from app.challenges.service.end import (
    cancel_challenge,
    cancel_published,
    declare_no_award,
    refuse_cancellation,
    request_cancellation,
)
from app.challenges.service.extend import confirm_extension, drop_extension, propose_extension
from app.challenges.service.programmes import create_programme, save_programme, seed_programmes
from app.challenges.service.recommend import recommend_challenge, return_by_prefecture
from app.challenges.service.relist import answer_autopsy, need_instead, relist_challenge
from app.challenges.service.review import (
    publish_challenge,
    publish_due_challenges,
    return_challenge,
    search_text,
)
from app.challenges.service.submit import submit_challenge
from app.challenges.service.suspend import resume_challenge, suspend_challenge

__all__ = [
    "answer_autopsy", "answer_merge", "approve_challenge", "ask_reconsideration", "cancel_challenge",
    "cancel_published", "clear_working_day", "close_due_challenges", "conclude_appraisal", "confirm_extension",
    "convert_to_need", "create_challenge", "create_programme", "declare_no_award", "drop_extension", "need_instead",
    "propose_extension", "publish_challenge", "publish_due_challenges", "recommend_challenge", "refuse_cancellation",
    "reject_challenge", "relist_challenge", "request_cancellation", "resume_challenge", "return_by_prefecture",
    "return_challenge", "save_challenge", "save_programme", "search_text", "seed_programmes", "set_working_day",
    "start_appraisal", "submit_challenge", "suspend_challenge",
]  # fmt: skip
