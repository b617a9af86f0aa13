"""Pages of the decision: for everybody, for companies, and at the desk."""

from __future__ import annotations

from app.awards.routes import objections, public, workspace

blueprints = (public.bp, workspace.bp, objections.bp)
