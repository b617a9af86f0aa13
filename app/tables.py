"""Every table of the portal: importing this module fills ``Model.metadata``."""

from __future__ import annotations

from app.accounts import models as accounts
from app.audit import ddl as _audit_ddl  # noqa: F401 - attaches the triggers
from app.audit import models as audit
from app.awards import models as awards
from app.bids import models as bids
from app.catalog import models as catalog
from app.challenges import ddl as _challenges_ddl  # noqa: F401 - attaches the triggers
from app.challenges import models as challenges
from app.clarifications import models as clarifications
from app.core.models import Model
from app.demands import models as demands
from app.drafts import models as drafts
from app.events import models as events
from app.files import models as files
from app.keys import models as keys
from app.mail import models as mail
from app.matchmaking import models as matchmaking
from app.notifications import models as notifications
from app.outbox import models as outbox
from app.reviews import ddl as _reviews_ddl  # noqa: F401 - attaches the triggers
from app.reviews import models as reviews
from app.robots import models as robots
from app.saved import models as saved
from app.search import models as search

metadata = Model.metadata

__all__ = [
    "accounts", "audit", "awards", "bids", "catalog", "challenges", "clarifications", "demands", "drafts", "events",
    "files", "keys", "mail", "matchmaking", "metadata", "notifications", "outbox", "reviews", "robots", "saved",
    "search",
]  # fmt: skip
