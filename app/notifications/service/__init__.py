"""What can be done about messages, inboxes and digests."""

from app.notifications.service.clicks import count_click
from app.notifications.service.desk_digests import send_desk_digest, send_test_desk_digest
from app.notifications.service.digests import (
    keep_digests,
    prepare_digests,
    queue_run,
    send_digest,
    send_now,
    send_test_digest,
)
from app.notifications.service.inbox import mark_all_read, mark_read
from app.notifications.service.preferences import save_preferences, unsubscribe
from app.notifications.service.tell import tell, tell_sealed
from app.notifications.service.tell_competition import tell_competition

__all__ = [
    "count_click",
    "keep_digests",
    "mark_all_read",
    "mark_read",
    "prepare_digests",
    "queue_run",
    "save_preferences",
    "send_desk_digest",
    "send_digest",
    "send_now",
    "send_test_desk_digest",
    "send_test_digest",
    "tell",
    "tell_competition",
    "tell_sealed",
    "unsubscribe",
]
