"""The one place that commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.accounts.models import User
from app.db import transaction

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def _person() -> User:
    return User(email="someone@example.com", fs_uniquifier="u1")


def test_a_failing_block_leaves_nothing(app: Flask, session: Session) -> None:
    def fail_half_way() -> None:
        with transaction() as writing:
            writing.add(_person())
            writing.flush()
            raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail_half_way()

    assert session.query(User).count() == 0


def test_a_finished_block_is_kept(app: Flask, session: Session) -> None:
    with app.app_context(), transaction() as writing:
        writing.add(_person())

    assert session.query(User).one().email == "someone@example.com"


def test_transactions_do_not_nest(app: Flask, session: Session) -> None:
    with app.app_context(), transaction(), pytest.raises(RuntimeError, match="nest"), transaction():
        pass


def test_the_health_page_answers(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/healthz").json == {"status": "ok"}
