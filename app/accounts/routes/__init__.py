"""Pages of people and of their organisation."""

from __future__ import annotations

from app.accounts.routes import company, people, settings, verification

blueprints = (settings.bp, company.bp)

__all__ = ["blueprints", "people", "verification"]
