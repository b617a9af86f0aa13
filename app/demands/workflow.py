"""The states of everything that is posted, and the arrows of a matching need."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class PostingMode(StrEnum):
    """The three modes of a posting (domain §0, fact 3)."""

    MATCHING_NEED = "matching_need"
    ENTERPRISE_POSED = "enterprise_posed"
    GOVERNMENT_TASK = "government_task"


class PostingState(StrEnum):
    """States of needs and challenges; a need uses the first few only."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    RECOMMENDED = "recommended"
    APPRAISING = "appraising"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    EVALUATING = "evaluating"
    PUBLICITY = "publicity"
    AWARDED = "awarded"
    NO_AWARD = "no_award"


NEVER_PUBLIC = (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.RETURNED, PostingState.RECOMMENDED,
                PostingState.APPRAISING, PostingState.APPROVED, PostingState.REJECTED)  # fmt: skip


class NeedEvent(StrEnum):
    """What happens to a need."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    CLOSE = "close"
    CANCEL = "cancel"


NEED_WORKFLOW = Workflow(
    initial=PostingState.DRAFT,
    arrows={
        (PostingState.DRAFT, NeedEvent.SUBMIT): PostingState.SUBMITTED,
        (PostingState.RETURNED, NeedEvent.SUBMIT): PostingState.SUBMITTED,
        (PostingState.SUBMITTED, NeedEvent.RETURN): PostingState.RETURNED,
        (PostingState.SUBMITTED, NeedEvent.PUBLISH): PostingState.PUBLISHED,
        (PostingState.PUBLISHED, NeedEvent.CLOSE): PostingState.CLOSED,
        (PostingState.DRAFT, NeedEvent.CANCEL): PostingState.CANCELLED,
        (PostingState.RETURNED, NeedEvent.CANCEL): PostingState.CANCELLED,
        (PostingState.SUBMITTED, NeedEvent.CANCEL): PostingState.CANCELLED,
        (PostingState.PUBLISHED, NeedEvent.CANCEL): PostingState.CANCELLED,
    },
)
