"""One example of each message."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.mail import letterhead
from app.mail.letterhead import Letterhead
from app.mail.render import render
from app.notifications.competition import TELLINGS
from app.notifications.desk_digest import DeskLine
from app.notifications.digest_content import DigestDeadlineEntry, DigestEntry, DigestFind
from app.notifications.telling import CompetitionEvent
from tests.support.clock import NOON

if TYPE_CHECKING:
    from app.mail.render import Rendered

FOLDER = Path(__file__).with_name("email")
LETTERHEAD = Letterhead("芯端桥 Chipbridge <noreply@chipbridge.example>", "https://chipbridge.example", "signing-key")
LOCALES = ("zh_Hans_CN", "en")

IN_A_WEEK = NOON + dt.timedelta(days=7)
COMPANY = "广东赛微终端有限公司"
NEED = "工商业储能柜14～18串电池采样芯片"
PATH = "/workspace/pairings/6f9619ff-8b86-4011-b42d-00c04fc964ff"
ACCOUNT = {"name": "王工", "happened_at": NOON, "confirmation_link": "", "reset_link": "", "recovery_link": ""}
EVENT = {"organization": COMPANY, "path": PATH}
PAIRING = {**EVENT, "title": NEED, "product": "CB1814 18串电池采样芯片", "other": "", "reply_by": IN_A_WEEK}
REVIEW = {**EVENT, "title": NEED, "deadline_at": IN_A_WEEK, "path": "/workspace/reviews/1"}
MEETING = {
    **EVENT,
    "title": "样品评测安排",
    "other": "深圳芯片设计有限公司",
    "span": "2026-12-01 12:00–12:30",
    "starts_at": IN_A_WEEK,
    "place": "会展中心 · A厅 3",
    "video_url": "https://meet.example.com/1",
    "message": "可带评估板到场。\nPlease bring <samples>.",
    "reason": "",
    "options": "2026-12-01 12:00–12:30\n2026-12-02 15:00–15:30",
}
INVITATION = {"inviter": "李工", "organization": COMPANY, "role": "editor", "expires_at": IN_A_WEEK, "link_path": "/i"}


def _entry(number: int, **changes: Any) -> DigestEntry:
    values: dict[str, Any] = {
        "pairing_id": uuid.UUID(int=number),
        "title": f"{NEED} {number}",
        "is_demand": True,
        "other": "深圳芯片设计有限公司",
        "product": "CB1814 18串电池采样芯片",
        "reason": "The chip meets all your 3 must requirements: <cell error>, cells & balancing current.",
        "reply_by": IN_A_WEEK,
        "path": f"/workspace/pairings/{number}",
        "answer_path": f"/workspace/pairings/{number}#answer",
    }
    return DigestEntry(**{**values, **changes})


DESK = {
    "name": "陈科长",
    "n_waiting": 17,
    "lines": (
        DeskLine(
            "企业核验 <Verification>",
            12,
            NOON - dt.timedelta(days=6),
            NOON - dt.timedelta(days=1),
            True,
            "/desk/companies/",
        ),
        DeskLine("配对审批 Pairing approval", 4, NOON - dt.timedelta(days=1), None, False, "/desk/pairings/"),
        DeskLine("失败的任务 Failed jobs", 1, None, None, False, "/desk/jobs/"),
    ),
    "desk_path": "/desk/",
    "preferences_path": "/workspace/notifications/preferences",
}
DEADLINE = DigestDeadlineEntry(
    challenge_id=uuid.UUID(int=9),
    title="车规级电池模拟前端",
    code="CH2026-007",
    closes_at=IN_A_WEEK,
    path="/challenges/9",
)
FIND = DigestFind(
    subject_id=uuid.UUID(int=4),
    title="CB1814 18串电池采样芯片",
    note="深圳市芯采微电子有限公司",
    search="BMS采样",
    path="/products/4",
)
DIGEST = {
    "name": "王工",
    "organization": COMPANY,
    "frequency": "weekly",
    "finds": (),
    "searches_path": "/workspace/searches/",
    "entries": (_entry(1), _entry(2, is_demand=False, other="", product="")),
    "deadlines": (DEADLINE,),
    "has_more": True,
    "pairings_path": "/workspace/pairings/",
    "preferences_path": "/workspace/notifications/preferences",
    "unsubscribe_path": "/unsubscribe/signed-word",
}

LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "account_exists": ("account_exists", {**ACCOUNT, "reset_link": "/account/reset/word"}),
    "confirm_email": ("confirm_email", {**ACCOUNT, "confirmation_link": "/account/confirm/word"}),
    "reset_password": ("reset_password", {**ACCOUNT, "reset_link": "/account/reset/word"}),
    "password_was_changed": ("password_was_changed", {**ACCOUNT, "recovery_link": "/account/reset"}),
    "password_was_reset": ("password_was_reset", ACCOUNT),
    "invitation": ("invitation", {**INVITATION, "has_account": False}),
    "invitation_to_a_member": ("invitation", {**INVITATION, "has_account": True}),
    "need_published": ("need_published", {**EVENT, "title": NEED, "kind": "need"}),
    "challenge_published": ("challenge_published", {**EVENT, "title": NEED, "kind": "challenge"}),
    "competition": (
        "competition",
        {
            **EVENT,
            "title": "车规级电池模拟前端",
            "code": "CH2026-007",
            "headline": TELLINGS[CompetitionEvent.AMENDED].headline,
            "sentence": TELLINGS[CompetitionEvent.AMENDED].sentence,
        },
    ),
    "keys_needed": (
        "competition",
        {
            **EVENT,
            "title": "车规级电池模拟前端",
            "code": "CH2026-007",
            "headline": TELLINGS[CompetitionEvent.KEYS_NEEDED].headline,
            "sentence": TELLINGS[CompetitionEvent.KEYS_NEEDED].sentence,
        },
    ),
    "need_returned": (
        "need_returned",
        {**EVENT, "title": NEED, "kind": "need", "opinion": "请补充温度范围。\nPlease state <volumes>."},
    ),
    "challenge_returned": (
        "need_returned",
        {**EVENT, "title": NEED, "kind": "challenge", "opinion": "指标权重之和不是100。"},
    ),
    "organization_verified": ("organization_verified", {**EVENT, "reason": ""}),
    "organization_rejected": ("organization_rejected", {**EVENT, "reason": "营业执照已过期。"}),
    "pairing_proposed": ("pairing_proposed", PAIRING),
    "pairing_accepted": ("pairing_accepted", {**PAIRING, "other": "深圳芯片设计有限公司"}),
    "pairing_introduced": ("pairing_introduced", {**PAIRING, "other": "深圳芯片设计有限公司"}),
    "pairing_declined": ("pairing_declined", PAIRING),
    "pairing_advanced": ("pairing_advanced", {**PAIRING, "step": "ship_sample", "is_half": False}),
    "pairing_half_confirmed": ("pairing_advanced", {**PAIRING, "step": "design_in", "is_half": True}),
    "pairing_dropped": ("pairing_dropped", PAIRING),
    "pairing_reminded": ("pairing_reminded", {**PAIRING, "is_unanswered": False}),
    "pairing_unanswered": ("pairing_reminded", {**PAIRING, "is_unanswered": True}),
    "pairing_expired": ("pairing_expired", {**PAIRING, "is_unanswered": True}),
    "pairing_message": ("pairing_message", {**PAIRING, "other": "深圳芯片设计有限公司"}),
    "meeting_proposed": ("meeting_proposed", MEETING),
    "meeting_declined": ("meeting_declined", {**MEETING, "reason": "展会期间不便。"}),
    "meeting_set": ("meeting_set", MEETING),
    "meeting_moved": ("meeting_moved", MEETING),
    "meeting_cancelled": ("meeting_cancelled", {**MEETING, "reason": "withdrawn"}),
    "meeting_next_day": ("meeting_next_day", MEETING),
    "meeting_next_month": ("meeting_next_month", MEETING),
    "event_cancelled": (
        "event_cancelled",
        {**EVENT, "title": "智能终端芯片供需对接会", "reason": "台风预警。", "day": "2026-12-10"},
    ),
    "notice": ("notice", {"path": "/workspace/"}),
    "expert_registered": ("expert_registered", {"name": "王工", "is_new": True}),
    "review_invited": ("review_invited", {**REVIEW, "is_expert": True}),
    "review_invited_owner": ("review_invited", {**REVIEW, "is_expert": False}),
    "review_reminded": ("review_reminded", {**REVIEW, "is_expert": True}),
    "review_meeting": ("review_meeting", {**REVIEW, "is_expert": True}),
    "review_ranked": ("review_ranked", {**EVENT, "title": NEED}),
    "robot_stopped": ("robot_stopped", {**EVENT, "path": "/workspace/robots/", "title": "芯片销售群"}),
    "bid_opened": (
        "bid_opened",
        {**EVENT, "title": NEED, "commitment": "5f" * 32, "list_path": "/challenges/id/commitments/"},
    ),
    "bid_correction_asked": ("bid_correction_asked", {**EVENT, "title": NEED, "deadline_at": IN_A_WEEK}),
    "bid_format_accepted": ("bid_format_decided", {**EVENT, "title": NEED, "is_accepted": True, "opinion": ""}),
    "bid_format_rejected": (
        "bid_format_decided",
        {**EVENT, "title": NEED, "is_accepted": False, "opinion": "报价超过榜单金额。"},
    ),
    "bid_defence_set": (
        "bid_defence_set",
        {
            **EVENT,
            "title": NEED,
            "starts_at": IN_A_WEEK,
            "minutes": 30,
            "place": "三楼会议室",
            "span": "2026-12-01 12:00",
        },
    ),
    "digest": ("digest", DIGEST),
    "desk_digest": ("desk_digest", {**DESK, "n_late": 1}),
    "digest_of_finds": (
        "digest",
        {**DIGEST, "entries": (), "deadlines": (), "has_more": False, "frequency": "monthly", "finds": (FIND, FIND)},
    ),
    "digest_of_deadlines": ("digest", {**DIGEST, "entries": (), "has_more": False, "frequency": "daily"}),
}
"""Name of the golden files: template and context."""


def letter(name: str, locale: str) -> Rendered:
    """Return a message as it would be sent; the process needs ``LETTERHEAD``."""
    template, context = LETTERS[name]
    return render(template, locale=locale, context=context)


def golden(rendered: Rendered) -> dict[str, str]:
    """Return the content of the golden files of a message, by suffix."""
    return {"txt": f"Subject: {rendered.subject}\n\n{rendered.text}", "html": rendered.html}


def path(name: str, locale: str, suffix: str) -> Path:
    """Return the golden file of a message."""
    return FOLDER / f"{name}.{locale}.{suffix}"


def write_all() -> int:
    """Write every golden file anew and return how many there are."""
    letterhead.use(LETTERHEAD)
    for old in FOLDER.glob("*.*"):
        old.unlink()
    for name in LETTERS:
        for locale in LOCALES:
            for suffix, text in golden(letter(name, locale)).items():
                path(name, locale, suffix).write_text(text, encoding="utf-8")
    return len(LETTERS) * len(LOCALES) * 2
