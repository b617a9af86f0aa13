"""What is done with challenges; one verb, one function."""

from __future__ import annotations

from app.challenges.service.calendar import clear_working_day, set_working_day
from app.challenges.service.close import close_due_challenges
from app.challenges.service.edit import create_challenge, save_challenge
from app.challenges.service.end import cancel_challenge
from app.challenges.service.programmes import create_programme, save_programme, seed_programmes
from app.challenges.service.review import publish_challenge, return_challenge, search_text
from app.challenges.service.submit import submit_challenge

__all__ = [
    "cancel_challenge",
    "clear_working_day",
    "close_due_challenges",
    "create_challenge",
    "create_programme",
    "publish_challenge",
    "return_challenge",
    "save_challenge",
    "save_programme",
    "search_text",
    "seed_programmes",
    "set_working_day",
    "submit_challenge",
]
