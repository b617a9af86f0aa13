"""What is told of a competition: of each event who is told, in which words, and where it leads (domain §2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from app.notifications.telling import Audience, CompetitionEvent, Place, Telling

if TYPE_CHECKING:
    from collections.abc import Mapping

_A, _P = Audience, Place
_EVERYBODY = {
    _A.OWNER: _P.OWNER, _A.FOLLOWERS: _P.PUBLIC, _A.BIDDERS: _P.PUBLIC, _A.PREFECTURE: _P.DESK_CHALLENGE,
}  # fmt: skip

TELLINGS: dict[CompetitionEvent, Telling] = {
    CompetitionEvent.SUBMITTED: Telling(
        "need_id",
        {_A.PROVINCE: _P.DESK_CHALLENGE, _A.PREFECTURE: _P.DESK_CHALLENGE},
        "A challenge was handed in.",
        "It is to be answered within five working days. You find it among the challenges in process.",
        "inbox",
    ),
    CompetitionEvent.CLOSING: Telling(
        "need_id",
        {_A.FOLLOWERS: _P.PUBLIC, _A.BIDDERS: _P.PUBLIC},
        "A challenge that you follow closes soon.",
        "After its deadline no bid is taken. The deadline and the time left are on its page.",
        "alarm",
    ),
    CompetitionEvent.KEYS_NEEDED: Telling(
        "need_id",
        {_A.KEY_HOLDERS: _P.OPENING},
        "Your key is needed.",
        "The deadline has passed. Release your key with your passphrase, so that the bids can be opened.",
        "key",
    ),
    CompetitionEvent.PRICES_NEEDED: Telling(
        "need_id",
        {_A.PRICE_HOLDERS: _P.OPENING},
        "Your key is needed for the prices.",
        "The technical scores are final. Release your key, so that the price envelopes can be opened.",
        "key",
    ),
    CompetitionEvent.RECOMMENDED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER, _A.PROVINCE: _P.DESK_CHALLENGE},
        "Your challenge was recommended.",
        "The authority of your city has passed it on to the province.",
        "hand-thumbs-up",
        ("A challenge was recommended.", "The authority of its city has passed it on; it waits for the province."),
    ),
    CompetitionEvent.APPROVED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER, _A.PREFECTURE: _P.DESK_CHALLENGE},
        "Your challenge was approved.",
        "It waits to be published. You find the opinion of the authority on its page.",
        "check-circle",
        ("A challenge of your city was approved.", "The province has approved it; it waits to be published."),
    ),
    CompetitionEvent.LISTED: Telling(
        "need_id",
        {_A.PREFECTURE: _P.DESK_CHALLENGE},
        "A challenge of your city was published.",
        "It is public and takes bids until its deadline.",
        "megaphone",
    ),
    CompetitionEvent.OPENED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER, _A.PROVINCE: _P.OPENING, _A.PREFECTURE: _P.DESK_CHALLENGE},
        "The bids for your challenge have been opened.",
        "How many there are is on its page. The format check comes next, then the review.",
        "unlock",
        (
            "The bids for a challenge have been opened.",
            "The record of the opening is kept. The format check comes next.",
        ),
    ),
    CompetitionEvent.REJECTED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER, _A.PREFECTURE: _P.DESK_CHALLENGE},
        "Your challenge was rejected.",
        "You find the reasons on its page. Within five working days you can ask for a reconsideration, once.",
        "x-circle",
        ("A challenge of your city was rejected.", "The province has rejected it; the reasons are on its page."),
    ),
    CompetitionEvent.SUSPENDED: Telling(
        "need_id",
        _EVERYBODY,
        "The competition stands still.",
        "The authority has stopped its clock; the reason is on its page. When it goes on, the time is added.",
        "pause-circle",
    ),
    CompetitionEvent.RESUMED: Telling(
        "need_id",
        _EVERYBODY,
        "The competition goes on.",
        "The time for which the clock stood still has been added to its deadlines.",
        "play-circle",
    ),
    CompetitionEvent.EXTENDED: Telling(
        "need_id",
        _EVERYBODY,
        "There is more time for bids.",
        "The deadline has been extended; the new one and the reason are on the page of the challenge.",
        "clock-history",
    ),
    CompetitionEvent.CANCELLED: Telling(
        "need_id",
        _EVERYBODY,
        "The challenge has been withdrawn.",
        "The reason is on its page. Bids that were sealed are never opened.",
        "x-octagon",
    ),
    CompetitionEvent.CANCELLATION_REFUSED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER},
        "The challenge stays.",
        "The authority has not agreed to withdraw it. You find its opinion on the page of the challenge.",
        "x-circle",
    ),
    CompetitionEvent.MERGE_PROPOSED: Telling(
        "need_id",
        {_A.OWNER: _P.OWNER},
        "The authority proposes to merge your challenge with another.",
        "Another company has nearly the same need. Say on the page of the challenge whether you agree.",
        "union",
    ),
    CompetitionEvent.NO_AWARD: Telling(
        "need_id",
        _EVERYBODY,
        "There is no award.",
        "The competition has ended without an award. The reasons are on its page.",
        "slash-circle",
    ),
    CompetitionEvent.AMENDED: Telling(
        "amendment_id",
        _EVERYBODY,
        "The challenge has changed.",
        "A new edition is in force. If you have submitted a bid, see whether it must be confirmed again.",
        "pencil-square",
        ("A challenge of your city has changed.", "A new edition is in force; what changed is on its page."),
    ),
    CompetitionEvent.AMENDMENT_PROPOSED: Telling(
        "amendment_id",
        {_A.PROVINCE: _P.DESK_AMENDMENT},
        "An amendment waits for your decision.",
        "The company wants to change its challenge. Nothing changes before the authority has agreed.",
        "pencil-square",
    ),
    CompetitionEvent.AMENDMENT_RETURNED: Telling(
        "amendment_id",
        {_A.OWNER: _P.AMENDMENTS},
        "Your amendment was returned.",
        "The authority has not put it in force. You find its opinion beside the amendment.",
        "arrow-return-left",
    ),
    CompetitionEvent.QUESTION_ASKED: Telling(
        "question_id",
        {_A.OWNER: _P.ANSWERS},
        "A question waits for your answer.",
        "Answer within three working days. The answer goes to everybody; you do not learn who asked.",
        "chat-left-text",
    ),
    CompetitionEvent.QUESTION_ANSWERED: Telling(
        "question_id",
        {_A.FOLLOWERS: _P.QUESTIONS, _A.BIDDERS: _P.QUESTIONS},
        "A question was answered.",
        "Question and answer are on the page of the challenge, for everybody.",
        "chat-left-text",
    ),
    CompetitionEvent.PROPOSED: Telling(
        "proposal_id",
        {_A.PROVINCE: _P.DESK_AWARD},
        "A proposal of award waits to be confirmed.",
        "Somebody other than the proposer confirms or returns it; nothing is public before that.",
        "trophy",
    ),
    CompetitionEvent.PROPOSAL_RETURNED: Telling(
        "proposal_id",
        {_A.OWNER: _P.AWARD},
        "Your proposal of award was returned.",
        "You find the opinion of the authority beside the proposal; you can propose anew.",
        "arrow-return-left",
    ),
    CompetitionEvent.NOTICED: Telling(
        "publicity_id",
        {_A.OWNER: _P.AWARD, _A.FOLLOWERS: _P.NOTICE, _A.BIDDERS: _P.NOTICE, _A.PREFECTURE: _P.NOTICE},
        "The proposed award is in public notice.",
        "Until it ends anybody with a verified company may object. Bidders find their feedback beside their bid.",
        "megaphone",
        ("The proposed award is in public notice.", "Until it ends anybody with a verified company may object."),
    ),
    CompetitionEvent.AWARDED: Telling(
        "need_id",
        {_A.OWNER: _P.AWARD, _A.FOLLOWERS: _P.PUBLIC, _A.BIDDERS: _P.NOTICE, _A.PREFECTURE: _P.NOTICE},
        "The award has been made.",
        "The result is public. Every bidder finds what was decided beside its bid.",
        "trophy",
        ("The award has been made.", "The result is public."),
    ),
    CompetitionEvent.AWARD_DECLINED: Telling(
        "award_id",
        {_A.PROVINCE: _P.DESK_AWARD, _A.OWNER: _P.AWARD},
        "A winner declines its award.",
        "The reason is beside the award. Two officers end it; then the next bid in reserve moves up.",
        "x-circle",
    ),
    CompetitionEvent.AWARD_ENDED: Telling(
        "award_id",
        {_A.OWNER: _P.AWARD, _A.WINNER: _P.BID},
        "An award has ended.",
        "The reason is beside the award. If a bid is in reserve, it takes the place after a public notice.",
        "x-circle",
    ),
    CompetitionEvent.MOVED_UP: Telling(
        "proposal_id",
        {_A.OWNER: _P.AWARD, _A.SUCCESSOR: _P.BID},
        "A reserve has moved up.",
        "The next bid in reserve takes the place of a winner. It is in public notice before it is awarded.",
        "arrow-up-circle",
    ),
    CompetitionEvent.BID_WITHDRAWN: Telling(
        "bid_id",
        {_A.PROVINCE: _P.DESK_AWARD, _A.OWNER: _P.AWARD},
        "A bid was withdrawn after the opening.",
        "The reason is on record. Whoever is behind it in the ranking moves up.",
        "box-arrow-left",
    ),
    CompetitionEvent.BID_UNREADABLE: Telling(
        "bid_id",
        {_A.PROVINCE: _P.OPENING},
        "A bid that could not be opened is to be given up.",
        "Somebody other than the proposer confirms it, or it is repaired. Until then nothing is judged or awarded.",
        "file-earmark-x",
    ),
    CompetitionEvent.BID_GIVEN_UP: Telling(
        "bid_id",
        {_A.SEALED_BIDDER: _P.BID, _A.PROVINCE: _P.OPENING},
        "A bid that could not be opened was given up.",
        "Two officers have decided so; the reason is beside the bid. How many there were is public.",
        "file-earmark-x",
    ),
    CompetitionEvent.OBJECTION_RECEIVED: Telling(
        "objection_id",
        {
            _A.OWNER: _P.AWARD,
            _A.OBJECTOR: _P.OBJECTION,
            _A.BIDDERS: _P.NOTICE,
            _A.PROVINCE: _P.DESK_OBJECTION,
            _A.PREFECTURE: _P.NOTICE,
        },
        "An objection was received.",
        "Nothing is awarded before it is decided. Who objects is known to the authority and the supervisor only.",
        "exclamation-diamond",
    ),
    CompetitionEvent.OBJECTION_FOUND_RIGHT: Telling(
        "objection_id",
        {_A.PROVINCE: _P.DESK_OBJECTION},
        "An objection was found right.",
        "Somebody other than the officer who found it so confirms what follows, or returns it.",
        "exclamation-diamond",
    ),
    CompetitionEvent.OBJECTION_DECIDED: Telling(
        "objection_id",
        {_A.OWNER: _P.AWARD, _A.OBJECTOR: _P.OBJECTION, _A.BIDDERS: _P.NOTICE, _A.PREFECTURE: _P.NOTICE},
        "There is news of an objection.",
        "What the authority has decided, and what follows for the public notice, is on the portal.",
        "exclamation-diamond",
    ),
}


def line(event: CompetitionEvent, payload: Mapping[str, Any]) -> str:
    """Return an event as one line of the inbox, in the language of the page."""
    return f"{gettext(payload.get('headline') or TELLINGS[event].headline)} {payload.get('title', '—')}"
