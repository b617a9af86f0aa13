"""What can be done with suggestions and pairings."""

from app.matchmaking.service.answer import accept_pairing, decline_pairing, expire_pairings
from app.matchmaking.service.decide import approve_many, approve_suggestion, reject_many, reject_suggestion
from app.matchmaking.service.suggest import store_suggestions, withdraw_suggestions

__all__ = [
    "accept_pairing",
    "approve_many",
    "approve_suggestion",
    "decline_pairing",
    "expire_pairings",
    "reject_many",
    "reject_suggestion",
    "store_suggestions",
    "withdraw_suggestions",
]
