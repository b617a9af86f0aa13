"""The four ways a request can be refused; ``app.errors`` turns them into pages."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal with a constant English message, a stable code and, maybe, the field it belongs to."""

    status = 500

    def __init__(self, message: str, *, code: str, field: str | None = None, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.context = context


class NotFound(DomainError):
    """There is no such thing, or none that the actor may know of."""

    status = 404


class NotAllowed(DomainError):
    """The actor may not do this."""

    status = 403


class Conflict(DomainError):
    """Somebody or something was faster; the page must be loaded again."""

    status = 409


class RuleViolation(DomainError):
    """The input breaks a rule of the domain."""

    status = 422
