"""Posting what waits for a group robot: taken and settled in transactions of their own, posted between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import clock
from app.db import transaction
from app.robots import service
from app.robots.post import post

if TYPE_CHECKING:
    import uuid

    from app.robots.guard import Rules


def post_all(robot_id: uuid.UUID, rules: Rules) -> int:
    """Post what is due for a robot; return how many posts that were."""
    n_posts = 0
    while True:
        with transaction() as session:
            batch = service.take_batch(session, robot_id=robot_id, now=clock.now())
        if batch is None:
            return n_posts
        outcome = post(batch.url, batch.markdown, rules)
        with transaction() as session:
            service.settle(session, batch, outcome, now=clock.now())
        n_posts += 1
