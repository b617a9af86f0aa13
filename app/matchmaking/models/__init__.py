"""The tables of this slice."""

from app.matchmaking.models.desk import Exclusion, QueueView, RunConfiguration
from app.matchmaking.models.pairings import Pairing, PairingStep
from app.matchmaking.models.suggestions import CategoryChange, LexiconEntry, MatchRun, RankerProposal, Suggestion
from app.matchmaking.models.thread import Block, Message, MessageFile, MessageReport, ThreadRead

__all__ = [
    "Block",
    "CategoryChange",
    "Exclusion",
    "LexiconEntry",
    "MatchRun",
    "Message",
    "MessageFile",
    "MessageReport",
    "Pairing",
    "PairingStep",
    "QueueView",
    "RankerProposal",
    "RunConfiguration",
    "Suggestion",
    "ThreadRead",
]
