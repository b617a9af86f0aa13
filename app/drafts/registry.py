"""Which forms keep what people type; a slice names its forms when it is imported."""

from __future__ import annotations

import re

_FORMS: set[str] = set()
_SUBJECT = re.compile(r"new|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def register_form(name: str) -> str:
    """Let a form autosave; return its name, for use as a constant."""
    _FORMS.add(name)
    return name


def is_known(form_name: str, subject: str) -> bool:
    """Return whether a draft of this form about this subject may be kept; a subject is an id or ``new``."""
    return form_name in _FORMS and _SUBJECT.fullmatch(subject) is not None
