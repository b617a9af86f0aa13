"""What is done with needs; one verb, one function."""

from __future__ import annotations

from app.demands.service.edit import create_need, save_need
from app.demands.service.end import cancel_need, close_need
from app.demands.service.review import publish_need, return_need, search_text
from app.demands.service.submit import submit_need

__all__ = [
    "cancel_need",
    "close_need",
    "create_need",
    "publish_need",
    "return_need",
    "save_need",
    "search_text",
    "submit_need",
]
