"""A chip firm with somebody who edits its sheets, logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session


@pytest.fixture
def firm(session: Session) -> Any:
    return OrganizationFactory(chip=True)


@pytest.fixture
def editor(client: FlaskClient, firm: Any, login: Callable[..., FlaskClient]) -> FlaskClient:
    return login(client, UserFactory(organization=firm, locale="en"))
