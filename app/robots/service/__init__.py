"""What can be done about group robots."""

from app.robots.service.posting import Batch, settle, take_batch
from app.robots.service.queueing import Listener, listening, purge, queue_message
from app.robots.service.setting import add_robot, change_robot, remove_robot, start_robot, stop_robot, try_robot

__all__ = [
    "Batch",
    "Listener",
    "add_robot",
    "change_robot",
    "listening",
    "purge",
    "queue_message",
    "remove_robot",
    "settle",
    "start_robot",
    "stop_robot",
    "take_batch",
    "try_robot",
]
