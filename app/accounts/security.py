"""Flask-Security: register, confirm, log in, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_security.core import Security
from flask_security.datastore import SQLAlchemyUserDatastore

from app.accounts.models import Role, User
from app.db import db

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

security = Security()


def init_security(app: Flask, settings: Settings) -> None:
    """Attach Flask-Security to the portal's own people, roles and pages."""
    app.config.update(
        SECURITY_URL_PREFIX="/account",
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SALT=settings.secret_key,
    )
    datastore: Any = SQLAlchemyUserDatastore(db, User, Role)
    security.init_app(app, datastore)
