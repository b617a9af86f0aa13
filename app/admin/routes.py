"""The desk's blueprints; each of its pages has a module of its own."""

from __future__ import annotations

from app.admin import audit, companies, pairings

blueprints = (companies.bp, pairings.bp, audit.bp)
