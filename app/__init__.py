"""The composition root: registers, decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_bootstrap import Bootstrap5

from app.core.box import register_secret
from app.core.calendar import register_overrides
from app.core.forms import csrf
from app.db import db, engine_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Blueprint

    from config import Settings

bootstrap = Bootstrap5()


def create_app(settings: Settings) -> Flask:
    """Build the portal for these settings; opens no connection."""
    app = Flask(__name__, template_folder="../templates")
    app.extensions["chipbridge_settings"] = settings
    register_secret(settings.sealing_key)
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES={
            "default": {"url": settings.database_url, **engine_options(settings.database_url)},
        },
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,
    )
    db.init_app(app)
    csrf.init_app(app)
    bootstrap.init_app(app)
    _register(app, settings)
    return app


def _register(app: Flask, settings: Settings) -> None:
    """Attach every slice; imported here so that ``app.core`` and ``app.db`` stay cheap to import."""
    from app import cli, errors, tables  # noqa: F401 - tables fills the metadata
    from app.accounts.security import init_security
    from app.accounts.service.people import register_leaving
    from app.catalog.policy import register_introductions
    from app.challenges.working_days import current_overrides
    from app.jobs import init_jobs
    from app.matchmaking.queries.pairings import under_nda_with
    from app.matchmaking.service import hand_over_pairings
    from app.web import init_web

    register_overrides(current_overrides)
    init_web(app, settings)
    init_security(app, settings)
    for blueprints in _slices():
        for blueprint in blueprints:
            app.register_blueprint(blueprint)
    register_introductions(under_nda_with)
    register_leaving(hand_over_pairings)
    init_jobs(app, settings)
    errors.init_errors(app)
    cli.init_cli(app)


def _slices() -> tuple[Iterable[Blueprint], ...]:
    """Return the blueprints of every slice; those of accounts need the log-in to be set up."""
    from app.accounts.routes import blueprints as accounts
    from app.admin.routes import blueprints as admin
    from app.awards.routes import blueprints as awards
    from app.bids.routes import blueprints as bids
    from app.catalog.routes import blueprints as catalog
    from app.challenges.routes import blueprints as challenges
    from app.clarifications.routes import blueprints as clarifications
    from app.demands.routes import blueprints as demands
    from app.drafts.routes import blueprints as drafts
    from app.events.routes import blueprints as events
    from app.files.routes import blueprints as files
    from app.keys.routes import blueprints as keys
    from app.mail.routes import blueprints as mail
    from app.matchmaking.routes import blueprints as matchmaking
    from app.notifications.routes import blueprints as notifications
    from app.reviews.routes import blueprints as reviews
    from app.robots.routes import blueprints as robots
    from app.saved.routes import blueprints as saved
    from app.web.routes import blueprints as web

    return (
        web,
        accounts,
        files,
        drafts,
        mail,
        catalog,
        demands,
        challenges,
        clarifications,
        bids,
        keys,
        matchmaking,
        awards,
        events,
        notifications,
        reviews,
        saved,
        robots,
        admin,
    )
